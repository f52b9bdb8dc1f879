# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Production, changed by hand: the plan names what was, a run corrects it, and nobody takes back what AWS or a release did."""

import json

from tests.integration.account import Account, make_delegated_zone
from tests.integration.attribution import resources
from tests.integration.comparison import named
from tests.integration.harness import REGION
from tests.integration.killing import await_hit

HOST = "dougust-production"
SECRET = "prod/dougust/jwt-secret"
STORAGE_ALARM = f"{HOST}-database-storage"
GIB = 1024**3


def test_drift_is_reported_and_corrected_and_what_runs_is_left_alone(sandbox, ansible, subtests):
    make_delegated_zone(sandbox)
    ansible.converge("production").ok()
    for happen in (a_release, scaling_out, a_release_between_target_groups, storage_that_grew):
        happen(sandbox, Account(sandbox))
    before = Account(sandbox)
    for spoil in DRIFTS:
        spoil(sandbox, before)
    spoilt = sandbox.snapshot()

    run, plan = ansible.plan("production")
    assert not run.ok().mutating
    changes = {(change["type"], change["name"]): (change["action"], change["fields"]) for change in plan["changes"]}
    for spoil, (resource, change) in DRIFTS.items():
        with subtests.test(f"reported: {spoil.__name__}"):
            assert changes.get(resource) == change
    # A share of a storage that grew is more than before: its alarm follows, in the next run after the growth.
    expected = dict(DRIFTS.values()) | {("alarm", STORAGE_ALARM): ("update", ["threshold"])}
    assert changes == expected

    run = ansible.converge("production").ok()
    after = Account(sandbox)
    assert {resource[1:] for resource in resources(run.mutating, before.snapshot, spoilt)} == expected.keys()
    assert after.one("cloudwatch/alarm", STORAGE_ALARM)["Threshold"] == 0.2 * 200 * GIB
    corrected, wanted = (named(without_storage_alarm(account.snapshot)) for account in (after, before))
    for kind in wanted:
        with subtests.test(f"as before: {kind}"):
            assert corrected[kind] == wanted[kind]

    # A release reads its secret when a task starts: while the database is away, nobody looks at the service but to see
    # whether a release runs in it.
    sandbox.database_status(HOST, "maintenance", region=REGION)
    looked_at = sandbox.fault("hold_after", operation="DescribeServices")

    def come_back():
        await_hit(looked_at)
        sandbox.database_status(HOST, "available", region=REGION)
        looked_at.release()

    run = ansible.converge("production", meanwhile=come_back).unchanged()
    backwards = [call["operation"] for call in reversed(run.calls)]
    assert backwards.index("DescribeServices") < backwards.index("DescribeDBInstances"), "it was not waited for"


def without_storage_alarm(snapshot):
    """A snapshot without the one alarm that is meant to change."""
    alarms = {key: item for key, item in snapshot["cloudwatch/alarm"].items() if item["AlarmName"] != STORAGE_ALARM}
    return snapshot | {"cloudwatch/alarm": alarms}


# What happens to a platform without its inventory.


def a_release(sandbox, _account):
    """Another image in another revision."""
    ecs, service = sandbox.client("ecs", REGION), {"cluster": HOST, "service": f"{HOST}-api"}
    definition = ecs.describe_task_definition(taskDefinition=f"{HOST}-api")["taskDefinition"]
    kept = ("family", "taskRoleArn", "executionRoleArn", "networkMode", "cpu", "memory", "requiresCompatibilities")
    kept += ("volumes", "runtimePlatform", "containerDefinitions")
    settings = {member: definition[member] for member in kept if member in definition}
    digest = sandbox.push_image(f"{HOST}-api", "v2", region=REGION)
    for container in settings["containerDefinitions"]:
        if container["name"] == "api":
            container["image"] = f"{sandbox.account}.dkr.ecr.{REGION}.amazonaws.com/{HOST}-api@{digest}"
            # What makes it the stand-in before the first release.
            for member in ("dockerLabels", "command", "entryPoint"):
                container.pop(member, None)
    tags = ecs.list_tags_for_resource(resourceArn=definition["taskDefinitionArn"])["tags"]
    made = ecs.register_task_definition(**settings, tags=tags)["taskDefinition"]["taskDefinitionArn"]
    ecs.update_service(**service, taskDefinition=made)
    ecs.get_waiter("services_stable").wait(cluster=HOST, services=[f"{HOST}-api"], WaiterConfig={"Delay": 0.05})


def scaling_out(sandbox, _account):
    """What autoscaling does under load."""
    ecs = sandbox.client("ecs", REGION)
    ecs.update_service(cluster=HOST, service=f"{HOST}-api", desiredCount=6)
    ecs.get_waiter("services_stable").wait(cluster=HOST, services=[f"{HOST}-api"], WaiterConfig={"Delay": 0.05})


