# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Resource Groups Tagging API: every service that the platforms use, as AWS spells it."""

import json

import pytest

from tests.unit.sandbox.governance import bucket, record

PAIR = [{"Key": "app", "Value": "one"}]
LOWER = [{"key": "app", "value": "one"}]


@pytest.fixture
def api(sandbox):
    """The tagging API."""
    return sandbox.client("resourcegroupstaggingapi")


def find(api, *kinds, **tags):
    """{ARN: tags} of what has these tags."""
    filters = [{"Key": key, "Values": value if isinstance(value, list) else [value]} for key, value in tags.items()]
    pages = api.get_paginator("get_resources").paginate(TagFilters=filters, ResourceTypeFilters=list(kinds))
    found = [item for page in pages for item in page["ResourceTagMappingList"]]
    return {item["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in item["Tags"]} for item in found}


def make_network(sandbox):
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"eu-central-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for number, zone in enumerate("ab")
    ]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_tags(Resources=[vpc, *subnets, address], Tags=PAIR)
    return vpc, subnets, address


def test_ec2(sandbox, api):
    vpc, subnets, address = make_network(sandbox)
    arn = "arn:aws:ec2:eu-central-1:123456789012:"
    assert set(find(api, "ec2:vpc", app="one")) == {f"{arn}vpc/{vpc}"}
    assert set(find(api, "ec2:subnet")) == {f"{arn}subnet/{number}" for number in subnets}
    assert set(find(api, "ec2:elastic-ip")) == {f"{arn}elastic-ip/{address}"}
    assert len(find(api, "ec2", app="one")) == 4 and not find(api, "rds", app="one")
    sandbox.client("ec2").delete_subnet(SubnetId=subnets[0])
    assert set(find(api, "ec2:subnet")) == {f"{arn}subnet/{subnets[1]}"}


def make_rds(sandbox):
    rds = sandbox.client("rds")
    _vpc, subnets, _address = make_network(sandbox)
    rds.create_db_subnet_group(
        DBSubnetGroupName="s", DBSubnetGroupDescription="d", SubnetIds=subnets, Tags=PAIR
    )  # fmt: skip
    family = {"DBParameterGroupFamily": "postgres15", "Description": "d"}
    rds.create_db_parameter_group(DBParameterGroupName="p", **family, Tags=PAIR)
    rds.create_db_instance(
        DBInstanceIdentifier="db", DBInstanceClass="db.t3.medium", Engine="postgres", AllocatedStorage=20,
        MasterUsername="dougust", MasterUserPassword="correct-horse-9", DBSubnetGroupName="s", Tags=PAIR,
    )  # fmt: skip
    rds.describe_db_instances()
    rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="snap", Tags=PAIR)
    return rds


def test_rds(sandbox, api):
    rds = make_rds(sandbox)
    for kind, name in (("db", "db"), ("subgrp", "s"), ("pg", "p"), ("snapshot", "snap")):
        assert set(find(api, f"rds:{kind}", app="one")) == {f"arn:aws:rds:eu-central-1:123456789012:{kind}:{name}"}
    assert len(find(api, "rds", app="one")) == 4
    rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    assert find(api, "rds:db", app="one") == {}


def test_secrets_and_keys(sandbox, api):
    manager = sandbox.client("secretsmanager")
    arn = manager.create_secret(Name="a/b", SecretString="x", Tags=PAIR)["ARN"]
    key = sandbox.client("kms").create_key(Tags=[{"TagKey": "app", "TagValue": "one"}])["KeyMetadata"]["Arn"]
    assert set(find(api, app="one")) == {arn, key}
    assert set(find(api, "secretsmanager:secret")) == {arn} and set(find(api, "kms:key")) == {key}
    manager.delete_secret(SecretId=arn)
    assert set(find(api, app="one")) == {key}
    manager.restore_secret(SecretId=arn)
    assert set(find(api, app="one")) == {arn, key}


def test_containers(sandbox, api):
    ecs, ecr, logs = (sandbox.client(name) for name in ("ecs", "ecr", "logs"))
    cluster = ecs.create_cluster(clusterName="c", tags=LOWER)["cluster"]["clusterArn"]
    container = {"name": "a", "image": "a", "memory": 128}
    definition = ecs.register_task_definition(family="f", containerDefinitions=[container], tags=LOWER)
    repository = ecr.create_repository(repositoryName="repo", tags=PAIR)["repository"]["repositoryArn"]
    logs.create_log_group(logGroupName="/a", tags={"app": "one"})
    found = {
        "ecs:cluster": cluster,
        "ecs:task-definition": definition["taskDefinition"]["taskDefinitionArn"],
        "ecr:repository": repository,
        "logs:log-group": "arn:aws:logs:eu-central-1:123456789012:log-group:/a",
    }
    for kind, arn in found.items():
        assert find(api, kind, app="one") == {arn: {"app": "one"}}
    assert set(find(api, app="one")) == set(found.values())
    ecs.delete_cluster(cluster="c")
    assert find(api, "ecs:cluster") == {}


