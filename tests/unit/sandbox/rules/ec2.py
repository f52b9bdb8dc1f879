# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon EC2 refuses of networks."""

from tests.unit.sandbox.rule import Rule

SERVICE = "ec2"
API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
CODES = f"{API}/errors-overview.html"
GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"
ZONES = ("eu-central-1a", "eu-central-1b")
BLOCK = {"CidrBlock": "10.0.0.0/24"}


def _network(world):
    """A VPC with a subnet, an internet gateway and a route table."""
    vpc = world.vpc()
    gateway = world.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    world.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    elsewhere = world.vpc("10.7.0.0/16")
    return {
        "VpcId": vpc, "SubnetId": world.subnets(vpc)[0], "InternetGatewayId": gateway,
        "RouteTableId": world.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"],
        "SpareVpc": elsewhere, "SpareGateway": _spare_gateway(world),
        "TableElsewhere": world.ec2.create_route_table(VpcId=elsewhere)["RouteTable"]["RouteTableId"],
    }  # fmt: skip


def _part(*names, **more):
    """Parameters of these names as ``given`` has them."""
    return lambda world: {name: world.given[name] for name in names} | more


def _as(**parts):
    """Parameters that ``given`` has under other names."""
    return lambda world: {name: world.given[part] for name, part in parts.items()}


def _spare_gateway(world):
    return world.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]


def _main_table(world):
    found = world.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [world.given["VpcId"]]}])
    return next(
        table["RouteTableId"]
        for table in found["RouteTables"]
        if any(association["Main"] for association in table["Associations"])
    )


def _routed(world):
    network = _network(world)
    route = {"RouteTableId": network["RouteTableId"], "GatewayId": network["InternetGatewayId"]}
    world.ec2.create_route(**route, DestinationCidrBlock="0.0.0.0/0")
    return route


def _associated(world):
    network = _network(world)
    vpc, subnet = network["VpcId"], network["SubnetId"]
    world.ec2.associate_route_table(RouteTableId=network["RouteTableId"], SubnetId=subnet)
    return network | {
        "Second": world.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"],
        "Free": world.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.99.0/24")["Subnet"]["SubnetId"],
    }


def _interface(world):
    subnets = world.subnets()
    interface = world.ec2.create_network_interface(SubnetId=subnets[0])["NetworkInterface"]["NetworkInterfaceId"]
    return {"SubnetId": subnets[0], "Free": subnets[1], "NetworkInterfaceId": interface}


def _nat(world):
    network = _network(world)
    address = world.ec2.allocate_address(Domain="vpc")["AllocationId"]
    answer = world.ec2.create_nat_gateway(SubnetId=network["SubnetId"], AllocationId=address)
    return network | {"AllocationId": address, "NatGatewayId": answer["NatGateway"]["NatGatewayId"]}


def _taken(world):
    return world.ec2.describe_network_interfaces()["NetworkInterfaces"][0]["PrivateIpAddress"]


def _spare_address(world):
    return world.ec2.allocate_address(Domain="vpc")["AllocationId"]


def _after_nat(world):
    world.ec2.delete_nat_gateway(NatGatewayId=world.given["NatGatewayId"])


def _detached(world):
    _after_nat(world)
    return {name: world.given[name] for name in ("InternetGatewayId", "VpcId")}


def _released(world):
    _after_nat(world)
    return {"AllocationId": world.given["AllocationId"]}


def _emptied(world):
    ids = [{"InternetGatewayId": world.given["InternetGatewayId"]}, {"VpcId": world.given["VpcId"]}]
    world.ec2.detach_internet_gateway(**ids[0], **ids[1])
    for subnet in world.ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [world.given["VpcId"]]}])["Subnets"]:
        world.ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    world.ec2.delete_route_table(RouteTableId=world.given["RouteTableId"])
    return ids[1]


def _acl(world):
    network = _network(world)
    acl = world.ec2.create_network_acl(VpcId=network["VpcId"])["NetworkAcl"]["NetworkAclId"]
    world.ec2.create_network_acl_entry(**_entry(acl, 100))
    filters = [{"Name": "vpc-id", "Values": [network["VpcId"]]}, {"Name": "default", "Values": ["true"]}]
    usual = world.ec2.describe_network_acls(Filters=filters)["NetworkAcls"][0]
    return network | {"NetworkAclId": acl, "Default": usual["NetworkAclId"]}