def a_release_between_target_groups(sandbox, account):
    """A release moves the weights of a forward."""
    group = account.one("elbv2/target-group", f"{HOST}-api")["TargetGroupArn"]
    forward = {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": group, "Weight": 50}]}}
    sandbox.client("elbv2", REGION).modify_listener(ListenerArn=listener(account, 443), DefaultActions=[forward])


def storage_that_grew(sandbox, _account):
    sandbox.grow_storage(HOST, 200, region=REGION)


def listener(account, port):
    """The ARN of the listener on a port."""
    (found,) = (item for item in account.snapshot["elbv2/listener"].values() if item["Port"] == port)
    return found["ListenerArn"]


# Drifts: each changes one thing by hand.


def the_threshold_of_an_alarm_changed(sandbox, account):
    alarm = account.one("cloudwatch/alarm", f"{HOST}-database-cpu")
    kept = ("AlarmName", "AlarmDescription", "AlarmActions", "OKActions", "MetricName", "Namespace", "Statistic")
    kept += ("Dimensions", "Period", "EvaluationPeriods", "ComparisonOperator", "TreatMissingData")
    settings = {member: alarm[member] for member in kept if member in alarm}
    sandbox.client("cloudwatch", REGION).put_metric_alarm(**settings, Threshold=99.0)


def a_dashboard_emptied(sandbox, _account):
    sandbox.client("cloudwatch", REGION).put_dashboard(DashboardName=HOST, DashboardBody='{"widgets": []}')


def a_redirect_replaced(sandbox, account):
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
    sandbox.client("elbv2", REGION).modify_listener(ListenerArn=listener(account, 80), DefaultActions=[answer])


def old_ciphers_and_a_rule_added_to_a_listener(sandbox, account):
    elbv2, arn = sandbox.client("elbv2", REGION), listener(account, 443)
    elbv2.modify_listener(ListenerArn=arn, SslPolicy="ELBSecurityPolicy-2016-08")
    elbv2.create_rule(
        ListenerArn=arn,
        Priority=7,
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/by/hand"]}}],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}],
    )


def a_parameter_of_the_database_changed(sandbox, _account):
    sandbox.client("rds", REGION).modify_db_parameter_group(
        DBParameterGroupName=f"{HOST}-postgres15",
        Parameters=[{"ParameterName": "log_connections", "ParameterValue": "0", "ApplyMethod": "immediate"}],
    )


def a_subnet_added_to_the_database(sandbox, account):
    group = account.one("rds/subnet-group", HOST)
    subnets = [subnet["SubnetIdentifier"] for subnet in group["Subnets"]]
    private = account.one("ec2/subnet", f"{HOST}-private-a")["SubnetId"]
    sandbox.client("rds", REGION).modify_db_subnet_group(DBSubnetGroupName=HOST, SubnetIds=[*subnets, private])


def the_policy_of_a_bucket_removed(sandbox, _account):
    sandbox.client("s3", REGION).delete_bucket_policy(Bucket=bucket("exports"))


def the_lifetime_of_logs_changed(sandbox, _account):
    rule = {"ID": "keep", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    sandbox.client("s3", REGION).put_bucket_lifecycle_configuration(
        Bucket=bucket("access-logs"), LifecycleConfiguration={"Rules": [rule]}
    )


def a_tag_of_a_secret_changed(sandbox, _account):
    client = sandbox.client("secretsmanager", REGION)
    client.tag_resource(SecretId=SECRET, Tags=[{"Key": "by", "Value": "hand"}])


def a_rule_removed_from_the_firewall(sandbox, account):
    acl = account.one("wafv2/web-acl", HOST)
    wafv2, where = sandbox.client("wafv2", REGION), {"Name": HOST, "Scope": "REGIONAL", "Id": acl["Id"]}
    token = wafv2.get_web_acl(**where)["LockToken"]
    kept = {member: acl[member] for member in ("DefaultAction", "Description", "VisibilityConfig")}
    wafv2.update_web_acl(**where, **kept, Rules=acl["Rules"][1:], LockToken=token)


def retention_of_a_services_logs_changed(sandbox, _account):
    sandbox.client("logs", REGION).put_retention_policy(logGroupName=f"/ecs/{HOST}/api", retentionInDays=1)


def the_policy_of_a_topic_opened(sandbox, account):
    topic = account.one("sns/topic", f"{HOST}-alerts")["TopicArn"]
    statement = {
        "Sid": "open",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "sns:Publish",
        "Resource": topic,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sandbox.client("sns", REGION).set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)


def an_export_switched_off(sandbox, _account):
    scheduler = sandbox.client("scheduler", REGION)
    found = scheduler.get_schedule(GroupName=HOST, Name="weekly-export")
    kept = ("GroupName", "Name", "FlexibleTimeWindow", "ScheduleExpression", "ScheduleExpressionTimezone", "Target")
    scheduler.update_schedule(**{member: found[member] for member in kept}, State="DISABLED")


def bucket(part):
    """The name of a bucket."""
    return f"{HOST}-{part}-123456789012-{REGION}"


# What the plan says about each: ((type, name), (action, fields)).
DRIFTS = {
    the_threshold_of_an_alarm_changed: (("alarm", f"{HOST}-database-cpu"), ("update", ["threshold"])),
    a_dashboard_emptied: (("dashboard", HOST), ("update", ["body"])),
    a_redirect_replaced: (("listener", "http"), ("update", ["default_action"])),
    old_ciphers_and_a_rule_added_to_a_listener: (("listener", "https"), ("update", ["rules", "ssl_policy"])),
    a_parameter_of_the_database_changed: (("pg", f"{HOST}-postgres15"), ("update", ["parameters"])),
    a_subnet_added_to_the_database: (("subgrp", HOST), ("update", ["subnet_ids"])),
    the_policy_of_a_bucket_removed: (("bucket", bucket("exports")), ("update", ["policy"])),
    the_lifetime_of_logs_changed: (("bucket", bucket("access-logs")), ("update", ["lifecycle_rules"])),
    a_tag_of_a_secret_changed: (("secret", SECRET), ("update", ["tags"])),
    a_rule_removed_from_the_firewall: (("webacl", HOST), ("update", ["rules"])),
    retention_of_a_services_logs_changed: (("log-group", f"/ecs/{HOST}/api"), ("update", ["retention_days"])),
    the_policy_of_a_topic_opened: (("topic", f"{HOST}-alerts"), ("update", ["policy"])),
    an_export_switched_off: (("schedule", "weekly-export"), ("update", ["enabled"])),
}
