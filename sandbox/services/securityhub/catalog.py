# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Security Hub comes with: standards, some of their controls, products."""

# https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html
STANDARDS = {
    "aws-foundational-security-best-practices/v/1.0.0": "AWS Foundational Security Best Practices v1.0.0",
    "aws-resource-tagging-standard/v/1.0.0": "AWS Resource Tagging Standard v1.0.0",
    "cis-aws-foundations-benchmark/v/1.2.0": "CIS AWS Foundations Benchmark v1.2.0",
    "cis-aws-foundations-benchmark/v/1.4.0": "CIS AWS Foundations Benchmark v1.4.0",
    "cis-aws-foundations-benchmark/v/3.0.0": "CIS AWS Foundations Benchmark v3.0.0",
    "cis-aws-foundations-benchmark/v/5.0.0": "CIS AWS Foundations Benchmark v5.0.0",
    "nist-800-171/v/2.0.0": "NIST SP 800-171 Revision 2",
    "nist-800-53/v/5.0.0": "NIST SP 800-53 Revision 5",
    "pci-dss/v/3.2.1": "PCI DSS v3.2.1",
    "pci-dss/v/4.0.1": "PCI DSS v4.0.1",
}
FSBP, CIS = "aws-foundational-security-best-practices/v/1.0.0", "cis-aws-foundations-benchmark/v/1.2.0"
# https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableSecurityHub.html: EnableDefaultStandards
USUAL_STANDARDS = (FSBP, CIS)

# https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html: those of what the platforms are made of
CONTROLS = {
    "ACM.1": ("MEDIUM", "Imported and ACM-issued certificates should be renewed after a specified time period"),
    "CloudTrail.1": (
        "HIGH",
        "CloudTrail should be enabled and configured with at least one multi-Region trail that includes read and write "
        "management events",
    ),
    "CloudTrail.2": ("MEDIUM", "CloudTrail should have encryption at-rest enabled"),
    "Config.1": (
        "CRITICAL",
        "AWS Config should be enabled and use the service-linked role for resource recording",
    ),
    "EC2.2": ("HIGH", "VPC default security groups should not allow inbound or outbound traffic"),
    "EC2.6": ("MEDIUM", "VPC flow logging should be enabled in all VPCs"),
    "ECR.1": ("HIGH", "ECR private repositories should have image scanning configured"),
    "ECR.2": ("MEDIUM", "ECR private repositories should have tag immutability configured"),
    "ECR.3": ("MEDIUM", "ECR repositories should have at least one lifecycle policy configured"),
    "ECS.2": ("HIGH", "ECS services should not have public IP addresses assigned to them automatically"),
    "ECS.3": ("HIGH", "ECS task definitions should not share the host's process namespace"),
    "ECS.5": ("HIGH", "ECS containers should be limited to read-only access to root filesystems"),
    "ECS.8": ("HIGH", "Secrets should not be passed as container environment variables"),
    "ECS.12": ("MEDIUM", "ECS clusters should use Container Insights"),
    "ELB.1": (
        "MEDIUM",
        "Application Load Balancer should be configured to redirect all HTTP requests to HTTPS",
    ),
    "ELB.6": ("MEDIUM", "Application, Gateway, and Network Load Balancers should have deletion protection enabled"),
    "GuardDuty.1": ("HIGH", "GuardDuty should be enabled"),
    "RDS.2": (
        "CRITICAL",
        "RDS DB Instances should prohibit public access, as determined by the PubliclyAccessible configuration",
    ),
    "RDS.3": ("MEDIUM", "RDS DB instances should have encryption at-rest enabled"),
    "RDS.8": ("LOW", "RDS DB instances should have deletion protection enabled"),
    "S3.1": ("MEDIUM", "S3 general purpose buckets should have block public access settings enabled"),
    "S3.5": ("MEDIUM", "S3 general purpose buckets should require requests to use SSL"),
    "SecretsManager.1": ("MEDIUM", "Secrets Manager secrets should have automatic rotation enabled"),
}
# https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-internal-providers.html
AUTOMATIC = (
    "aws/config", "aws/firewall-manager", "aws/guardduty", "aws/health", "aws/access-analyzer", "aws/inspector",
    "aws/iot-device-defender", "aws/macie", "aws/ssm-patch-manager",
)  # fmt: skip
# https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-partner-providers.html
PARTNERS = (
    "aquasecurity/aquasecurity", "crowdstrike/crowdstrike-falcon", "lacework/lacework", "prowler/prowler",
    "snyk/snyk", "sysdig/sysdig-secure-for-cloud",
)  # fmt: skip
PRODUCTS = AUTOMATIC + PARTNERS


def standard_arn(region, name):
    """The ARN of a standard, which is of no account."""
    if name == CIS:  # the only one whose ARN says ruleset, and no region
        return f"arn:aws:securityhub:::ruleset/{name}"
    return f"arn:aws:securityhub:{region}::standards/{name}"


def product_arn(region, name):
    """The ARN of a product, which is of no account."""
    return f"arn:aws:securityhub:{region}::product/{name}"