def _entry(acl, number):
    return {
        "NetworkAclId": acl, "RuleNumber": number, "Egress": False, "Protocol": "-1", "RuleAction": "allow",
        "CidrBlock": "10.0.0.0/8",
    }  # fmt: skip


def _endpoint(kind, service, **more):
    service = f"com.amazonaws.eu-central-1.{service}"
    return lambda world: {
        "VpcId": world.given["VpcId"], "ServiceName": service, "VpcEndpointType": kind,
        **{name: value(world) if callable(value) else value for name, value in more.items()},
    }  # fmt: skip


def _names(world):
    """A network whose VPC names its hosts, with an endpoint of ECR's in it."""
    network = _network(world)
    world.ec2.modify_vpc_attribute(VpcId=network["VpcId"], EnableDnsHostnames={"Value": True})
    world.given = network
    world.ec2.create_vpc_endpoint(**_private("ecr.api")(world))
    return network


def _private(service):
    return _endpoint("Interface", service, PrivateDnsEnabled=True)


def _routed_endpoint(world):
    world.given = _network(world)
    tables = [world.given["RouteTableId"]]
    world.ec2.create_vpc_endpoint(**_endpoint("Gateway", "s3", RouteTableIds=tables)(world))
    return world.given


def _flow(world):
    vpc = world.vpc()
    world.s3.create_bucket(Bucket="flows", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    wanted = {
        "ResourceIds": [vpc], "ResourceType": "VPC", "TrafficType": "ALL", "LogDestinationType": "s3",
        "LogDestination": "arn:aws:s3:::flows",
    }  # fmt: skip
    world.ec2.create_flow_logs(**wanted)
    return wanted


def _list(world):
    answer = world.ec2.create_managed_prefix_list(
        PrefixListName="office", MaxEntries=2, AddressFamily="IPv4", Entries=[{"Cidr": "192.0.2.0/24"}]
    )
    number = answer["PrefixList"]["PrefixListId"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": number}]}
    group = world.ec2.create_security_group(GroupName="g", Description="d", VpcId=world.vpc())["GroupId"]
    world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    return {"PrefixListId": number, "GroupId": group}


def _added(count, version=1):
    entries = [{"Cidr": f"198.51.{number}.0/24"} for number in range(count)]
    return _part("PrefixListId", CurrentVersion=version, AddEntries=entries)


def _unused(world):
    world.ec2.delete_security_group(GroupId=world.given["GroupId"])
    return {"PrefixListId": world.given["PrefixListId"]}


_LIST = {"PrefixListName": "a", "MaxEntries": 1, "AddressFamily": "IPv4"}
RULES = [
    Rule("a VPC is from /16 to /28", f"{GUIDE}/vpc-cidr-blocks.html", "create_vpc", "InvalidVpc.Range",
         refused={"CidrBlock": "10.0.0.0/15"}, accepted={"CidrBlock": "10.0.0.0/16"}),
    Rule("a subnet lies in its VPC", f"{GUIDE}/subnet-sizing.html", "create_subnet", "InvalidSubnet.Range",
         given=_network, refused=_part("VpcId", CidrBlock="10.1.0.0/24"), accepted=_part("VpcId", CidrBlock="10.0.9.0/24")),
    Rule("subnets do not overlap", f"{GUIDE}/subnet-sizing.html", "create_subnet", "InvalidSubnet.Conflict",
         given=_network, refused=_part("VpcId", CidrBlock="10.0.0.128/25"),
         accepted=_part("VpcId", CidrBlock="10.0.9.128/25")),
    Rule("a subnet's VPC exists", CODES, "create_subnet", "InvalidVpcID.NotFound", given=_network,
         refused={"VpcId": "vpc-0123456789abcdef0", "CidrBlock": "10.0.9.0/24"},
         accepted=_part("VpcId", CidrBlock="10.0.9.0/24")),
    Rule("a subnet's zone exists", CODES, "create_subnet", "InvalidParameterValue", given=_network,
         refused=_part("VpcId", CidrBlock="10.0.9.0/24", AvailabilityZone="eu-central-1x"),
         accepted=_part("VpcId", CidrBlock="10.0.9.0/24", AvailabilityZone=ZONES[0])),
    Rule("a VPC goes after what is in it", f"{GUIDE}/delete-vpc.html", "delete_vpc", "DependencyViolation",
         given=_network, refused=_part("VpcId"), accepted=_emptied),
    Rule("a subnet goes after its interfaces", f"{GUIDE}/subnet-deleting.html", "delete_subnet", "DependencyViolation",
         given=_interface, refused=_part("SubnetId"), accepted=lambda world: {"SubnetId": world.given["Free"]}),
    Rule("a VPC has one internet gateway", f"{GUIDE}/VPC_Internet_Gateway.html", "attach_internet_gateway",
         "InvalidParameterValue", given=_network,
         refused=_as(InternetGatewayId="SpareGateway", VpcId="VpcId"),
         accepted=_as(InternetGatewayId="SpareGateway", VpcId="SpareVpc")),
    Rule("an internet gateway has one VPC", CODES, "attach_internet_gateway", "Resource.AlreadyAssociated",
         given=_network, refused=_as(InternetGatewayId="InternetGatewayId", VpcId="SpareVpc"),
         accepted=_as(InternetGatewayId="SpareGateway", VpcId="SpareVpc")),
    Rule("an attached internet gateway stays", f"{GUIDE}/VPC_Internet_Gateway.html", "delete_internet_gateway",
         "DependencyViolation", given=_network, refused=_part("InternetGatewayId"),
         accepted=_as(InternetGatewayId="SpareGateway")),
    Rule("an internet gateway stays while public addresses are mapped", f"{GUIDE}/VPC_Internet_Gateway.html",
         "detach_internet_gateway", "DependencyViolation", given=_nat, refused=_part("InternetGatewayId", "VpcId"),
         accepted=_detached),
    Rule("the main route table stays", f"{GUIDE}/WorkWithRouteTables.html", "delete_route_table", "DependencyViolation",
         given=_network, refused=lambda world: {"RouteTableId": _main_table(world)}, accepted=_part("RouteTableId")),
    Rule("a route table stays while a subnet uses it", f"{API}/API_DeleteRouteTable.html", "delete_route_table",
         "DependencyViolation", given=_associated, refused=_part("RouteTableId"),
         accepted=lambda world: {"RouteTableId": world.given["Second"]}),
    Rule("a subnet has one route table", CODES, "associate_route_table", "Resource.AlreadyAssociated", given=_associated,
         refused=lambda world: {"RouteTableId": world.given["Second"], "SubnetId": world.given["SubnetId"]},
         accepted=lambda world: {"RouteTableId": world.given["Second"], "SubnetId": world.given["Free"]}),
    Rule("a route table serves subnets of its VPC", f"{API}/API_AssociateRouteTable.html", "associate_route_table",
         "InvalidParameterValue", given=_network,
         refused=_as(RouteTableId="TableElsewhere", SubnetId="SubnetId"),
         accepted=_part("RouteTableId", "SubnetId")),
    Rule("a destination has one route", CODES, "create_route", "RouteAlreadyExists", given=_routed,
         refused=_part("RouteTableId", "GatewayId", DestinationCidrBlock="0.0.0.0/0"),
         accepted=_part("RouteTableId", "GatewayId", DestinationCidrBlock="192.0.2.0/24")),
    Rule("a route leads to a gateway that exists", CODES, "create_route", "InvalidGatewayID.NotFound", given=_routed,
         refused=_part("RouteTableId", DestinationCidrBlock="192.0.2.0/24", GatewayId="igw-0123456789abcdef0"),
         accepted=_part("RouteTableId", "GatewayId", DestinationCidrBlock="192.0.2.0/24")),
    Rule("a route leads to a NAT gateway that exists", CODES, "create_route", "InvalidNatGatewayID.NotFound", given=_nat,
         refused=_part("RouteTableId", DestinationCidrBlock="0.0.0.0/0", NatGatewayId="nat-0123456789abcdef0"),
         accepted=_part("RouteTableId", "NatGatewayId", DestinationCidrBlock="0.0.0.0/0")),
    Rule("a route leads somewhere", f"{API}/API_CreateRoute.html", "create_route", "MissingParameter", given=_routed,
         refused=_part("RouteTableId", DestinationCidrBlock="192.0.2.0/24"),
         accepted=_part("RouteTableId", "GatewayId", DestinationCidrBlock="192.0.2.0/24")),
    Rule("a route that is not there is not replaced", CODES, "replace_route", "InvalidParameterValue", given=_routed,
         refused=_part("RouteTableId", "GatewayId", DestinationCidrBlock="192.0.2.0/24"),
         accepted=_part("RouteTableId", "GatewayId", DestinationCidrBlock="0.0.0.0/0")),
    Rule("a route that is not there is not deleted", CODES, "delete_route", "InvalidRoute.NotFound", given=_routed,
         refused=_part("RouteTableId", DestinationCidrBlock="192.0.2.0/24"),
         accepted=_part("RouteTableId", DestinationCidrBlock="0.0.0.0/0")),
    Rule("a public NAT gateway has an elastic address", f"{API}/API_CreateNatGateway.html", "create_nat_gateway",
         "MissingParameter", given=_network, refused=_part("SubnetId"),
         accepted=_part("SubnetId", ConnectivityType="private")),
    Rule("an elastic address serves one gateway", CODES, "create_nat_gateway", "Resource.AlreadyAssociated", given=_nat,
         refused=_part("SubnetId", "AllocationId"),
         accepted=lambda world: {"SubnetId": world.given["SubnetId"], "AllocationId": _spare_address(world)}),
    Rule("an address in use is not released", CODES, "release_address", "InvalidIPAddress.InUse", given=_nat,
         refused=_part("AllocationId"), accepted=_released),
    Rule("a NAT gateway that is not there is not deleted", f"{API}/API_DeleteNatGateway.html", "delete_nat_gateway",
         "NatGatewayNotFound", given=_nat, refused={"NatGatewayId": "nat-0123456789abcdef0"},
         accepted=_part("NatGatewayId")),
    Rule("an interface's address lies in its subnet", f"{API}/API_CreateNetworkInterface.html",
         "create_network_interface", "InvalidParameterValue", given=_network,
         refused=_part("SubnetId", PrivateIpAddress="10.9.0.9"), accepted=_part("SubnetId", PrivateIpAddress="10.0.0.9")),
    Rule("the default ACL stays", f"{API}/API_DeleteNetworkAcl.html", "delete_network_acl", "InvalidParameterValue",
         given=_acl, refused=lambda world: {"NetworkAclId": world.given["Default"]}, accepted=_part("NetworkAclId")),
    Rule("an ACL's rule numbers are unique", CODES, "create_network_acl_entry", "NetworkAclEntryAlreadyExists",
         given=_acl, refused=lambda world: _entry(world.given["NetworkAclId"], 100),
         accepted=lambda world: _entry(world.given["NetworkAclId"], 110)),
    Rule("an ACL's rule numbers end at 32766", f"{API}/API_CreateNetworkAclEntry.html", "create_network_acl_entry",
         "InvalidParameterValue", given=_acl, refused=lambda world: _entry(world.given["NetworkAclId"], 32767),
         accepted=lambda world: _entry(world.given["NetworkAclId"], 32766)),
    Rule("an ACL's rule that is not there is not replaced", CODES, "replace_network_acl_entry",
         "InvalidNetworkAclEntry.NotFound", given=_acl, refused=lambda world: _entry(world.given["NetworkAclId"], 110),
         accepted=lambda world: _entry(world.given["NetworkAclId"], 100)),
    Rule("an endpoint's service is of its region", CODES, "create_vpc_endpoint", "InvalidServiceName", given=_network,
         refused=_part("VpcId", VpcEndpointType="Interface", ServiceName="com.amazonaws.eu-west-1.ecr.api"),
         accepted=_endpoint("Interface", "ecr.api")),
    Rule("a route leads to a gateway of its VPC", f"{API}/API_CreateRoute.html", "create_route", "InvalidParameterValue",
         given=_network,
         refused=lambda world: {
             "RouteTableId": world.given["TableElsewhere"], "GatewayId": world.given["InternetGatewayId"],
             "DestinationCidrBlock": "0.0.0.0/0",
         },
         accepted=lambda world: {
             "RouteTableId": world.given["RouteTableId"], "GatewayId": world.given["InternetGatewayId"],
             "DestinationCidrBlock": "0.0.0.0/0",
         }),
    Rule("an interface's address is free", CODES, "create_network_interface", "InvalidIPAddress.InUse", given=_nat,
         refused=lambda world: {"SubnetId": world.given["SubnetId"], "PrivateIpAddress": _taken(world)},
         accepted=_part("SubnetId", PrivateIpAddress="10.0.0.200")),
    Rule("an interface's address is not one of those that AWS reserves", f"{GUIDE}/subnet-sizing.html",
         "create_network_interface", "InvalidParameterValue", given=_network,
         refused=_part("SubnetId", PrivateIpAddress="10.0.0.3"), accepted=_part("SubnetId", PrivateIpAddress="10.0.0.4")),
    Rule("private names need host names in the VPC", "https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html",
         "create_vpc_endpoint", "InvalidParameter", given=_network, refused=_private("ecr.api"),
         accepted=_endpoint("Interface", "ecr.api", PrivateDnsEnabled=False)),
    Rule("private names of a service are one endpoint's", "https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html",
         "create_vpc_endpoint", "InvalidParameter", given=_names, refused=_private("ecr.api"), accepted=_private("ecr.dkr")),
    Rule("a route table leads to a service once", CODES, "create_vpc_endpoint", "RouteAlreadyExists",
         given=_routed_endpoint, refused=_endpoint("Gateway", "s3", RouteTableIds=lambda world: [world.given["RouteTableId"]]),
         accepted=_endpoint("Gateway", "dynamodb", RouteTableIds=lambda world: [world.given["RouteTableId"]])),
    Rule("flow logs go somewhere once", CODES, "create_flow_logs", "FlowLogAlreadyExists", given=_flow,
         refused=lambda world: world.given,
         accepted=lambda world: world.given | {"LogDestination": "arn:aws:s3:::flows/again"}),
    Rule("flow logs are gathered for one or ten minutes", f"{API}/API_CreateFlowLogs.html", "create_flow_logs",
         "InvalidParameter", given=_flow,
         refused=lambda world: world.given | {"LogDestination": "arn:aws:s3:::flows/again", "MaxAggregationInterval": 120},
         accepted=lambda world: world.given | {"LogDestination": "arn:aws:s3:::flows/again", "MaxAggregationInterval": 60}),
    Rule("a prefix list has entries of its family", f"{GUIDE}/managed-prefix-lists.html", "create_managed_prefix_list",
         "InvalidParameterValue", refused=_LIST | {"Entries": [{"Cidr": "2001:db8::/32"}]},
         accepted=_LIST | {"Entries": [{"Cidr": "192.0.2.0/24"}]}),
    Rule("a prefix list's name does not begin with com.amazonaws", f"{API}/API_CreateManagedPrefixList.html",
         "create_managed_prefix_list", "InvalidParameterValue", refused=_LIST | {"PrefixListName": "com.amazonaws.a"},
         accepted=_LIST),
    Rule("a prefix list holds what it is sized for", f"{GUIDE}/managed-prefix-lists.html",
         "modify_managed_prefix_list", "PrefixListMaxEntriesExceeded", given=_list, refused=_added(2),
         accepted=_added(1)),
    Rule("a prefix list changes from its current version", f"{API}/API_ModifyManagedPrefixList.html",
         "modify_managed_prefix_list", "PrefixListVersionMismatch", given=_list, refused=_added(1, version=2),
         accepted=_added(1, version=1)),
    Rule("a prefix list stays while a rule refers to it", f"{GUIDE}/working-with-managed-prefix-lists.html",
         "delete_managed_prefix_list", "DependencyViolation", given=_list, refused=_part("PrefixListId"), accepted=_unused),
]  # fmt: skip