def test_load_balancers(sandbox, api):
    vpc, subnets, _address = make_network(sandbox)
    elbv2 = sandbox.client("elbv2")
    balancer = elbv2.create_load_balancer(Name="lb", Subnets=subnets, Scheme="internal", Tags=PAIR)
    balancer = balancer["LoadBalancers"][0]["LoadBalancerArn"]
    group = elbv2.create_target_group(Name="t", Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip", Tags=PAIR)
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    listener = elbv2.create_listener(
        LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[fixed], Tags=PAIR
    )["Listeners"][0]["ListenerArn"]  # fmt: skip
    paths = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a"]}}]
    rule = elbv2.create_rule(ListenerArn=listener, Conditions=paths, Priority=1, Actions=[fixed], Tags=PAIR)
    found = {
        "loadbalancer": balancer,
        "loadbalancer/app": balancer,
        "targetgroup": group["TargetGroups"][0]["TargetGroupArn"],
        "listener": listener,
        "listener-rule": rule["Rules"][0]["RuleArn"],
    }
    for kind, arn in found.items():
        assert set(find(api, f"elasticloadbalancing:{kind}", app="one")) == {arn}
    assert find(api, "elasticloadbalancing:loadbalancer/net") == {}


def test_monitoring_and_events(sandbox, api):
    topic = sandbox.client("sns").create_topic(Name="t", Tags=PAIR)["TopicArn"]
    sandbox.client("cloudwatch").put_metric_alarm(
        AlarmName="a", Namespace="n", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", Tags=PAIR,
    )  # fmt: skip
    queue = sandbox.client("sqs").create_queue(QueueName="q", tags={"app": "one"})["QueueUrl"]
    group = sandbox.client("scheduler").create_schedule_group(Name="g", Tags=PAIR)["ScheduleGroupArn"]
    arn = "arn:aws:{}:eu-central-1:123456789012:{}"
    assert set(find(api, "cloudwatch:alarm")) == {arn.format("cloudwatch", "alarm:a")}
    assert set(find(api, "scheduler:schedule-group")) == {group} and queue
    assert set(find(api, "sns", app="one")) == {topic}
    assert set(find(api, "sqs", app="one")) == {arn.format("sqs", "q")}


def test_web_acls(sandbox, api):
    visible = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    acl = {"Name": "w", "DefaultAction": {"Allow": {}}, "VisibilityConfig": visible, "Tags": PAIR}
    regional = sandbox.client("wafv2").create_web_acl(**acl, Scope="REGIONAL")["Summary"]["ARN"]
    worldwide = sandbox.client("wafv2", "us-east-1").create_web_acl(**acl, Scope="CLOUDFRONT")["Summary"]["ARN"]
    assert set(find(api, "wafv2:regional/webacl")) == set(find(api, "wafv2")) == {regional}
    assert set(find(sandbox.client("resourcegroupstaggingapi", "us-east-1"), "wafv2")) == {worldwide}


def make_governance(sandbox):
    """{type: ARN} of tagged things that watch over others."""
    guardduty, backup, s3 = (sandbox.client(name) for name in ("guardduty", "backup", "s3"))
    number = guardduty.create_detector(Enable=True, Tags={"app": "one"})["DetectorId"]
    criteria = {"Criterion": {"severity": {"LessThan": 4}}}
    guardduty.create_filter(DetectorId=number, Name="low", FindingCriteria=criteria, Tags={"app": "one"})
    vault = backup.create_backup_vault(BackupVaultName="main", BackupVaultTags={"app": "one"})["BackupVaultArn"]
    plan = {"BackupPlanName": "p", "Rules": [{"RuleName": "r", "TargetBackupVaultName": "main"}]}
    plan = backup.create_backup_plan(BackupPlan=plan, BackupPlanTags={"app": "one"})["BackupPlanArn"]
    sandbox.client("securityhub").enable_security_hub(Tags={"app": "one"})
    bucket(s3, "trails", "cloudtrail.amazonaws.com")
    trail = sandbox.client("cloudtrail").create_trail(Name="main", S3BucketName="trails", TagsList=PAIR)["TrailARN"]
    config = sandbox.client("config")
    record(config, sandbox.client("iam"), s3)
    source = {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_VERSIONING_ENABLED"}
    config.put_config_rule(ConfigRule={"ConfigRuleName": "r", "Source": source}, Tags=PAIR)
    arn = f"arn:aws:guardduty:eu-central-1:123456789012:detector/{number}"
    return {
        "guardduty:detector": arn,
        "guardduty:detector/filter": f"{arn}/filter/low",
        "backup:backup-vault": vault,
        "backup:backup-plan": plan,
        "securityhub:hub": "arn:aws:securityhub:eu-central-1:123456789012:hub/default",
        "cloudtrail:trail": trail,
        "config:config-rule": config.describe_config_rules()["ConfigRules"][0]["ConfigRuleArn"],
    }


def test_governance(sandbox, api):
    found = make_governance(sandbox)
    for kind, arn in found.items():
        assert arn in find(api, kind, app="one"), kind
    assert set(find(api, app="one")) == set(found.values())
    sandbox.client("backup").delete_backup_plan(BackupPlanId=found["backup:backup-plan"].rpartition(":")[2])
    sandbox.client("securityhub").disable_security_hub()
    assert find(api, "backup:backup-plan") == find(api, "securityhub") == {}


def test_certificates_and_caches(sandbox, api):
    certificate = sandbox.client("acm").request_certificate(DomainName="example.com", Tags=PAIR)["CertificateArn"]
    assert set(find(api, "acm:certificate", app="one")) == {certificate}
    wanted = {"ReplicationGroupId": "g", "ReplicationGroupDescription": "d", "CacheNodeType": "cache.t4g.micro"}
    sandbox.client("elasticache").create_replication_group(**wanted, Engine="redis", Tags=PAIR)
    (found,) = find(api, "elasticache:replicationgroup", app="one")
    assert found == "arn:aws:elasticache:eu-central-1:123456789012:replicationgroup:g"


def make_caches(sandbox):
    """{type: ARN} of tagged things that caches have beside them."""
    _vpc, subnets, _address = make_network(sandbox)
    elasticache, users = sandbox.client("elasticache"), {"Engine": "valkey", "Tags": PAIR}
    group = {"CacheParameterGroupName": "p", "CacheParameterGroupFamily": "valkey8", "Description": "d", "Tags": PAIR}
    elasticache.create_cache_parameter_group(**group)
    elasticache.create_user_group(UserGroupId="u", **users)
    elasticache.create_serverless_cache(ServerlessCacheName="s", SubnetIds=subnets, **users)
    names = {"parametergroup": "p", "serverlesscache": "s", "usergroup": "u"}
    arn = "arn:aws:elasticache:eu-central-1:123456789012"
    return {f"elasticache:{kind}": f"{arn}:{kind}:{name}" for kind, name in names.items()}


def test_what_caches_have_beside_them(sandbox, api):
    made = make_caches(sandbox)
    for kind, arn in made.items():
        assert find(api, kind, app="one") == {arn: {"app": "one"}}
    sandbox.client("elasticache").delete_serverless_cache(ServerlessCacheName="s")
    assert set(find(api, "elasticache", app="one")) == set(made.values()) - {made["elasticache:serverlesscache"]}


def test_pools_of_cognito(sandbox, api):
    users, identities, tags = sandbox.client("cognito-idp"), sandbox.client("cognito-identity"), {"app": "one"}
    pool = users.create_user_pool(PoolName="users", UserPoolTags=tags)["UserPool"]["Arn"]
    wanted = {"IdentityPoolName": "visitors", "AllowUnauthenticatedIdentities": False, "IdentityPoolTags": tags}
    number = identities.create_identity_pool(**wanted)["IdentityPoolId"]
    arn = f"arn:aws:cognito-identity:eu-central-1:123456789012:identitypool/{number}"
    assert find(api, "cognito-idp:userpool") == {pool: tags}
    assert find(api, "cognito-identity:identitypool") == {arn: tags}
    identities.untag_resource(ResourceArn=arn, TagKeys=["app"])
    assert set(find(api, app="one")) == {pool}


def test_buckets_are_in_their_regions(sandbox, api):
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket="mine", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_bucket_tagging(Bucket="mine", Tagging={"TagSet": PAIR})
    assert find(api, "s3", app="one") == {"arn:aws:s3:::mine": {"app": "one"}}
    assert find(sandbox.client("resourcegroupstaggingapi", "us-east-1"), "s3") == {}


def test_roles_are_not_found(sandbox, api):
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Statement": [trust]})
    sandbox.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=document, Tags=PAIR)
    assert find(api, app="one") == {}


def test_filters_and_pages(sandbox, api, refused):
    manager, arns = sandbox.client("secretsmanager"), []
    for number in range(3):
        tags = [{"Key": "app", "Value": "one"}, {"Key": "number", "Value": str(number)}]
        arns.append(manager.create_secret(Name=f"s{number}", SecretString="x", Tags=tags)["ARN"])
    manager.create_secret(Name="untagged", SecretString="x")
    assert set(find(api, app="one", number=["0", "1"])) == set(arns[:2]) and set(find(api, number=[])) == set(arns)
    assert find(api, app="two") == {} and find(api, app="one", other=[]) == {}
    pages = api.get_paginator("get_resources").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["ResourceTagMappingList"]) for page in pages] == [2, 1]
    named = api.get_resources(ResourceARNList=arns[:1])["ResourceTagMappingList"]
    assert [item["ResourceARN"] for item in named] == arns[:1]
    for wrong in ({"ResourcesPerPage": 101}, {"ResourceARNList": arns, "ResourcesPerPage": 10}):
        assert refused(api.get_resources, **wrong) == "InvalidParameterException"
    assert refused(api.get_resources, PaginationToken="x") == "PaginationTokenExpiredException"
    assert api.get_tag_keys()["TagKeys"] == ["app", "number"]
    assert api.get_tag_values(Key="number")["TagValues"] == ["0", "1", "2"]
