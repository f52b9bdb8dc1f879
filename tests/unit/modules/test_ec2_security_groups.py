# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ec2_security_groups against moto: groups that refer to each other, from nothing and back."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned
from ansible_collections.groundwork.aws.plugins.module_utils import security_group_rules as rules
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

MODULE = "ec2_security_groups"
TAGS = {"Platform": "dougust", "Environment": "test"}
ALB = {
    "name": "alb",
    "group_name": "dougust-test-alb",
    "description": "Load balancer",
    "ingress": [{"port": 443, "cidr": "0.0.0.0/0"}, {"port": 80, "cidr": "0.0.0.0/0", "description": "Redirect"}],
    "egress": [{"port": 8000, "group": "app"}],
}
APP = {
    "name": "app",
    "group_name": "dougust-test-app",
    "description": "Application",
    "ingress": [{"port": 8000, "group": "alb", "description": "From the load balancer"}],
}
DATABASE = {
    "name": "database",
    "group_name": "dougust-test-database",
    "ingress": [{"port": 5432, "group": "app"}],
    "egress": [],
}
GROUPS = [ALB, APP, DATABASE]


def run(cloud, vpc_id, groups=None, **params):
    return cloud.run(MODULE, **{"vpc_id": vpc_id, "security_groups": groups or GROUPS, "tags": TAGS, **params})


def group(cloud, vpc_id, name):
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "group-name", "Values": [name]}]
    found = cloud.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"]
    return found[0] if found else None


def rule(**given):
    wanted = dict.fromkeys(("port", "ports", "description", *rules.SOURCES))
    return rules.parse({"protocol": "tcp", **wanted, **given})


def test_check_mode_on_an_empty_account_predicts_the_groups(cloud, vpc_id):
    result = run(cloud, vpc_id, check_mode=True)
    assert [(action["name"], action["action"]) for action in result["actions"]] == [
        ("alb", "create"), ("app", "create"), ("database", "create"),
    ]  # fmt: skip
    assert all(planned.is_planned(one["group_id"]) for one in result["security_groups"].values())
    assert result["security_groups"]["alb"]["egress"] == [{"protocol": "tcp", "ports": [8000, 8000], "group": "app"}]
    assert result["diff"][2]["after"]["egress"] == []
    assert cloud.mutations == []


def test_planned_parents_make_no_call_and_bring_the_default_group(cloud):
    vpc_id = planned.ec2_id("vpc", "one")
    default = {"name": "default", "ingress": [], "egress": []}
    result = run(cloud, vpc_id, [ALB, APP, default], check_mode=True)
    assert [(action["name"], action["action"], action["fields"]) for action in result["actions"]] == [
        ("alb", "create", []), ("app", "create", []), ("default", "update", ["egress", "ingress", "tags"]),
    ]  # fmt: skip
    assert cloud.calls == []
    assert not run(cloud, vpc_id, state="absent", check_mode=True)["changed"]
    assert "planned id" in cloud.run_failing(MODULE, vpc_id=vpc_id, security_groups=[DATABASE | {"ingress": []}])["msg"]


def test_create_then_nothing_to_do(cloud, vpc_id):
    created = run(cloud, vpc_id)
    assert [action["action"] for action in created["actions"]] == ["create"] * 3
    creations = [number for number, name in enumerate(cloud.operations) if name == "CreateSecurityGroup"]
    assert max(creations) < cloud.operations.index("AuthorizeSecurityGroupIngress")
    alb, app, database = (group(cloud, vpc_id, f"dougust-test-{name}") for name in ("alb", "app", "database"))
    assert created["security_groups"]["app"]["group_id"] == app["GroupId"]
    assert {"Key": "Name", "Value": "dougust-test-alb"} in alb["Tags"]
    assert database["IpPermissionsEgress"] == []
    (into_database,) = database["IpPermissions"]
    assert into_database["UserIdGroupPairs"][0]["GroupId"] == app["GroupId"]
    assert alb["IpPermissionsEgress"][0]["UserIdGroupPairs"][0]["GroupId"] == app["GroupId"]
    assert app["IpPermissionsEgress"][0]["IpProtocol"] == "-1"
    for check_mode in (False, True):
        again = run(cloud, vpc_id, check_mode=check_mode)
        assert (again["changed"], again["diff"], cloud.mutations) == (False, [], [])
        assert again["security_groups"] == created["security_groups"]


