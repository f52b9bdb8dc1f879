# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags: DescribeTags with AWS's names of resource types, and none of what was deleted."""

from .. import after, answer, backend
from .shared import filters

# moto derives the type from the prefix of the id; these are AWS's names where they differ.
AWS_TYPES = {
    "nat-gateway": "natgateway",
    "vpc-elastic-ip": "elastic-ip",
    "flow-logs": "vpc-flow-log",
}
DELETING = (
    "DeleteFlowLogs", "DeleteInternetGateway", "DeleteNetworkAcl", "DeleteNetworkInterface", "DeleteRouteTable",
    "DeleteSecurityGroup", "DeleteSubnet", "DeleteVpc", "DeleteVpcEndpoints", "ReleaseAddress",
)  # fmt: skip


@answer("ec2", "DescribeTags")
def describe_tags(call):
    """All tags that match; moto matches types by names that AWS does not have."""
    wanted = filters(call)
    types = wanted.pop("resource-type", None)
    tags = []
    for tag in backend(call).describe_tags(wanted or None):
        kind = AWS_TYPES.get(tag["resource_type"], tag["resource_type"])
        if types is None or kind in types:
            tags.append(
                {"ResourceId": tag["resource_id"], "ResourceType": kind, "Key": tag["key"], "Value": tag["value"]}
            )
    return {"Tags": tags}


@after("ec2", *DELETING)
def forget_tags(call):
    """The tags of what is gone are gone too."""
    state = backend(call)
    for name, value in call.parameters.items():
        if name.endswith(("Id", "Ids")):
            for resource in value if isinstance(value, list) else [value]:
                state.tags.pop(resource, None)
