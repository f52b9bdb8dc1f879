# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Task definitions: what is registered, what of it differs from what AWS shows, and what is refused."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definition_rules as rules
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definitions as definitions

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:dougust/database-AbCdEf"
ROLE = "arn:aws:iam::123456789012:role/dougust-execution"


def blank(options, **values):
    return {**{key: option.get("default") for key, option in options.items()}, **values}


def container(name="api", **values):
    return blank(definitions.CONTAINER_OPTIONS, **{"name": name, "image": f"example/{name}:1", **values})


def item(*containers, **values):
    given = {"cpu": 512, "memory": 1024, "execution_role_arn": ROLE, **values}
    return blank(definitions.DEFINITION_OPTIONS, containers=list(containers or [container()]), **given)


CHECK = {"command": ["CMD-SHELL", "true"], "interval": 30, "timeout": 5, "retries": 3, "start_period": None}
FULL = container(
    port=3000,
    command=["node", "main.js"],
    environment={"PORT": 3000, "DEBUG": False},
    secrets={"DATABASE_URL": SECRET},
    mount_points={"tmp": "/tmp"},
    health_check=CHECK,
    log_group="/ecs/dougust",
    init_process_enabled=True,
    read_only_root_filesystem=True,
)


def described(request):
    """What DescribeTaskDefinition shows of a request: AWS fills in defaults."""
    shown = copy.deepcopy(request)
    shown.update(revision=1, status="ACTIVE", placementConstraints=[], compatibilities=["EC2", "FARGATE"])
    shown.setdefault("volumes", [])
    for volume in shown["volumes"]:
        volume["host"] = {}
    for one in shown["containerDefinitions"]:
        for key in ("portMappings", "environment", "mountPoints", "volumesFrom", "systemControls", "secrets"):
            one.setdefault(key, [])
        one.setdefault("cpu", 0)
        one.setdefault("essential", True)
        one["environment"].reverse()
        for mapping in one["portMappings"]:
            mapping["hostPort"] = mapping["containerPort"]
        if "healthCheck" in one:
            one["healthCheck"] = {"interval": 30, "timeout": 5, "retries": 3, **one["healthCheck"]}
        if "logConfiguration" in one:
            one["logConfiguration"]["secretOptions"] = []
    return shown


def test_what_is_registered():
    request = definitions.request(item(FULL, volumes=["tmp"], ephemeral_storage_gib=30), "eu-west-1")
    (one,) = request.pop("containerDefinitions")
    assert request == {
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "512",
        "memory": "1024",
        "executionRoleArn": ROLE,
        "volumes": [{"name": "tmp"}],
        "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
        "ephemeralStorage": {"sizeInGiB": 30},
    }
    assert one == {
        "name": "api",
        "image": "example/api:1",
        "essential": True,
        "command": ["node", "main.js"],
        "readonlyRootFilesystem": True,
        "environment": [{"name": "DEBUG", "value": "false"}, {"name": "PORT", "value": "3000"}],
        "secrets": [{"name": "DATABASE_URL", "valueFrom": SECRET}],
        "mountPoints": [{"sourceVolume": "tmp", "containerPath": "/tmp"}],
        "portMappings": [{"containerPort": 3000, "protocol": "tcp"}],
        "linuxParameters": {"initProcessEnabled": True},
        "healthCheck": {"command": ["CMD-SHELL", "true"], "interval": 30, "timeout": 5, "retries": 3},
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": "/ecs/dougust",
                "awslogs-region": "eu-west-1",
                "awslogs-stream-prefix": "api",
            },
        },
    }


@pytest.mark.parametrize("containers", [[container()], [FULL, container("init", essential=False)]])
def test_what_aws_fills_in_is_no_difference(containers):
    request = definitions.request(item(*containers, volumes=["tmp"]), "us-east-1")
    form = definitions.comparable(described(request))
    assert form == definitions.comparable(request)
    assert definitions.same(form, definitions.comparable(request))


