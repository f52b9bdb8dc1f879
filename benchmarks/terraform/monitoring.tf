# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

locals {
  balancer = { LoadBalancer = aws_lb.this.arn_suffix }
  targets  = merge(local.balancer, { TargetGroup = aws_lb_target_group.api.arn_suffix })
  database = { DBInstanceIdentifier = aws_db_instance.this.identifier }
  service  = { ClusterName = aws_ecs_cluster.this.name, ServiceName = aws_ecs_service.api.name }
  alarms = {
    api-unhealthy = {
      description = "The load balancer finds a task unhealthy"
      namespace   = "AWS/ApplicationELB"
      metric      = "UnHealthyHostCount"
      of          = local.targets
      statistic   = "Maximum"
      above       = 0
      period      = 60
      times       = 3
    }
    api-no-healthy-target = {
      description = "Nobody answers"
      namespace   = "AWS/ApplicationELB"
      metric      = "HealthyHostCount"
      of          = local.targets
      statistic   = "Minimum"
      below       = 1
      period      = 60
      times       = 2
      missing     = "breaching"
    }
    database-cpu = {
      namespace = "AWS/RDS"
      metric    = "CPUUtilization"
      of        = local.database
      statistic = "Average"
      above     = 80
      times     = 1
    }
    database-storage = {
      description = "Less than 20 % of the allocated storage is free"
      namespace   = "AWS/RDS"
      metric      = "FreeStorageSpace"
      of          = local.database
      statistic   = "Minimum"
      below       = 21474836480
      times       = 1
    }
    database-connections = {
      description = "80 % of the connections that the instance class allows are used"
      namespace   = "AWS/RDS"
      metric      = "DatabaseConnections"
      of          = local.database
      statistic   = "Maximum"
      above       = 720.8
      times       = 1
    }
    api-cpu = {
      namespace = "AWS/ECS"
      metric    = "CPUUtilization"
      of        = local.service
      statistic = "Average"
      above     = 85
      times     = 2
    }
    api-memory = {
      namespace = "AWS/ECS"
      metric    = "MemoryUtilization"
      of        = local.service
      statistic = "Average"
      above     = 90
      times     = 2
    }
    application-errors = {
      namespace = local.name
      metric    = "ApplicationErrors"
      of        = {}
      statistic = "Sum"
      above     = 0
      times     = 1
    }
  }
  gateways = [for gateway in aws_nat_gateway.this : { NatGatewayId = gateway.id }]
  widgets = [
    { title = "Requests", namespace = "AWS/ApplicationELB", of = [local.balancer], Sum = ["RequestCount"] },
    {
      title     = "Latency"
      namespace = "AWS/ApplicationELB"
      of        = [local.balancer]
      p50       = ["TargetResponseTime"]
      p95       = ["TargetResponseTime"]
      p99       = ["TargetResponseTime"]
    },
    {
      title     = "Errors"
      namespace = "AWS/ApplicationELB"
      of        = [local.balancer]
      Sum       = [for code in ["Target_4XX", "ELB_4XX", "Target_5XX", "ELB_5XX"] : "HTTPCode_${code}_Count"]
    },
    {
      title     = "Targets"
      namespace = "AWS/ApplicationELB"
      of        = [local.targets]
      Minimum   = ["HealthyHostCount"]
      Maximum   = ["UnHealthyHostCount"]
    },
    {
      title     = "Tasks"
      namespace = "ECS/ContainerInsights"
      of        = [local.service]
      Average   = ["RunningTaskCount", "DesiredTaskCount"]
    },
    { title = "CPU of the services", namespace = "AWS/ECS", of = [local.service], Average = ["CPUUtilization"] },
    {
      title     = "Memory of the services"
      namespace = "AWS/ECS"
      of        = [local.service]
      Average   = ["MemoryUtilization"]
    },
    { title = "CPU of the database", namespace = "AWS/RDS", of = [local.database], Average = ["CPUUtilization"] },
    { title = "Connections", namespace = "AWS/RDS", of = [local.database], Maximum = ["DatabaseConnections"] },
    { title = "Free storage", namespace = "AWS/RDS", of = [local.database], Minimum = ["FreeStorageSpace"] },
    { title = "Latency", namespace = "AWS/RDS", of = [local.database], Average = ["ReadLatency", "WriteLatency"] },
    {
      title     = "Throughput of the NAT gateways"
      namespace = "AWS/NATGateway"
      of        = local.gateways
      Sum       = ["BytesOutToDestination", "BytesInFromDestination"]
    },
    {
      title     = "Web ACL"
      namespace = "AWS/WAFV2"
      of        = [{ Region = local.region, Rule = "ALL", WebACL = aws_wafv2_web_acl.this.name }]
      Sum       = ["AllowedRequests", "BlockedRequests"]
    },
    { title = "Logged", namespace = local.name, of = [{}], Sum = ["ApplicationErrors"] },
  ]
  statistics = ["Average", "Maximum", "Minimum", "Sum", "p50", "p95", "p99"]
  metrics = [for widget in local.widgets : concat([for statistic in local.statistics : [
    for pair in setproduct(lookup(widget, statistic, []), widget.of) :
    concat([widget.namespace, pair[0]], flatten([for name, value in pair[1] : [name, value]]), [{ stat = statistic }])
  ]]...)]
}

