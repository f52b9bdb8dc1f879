# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Amazon EC2's networks have."""

import json

ZONE = "eu-central-1a"
TAG = {"Key": "Name", "Value": "one"}


def _tags(kind, **tags):
    tags = tags or {"Name": "one"}
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]


def _vpc(ec2, block="10.0.0.0/16"):
    return ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]


def _subnet(ec2, vpc, block="10.0.0.0/24", zone=ZONE):
    return ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone)["Subnet"]["SubnetId"]


def vpc(probe):
    ec2 = probe.client("ec2")
    wanted = {"CidrBlock": "10.1.0.0/16", "InstanceTenancy": "default"}
    vpc = probe.does(ec2.create_vpc, **wanted, TagSpecifications=_tags("vpc"))["Vpc"]["VpcId"]
    probe.shows(wanted | {"State": "available", "Tags": [TAG]}, ec2.describe_vpcs, "Vpcs.0", VpcIds=[vpc])
    for name, flag in (("EnableDnsHostnames", "enableDnsHostnames"), ("EnableDnsSupport", "enableDnsSupport")):
        for value in (False, True):
            probe.does(ec2.modify_vpc_attribute, VpcId=vpc, **{name: {"Value": value}})
            probe.shows({"Value": value}, ec2.describe_vpc_attribute, name, VpcId=vpc, Attribute=flag)
    probe.does(ec2.create_tags, Resources=[vpc], Tags=[{"Key": "Owner", "Value": "me"}])
    of_vpc = [{"Name": "resource-id", "Values": [vpc]}, {"Name": "key", "Values": ["Owner"]}]
    probe.shows({"Value": "me", "ResourceType": "vpc"}, ec2.describe_tags, "Tags.0", Filters=of_vpc)
    probe.does(ec2.delete_tags, Resources=[vpc], Tags=[{"Key": "Owner"}])
    probe.lacks(ec2.describe_tags, path="Tags", Filters=of_vpc)
    probe.does(ec2.delete_vpc, VpcId=vpc)
    probe.lacks(ec2.describe_vpcs, "InvalidVpcID.NotFound", VpcIds=[vpc])


