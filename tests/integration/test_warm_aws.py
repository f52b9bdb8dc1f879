# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS modules with either connection, each from an empty account: the same results, and the same calls arrive."""

from __future__ import annotations

import collections
import concurrent.futures
import json
import re
import sys

from sandbox.client import ACCOUNT, Sandbox
from tests.integration import test_warm_connection
from tests.integration.warm_bench import ROOT, Bench, leaves, normal, processes, wait_for

REGION = "eu-west-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
TAGS = {"Platform": "warm", "Environment": "test"}
VPC = {"groundwork.aws.ec2_vpc": {"name": "warm", "cidr_block": "10.0.0.0/16", "tags": TAGS}}
GROUPS = {"log_groups": [{"name": "/warm", "retention_days": 31}], "tags": TAGS}
SUBNET = {"name": "a", "cidr_block": "10.0.0.0/24", "availability_zone": f"{REGION}a"}
ALARM = {"name": "warm", "metric_name": "CPUUtilization", "namespace": "AWS/EC2", "comparison": "GreaterThanThreshold"}
ALARM |= {"threshold": 5.0, "period": 300, "evaluation_periods": 3, "statistic": "Average"}

CASES: dict[str, dict] = {
    "vpc planned": {**VPC, "check_mode": True, "diff": True},
    "vpc": {**VPC, "register": "vpc", "diff": True},
    "vpc unchanged": VPC,
    "subnets": {"groundwork.aws.ec2_subnets": {"vpc_id": "{{ vpc.vpc.vpc_id }}", "subnets": [SUBNET], "tags": TAGS}},
    "log groups refused": {"groundwork.aws.logs_log_groups": GROUPS},
    "roles": {"groundwork.aws.iam_roles": {"roles": [{"name": "warm", "assume_role_policy": TRUST}], "tags": TAGS}},
    "keys": {"groundwork.aws.kms_keys": {"keys": [{"name": "warm", "description": "of a test"}], "tags": TAGS}},
    "clusters": {"groundwork.aws.ecs_clusters": {"clusters": [{"name": "warm"}], "tags": TAGS}, "diff": True},
    "clusters gone": {"groundwork.aws.ecs_clusters": {"clusters": [{"name": "warm"}], "state": "absent"}},
    "secrets": {"groundwork.aws.secretsmanager_secrets": {"secrets": [{"name": "warm"}], "tags": TAGS}, "no_log": True},
    "zones": {"groundwork.aws.route53_zones": {"state": "gathered", "zones": [{"name": "warm.example"}]}},
    "topics": {"groundwork.aws.sns_topics": {"topics": [{"name": "warm"}], "tags": TAGS}, "check_mode": True},
    "repositories": {"groundwork.aws.ecr_repositories": {"repositories": [{"name": "warm"}], "tags": TAGS}},
    "zones of a region": {"amazon.aws.aws_az_info": {}},
    "group": {"amazon.aws.ec2_security_group": {"name": "warm", "description": "warm"}, "diff": True},
    "volume": {"amazon.aws.ec2_vol": {"volume_size": 1, "zone": f"{REGION}a", "name": "warm"}},
    "volumes crash": {"amazon.aws.ec2_vol_info": {}},
    "bucket": {"amazon.aws.s3_bucket": {"name": "warm-bucket", "encryption": "AES256"}, "diff": True},
    "object missing": {"amazon.aws.s3_object": {"bucket": "warm-bucket", "object": "z", "mode": "getstr"}},
    "user": {"amazon.aws.iam_user": {"name": "warm", "state": "present"}},
    "key info": {"amazon.aws.kms_key_info": {}},
    "alarm": {"amazon.aws.cloudwatch_metric_alarm": {**ALARM, "state": "present"}},
    "instances": {"amazon.aws.rds_instance_info": {}},
    "queue": {"community.aws.sqs_queue": {"name": "warm", "default_visibility_timeout": 40}, "check_mode": True},
    "table": {"community.aws.dynamodb_table": {"name": "warm", "hash_key_name": "id", "hash_key_type": "STRING"}},
    "certificates": {"community.aws.acm_certificate_info": {}},
    "topic": {"community.aws.sns_topic": {"name": "other"}},
    "web acls": {"community.aws.wafv2_web_acl_info": {"name": "none", "scope": "REGIONAL"}},
    "no region": {"amazon.aws.ec2_vpc_net_info": {"region": ""}},
}
FAILURES = {"log groups refused", "object missing", "volumes crash", "no region", "nobody"}

# -- whose credentials


