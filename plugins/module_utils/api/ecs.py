# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ECS: one function per API call (U(https://docs.aws.amazon.com/AmazonECS/latest/APIReference/))."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Optional

try:
    from botocore.exceptions import ClientError
except ImportError:
    pass  # AnsibleAWSModule reports that boto3 is missing.

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

CLUSTER_UNKNOWN = ("ClusterNotFoundException",)
# The last tasks of deleted services may end a moment after their services.
CLUSTER_BUSY = ("UpdateInProgressException", "ClusterContainsTasksException")
SERVICE_UNKNOWN = ("ServiceNotFoundException",) + CLUSTER_UNKNOWN
# What ECS answers while it does not see a role that IAM created a moment ago, or its own service-linked role.
ROLE_UNKNOWN = (
    "ClientException: Role is not valid",
    "ClientException: ECS was unable to assume the role",
    "InvalidParameterException: Unable to assume the service linked role",
    "InvalidParameterException: Unable to assume role",
    "AccessDeniedException: Unable to assume",
)
# The listener that connects a target group with its load balancer may be a moment old as well.
TARGET_GROUP_UNKNOWN = ("InvalidParameterException: The target group with targetGroupArn",)
# Fargate has no room in the zones of the subnets at the moment.
CAPACITY_UNAVAILABLE = ("TaskNotStarted: Capacity is unavailable",)
# What is registered may not be seen by services for a moment.
REVISION_UNKNOWN = ("ClientException: TaskDefinition not found",)
NOT_SEEN_YET = ROLE_UNKNOWN + TARGET_GROUP_UNKNOWN + REVISION_UNKNOWN
# What DeleteTaskDefinitions says of a revision that is deleted, or about to be.
REVISION_GONE = ("does not exist", "DELETE_IN_PROGRESS")
# What DescribeTaskDefinition answers about a family without an active revision.
DEFINITION_UNKNOWN = ("ClientException",)


def _pages(client: Any, operation: str, key: str, **params: Any) -> List[Any]:
    return client.get_paginator(operation).paginate(**params).build_full_result().get(key, [])


def _parts(names: List[str], size: int) -> Iterator[List[str]]:
    for start in range(0, len(names), size):
        yield names[start : start + size]


def _tags(tags: Optional[Dict[str, str]]) -> List[dict]:
    return ansible_dict_to_boto3_tag_list(tags or {}, tag_name_key_name="key", tag_value_key_name="value")


def tags_of(described: dict) -> Dict[str, str]:
    """The tags in an answer of ECS, which spells their keys in small letters."""
    return boto3_tag_list_to_ansible_dict(described.get("tags") or [], "key", "value")


# Clusters


@aws_call("read ECS clusters {names}")
def describe_clusters(client: Any, names: List[str]) -> List[dict]:
    """The clusters with settings and tags; also deleted ones, which ECS remembers as INACTIVE."""
    include = ["CONFIGURATIONS", "SETTINGS", "TAGS"]
    answers = [client.describe_clusters(clusters=part, include=include) for part in _parts(names, 100)]
    return [cluster for answer in answers for cluster in answer["clusters"]]


@aws_call("create ECS cluster {clusterName}", eventual=ROLE_UNKNOWN)
def create_cluster(client: Any, tags: Dict[str, str], **params: Any) -> dict:
    return client.create_cluster(tags=_tags(tags), **params)["cluster"]


@aws_call("change ECS cluster {name}")
def update_cluster(client: Any, name: str, **params: Any) -> dict:
    return client.update_cluster(cluster=name, **params)["cluster"]


@aws_call("change the capacity providers of ECS cluster {name}", eventual=("UpdateInProgressException",))
def put_cluster_capacity_providers(client: Any, name: str, providers: List[str], strategy: List[dict]) -> None:
    client.put_cluster_capacity_providers(
        cluster=name, capacityProviders=providers, defaultCapacityProviderStrategy=strategy
    )


@aws_call("delete ECS cluster {name}", missing=CLUSTER_UNKNOWN, eventual=CLUSTER_BUSY)
def delete_cluster(client: Any, name: str) -> None:
    client.delete_cluster(cluster=name)


# Task definitions


@aws_call("read ECS task definition {name}", missing=DEFINITION_UNKNOWN)
def describe_task_definition(client: Any, name: str) -> Optional[dict]:
    """A revision with its tags; of a family its newest active one, V(None) where there is none."""
    answer = client.describe_task_definition(taskDefinition=name, include=["TAGS"])
    return {**answer["taskDefinition"], "tags": answer.get("tags") or []}


@aws_call("list the revisions of ECS task definition {family}")
def list_task_definitions(client: Any, family: str, status: str = "ACTIVE") -> List[str]:
    """The ARNs of a family's revisions, the newest first."""
    params = {"familyPrefix": family, "status": status, "sort": "DESC"}
    arns = _pages(client, "list_task_definitions", "taskDefinitionArns", **params)
    return [arn for arn in arns if arn.rpartition("/")[2].rpartition(":")[0] == family]


@aws_call("register ECS task definition {family}", eventual=ROLE_UNKNOWN)
def register_task_definition(client: Any, family: str, tags: Dict[str, str], **params: Any) -> dict:
    # AWS refuses an empty list of tags here.
    given = {"tags": _tags(tags)} if tags else {}
    answer = client.register_task_definition(family=family, **given, **params)
    return {**answer["taskDefinition"], "tags": answer.get("tags") or []}


