# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scheduled tasks and exports of databases: items, policies, and what the shell scripts do."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definition_rules as rules
from ansible_collections.groundwork.aws.plugins.module_utils.ecs_task_definitions import DEFINITION_OPTIONS
from ansible_collections.groundwork.aws.plugins.modules import scheduler_schedules
from ansible_collections.groundwork.aws.plugins.plugin_utils import database_exports, fargate, schedules

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/dougust/database-url-AbCdEf"
CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/dougust-production"
SETTINGS = {
    "state": "present",
    "prefix": "dougust-production",
    "account_id": "123456789012",
    "region": "us-east-1",
    "partition": "aws",
    "cluster_arn": CLUSTER,
    "subnet_ids": ["subnet-1"],
    "security_group_ids": ["sg-1"],
    "kms_key_arn": "arn:key",
    "log_retention_days": 30,
    "logs_kms_key_arn": "",
    "secret_arns": {"database-url": SECRET},
    "bucket_names": {"exports": "dougust-exports"},
    "bucket_arns": {"exports": "arn:aws:s3:::dougust-exports"},
    "cpu_architecture": "X86_64",
    "prepare_image": "busybox:1",
    "postgres_image": "postgres",
    "upload_image": "aws-cli:2",
}
EXPORT = {
    "name": "weekly-export",
    "expression": "cron(0 5 ? * SUN *)",
    "secret": "database-url",
    "bucket": "exports",
    "postgres_version": "15.8",
}
TASK = {
    "name": "clean-up",
    "expression": "rate(1 day)",
    "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/dougust-production-api:v1",
    "command": ["npm", "run", "clean-up"],
    "environment": {"DAYS": 30},
    "secrets": {"DATABASE_URL": "database-url"},
    "task_policy": [{"Sid": "Own"}],
}


def jobs(**settings):
    return schedules.jobs([TASK], [EXPORT], {**SETTINGS, **settings})


def roles():
    return {item["name"]: item for item in schedules.role_items(jobs(), SETTINGS)}


def statements(part):
    role = roles()[f"dougust-production-schedule-{part}"]
    return {one["Sid"]: one for one in role["inline_policies"]["access"]["Statement"]}


def containers(name):
    found = schedules.definition_items(jobs(), SETTINGS)
    (definition,) = [one for one in found if one["name"] == f"dougust-production-schedule-{name}"]
    return {container["name"]: container for container in definition["containers"]}


# Items


def test_the_module_takes_every_task_definition():
    spec = {"name": {"type": "str", "required": True}, **DEFINITION_OPTIONS}
    for item in schedules.definition_items(jobs(), SETTINGS):
        checked = ArgumentSpecValidator(spec).validate(item)
        assert (checked.error_messages, rules.flaw(checked.validated_parameters)) == ([], "")


def test_a_schedule_starts_the_newest_revision_of_its_family():
    definitions = {item["name"]: {"arn": f"{item['name']}:7"} for item in schedules.definition_items(jobs(), SETTINGS)}
    items = schedules.schedule_items(jobs(), SETTINGS, definitions)
    assert [item["task_definition_arn"] for item in items] == [
        "dougust-production-schedule-clean-up:7",
        "dougust-production-schedule-weekly-export:7",
    ]
    spec = scheduler_schedules.ARGUMENT_SPEC["schedules"]["options"]
    for item in items:
        checked = ArgumentSpecValidator(spec).validate(item)
        assert (checked.error_messages, scheduler_schedules.flaw(checked.validated_parameters)) == ([], "")


@pytest.mark.parametrize("state", ["gathered", "absent"])
def test_to_read_or_remove_what_is_there_names_are_enough(state):
    settings = {**SETTINGS, "state": state, "secret_arns": {}, "bucket_arns": {}}
    found = schedules.jobs([TASK], [EXPORT], settings)
    assert schedules.schedule_items(found, settings, {}) == [{"name": "clean-up"}, {"name": "weekly-export"}]
    assert all(set(one) == {"name"} for one in schedules.definition_items(found, settings))
    names = [one["name"] for one in schedules.role_items(found, settings)]
    assert names == list(roles()), "the same as were made"


def test_names_are_as_long_as_aws_allows():
    found = schedules.jobs([TASK], [], {**SETTINGS, "prefix": "p" * 70})
    names = list(found[0]["roles"].values())
    assert len(set(names)) == 3 and all(len(name) <= 64 for name in names)
    assert len(schedules.group_name("p" * 70)) == 64


@pytest.mark.parametrize(
    "changes, message", [({"secret": "other"}, "needs the secret other"), ({"bucket": "x"}, "needs the bucket x")]
)
def test_what_is_not_there_is_refused_by_name(changes, message):
    with pytest.raises(fargate.Unknown, match=message):
        schedules.jobs([], [{**EXPORT, **changes}], SETTINGS)


def test_logs_are_kept_as_long_as_the_inventory_says():
    first, *_rest = schedules.log_group_items(jobs(), SETTINGS)
    assert first == {"name": "/ecs/dougust-production/schedules/clean-up", "retention_days": 30, "kms_key_arn": None}


def test_outputs_say_what_is_there():
    found = schedules.outputs(jobs(state="gathered"), {"clean-up": {"arn": "arn:schedule"}}, {})
    assert found["clean-up"]["arn"] == "arn:schedule" and found["weekly-export"]["arn"] is None
    assert found["weekly-export"]["expression"] == "cron(0 5 ? * SUN *)"


# Policies


