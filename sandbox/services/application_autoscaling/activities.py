# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling activities: what was scaled, and why, which moto does not have."""

import uuid

from moto.core.utils import utcnow

from .. import answer, backend, lock
from .shared import SERVICE, ecs_service, page


def scale(call, target, capacity, cause):
    """Bring an ECS service to a capacity, and remember it."""
    service = ecs_service(call, target.resource_id)
    if service is None or service.desired_count == capacity:
        return
    with lock("ecs"):
        service.desired_count, service.steady = capacity, False
    what = f"Setting desired count to {capacity}."
    activity = {
        "ActivityId": str(uuid.uuid4()), "ServiceNamespace": target.service_namespace,
        "ResourceId": target.resource_id, "ScalableDimension": target.scalable_dimension, "Description": what,
        "Cause": cause, "StartTime": utcnow(), "EndTime": utcnow(), "StatusCode": "Successful",
        "StatusMessage": f"Successfully set desired count to {capacity}. Change successfully fulfilled by ecs.",
    }  # fmt: skip
    state = backend(call, SERVICE)
    state.__dict__.setdefault("sandbox_activities", []).insert(0, activity)


@answer(SERVICE, "DescribeScalingActivities")
def describe(call):
    """The latest is first."""
    wanted = {name: call.parameters.get(name) for name in ("ServiceNamespace", "ResourceId", "ScalableDimension")}
    found = [
        activity
        for activity in getattr(backend(call), "sandbox_activities", [])
        if all(value in (None, activity[name]) for name, value in wanted.items())
    ]
    items, following = page(call, found)
    return {"ScalingActivities": items, **following}
