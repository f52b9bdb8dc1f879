# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules about Application Auto Scaling share: its refusals, and how it finds things."""

from moto.backends import get_backend

from ...errors import AwsError
from .. import backend

SERVICE = "application-autoscaling"


def invalid(message):
    """What it says of a parameter."""
    return AwsError("ValidationException", message)


def missing(what, call):
    """What it says of something that is not there."""
    named = "service namespace: {ServiceNamespace}, resource ID: {ResourceId}, scalable dimension: {ScalableDimension}"
    return AwsError("ObjectNotFoundException", f"No {what} found for {named.format(**call.parameters)}")


def named(call):
    """What a call is about."""
    return tuple(call.parameters[name] for name in ("ServiceNamespace", "ResourceId", "ScalableDimension"))


def identity(item):
    """What a policy or scheduled action is about."""
    return item.service_namespace, item.resource_id, item.scalable_dimension


def target_of(call):
    """The scalable target that a call names, or None."""
    parameters = call.parameters
    return backend(call).targets.get(parameters["ScalableDimension"], {}).get(parameters["ResourceId"])


def require_target(call, what):
    """The scalable target that a call names."""
    target = target_of(call)
    if target is None:
        raise missing(what, call)
    return target


def ecs_service(call, resource_id):
    """The ECS service of a resource's id, if it is one and active."""
    parts = resource_id.split("/")
    if len(parts) != 3 or parts[0] != "service":
        return None
    service = get_backend("ecs")[call.account][call.region].services.get(f"{parts[1]}:{parts[2]}")
    return service if service is not None and service.status == "ACTIVE" else None


def matching(call, items):
    """The items that a call asks for by resource and dimension."""
    wanted = {
        "service_namespace": call.parameters["ServiceNamespace"], "resource_id": call.parameters.get("ResourceId"),
        "scalable_dimension": call.parameters.get("ScalableDimension"),
    }  # fmt: skip
    return [
        item for item in items if all(value is None or getattr(item, name) == value for name, value in wanted.items())
    ]


def page(call, items):
    """(items of the page that a call asks for, what names the next page)."""
    start, size = int(call.parameters.get("NextToken") or 0), call.parameters.get("MaxResults") or 50
    following = start + size
    return items[start:following], {"NextToken": str(following)} if following < len(items) else {}
