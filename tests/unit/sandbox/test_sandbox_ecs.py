# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECS: clusters, account settings and task definitions."""

import pytest

SIZES = [("256", "512"), ("512", "4096"), ("1024", "2048"), ("4096", "30720"), ("8192", "61440"), ("16384", "32768")]
IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app"


@pytest.fixture
def ecs(sandbox):
    """ECS in the usual region."""
    return sandbox.client("ecs")


def test_cluster_is_read_back(ecs):
    logging = {"logging": "OVERRIDE", "logConfiguration": {"cloudWatchLogGroupName": "/exec"}}
    ecs.create_cluster(
        clusterName="c", tags=[{"key": "a", "value": "b"}],
        settings=[{"name": "containerInsights", "value": "enhanced"}],
        configuration={"executeCommandConfiguration": logging}, serviceConnectDefaults={"namespace": "local"},
    )  # fmt: skip
    include = ["SETTINGS", "CONFIGURATIONS", "TAGS"]
    (cluster,) = ecs.describe_clusters(clusters=["c"], include=include)["clusters"]
    assert cluster["settings"] == [{"name": "containerInsights", "value": "enhanced"}]
    assert cluster["configuration"]["executeCommandConfiguration"] == logging
    assert cluster["capacityProviders"] == [] and cluster["tags"] == [{"key": "a", "value": "b"}]
    (bare,) = ecs.describe_clusters(clusters=["c"])["clusters"]
    assert bare["settings"] == [] and bare["tags"] == [] and "configuration" not in bare
    again = ecs.create_cluster(clusterName="c")["cluster"]
    assert again["tags"] == [{"key": "a", "value": "b"}]
    assert ecs.describe_clusters(clusters=["x"])["failures"][0]["reason"] == "MISSING"


def test_cluster_changes(ecs, refused):
    ecs.create_cluster(clusterName="c")
    setting = {"name": "containerInsights", "value": "enabled"}
    ecs.update_cluster_settings(cluster="c", settings=[setting])
    assert ecs.describe_clusters(clusters=["c"], include=["SETTINGS"])["clusters"][0]["settings"] == [setting]
    wrong = [{"name": "containerInsights", "value": "yes"}]
    assert refused(ecs.update_cluster, cluster="c", settings=wrong) == "InvalidParameterException"
    override = {"executeCommandConfiguration": {"logging": "OVERRIDE"}}
    assert refused(ecs.update_cluster, cluster="c", configuration=override) == "InvalidParameterException"
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    put = ecs.put_cluster_capacity_providers
    code = refused(put, cluster="c", capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=strategy)
    assert code == "InvalidParameterException"
    put(cluster="c", capacityProviders=["FARGATE", "FARGATE_SPOT"], defaultCapacityProviderStrategy=strategy)
    (cluster,) = ecs.describe_clusters(clusters=["c"])["clusters"]
    assert cluster["defaultCapacityProviderStrategy"] == [{**strategy[0], "base": 0}]
    ecs.delete_cluster(cluster="c")
    assert ecs.list_clusters()["clusterArns"] == []
    assert ecs.describe_clusters(clusters=["c"])["clusters"][0]["status"] == "INACTIVE"
    assert refused(ecs.update_cluster_settings, cluster="c", settings=[setting]) == "ClusterNotFoundException"


def test_account_settings(ecs, refused):
    ecs.put_account_setting_default(name="containerInsights", value="enhanced")
    assert [item["value"] for item in ecs.list_account_settings()["settings"]] == ["enhanced"]
    cluster = ecs.create_cluster(clusterName="c")["cluster"]
    assert cluster["settings"] == [{"name": "containerInsights", "value": "enhanced"}]
    effective = ecs.list_account_settings(effectiveSettings=True, name="awsvpcTrunking")["settings"]
    assert [(item["name"], item["value"]) for item in effective] == [("awsvpcTrunking", "disabled")]
    ecs.delete_account_setting(name="containerInsights")
    assert ecs.list_account_settings()["settings"] == []
    assert refused(ecs.put_account_setting, name="x", value="enabled") == "InvalidParameterException"


@pytest.mark.parametrize(("cpu", "memory"), SIZES)
def test_sizes_that_fargate_has(fargate, cpu, memory):
    arn = fargate.definition(cpu=cpu, memory=memory)
    shown = fargate.ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
    assert (shown["cpu"], shown["memory"]) == (cpu, memory)


def test_sizes_can_be_written_in_words(fargate):
    arn = fargate.definition(cpu=".5 vCPU", memory="1 GB")
    shown = fargate.ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
    assert (shown["cpu"], shown["memory"]) == ("512", "1024")


