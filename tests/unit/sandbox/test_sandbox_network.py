# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2's networks, where moto needs correcting."""

import json

import pytest

TYPES = {
    "vpc": ("describe_vpcs", "Filters"),
    "subnet": ("describe_subnets", "Filters"),
    "route-table": ("describe_route_tables", "Filters"),
    "internet-gateway": ("describe_internet_gateways", "Filters"),
    "elastic-ip": ("describe_addresses", "Filters"),
    "natgateway": ("describe_nat_gateways", "Filter"),
    "network-acl": ("describe_network_acls", "Filters"),
    "security-group": ("describe_security_groups", "Filters"),
    "vpc-endpoint": ("describe_vpc_endpoints", "Filters"),
    "vpc-flow-log": ("describe_flow_logs", "Filter"),
}


def tags(kind):
    """The TagSpecifications of a test's resource."""
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": kind}, {"Key": "Platform", "Value": "one"}]}]


@pytest.fixture
def gateway(ec2, subnet):
    """A NAT gateway with an address: (gateway id, allocation id)."""
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    answer = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
    assert (answer["State"], answer["ConnectivityType"]) == ("pending", "public")
    return answer["NatGatewayId"], address


def state_of(ec2, number):
    """The state of a NAT gateway."""
    return ec2.describe_nat_gateways(NatGatewayIds=[number])["NatGateways"][0]["State"]