resource "aws_sns_topic" "alerts" {
  name              = "${local.name}-alerts"
  display_name      = "${local.name}-alerts"
  kms_master_key_id = aws_kms_key.this["alerts"].arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "IamOfTheAccount"
        Effect    = "Allow"
        Principal = { AWS = local.root }
        Action = [
          "sns:Publish", "sns:Subscribe", "sns:GetTopicAttributes", "sns:SetTopicAttributes",
          "sns:ListSubscriptionsByTopic", "sns:DeleteTopic",
        ]
        Resource = "arn:aws:sns:${local.region}:${local.account}:${local.name}-alerts"
      },
      {
        Sid       = "Alarms"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = "arn:aws:sns:${local.region}:${local.account}:${local.name}-alerts"
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
    ]
  })
}

resource "aws_cloudwatch_log_metric_filter" "errors" {
  name           = "${local.name}-application-errors"
  log_group_name = aws_cloudwatch_log_group.this["/ecs/${local.name}/api"].name
  pattern        = "?ERROR ?Error ?Unhandled"
  metric_transformation {
    name          = "ApplicationErrors"
    namespace     = local.name
    value         = "1"
    default_value = "0"
    unit          = "Count"
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = try(each.value.description, null)
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.of
  statistic           = each.value.statistic
  comparison_operator = can(each.value.above) ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = try(each.value.above, each.value.below)
  period              = try(each.value.period, 300)
  evaluation_periods  = each.value.times
  datapoints_to_alarm = each.value.times
  treat_missing_data  = try(each.value.missing, "notBreaching")
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "errors_5xx" {
  alarm_name          = "${local.name}-errors-5xx"
  alarm_description   = "The API or the load balancer answers with 5xx more than 10 times in 5 minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]
  dynamic "metric_query" {
    for_each = { target = "Target", balancer = "ELB" }
    content {
      id          = metric_query.key
      return_data = false
      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = "HTTPCode_${metric_query.value}_5XX_Count"
        dimensions  = local.balancer
        period      = 300
        stat        = "Sum"
      }
    }
  }
  metric_query {
    id          = "all"
    expression  = "FILL(target, 0) + FILL(balancer, 0)"
    label       = "5xx"
    return_data = true
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = local.name
  dashboard_body = jsonencode({ widgets = concat(
    [{
      type   = "alarm"
      x      = 0
      y      = 0
      width  = 24
      height = 6
      properties = {
        title = "Alarms"
        alarms = concat(
          [for alarm in aws_cloudwatch_metric_alarm.this : alarm.arn],
          [aws_cloudwatch_metric_alarm.errors_5xx.arn],
        )
      }
    }],
    [for number, widget in local.widgets : {
      type   = "metric"
      x      = number % 3 * 8
      y      = 6 + floor(number / 3) * 6
      width  = 8
      height = 6
      properties = {
        title   = widget.title
        view    = "timeSeries"
        region  = local.region
        period  = 300
        metrics = local.metrics[number]
      }
    }],
  ) })
}
