# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The items of ECS services, their roles and scaling, and what releases are told about them."""

from __future__ import annotations

import subprocess

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_services as module
from ansible_collections.groundwork.aws.plugins.plugin_utils import ecs, fargate

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/dougust/database-url-AbCdEf"
REPOSITORY = "arn:aws:ecr:us-east-1:123456789012:repository/dougust-production-api"
SETTINGS = {
    "state": "present",
    "prefix": "dougust-production",
    "account_id": "123456789012",
    "region": "us-east-1",
    "partition": "aws",
    "cluster": "dougust-production",
    "container_insights": "enabled",
    "log_retention_days": 90,
    "logs_kms_key_arn": "arn:logs-key",
    "kms_key_arn": "arn:key",
    "subnet_ids": ["subnet-1", "subnet-2"],
    "security_group_ids": ["sg-1"],
    "target_group_arns": {"api": "arn:target-group"},
    "secret_arns": {"database-url": SECRET, "later": None},
    "repository_arns": {"api": REPOSITORY, "web": "arn:web"},
    "execute_command": False,
    "bootstrap_image": "busybox:1",
    "cpu_architecture": "X86_64",
}
API = {
    "name": "api",
    "cpu": 1024,
    "memory": 2048,
    "port": 3000,
    "target_group": "api",
    "repository": "api",
    "desired_count": 4,
    "min_count": 2,
    "max_count": 10,
    "environment": {"PORT": 3000},
    "secrets": {"DATABASE_URL": "database-url", "DATABASE_HOST": "database-url:host"},
    "migration": {"command": ["npm", "run", "migration:run"]},
    "smoke_tests": [{"path": "/api/health"}],
}
WORKER = {"name": "worker", "cpu": 256, "memory": 512}


def service(changes=None, **settings):
    (item,) = ecs.service_items([{**API, **(changes or {})}], {**SETTINGS, **settings})
    return item


def containers(item):
    return {container["name"]: container for container in item["task_definition"]["containers"]}


def roles(changes=None, **settings):
    execution, task = ecs.role_items([{**API, **(changes or {})}], {**SETTINGS, **settings})
    return execution, task


def statements(role):
    return {one["Sid"]: one for one in role["inline_policies"].get("access", {"Statement": []})["Statement"]}


# Services


@pytest.mark.parametrize(
    "changes", [API, WORKER, {**API, "execute_command": True, "container_health_check": ["CMD", "x"]}]
)
def test_the_module_takes_every_service_before_and_after_its_first_release(changes):
    (item,) = ecs.service_items([changes], SETTINGS)
    checked = ArgumentSpecValidator(module.OPTIONS).validate(item)
    assert (checked.error_messages, module.flaw(checked.validated_parameters)) == ([], "")


def test_a_service_is_not_root_and_writes_only_into_volumes_that_were_prepared_for_it():
    item = service()
    found = containers(item)
    assert (found["api"]["user"], found["api"]["read_only_root_filesystem"]) == ("1000", True)
    assert found["api"]["mount_points"] == found[fargate.PREPARE]["mount_points"] == {"tmp": "/tmp"}
    assert found["api"]["depends_on"] == {fargate.PREPARE: "SUCCESS"}
    prepare = found[fargate.PREPARE]
    assert (prepare["command"], prepare["user"], prepare["essential"]) == (["chmod", "1777", "/tmp"], "0", False)
    assert item["task_definition"]["volumes"] == ["tmp"]


def test_where_the_image_can_be_written_there_are_no_volumes():
    item = service({"read_only_root_filesystem": False})
    assert list(containers(item)) == ["api"] and "volumes" not in item["task_definition"]


def test_ecs_exec_has_its_folders_its_channels_and_its_log():
    item = service({"execute_command": True})
    assert item["enable_execute_command"]
    assert item["task_definition"]["volumes"] == ["tmp", "var-lib-amazon", "var-log-amazon"]
    assert list(statements(roles({"execute_command": True})[1])) == ["ExecChannels", "ExecLogGroups", "ExecLog"]
    assert service(execute_command=True)["enable_execute_command"]


def test_the_container_gets_secrets_by_arn_and_texts():
    api = containers(service())["api"]
    assert api["secrets"] == {"DATABASE_URL": SECRET, "DATABASE_HOST": f"{SECRET}:host::"}
    assert api["environment"] == {"PORT": "3000"} and "image" not in api


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"secrets": {"A": "other"}}, "needs the secret other for A"),
        ({"secrets": {"A": "later"}}, "needs the secret later for A"),
        ({"target_group": "other"}, "needs the target group other"),
    ],
)
def test_what_is_not_there_is_refused_by_name(changes, message):
    with pytest.raises(fargate.Unknown, match=message):
        service(changes)


