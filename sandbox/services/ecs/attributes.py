# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes of container instances: put by name, found by any part of what they are."""

from ...errors import AwsError
from .. import answer, backend
from .shared import cluster_of, page, short

MOST = 10  # custom ones: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutAttributes.html


def _instances(call):
    return backend(call).container_instances.get(cluster_of(call).name, {})


def _target(call, attribute):
    instance = _instances(call).get(short(attribute.get("targetId") or "-"))
    if instance is None:
        raise AwsError("TargetNotFoundException", f"The specified target wasn't found: {attribute.get('targetId')}.")
    return instance


@answer("ecs", "PutAttributes")
def put(call):
    """moto puts any number of them."""
    wanted = [(_target(call, item), item) for item in call.parameters["attributes"]]
    for instance, _item in wanted:
        names = {item["name"] for other, item in wanted if other is instance} | set(instance.attributes)
        if sum(not name.startswith("ecs.") for name in names) > MOST:
            raise AwsError("AttributeLimitExceededException", f"A resource can have {MOST} custom attributes.")
    for instance, item in wanted:
        instance.attributes[item["name"]] = item.get("value")
    return {"attributes": [_view(instance, item["name"], item.get("value")) for instance, item in wanted]}


@answer("ecs", "DeleteAttributes")
def delete(call):
    """moto deletes only what has the value that is named, too."""
    wanted = [(_target(call, item), item["name"]) for item in call.parameters["attributes"]]
    gone = [
        _view(instance, name, instance.attributes.pop(name)) for instance, name in wanted if name in instance.attributes
    ]
    return {"attributes": gone}


@answer("ecs", "ListAttributes")
def list_attributes(call):
    """moto finds nothing by name alone."""
    parameters = call.parameters
    found = [
        _view(instance, name, value)
        for instance in _instances(call).values()
        for name, value in instance.attributes.items()
        if parameters.get("attributeName") in (None, name) and parameters.get("attributeValue") in (None, value)
    ]
    items, token = page(call, found)
    return {"attributes": items, "nextToken": token}


def _view(instance, name, value):
    shown = {"name": name, "targetType": "container-instance", "targetId": instance.container_instance_arn}
    return shown | ({"value": value} if value else {})