def test_rules_are_added_before_others_are_removed(cloud, vpc_id):
    run(cloud, vpc_id)
    app = {**APP, "ingress": [{"port": 9000, "group": "alb"}, {"port": 9001, "group": "alb"}]}
    seen = run(cloud, vpc_id, [ALB, app, DATABASE], check_mode=True)
    assert (seen["actions"][0]["fields"], cloud.mutations) == (["ingress"], [])
    assert seen["diff"][0]["before"]["ingress"][0]["group"] == "alb"
    run(cloud, vpc_id, [ALB, app, DATABASE])
    assert cloud.mutations == ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"]
    assert not run(cloud, vpc_id, [ALB, app, DATABASE])["changed"]


def test_a_changed_description_interrupts_nothing(cloud, vpc_id):
    run(cloud, vpc_id)
    changed = {**ALB, "ingress": [ALB["ingress"][0], {**ALB["ingress"][1], "description": "To HTTPS"}]}
    assert run(cloud, vpc_id, [changed, APP])["actions"][0]["fields"] == ["ingress"]
    assert cloud.mutations == ["UpdateSecurityGroupRuleDescriptionsIngress"]
    (call,) = cloud.parameters("UpdateSecurityGroupRuleDescriptionsIngress")
    assert call["IpPermissions"] == [
        {
            "IpProtocol": "tcp",
            "FromPort": 80,
            "ToPort": 80,
            "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "To HTTPS"}],
        }
    ]
    silent = {**ALB, "ingress": [ALB["ingress"][0], {"port": 80, "cidr": "0.0.0.0/0"}]}
    assert not run(cloud, vpc_id, [silent, APP])["changed"]


def test_rules_that_are_not_given_are_left_alone(cloud, vpc_id):
    run(cloud, vpc_id)
    assert not run(cloud, vpc_id, [{"name": "alb", "group_name": "dougust-test-alb"}])["changed"]


def test_merged_permissions_are_rules_of_their_own(cloud, vpc_id):
    run(cloud, vpc_id, [{"name": "one", "ingress": [], "egress": []}])
    ranges = [{"CidrIp": "10.0.0.0/16"}, {"CidrIp": "10.1.0.0/16", "Description": "two"}]
    cloud.client("ec2").authorize_security_group_ingress(
        GroupId=group(cloud, vpc_id, "one")["GroupId"],
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": ranges}],
    )
    wanted = [{"ports": [22, 22], "protocol": "6", "cidr": "10.1.5.7/16"}, {"port": 22, "cidr": "10.0.0.0/16"}]
    assert not run(cloud, vpc_id, [{"name": "one", "ingress": wanted}])["changed"]


def test_half_done_rules_are_completed(cloud, vpc_id):
    run(cloud, vpc_id, [ALB, APP])
    both = {**APP, "ingress": [{"port": 9000, "group": "alb"}, {"port": 9001, "group": "alb"}]}
    cloud.fail("AuthorizeSecurityGroupIngress", "InvalidPermission.Duplicate", times=1)
    cloud.fail("RevokeSecurityGroupIngress", "InvalidPermission.NotFound", times=1)
    run(cloud, vpc_id, [ALB, both])
    assert cloud.operations.count("AuthorizeSecurityGroupIngress") == 3
    assert cloud.operations.count("RevokeSecurityGroupIngress") == 1
    cloud.heal()
    run(cloud, vpc_id, [ALB, both])
    (permission,) = [
        one for one in group(cloud, vpc_id, "dougust-test-app")["IpPermissions"] if one["FromPort"] == 9000
    ]
    assert permission["ToPort"] == 9000


def test_prefix_lists_by_name_are_looked_up_once(cloud, vpc_id):
    name = "com.amazonaws.global.cloudfront.origin-facing"
    ingress = [{"port": port, "prefix_list": name} for port in (80, 443)]
    run(cloud, vpc_id, [{"name": "alb", "ingress": ingress}])
    assert cloud.operations.count("DescribeManagedPrefixLists") == 1
    pair, dummy = group(cloud, vpc_id, "alb")["IpPermissions"]
    assert pair["PrefixListIds"][0]["PrefixListId"].startswith("pl-")
    by_id = [{**one, "prefix_list": pair["PrefixListIds"][0]["PrefixListId"]} for one in ingress]
    assert not run(cloud, vpc_id, [{"name": "alb", "ingress": by_id}])["changed"]
    assert "DescribeManagedPrefixLists" not in cloud.operations
    failed = cloud.run_failing(
        MODULE, vpc_id=vpc_id, security_groups=[{"name": "a", "ingress": [{"port": 1, "prefix_list": "none"}]}]
    )
    assert "There is no prefix list none in us-east-1. To fix:" in failed["msg"]