def test_a_schedule_may_run_one_family_in_one_cluster_with_two_roles():
    found = statements("weekly-export-scheduler")
    family = "arn:aws:ecs:us-east-1:123456789012:task-definition/dougust-production-schedule-weekly-export:*"
    assert found["Run"]["Resource"] == family and found["Run"]["Condition"] == {"ArnEquals": {"ecs:cluster": CLUSTER}}
    assert found["Tag"]["Resource"] == "arn:aws:ecs:us-east-1:123456789012:task/dougust-production/*"
    assert [arn.rpartition("-")[2] for arn in found["PassRoles"]["Resource"]] == ["execution", "task"]
    assert found["PassRoles"]["Condition"]["StringEquals"] == {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
    (trust,) = roles()["dougust-production-schedule-weekly-export-scheduler"]["assume_role_policy"]["Statement"]
    group = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/dougust-production"
    assert trust["Condition"]["ArnLike"] == {"aws:SourceArn": group}


def test_an_export_may_write_below_its_prefix_and_pull_public_images_only():
    found = statements("weekly-export-task")
    assert found["Write"]["Resource"] == "arn:aws:s3:::dougust-exports/exports/*"
    assert found["Key"]["Condition"] == {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    assert set(statements("weekly-export-execution")) == {"Log", "Secrets", "Key"}


def test_a_task_pulls_from_the_repository_of_its_image():
    found = statements("clean-up-execution")
    assert found["Images"]["Resource"] == ["arn:aws:ecr:us-east-1:123456789012:repository/dougust-production-api"]
    assert list(statements("clean-up-task")) == ["Own"]


# Exports


def test_the_upload_begins_when_the_dump_has_succeeded_and_the_task_ends_with_it():
    found = containers("weekly-export")
    dump, upload = found["dump"], found["upload"]
    assert (dump["essential"], upload.get("essential", True)) == (False, True)
    assert upload["depends_on"] == {fargate.PREPARE: "SUCCESS", "dump": "SUCCESS"}
    assert dump["mount_points"] == upload["mount_points"] == {"export": "/export"}
    assert dump["user"] == upload["user"] != "0" and dump["read_only_root_filesystem"]
    assert dump["image"] == "postgres:15" and upload["environment"]["HOME"] == "/export"
    assert dump["secrets"] == {"DATABASE_URL": SECRET}


def shell(tmp_path, script, program, environment):
    """The script with a program that writes what it is given, and what its end was."""
    fake = tmp_path / program
    fake.write_text(
        f'#!/bin/sh\nenv | sort\nfor word; do echo "argument $word"; done\nexit {environment.pop("EXIT", 0)}\n'
    )
    fake.chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    return subprocess.run(
        ["sh", "-c", script], env={**path, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "address, expected",
    [
        ("db.x.org:5433/dougust", {"PGHOST": "db.x.org", "PGPORT": "5433", "PGSSLMODE": "require"}),
        ("db.x.org/dougust", {"PGHOST": "db.x.org", "PGPORT": "5432", "PGSSLMODE": "require"}),
        ("db.x.org:5432/dougust?schema=public&sslmode=prefer&x=1", {"PGSSLMODE": "prefer", "PGDATABASE": "dougust"}),
        ("db.x.org:5432/dougust?sslmode=no-verify", {"PGSSLMODE": "require", "PGDATABASE": "dougust"}),
        ("db.x.org:5432/dougust?sslmode=disable", {"PGSSLMODE": "disable"}),
    ],
)
def test_the_dump_takes_the_url_apart_and_no_argument_shows_the_password(tmp_path, address, expected):
    password = "Ab0_.~-z"
    url = f"postgresql://dougust:{password}@{address}"
    run = shell(
        tmp_path, database_exports.DUMP_SCRIPT, "pg_dump", {"DATABASE_URL": url, "EXPORT_FILE": "/export/x.dump"}
    )
    assert run.returncode == 0, run.stderr
    found = dict(line.partition("=")[::2] for line in run.stdout.splitlines() if not line.startswith("argument"))
    expected = {"PGUSER": "dougust", "PGPASSWORD": password, "PGDATABASE": "dougust", **expected}
    assert {key: found[key] for key in expected} == expected and "DATABASE_URL" not in found
    arguments = [line for line in run.stdout.splitlines() if line.startswith("argument")]
    assert "argument --file=/export/x.dump" in arguments and not any(password in line for line in arguments)


@pytest.mark.parametrize("environment", [{"EXIT": 3, "DATABASE_URL": "postgresql://a:b@c/d", "EXPORT_FILE": "x"}, {}])
def test_a_dump_that_fails_or_cannot_begin_fails_the_container(tmp_path, environment):
    run = shell(tmp_path, database_exports.DUMP_SCRIPT, "pg_dump", dict(environment))
    assert run.returncode == environment.get("EXIT", run.returncode) != 0


def test_the_upload_names_the_object_by_the_time_in_utc(tmp_path):
    environment = {"EXPORT_FILE": "/export/x.dump", "EXPORT_TARGET": "s3://b/exports/x", "TZ": "Pacific/Auckland"}
    run = shell(tmp_path, database_exports.UPLOAD_SCRIPT, "aws", environment)
    words = re.findall(r"^argument (.*)$", run.stdout, re.MULTILINE)
    assert words[:4] == ["s3", "cp", "--no-progress", "/export/x.dump"]
    assert re.fullmatch(r"s3://b/exports/x-\d{4}-\d\d-\d\dT\d{6}Z\.dump", words[4])


def test_an_upload_that_fails_fails_the_container(tmp_path):
    environment = {"EXIT": 1, "EXPORT_FILE": "x", "EXPORT_TARGET": "y"}
    assert shell(tmp_path, database_exports.UPLOAD_SCRIPT, "aws", environment).returncode == 1
