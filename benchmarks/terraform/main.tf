# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# What a converge of dougust-production in inventories/production makes, for benchmarks/unchanged.py.

terraform {
  # Write-only arguments: no secret in the state.
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region                      = local.region
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  default_tags {
    tags = {
      Platform    = "dougust"
      Environment = "production"
      ManagedBy   = "terraform"
    }
  }
}

data "aws_caller_identity" "this" {}

data "aws_route53_zone" "this" {
  name = "dougust.com"
}

locals {
  name    = "dougust-production"
  domain  = "api.dougust.com"
  region  = "us-east-1"
  account = data.aws_caller_identity.this.account_id
  root    = "arn:aws:iam::${local.account}:root"
  secrets = "prod/dougust"

  key_use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
  keys = {
    data = { description = "Database, buckets, images and secrets", statements = [] }
    logs = {
      description = "Log groups"
      statements = [{
        Sid       = "ServiceLogs"
        Effect    = "Allow"
        Principal = { Service = "logs.${local.region}.amazonaws.com" }
        Action    = local.key_use
        Resource  = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:${local.region}:${local.account}:log-group:*"
          }
        }
      }]
    }
    alerts = {
      description = "Alerts"
      statements = [{
        Sid       = "ServiceCloudwatch"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = local.key_use
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      }]
    }
  }
  log_groups = {
    "/aws/vpc/flow-logs/${local.name}"                     = 365
    "/aws/rds/instance/${local.name}/postgresql"           = 30
    "/aws/rds/instance/${local.name}/upgrade"              = 30
    "aws-waf-logs-${local.name}"                           = 30
    "/ecs/${local.name}/api"                               = 90
    "/aws/ecs/containerinsights/${local.name}/performance" = 90
    "/ecs/${local.name}/schedules/weekly-export"           = 30
  }
}

resource "aws_kms_key" "this" {
  for_each                = local.keys
  description             = each.value.description
  deletion_window_in_days = 30
  enable_key_rotation     = true
  rotation_period_in_days = 365
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([{
      Sid       = "IamOfTheAccount"
      Effect    = "Allow"
      Principal = { AWS = local.root }
      Action    = "kms:*"
      Resource  = "*"
    }], each.value.statements)
  })
  tags = { Name = "${local.name}-${each.key}" }
}

resource "aws_kms_alias" "this" {
  for_each      = local.keys
  name          = "alias/${local.name}-${each.key}"
  target_key_id = aws_kms_key.this[each.key].key_id
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = local.log_groups
  name              = each.key
  retention_in_days = each.value
  kms_key_id        = aws_kms_key.this["logs"].arn
}
