# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of Amazon EC2's addresses and of what knows them: interfaces, prefix lists, DHCP, peerings."""

from tests.unit.sandbox.probes.ec2 import TAG, ZONE, _subnet, _tags, _vpc


def prefix_list(probe):
    ec2 = probe.client("ec2")
    wanted = {"PrefixListName": "office", "MaxEntries": 5, "AddressFamily": "IPv4"}
    entries = [{"Cidr": "192.0.2.0/24", "Description": "one"}]
    answer = probe.does(
        ec2.create_managed_prefix_list, **wanted, Entries=entries, TagSpecifications=_tags("prefix-list")
    )
    number = answer["PrefixList"]["PrefixListId"]
    read = {"PrefixListIds": [number]}
    shown = wanted | {"Version": 1, "State": "create-complete", "Tags": [TAG]}
    probe.shows(shown, ec2.describe_managed_prefix_lists, "PrefixLists.0", **read)
    probe.shows(entries, ec2.get_managed_prefix_list_entries, "Entries", PrefixListId=number)
    added = {"Cidr": "198.51.100.0/24", "Description": "two"}
    change = {"AddEntries": [added], "RemoveEntries": [{"Cidr": "192.0.2.0/24"}], "PrefixListName": "home"}
    probe.does(ec2.modify_managed_prefix_list, PrefixListId=number, CurrentVersion=1, **change)
    probe.shows([added], ec2.get_managed_prefix_list_entries, "Entries", PrefixListId=number)
    shown = {"PrefixListName": "home", "Version": 2, "State": "modify-complete"}
    probe.shows(shown, ec2.describe_managed_prefix_lists, "PrefixLists.0", **read)
    probe.does(ec2.restore_managed_prefix_list_version, PrefixListId=number, PreviousVersion=1, CurrentVersion=2)
    probe.shows(entries, ec2.get_managed_prefix_list_entries, "Entries", PrefixListId=number)
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=_vpc(ec2))["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": number}]}
    probe.does(ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[rule])
    uses = ec2.get_managed_prefix_list_associations
    probe.shows({"ResourceId": group}, uses, "PrefixListAssociations.0", PrefixListId=number)
    probe.does(ec2.revoke_security_group_ingress, GroupId=group, IpPermissions=[rule])
    probe.lacks(uses, path="PrefixListAssociations", PrefixListId=number)
    probe.does(ec2.delete_managed_prefix_list, PrefixListId=number)
    probe.lacks(ec2.describe_managed_prefix_lists, path="PrefixLists", **read)


def address(probe):
    ec2 = probe.client("ec2")
    subnet = _subnet(ec2, _vpc(ec2))
    face = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    number = ec2.allocate_address(Domain="vpc")["AllocationId"]
    read = {"AllocationIds": [number]}
    association = probe.does(ec2.associate_address, AllocationId=number, NetworkInterfaceId=face)["AssociationId"]
    shown = {"AssociationId": association, "NetworkInterfaceId": face}
    probe.shows(shown, ec2.describe_addresses, "Addresses.0", **read)
    probe.does(ec2.disassociate_address, AssociationId=association)
    probe.lacks(ec2.describe_addresses, path="Addresses.0.AssociationId", **read)
    probe.does(ec2.modify_address_attribute, AllocationId=number, DomainName="nat.example.com")
    shown = {"AllocationId": number, "PtrRecord": "nat.example.com."}
    probe.shows(shown, ec2.describe_addresses_attribute, "Addresses.0", **read, Attribute="domain-name")
    probe.does(ec2.reset_address_attribute, AllocationId=number, Attribute="domain-name")
    probe.lacks(ec2.describe_addresses_attribute, path="Addresses.0.PtrRecord", **read, Attribute="domain-name")


