# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quotas that the sandbox knows, with AWS's codes and defaults."""

from moto.servicequotas.resources.default_quotas.vpc import VPC_DEFAULT_QUOTAS

# Pages: https://docs.aws.amazon.com/general/latest/gr/<service>.html, "Service quotas".
NAMES = {
    "autoscaling": "Amazon EC2 Auto Scaling",
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
    "elasticloadbalancing": "Elastic Load Balancing (ELB)",
    "s3": "Amazon Simple Storage Service (Amazon S3)",
    "vpc": "Amazon Virtual Private Cloud (Amazon VPC)",
}
# (service, code): (name, default, adjustable)
_FURTHER = {
    ("autoscaling", "L-CDE20ADC"): ("Auto Scaling groups per region", 500, True),
    ("autoscaling", "L-6B80B8FA"): ("Launch configurations per region", 200, True),
    ("ec2", "L-0263D0A3"): ("EC2-VPC Elastic IPs", 5, True),
    ("ec2", "L-1216C47A"): ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 5, True),
    ("elasticloadbalancing", "L-53DA6B97"): ("Application Load Balancers per Region", 50, True),
    ("elasticloadbalancing", "L-69A177A2"): ("Network Load Balancers per Region", 50, True),
    ("elasticloadbalancing", "L-B22855CB"): ("Target Groups per Region", 3000, True),
    ("elasticloadbalancing", "L-B6DF7632"): ("Listeners per Application Load Balancer", 50, True),
    ("s3", "L-DC2B2D3D"): ("General purpose buckets", 10000, True),
    ("vpc", "L-5F53652F"): ("Elastic IP address quota per NAT gateway", 2, True),
    ("vpc", "L-93826ACB"): ("Routes per route table", 500, True),  # moto has what it was until June 2025
}
QUOTAS = {
    ("vpc", item["QuotaCode"]): (item["QuotaName"], item["Value"], item["Adjustable"]) for item in VPC_DEFAULT_QUOTAS
} | _FURTHER  # fmt: skip
GLOBAL = {("s3", "L-DC2B2D3D")}
