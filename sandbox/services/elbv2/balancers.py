# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers: what they need, how they come up, and their interfaces in subnets."""

import re

from moto.backends import get_backend
from moto.ec2.exceptions import InvalidSubnetIdError

from ... import delays
from .. import after, answer, backend, check, correct
from ..ec2.shared import forget_interface, manage_interface, subnet_address
from .shared import find_balancer, invalid, refused, request, same_request

# https://docs.aws.amazon.com/general/latest/gr/elb.html
ZONES = {
    "eu-central-1": "Z215JYRZR1TBD5", "eu-west-1": "Z32O12XQLNTSW2", "eu-west-2": "ZHURV8PSTC4K8",
    "us-east-1": "Z35SXDOTRQ7X7K", "us-east-2": "Z3AADJGX6KTTL2", "us-west-2": "Z1H1FL5HABSF5",
}  # fmt: skip
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-subnets.html
SMALLEST = 27


def _network(call):
    return get_backend("ec2")[call.account][call.region]


def _subnets(call):
    given = call.parameters.get("Subnets") or []
    ids = [*given, *(item["SubnetId"] for item in call.parameters.get("SubnetMappings") or [])]
    subnets = []
    for number in ids:
        try:
            subnets.append(_network(call).get_subnet(number))
        except InvalidSubnetIdError:
            raise refused("SubnetNotFound", f"The subnet ID '{number}' does not exist") from None
    return subnets


def _check_subnets(call, kind):
    subnets = _subnets(call)
    zones = [subnet.availability_zone for subnet in subnets]
    if kind == "application" and len(set(zones)) < 2:
        raise invalid("At least two subnets in two different Availability Zones must be specified")
    if not subnets:
        raise invalid("At least one subnet must be specified")
    if len(set(zones)) < len(zones):
        raise refused(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        )
    for subnet in subnets:
        if kind == "application" and subnet.cidr.prefixlen > SMALLEST:
            raise refused(
                "InvalidSubnet", f"Not enough IP space available in {subnet.id}: at least a /{SMALLEST} is needed"
            )
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise refused("InvalidConfigurationRequest", "All subnets must belong to the same VPC")
    return subnets


def _check_groups(call, vpc_id):
    for number in call.parameters.get("SecurityGroups") or []:
        group = _network(call).get_security_group_from_id(number)
        if group is None or group.vpc_id != vpc_id:
            raise refused("InvalidConfigurationRequest", f"One or more security groups are invalid: {number}")


def _check_name(name):
    if not re.fullmatch(r"[A-Za-z0-9-]{1,32}", name):
        raise invalid(f"The load balancer name '{name}' can have up to 32 characters, alphanumeric ones and hyphens")
    if name.startswith("-") or name.endswith("-"):
        raise invalid(f"The load balancer name '{name}' cannot begin or end with a hyphen")
    if name.startswith("internal-"):
        raise invalid(f"The load balancer name '{name}' cannot begin with 'internal-'")


@check("elbv2", "CreateLoadBalancer")
def check_balancer(call):
    """moto checks next to nothing."""
    parameters = call.parameters
    _check_name(parameters["Name"])
    if same_request(call, backend(call).load_balancers.values()):
        return
    if any(balancer.name == parameters["Name"] for balancer in backend(call).load_balancers.values()):
        raise refused("DuplicateLoadBalancerName", "A load balancer with the same name exists, but with other settings")
    subnets = _check_subnets(call, parameters.get("Type") or "application")
    _check_groups(call, subnets[0].vpc_id)
    gateways = _network(call).internet_gateways.values()
    inside = parameters.get("Scheme") == "internal"
    if not inside and not any(gateway.vpc and gateway.vpc.id == subnets[0].vpc_id for gateway in gateways):
        raise refused("InvalidSubnet", f"VPC {subnets[0].vpc_id} has no internet gateway")


@answer("elbv2", "CreateLoadBalancer")
def repeat(call):
    """The same again is the one that there is."""
    balancer = same_request(call, backend(call).load_balancers.values())
    return {"LoadBalancers": [balancer.sandbox_created]} if balancer else None


