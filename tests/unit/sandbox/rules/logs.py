# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudWatch Logs refuses."""

import json

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs"
ACCOUNT = "eu-central-1:123456789012"
INVALID, GONE, LIMIT = "InvalidParameterException", "ResourceNotFoundException", "LimitExceededException"
GROUP = {"logGroupName": "/app"}
ROLE = "arn:aws:iam::123456789012:role/logs"
METRIC = {"metricName": "Errors", "metricNamespace": "App", "metricValue": "1"}
EMAIL = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]
AUDIT = {"DataIdentifier": EMAIL, "Operation": {"Audit": {"FindingsDestination": {}}}}
HIDE = {"DataIdentifier": EMAIL, "Operation": {"Deidentify": {"MaskConfig": {}}}}


def _group(world):
    world.logs.create_log_group(**GROUP)


def _groups(world):
    for name, protected in (("/app", True), ("/free", False)):
        world.logs.create_log_group(logGroupName=name, deletionProtectionEnabled=protected)


def _keys(world):
    """ARNs of a key that CloudWatch Logs may use, and of one that it may not."""
    service = {"Service": "logs.eu-central-1.amazonaws.com"}
    statements = [
        {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
        for principal in (service, {"AWS": "arn:aws:iam::123456789012:root"})
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return [world.kms.create_key(**given)["KeyMetadata"]["Arn"] for given in ({"Policy": policy}, {})]


def _filter(pattern="ERROR", name="errors", **metric):
    transformations = [{**METRIC, **metric}]
    return {**GROUP, "filterName": name, "filterPattern": pattern, "metricTransformations": transformations}


def _filters(world):
    _group(world)
    for number in range(100):
        world.logs.put_metric_filter(**_filter(name=f"f{number}"))


def _stream(world):
    _group(world)
    world.kinesis.create_stream(StreamName="all", ShardCount=1)


def _subscription(name="all", **settings):
    arn = f"arn:aws:kinesis:{ACCOUNT}:stream/all"
    return {**GROUP, "filterName": name, "filterPattern": "", "destinationArn": arn, **settings}


def _subscribed(world):
    _stream(world)
    for name in ("one", "two"):
        world.logs.put_subscription_filter(**_subscription(name, roleArn=ROLE))


def _function(world):
    _group(world)
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = world.iam.create_role(RoleName="f", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    uri = "210987654321.dkr.ecr.eu-central-1.amazonaws.com/a:1"
    lambda_ = world.sandbox.client("lambda")
    for name in ("closed", "open"):
        lambda_.create_function(FunctionName=name, Role=role, PackageType="Image", Code={"ImageUri": uri})
    permission = {"Action": "lambda:InvokeFunction", "Principal": "logs.amazonaws.com"}
    lambda_.add_permission(FunctionName="open", StatementId="logs", **permission)


def _policy(*statements, name="p"):
    return json.dumps({"Name": name, "Version": "2021-06-01", "Statement": list(statements)})


def _protection(*statements):
    return {"logGroupIdentifier": "/app", "policyDocument": _policy(*statements)}


def _account(name):
    return {"policyName": name, "policyType": "DATA_PROTECTION_POLICY", "policyDocument": _policy(AUDIT, HIDE)}


def _detector(name="/app"):
    return {"logGroupArnList": [f"arn:aws:logs:{ACCOUNT}:log-group:{name}"]}


def _resource(**statement):
    statement = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*", **statement}
    return {"policyName": "p", "policyDocument": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


PUT = {"operation": "put_metric_filter", "code": INVALID, "given": _group, "page": f"{API}/API_PutMetricFilter.html"}
SUBSCRIBE = {
    "operation": "put_subscription_filter", "code": INVALID, "page": f"{API}/API_PutSubscriptionFilter.html"
}  # fmt: skip
SERVICE = "logs"
RULES = [
    Rule(
        says="a group's name is taken",
        page=f"{API}/API_CreateLogGroup.html",
        operation="create_log_group",
        code="ResourceAlreadyExistsException",
        given=_group,
        refused=GROUP,
        accepted={"logGroupName": "/app2"},
    ),
    Rule(
        says="a group's key exists",
        page=f"{API}/API_CreateLogGroup.html",
        operation="create_log_group",
        code=INVALID,
        given=_keys,
        refused={**GROUP, "kmsKeyId": f"arn:aws:kms:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000"},
        accepted=lambda world: {**GROUP, "kmsKeyId": world.given[0]},
    ),
    Rule(
        says="a group's key lets CloudWatch Logs use it",
        page=f"{GUIDE}/encrypt-log-data-kms.html",
        operation="create_log_group",
        code=INVALID,
        given=_keys,
        refused=lambda world: {**GROUP, "kmsKeyId": world.given[1]},
        accepted=lambda world: {**GROUP, "kmsKeyId": world.given[0]},
    ),
    Rule(
        says="some numbers of days are kept",
        page=f"{API}/API_PutRetentionPolicy.html",
        operation="put_retention_policy",
        code=INVALID,
        given=_group,
        refused={**GROUP, "retentionInDays": 17},
        accepted={**GROUP, "retentionInDays": 14},
    ),
    Rule(
        says="a protected group stays",
        page=f"{API}/API_PutLogGroupDeletionProtection.html",
        operation="delete_log_group",
        code="ValidationException",
        given=_groups,
        refused=GROUP,
        accepted={"logGroupName": "/free"},
    ),
    Rule(
        says="a group that is deleted exists",
        page=f"{API}/API_DeleteLogGroup.html",
        operation="delete_log_group",
        code=GONE,
        given=_group,
        refused={"logGroupName": "/none"},
        accepted=GROUP,
    ),
    Rule(
        says="a pattern is closed",
        refused=_filter('{ $.level = "ERROR"'),
        accepted=_filter('{ $.level = "ERROR" }'),
        **PUT,
    ),
    Rule(
        says="dimensions and a default value exclude each other",
        refused=_filter("{ $.kind = * }", dimensions={"Kind": "$.kind"}, defaultValue=0),
        accepted=_filter("{ $.kind = * }", dimensions={"Kind": "$.kind"}),
        **PUT,
    ),
    Rule(
        says="a metric's value is a number or a field",
        refused=_filter(metricValue="one"),
        accepted=_filter(metricValue="1"),
        **PUT,
    ),
    Rule(
        says="a group has a hundred metric filters",
        page=f"{GUIDE}/cloudwatch_limits_cwl.html",
        operation="put_metric_filter",
        code=LIMIT,
        given=_filters,
        refused=_filter(name="f100"),
        accepted=_filter(name="f99"),
    ),
    Rule(
        says="a metric is sought with its namespace",
        page=f"{API}/API_DescribeMetricFilters.html",
        operation="describe_metric_filters",
        code=INVALID,
        refused={"metricName": "Errors"},
        accepted={"metricName": "Errors", "metricNamespace": "App"},
    ),
    Rule(
        says="a metric filter that is deleted exists",
        page=f"{API}/API_DeleteMetricFilter.html",
        operation="delete_metric_filter",
        code=GONE,
        given=lambda world: _group(world) or world.logs.put_metric_filter(**_filter()),
        refused={**GROUP, "filterName": "none"},
        accepted={**GROUP, "filterName": "errors"},
    ),
    Rule(
        says="a stream needs a role to be written to",
        given=_stream,
        refused=_subscription(),
        accepted=_subscription(roleArn=ROLE),
        **SUBSCRIBE,
    ),
    Rule(
        says="a stream that is written to exists",
        given=_stream,
        refused=_subscription(destinationArn=f"arn:aws:kinesis:{ACCOUNT}:stream/none", roleArn=ROLE),
        accepted=_subscription(roleArn=ROLE),
        **SUBSCRIBE,
    ),
    Rule(
        says="a function lets CloudWatch Logs call it",
        given=_function,
        refused=_subscription(destinationArn=f"arn:aws:lambda:{ACCOUNT}:function:closed"),
        accepted=_subscription(destinationArn=f"arn:aws:lambda:{ACCOUNT}:function:open"),
        **{**SUBSCRIBE, "page": f"{GUIDE}/SubscriptionFilters.html"},
    ),
    Rule(
        says="a group has two subscription filters",
        page=f"{GUIDE}/cloudwatch_limits_cwl.html",
        operation="put_subscription_filter",
        code=LIMIT,
        given=_subscribed,
        refused=_subscription("three", roleArn=ROLE),
        accepted=_subscription("two", roleArn=ROLE),
    ),
    Rule(
        says="a saved query that changes exists",
        page=f"{API}/API_PutQueryDefinition.html",
        operation="put_query_definition",
        code=GONE,
        refused={"name": "q", "queryString": "fields @message", "queryDefinitionId": "none"},
        accepted={"name": "q", "queryString": "fields @message"},
    ),
    Rule(
        says="a resource policy says for whom it is",
        page=f"{API}/API_PutResourcePolicy.html",
        operation="put_resource_policy",
        code=INVALID,
        refused=_resource(),
        accepted=_resource(Principal={"Service": "es.amazonaws.com"}),
    ),
    Rule(
        says="a region has ten resource policies",
        page=f"{API}/API_PutResourcePolicy.html",
        operation="put_resource_policy",
        code=LIMIT,
        given=lambda world: [
            world.logs.put_resource_policy(**{**_resource(Principal="*"), "policyName": f"p{number}"})
            for number in range(10)
        ],
        refused=_resource(Principal="*"),
        accepted={**_resource(Principal="*"), "policyName": "p9"},
    ),
    Rule(
        says="personal data is audited and hidden",
        page=f"{API}/API_PutDataProtectionPolicy.html",
        operation="put_data_protection_policy",
        code=INVALID,
        given=_group,
        refused=_protection(HIDE),
        accepted=_protection(AUDIT, HIDE),
    ),
    Rule(
        says="what is audited is what is hidden",
        page=f"{API}/API_PutDataProtectionPolicy.html",
        operation="put_data_protection_policy",
        code=INVALID,
        given=_group,
        refused=_protection({**AUDIT, "DataIdentifier": [f"{EMAIL[0]}2"]}, HIDE),
        accepted=_protection(AUDIT, HIDE),
    ),
    Rule(
        says="an account has one policy that hides data",
        page=f"{API}/API_PutAccountPolicy.html",
        operation="put_account_policy",
        code=LIMIT,
        given=lambda world: world.logs.put_account_policy(**_account("one")),
        refused=_account("two"),
        accepted=_account("one"),
    ),
    Rule(
        says="a detector watches a group that exists",
        page=f"{API}/API_CreateLogAnomalyDetector.html",
        operation="create_log_anomaly_detector",
        code=GONE,
        given=_group,
        refused=_detector("/none"),
        accepted=_detector(),
    ),
    Rule(
        says="a detector watches one group",
        page=f"{API}/API_CreateLogAnomalyDetector.html",
        operation="create_log_anomaly_detector",
        code=INVALID,
        given=_groups,
        refused={"logGroupArnList": [*_detector()["logGroupArnList"], *_detector("/free")["logGroupArnList"]]},
        accepted=_detector(),
    ),
]
