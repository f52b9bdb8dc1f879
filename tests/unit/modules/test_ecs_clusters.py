# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ecs_clusters against moto: settings, ECS Exec, capacity providers, and deleted clusters that come back."""

from __future__ import annotations

import pytest

MODULE = "ecs_clusters"
NAME = "dougust-test"
TAGS = {"Platform": "dougust", "Environment": "test"}
KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
EXEC = {"kms_key_arn": KEY_ARN, "log_group": "/ecs/dougust-test-exec"}
CLUSTER = {
    "name": NAME,
    "container_insights": "enabled",
    "execute_command": EXEC,
    "capacity_providers": ["FARGATE", "FARGATE_SPOT"],
    "default_capacity_provider_strategy": [{"capacity_provider": "FARGATE", "weight": 1, "base": 1}],
}


def run(cloud, *clusters, **params):
    return cloud.run(MODULE, **{"clusters": list(clusters) or [CLUSTER], "tags": TAGS, **params})


def fail(cloud, *clusters, **params):
    return cloud.run_failing(MODULE, **{"clusters": list(clusters) or [CLUSTER], "tags": TAGS, **params})


def described(cloud, name=NAME):
    include = ["SETTINGS", "CONFIGURATIONS", "TAGS"]
    return cloud.client("ecs").describe_clusters(clusters=[name], include=include)["clusters"][0]


def test_check_mode_on_an_empty_account_predicts_the_cluster(cloud):
    result = run(cloud, check_mode=True, account_id="123456789012")
    cluster = result["clusters"][NAME]
    assert cluster["arn"] == f"arn:aws:ecs:us-east-1:123456789012:cluster/{NAME}"
    assert (cluster["status"], cluster["container_insights"]) == ("ACTIVE", "enabled")
    assert [action["action"] for action in result["actions"]] == ["create"]
    assert (cloud.operations, cloud.mutations) == (["DescribeClusters"], [])


def test_create_then_nothing_to_do(cloud):
    created = run(cloud)
    assert cloud.mutations == ["CreateCluster"]
    shown = described(cloud)
    assert shown["settings"] == [{"name": "containerInsights", "value": "enabled"}]
    assert shown["configuration"]["executeCommandConfiguration"] == {
        "kmsKeyId": KEY_ARN,
        "logging": "OVERRIDE",
        "logConfiguration": {"cloudWatchLogGroupName": "/ecs/dougust-test-exec"},
    }
    assert shown["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert {"key": "Platform", "value": "dougust"} in shown["tags"]
    for check_mode in (False, True):
        again = run(cloud, check_mode=check_mode)
        assert (again["changed"], again["diff"], cloud.operations) == (False, [], ["DescribeClusters"])
        assert again["clusters"] == created["clusters"]
    assert run(cloud, state="gathered")["clusters"] == created["clusters"]


@pytest.mark.parametrize(
    "change, fields, calls",
    [
        ({"container_insights": "enhanced"}, ["container_insights"], ["UpdateCluster"]),
        ({"execute_command": {"logging": "NONE"}}, ["execute_command"], ["UpdateCluster"]),
        (
            {"container_insights": "disabled", "execute_command": {}},
            ["container_insights", "execute_command"],
            ["UpdateCluster"],
        ),
        (
            {"capacity_providers": ["FARGATE"]},
            ["capacity_providers"],
            ["PutClusterCapacityProviders"],
        ),
        (
            {"capacity_providers": [], "default_capacity_provider_strategy": []},
            ["capacity_providers", "default_capacity_provider_strategy"],
            ["PutClusterCapacityProviders"],
        ),
        ({"tags": {"Tier": "app"}}, ["tags"], ["TagResource"]),
    ],
)
def test_fields_change_in_place(cloud, change, fields, calls):
    run(cloud)
    assert run(cloud, {**CLUSTER, **change}, check_mode=True)["actions"][0]["fields"] == fields
    assert cloud.mutations == []
    assert run(cloud, {**CLUSTER, **change})["actions"][0]["fields"] == fields
    assert cloud.mutations == calls
    assert not run(cloud, {**CLUSTER, **change})["changed"]
    assert run(cloud)["changed"]
    assert not run(cloud)["changed"]


def test_what_is_not_given_is_left_alone(cloud):
    run(cloud)
    assert not run(cloud, {"name": NAME})["changed"]
    assert not cloud.run(MODULE, clusters=[{"name": NAME}])["changed"]
    run(cloud, {"name": "plain"})
    assert cloud.parameters("CreateCluster")[0].keys() == {"clusterName", "tags"}


def test_the_rest_of_the_configuration_is_kept(cloud):
    storage = {"managedStorageConfiguration": {"fargateEphemeralStorageKmsKeyId": KEY_ARN}}
    cloud.client("ecs").create_cluster(
        clusterName=NAME,
        configuration=storage,
        capacityProviders=["FARGATE"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 2}],
    )
    run(cloud, {"name": NAME, "execute_command": EXEC, "capacity_providers": ["FARGATE", "FARGATE_SPOT"]})
    assert cloud.mutations == ["UpdateCluster", "PutClusterCapacityProviders", "TagResource"]
    shown = described(cloud)
    assert shown["configuration"]["managedStorageConfiguration"] == storage["managedStorageConfiguration"]
    assert shown["defaultCapacityProviderStrategy"] == [{"capacityProvider": "FARGATE", "weight": 2, "base": 0}]