@correct("elbv2", "CreateLoadBalancer")
def start_balancer(call, parsed):
    """A new load balancer is provisioning, and has an interface in each of its subnets."""
    view = parsed["LoadBalancers"][0]
    balancer = backend(call).load_balancers[view["LoadBalancerArn"]]
    balancer.scheme = balancer.scheme or "internet-facing"
    balancer.canonical_hosted_zone_id = ZONES.get(call.region, balancer.canonical_hosted_zone_id)
    number = abs(hash(balancer.arn)) % 10**10
    inside = "internal-" if balancer.scheme == "internal" else ""
    balancer.dns_name = f"{inside}{balancer.name}-{number}.{call.region}.elb.amazonaws.com"
    if balancer.type == "application" and not balancer.security_groups:
        balancer.security_groups = [_network(call).get_default_security_group(balancer.vpc_id).id]
    balancer.sandbox_ready_at = delays.ready_at("load-balancer-create")
    balancer.sandbox_interfaces, balancer.sandbox_request = [], request(call)
    _dress(call, balancer)
    view.update(
        Scheme=balancer.scheme, CanonicalHostedZoneId=balancer.canonical_hosted_zone_id, DNSName=balancer.dns_name,
        SecurityGroups=balancer.security_groups, State={"Code": "provisioning"},
    )  # fmt: skip
    balancer.sandbox_created = view


def _dress(call, balancer):
    state = _network(call)
    wanted = {subnet.id for subnet in balancer.subnets}
    for interface in list(balancer.sandbox_interfaces):
        if interface.subnet.id not in wanted:
            balancer.sandbox_interfaces.remove(interface)
            forget_interface(state, interface.id)
    present = {interface.subnet.id for interface in balancer.sandbox_interfaces}
    for subnet in balancer.subnets:
        if subnet.id not in present:
            interface = state.create_network_interface(subnet, subnet_address(state, subnet.id))
            balancer.sandbox_interfaces.append(interface)
    groups = [state.get_security_group_from_id(number) for number in balancer.security_groups or []]
    kind = "network_load_balancer" if balancer.type == "network" else "interface"
    for interface in balancer.sandbox_interfaces:
        manage_interface(interface, kind, f"ELB {balancer.arn.split(':loadbalancer/')[1]}", groups)


@correct("elbv2", "DescribeLoadBalancers")
def describe_states(call, parsed):
    """moto's are active as soon as anyone looks."""
    for view in parsed["LoadBalancers"]:
        balancer = backend(call).load_balancers[view["LoadBalancerArn"]]
        if not delays.is_past(balancer.sandbox_ready_at):
            view["State"] = {"Code": "provisioning"}


@check("elbv2", "SetIpAddressType")
def check_address_type(call):
    """IPv6 needs subnets that have it."""
    balancer = find_balancer(call)
    if call.parameters["IpAddressType"] == "ipv4":
        return
    for subnet in balancer.subnets:
        if not subnet.ipv6_cidr_block_associations:
            raise refused("InvalidSubnet", f"You must specify subnets with an associated IPv6 CIDR block: {subnet.id}")


@check("elbv2", "SetSecurityGroups")
def check_groups(call):
    """Groups of the load balancer's VPC."""
    _check_groups(call, find_balancer(call).vpc_id)


@check("elbv2", "SetSubnets")
def check_subnets(call):
    """Subnets of the load balancer's VPC."""
    balancer = find_balancer(call)
    if any(subnet.vpc_id != balancer.vpc_id for subnet in _check_subnets(call, balancer.type)):
        raise refused("InvalidSubnet", "The subnets must belong to the VPC of the load balancer")


@after("elbv2", "SetSecurityGroups", "SetSubnets")
def dress_again(call):
    """The interfaces follow."""
    _dress(call, find_balancer(call))


@answer("elbv2", "DeleteLoadBalancer")
def delete(call):
    """The interfaces go too; a load balancer that is not there is no error."""
    state = backend(call)
    balancer = state.load_balancers.get(call.parameters["LoadBalancerArn"])
    if balancer is None:
        return {}
    if balancer.attrs.get("deletion_protection.enabled") == "true":
        message = f"Load balancer '{balancer.arn}' cannot be deleted because deletion protection is enabled"
        raise refused("OperationNotPermitted", message)
    for interface in balancer.sandbox_interfaces:
        forget_interface(_network(call), interface.id)
    for group in state.target_groups.values():
        group.load_balancer_arns = [arn for arn in group.load_balancer_arns if arn != balancer.arn]
    del state.load_balancers[balancer.arn]
    return {}