@aws_call("deregister ECS task definition {arn}")
def deregister_task_definition(client: Any, arn: str) -> None:
    client.deregister_task_definition(taskDefinition=arn)


@aws_call("delete ECS task definitions {arns}", eventual=("RevisionsKept",))
def delete_task_definitions(client: Any, arns: List[str]) -> None:
    """Delete revisions that were deregistered, which ECS may not see at once; it says so in the answer only."""
    answers = [client.delete_task_definitions(taskDefinitions=part) for part in _parts(arns, 10)]
    reasons = {failure.get("reason", "") for answer in answers for failure in answer["failures"]}
    kept = sorted(reason for reason in reasons if not any(words in reason for words in REVISION_GONE))
    if kept:
        raise ClientError({"Error": {"Code": "RevisionsKept", "Message": " ".join(kept)}}, "DeleteTaskDefinitions")


# Services


@aws_call("read ECS services {names} in cluster {cluster}", missing=CLUSTER_UNKNOWN, default=())
def describe_services(client: Any, cluster: str, names: List[str]) -> List[dict]:
    """The services with their tags; also those that are being deleted, and for a while deleted ones."""
    answers = [client.describe_services(cluster=cluster, services=part, include=["TAGS"]) for part in _parts(names, 10)]
    return [service for answer in answers for service in answer["services"]]


@aws_call("see the deployment of {revision} by ECS service {name}", eventual=("DeploymentUnknown",))
def see_deployment(client: Any, cluster: str, name: str, revision: str, begun: Optional[dict] = None) -> dict:
    """The deployment of a revision that was asked for a moment ago, which a description may not show yet.

    :param begun: the deployment as the call that asked for it answered: where ECS has taken it back, only events name it.
    """
    for service in describe_services(client, cluster, [name]):
        for deployment in service["deployments"]:
            if deployment.get("id") == begun["id"] if begun else deployment["taskDefinition"].endswith(f"/{revision}"):
                return deployment
        if begun and any(begun["id"] in event["message"] for event in service.get("events", [])):
            return begun
    message = f"the service does not show a deployment of {revision}"
    raise ClientError({"Error": {"Code": "DeploymentUnknown", "Message": message}}, "DescribeServices")


@aws_call("create ECS service {serviceName} in cluster {cluster}", eventual=NOT_SEEN_YET + CLUSTER_UNKNOWN)
def create_service(client: Any, tags: Dict[str, str], **params: Any) -> dict:
    return client.create_service(tags=_tags(tags), **params)["service"]


@aws_call("change ECS service {service} in cluster {cluster}", eventual=NOT_SEEN_YET)
def update_service(client: Any, cluster: str, service: str, **params: Any) -> dict:
    return client.update_service(cluster=cluster, service=service, **params)["service"]


@aws_call("delete ECS service {service} in cluster {cluster}", missing=SERVICE_UNKNOWN + ("ServiceNotActiveException",))
def delete_service(client: Any, cluster: str, service: str) -> None:
    # force: also with tasks, which ECS then stops itself.
    client.delete_service(cluster=cluster, service=service, force=True)


# Tasks


@aws_call("run a task of {taskDefinition} in cluster {cluster}", eventual=ROLE_UNKNOWN + CAPACITY_UNAVAILABLE)
def run_task(client: Any, **params: Any) -> dict:
    """The task that was started. ECS gives back a failure where others raise an error; it becomes one here."""
    answer = client.run_task(**params)
    if not answer["tasks"]:
        failure = (answer.get("failures") or [{}])[0]
        message = ": ".join(failure[key] for key in ("reason", "detail") if failure.get(key)) or "no reason is given"
        raise ClientError({"Error": {"Code": "TaskNotStarted", "Message": message}}, "RunTask")
    return answer["tasks"][0]


@aws_call("stop task {task} in cluster {cluster}")
def stop_task(client: Any, cluster: str, task: str, reason: str) -> dict:
    return client.stop_task(cluster=cluster, task=task, reason=reason)["task"]


@aws_call("list tasks in cluster {cluster}", missing=SERVICE_UNKNOWN, default=())
def list_tasks(client: Any, cluster: str, **filters: Any) -> List[str]:
    """The ARNs of tasks; filters are those of ListTasks. Stopped ones are known for an hour."""
    return _pages(client, "list_tasks", "taskArns", cluster=cluster, **filters)


@aws_call("read tasks {arns} in cluster {cluster}", missing=CLUSTER_UNKNOWN, default=())
def describe_tasks(client: Any, cluster: str, arns: List[str]) -> List[dict]:
    """The tasks with their tags; those that ECS has forgotten are left out."""
    answers = [client.describe_tasks(cluster=cluster, tasks=part, include=["TAGS"]) for part in _parts(arns, 100)]
    return [task for answer in answers for task in answer["tasks"]]


# Tags


@aws_call("tag {arn}")
def tag_resource(client: Any, arn: str, tags: Dict[str, str]) -> None:
    client.tag_resource(resourceArn=arn, tags=_tags(tags))


@aws_call("remove tags {keys} from {arn}")
def untag_resource(client: Any, arn: str, keys: List[str]) -> None:
    client.untag_resource(resourceArn=arn, tagKeys=keys)