def test_the_default_group_is_emptied_and_never_created_or_deleted(cloud, vpc_id):
    default = {"name": "default", "description": "is not compared", "ingress": [], "egress": []}
    cloud.client("ec2").authorize_security_group_ingress(
        GroupId=group(cloud, vpc_id, "default")["GroupId"],
        IpPermissions=[
            {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group(cloud, vpc_id, "default")["GroupId"]}]}
        ],
    )
    changed = run(cloud, vpc_id, [default])
    assert (changed["actions"][0]["action"], changed["actions"][0]["fields"]) == (
        "update",
        ["egress", "ingress", "tags"],
    )
    assert (
        group(cloud, vpc_id, "default")["IpPermissions"] == group(cloud, vpc_id, "default")["IpPermissionsEgress"] == []
    )
    assert not run(cloud, vpc_id, [default])["changed"]
    assert not run(cloud, vpc_id, [default], state="absent")["changed"]
    assert group(cloud, vpc_id, "default")


def test_tags_change_in_place_and_name_stays(cloud, vpc_id):
    run(cloud, vpc_id)
    changed = run(cloud, vpc_id, [{**ALB, "tags": {"Tier": "edge"}}, APP])
    assert changed["actions"][0]["fields"] == ["tags"]
    tags = {tag["Key"]: tag["Value"] for tag in group(cloud, vpc_id, "dougust-test-alb")["Tags"]}
    assert tags == {**TAGS, "Tier": "edge", "Name": "dougust-test-alb"}
    run(cloud, vpc_id, [ALB, APP])
    assert cloud.mutations == ["DeleteTags"]


def test_a_description_cannot_change(cloud, vpc_id):
    run(cloud, vpc_id)
    failed = cloud.run_failing(MODULE, vpc_id=vpc_id, security_groups=[{**ALB, "description": "Other"}, APP])
    assert "security group alb: description is Load balancer and cannot become Other. To fix:" in failed["msg"]
    assert cloud.mutations == []


def test_groups_that_refer_to_each_other_are_deleted(cloud, vpc_id):
    app = {**APP, "egress": [{"port": 5432, "group": "database"}]}
    groups = [ALB, app, DATABASE]
    run(cloud, vpc_id, groups)
    assert len(run(cloud, vpc_id, groups, state="absent", check_mode=True)["actions"]) == 3
    assert cloud.mutations == []
    deleted = run(cloud, vpc_id, groups, state="absent")
    assert [(one["name"], one["action"]) for one in deleted["actions"]] == [
        ("database", "delete"), ("app", "delete"), ("alb", "delete"),
    ]  # fmt: skip
    assert cloud.mutations == [
        "RevokeSecurityGroupEgress", "DeleteSecurityGroup",
        "RevokeSecurityGroupEgress", "DeleteSecurityGroup",
        "DeleteSecurityGroup",
    ]  # fmt: skip
    assert group(cloud, vpc_id, "dougust-test-app") is None
    assert not run(cloud, vpc_id, groups, state="absent")["changed"]


def test_a_group_that_is_still_used_is_tried_again(cloud, vpc_id):
    run(cloud, vpc_id, [APP | {"ingress": []}])
    cloud.fail("DeleteSecurityGroup", "DependencyViolation", times=2)
    run(cloud, vpc_id, [{"name": "app", "group_name": "dougust-test-app"}], state="absent")
    assert cloud.mutations == ["DeleteSecurityGroup"] * 3


def test_gathered_reads_without_rules_and_plans_what_is_missing(cloud, vpc_id):
    created = run(cloud, vpc_id)
    names = [{"name": one["name"], "group_name": one["group_name"]} for one in GROUPS]
    assert run(cloud, vpc_id, names, state="gathered")["security_groups"] == created["security_groups"]
    more = run(cloud, vpc_id, [{"name": "more"}], state="gathered", check_mode=True)
    assert planned.is_planned(more["security_groups"]["more"]["group_id"]) and not more["changed"]


