# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Lambda has."""

import io
import json
import zipfile

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:f"
QUEUE = "arn:aws:sqs:eu-central-1:123456789012"
FUNCTION = {"FunctionName": "f"}
GONE = "ResourceNotFoundException"


def _zip(text="def handler(event, context): pass"):
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", text)
    return package.getvalue()


def _role(probe, name="f"):
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return probe.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]


def _function(probe, **settings):
    """Lambda, with a function."""
    wanted = {**FUNCTION, "Runtime": "python3.13", "Handler": "app.handler", "Role": _role(probe)}
    probe.client("lambda").create_function(**{**wanted, "Code": {"ZipFile": _zip()}, **settings})
    return probe.client("lambda")


def function(probe):
    lambda_ = probe.client("lambda")
    role, ec2 = _role(probe), probe.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    network = {"SubnetIds": [subnet], "SecurityGroupIds": [group]}
    wanted = {
        **FUNCTION, "Runtime": "python3.13", "Handler": "app.handler", "Role": role, "Timeout": 20, "MemorySize": 256,
        "Description": "d", "Environment": {"Variables": {"MODE": "b"}}, "VpcConfig": network, "Architectures": ["arm64"],
        "TracingConfig": {"Mode": "Active"}, "EphemeralStorage": {"Size": 1024},
        "DeadLetterConfig": {"TargetArn": f"{QUEUE}:dead"}, "SnapStart": {"ApplyOn": "PublishedVersions"},
        "LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "LogGroup": "/app"},
    }  # fmt: skip
    probe.does(lambda_.create_function, **wanted, Code={"ZipFile": _zip()}, Tags={"a": "b"})
    shown = {**wanted, "State": "Active", "LastUpdateStatus": "Successful", "Version": "$LATEST"}
    found = probe.shows(shown, lambda_.get_function_configuration, **FUNCTION)
    assert found["VpcConfig"]["VpcId"] == vpc and found["FunctionArn"] == ARN
    probe.shows({"Configuration": shown, "Tags": {"a": "b"}}, lambda_.get_function, **FUNCTION)
    probe.shows([wanted], lambda_.list_functions, "Functions")
    change = {
        "Timeout": 30, "MemorySize": 512, "Description": "e", "Environment": {"Variables": {"MODE": "c"}},
        "TracingConfig": {"Mode": "PassThrough"}, "EphemeralStorage": {"Size": 2048}, "Runtime": "python3.14",
        "DeadLetterConfig": {"TargetArn": f"{QUEUE}:other"}, "LoggingConfig": {"LogFormat": "Text"},
    }  # fmt: skip
    probe.does(lambda_.update_function_configuration, **FUNCTION, **change)
    probe.shows({**wanted, **change}, lambda_.get_function_configuration, **FUNCTION)
    code = probe.does(lambda_.update_function_code, **FUNCTION, ZipFile=_zip("x = 1"))
    assert code["CodeSha256"] != found["CodeSha256"]
    probe.shows({"CodeSha256": code["CodeSha256"]}, lambda_.get_function_configuration, **FUNCTION)
    probe.does(lambda_.tag_resource, Resource=ARN, Tags={"c": "d"})
    probe.shows({"a": "b", "c": "d"}, lambda_.list_tags, "Tags", Resource=ARN)
    probe.does(lambda_.untag_resource, Resource=ARN, TagKeys=["a"])
    probe.shows({"c": "d"}, lambda_.list_tags, "Tags", Resource=ARN)
    probe.shows({"AccountUsage": {"FunctionCount": 1}}, lambda_.get_account_settings)
    probe.does(lambda_.delete_function, **FUNCTION)
    probe.lacks(lambda_.get_function, GONE, **FUNCTION)


def version_and_alias(probe):
    lambda_ = _function(probe)
    probe.does(lambda_.publish_version, **FUNCTION, Description="first")
    probe.shows({"Version": "1", "Description": "first"}, lambda_.list_versions_by_function, "Versions.1", **FUNCTION)
    lambda_.update_function_code(**FUNCTION, ZipFile=_zip("x = 1"), Publish=True)
    alias = {**FUNCTION, "Name": "live"}
    routing = {"AdditionalVersionWeights": {"2": 0.1}}
    probe.does(lambda_.create_alias, **alias, FunctionVersion="1", Description="d", RoutingConfig=routing)
    wanted = {"Name": "live", "FunctionVersion": "1", "Description": "d", "RoutingConfig": routing}
    found = probe.shows(wanted, lambda_.get_alias, **alias)
    probe.shows([wanted], lambda_.list_aliases, "Aliases", **FUNCTION)
    probe.does(lambda_.update_alias, **alias, FunctionVersion="2", RoutingConfig={"AdditionalVersionWeights": {}})
    changed = probe.shows({"Name": "live", "FunctionVersion": "2"}, lambda_.get_alias, **alias)
    assert changed["RevisionId"] != found["RevisionId"]
    assert not changed["RoutingConfig"].get("AdditionalVersionWeights")
    probe.does(lambda_.delete_alias, **alias)
    probe.lacks(lambda_.get_alias, GONE, **alias)


