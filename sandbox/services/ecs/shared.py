# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules about ECS share: finding things, and ECS's ways to refuse."""

from moto.utilities.utils import get_partition

from ...errors import AwsError
from .. import backend

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-linux-fargate.html
PLATFORMS = (None, "LATEST", "1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0")


def client_error(message):
    """What ECS says of a request that it cannot carry out."""
    return AwsError("ClientException", message)


def invalid(message):
    """What ECS says of a parameter."""
    return AwsError("InvalidParameterException", message)


def short(name):
    """The name at the end of an ARN, or the name itself."""
    return (name or "default").rsplit("/", 1)[-1]


def make_arn(state, kind, *parts):
    """The ARN of a thing of ECS in the region of a backend."""
    partition = get_partition(state.region_name)
    return f"arn:{partition}:ecs:{state.region_name}:{state.account_id}:{kind}/{'/'.join(parts)}"


def find_cluster(state, name, active=True):
    """A cluster by name or ARN; what is deleted is not found, unless it is asked for."""
    cluster = state.clusters.get(short(name))
    if cluster is None or (active and cluster.status != "ACTIVE"):
        raise AwsError("ClusterNotFoundException", "Cluster not found.")
    return cluster


def cluster_of(call):
    """The cluster that a call names, or the default one."""
    return find_cluster(backend(call), call.parameters.get("cluster"))


def find_service(call, active=True):
    """The service that a call names; deleted ones stay known for a while."""
    state = backend(call)
    cluster = find_cluster(state, call.parameters.get("cluster"))
    service = state.services.get(f"{cluster.name}:{short(call.parameters['service'])}")
    if service is None:
        raise AwsError("ServiceNotFoundException", "Service not found.")
    if active and service.status != "ACTIVE":
        raise AwsError("ServiceNotActiveException", "Service was not ACTIVE.")
    return service


def find_definition(state, name):
    """A task definition by family, family:revision or ARN; a family means its latest active revision."""
    family, _colon, revision = short(name).partition(":")
    revisions = state.task_definitions.get(family, {})
    if not revision:
        active = [number for number, item in revisions.items() if item.status == "ACTIVE"]
        revision = max(active, default="")
    if not str(revision).isdigit() or int(revision) not in revisions:
        raise client_error("Unable to describe task definition.")
    return revisions[int(revision)]


def check_platform(version):
    """Refuse a platform version that Fargate never had."""
    if version not in PLATFORMS:
        raise AwsError("PlatformUnknownException", f"The specified platform version '{version}' does not exist.")


def check_command_role(definition, enabled, what):
    """Refuse to let a caller into containers that cannot talk to Systems Manager."""
    if enabled and definition is not None and not definition.sandbox_request.get("taskRoleArn"):
        raise invalid(
            f"The {what} because a valid taskRoleArn is not being used. Specify a valid task role in your task "
            "definition and try again."
        )


def usable_definition(state, name):
    """A task definition that something new may use."""
    try:
        definition = find_definition(state, name)
    except AwsError:
        raise client_error("TaskDefinition not found.") from None
    if definition.status != "ACTIVE":
        raise client_error("TaskDefinition is inactive")
    return definition


def page(call, items, usual=100):
    """(items of the page that a call asks for, token for the next one or None)."""
    start, size = int(call.parameters.get("nextToken") or 0), call.parameters.get("maxResults") or usual
    following = start + size
    return items[start:following], str(following) if following < len(items) else None
