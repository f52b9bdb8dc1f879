# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

locals {
  busybox = "public.ecr.aws/docker/library/busybox:1.37.0"
  containers = {
    "api"                     = ["api", "prepare-volumes"]
    "schedules/weekly-export" = ["dump", "upload", "prepare-volumes"]
  }
  logging = {
    for name, containers in local.containers : name => {
      for container in containers : container => {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.this["/ecs/${local.name}/${name}"].name
          awslogs-region        = local.region
          awslogs-stream-prefix = container
        }
      }
    }
  }
  after_volumes = { containerName = "prepare-volumes", condition = "SUCCESS" }
  private_tasks = {
    subnets         = [for zone in keys(local.zones) : aws_subnet.this["private-${zone}"].id]
    security_groups = [aws_security_group.this["app"].id]
  }
  api_environment = {
    DATABASE_POOL_MAX     = "20"
    DATABASE_POOL_MIN     = "10"
    JWT_ACCESS_TOKEN_TTL  = "15m"
    JWT_REFRESH_TOKEN_TTL = "30d"
    NEXT_PUBLIC_API_URL   = "https://${local.domain}"
    NODE_ENV              = "production"
    PORT                  = "3000"
    TENANT_ID             = "dougust"
  }
  variables = { for name in keys(local.secret_arns) : name => upper(replace(name, "-", "_")) }
  dump_file = "/export/weekly-export.dump"
  upload_environment = {
    AWS_REGION    = local.region
    EXPORT_FILE   = local.dump_file
    EXPORT_TARGET = "s3://${aws_s3_bucket.this["exports"].id}/exports/weekly-export"
    HOME          = "/export"
  }
}

resource "aws_ecs_cluster" "this" {
  name = local.name
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
  depends_on = [aws_cloudwatch_log_group.this]
}

resource "aws_ecs_task_definition" "api" {
  family                   = "${local.name}-api"
  task_role_arn            = aws_iam_role.this["api-task"].arn
  execution_role_arn       = aws_iam_role.this["api-execution"].arn
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 1024
  memory                   = 2048
  container_definitions = jsonencode([
    {
      name                   = "api"
      image                  = local.busybox
      essential              = true
      command                = ["nc", "-ll", "-p", "3000", "-e", "echo", "No release yet"]
      portMappings           = [{ containerPort = 3000, protocol = "tcp" }]
      environment            = [for name, value in local.api_environment : { name = name, value = value }]
      secrets                = [for name, arn in local.secret_arns : { name = local.variables[name], valueFrom = arn }]
      mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp" }]
      dependsOn              = [local.after_volumes]
      linuxParameters        = { initProcessEnabled = true }
      dockerLabels           = { "groundwork.bootstrap" = "true" }
      user                   = "1000"
      readonlyRootFilesystem = true
      logConfiguration       = local.logging["api"]["api"]
    },
    {
      name                   = "prepare-volumes"
      image                  = local.busybox
      essential              = false
      command                = ["chmod", "1777", "/tmp"]
      mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp" }]
      user                   = "0"
      readonlyRootFilesystem = true
      logConfiguration       = local.logging["api"]["prepare-volumes"]
    },
  ])
  volume {
    name = "tmp"
  }
  runtime_platform {
    cpu_architecture        = "X86_64"
    operating_system_family = "LINUX"
  }
}

resource "aws_ecs_service" "api" {
  name                               = "${local.name}-api"
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.api.arn
  launch_type                        = "FARGATE"
  platform_version                   = "LATEST"
  desired_count                      = 4
  availability_zone_rebalancing      = "ENABLED"
  health_check_grace_period_seconds  = 60
  deployment_maximum_percent         = 200
  deployment_minimum_healthy_percent = 100
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.api.arn
    container_name   = "api"
    container_port   = 3000
  }
  network_configuration {
    subnets         = local.private_tasks.subnets
    security_groups = local.private_tasks.security_groups
  }
  depends_on = [aws_lb_listener.https]
}

resource "aws_appautoscaling_target" "api" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.api.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 2
  max_capacity       = 10
}

