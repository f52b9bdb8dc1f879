# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2's networks."""

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
GONE = {"deleting", "deleted"}


def read_ec2(view):
    """Networks, but for the default VPC and what came with it."""
    items = {kind: view.all(operation, member) for kind, (operation, member, _id) in EC2.items()}
    default_vpcs = {vpc["VpcId"] for vpc in items["vpc"] if vpc["IsDefault"]}
    rules = {}
    for rule in view.all("describe_security_group_rules", "SecurityGroupRules"):
        rules.setdefault(rule["GroupId"], []).append(rule)
    for group in items["security-group"]:
        group["Rules"] = rules.get(group["GroupId"], [])
    for kind, (_operation, _member, number) in EC2.items():
        for item in items[kind]:
            if item.get("State") not in GONE and (view.defaults or not _is_default(item, default_vpcs)):
                view.add(f"ec2/{kind}", item[number], item)


def _is_default(item, default_vpcs):
    """Whether something came with the default VPC."""
    vpcs = {item.get("VpcId")} | {attachment.get("VpcId") for attachment in item.get("Attachments", [])}
    if not vpcs & default_vpcs:
        return False
    main = any(association.get("Main") for association in item.get("Associations", []))
    marked = item.get("DefaultForAz") or item.get("IsDefault") or item.get("GroupName") == "default"
    return bool(main or marked)


READERS = {"ec2": read_ec2}