def address_ranges_of_a_vpc(probe):
    ec2 = probe.client("ec2")
    vpc = _vpc(ec2)
    block = probe.does(ec2.associate_vpc_cidr_block, VpcId=vpc, CidrBlock="10.1.0.0/16")["CidrBlockAssociation"]
    wanted = [{"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "10.1.0.0/16", "AssociationId": block["AssociationId"]}]
    probe.shows(wanted, ec2.describe_vpcs, "Vpcs.0.CidrBlockAssociationSet", VpcIds=[vpc])
    probe.does(ec2.disassociate_vpc_cidr_block, AssociationId=block["AssociationId"])
    probe.shows(wanted[:1], ec2.describe_vpcs, "Vpcs.0.CidrBlockAssociationSet", VpcIds=[vpc])


def default_vpc(probe):
    ec2 = probe.client("ec2")
    usual = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    of_vpc = [{"Name": "vpc-id", "Values": [usual]}]
    for subnet in ec2.describe_subnets(Filters=of_vpc)["Subnets"]:
        ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    probe.does(ec2.create_default_subnet, AvailabilityZone=ZONE)
    wanted = {"AvailabilityZone": ZONE, "DefaultForAz": True, "MapPublicIpOnLaunch": True}
    subnet = probe.shows(wanted, ec2.describe_subnets, "Subnets.0", Filters=of_vpc)["SubnetId"]
    ec2.delete_subnet(SubnetId=subnet)
    for gateway in ec2.describe_internet_gateways()["InternetGateways"]:
        ec2.detach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=usual)
    ec2.delete_vpc(VpcId=usual)
    probe.does(ec2.create_default_vpc)
    probe.shows({"IsDefault": True, "CidrBlock": "172.31.0.0/16"}, ec2.describe_vpcs, "Vpcs.0")


def subnet(probe):
    ec2 = probe.client("ec2")
    wanted = {"VpcId": _vpc(ec2), "CidrBlock": "10.0.1.0/24", "AvailabilityZone": ZONE}
    subnet = probe.does(ec2.create_subnet, **wanted, TagSpecifications=_tags("subnet"))["Subnet"]["SubnetId"]
    known = wanted | {"State": "available", "MapPublicIpOnLaunch": False, "AvailableIpAddressCount": 251}
    probe.shows(known | {"Tags": [TAG]}, ec2.describe_subnets, "Subnets.0", SubnetIds=[subnet])
    probe.does(ec2.modify_subnet_attribute, SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    probe.shows({"MapPublicIpOnLaunch": True}, ec2.describe_subnets, "Subnets.0", SubnetIds=[subnet])
    probe.does(ec2.delete_subnet, SubnetId=subnet)
    probe.lacks(ec2.describe_subnets, "InvalidSubnetID.NotFound", SubnetIds=[subnet])


def ipv6_of_a_subnet(probe):
    ec2 = probe.client("ec2")
    vpc = _vpc(ec2)
    subnet = _subnet(ec2, vpc)
    answer = ec2.associate_vpc_cidr_block(VpcId=vpc, AmazonProvidedIpv6CidrBlock=True)["Ipv6CidrBlockAssociation"]
    block = answer["Ipv6CidrBlock"].replace("/56", "/64")
    answer = probe.does(ec2.associate_subnet_cidr_block, SubnetId=subnet, Ipv6CidrBlock=block)
    number = answer["Ipv6CidrBlockAssociation"]["AssociationId"]
    shown = {"AssociationId": number, "Ipv6CidrBlock": block, "Ipv6CidrBlockState": {"State": "associated"}}
    place = "Subnets.0.Ipv6CidrBlockAssociationSet"
    probe.shows(shown, ec2.describe_subnets, f"{place}.0", SubnetIds=[subnet])
    probe.does(ec2.disassociate_subnet_cidr_block, AssociationId=number)
    probe.lacks(ec2.describe_subnets, path=place, SubnetIds=[subnet])


def internet_gateway(probe):
    ec2 = probe.client("ec2")
    vpc = _vpc(ec2)
    answer = probe.does(ec2.create_internet_gateway, TagSpecifications=_tags("internet-gateway"))
    gateway = {"InternetGatewayId": answer["InternetGateway"]["InternetGatewayId"]}
    read = {"InternetGatewayIds": list(gateway.values())}
    probe.shows({"Tags": [TAG], "Attachments": []}, ec2.describe_internet_gateways, "InternetGateways.0", **read)
    probe.does(ec2.attach_internet_gateway, **gateway, VpcId=vpc)
    attached = {"VpcId": vpc, "State": "available"}
    probe.shows(attached, ec2.describe_internet_gateways, "InternetGateways.0.Attachments.0", **read)
    probe.does(ec2.detach_internet_gateway, **gateway, VpcId=vpc)
    probe.lacks(ec2.describe_internet_gateways, path="InternetGateways.0.Attachments", **read)
    probe.does(ec2.delete_internet_gateway, **gateway)
    probe.lacks(ec2.describe_internet_gateways, "InvalidInternetGatewayID.NotFound", **read)


def egress_only_internet_gateway(probe):
    ec2 = probe.client("ec2")
    vpc = _vpc(ec2)
    answer = probe.does(ec2.create_egress_only_internet_gateway, VpcId=vpc)["EgressOnlyInternetGateway"]
    number = answer["EgressOnlyInternetGatewayId"]
    read = {"EgressOnlyInternetGatewayIds": [number]}
    gateways = ec2.describe_egress_only_internet_gateways
    probe.shows({"VpcId": vpc, "State": "attached"}, gateways, "EgressOnlyInternetGateways.0.Attachments.0", **read)
    probe.does(ec2.delete_egress_only_internet_gateway, EgressOnlyInternetGatewayId=number)
    probe.lacks(gateways, path="EgressOnlyInternetGateways", **read)


def route_table(probe):
    ec2 = probe.client("ec2")
    vpc = _vpc(ec2)
    subnet = _subnet(ec2, vpc)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    answer = probe.does(ec2.create_route_table, VpcId=vpc, TagSpecifications=_tags("route-table"))
    table = answer["RouteTable"]["RouteTableId"]
    read = {"RouteTableIds": [table]}
    probe.shows({"VpcId": vpc, "Tags": [TAG]}, ec2.describe_route_tables, "RouteTables.0", **read)
    route = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
    probe.does(ec2.create_route, **route, GatewayId=gateway)
    shown = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway, "State": "active", "Origin": "CreateRoute"}
    probe.shows(shown, ec2.describe_route_tables, "RouteTables.0.Routes.1", **read)
    probe.does(ec2.replace_route, **route, NatGatewayId=nat)
    probe.shows({"NatGatewayId": nat}, ec2.describe_route_tables, "RouteTables.0.Routes.1", **read)
    probe.does(ec2.delete_route, **route)
    probe.lacks(ec2.describe_route_tables, path="RouteTables.0.Routes.1", **read)
    association = probe.does(ec2.associate_route_table, RouteTableId=table, SubnetId=subnet)["AssociationId"]
    shown = {"SubnetId": subnet, "RouteTableAssociationId": association, "Main": False}
    probe.shows(shown, ec2.describe_route_tables, "RouteTables.0.Associations.0", **read)
    other = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    association = probe.does(ec2.replace_route_table_association, AssociationId=association, RouteTableId=other)
    association = association["NewAssociationId"]
    shown["RouteTableAssociationId"] = association
    probe.shows(shown, ec2.describe_route_tables, "RouteTables.0.Associations.0", RouteTableIds=[other])
    probe.does(ec2.disassociate_route_table, AssociationId=association)
    probe.lacks(ec2.describe_route_tables, path="RouteTables.0.Associations", RouteTableIds=[other])
    probe.does(ec2.delete_route_table, RouteTableId=table)
    probe.lacks(ec2.describe_route_tables, "InvalidRouteTableID.NotFound", **read)


def nat_gateway(probe):
    ec2 = probe.client("ec2")
    vpc = _vpc(ec2)
    subnet = _subnet(ec2, vpc)
    address = probe.does(ec2.allocate_address, Domain="vpc", TagSpecifications=_tags("elastic-ip"))
    number, public = address["AllocationId"], address["PublicIp"]
    wanted = {"PublicIp": public, "Domain": "vpc", "Tags": [TAG]}
    probe.shows(wanted, ec2.describe_addresses, "Addresses.0", AllocationIds=[number])
    answer = probe.does(
        ec2.create_nat_gateway, SubnetId=subnet, AllocationId=number, TagSpecifications=_tags("natgateway")
    )
    gateway = answer["NatGateway"]["NatGatewayId"]
    wanted = {
        "SubnetId": subnet, "VpcId": vpc, "State": "available", "ConnectivityType": "public", "Tags": [TAG],
        "NatGatewayAddresses": [{"AllocationId": number, "PublicIp": public, "Status": "succeeded"}],
    }  # fmt: skip
    probe.shows(wanted, ec2.describe_nat_gateways, "NatGateways.0", NatGatewayIds=[gateway])
    probe.does(ec2.delete_nat_gateway, NatGatewayId=gateway)
    probe.shows({"State": "deleted"}, ec2.describe_nat_gateways, "NatGateways.0", NatGatewayIds=[gateway])
    probe.does(ec2.release_address, AllocationId=number)
    probe.lacks(ec2.describe_addresses, "InvalidAllocationID.NotFound", AllocationIds=[number])


def addresses_of_a_nat_gateway(probe):
    ec2 = probe.client("ec2")
    subnet = _subnet(ec2, _vpc(ec2))
    first, second = (ec2.allocate_address(Domain="vpc")["AllocationId"] for _number in range(2))
    gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=first)["NatGateway"]["NatGatewayId"]
    read = {"NatGatewayIds": [gateway]}
    place = "NatGateways.0.NatGatewayAddresses.1"
    probe.does(ec2.associate_nat_gateway_address, NatGatewayId=gateway, AllocationIds=[second])
    wanted = {"AllocationId": second, "IsPrimary": False, "Status": "succeeded"}
    association = probe.shows(wanted, ec2.describe_nat_gateways, place, **read)["AssociationId"]
    probe.does(ec2.disassociate_nat_gateway_address, NatGatewayId=gateway, AssociationIds=[association])
    probe.lacks(ec2.describe_nat_gateways, path=place, **read)
    probe.does(ec2.assign_private_nat_gateway_address, NatGatewayId=gateway, PrivateIpAddresses=["10.0.0.77"])
    probe.shows({"PrivateIp": "10.0.0.77", "IsPrimary": False}, ec2.describe_nat_gateways, place, **read)
    probe.does(ec2.unassign_private_nat_gateway_address, NatGatewayId=gateway, PrivateIpAddresses=["10.0.0.77"])
    probe.lacks(ec2.describe_nat_gateways, path=place, **read)