WRONG = {
    "size": {"cpu": "256", "memory": "4096"},
    "no size": {"cpu": "300", "memory": "512"},
    "network": {"networkMode": "bridge"},
    "no role for logs": {"executionRoleArn": ""},
    "no role for images": {"executionRoleArn": "", "container": {"image": f"{IMAGE}:v1", "logConfiguration": None}},
    "ports": {"container": {"portMappings": [{"containerPort": 80, "hostPort": 81}]}},
    "volume": {"container": {"mountPoints": [{"sourceVolume": "x", "containerPath": "/x"}]}},
    "not essential": {"container": {"essential": False}},
    "health": {"container": {"healthCheck": {"command": ["CMD", "true"], "interval": 1}}},
    "privileged": {"container": {"privileged": True}},
    "capability": {"container": {"linuxParameters": {"capabilities": {"add": ["NET_ADMIN"]}}}},
    "storage": {"ephemeralStorage": {"sizeInGiB": 20}},
    "name": {"family": "a b"},
}


@pytest.mark.parametrize("settings", WRONG.values(), ids=WRONG)
def test_definitions_that_are_refused(fargate, refused, settings):
    container = dict(settings.get("container", {}))
    drop = [name for name, value in container.items() if value is None]
    usual = {"name": "web", "image": "nginx:1", "logConfiguration": {"logDriver": "awslogs", "options": {}}}
    container = {name: value for name, value in (usual | container).items() if name not in drop}
    wanted = {
        "family": "web", "cpu": "256", "memory": "512", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
        "executionRoleArn": "arn:aws:iam::123456789012:role/execution", **settings, "containerDefinitions": [container],
    }  # fmt: skip
    wanted.pop("container", None)
    if not wanted["executionRoleArn"]:
        del wanted["executionRoleArn"]
    assert refused(fargate.ecs.register_task_definition, **wanted) == "ClientException"


def test_dependencies(fargate, refused):
    main = {"name": "web", "image": "nginx", "dependsOn": [{"containerName": "init", "condition": "SUCCESS"}]}
    init = {"name": "init", "image": "busybox"}
    register = fargate.ecs.register_task_definition
    size = {"family": "web", "cpu": "256", "memory": "512", "networkMode": "awsvpc"}
    fargate_only = {"requiresCompatibilities": ["FARGATE"], **size}
    assert refused(register, containerDefinitions=[main, init], **fargate_only) == "ClientException"
    register(containerDefinitions=[main, {**init, "essential": False}], **fargate_only)


def test_definition_is_read_back(fargate):
    container = {
        "command": ["serve"], "user": "1000", "readonlyRootFilesystem": True, "dockerLabels": {"a": "b"},
        "linuxParameters": {"initProcessEnabled": True}, "healthCheck": {"command": ["CMD", "true"]},
        "mountPoints": [{"sourceVolume": "tmp", "containerPath": "/tmp"}], "stopTimeout": 30,
        "secrets": [{"name": "KEY", "valueFrom": "/app/key"}],
    }  # fmt: skip
    platform = {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
    arn = fargate.definition(
        container=container, volumes=[{"name": "tmp"}], ephemeralStorage={"sizeInGiB": 30}, runtimePlatform=platform,
        taskRoleArn="arn:aws:iam::123456789012:role/task", tags=[{"key": "a", "value": "b"}],
    )  # fmt: skip
    answer = fargate.ecs.describe_task_definition(taskDefinition="web", include=["TAGS"])
    shown = answer["taskDefinition"]
    assert answer["tags"] == [{"key": "a", "value": "b"}] and shown["taskDefinitionArn"] == arn
    assert shown["volumes"] == [{"name": "tmp", "host": {}}] and shown["ephemeralStorage"] == {"sizeInGiB": 30}
    assert shown["runtimePlatform"] == platform and shown["taskRoleArn"].endswith("role/task")
    (web,) = shown["containerDefinitions"]
    assert web["healthCheck"] == {"command": ["CMD", "true"], "interval": 30, "timeout": 5, "retries": 3}
    for name in (
        "command",
        "user",
        "readonlyRootFilesystem",
        "dockerLabels",
        "linuxParameters",
        "secrets",
        "stopTimeout",
    ):
        assert web[name] == container[name]
    assert web["portMappings"] == [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}]


def test_definitions_come_and_go(fargate, refused):
    ecs = fargate.ecs
    first, second = fargate.definition(), fargate.definition()
    assert refused(ecs.deregister_task_definition, taskDefinition="web") == "ClientException"
    ecs.deregister_task_definition(taskDefinition=second)
    assert ecs.describe_task_definition(taskDefinition="web")["taskDefinition"]["taskDefinitionArn"] == first
    assert ecs.list_task_definitions(familyPrefix="web")["taskDefinitionArns"] == [first]
    assert ecs.describe_task_definition(taskDefinition=second)["taskDefinition"]["status"] == "INACTIVE"
    answer = ecs.delete_task_definitions(taskDefinitions=[first, second])
    assert [item["taskDefinitionArn"] for item in answer["taskDefinitions"]] == [second] and answer["failures"]
    assert fargate.definition().endswith("web:3")
    listed = ecs.list_task_definitions(familyPrefix="web", sort="DESC", maxResults=1)["taskDefinitionArns"]
    assert listed[0].endswith("web:3")
    assert ecs.list_task_definition_families(status="ACTIVE")["families"] == ["web"]
    assert refused(ecs.describe_task_definition, taskDefinition="other") == "ClientException"