resource "aws_appautoscaling_policy" "api" {
  for_each           = { cpu = { metric = "CPU", target = 70 }, memory = { metric = "Memory", target = 80 } }
  name               = each.key
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.api.service_namespace
  resource_id        = aws_appautoscaling_target.api.resource_id
  scalable_dimension = aws_appautoscaling_target.api.scalable_dimension
  target_tracking_scaling_policy_configuration {
    target_value       = each.value.target
    scale_in_cooldown  = 300
    scale_out_cooldown = 300
    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverage${each.value.metric}Utilization"
    }
  }
}

resource "aws_ecs_task_definition" "weekly_export" {
  family                   = "${local.name}-schedule-weekly-export"
  task_role_arn            = aws_iam_role.this["schedule-weekly-export-task"].arn
  execution_role_arn       = aws_iam_role.this["schedule-weekly-export-execution"].arn
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 1024
  memory                   = 2048
  container_definitions = jsonencode([
    {
      name       = "dump"
      image      = "public.ecr.aws/docker/library/postgres:15"
      essential  = false
      entryPoint = ["sh", "-c"]
      command = [
        "exec pg_dump --format=custom --no-password --file=\"$EXPORT_FILE\" \"$DATABASE_URL\"",
      ]
      environment            = [{ name = "EXPORT_FILE", value = local.dump_file }]
      secrets                = [{ name = "DATABASE_URL", valueFrom = local.secret_arns["database-url"] }]
      mountPoints            = [{ sourceVolume = "export", containerPath = "/export" }]
      dependsOn              = [local.after_volumes]
      user                   = "999"
      readonlyRootFilesystem = true
      logConfiguration       = local.logging["schedules/weekly-export"]["dump"]
    },
    {
      name       = "upload"
      image      = "public.ecr.aws/aws-cli/aws-cli:2.32.9"
      essential  = true
      entryPoint = ["sh", "-c"]
      command = [
        "exec aws s3 cp --no-progress \"$EXPORT_FILE\" \"$EXPORT_TARGET-$(date -u +%s).dump\"",
      ]
      environment            = [for name, value in local.upload_environment : { name = name, value = value }]
      mountPoints            = [{ sourceVolume = "export", containerPath = "/export" }]
      dependsOn              = [{ containerName = "dump", condition = "SUCCESS" }, local.after_volumes]
      user                   = "999"
      readonlyRootFilesystem = true
      logConfiguration       = local.logging["schedules/weekly-export"]["upload"]
    },
    {
      name                   = "prepare-volumes"
      image                  = local.busybox
      essential              = false
      command                = ["chmod", "1777", "/export"]
      mountPoints            = [{ sourceVolume = "export", containerPath = "/export" }]
      user                   = "0"
      readonlyRootFilesystem = true
      logConfiguration       = local.logging["schedules/weekly-export"]["prepare-volumes"]
    },
  ])
  volume {
    name = "export"
  }
  ephemeral_storage {
    size_in_gib = 100
  }
  runtime_platform {
    cpu_architecture        = "X86_64"
    operating_system_family = "LINUX"
  }
}

resource "aws_scheduler_schedule_group" "this" {
  name = local.name
}

resource "aws_scheduler_schedule" "weekly_export" {
  name                         = "weekly-export"
  group_name                   = aws_scheduler_schedule_group.this.name
  schedule_expression          = "cron(0 5 ? * SUN *)"
  schedule_expression_timezone = "UTC"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = aws_ecs_cluster.this.arn
    role_arn = aws_iam_role.this["schedule-weekly-export-scheduler"].arn
    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 3
    }
    ecs_parameters {
      task_definition_arn     = aws_ecs_task_definition.weekly_export.arn
      task_count              = 1
      launch_type             = "FARGATE"
      enable_ecs_managed_tags = true
      propagate_tags          = "TASK_DEFINITION"
      network_configuration {
        subnets          = local.private_tasks.subnets
        security_groups  = local.private_tasks.security_groups
        assign_public_ip = false
      }
    }
  }
}