def gateway_endpoint(probe):
    ec2 = probe.client("ec2")
    vpc = _vpc(ec2)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    wanted = {"VpcId": vpc, "ServiceName": "com.amazonaws.eu-central-1.s3", "VpcEndpointType": "Gateway"}
    answer = probe.does(ec2.create_vpc_endpoint, **wanted, TagSpecifications=_tags("vpc-endpoint"))
    endpoint = answer["VpcEndpoint"]["VpcEndpointId"]
    read = {"VpcEndpointIds": [endpoint]}
    shown = wanted | {"State": "available", "Tags": [TAG], "RouteTableIds": []}
    probe.shows(shown, ec2.describe_vpc_endpoints, "VpcEndpoints.0", **read)
    probe.does(ec2.modify_vpc_endpoint, VpcEndpointId=endpoint, AddRouteTableIds=[table])
    probe.shows({"RouteTableIds": [table]}, ec2.describe_vpc_endpoints, "VpcEndpoints.0", **read)
    route = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"][1]
    lists = [route["DestinationPrefixListId"]]
    wanted = {"PrefixListName": "com.amazonaws.eu-central-1.s3"}
    probe.shows(wanted, ec2.describe_prefix_lists, "PrefixLists.0", PrefixListIds=lists)
    probe.does(ec2.delete_vpc_endpoints, **read)
    probe.lacks(ec2.describe_vpc_endpoints, "InvalidVpcEndpointId.NotFound", **read)


