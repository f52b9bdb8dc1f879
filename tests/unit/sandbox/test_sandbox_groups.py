# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security groups and their rules, where moto needs correcting."""

import pytest

HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


@pytest.fixture
def groups(ec2, vpc):
    """Two security groups."""
    return [ec2.create_security_group(GroupName=name, Description="d", VpcId=vpc)["GroupId"] for name in "ab"]


@pytest.fixture
def prefix_list(ec2):
    """CloudFront's prefix list."""
    wanted = [{"Name": "prefix-list-name", "Values": ["com.amazonaws.global.cloudfront.origin-facing"]}]
    return ec2.describe_managed_prefix_lists(Filters=wanted)["PrefixLists"][0]["PrefixListId"]


def permission(text, other, prefix_list):
    """One rule for each kind of peer."""
    return {
        **HTTPS,
        "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": text}],
        "Ipv6Ranges": [{"CidrIpv6": "::/0", "Description": text}],
        "UserIdGroupPairs": [{"GroupId": other, "Description": text}],
        "PrefixListIds": [{"PrefixListId": prefix_list, "Description": text}],
    }


def ingress(ec2, group):
    """The ingress rules of a group."""
    wanted = [{"Name": "group-id", "Values": [group]}]
    rules = ec2.describe_security_group_rules(Filters=wanted)["SecurityGroupRules"]
    return [rule for rule in rules if not rule["IsEgress"]]


def described(ec2, group):
    """The descriptions that DescribeSecurityGroups knows."""
    (found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    (rules,) = found["IpPermissions"]
    return [
        item.get("Description")
        for name in ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds")
        for item in rules[name]
    ]


def test_descriptions(ec2, groups, prefix_list):
    group, other = groups
    answer = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission("old", other, prefix_list)])
    assert [rule["Description"] for rule in answer["SecurityGroupRules"]] == ["old"] * 4
    ec2.update_security_group_rule_descriptions_ingress(
        GroupId=group, IpPermissions=[permission("new", other, prefix_list)]
    )
    rules = ingress(ec2, group)
    assert [rule["Description"] for rule in rules] == ["new"] * 4
    assert described(ec2, group) == ["new"] * 4
    item = {"SecurityGroupRuleId": rules[0]["SecurityGroupRuleId"], "Description": "by id"}
    ec2.update_security_group_rule_descriptions_ingress(GroupId=group, SecurityGroupRuleDescriptions=[item])
    assert ingress(ec2, group)[0]["Description"] == "by id"


def test_rules_are_revoked_whatever_their_description(ec2, groups, prefix_list):
    group, other = groups
    rules = [permission("x", other, prefix_list)]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rules)
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[permission("y", other, prefix_list)])
    assert ingress(ec2, group) == []


def test_duplicates_and_nothing_half_done(ec2, groups, prefix_list, refused):
    group, other = groups
    whole = permission("x", other, prefix_list)
    for name in ("IpRanges", "UserIdGroupPairs", "PrefixListIds"):
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{**HTTPS, name: whole[name]}])
        arguments = {"GroupId": group, "IpPermissions": [whole]}
        assert refused(ec2.authorize_security_group_ingress, **arguments) == "InvalidPermission.Duplicate"
        assert len(ingress(ec2, group)) == 1
        ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[{**HTTPS, name: whole[name]}])


def test_rules_need_their_peers(ec2, groups, refused):
    missing = [{**HTTPS, "PrefixListIds": [{"PrefixListId": "pl-0123456789abcdef0"}]}]
    arguments = {"GroupId": groups[0], "IpPermissions": missing}
    assert refused(ec2.authorize_security_group_egress, **arguments) == "InvalidPrefixListID.NotFound"


def test_groups_in_use(ec2, groups, refused):
    group, other = groups
    pair = [{**HTTPS, "UserIdGroupPairs": [{"GroupId": other}]}]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=pair)
    assert refused(ec2.delete_security_group, GroupId=other) == "DependencyViolation"
    ec2.delete_security_group(GroupId=group)
    ec2.delete_security_group(GroupId=other)


def test_default_group(ec2, vpc, refused):
    wanted = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    (group,) = ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]
    assert group["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == group["GroupId"]
    assert refused(ec2.delete_security_group, GroupId=group["GroupId"]) == "CannotDelete"
    ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=group["IpPermissions"])
    assert ingress(ec2, group["GroupId"]) == []