def permission(probe):
    lambda_ = _function(probe)
    rule = "arn:aws:events:eu-central-1:123456789012:rule/r"
    wanted = {"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"}
    probe.does(lambda_.add_permission, **FUNCTION, **wanted, SourceArn=rule)
    (statement,) = json.loads(lambda_.get_policy(**FUNCTION)["Policy"])["Statement"]
    assert statement == {
        "Sid": "s", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": ARN,
        "Principal": {"Service": "events.amazonaws.com"}, "Condition": {"ArnLike": {"AWS:SourceArn": rule}},
    }  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": [statement]})
    probe.shows({"Policy": policy}, lambda_.get_policy, **FUNCTION)
    probe.does(lambda_.remove_permission, **FUNCTION, StatementId="s")
    probe.lacks(lambda_.get_policy, GONE, **FUNCTION)


def concurrency(probe):
    lambda_ = _function(probe, Publish=True)
    probe.does(lambda_.put_function_concurrency, **FUNCTION, ReservedConcurrentExecutions=50)
    probe.shows({"ReservedConcurrentExecutions": 50}, lambda_.get_function_concurrency, **FUNCTION)
    version = {**FUNCTION, "Qualifier": "1"}
    probe.does(lambda_.put_provisioned_concurrency_config, **version, ProvisionedConcurrentExecutions=5)
    ready = {
        "RequestedProvisionedConcurrentExecutions": 5, "AllocatedProvisionedConcurrentExecutions": 5,
        "AvailableProvisionedConcurrentExecutions": 5, "Status": "READY",
    }  # fmt: skip
    probe.shows(ready, lambda_.get_provisioned_concurrency_config, **version)
    listed = [{"FunctionArn": f"{ARN}:1", **ready}]
    probe.shows(listed, lambda_.list_provisioned_concurrency_configs, "ProvisionedConcurrencyConfigs", **FUNCTION)
    probe.does(lambda_.delete_provisioned_concurrency_config, **version)
    none = "ProvisionedConcurrencyConfigNotFoundException"
    probe.lacks(lambda_.get_provisioned_concurrency_config, none, **version)
    probe.does(lambda_.delete_function_concurrency, **FUNCTION)
    probe.lacks(lambda_.get_function_concurrency, path="ReservedConcurrentExecutions", **FUNCTION)


def event_source_mapping(probe):
    lambda_ = _function(probe)
    probe.client("sqs").create_queue(QueueName="jobs")
    wanted = {
        "EventSourceArn": f"{QUEUE}:jobs", "BatchSize": 20, "MaximumBatchingWindowInSeconds": 5,
        "FunctionResponseTypes": ["ReportBatchItemFailures"], "ScalingConfig": {"MaximumConcurrency": 5},
        "FilterCriteria": {"Filters": [{"Pattern": '{"a": ["b"]}'}]},
    }  # fmt: skip
    number = {"UUID": probe.does(lambda_.create_event_source_mapping, **wanted, **FUNCTION, Enabled=True)["UUID"]}
    probe.shows({**wanted, "FunctionArn": ARN, "State": "Enabled"}, lambda_.get_event_source_mapping, **number)
    probe.shows([wanted], lambda_.list_event_source_mappings, "EventSourceMappings", **FUNCTION)
    change = {"Enabled": False, "BatchSize": 5, "ScalingConfig": {"MaximumConcurrency": 7}}
    probe.does(lambda_.update_event_source_mapping, **number, **change)
    shown = {"State": "Disabled", "BatchSize": 5, "ScalingConfig": {"MaximumConcurrency": 7}}
    probe.shows(shown, lambda_.get_event_source_mapping, **number)
    probe.does(lambda_.delete_event_source_mapping, **number)
    probe.lacks(lambda_.get_event_source_mapping, GONE, **number)


