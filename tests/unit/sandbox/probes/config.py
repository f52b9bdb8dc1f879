# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what AWS Config has."""

from tests.unit.sandbox.governance import bucket, record, role

TEMPLATE = """
Resources:
  Versioned:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: versioned
      Source: {Owner: AWS, SourceIdentifier: S3_BUCKET_VERSIONING_ENABLED}
"""
MANAGED = {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_VERSIONING_ENABLED"}


def recorder(probe):
    config = probe.client("config")
    arn = role(probe.client("iam"), "config", "config.amazonaws.com")
    kinds = {"allSupported": False, "resourceTypes": ["AWS::EC2::VPC"]}
    wanted = {
        "name": "default",
        "roleARN": arn,
        "recordingGroup": kinds,
        "recordingMode": {"recordingFrequency": "DAILY"},
    }
    probe.does(config.put_configuration_recorder, ConfigurationRecorder=wanted)
    probe.shows(wanted, config.describe_configuration_recorders, "ConfigurationRecorders.0")
    channel = {
        "name": "default",
        "s3BucketName": bucket(probe.client("s3"), "config-history", "config.amazonaws.com"),
        "s3KeyPrefix": "config",
        "snsTopicARN": probe.client("sns").create_topic(Name="changes")["TopicArn"],
        "configSnapshotDeliveryProperties": {"deliveryFrequency": "Six_Hours"},
    }
    probe.does(config.put_delivery_channel, DeliveryChannel=channel)
    probe.shows(channel, config.describe_delivery_channels, "DeliveryChannels.0")
    probe.does(config.start_configuration_recorder, ConfigurationRecorderName="default")
    status = {"name": "default", "recording": True}
    probe.shows(status, config.describe_configuration_recorder_status, "ConfigurationRecordersStatus.0")
    shown = {"name": "default", "configStreamDeliveryInfo": {"lastStatus": "Success"}}
    probe.shows(shown, config.describe_delivery_channel_status, "DeliveryChannelsStatus.0")
    probe.does(config.stop_configuration_recorder, ConfigurationRecorderName="default")
    status["recording"] = False
    probe.shows(status, config.describe_configuration_recorder_status, "ConfigurationRecordersStatus.0")
    probe.does(config.delete_delivery_channel, DeliveryChannelName="default")
    probe.lacks(config.describe_delivery_channels, path="DeliveryChannels")
    probe.does(config.delete_configuration_recorder, ConfigurationRecorderName="default")
    probe.lacks(config.describe_configuration_recorders, path="ConfigurationRecorders")


def rule(probe):
    config = probe.client("config")
    record(config, probe.client("iam"), probe.client("s3"))
    wanted = {
        "ConfigRuleName": "versioned",
        "Description": "keep versions",
        "Scope": {"ComplianceResourceTypes": ["AWS::S3::Bucket"]},
        "Source": MANAGED,
    }
    names = {"ConfigRuleNames": ["versioned"]}
    probe.does(config.put_config_rule, ConfigRule=wanted, Tags=[{"Key": "a", "Value": "b"}])
    arn = probe.shows(wanted, config.describe_config_rules, "ConfigRules.0", **names)["ConfigRuleArn"]
    probe.shows([{"Key": "a", "Value": "b"}], config.list_tags_for_resource, "Tags", ResourceArn=arn)
    probe.does(config.tag_resource, ResourceArn=arn, Tags=[{"Key": "a", "Value": "c"}])
    probe.shows([{"Key": "a", "Value": "c"}], config.list_tags_for_resource, "Tags", ResourceArn=arn)
    probe.does(config.untag_resource, ResourceArn=arn, TagKeys=["a"])
    probe.lacks(config.list_tags_for_resource, path="Tags", ResourceArn=arn)
    wanted["Description"] = "keep all versions"
    config.put_config_rule(ConfigRule=wanted)
    probe.shows(wanted, config.describe_config_rules, "ConfigRules.0", **names)
    probe.does(config.start_config_rules_evaluation, **names)
    shown = {"ConfigRuleArn": arn, "FirstEvaluationStarted": True}
    probe.shows(shown, config.describe_config_rule_evaluation_status, "ConfigRulesEvaluationStatus.0", **names)
    probe.does(config.delete_config_rule, ConfigRuleName="versioned")
    probe.lacks(config.describe_config_rules, "NoSuchConfigRuleException", **names)


def remediation(probe):
    config = probe.client("config")
    record(config, probe.client("iam"), probe.client("s3"))
    config.put_config_rule(ConfigRule={"ConfigRuleName": "versioned", "Source": MANAGED})
    wanted = {
        "ConfigRuleName": "versioned",
        "TargetType": "SSM_DOCUMENT",
        "TargetId": "AWS-ConfigureS3BucketVersioning",
        "Parameters": {"BucketName": {"ResourceValue": {"Value": "RESOURCE_ID"}}},
        "Automatic": True,
        "MaximumAutomaticAttempts": 3,
        "RetryAttemptSeconds": 60,
    }
    names = {"ConfigRuleNames": ["versioned"]}
    probe.does(config.put_remediation_configurations, RemediationConfigurations=[wanted])
    probe.shows(wanted, config.describe_remediation_configurations, "RemediationConfigurations.0", **names)
    wanted["RetryAttemptSeconds"] = 120
    config.put_remediation_configurations(RemediationConfigurations=[wanted])
    probe.shows(wanted, config.describe_remediation_configurations, "RemediationConfigurations.0", **names)
    probe.does(config.delete_remediation_configuration, ConfigRuleName="versioned")
    probe.lacks(config.describe_remediation_configurations, path="RemediationConfigurations", **names)


def conformance_pack(probe):
    config = probe.client("config")
    wanted = {"ConformancePackName": "storage", "DeliveryS3Bucket": "awsconfigconforms-x"}
    arn = probe.does(config.put_conformance_pack, **wanted, TemplateBody=TEMPLATE)["ConformancePackArn"]
    shown = {**wanted, "ConformancePackArn": arn}
    probe.shows(shown, config.describe_conformance_packs, "ConformancePackDetails.0")
    state = {"ConformancePackName": "storage", "ConformancePackState": "CREATE_COMPLETE"}
    probe.shows(state, config.describe_conformance_pack_status, "ConformancePackStatusDetails.0")
    path = "ConformancePackRuleComplianceList.0"
    of = {"ConformancePackName": "storage"}
    unknown = {"ComplianceType": "INSUFFICIENT_DATA"}
    found = probe.shows(unknown, config.describe_conformance_pack_compliance, path, **of)
    assert found["ConfigRuleName"].startswith("versioned-conformance-pack-")
    wanted["DeliveryS3Bucket"] = "awsconfigconforms-y"
    config.put_conformance_pack(**wanted, TemplateBody=TEMPLATE)
    probe.shows({**shown, **wanted}, config.describe_conformance_packs, "ConformancePackDetails.0")
    state["ConformancePackState"] = "UPDATE_COMPLETE"
    probe.shows(state, config.describe_conformance_pack_status, "ConformancePackStatusDetails.0")
    probe.does(config.delete_conformance_pack, **of)
    probe.lacks(config.describe_conformance_packs, "NoSuchConformancePackException", ConformancePackNames=["storage"])


def aggregator(probe):
    config = probe.client("config")
    sources = [{"AccountIds": ["123456789012"], "AllAwsRegions": True}]
    wanted = {"ConfigurationAggregatorName": "all", "AccountAggregationSources": sources}
    probe.does(config.put_configuration_aggregator, **wanted)
    probe.shows(wanted, config.describe_configuration_aggregators, "ConfigurationAggregators.0")
    probe.does(config.delete_configuration_aggregator, ConfigurationAggregatorName="all")
    probe.lacks(config.describe_configuration_aggregators, path="ConfigurationAggregators")
    pair = {"AuthorizedAccountId": "210987654321", "AuthorizedAwsRegion": "eu-west-1"}
    probe.does(config.put_aggregation_authorization, **pair)
    probe.shows(pair, config.describe_aggregation_authorizations, "AggregationAuthorizations.0")
    probe.does(config.delete_aggregation_authorization, **pair)
    probe.lacks(config.describe_aggregation_authorizations, path="AggregationAuthorizations")


def retention(probe):
    config = probe.client("config")
    probe.does(config.put_retention_configuration, RetentionPeriodInDays=90)
    shown = {"Name": "default", "RetentionPeriodInDays": 90}
    probe.shows(shown, config.describe_retention_configurations, "RetentionConfigurations.0")
    probe.does(config.delete_retention_configuration, RetentionConfigurationName="default")
    probe.lacks(config.describe_retention_configurations, path="RetentionConfigurations")


def stored_query(probe):
    config = probe.client("config")
    wanted = {"QueryName": "buckets", "Expression": "SELECT resourceId WHERE resourceType = 'AWS::S3::Bucket'"}
    probe.does(config.put_stored_query, StoredQuery=wanted)
    probe.shows(wanted, config.get_stored_query, "StoredQuery", QueryName="buckets")
    probe.shows([{"QueryName": "buckets"}], config.list_stored_queries, "StoredQueryMetadata")
    wanted["Description"] = "all of them"
    config.put_stored_query(StoredQuery=wanted)
    probe.shows(wanted, config.get_stored_query, "StoredQuery", QueryName="buckets")
    probe.does(config.delete_stored_query, QueryName="buckets")
    probe.lacks(config.get_stored_query, "ResourceNotFoundException", QueryName="buckets")
