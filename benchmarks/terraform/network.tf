# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

locals {
  tiers = { public = 0, private = 4, database = 8 }
  zones = { a = 0, b = 1 }
  subnets = {
    for pair in setproduct(keys(local.tiers), keys(local.zones)) :
    "${pair[0]}-${pair[1]}" => { tier = pair[0], zone = pair[1] }
  }
  acls = {
    public = [
      { number = 100, egress = false, protocol = "-1", cidr = "10.0.0.0/16", from = 0, to = 0 },
      { number = 110, egress = false, protocol = "6", cidr = "0.0.0.0/0", from = 80, to = 80 },
      { number = 120, egress = false, protocol = "6", cidr = "0.0.0.0/0", from = 443, to = 443 },
      { number = 130, egress = false, protocol = "6", cidr = "0.0.0.0/0", from = 1024, to = 65535 },
      { number = 140, egress = false, protocol = "17", cidr = "0.0.0.0/0", from = 1024, to = 65535 },
      { number = 100, egress = true, protocol = "-1", cidr = "0.0.0.0/0", from = 0, to = 0 },
    ]
    private = [
      { number = 100, egress = false, protocol = "-1", cidr = "10.0.0.0/16", from = 0, to = 0 },
      { number = 110, egress = false, protocol = "6", cidr = "0.0.0.0/0", from = 1024, to = 65535 },
      { number = 120, egress = false, protocol = "17", cidr = "0.0.0.0/0", from = 1024, to = 65535 },
      { number = 100, egress = true, protocol = "-1", cidr = "0.0.0.0/0", from = 0, to = 0 },
    ]
    database = [
      { number = 100, egress = false, protocol = "-1", cidr = "10.0.0.0/16", from = 0, to = 0 },
      { number = 100, egress = true, protocol = "-1", cidr = "10.0.0.0/16", from = 0, to = 0 },
    ]
  }
}

resource "aws_vpc" "this" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
  tags                 = { Name = "${local.name}-vpc" }
}

resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "this" {
  for_each          = local.subnets
  vpc_id            = aws_vpc.this.id
  availability_zone = "${local.region}${each.value.zone}"
  cidr_block        = cidrsubnet("10.0.0.0/16", 4, local.tiers[each.value.tier] + local.zones[each.value.zone])
  tags              = { Name = "${local.name}-${each.key}", Tier = each.value.tier }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${local.name}-igw" }
}

resource "aws_eip" "nat" {
  for_each = local.zones
  domain   = "vpc"
  tags     = { Name = "${local.name}-nat-${each.key}" }
}

resource "aws_nat_gateway" "this" {
  for_each      = local.zones
  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.this["public-${each.key}"].id
  tags          = { Name = "${local.name}-nat-${each.key}" }
  depends_on    = [aws_internet_gateway.this]
}

resource "aws_network_acl" "this" {
  for_each   = local.acls
  vpc_id     = aws_vpc.this.id
  subnet_ids = [for zone in keys(local.zones) : aws_subnet.this["${each.key}-${zone}"].id]
  tags       = { Name = "${local.name}-${each.key}" }
  dynamic "ingress" {
    for_each = [for rule in each.value : rule if !rule.egress]
    content {
      rule_no    = ingress.value.number
      protocol   = ingress.value.protocol
      action     = "allow"
      cidr_block = ingress.value.cidr
      from_port  = ingress.value.from
      to_port    = ingress.value.to
    }
  }
  dynamic "egress" {
    for_each = [for rule in each.value : rule if rule.egress]
    content {
      rule_no    = egress.value.number
      protocol   = egress.value.protocol
      action     = "allow"
      cidr_block = egress.value.cidr
      from_port  = egress.value.from
      to_port    = egress.value.to
    }
  }
}

# Routes inside their tables: fewer resources to read than with aws_route.
resource "aws_route_table" "this" {
  for_each = local.subnets
  vpc_id   = aws_vpc.this.id
  tags     = { Name = "${local.name}-${each.key}" }
  dynamic "route" {
    for_each = each.value.tier == "database" ? [] : [each.value]
    content {
      cidr_block     = "0.0.0.0/0"
      gateway_id     = route.value.tier == "public" ? aws_internet_gateway.this.id : null
      nat_gateway_id = route.value.tier == "private" ? aws_nat_gateway.this[route.value.zone].id : null
    }
  }
}

resource "aws_route_table_association" "this" {
  for_each       = local.subnets
  route_table_id = aws_route_table.this[each.key].id
  subnet_id      = aws_subnet.this[each.key].id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.this.id
  service_name    = "com.amazonaws.${local.region}.s3"
  route_table_ids = [for table in aws_route_table.this : table.id]
  tags            = { Name = "${local.name}-s3" }
}

resource "aws_flow_log" "this" {
  vpc_id          = aws_vpc.this.id
  traffic_type    = "ALL"
  iam_role_arn    = aws_iam_role.this["flow-logs"].arn
  log_destination = aws_cloudwatch_log_group.this["/aws/vpc/flow-logs/${local.name}"].arn
  tags            = { Name = "${local.name}-flow-log" }
}

resource "aws_security_group" "this" {
  for_each = {
    alb      = "Internet to the load balancer"
    app      = "Load balancer to the API"
    database = "API to PostgreSQL"
  }
  name        = "${local.name}-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "internet" {
  for_each          = { 80 = "HTTP, redirected to HTTPS", 443 = "HTTPS" }
  security_group_id = aws_security_group.this["alb"].id
  ip_protocol       = "tcp"
  from_port         = each.key
  to_port           = each.key
  cidr_ipv4         = "0.0.0.0/0"
  description       = each.value
}

resource "aws_vpc_security_group_ingress_rule" "inside" {
  for_each = {
    app      = { from = "alb", port = 3000 }
    database = { from = "app", port = 5432 }
  }
  security_group_id            = aws_security_group.this[each.key].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  referenced_security_group_id = aws_security_group.this[each.value.from].id
}

resource "aws_vpc_security_group_egress_rule" "alb" {
  security_group_id            = aws_security_group.this["alb"].id
  ip_protocol                  = "tcp"
  from_port                    = 3000
  to_port                      = 3000
  referenced_security_group_id = aws_security_group.this["app"].id
  description                  = "To the API"
}

resource "aws_vpc_security_group_egress_rule" "app" {
  security_group_id = aws_security_group.this["app"].id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
  description       = "Images, secrets, logs and third parties through NAT"
}