def interface_endpoint(probe):
    ec2 = probe.client("ec2")
    vpc = _vpc(ec2)
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnets = [_subnet(ec2, vpc), _subnet(ec2, vpc, "10.0.1.0/24", "eu-central-1b")]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    service = "com.amazonaws.eu-central-1.ecr.api"
    probe.shows(
        {"ServiceName": service}, ec2.describe_vpc_endpoint_services, "ServiceDetails.0", ServiceNames=[service]
    )
    wanted = {
        "VpcId": vpc, "ServiceName": service, "VpcEndpointType": "Interface", "SubnetIds": subnets[:1],
        "PrivateDnsEnabled": True,
    }  # fmt: skip
    answer = probe.does(ec2.create_vpc_endpoint, **wanted, SecurityGroupIds=[group])["VpcEndpoint"]
    read = {"VpcEndpointIds": [answer["VpcEndpointId"]]}
    shown = wanted | {"Groups": [{"GroupId": group, "GroupName": "g"}]}
    found = probe.shows(shown, ec2.describe_vpc_endpoints, "VpcEndpoints.0", **read)
    wanted = {"InterfaceType": "vpc_endpoint", "SubnetId": subnets[0], "Status": "in-use"}
    faces = found["NetworkInterfaceIds"]
    probe.shows(wanted, ec2.describe_network_interfaces, "NetworkInterfaces.0", NetworkInterfaceIds=faces)
    policy = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]})
    change = {"AddSubnetIds": subnets[1:], "PrivateDnsEnabled": False, "PolicyDocument": policy}
    probe.does(ec2.modify_vpc_endpoint, **{"VpcEndpointId": answer["VpcEndpointId"]}, **change)
    shown = {"SubnetIds": subnets, "PrivateDnsEnabled": False, "PolicyDocument": policy}
    probe.shows(shown, ec2.describe_vpc_endpoints, "VpcEndpoints.0", **read)