def assume(role: str) -> dict:
    """Become somebody else."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    return {"amazon.aws.sts_assume_role": {"role_arn": arn, "role_session_name": "warm"}, "register": f"as_{role}"}


def credentials(role: str, *names: str) -> dict:
    """What was given to that somebody, under other names."""
    own = ("access_key", "secret_key", "session_token")
    return {name: f"{{{{ as_{role}.sts_creds.{key} }}}}" for name, key in zip(names or own, own, strict=True)}


VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
CALLER = "amazon.aws.aws_caller_info"
CASES |= {
    "become a": assume("a"),
    "become b": assume("b"),
    "a by parameters": {CALLER: credentials("a")},
    "after parameters": {CALLER: {}},
    "b by environment": {CALLER: {}, "environment": credentials("b", *VARIABLES)},
    "nobody": {CALLER: {}, "environment": dict.fromkeys(VARIABLES, "")},
    "after nobody": {CALLER: {}},
    "both": {CALLER: credentials("a"), "environment": credentials("b", *VARIABLES)},
}
MYSELF, A, B = "user/sandbox", "assumed-role/a/warm", "assumed-role/b/warm"
CALLERS = {"a by parameters": A, "after parameters": MYSELF, "b by environment": B, "after nobody": MYSELF, "both": A}

# -- what cannot be the same

# Drawn at random by an AWS that is started anew for each connection.
GENERATED = re.compile(
    r"\b(?:[a-z]+-[0-9a-f]{17}|[a-z]+-[0-9a-f]{8}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|A[A-Z]{3}[0-9A-Z]{12,17}|[0-9a-z]{20}|[0-9A-Za-z]{52})\b"
)
SECRETS = {"secret_key", "session_token"}
TIMES = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?"), "time"),
    (re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"), "time"),
    (re.compile(r"\b1[789]\d{8}(\.\d+)?\b"), "seconds"),
)


class Names:
    """Generated identifiers by the order in which they appear: two accounts are the same if these are."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def rename(self, text: str) -> str:
        """A text with the numbers of its identifiers."""
        return GENERATED.sub(lambda found: self._known.setdefault(found[0], f"generated-{len(self._known)}"), text)

    def rename_known(self, text: str) -> str:
        """The same where order means nothing: what is not known has no number."""
        return GENERATED.sub(lambda found: self._known.get(found[0], "generated"), text)


def timeless(value) -> str:
    """A text without the time of day."""
    text = str(value)
    for pattern, replacement in TIMES:
        text = pattern.sub(replacement, text)
    return text


def comparable(result, names: Names) -> dict[str, str]:
    """A flat result."""
    found = leaves(normal(result))
    return {key: names.rename(timeless(item)) for key, item in found.items() if key.rpartition(".")[2] not in SECRETS}


def arrived(call: dict, names: Names) -> str:
    """A call as the sandbox recorded it."""
    kept = ("service", "operation", "region", "account", "parameters", "outcome", "status")
    return names.rename_known(timeless(json.dumps({key: call[key] for key in kept}, sort_keys=True)))


# -- the runs

# What local executes goes through the shell, twice, so this tells how many modules did.
SHELL = """#!/bin/sh
printf '%s\\n' "$*" >> "${0%/*}/shells"
exec /bin/sh "$@"
"""


def run(connection: str, folder) -> dict:
    """Everything with one connection and one account."""
    bench = Bench(folder)
    (folder / "sh").write_text(SHELL)
    (folder / "sh").chmod(0o755)
    tasks = [{"name": name, "ignore_errors": True, **case} for name, case in CASES.items()]
    env = {"ANSIBLE_EXECUTABLE": str(folder / "sh"), "GROUNDWORK_WARM_PAYLOAD_DIRECTORY": f"{ROOT}/.cache/payloads"}
    with Sandbox.start() as sandbox:
        env |= sandbox.environment({})
        results, text = bench.run(
            tasks, connection, module_defaults={"group/groundwork.aws.aws": {"region": REGION}}, env=env
        )
        calls = sandbox.calls()
    assert wait_for(lambda: not processes(bench)), processes(bench)
    results = {task: result for (_host, task), result in results.items()}
    assert list(results) == list(CASES), text
    names = Names()
    return {
        "kinds": {task: kind for task, (kind, _content) in results.items()},
        "results": {task: comparable(result, names) for task, result in results.items()},
        "callers": {task: results[task][1]["arn"].rpartition(":")[2] for task in CALLERS},
        "calls": collections.Counter(arrived(call, names) for call in calls),
        "shells": sum(sys.executable in line for line in (folder / "shells").read_text().splitlines()),
        "leftovers": bench.leftovers(),
        "messages": {task: content.get("msg") for task, (kind, content) in results.items() if kind != "ok"},
    }


def test_aws_modules_have_the_same_results(tmp_path):
    connections = {"local": "local", "warm": "groundwork.aws.warm"}
    with concurrent.futures.ThreadPoolExecutor() as pool:
        started = {name: pool.submit(run, connection, tmp_path / name) for name, connection in connections.items()}
        local, warm = (started[name].result() for name in connections)
    differences = {
        (task, key): (local["results"][task].get(key), warm["results"][task].get(key))
        for task in CASES
        for key in sorted(set(local["results"][task]) | set(warm["results"][task]))
        if local["results"][task].get(key) != warm["results"][task].get(key)
    }
    assert differences == {}
    assert local["calls"] - warm["calls"] == warm["calls"] - local["calls"] == collections.Counter()
    assert {task for task, kind in local["kinds"].items() if kind != "ok"} == FAILURES, local["messages"]
    assert local["callers"] == warm["callers"] == CALLERS
    # the warm connection asks once what the shell does to the environment
    assert warm["shells"] == 2 and local["shells"] == 2 * len(CASES)
    assert warm["leftovers"] == []


def test_forty_modules_are_compared():
    """Of all four collections, here and in test_warm_connection; raw and script are no modules."""
    tables = (CASES, test_warm_connection.CASES)
    modules = {key for table in tables for case in table.values() for key in case if key.count(".") == 2}
    modules -= {"ansible.builtin.raw", "ansible.builtin.script"}
    assert {module.split(".")[0] for module in modules} == {"groundwork", "amazon", "community", "ansible"}
    assert len(modules) >= 40, sorted(modules)