def test_reading_takes_secrets_that_are_not_there_yet_and_removing_takes_names():
    assert containers(service({"secrets": {"A": "later"}}, state="gathered"))["api"]["secrets"] == {"A": None}
    assert service({"secrets": {"A": "other"}}, state="absent") == {"name": "dougust-production-api"}
    assert [set(one) for one in roles({"secrets": {"A": "other"}}, state="absent")] == [{"name"}, {"name"}]
    assert ecs.scaling_items([API], {**SETTINGS, "state": "absent"}) == [
        {"name": "service/dougust-production/dougust-production-api"}
    ]


def test_only_a_service_behind_a_load_balancer_has_a_grace_period():
    assert service()["load_balancers"] == [{"target_group_arn": "arn:target-group", "container": "api", "port": 3000}]
    assert service()["health_check_grace_period_seconds"] == 60
    worker = service({"target_group": ""})
    assert worker["load_balancers"] == [] and "health_check_grace_period_seconds" not in worker


def test_zones_are_not_rebalanced_where_no_task_may_come_on_top():
    assert service()["availability_zone_rebalancing"] == "ENABLED"
    changes = {"maximum_percent": 100, "minimum_healthy_percent": 0}
    assert service(changes)["availability_zone_rebalancing"] == "DISABLED"


def test_names_of_the_inventory_win():
    names = {
        "service_name": "digitalmeng-service",
        "family": "digitalmeng-app",
        "container": "app",
        "log_group": "/ecs/d",
    }
    item = service(names)
    assert (item["name"], item["task_definition"]["family"], item["release_container"]) == (
        "digitalmeng-service",
        "digitalmeng-app",
        "app",
    )
    assert item["load_balancers"][0]["container"] == "app"
    assert ecs.log_group_names([{**API, **names}], SETTINGS) == {"api": "/ecs/d"}


# Bootstrap


def test_the_bootstrap_reads_the_request_and_answers_200_with_the_length_of_its_answer():
    *_nc, shell, option, script = ecs.bootstrap_command(3000)
    assert (shell, option) == ("sh", "-c")
    request_text = "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\nrest"
    # Bash stands in for BusyBox's shell: the plain POSIX read has no time limit.
    run = subprocess.run(
        ["bash", "-c", f"{script}; cat >&2"], input=request_text, capture_output=True, text=True, check=True
    )
    head, _empty, body = run.stdout.partition("\n\n")
    assert head.splitlines()[0] == "HTTP/1.1 200 OK" and "Connection: close" in head
    assert f"Content-Length: {len(body)}" in head
    assert run.stderr == "rest", "it reads the head and nothing more"


def test_a_service_without_a_port_starts_with_something_that_only_stays():
    assert ecs.bootstrap_command(None) == ["tail", "-f", "/dev/null"]


# Logs and roles


def test_logs_are_kept_as_long_as_the_inventory_says_those_of_the_insights_as_well():
    items = ecs.log_group_items([API], SETTINGS)
    assert [item["name"] for item in items] == [
        "/ecs/dougust-production/api",
        "/aws/ecs/containerinsights/dougust-production/performance",
    ]
    assert all((one["retention_days"], one["kms_key_arn"]) == (90, "arn:logs-key") for one in items)


@pytest.mark.parametrize("state, count", [("present", 1), ("absent", 2)])
def test_the_logs_of_insights_that_were_switched_off_go_with_the_platform(state, count):
    settings = {**SETTINGS, "container_insights": "disabled", "state": state}
    assert len(ecs.log_group_items([API], settings)) == count


