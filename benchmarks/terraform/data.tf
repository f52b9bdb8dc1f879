# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

resource "aws_ecr_repository" "api" {
  name = "${local.name}-api"
  # Without the exception for the tag latest that ours has: version 5 of the provider does not know it.
  image_tag_mutability = "IMMUTABLE"
  image_scanning_configuration {
    scan_on_push = true
  }
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.this["data"].arn
  }
}

resource "aws_ecr_lifecycle_policy" "api" {
  repository = aws_ecr_repository.api.name
  policy = jsonencode({ rules = [
    {
      rulePriority = 1
      description  = "Untagged images expire after 7 days"
      selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 7 }
      action       = { type = "expire" }
    },
    {
      rulePriority = 2
      description  = "The last 10 images are kept"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 10 }
      action       = { type = "expire" }
    },
  ] })
}

resource "aws_secretsmanager_secret" "this" {
  for_each = {
    jwt-secret         = "Signs access tokens"
    jwt-refresh-secret = "Signs refresh tokens"
    database-url       = "Login of the postgres database dougust"
  }
  name                    = "${local.secrets}/${each.key}"
  description             = each.value
  kms_key_id              = aws_kms_key.this["data"].arn
  recovery_window_in_days = 30
}

ephemeral "aws_secretsmanager_random_password" "this" {
  password_length     = 40
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each                 = aws_secretsmanager_secret.this
  secret_id                = each.value.id
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.this.random_password
  secret_string_wo_version = 1
}

resource "aws_db_subnet_group" "this" {
  name        = local.name
  description = "Subnets of ${local.name}"
  subnet_ids  = [for zone in keys(local.zones) : aws_subnet.this["database-${zone}"].id]
}

resource "aws_db_parameter_group" "this" {
  name        = "${local.name}-postgres15"
  family      = "postgres15"
  description = "Parameters of ${local.name}"
  dynamic "parameter" {
    for_each = ["rds.force_ssl", "log_connections", "log_disconnections"]
    content {
      name  = parameter.value
      value = "1"
    }
  }
}

resource "aws_db_instance" "this" {
  identifier                            = local.name
  engine                                = "postgres"
  engine_version                        = "15"
  instance_class                        = "db.t3.large"
  allocated_storage                     = 100
  max_allocated_storage                 = 1000
  storage_type                          = "gp3"
  storage_encrypted                     = true
  kms_key_id                            = aws_kms_key.this["data"].arn
  db_name                               = "dougust"
  username                              = "dougust"
  password_wo                           = ephemeral.aws_secretsmanager_random_password.this.random_password
  password_wo_version                   = 1
  port                                  = 5432
  multi_az                              = true
  db_subnet_group_name                  = aws_db_subnet_group.this.name
  parameter_group_name                  = aws_db_parameter_group.this.name
  vpc_security_group_ids                = [aws_security_group.this["database"].id]
  backup_retention_period               = 7
  backup_window                         = "00:00-01:00"
  maintenance_window                    = "sun:02:00-sun:04:00"
  copy_tags_to_snapshot                 = true
  deletion_protection                   = true
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = aws_kms_key.this["data"].arn
  performance_insights_retention_period = 7
  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]
  engine_lifecycle_support              = "open-source-rds-extended-support-disabled"
  final_snapshot_identifier             = "${local.name}-final"
  depends_on                            = [aws_cloudwatch_log_group.this]
}

locals {
  buckets = { access-logs = 90, exports = 365 }
}

resource "aws_s3_bucket" "this" {
  for_each = local.buckets
  bucket   = "${local.name}-${each.key}-${local.account}-${local.region}"
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each                = aws_s3_bucket.this
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  rule {
    id     = "keep"
    status = "Enabled"
    filter {
      prefix = ""
    }
    expiration {
      days = local.buckets[each.key]
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
    dynamic "noncurrent_version_expiration" {
      for_each = each.key == "exports" ? [30] : []
      content {
        noncurrent_days = noncurrent_version_expiration.value
      }
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([{
      Sid       = "DenyPlainHttp"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [each.value.arn, "${each.value.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }], each.key == "exports" ? [] : [{
      Sid       = "LoadBalancerLogs"
      Effect    = "Allow"
      Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "${each.value.arn}/*AWSLogs/${local.account}/*"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike = {
          "aws:SourceArn" = "arn:aws:elasticloadbalancing:${local.region}:${local.account}:loadbalancer/*"
        }
      }
    }])
  })
}

resource "aws_s3_bucket_versioning" "exports" {
  bucket = aws_s3_bucket.this["exports"].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "exports" {
  bucket = aws_s3_bucket.this["exports"].id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this["data"].arn
    }
  }
}
