# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory no longer names is reported, and goes only when somebody says so; data needs saying it twice."""

import yaml

from tests.integration.account import Account, make_delegated_zone, without_kept
from tests.integration.harness import REGION, ROOT

ENVIRONMENT = "staging"
HOST = f"dougust-{ENVIRONMENT}"
SECRET = f"{ENVIRONMENT}/dougust/old-token"
# What was in the inventory once, beside what is.
FORMER = {
    "secrets_secrets": [{"name": "old-token", "description": "Once a token", "generate": {}}],
    "buckets_buckets": [{"name": "old-empty"}, {"name": "old-full"}],
    "load_balancer_target_groups": [{"name": "old", "port": 4000, "health_check_path": "/"}],
    "schedules_database_exports": [
        {
            "name": "old-export",
            "expression": "rate(1 day)",
            "secret": "database-url",
            "bucket": "exports",
            "postgres_version": "15",
        }
    ],
    "monitoring_alarms": [{"name": "old-cpu", "of": "database", "metric": "CPUUtilization", "threshold": 50}],
    "database_read_replicas": [{"name": "old"}],
}


def bucket(part):
    """The name of a bucket."""
    return f"{HOST}-{part}-123456789012-{REGION}"


WITHOUT_DATA = {
    ("elbv2", "targetgroup", f"{HOST}-old"),
    ("scheduler", "schedule", "old-export"),
    ("cloudwatch", "alarm", f"{HOST}-old-cpu"),
}
WITH_DATA = {
    ("secretsmanager", "secret", SECRET),
    ("s3", "bucket", bucket("old-empty")),
    ("s3", "bucket", bucket("old-full")),
    ("rds", "db", f"{HOST}-old"),
}
# What a teardown does not find: roles are unknown to the tagging API, and what belongs to a role's task or to RDS is found
# by the names in the inventory only. It costs nothing but the logs, which their retention ends where there is one.
UNKNOWN = {
    "ecs/task-definition": [f"{HOST}-schedule-old-export"],
    "iam/role": [f"{HOST}-schedule-old-export-{part}" for part in ("execution", "scheduler", "task")],
    "logs/log-group": [
        *(f"/aws/rds/instance/{HOST}-old/{log}" for log in ("postgresql", "upgrade")),
        f"/ecs/{HOST}/schedules/old-export",
    ],
}


def undeclared(plan):
    """What a plan.json lists as no longer declared."""
    listed = [(entry["service"], entry["type"], entry["name"]) for entry in plan["undeclared"]]
    assert len(listed) == len(set(listed)), "an entry is there twice"
    return set(listed)


def make_neighbours(sandbox):
    """The same kinds of things of another platform, of another environment, and of nobody: {(kind, key)}."""
    before = sandbox.snapshot()
    ours = {"Platform": "dougust", "Environment": ENVIRONMENT, "ManagedBy": "groundwork.aws"}
    alarm = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Statistic": "Average", "Period": 300}
    alarm |= {"EvaluationPeriods": 1, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"}
    for name, other in (("other", {"Platform": "other"}), ("elsewhere", {"Environment": "production"}), ("no", None)):
        tags = [] if other is None else [{"Key": key, "Value": value} for key, value in (ours | other).items()]
        for service, component in (("cloudwatch", "monitoring"), ("s3", "buckets"), ("secretsmanager", "secrets")):
            client = sandbox.client(service, REGION)
            marked = [*tags, {"Key": "Component", "Value": component}]
            if service == "cloudwatch":
                client.put_metric_alarm(AlarmName=f"{HOST}-{name}", Tags=marked, **alarm)
            elif service == "s3":
                client.create_bucket(Bucket=f"{HOST}-{name}")
                client.put_bucket_tagging(Bucket=f"{HOST}-{name}", Tagging={"TagSet": marked})
            else:
                client.create_secret(Name=f"{ENVIRONMENT}/dougust/{name}", SecretString="x", Tags=marked)
    after = sandbox.snapshot()
    return {(kind, key) for kind, items in after.items() for key in items if key not in before.get(kind, {})}


def test_what_is_no_longer_declared(sandbox, ansible, subtests):
    make_delegated_zone(sandbox)
    declared = yaml.safe_load((ROOT / "group_vars" / "dougust.yml").read_text())
    ansible.converge(ENVIRONMENT, extra={name: declared.get(name, []) + more for name, more in FORMER.items()}).ok()
    sandbox.client("s3", REGION).put_object(Bucket=bucket("old-full"), Key="dump", Body=b"x")
    neighbours = make_neighbours(sandbox)
    assert len(neighbours) == 9
    before = Account(sandbox)

    with subtests.test("the plan lists it"):
        run, plan = ansible.plan(ENVIRONMENT)
        assert not run.ok().mutating
        assert undeclared(plan) == WITHOUT_DATA | WITH_DATA
        assert "No longer declared, and left alone:" in run.text and "prune_data=true" in run.text
        for service, kind, name in WITHOUT_DATA | WITH_DATA:
            assert f"? {service} {kind} {name} ({HOST})" in run.text

    with subtests.test("a converge leaves it"):
        ansible.converge(ENVIRONMENT).ok()
        assert {kind: before.names(kind) for kind in before.snapshot} == {
            kind: Account(sandbox).names(kind) for kind in before.snapshot
        }

    with subtests.test("pruned without data"):
        ansible.converge(ENVIRONMENT, extra={"prune": True}).ok()
        account = Account(sandbox)
        assert f"{HOST}-old" not in account.names("elbv2/target-group")
        assert "old-export" not in account.names("scheduler/schedule")
        assert f"{HOST}-old-cpu" not in account.names("cloudwatch/alarm")
        for kind in ("secretsmanager/secret", "s3/bucket", "rds/db"):
            assert account.names(kind) == before.names(kind)

    with subtests.test("pruned with data, but for a bucket that holds some"):
        run = ansible.converge(ENVIRONMENT, extra={"prune": True, "prune_data": True})
        run.refused(bucket("old-full"), "BucketNotEmpty", "To fix:")
        account = Account(sandbox)
        assert SECRET in account.names("secretsmanager/pending-deletion")
        assert bucket("old-empty") not in account.names("s3/bucket")
        assert bucket("old-full") in account.names("s3/bucket")

    sandbox.client("s3", REGION).delete_object(Bucket=bucket("old-full"), Key="dump")
    ansible.teardown(ENVIRONMENT, HOST).ok()
    left = without_kept(sandbox.snapshot())
    assert neighbours <= {(kind, key) for kind, items in left.items() for key in items}
    account = Account(sandbox)
    ours = {kind: {key for key in items if (kind, key) not in neighbours} for kind, items in left.items()}
    assert {kind for kind, keys in ours.items() if keys} == UNKNOWN.keys()
    assert {kind: account.names(kind) for kind in UNKNOWN} == UNKNOWN
    assert SECRET in account.names("secretsmanager/pending-deletion")