@pytest.mark.parametrize(
    "change, key",
    [
        ({"command": ["main.js", "node"]}, "api.command"),
        ({"command": None}, "api.command"),
        ({"health_check": {**CHECK, "command": ["true", "CMD-SHELL"]}}, "api.health_check"),
        ({"health_check": {**CHECK, "retries": 4}}, "api.health_check"),
        ({"health_check": None}, "api.health_check"),
        ({"environment": {"PORT": 3000}}, "api.environment"),
        ({"secrets": {"DATABASE_URL": f"{SECRET}:url::"}}, "api.secrets"),
        ({"essential": False}, "api.essential"),
        ({"user": "1000"}, "api.user"),
        ({"port": 3001}, "api.port"),
        ({"read_only_root_filesystem": False}, "api.read_only_root_filesystem"),
        ({"init_process_enabled": None}, "api.init_process_enabled"),
        ({"log_stream_prefix": "web"}, "api.log"),
        ({"mount_points": {"tmp": "/cache"}}, "api.mount_points"),
    ],
)
def test_anything_else_is_one(change, key):
    before = definitions.comparable(definitions.request(item(FULL), "us-east-1"))
    after = definitions.comparable(definitions.request(item({**FULL, **change}), "us-east-1"))
    assert not definitions.same(before, after)
    assert [one for one in {**before, **after} if before.get(one) != after.get(one)] == [key]


@pytest.mark.parametrize(
    "change", [{"cpu": 256}, {"task_role_arn": ROLE}, {"cpu_architecture": "ARM64"}, {"volumes": ["tmp"]}]
)
def test_the_task_s_own_fields_count(change):
    before, after = (definitions.comparable(definitions.request(item(**one), "us-east-1")) for one in ({}, change))
    assert not definitions.same(before, after)


