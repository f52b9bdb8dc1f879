# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS Config refuses."""

from tests.unit.sandbox.governance import bucket, record, role
from tests.unit.sandbox.probes.config import MANAGED, TEMPLATE
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/config/latest/APIReference"
WRONG = "InvalidParameterValueException"
ROLE = "arn:aws:iam::123456789012:role/config"
RULE = {"ConfigRule": {"ConfigRuleName": "versioned", "Source": MANAGED}}
NAMED = {"ConfigurationRecorderName": "default"}


def _recorder(name, **more):
    return {"ConfigurationRecorder": {"name": name, "roleARN": ROLE, **more}}


def _one(world):
    role(world.iam, "config", "config.amazonaws.com")
    world.config.put_configuration_recorder(**_recorder("default"))


def _buckets(world):
    _one(world)
    bucket(world.s3, "config-open", "config.amazonaws.com")
    bucket(world.s3, "config-shut")


def _channel(name, **more):
    return {"DeliveryChannel": {"name": "default", "s3BucketName": name, **more}}


def _recording(world):
    record(world.config, world.iam, world.s3)


def _rule(world):
    _recording(world)
    world.config.put_config_rule(**RULE)


def _remediation():
    target = {"TargetType": "SSM_DOCUMENT", "TargetId": "AWS-ConfigureS3BucketVersioning"}
    return {"RemediationConfigurations": [{"ConfigRuleName": "versioned", **target}]}


def _repaired(world):
    _rule(world)
    world.config.put_remediation_configurations(**_remediation())


SERVICE = "config"
RULES = [
    Rule(
        says="a recorder has a role",
        page=f"{API}/API_PutConfigurationRecorder.html",
        operation="put_configuration_recorder",
        code="InvalidRoleException",
        refused={"ConfigurationRecorder": {"name": "default", "roleARN": ""}},
        accepted=_recorder("default"),
    ),
    Rule(
        says="a region has one recorder",
        page=f"{API}/API_PutConfigurationRecorder.html",
        operation="put_configuration_recorder",
        code="MaxNumberOfConfigurationRecordersExceededException",
        given=_one,
        refused=_recorder("other"),
        accepted=_recorder("default"),
    ),
    Rule(
        says="everything and some types exclude each other",
        page=f"{API}/API_RecordingGroup.html",
        operation="put_configuration_recorder",
        code="InvalidRecordingGroupException",
        refused=_recorder("default", recordingGroup={"allSupported": True, "resourceTypes": ["AWS::EC2::VPC"]}),
        accepted=_recorder("default", recordingGroup={"allSupported": False, "resourceTypes": ["AWS::EC2::VPC"]}),
    ),
    Rule(
        says="a delivery channel needs a recorder",
        page=f"{API}/API_PutDeliveryChannel.html",
        operation="put_delivery_channel",
        code="NoAvailableConfigurationRecorderException",
        given=lambda world: bucket(world.s3, "config-open", "config.amazonaws.com"),
        refused=_channel("config-open"),
        accepted=lambda world: (_one(world), _channel("config-open"))[1],
    ),
    Rule(
        says="the bucket of a delivery channel exists",
        page=f"{API}/API_PutDeliveryChannel.html",
        operation="put_delivery_channel",
        code="NoSuchBucketException",
        given=_buckets,
        refused=_channel("config-none"),
        accepted=_channel("config-open"),
    ),
    Rule(
        says="AWS Config may write into the bucket of its delivery channel",
        page="https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html",
        operation="put_delivery_channel",
        code="InsufficientDeliveryPolicyException",
        given=_buckets,
        refused=_channel("config-shut"),
        accepted=_channel("config-open"),
    ),
    Rule(
        says="the topic of a delivery channel exists",
        page=f"{API}/API_PutDeliveryChannel.html",
        operation="put_delivery_channel",
        code="InvalidSNSTopicARNException",
        given=lambda world: (_buckets(world), world.sns.create_topic(Name="changes")),
        refused=_channel("config-open", snsTopicARN="arn:aws:sns:eu-central-1:123456789012:none"),
        accepted=_channel("config-open", snsTopicARN="arn:aws:sns:eu-central-1:123456789012:changes"),
    ),
    Rule(
        says="a recorder starts with a delivery channel",
        page=f"{API}/API_StartConfigurationRecorder.html",
        operation="start_configuration_recorder",
        code="NoAvailableDeliveryChannelException",
        given=_buckets,
        refused=NAMED,
        accepted=lambda world: world.config.put_delivery_channel(**_channel("config-open")) and NAMED,
    ),
    Rule(
        says="the delivery channel goes after the recorder has stopped",
        page=f"{API}/API_DeleteDeliveryChannel.html",
        operation="delete_delivery_channel",
        code="LastDeliveryChannelDeleteFailedException",
        given=_recording,
        refused={"DeliveryChannelName": "default"},
        accepted=lambda world: world.config.stop_configuration_recorder(**NAMED) and {"DeliveryChannelName": "default"},
    ),
    Rule(
        says="a rule needs a recorder",
        page=f"{API}/API_PutConfigRule.html",
        operation="put_config_rule",
        code="NoAvailableConfigurationRecorderException",
        refused=RULE,
        accepted=lambda world: (_one(world), RULE)[1],
    ),
    Rule(
        says="a rule goes after its remediation",
        page=f"{API}/API_DeleteConfigRule.html",
        operation="delete_config_rule",
        code="ResourceInUseException",
        given=_repaired,
        refused={"ConfigRuleName": "versioned"},
        accepted=lambda world: world.config.delete_remediation_configuration(ConfigRuleName="versioned")
        and {"ConfigRuleName": "versioned"},
    ),
    Rule(
        says="only a remediation that exists can be deleted",
        page=f"{API}/API_DeleteRemediationConfiguration.html",
        operation="delete_remediation_configuration",
        code="NoSuchRemediationConfigurationException",
        given=_repaired,
        refused={"ConfigRuleName": "other"},
        accepted={"ConfigRuleName": "versioned"},
    ),
    Rule(
        says="a conformance pack has one template",
        page=f"{API}/API_PutConformancePack.html",
        operation="put_conformance_pack",
        code=WRONG,
        refused={"ConformancePackName": "storage"},
        accepted={"ConformancePackName": "storage", "TemplateBody": TEMPLATE},
    ),
    Rule(
        says="a conformance pack's template has rules",
        page=f"{API}/API_PutConformancePack.html",
        operation="put_conformance_pack",
        code="ConformancePackTemplateValidationException",
        refused={
            "ConformancePackName": "storage",
            "TemplateBody": TEMPLATE.replace("Config::ConfigRule", "S3::Bucket"),
        },
        accepted={"ConformancePackName": "storage", "TemplateBody": TEMPLATE},
    ),
]
