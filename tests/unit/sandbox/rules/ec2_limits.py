# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quotas of networks that real accounts meet first: the same request is taken once something has made room."""

from tests.unit.sandbox.rule import Rule

SERVICE = "ec2"
LIMITS = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
ADDRESSES = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html"
INSTANCES = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html"
ZONE = "eu-central-1a"


def _raised(world, code, value, service="vpc"):
    """Ask for more, which is granted."""
    world.service_quotas.request_service_quota_increase(ServiceCode=service, QuotaCode=code, DesiredValue=value)


def _vpcs(world):
    for number in range(1, 5):  # the default VPC is the fifth
        world.vpc(f"10.{number}.0.0/16")


def _accept_vpc(world):
    _raised(world, "L-F678F1CE", 6)
    return {"CidrBlock": "10.9.0.0/16"}


def _addresses(world):
    return [world.ec2.allocate_address(Domain="vpc")["AllocationId"] for _number in range(5)]


def _accept_address(world):
    world.ec2.release_address(AllocationId=world.given[0])
    return {"Domain": "vpc"}


def _gateways(world):
    subnet, other = world.subnets()
    for _number in range(5):
        world.ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")
    return subnet, other


def _internet_gateways(world):
    for _number in range(5):
        world.ec2.create_internet_gateway()


def _accept_gateway(world):
    gateway = world.ec2.describe_internet_gateways()["InternetGateways"][-1]["InternetGatewayId"]
    world.ec2.delete_internet_gateway(InternetGatewayId=gateway)
    return {}


def _acl(world):
    acl = world.ec2.create_network_acl(VpcId=world.vpc())["NetworkAcl"]["NetworkAclId"]
    for number in range(1, 21):
        world.ec2.create_network_acl_entry(**_entry(acl, number))
    return acl


def _entry(acl, number, egress=False):
    return {
        "NetworkAclId": acl, "RuleNumber": number, "Egress": egress, "Protocol": "-1", "RuleAction": "allow",
        "CidrBlock": f"10.{number}.0.0/16",
    }  # fmt: skip


def _table(world):
    vpc = world.vpc()
    gateway = world.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    world.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = world.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    for number in range(499):  # the local route is the five hundredth
        block = f"172.{16 + number // 256}.{number % 256}.0/24"
        world.ec2.create_route(RouteTableId=table, DestinationCidrBlock=block, GatewayId=gateway)
    return {"RouteTableId": table, "GatewayId": gateway, "DestinationCidrBlock": "192.168.99.0/24"}


def _accept_route(world):
    world.ec2.delete_route(RouteTableId=world.given["RouteTableId"], DestinationCidrBlock="172.16.0.0/24")
    return world.given


def _group(world):
    return world.ec2.create_security_group(GroupName="g", Description="d", VpcId=world.vpc())["GroupId"]


def _permission(count, **peers):
    ranges = {"IpRanges": [{"CidrIp": f"10.0.{number}.0/24"} for number in range(count)]}
    return [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, **(peers or ranges)}]


def _prefix_lists(world):
    lists = [
        world.ec2.create_managed_prefix_list(PrefixListName=name, MaxEntries=size, AddressFamily="IPv4")
        for name, size in (("big", 60), ("small", 59))  # everything may leave by a rule already
    ]
    return _group(world), [{"PrefixListId": item["PrefixList"]["PrefixListId"]} for item in lists]


def _groups(world):
    subnet = world.subnets()[0]
    vpc = world.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]
    return subnet, [
        world.ec2.create_security_group(GroupName=f"g{number}", Description="d", VpcId=vpc)["GroupId"]
        for number in range(6)
    ]


def _subnets(world):
    vpc = world.vpc()
    for number in range(200):
        world.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")
    return {"VpcId": vpc, "CidrBlock": "10.0.250.0/24"}


def _accept_subnet(world):
    _raised(world, "L-407747CB", 201)
    return world.given


def _nat_addresses(world):
    addresses = [world.ec2.allocate_address(Domain="vpc")["AllocationId"] for _number in range(3)]
    gateway = world.ec2.create_nat_gateway(SubnetId=world.subnets()[0], AllocationId=addresses[0])
    return gateway["NatGateway"]["NatGatewayId"], addresses


def _launch(kind, count):
    image = "ami-0123456789abcdef0"
    return {"ImageId": image, "InstanceType": kind, "MinCount": count, "MaxCount": count}