def security_group(probe):
    ec2 = probe.client("ec2")
    vpc = _vpc(ec2)
    wanted = {"GroupName": "web", "Description": "in front", "VpcId": vpc}
    group = probe.does(ec2.create_security_group, **wanted, TagSpecifications=_tags("security-group"))["GroupId"]
    probe.shows(wanted | {"Tags": [TAG]}, ec2.describe_security_groups, "SecurityGroups.0", GroupIds=[group])
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    ranges = {"IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all"}]}
    answer = probe.does(ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[https | ranges])
    rule = {"SecurityGroupRuleIds": [answer["SecurityGroupRules"][0]["SecurityGroupRuleId"]]}
    shown = https | {"CidrIpv4": "0.0.0.0/0", "Description": "all", "IsEgress": False, "GroupId": group}
    probe.shows(shown, ec2.describe_security_group_rules, "SecurityGroupRules.0", **rule)
    ranges["IpRanges"][0]["Description"] = "everybody"
    change = {"GroupId": group, "IpPermissions": [https | ranges]}
    probe.does(ec2.update_security_group_rule_descriptions_ingress, **change)
    probe.shows({"Description": "everybody"}, ec2.describe_security_group_rules, "SecurityGroupRules.0", **rule)
    new = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 81, "CidrIpv4": "10.0.0.0/8", "Description": "inside"}
    change = {"SecurityGroupRuleId": rule["SecurityGroupRuleIds"][0], "SecurityGroupRule": new}
    probe.does(ec2.modify_security_group_rules, GroupId=group, SecurityGroupRules=[change])
    probe.shows(new, ec2.describe_security_group_rules, "SecurityGroupRules.0", **rule)
    probe.does(ec2.revoke_security_group_ingress, GroupId=group, SecurityGroupRuleIds=rule["SecurityGroupRuleIds"])
    probe.lacks(ec2.describe_security_groups, path="SecurityGroups.0.IpPermissions", GroupIds=[group])
    probe.does(ec2.delete_security_group, GroupId=group)
    probe.lacks(ec2.describe_security_groups, "InvalidGroup.NotFound", GroupIds=[group])


def egress_rules(probe):
    ec2 = probe.client("ec2")
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=_vpc(ec2))["GroupId"]
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    probe.does(ec2.revoke_security_group_egress, GroupId=group, IpPermissions=[everything])
    probe.lacks(ec2.describe_security_groups, path="SecurityGroups.0.IpPermissionsEgress", GroupIds=[group])
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    peer = {"UserIdGroupPairs": [{"GroupId": group, "Description": "us"}]}
    probe.does(ec2.authorize_security_group_egress, GroupId=group, IpPermissions=[https | peer])
    place = "SecurityGroups.0.IpPermissionsEgress.0"
    probe.shows(https | peer, ec2.describe_security_groups, place, GroupIds=[group])
    peer["UserIdGroupPairs"][0]["Description"] = "ours"
    change = {"GroupId": group, "IpPermissions": [https | peer]}
    probe.does(ec2.update_security_group_rule_descriptions_egress, **change)
    probe.shows(https | peer, ec2.describe_security_groups, place, GroupIds=[group])