@pytest.fixture
def everything(sandbox, ec2):
    """One tagged resource of each type."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags("vpc"))["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", TagSpecifications=tags("subnet"))["Subnet"][
        "SubnetId"
    ]
    table = ec2.create_route_table(VpcId=vpc, TagSpecifications=tags("route-table"))["RouteTable"]["RouteTableId"]
    ec2.create_internet_gateway(TagSpecifications=tags("internet-gateway"))
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=tags("elastic-ip"))["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address, TagSpecifications=tags("natgateway"))
    ec2.create_network_acl(VpcId=vpc, TagSpecifications=tags("network-acl"))
    ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc, TagSpecifications=tags("security-group"))
    service = "com.amazonaws.eu-central-1.s3"
    specification = tags("vpc-endpoint")
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, RouteTableIds=[table], TagSpecifications=specification)
    sandbox.client("s3", region="us-east-1").create_bucket(Bucket="flows")
    ec2.create_flow_logs(
        ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogDestinationType="s3",
        LogDestination="arn:aws:s3:::flows", TagSpecifications=tags("vpc-flow-log"),
    )  # fmt: skip


def test_tags_and_their_filters(ec2, everything):
    for kind, (operation, name) in TYPES.items():
        describe = getattr(ec2, operation)
        found = {}
        for value in ("one", "two"):
            wanted = [{"Name": "tag:Platform", "Values": [value]}, {"Name": "tag-key", "Values": ["Name"]}]
            found[value] = next(items for items in describe(**{name: wanted}).values() if isinstance(items, list))
        assert (len(found["one"]), len(found["two"])) == (1, 0), kind
        assert {"Key": "Name", "Value": kind} in found["one"][0]["Tags"], kind


def test_describe_tags_names_types_as_aws_does(ec2, everything):
    wanted = [{"Name": "key", "Values": ["Platform"]}]
    assert {tag["ResourceType"] for tag in ec2.describe_tags(Filters=wanted)["Tags"]} == set(TYPES)
    wanted = [{"Name": "resource-type", "Values": ["natgateway"]}]
    assert {tag["Value"] for tag in ec2.describe_tags(Filters=wanted)["Tags"]} == {"natgateway", "one"}


def test_tags_go_with_their_resource(ec2, vpc):
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "a", "Value": "b"}])
    ec2.delete_vpc(VpcId=vpc)
    assert ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [vpc]}])["Tags"] == []


def test_nat_gateway_lives(ec2, subnet, gateway):
    number, address = gateway
    assert state_of(ec2, number) == "available"
    view = ec2.describe_nat_gateways(NatGatewayIds=[number])["NatGateways"][0]
    assert view["NatGatewayAddresses"][0]["PrivateIp"].startswith("10.0.0.")
    ec2.delete_nat_gateway(NatGatewayId=number)
    assert state_of(ec2, number) == "deleted"
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    ec2.release_address(AllocationId=address)
    ec2.delete_subnet(SubnetId=subnet)


def test_nat_gateway_takes_its_time(sandbox, ec2, subnet):
    sandbox.delays(nat_gateway_create=600, nat_gateway_delete=600)
    arguments = {"SubnetId": subnet, "ConnectivityType": "private", "ClientToken": "once"}
    number = ec2.create_nat_gateway(**arguments)["NatGateway"]["NatGatewayId"]
    assert state_of(ec2, number) == "pending"
    assert ec2.create_nat_gateway(**arguments)["NatGateway"]["NatGatewayId"] == number
    ec2.delete_nat_gateway(NatGatewayId=number)
    assert state_of(ec2, number) == "deleting"
    with pytest.raises(ValueError, match="there is no"):
        sandbox.delays(nat_gateway_crate=1)


def test_nat_gateway_refusals(ec2, subnet, gateway, refused):
    number, address = gateway
    assert refused(ec2.create_nat_gateway, SubnetId=subnet) == "MissingParameter"
    interfaces = len(ec2.describe_network_interfaces()["NetworkInterfaces"])
    assert refused(ec2.create_nat_gateway, SubnetId=subnet, AllocationId=address) == "Resource.AlreadyAssociated"
    assert len(ec2.describe_network_interfaces()["NetworkInterfaces"]) == interfaces
    assert refused(ec2.release_address, AllocationId=address) == "InvalidIPAddress.InUse"
    missing = "nat-0123456789abcdef0"
    assert refused(ec2.describe_nat_gateways, NatGatewayIds=[missing]) == "NatGatewayNotFound"
    assert refused(ec2.delete_nat_gateway, NatGatewayId=missing) == "NatGatewayNotFound"


def test_deletes_of_what_is_in_use(ec2, vpc, subnet, gateway, refused):
    internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
    assert refused(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    assert refused(ec2.detach_internet_gateway, InternetGatewayId=internet, VpcId=vpc) == "DependencyViolation"
    assert refused(ec2.delete_internet_gateway, InternetGatewayId=internet) == "DependencyViolation"
    ec2.delete_nat_gateway(NatGatewayId=gateway[0])
    ec2.delete_subnet(SubnetId=subnet)
    assert refused(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    ec2.detach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    assert refused(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    ec2.delete_security_group(GroupId=group)
    ec2.delete_vpc(VpcId=vpc)
    wanted = [{"Name": "vpc-id", "Values": [vpc]}]
    assert ec2.describe_network_acls(Filters=wanted)["NetworkAcls"] == []


def test_subnets_do_not_overlap(ec2, vpc, subnet, refused):
    assert refused(ec2.create_subnet, VpcId=vpc, CidrBlock="10.0.0.128/25") == "InvalidSubnet.Conflict"


def test_route_tables(ec2, vpc, subnet, refused):
    first, second = (ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    ec2.associate_route_table(RouteTableId=first, SubnetId=subnet)
    code = refused(ec2.associate_route_table, RouteTableId=second, SubnetId=subnet)
    assert code == "Resource.AlreadyAssociated"
    wanted = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    main = ec2.describe_route_tables(Filters=wanted)["RouteTables"][0]["RouteTableId"]
    assert refused(ec2.delete_route_table, RouteTableId=main) == "DependencyViolation"
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_route_table(RouteTableId=first)


def test_replaced_routes_and_associations(ec2, vpc, subnet, gateway):
    table, other = (ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
    everywhere = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
    ec2.create_route(**everywhere, GatewayId=internet)
    ec2.replace_route(**everywhere, NatGatewayId=gateway[0])
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    route = next(route for route in routes if route["DestinationCidrBlock"] == "0.0.0.0/0")
    assert route["NatGatewayId"] == gateway[0] and "GatewayId" not in route
    number = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    ec2.replace_route_table_association(AssociationId=number, RouteTableId=other)
    associations = ec2.describe_route_tables(RouteTableIds=[other])["RouteTables"][0]["Associations"]
    assert [item["SubnetId"] for item in associations] == [subnet]


def test_network_acls(ec2, vpc, subnet, refused):
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]
    assert [entry["RuleNumber"] for entry in acl["Entries"]] == [32767, 32767]
    entry = {"NetworkAclId": acl["NetworkAclId"], "RuleNumber": 100, "Egress": False, "CidrBlock": "10.0.0.0/8"}
    ping = {**entry, "Protocol": "1", "RuleAction": "allow", "IcmpTypeCode": {"Type": 8, "Code": -1}}
    assert refused(ec2.replace_network_acl_entry, **ping) == "InvalidNetworkAclEntry.NotFound"
    ec2.create_network_acl_entry(**ping)
    ec2.replace_network_acl_entry(**{**ping, "RuleAction": "deny"})
    entries = ec2.describe_network_acls(NetworkAclIds=[acl["NetworkAclId"]])["NetworkAcls"][0]["Entries"]
    found = next(item for item in entries if item["RuleNumber"] == 100)
    assert (found["RuleAction"], found["IcmpTypeCode"]) == ("deny", {"Type": 8, "Code": -1})
    wanted = [{"Name": "association.subnet-id", "Values": [subnet]}]
    usual = ec2.describe_network_acls(Filters=wanted)["NetworkAcls"][0]
    number = usual["Associations"][0]["NetworkAclAssociationId"]
    ec2.replace_network_acl_association(AssociationId=number, NetworkAclId=acl["NetworkAclId"])
    code = refused(ec2.replace_network_acl_association, AssociationId=number, NetworkAclId=acl["NetworkAclId"])
    assert code == "InvalidAssociationID.NotFound"
    assert refused(ec2.delete_network_acl, NetworkAclId=acl["NetworkAclId"]) == "DependencyViolation"
    assert refused(ec2.delete_network_acl, NetworkAclId=usual["NetworkAclId"]) == "InvalidParameterValue"
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_network_acl(NetworkAclId=acl["NetworkAclId"])


def test_gateway_endpoint(ec2, vpc, refused):
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    arguments = {"VpcId": vpc, "ServiceName": "com.amazonaws.eu-central-1.s3", "RouteTableIds": [table]}
    endpoint = ec2.create_vpc_endpoint(**arguments)["VpcEndpoint"]
    assert (endpoint["VpcEndpointType"], endpoint["PrivateDnsEnabled"]) == ("Gateway", False)
    assert refused(ec2.create_vpc_endpoint, **arguments) == "RouteAlreadyExists"

    def routes():
        listed = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        return [route for route in listed if "DestinationPrefixListId" in route]

    number = endpoint["VpcEndpointId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=number, RemoveRouteTableIds=[table], PolicyDocument='{"Statement": []}')
    assert routes() == []
    ec2.modify_vpc_endpoint(VpcEndpointId=number, AddRouteTableIds=[table], ResetPolicy=True)
    assert len(routes()) == 1
    policy = ec2.describe_vpc_endpoints(VpcEndpointIds=[number])["VpcEndpoints"][0]["PolicyDocument"]
    assert json.loads(policy)["Statement"]
    missing = "vpce-0123456789abcdef0"
    answer = ec2.delete_vpc_endpoints(VpcEndpointIds=[number, missing])
    assert [item["ResourceId"] for item in answer["Unsuccessful"]] == [missing]
    assert routes() == [] and ec2.describe_vpc_endpoints()["VpcEndpoints"] == []


def test_interface_endpoint(ec2, vpc, subnet, refused):
    other = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    first, second = (
        ec2.create_security_group(GroupName=name, Description="d", VpcId=vpc)["GroupId"] for name in ("a", "b")
    )
    arguments = {
        "VpcId": vpc, "ServiceName": "com.amazonaws.eu-central-1.ecr.api", "VpcEndpointType": "Interface",
        "SubnetIds": [subnet], "SecurityGroupIds": [first], "PrivateDnsEnabled": True,
    }  # fmt: skip
    number = ec2.create_vpc_endpoint(**arguments)["VpcEndpoint"]["VpcEndpointId"]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=number, AddSubnetIds=[other], RemoveSubnetIds=[subnet], AddSecurityGroupIds=[second],
        RemoveSecurityGroupIds=[first], PrivateDnsEnabled=False,
    )  # fmt: skip
    endpoint = ec2.describe_vpc_endpoints(VpcEndpointIds=[number])["VpcEndpoints"][0]
    assert (endpoint["SubnetIds"], endpoint["PrivateDnsEnabled"]) == ([other], False)
    assert [group["GroupId"] for group in endpoint["Groups"]] == [second]
    (interface,) = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert (interface["SubnetId"], interface["InterfaceType"]) == (other, "vpc_endpoint")
    assert [group["GroupId"] for group in interface["Groups"]] == [second]
    ec2.delete_security_group(GroupId=first)
    assert refused(ec2.delete_security_group, GroupId=second) == "DependencyViolation"
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": False})
    code = refused(ec2.modify_vpc_endpoint, VpcEndpointId=number, PrivateDnsEnabled=True)
    assert code == "InvalidParameter"


def test_prefix_lists_of_aws(ec2):
    names = {item["PrefixListName"] for item in ec2.describe_managed_prefix_lists()["PrefixLists"]}
    assert {"com.amazonaws.global.cloudfront.origin-facing", "com.amazonaws.eu-central-1.s3"} <= names


def test_flow_log_filters(ec2, everything):
    (log,) = ec2.describe_flow_logs()["FlowLogs"]
    for values, count in (([log["ResourceId"]], 1), (["vpc-0123456789abcdef0"], 0)):
        wanted = [{"Name": "resource-id", "Values": values}]
        assert len(ec2.describe_flow_logs(Filter=wanted)["FlowLogs"]) == count


REPEATED = [("create_route_table", "RouteTable"), ("create_network_acl", "NetworkAcl")]


@pytest.mark.parametrize("operation, member", REPEATED)
def test_a_repeated_client_token_creates_nothing(sandbox, ec2, vpc, operation, member):
    create = getattr(ec2, operation)
    first, second = create(VpcId=vpc, ClientToken="once"), create(VpcId=vpc, ClientToken="once")
    assert first[member] == second[member] != create(VpcId=vpc, ClientToken="twice")[member]
    sandbox.reset()
    other = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert create(VpcId=other, ClientToken="once")[member] != first[member]
