# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot of what stands around a platform: the same things made twice look the same, and every change shows."""

import json
import re

import pytest

from tests.unit.sandbox.code_deploy import CodeDeploy
from tests.unit.sandbox.edge import distribution_config
from tests.unit.sandbox.governance import bucket, record, role
from tests.unit.sandbox.probes.budgets import ACCOUNT, BUDGET, MAIL, NOTIFICATION
from tests.unit.sandbox.probes.ce import MONITOR
from tests.unit.sandbox.rule import World
from tests.unit.sandbox.rules import autoscaling, elasticache, rds
from tests.unit.sandbox.test_sandbox_dynamodb import TABLE
from tests.unit.sandbox.test_sandbox_rds_clusters import CLUSTER, PASSWORD

PAIR, TAGS = [{"Key": "app", "Value": "one"}], {"app": "one"}
CODE = {"FunctionConfig": {"Comment": "", "Runtime": "cloudfront-js-2.0"}, "FunctionCode": b"// one"}
SIGNED = {"SigningProtocol": "sigv4", "SigningBehavior": "always", "OriginAccessControlOriginType": "s3"}
CHECK = {"Type": "HTTP", "FullyQualifiedDomainName": "www.example.com"}
# What AWS makes up, and when.
RANDOM = re.compile(
    r"\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{16,96}\b"
    r"|\b[A-Z0-9]{13,26}\b|\b[a-z0-9]{26}\b|\b(?:vpc|subnet|sg|lt|asg|eni|eipalloc)-[0-9a-f]{8,17}\b"
    r"|(?<=eu-central-1_)\w+|(?<=config-rule-)\w{6}\b|\bd[a-z0-9]{13}(?=\.cloudfront)"
)


def make_content(world):
    cloudfront = world.cloudfront
    cloudfront.create_distribution(DistributionConfig=distribution_config())
    cloudfront.create_function(Name="f", **CODE)
    cloudfront.create_origin_access_control(OriginAccessControlConfig={"Name": "site", **SIGNED})
    cloudfront.create_cache_policy(CachePolicyConfig={"Name": "short", "MinTTL": 1, "MaxTTL": 60, "DefaultTTL": 60})
    world.route53.create_health_check(CallerReference="one", HealthCheckConfig=CHECK)


def change_content(world):
    (listed,) = world.cloudfront.list_distributions()["DistributionList"]["Items"]
    version = world.cloudfront.get_distribution(Id=listed["Id"])["ETag"]
    changed = distribution_config(Comment="other")
    world.cloudfront.update_distribution(Id=listed["Id"], IfMatch=version, DistributionConfig=changed)


def make_stores(world):
    subnets, cache = elasticache.private(world), world.elasticache
    cache.create_replication_group(**elasticache.a_group(), Tags=PAIR)
    family = {"CacheParameterGroupFamily": "redis7", "Description": "d"}
    cache.create_cache_parameter_group(CacheParameterGroupName="own", **family)
    cache.create_user(**elasticache.a_user(Engine="valkey", Passwords=[elasticache.TOKEN]))
    cache.create_user_group(UserGroupId="team", Engine="valkey", UserIds=["app"])
    cache.create_serverless_cache(ServerlessCacheName="pay", Engine="valkey", SubnetIds=subnets, UserGroupId="team")
    world.dynamodb.create_table(**TABLE, Tags=PAIR)
    backups = {"PointInTimeRecoveryEnabled": True}
    world.dynamodb.update_continuous_backups(TableName="locks", PointInTimeRecoverySpecification=backups)


def change_stores(world):
    expiry = {"Enabled": True, "AttributeName": "until"}
    world.dynamodb.update_time_to_live(TableName="locks", TimeToLiveSpecification=expiry)


def make_clusters(world):
    rds.private(world)
    world.rds.create_db_cluster(**CLUSTER, **PASSWORD, Tags=PAIR)
    family = {"DBParameterGroupFamily": "aurora-postgresql15", "Description": "d"}
    world.rds.create_db_cluster_parameter_group(DBClusterParameterGroupName="own", **family)
    world.rds.describe_db_clusters()  # which makes it available
    world.rds.create_db_cluster_snapshot(DBClusterIdentifier="app", DBClusterSnapshotIdentifier="kept")