def function_url(probe):
    lambda_ = _function(probe)
    wanted = {"AuthType": "NONE", "Cors": {"AllowOrigins": ["*"], "MaxAge": 60}, "InvokeMode": "RESPONSE_STREAM"}
    probe.does(lambda_.create_function_url_config, **FUNCTION, **wanted)
    probe.shows({**wanted, "FunctionArn": ARN}, lambda_.get_function_url_config, **FUNCTION)
    probe.shows([wanted], lambda_.list_function_url_configs, "FunctionUrlConfigs", **FUNCTION)
    probe.does(lambda_.update_function_url_config, **FUNCTION, AuthType="AWS_IAM", InvokeMode="BUFFERED")
    changed = {**wanted, "AuthType": "AWS_IAM", "InvokeMode": "BUFFERED"}
    probe.shows(changed, lambda_.get_function_url_config, **FUNCTION)
    probe.does(lambda_.delete_function_url_config, **FUNCTION)
    probe.lacks(lambda_.get_function_url_config, GONE, **FUNCTION)


def event_invoke_config(probe):
    lambda_ = _function(probe)
    wanted = {
        "MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 60,
        "DestinationConfig": {"OnFailure": {"Destination": f"{QUEUE}:dead"}},
    }  # fmt: skip
    probe.does(lambda_.put_function_event_invoke_config, **FUNCTION, **wanted)
    probe.shows(wanted, lambda_.get_function_event_invoke_config, **FUNCTION)
    probe.does(lambda_.update_function_event_invoke_config, **FUNCTION, MaximumRetryAttempts=0)
    changed = {**wanted, "MaximumRetryAttempts": 0}
    listed = "FunctionEventInvokeConfigs.0"
    probe.shows(changed, lambda_.list_function_event_invoke_configs, listed, **FUNCTION)
    probe.does(lambda_.delete_function_event_invoke_config, **FUNCTION)
    probe.lacks(lambda_.get_function_event_invoke_config, GONE, **FUNCTION)


def runtime_and_recursion(probe):
    lambda_ = _function(probe)
    probe.does(lambda_.put_runtime_management_config, **FUNCTION, UpdateRuntimeOn="FunctionUpdate")
    shown = {"UpdateRuntimeOn": "FunctionUpdate", "FunctionArn": ARN}
    probe.shows(shown, lambda_.get_runtime_management_config, **FUNCTION)
    probe.does(lambda_.put_function_recursion_config, **FUNCTION, RecursiveLoop="Allow")
    probe.shows({"RecursiveLoop": "Allow"}, lambda_.get_function_recursion_config, **FUNCTION)


def layer(probe):
    lambda_ = probe.client("lambda")
    wanted = {"Description": "d", "CompatibleRuntimes": ["python3.13"], "LicenseInfo": "MIT"}
    made = probe.does(lambda_.publish_layer_version, LayerName="l", Content={"ZipFile": _zip()}, **wanted)
    version = {"LayerName": "l", "VersionNumber": 1}
    probe.shows({**wanted, "Version": 1}, lambda_.get_layer_version, **version)
    probe.shows([{**wanted, "Version": 1}], lambda_.list_layer_versions, "LayerVersions", LayerName="l")
    probe.shows([{"LayerName": "l", "LatestMatchingVersion": wanted}], lambda_.list_layers, "Layers")
    by_arn = {"Arn": made["LayerVersionArn"]}
    probe.shows({**wanted, "Version": 1}, lambda_.get_layer_version_by_arn, **by_arn)
    statement = {"StatementId": "all", "Action": "lambda:GetLayerVersion", "Principal": "*"}
    probe.does(lambda_.add_layer_version_permission, **version, **statement)
    policy = lambda_.get_layer_version_policy(**version)["Policy"]
    assert [item["Sid"] for item in json.loads(policy)["Statement"]] == ["all"]
    probe.shows({"Policy": policy}, lambda_.get_layer_version_policy, **version)
    probe.does(lambda_.remove_layer_version_permission, **version, StatementId="all")
    probe.lacks(lambda_.get_layer_version_policy, GONE, **version)
    foreign = "arn:aws:lambda:eu-central-1:580247275435:layer:LambdaInsightsExtension:53"
    _function(probe, Layers=[made["LayerVersionArn"], foreign])
    found = lambda_.get_function_configuration(**FUNCTION)["Layers"]
    assert [item["Arn"] for item in found] == [made["LayerVersionArn"], foreign]
    probe.does(lambda_.delete_layer_version, **version)
    probe.lacks(lambda_.list_layer_versions, path="LayerVersions", LayerName="l")