def test_ecs_may_do_what_starting_the_task_takes_and_no_more():
    execution, task = roles()
    found = statements(execution)
    assert found["Images"]["Resource"] == [REPOSITORY]
    assert found["Log"]["Resource"].endswith(":log-group:/ecs/dougust-production/api:*")
    assert found["Secrets"]["Resource"] == [SECRET]
    assert (found["Key"]["Action"], found["Key"]["Resource"]) == (["kms:Decrypt"], "arn:key")
    assert found["Key"]["Condition"] == {"StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}}
    assert [sid for sid, one in found.items() if one["Resource"] == "*"] == ["RegistryToken"]
    assert task["inline_policies"] == {} and task["managed_policy_arns"] == []


def test_roles_are_assumed_for_tasks_of_this_account_only():
    for role in roles():
        (statement,) = role["assume_role_policy"]["Statement"]
        assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
        assert statement["Condition"]["ArnLike"] == {"aws:SourceArn": "arn:aws:ecs:us-east-1:123456789012:*"}


def test_a_service_that_names_no_repository_may_pull_from_all_and_without_secrets_needs_no_key():
    execution, task = roles(
        {"repository": "", "secrets": {}, "managed_policies": ["arn:managed"], "task_policy": [{"Sid": "Own"}]}
    )
    assert statements(execution)["Images"]["Resource"] == [REPOSITORY, "arn:web"]
    assert not {"Secrets", "Key"} & statements(execution).keys()
    assert task["managed_policy_arns"] == ["arn:managed"] and list(statements(task)) == ["Own"]


def test_names_of_roles_are_as_long_as_aws_allows_and_equal_in_items_and_outputs():
    settings = {**SETTINGS, "prefix": "p" * 60}
    items = ecs.role_items([API], settings)
    assert all(len(item["name"]) <= 64 for item in items) and items[0]["name"] != items[1]["name"]
    arns = [ecs.role_arns([API], settings, kind)["api"] for kind in ("execution", "task")]
    assert arns == [f"arn:aws:iam::123456789012:role/{item['name']}" for item in items]


# Autoscaling


def test_a_service_scales_on_cpu_and_memory():
    (item,) = ecs.scaling_items([API], SETTINGS)
    assert (item["min_capacity"], item["max_capacity"]) == (2, 10)
    assert {one["name"]: one["target_value"] for one in item["policies"]} == {"cpu": 70, "memory": 80}
    assert all(one["scale_in_cooldown"] == one["scale_out_cooldown"] == 300 for one in item["policies"])


def test_a_service_that_does_not_scale_keeps_its_count():
    (item,) = ecs.scaling_items([{**WORKER, "desired_count": 3, "cpu_target": 0, "memory_target": 0}], SETTINGS)
    assert (item["min_capacity"], item["max_capacity"], item["policies"]) == (3, 3, [])


# Outputs

FOUND = {
    "arn": "arn:service",
    "status": "ACTIVE",
    "task_definition": "arn:aws:ecs:us-east-1:123456789012:task-definition/dougust-production-api:3",
    "image": "busybox:1",
    "bootstrap": True,
    "desired_count": 4,
    "running_count": 4,
    "stable": True,
    "last_event": "steady",
    "release": {"live": None, "live_since": None, "previous": None, "pending": None},
}


def outputs(found=None, **settings):
    return ecs.service_outputs([API], {**SETTINGS, **settings}, {"dougust-production-api": found} if found else {})[
        "api"
    ]


def test_releases_are_told_what_to_register():
    output = outputs(FOUND)
    definition = output["task_definition"]
    assert definition["name"] == "dougust-production-api" and "family" not in definition
    assert definition["execution_role_arn"] == "arn:aws:iam::123456789012:role/dougust-production-api-execution"
    assert output["task_definition_arn"] == FOUND["task_definition"]
    assert (output["migration"], output["smoke_tests"]) == (API["migration"], API["smoke_tests"])
    assert (output["repository"], output["bootstrap"], output["stable"]) == ("api", True, True)


def test_a_service_that_is_not_there_is_told_as_such():
    output = outputs()
    assert (output["arn"], output["status"], output["bootstrap"], output["release"]["pending"]) == (
        None,
        None,
        False,
        None,
    )
    assert output["task_definition"]["name"] == "dougust-production-api"
    assert outputs(state="absent")["task_definition"] is None


@pytest.mark.parametrize(
    "changes, waiting",
    [
        ({}, False),
        ({"stable": False}, True),
        ({"release": {"live": "dougust-production-api:3", "pending": None}}, False),
        ({"release": {"live": "dougust-production-api:2", "pending": None}}, True),
        ({"release": {"live": "dougust-production-api:2", "pending": "dougust-production-api:3"}}, False),
    ],
)
def test_settle_waits_for_what_is_moving_and_for_the_record_of_what_is_live(changes, waiting):
    assert bool(ecs.unsettled({"dougust-production-api": {**FOUND, **changes}})) is waiting