RULES = [
    Rule(
        "a region holds five VPCs", LIMITS, "create_vpc", "VpcLimitExceeded", given=_vpcs,
        refused={"CidrBlock": "10.9.0.0/16"}, accepted=_accept_vpc,
    ),
    Rule(
        "a region holds five elastic addresses", ADDRESSES, "allocate_address", "AddressLimitExceeded",
        given=_addresses, refused={"Domain": "vpc"}, accepted=_accept_address,
    ),
    Rule(
        "a zone holds five NAT gateways", LIMITS, "create_nat_gateway", "NatGatewayLimitExceeded", given=_gateways,
        refused=lambda world: {"SubnetId": world.given[0], "ConnectivityType": "private"},
        accepted=lambda world: {"SubnetId": world.given[1], "ConnectivityType": "private"},
    ),
    Rule(
        "a NAT gateway has two elastic addresses", LIMITS, "associate_nat_gateway_address",
        "ResourceLimitExceeded", given=_nat_addresses,
        refused=lambda world: {"NatGatewayId": world.given[0], "AllocationIds": world.given[1][1:]},
        accepted=lambda world: {"NatGatewayId": world.given[0], "AllocationIds": world.given[1][1:2]},
    ),
    Rule(
        "a region holds as many internet gateways as VPCs", LIMITS, "create_internet_gateway",
        "InternetGatewayLimitExceeded", given=_internet_gateways, refused={}, accepted=_accept_gateway,
    ),
    Rule(
        "a network ACL has twenty rules a direction", LIMITS, "create_network_acl_entry",
        "NetworkAclEntryLimitExceeded", given=_acl, refused=lambda world: _entry(world.given, 21),
        accepted=lambda world: _entry(world.given, 21, egress=True),
    ),
    Rule(
        "a route table has five hundred routes", LIMITS, "create_route", "RouteLimitExceeded", given=_table,
        refused=lambda world: world.given, accepted=_accept_route,
    ),
    Rule(
        "a VPC has two hundred subnets", LIMITS, "create_subnet", "SubnetLimitExceeded", given=_subnets,
        refused=lambda world: world.given, accepted=_accept_subnet,
    ),
    Rule(
        "a security group has sixty rules a direction", LIMITS, "authorize_security_group_ingress",
        "RulesPerSecurityGroupLimitExceeded", given=_group,
        refused=lambda world: {"GroupId": world.given, "IpPermissions": _permission(61)},
        accepted=lambda world: {"GroupId": world.given, "IpPermissions": _permission(60)},
    ),
    Rule(
        "a prefix list counts as many rules as it may have entries", LIMITS, "authorize_security_group_egress",
        "RulesPerSecurityGroupLimitExceeded", given=_prefix_lists,
        refused=lambda world: {
            "GroupId": world.given[0], "IpPermissions": _permission(0, PrefixListIds=world.given[1][:1])
        },
        accepted=lambda world: {
            "GroupId": world.given[0], "IpPermissions": _permission(0, PrefixListIds=world.given[1][1:])
        },
    ),
    Rule(
        "a network interface has five security groups", LIMITS, "create_network_interface",
        "SecurityGroupsPerInterfaceLimitExceeded", given=_groups,
        refused=lambda world: {"SubnetId": world.given[0], "Groups": world.given[1]},
        accepted=lambda world: {"SubnetId": world.given[0], "Groups": world.given[1][:5]},
    ),
    Rule(
        "standard instances have five virtual processors together", INSTANCES, "run_instances", "VcpuLimitExceeded",
        refused=_launch("t3.micro", 3), accepted=_launch("t3.micro", 2),
    ),
    Rule(
        "a quota is raised, not lowered", "https://docs.aws.amazon.com/servicequotas/latest/userguide/request-quota-increase.html",
        "request_service_quota_increase", "IllegalArgumentException", service="service-quotas",
        refused={"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE", "DesiredValue": 5},
        accepted={"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE", "DesiredValue": 6},
    ),
    Rule(
        "not every quota can be raised", "https://docs.aws.amazon.com/general/latest/gr/vpc-service.html",
        "request_service_quota_increase", "IllegalArgumentException", service="service-quotas",
        refused={"ServiceCode": "vpc", "QuotaCode": "L-3248932A", "DesiredValue": 30000},
        accepted={"ServiceCode": "vpc", "QuotaCode": "L-0EA8095F", "DesiredValue": 100},
    ),
    Rule(
        "a quota has a code", "https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html",
        "get_service_quota", "NoSuchResourceException", service="service-quotas",
        refused={"ServiceCode": "vpc", "QuotaCode": "L-00000000"},
        accepted={"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"},
    ),
]  # fmt: skip
