# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What rules and probes of the services of security, backups and cost need to be there."""

import json

ACCOUNT = "123456789012"


def allow(service, action, *resources):
    """A policy that lets a service do something."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": list(resources)}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def bucket(s3, name, service=None):
    """The name of a new bucket, into which a service may write."""
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    if service:
        resources = f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"
        s3.put_bucket_policy(Bucket=name, Policy=allow(service, ["s3:PutObject", "s3:GetBucketAcl"], *resources))
    return name


def key(kms, service=None):
    """The ARN of a new key, with which a service may encrypt."""
    made = kms.create_key()["KeyMetadata"]
    if service:
        mine = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*"}
        policy = json.loads(allow(service, ["kms:GenerateDataKey*", "kms:Encrypt", "kms:DescribeKey"], "*"))
        policy["Statement"].append({**mine, "Resource": "*"})
        kms.put_key_policy(KeyId=made["KeyId"], PolicyName="default", Policy=json.dumps(policy))
    return made["Arn"]


def role(iam, name, service):
    """The ARN of a new role that a service may assume."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]


def record(config, iam, s3):
    """A recorder of AWS Config that records."""
    arn = role(iam, "config", "config.amazonaws.com")
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": arn})
    name = bucket(s3, "config-history", "config.amazonaws.com")
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": name})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


# --- web ACLs ------------------------------------------------------------------------------------------------------

SCOPE = {"Scope": "REGIONAL"}


def visible(name):
    """The settings of what requests are seen of something."""
    return {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}


ACL = {"Name": "web", **SCOPE, "DefaultAction": {"Allow": {}}, "VisibilityConfig": visible("web")}


def waf_rule(name, statement, priority=0, **action):
    """A rule of an ACL or a group."""
    action = action or {"Action": {"Block": {}}}
    return {"Name": name, "Priority": priority, "Statement": statement, "VisibilityConfig": visible(name), **action}


FROM_GERMANY = waf_rule("germany", {"GeoMatchStatement": {"CountryCodes": ["DE"]}})
COMMON = waf_rule(
    "common",
    {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}},
    OverrideAction={"None": {}},
)
