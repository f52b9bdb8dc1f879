# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything in the account as a dict that can be compared: {"service/type": {"region/id": description}}.

Left out: what AWS keeps for a while after its deletion (NAT gateways), what changes by itself, and,
unless asked for, the default VPC with what came with it. Keys that wait for their deletion have a
heading of their own, because nothing can hurry them.
"""

import json
from datetime import date

GLOBAL = "us-east-1"  # where global services are asked
# Type: (operation, member with the list, member with the id)
EC2 = {
    "vpc": ("describe_vpcs", "Vpcs", "VpcId"),
    "subnet": ("describe_subnets", "Subnets", "SubnetId"),
    "route-table": ("describe_route_tables", "RouteTables", "RouteTableId"),
    "internet-gateway": ("describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    "natgateway": ("describe_nat_gateways", "NatGateways", "NatGatewayId"),
    "elastic-ip": ("describe_addresses", "Addresses", "AllocationId"),
    "network-acl": ("describe_network_acls", "NetworkAcls", "NetworkAclId"),
    "security-group": ("describe_security_groups", "SecurityGroups", "GroupId"),
    "vpc-endpoint": ("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    "vpc-flow-log": ("describe_flow_logs", "FlowLogs", "FlowLogId"),
    "network-interface": ("describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
}
# Changes by itself, or says the same as the rules of a group, which have ids.
VOLATILE = {"ResponseMetadata", "AvailableIpAddressCount", "IpPermissions", "IpPermissionsEgress", "RoleLastUsed"}
GONE = {"deleting", "deleted"}


def snapshot(client, regions, defaults=False):
    """The account, through ``client(service, region)``."""
    found = {}
    for region in regions:
        _add_ec2(found, client("ec2", region), region, defaults)
        _add_logs(found, client("logs", region), region)
        _add_keys(found, client("kms", region), region)
        _add_repositories(found, client("ecr", region), region)
    _add_roles(found, client("iam", GLOBAL))
    return {kind: dict(sorted(found[kind].items())) for kind in sorted(found)}


def _add(found, kind, key, description):
    found.setdefault(kind, {})[key] = _normal(description)


def _normal(value):
    """Comparable: without what changes by itself, and lists in an order of their own."""
    if isinstance(value, dict):
        return {name: _normal(item) for name, item in sorted(value.items()) if name not in VOLATILE}
    if isinstance(value, list):
        return sorted((_normal(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value.isoformat() if isinstance(value, date) else value


def _all(client, operation, member, **parameters):
    """Every item of a list, whatever the number of pages."""
    if client.can_paginate(operation):
        return client.get_paginator(operation).paginate(**parameters).build_full_result().get(member, [])
    return getattr(client, operation)(**parameters)[member]


def _optional(client, operation, member, **parameters):
    """A part that is missing where AWS answers with an error."""
    try:
        return getattr(client, operation)(**parameters).get(member)
    except client.exceptions.ClientError as error:
        if "NotFound" not in error.response["Error"]["Code"]:
            raise
        return None


def _add_ec2(found, client, region, defaults):
    items = {kind: _all(client, operation, member) for kind, (operation, member, _id) in EC2.items()}
    default_vpcs = {vpc["VpcId"] for vpc in items["vpc"] if vpc["IsDefault"]}
    rules = {}
    for rule in _all(client, "describe_security_group_rules", "SecurityGroupRules"):
        rules.setdefault(rule["GroupId"], []).append(rule)
    for group in items["security-group"]:
        group["Rules"] = rules.get(group["GroupId"], [])
    for kind, (_operation, _member, number) in EC2.items():
        for item in items[kind]:
            if item.get("State") not in GONE and (defaults or not _is_default(item, default_vpcs)):
                _add(found, f"ec2/{kind}", f"{region}/{item[number]}", item)


def _is_default(item, default_vpcs):
    """Whether something came with the default VPC."""
    vpcs = {item.get("VpcId")} | {attachment.get("VpcId") for attachment in item.get("Attachments", [])}
    if not vpcs & default_vpcs:
        return False
    main = any(association.get("Main") for association in item.get("Associations", []))
    marked = item.get("DefaultForAz") or item.get("IsDefault") or item.get("GroupName") == "default"
    return bool(main or marked)


def _add_logs(found, client, region):
    for group in _all(client, "describe_log_groups", "logGroups"):
        group["tags"] = client.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"]
        del group["storedBytes"]
        _add(found, "logs/log-group", f"{region}/{group['logGroupName']}", group)


def _add_keys(found, client, region):
    for listed in _all(client, "list_keys", "Keys"):
        number = listed["KeyId"]
        key = client.describe_key(KeyId=number)["KeyMetadata"]
        if key["KeyManager"] != "CUSTOMER":
            continue
        key["Tags"] = client.list_resource_tags(KeyId=number)["Tags"]
        if key["KeyState"] == "PendingDeletion":
            _add(found, "kms/pending-deletion", f"{region}/{number}", key)
            continue
        rotation = client.get_key_rotation_status(KeyId=number)
        key["Rotation"] = {name: rotation.get(name) for name in ("KeyRotationEnabled", "RotationPeriodInDays")}
        key["Policy"] = client.get_key_policy(KeyId=number)["Policy"]
        _add(found, "kms/key", f"{region}/{number}", key)
    for alias in _all(client, "list_aliases", "Aliases"):
        if not alias["AliasName"].startswith("alias/aws/"):
            _add(found, "kms/alias", f"{region}/{alias['AliasName']}", alias)


def _add_repositories(found, client, region):
    for repository in _all(client, "describe_repositories", "repositories"):
        name = {"repositoryName": repository["repositoryName"]}
        repository["policy"] = _optional(client, "get_repository_policy", "policyText", **name)
        repository["lifecyclePolicy"] = _optional(client, "get_lifecycle_policy", "lifecyclePolicyText", **name)
        repository["images"] = _all(client, "list_images", "imageIds", **name)
        repository["tags"] = client.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]
        _add(found, "ecr/repository", f"{region}/{repository['repositoryName']}", repository)


def _add_roles(found, client):
    for listed in _all(client, "list_roles", "Roles"):
        name = {"RoleName": listed["RoleName"]}
        role = client.get_role(**name)["Role"]
        role["Inline"] = {
            policy: client.get_role_policy(**name, PolicyName=policy)["PolicyDocument"]
            for policy in _all(client, "list_role_policies", "PolicyNames", **name)
        }
        role["Attached"] = _all(client, "list_attached_role_policies", "AttachedPolicies", **name)
        _add(found, "iam/role", role["Arn"], role)
    for policy in _all(client, "list_policies", "Policies", Scope="Local"):
        version = client.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
        policy["Document"] = version["PolicyVersion"]["Document"]
        _add(found, "iam/policy", policy["Arn"], policy)