def network_interface(probe):
    ec2 = probe.client("ec2")
    vpc = _vpc(ec2)
    subnet = _subnet(ec2, vpc)
    groups = [ec2.create_security_group(GroupName=name, Description="d", VpcId=vpc)["GroupId"] for name in "ab"]
    wanted = {"SubnetId": subnet, "Description": "mine", "PrivateIpAddress": "10.0.0.50"}
    answer = probe.does(ec2.create_network_interface, **wanted, Groups=groups[:1])["NetworkInterface"]
    number = answer["NetworkInterfaceId"]
    read = {"NetworkInterfaceIds": [number]}
    shown = wanted | {"Status": "available", "VpcId": vpc, "Groups": [{"GroupId": groups[0], "GroupName": "a"}]}
    probe.shows(shown, ec2.describe_network_interfaces, "NetworkInterfaces.0", **read)
    probe.does(ec2.modify_network_interface_attribute, NetworkInterfaceId=number, Groups=groups[1:])
    place = "NetworkInterfaces.0.Groups.0"
    probe.shows({"GroupId": groups[1]}, ec2.describe_network_interfaces, place, **read)
    probe.does(ec2.assign_private_ip_addresses, NetworkInterfaceId=number, PrivateIpAddresses=["10.0.0.51"])
    place = "NetworkInterfaces.0.PrivateIpAddresses.1"
    probe.shows({"PrivateIpAddress": "10.0.0.51"}, ec2.describe_network_interfaces, place, **read)
    probe.does(ec2.unassign_private_ip_addresses, NetworkInterfaceId=number, PrivateIpAddresses=["10.0.0.51"])
    probe.lacks(ec2.describe_network_interfaces, path=place, **read)
    probe.does(ec2.delete_network_interface, NetworkInterfaceId=number)
    probe.lacks(ec2.describe_network_interfaces, "InvalidNetworkInterfaceID.NotFound", **read)


def dhcp_options(probe):
    ec2 = probe.client("ec2")
    vpc = _vpc(ec2)
    configuration = [{"Key": "domain-name", "Values": ["example.com"]}]
    answer = probe.does(ec2.create_dhcp_options, DhcpConfigurations=configuration)["DhcpOptions"]
    number = answer["DhcpOptionsId"]
    shown = [{"Key": "domain-name", "Values": [{"Value": "example.com"}]}]
    place = "DhcpOptions.0.DhcpConfigurations"
    probe.shows(shown, ec2.describe_dhcp_options, place, DhcpOptionsIds=[number])
    probe.does(ec2.associate_dhcp_options, DhcpOptionsId=number, VpcId=vpc)
    probe.shows({"DhcpOptionsId": number}, ec2.describe_vpcs, "Vpcs.0", VpcIds=[vpc])
    probe.does(ec2.associate_dhcp_options, DhcpOptionsId="default", VpcId=vpc)
    probe.shows({"DhcpOptionsId": "default"}, ec2.describe_vpcs, "Vpcs.0", VpcIds=[vpc])
    probe.does(ec2.delete_dhcp_options, DhcpOptionsId=number)
    probe.lacks(ec2.describe_dhcp_options, "InvalidDhcpOptionID.NotFound", DhcpOptionsIds=[number])


def peering(probe):
    ec2 = probe.client("ec2")
    one, other = _vpc(ec2), _vpc(ec2, "10.1.0.0/16")
    answer = probe.does(ec2.create_vpc_peering_connection, VpcId=one, PeerVpcId=other)["VpcPeeringConnection"]
    number = answer["VpcPeeringConnectionId"]
    read = {"VpcPeeringConnectionIds": [number]}
    shown = {"RequesterVpcInfo": {"VpcId": one, "CidrBlock": "10.0.0.0/16"}, "Status": {"Code": "pending-acceptance"}}
    place = "VpcPeeringConnections.0"
    probe.shows(shown, ec2.describe_vpc_peering_connections, place, **read)
    probe.does(ec2.accept_vpc_peering_connection, VpcPeeringConnectionId=number)
    probe.shows({"Status": {"Code": "active"}}, ec2.describe_vpc_peering_connections, place, **read)
    options = {"AllowDnsResolutionFromRemoteVpc": True}
    probe.does(
        ec2.modify_vpc_peering_connection_options, VpcPeeringConnectionId=number,
        RequesterPeeringConnectionOptions=options,
    )  # fmt: skip
    shown = {"RequesterVpcInfo": {"PeeringOptions": options}}
    probe.shows(shown, ec2.describe_vpc_peering_connections, place, **read)
    probe.does(ec2.delete_vpc_peering_connection, VpcPeeringConnectionId=number)
    probe.shows({"Status": {"Code": "deleted"}}, ec2.describe_vpc_peering_connections, place, **read)


def places(probe):
    ec2 = probe.client("ec2")
    wanted = {"ZoneName": ZONE, "RegionName": "eu-central-1", "State": "available"}
    probe.shows(wanted, ec2.describe_availability_zones, "AvailabilityZones.0", ZoneNames=[ZONE])
    probe.shows({"RegionName": "eu-west-1"}, ec2.describe_regions, "Regions.0", RegionNames=["eu-west-1"])