@pytest.mark.parametrize(
    "groups, message",
    [
        (
            [{**APP}],
            "security group app: a rule refers to alb, which is neither a group of this run (app) nor an id. To fix:",
        ),
        (
            [{"name": "a"}, {"name": "b", "group_name": "a"}],
            "security group a shares its group_name with another. To fix:",
        ),
        (
            [{"name": "a", "egress": [{"cidr": "10.0.0.0/8"}]}],
            "security group a: a rule for tcp without valid ports. To fix:",
        ),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, vpc_id, groups, message):
    assert message in cloud.run_failing(MODULE, vpc_id=vpc_id, security_groups=groups)["msg"]
    assert cloud.calls == []


def test_a_failed_call_is_one_clear_message(cloud, vpc_id):
    cloud.fail("AuthorizeSecurityGroupIngress", "RulesPerSecurityGroupLimitExceeded", "The maximum number of rules")
    failed = cloud.run_failing(MODULE, vpc_id=vpc_id, security_groups=[ALB, APP])
    assert "Could not allow ingress traffic for sg-" in failed["msg"]
    assert (
        "RulesPerSecurityGroupLimitExceeded: The maximum number of rules. To fix: ask AWS for a higher quota"
        in failed["msg"]
    )
    assert [action["name"] for action in failed["actions"]] == ["alb", "app"]


@pytest.mark.parametrize(
    "given, expected",
    [
        ({"port": 1, "cidr": "10.0.0.1/8"}, {"protocol": "tcp", "ports": [1, 1], "cidr": "10.0.0.0/8"}),
        (
            {"ports": [1, 2], "protocol": "17", "ipv6_cidr": "2001:DB8:0::/32"},
            {"protocol": "udp", "ports": [1, 2], "ipv6_cidr": "2001:db8::/32"},
        ),
        ({"protocol": "-1", "group": "a"}, {"protocol": "all", "group": "a"}),
        ({"protocol": "ICMP", "cidr": "10.0.0.0/8"}, {"protocol": "icmp", "ports": [-1, -1], "cidr": "10.0.0.0/8"}),
        ({"protocol": "58", "port": 8, "group": "a"}, {"protocol": "icmpv6", "ports": [8, -1], "group": "a"}),
        ({"protocol": "50", "group": "a"}, {"protocol": "50", "group": "a"}),
    ],
)  # fmt: skip
def test_rules_are_normalised(given, expected):
    assert rule(**given) == expected


@pytest.mark.parametrize(
    "given",
    [
        {"cidr": "10.0.0.0/8"},
        {"ports": [2, 1], "cidr": "10.0.0.0/8"},
        {"ports": [1], "cidr": "10.0.0.0/8"},
        {"ports": [1, 2, 3], "group": "a"},
        {"port": 65536, "group": "a"},
        {"protocol": "all", "port": 1, "group": "a"},
        {"protocol": "esp", "group": "a"},
        {"protocol": "256", "group": "a"},
        {"port": 1, "cidr": "10.0.0.0/33"},
        {"port": 1, "cidr": "::/0"},
        {"port": 1, "ipv6_cidr": "10.0.0.0/8"},
    ],
)
def test_impossible_rules_are_refused(given):
    with pytest.raises(UserError, match="To fix:"):
        rule(**given)


def test_rules_survive_the_way_to_aws_and_back():
    own = [
        rule(port=1, group="app", description="why"),
        rule(protocol="icmpv6", ipv6_cidr="::/0"),
        rule(protocol="all", group="2/sg-2"),
    ]
    permissions = rules.to_aws(own, {"app": "sg-1"})
    assert permissions[2] == {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-2", "UserId": "2"}]}
    assert rules.from_aws(permissions, "1", {"sg-1": "app"}) == own


def test_changes_tell_new_from_redescribed():
    old, new = rule(port=1, group="a"), rule(port=2, group="a")
    told = {**old, "description": "why"}
    assert rules.changes([old], [new]) == ([new], [old], [])
    assert rules.changes([old], [told]) == ([], [], [told])
    assert rules.changes([told], [old]) == ([], [], [])
    assert rules.changes([told], [{**old, "description": ""}]) == ([], [], [{**old, "description": ""}])
    assert rules.same([new, old], [old, new]) and rules.same(None, [])
