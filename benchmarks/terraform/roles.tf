# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

locals {
  arn = {
    definition     = "arn:aws:ecs:${local.region}:${local.account}:task-definition/${local.name}"
    log_group      = "arn:aws:logs:${local.region}:${local.account}:log-group"
    role           = "arn:aws:iam::${local.account}:role/${local.name}"
    schedule_group = "arn:aws:scheduler:${local.region}:${local.account}:schedule-group"
  }
  key_for = {
    for service in ["s3", "secretsmanager"] : service => {
      Sid       = "Key"
      Effect    = "Allow"
      Resource  = aws_kms_key.this["data"].arn
      Condition = { StringEquals = { "kms:ViaService" = "${service}.${local.region}.amazonaws.com" } }
    }
  }
  secret_arns = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }

  of_account = { StringEquals = { "aws:SourceAccount" = local.account } }
  of_tasks = merge(
    local.of_account,
    { ArnLike = { "aws:SourceArn" = "arn:aws:ecs:${local.region}:${local.account}:*" } },
  )
  of_schedule = merge(local.of_account, { ArnLike = { "aws:SourceArn" = "${local.arn.schedule_group}/${local.name}" } })
  roles = {
    flow-logs = {
      description = "Lets VPC flow logs write to their log group"
      service     = "vpc-flow-logs"
      condition   = local.of_account
    }
    api-execution = {
      description = "ECS starts the tasks of api"
      service     = "ecs-tasks"
      condition   = local.of_tasks
    }
    api-task = {
      description = "The containers of api"
      service     = "ecs-tasks"
      condition   = local.of_tasks
    }
    schedule-weekly-export-execution = {
      description = "ECS starts the task weekly-export"
      service     = "ecs-tasks"
      condition   = local.of_tasks
    }
    schedule-weekly-export-task = {
      description = "The containers of weekly-export"
      service     = "ecs-tasks"
      condition   = local.of_tasks
    }
    schedule-weekly-export-scheduler = {
      description = "The schedule starts weekly-export"
      service     = "scheduler"
      condition   = local.of_schedule
    }
  }
  access = {
    flow-logs = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
        Resource = "${local.arn.log_group}:/aws/vpc/flow-logs/${local.name}:*"
      },
      { Effect = "Allow", Action = "logs:DescribeLogGroups", Resource = "${local.arn.log_group}:*" },
    ]
    api-execution = [
      {
        Sid      = "Log"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${local.arn.log_group}:/ecs/${local.name}/api:*"
      },
      { Sid = "RegistryToken", Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" },
      {
        Sid      = "Images"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = [aws_ecr_repository.api.arn]
      },
      {
        Sid      = "Secrets"
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = values(local.secret_arns)
      },
      merge(local.key_for.secretsmanager, { Action = ["kms:Decrypt"] }),
    ]
    schedule-weekly-export-execution = [
      {
        Sid      = "Log"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${local.arn.log_group}:/ecs/${local.name}/schedules/weekly-export:*"
      },
      {
        Sid      = "Secrets"
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = [local.secret_arns["database-url"]]
      },
      merge(local.key_for.secretsmanager, { Action = ["kms:Decrypt"] }),
    ]
    schedule-weekly-export-task = [
      {
        Sid      = "Write"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:PutObject"]
        Resource = "${aws_s3_bucket.this["exports"].arn}/exports/*"
      },
      merge(local.key_for.s3, { Action = ["kms:Decrypt", "kms:GenerateDataKey"] }),
    ]
    schedule-weekly-export-scheduler = [
      {
        Sid       = "Run"
        Effect    = "Allow"
        Action    = "ecs:RunTask"
        Resource  = "${local.arn.definition}-schedule-weekly-export:*"
        Condition = { ArnEquals = { "ecs:cluster" = aws_ecs_cluster.this.arn } }
      },
      {
        Sid       = "Tag"
        Effect    = "Allow"
        Action    = "ecs:TagResource"
        Resource  = "arn:aws:ecs:${local.region}:${local.account}:task/${local.name}/*"
        Condition = { StringEquals = { "ecs:CreateAction" = "RunTask" } }
      },
      {
        Sid       = "PassRoles"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = [for use in ["execution", "task"] : "${local.arn.role}-schedule-weekly-export-${use}"]
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
    ]
  }
}

resource "aws_iam_role" "this" {
  for_each    = local.roles
  name        = "${local.name}-${each.key}"
  description = each.value.description
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "${each.value.service}.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = each.value.condition
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = local.access
  name     = each.key == "flow-logs" ? "write-flow-logs" : "access"
  role     = aws_iam_role.this[each.key].name
  policy   = jsonencode({ Version = "2012-10-17", Statement = each.value })
}