def test_delete_delete_again_and_create_again(cloud):
    created = run(cloud, CLUSTER, {"name": "other"})
    assert run(cloud, state="absent", check_mode=True)["actions"][0]["action"] == "delete"
    assert cloud.mutations == []
    assert run(cloud, {"name": NAME}, state="absent")["clusters"] == {}
    assert (cloud.mutations, described(cloud)["status"]) == (["DeleteCluster"], "INACTIVE")
    assert not run(cloud, state="absent")["changed"]
    assert run(cloud, state="gathered")["clusters"] == {}
    again = run(cloud)
    assert again["actions"][0]["action"] == "create"
    assert again["clusters"][NAME] == created["clusters"][NAME]
    assert described(cloud)["status"] == "ACTIVE"


def test_services_must_go_first(cloud):
    run(cloud)
    message = "The Cluster cannot be deleted while Services are active."
    cloud.fail("DeleteCluster", "ClusterContainsServicesException", message)
    failed = fail(cloud, state="absent")["msg"]
    assert f"Could not delete ECS cluster {NAME}: ClusterContainsServicesException: The Cluster cannot" in failed
    assert "To fix: delete its services first" in failed


def state(cloud, *states):
    """Let descriptions of clusters go through states; the last one stays."""
    left = list(states)

    def pass_state(answer):
        for cluster in answer["clusters"]:
            cluster["status"] = left[0]
        if len(left) > 1:
            left.pop(0)

    cloud.heal()
    cloud.adjust("DescribeClusters", pass_state)


def test_waiting_for_a_cluster_to_come_and_to_go(cloud):
    state(cloud, "INACTIVE", "PROVISIONING", "ACTIVE")
    cloud.adjust("CreateCluster", lambda answer: answer["cluster"].update(status="PROVISIONING"))
    assert run(cloud)["clusters"][NAME]["status"] == "ACTIVE"
    assert cloud.operations == ["DescribeClusters", "CreateCluster", "DescribeClusters", "DescribeClusters"]
    state(cloud, "DEPROVISIONING", "DEPROVISIONING", "INACTIVE")
    assert not run(cloud, state="absent")["changed"]
    assert cloud.operations == ["DescribeClusters"] * 3
    state(cloud, "DEPROVISIONING", "DEPROVISIONING", "INACTIVE")
    assert run(cloud)["actions"][0]["action"] == "create"
    assert cloud.operations == ["DescribeClusters"] * 3 + ["CreateCluster"]


@pytest.mark.parametrize("wanted", ["present", "absent"])
def test_a_cluster_of_somebody_else_is_not_touched(cloud, wanted):
    run(cloud, tags={**TAGS, "Environment": "production"})
    failed = fail(cloud, state=wanted)
    assert f"cluster {NAME} belongs to somebody else: it is tagged Environment=production." in failed["msg"]
    assert cloud.mutations == []


def test_what_the_items_no_longer_name_is_reported_or_deleted(cloud):
    tags = {**TAGS, "ManagedBy": "groundwork.aws", "Component": "ecs"}
    run(cloud, CLUSTER, {"name": "former"}, tags=tags)
    reported = run(cloud, tags=tags, undeclared="report")
    assert [one["name"] for one in reported["undeclared"]] == ["former"]
    assert run(cloud, tags=tags, undeclared="delete")["actions"][0]["name"] == "former"
    assert described(cloud, "former")["status"] == "INACTIVE"


def base(provider, **values):
    return {"capacity_provider": provider, **values}


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "a/b"}, "cluster a/b is no name of a cluster. To fix:"),
        ({"execute_command": {"logging": "OVERRIDE"}}, "needs both or neither: logging OVERRIDE and a log_group"),
        ({"execute_command": {**EXEC, "logging": "NONE"}}, "needs both or neither: logging OVERRIDE and a log_group"),
        ({"default_capacity_provider_strategy": [base("FARGATE", weight=1001)]}, "has an impossible strategy"),
        ({"default_capacity_provider_strategy": [base("FARGATE")]}, "has a strategy without weight"),
        (
            {"default_capacity_provider_strategy": [base("FARGATE", weight=1, base=1), base("FARGATE_SPOT", base=1)]},
            "has two bases in its strategy",
        ),
        ({"capacity_providers": ["FARGATE_SPOT"]}, "has a strategy for FARGATE. To fix: add it to capacity_providers"),
    ],
)
def test_impossible_wishes_are_refused(cloud, change, message):
    assert message in fail(cloud, {**CLUSTER, **change})["msg"]
    assert cloud.calls == []