def network_acl(probe):
    ec2 = probe.client("ec2")
    vpc = _vpc(ec2)
    subnet = _subnet(ec2, vpc)
    acl = probe.does(ec2.create_network_acl, VpcId=vpc, TagSpecifications=_tags("network-acl"))["NetworkAcl"]
    acl = acl["NetworkAclId"]
    shown = {"VpcId": vpc, "IsDefault": False, "Tags": [TAG]}
    probe.shows(shown, ec2.describe_network_acls, "NetworkAcls.0", NetworkAclIds=[acl])
    number = {"NetworkAclId": acl, "RuleNumber": 100, "Egress": True}
    entry = {
        "Protocol": "6", "RuleAction": "allow", "CidrBlock": "10.0.0.0/8", "PortRange": {"From": 80, "To": 90}
    }  # fmt: skip
    probe.does(ec2.create_network_acl_entry, **number, **entry)
    entries = "NetworkAcls.0.Entries.0"
    probe.shows(entry | {"RuleNumber": 100}, ec2.describe_network_acls, entries, NetworkAclIds=[acl])
    probe.does(ec2.replace_network_acl_entry, **number, **(entry | {"RuleAction": "deny"}))
    probe.shows({"RuleAction": "deny"}, ec2.describe_network_acls, entries, NetworkAclIds=[acl])
    probe.does(ec2.delete_network_acl_entry, **number)
    probe.shows({"RuleNumber": 32767}, ec2.describe_network_acls, entries, NetworkAclIds=[acl])
    of_subnet = [{"Name": "association.subnet-id", "Values": [subnet]}]
    usual = ec2.describe_network_acls(Filters=of_subnet)["NetworkAcls"][0]["Associations"]
    association = next(item for item in usual if item["SubnetId"] == subnet)["NetworkAclAssociationId"]
    probe.does(ec2.replace_network_acl_association, AssociationId=association, NetworkAclId=acl)
    probe.shows({"SubnetId": subnet}, ec2.describe_network_acls, "NetworkAcls.0.Associations.0", NetworkAclIds=[acl])
    spare = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    probe.does(ec2.delete_network_acl, NetworkAclId=spare)
    probe.lacks(ec2.describe_network_acls, "InvalidNetworkAclID.NotFound", NetworkAclIds=[spare])


def flow_logs(probe):
    ec2, vpc = probe.client("ec2"), None
    vpc = _vpc(ec2)
    probe.client("s3").create_bucket(Bucket="flows", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    wanted = {
        "TrafficType": "REJECT", "LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::flows",
        "MaxAggregationInterval": 60,
    }  # fmt: skip
    answer = probe.does(
        ec2.create_flow_logs, ResourceIds=[vpc], ResourceType="VPC", **wanted,
        DestinationOptions={"FileFormat": "parquet", "HiveCompatiblePartitions": True, "PerHourPartition": True},
        LogFormat="${srcaddr} ${dstaddr}", TagSpecifications=_tags("vpc-flow-log"),
    )  # fmt: skip
    read = {"FlowLogIds": answer["FlowLogIds"]}
    shown = wanted | {"ResourceId": vpc, "FlowLogStatus": "ACTIVE", "LogFormat": "${srcaddr} ${dstaddr}"}
    shown |= {
        "DestinationOptions": {"FileFormat": "parquet", "HiveCompatiblePartitions": True, "PerHourPartition": True}
    }
    probe.shows(shown | {"Tags": [TAG]}, ec2.describe_flow_logs, "FlowLogs.0", **read)
    probe.does(ec2.delete_flow_logs, **read)
    probe.lacks(ec2.describe_flow_logs, path="FlowLogs", **read)