def change_clusters(world):
    forced = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "pending-reboot"}
    world.rds.modify_db_cluster_parameter_group(DBClusterParameterGroupName="own", Parameters=[forced])


def make_visitors(world):
    users = world.cognito_idp
    pool = {"UserPoolId": users.create_user_pool(PoolName="users", UserPoolTags=TAGS)["UserPool"]["Id"]}
    users.create_user_pool_client(**pool, ClientName="web", GenerateSecret=True)
    users.create_user_pool_domain(**pool, Domain="shop")
    users.create_group(**pool, GroupName="staff")
    world.cognito_identity.create_identity_pool(IdentityPoolName="visitors", AllowUnauthenticatedIdentities=False)


def change_visitors(world):
    (pool,) = world.cognito_idp.list_user_pools(MaxResults=5)["UserPools"]
    world.cognito_idp.create_resource_server(UserPoolId=pool["Id"], Identifier="api", Name="api")


def make_watch(world):
    number = world.guardduty.create_detector(Enable=True, Tags=TAGS)["DetectorId"]
    criteria = {"Criterion": {"severity": {"LessThan": 4}}}
    world.guardduty.create_filter(DetectorId=number, Name="low", FindingCriteria=criteria)
    world.securityhub.enable_security_hub()
    world.inspector2.enable(resourceTypes=["ECR"])
    record(world.config, world.iam, world.s3)
    source = {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_VERSIONING_ENABLED"}
    world.config.put_config_rule(ConfigRule={"ConfigRuleName": "versions", "Source": source}, Tags=PAIR)
    bucket(world.s3, "trails", "cloudtrail.amazonaws.com")
    world.cloudtrail.create_trail(Name="main", S3BucketName="trails", TagsList=PAIR)


def change_watch(world):
    world.cloudtrail.start_logging(Name="main")


def make_care(world):
    backup = world.backup
    backup.create_backup_vault(BackupVaultName="main", BackupVaultTags=TAGS)
    rules = [{"RuleName": "r", "TargetBackupVaultName": "main"}]
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "daily", "Rules": rules})["BackupPlanId"]
    arn = role(world.iam, "backup", "backup.amazonaws.com")
    selected = {"SelectionName": "all", "IamRoleArn": arn, "Resources": ["*"]}
    backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selected)
    told = [{"Notification": NOTIFICATION, "Subscribers": [MAIL]}]
    world.budgets.create_budget(**ACCOUNT, Budget=BUDGET, NotificationsWithSubscribers=told)
    world.ce.create_anomaly_monitor(AnomalyMonitor=MONITOR)
    vpcs = {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"}
    world.service_quotas.request_service_quota_increase(**vpcs, DesiredValue=25)


def change_care(world):
    more = {"Notification": {**NOTIFICATION, "Threshold": 90.0}, "Subscribers": [MAIL]}
    world.budgets.create_notification(**ACCOUNT, BudgetName="all", **more)


def make_compute(world):
    autoscaling._group(0)(world)
    CodeDeploy(world.sandbox).group()
    world.ecr.put_account_setting(name="BLOB_MOUNTING", value="ENABLED")


def change_compute(world):
    arn = "arn:aws:codedeploy:eu-central-1:123456789012:application:shop"
    world.codedeploy.tag_resource(ResourceArn=arn, Tags=PAIR)


# What makes things, what changes one of them, the kind of that one, and the kinds that the snapshot has then
ROOMS = {
    "care": (
        make_care, change_care, "budgets/budget",
        {"backup/plan", "backup/vault", "budgets/budget", "ce/anomaly-monitor", "service-quotas/request"},
    ),
    "clusters": (
        make_clusters, change_clusters, "rds/cluster-parameter-group",
        {"rds/cluster", "rds/cluster-parameter-group", "rds/cluster-snapshot", "rds/subnet-group"},
    ),
    "compute": (
        make_compute, change_compute, "codedeploy/application",
        {"autoscaling/group", "codedeploy/application", "codedeploy/deployment-group", "ecr/registry"},
    ),
    "content": (
        make_content, change_content, "cloudfront/distribution",
        {
            "cloudfront/cache-policy", "cloudfront/distribution", "cloudfront/function",
            "cloudfront/origin-access-control", "route53/health-check",
        },
    ),
    "stores": (
        make_stores, change_stores, "dynamodb/table",
        {
            "dynamodb/table", "elasticache/cluster", "elasticache/parameter-group", "elasticache/replication-group",
            "elasticache/serverless-cache", "elasticache/subnet-group", "elasticache/user", "elasticache/user-group",
        },
    ),
    "visitors": (
        make_visitors, change_visitors, "cognito-idp/resource-server",
        {
            "cognito-identity/identity-pool", "cognito-idp/client", "cognito-idp/domain", "cognito-idp/group",
            "cognito-idp/user-pool",
        },
    ),
    "watch": (
        make_watch, change_watch, "cloudtrail/trail",
        {
            "cloudtrail/trail", "config/delivery-channel", "config/recorder", "config/rule", "guardduty/detector",
            "guardduty/filter", "inspector2/account", "securityhub/hub", "securityhub/standard",
        },
    ),
}  # fmt: skip
BESIDE = ("ec2/", "ecs/", "elbv2/", "iam/", "kms/", "logs/", "s3/")  # what a room needs, and others show


def named(value):
    """A part of a snapshot with one word for all that is made up, in an order that does not hang on it."""
    if isinstance(value, dict):
        return named([[key, item] for key, item in value.items()])
    if isinstance(value, list):
        return sorted((named(item) for item in value), key=json.dumps)
    return RANDOM.sub("*", value) if isinstance(value, str) else value


@pytest.mark.parametrize("room", ROOMS)
def test_what_is_made_twice_looks_the_same(room, sandbox):
    make, change, kind, kinds = ROOMS[room]
    found = []
    for _time in range(2):
        sandbox.reset()
        make(World(sandbox))
        found.append(sandbox.snapshot())
    assert kinds <= set(found[1]) and all(name in kinds or name.startswith(BESIDE) for name in found[1])
    first, second = ({name: named(one[name]) for name in kinds} for one in found)
    assert first == second
    assert sandbox.snapshot() == found[1]
    change(World(sandbox))
    changed = sandbox.snapshot()
    assert {name for name in changed if changed[name] != found[1].get(name)} == {kind}


def test_tags_of_all_kinds(sandbox):
    for make, *_rest in (ROOMS["stores"], ROOMS["visitors"]):
        make(World(sandbox))
    found = sandbox.snapshot()
    assert [pool["Tags"] for pool in found["cognito-idp/user-pool"].values()] == [TAGS]
    for kind, name in (("dynamodb/table", "locks"), ("elasticache/replication-group", "app")):
        assert found[kind][f"eu-central-1/{name}"]["Tags"] == PAIR


def test_no_secret_of_a_client(sandbox):
    world = World(sandbox)
    make_visitors(world)
    (client,) = sandbox.snapshot()["cognito-idp/client"].values()
    of = {"UserPoolId": client["UserPoolId"], "ClientId": client["ClientId"]}
    secret = world.cognito_idp.describe_user_pool_client(**of)["UserPoolClient"]["ClientSecret"]
    assert client["HasSecret"] and secret not in json.dumps(sandbox.snapshot())


def test_switched_off_is_not_there(sandbox):
    """Some services answer that they are not enabled, or with settings that every account has."""
    world = World(sandbox)
    world.securityhub.enable_security_hub()
    world.securityhub.disable_security_hub()
    world.ecr.put_account_setting(name="BLOB_MOUNTING", value="DISABLED")
    world.inspector2.disable(resourceTypes=["ECR"])
    world.cloudfront.create_origin_access_control(OriginAccessControlConfig={"Name": "site", **SIGNED})
    world.elasticache.create_user(**elasticache.a_user(), NoPasswordRequired=True)
    world.elasticache.delete_user(UserId="app")
    assert set(sandbox.snapshot()) == {"cloudfront/origin-access-control"}