def test_what_an_item_cannot_say_is_seen_in_a_revision_made_by_hand():
    request = definitions.request(item(FULL, volumes=["tmp"]), "us-east-1")
    for change in (
        {"ulimits": [{"name": "nofile", "softLimit": 1, "hardLimit": 2}]},
        {"portMappings": [{"containerPort": 3000, "protocol": "udp"}]},
        {"mountPoints": [{"sourceVolume": "tmp", "containerPath": "/tmp", "readOnly": True}]},
        {"linuxParameters": {"initProcessEnabled": True, "sharedMemorySize": 64}},
        {"versionConsistency": "disabled"},
    ):
        by_hand = described(request)
        by_hand["containerDefinitions"][0].update(change)
        assert not definitions.same(definitions.comparable(by_hand), definitions.comparable(request)), change
    windows = {**request, "runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}}
    assert definitions.comparable(windows)["cpu_architecture"] == "WINDOWS_SERVER_2022_CORE X86_64"
    shared = {**request, "volumes": [{"name": "tmp", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}]}
    assert not definitions.same(definitions.comparable(shared), definitions.comparable(request))


def test_a_comparison_finds_what_only_the_current_form_has():
    assert definitions.wanted({"a": 1, "b": 2}, {"a": 3}) == {"a": 3, "b": ""}


def test_a_release_changes_one_image():
    released = definitions.with_image(item(FULL, container("agent")), "api", "example/api:2")
    assert [one["image"] for one in released["containers"]] == ["example/api:2", "example/agent:1"]


def test_the_bootstrap_form_keeps_all_but_image_command_and_health_check():
    agent = container("agent", depends_on={"api": "HEALTHY"})
    bootstrap = {"image": "busybox", "command": ["httpd"], "health_check": None}
    plain = definitions.with_bootstrap(item({**FULL, "entry_point": ["sh"]}, agent), "api", bootstrap)
    api, agent = plain["containers"]
    assert (api["image"], api["command"], api["health_check"], api["entry_point"]) == ("busybox", ["httpd"], None, None)
    assert (api["environment"], api["secrets"]) == (FULL["environment"], FULL["secrets"])
    assert agent["depends_on"] == {"api": "START"}
    assert definitions.is_bootstrap(definitions.request(plain, "us-east-1"))
    assert not definitions.is_bootstrap(definitions.request(item(FULL), "us-east-1"))
    assert rules.flaw(plain | {"volumes": ["tmp"]}) == ""
    checked = definitions.with_bootstrap(item(FULL, agent), "api", {**bootstrap, "health_check": CHECK})
    assert checked["containers"][0]["health_check"] == CHECK


@pytest.mark.parametrize("cpu, memory", [(256, 512), (512, 4096), (4096, 30720), (8192, 61440), (16384, 122880)])
def test_fargate_s_sizes(cpu, memory):
    assert rules.flaw(item(cpu=cpu, memory=memory)) == ""


def waiting(condition, **values):
    return item(container(depends_on={"init": condition}), container("init", **values))


@pytest.mark.parametrize(
    "bad, message",
    [
        (item(cpu=300), "cannot have cpu 300. To fix: one of 256,"),
        (item(cpu=256, memory=4096), "cannot have memory 4096 with cpu 256. To fix: one of 512, 1024, 2048"),
        (item(cpu=8192, memory=17408), "cannot have memory 17408 with cpu 8192"),
        (item(container(memory=800), container("b", memory=800)), "has containers with memory 1600 in all"),
        (item(container(cpu=513)), "has containers with cpu 513 in all. To fix: at most the task's 512"),
        (item(ephemeral_storage_gib=20), "cannot have this ephemeral_storage_gib"),
        (item(volumes=["tmp", "tmp"]), "lists a volume twice"),
        (item(volumes=["/tmp"]), "has an impossible volume"),
        (item() | {"containers": []}, "needs 1 to 10 containers"),
        (item(container(), container()), "needs 1 to 10 containers. To fix: list them, each with its own name"),
        (item(container(essential=False)), "has no essential container"),
        (item(container(port=80), container("b", port=80)), "has two containers on one port"),
        (item(container("a b")), "that cannot have this name"),
        (item(container(image=None)), "that has no image"),
        (item(container(port=0)), "that has an impossible port"),
        (item(container(stop_timeout=121)), "that has an impossible stop_timeout"),
        (item(container(memory=5)), "that has too little memory"),
        (item(container(log_stream_prefix="a")), "that has a log_stream_prefix without log_group"),
        (item(container(log_group="a"), execution_role_arn=None), "that needs an execution role"),
        (item(container(secrets={"A": SECRET}), execution_role_arn=None), "that needs an execution role"),
        (item(container(secrets={"A": SECRET}, environment={"A": 1})), "that has A in environment and in secrets"),
        (item(container(environment={"A": None})), "that has no value for A"),
        (item(container(secrets={"A": "hunter2"})), "that has no reference to a secret in A"),
        (item(container(secrets={"A": f"{SECRET}:url"})), "that has no reference to a secret in A"),
        (item(container(mount_points={"tmp": "/tmp"})), "that mounts tmp, which is no volume"),
        (item(container(mount_points={"tmp": "tmp"}), volumes=["tmp"]), "that mounts tmp at a relative path"),
        (item(container(health_check={**CHECK, "command": ["true"]})), "that has an impossible health check"),
        (item(container(health_check={**CHECK, "interval": 4})), "an impossible interval of its health check"),
        (waiting("STARTED", essential=False), "on an unknown condition. To fix: one of START,"),
        (waiting("SUCCESS"), "depends on init, on its end, though it is essential"),
        (waiting("HEALTHY"), "depends on init, which has no health check"),
        (item(container(depends_on={"b": "START"})), "depends on b, which is no container"),
        (
            item(container(depends_on={"b": "START"}), container("b", depends_on={"api": "START"})),
            "has containers that wait for each other",
        ),
    ],
)
def test_what_aws_would_refuse_is_refused_before(bad, message):
    assert message in rules.flaw(bad)
    assert ". To fix: " in rules.flaw(bad) and "hunter2" not in rules.flaw(bad)


def test_references_to_secrets():
    for reference in (SECRET, f"{SECRET}:url::", "arn:aws:ssm:us-east-1:123456789012:parameter/dougust/flag"):
        assert rules.flaw(item(container(secrets={"A": reference}))) == ""
    assert rules.flaw(waiting("SUCCESS", essential=False)) == ""
    assert rules.flaw(waiting("HEALTHY", health_check=CHECK)) == ""
