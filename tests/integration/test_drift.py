# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is changed by hand is reported by the plan and corrected by a run; what is made by hand is left alone."""

import json

import pytest

from tests.integration.account import Account
from tests.integration.attribution import resources
from tests.integration.comparison import named
from tests.integration.harness import REGION, SKELETON, Ansible

HOST = "dougust-staging"
EVERYWHERE = "0.0.0.0/0"


@pytest.fixture
def ansible(sandbox, tmp_path):
    """Runs what these tests are about, and not the whole platform."""
    return Ansible(sandbox, tmp_path, SKELETON)


def test_drift_is_reported_and_corrected_and_nothing_else_is_touched(sandbox, ansible, subtests):
    ansible.converge("staging").ok()
    bystanders = make_bystanders(sandbox)
    before = Account(sandbox)
    for spoil in DRIFTS:
        spoil(sandbox, before)
    spoilt = sandbox.snapshot()

    run, plan = ansible.plan("staging", extra={"plan_fail_on_changes": True})
    assert not run.refused("A converge would change the account").mutating
    assert run.total("failed") == 1 and plan["complete"]
    changes = {(change["type"], change["name"]): (change["action"], change["fields"]) for change in plan["changes"]}
    for spoil, (resource, change) in DRIFTS.items():
        with subtests.test(f"reported: {spoil.__name__}"):
            assert changes.get(resource) == change
    expected = dict(DRIFTS.values())
    assert changes.keys() == expected.keys()

    run = ansible.converge("staging").ok()
    after = Account(sandbox)
    assert {resource[1:] for resource in resources(run.mutating, before.snapshot, spoilt)} == expected.keys()
    corrected, wanted = named(after.snapshot), named(before.snapshot)
    for kind in wanted:
        with subtests.test(f"corrected: {kind}"):
            assert corrected[kind] == wanted[kind]
    assert {key: after.snapshot[kind][key] for kind, key in bystanders} == {
        key: before.snapshot[kind][key] for kind, key in bystanders
    }
    ansible.converge("staging").unchanged()


def make_bystanders(sandbox):
    """Resources of somebody else in the platform's VPC and account: {(kind, key)} of the snapshot."""
    before = Account(sandbox)
    ec2, vpc_id = sandbox.client("ec2", REGION), before.one("ec2/vpc")["VpcId"]
    alike = [{"Key": "Platform", "Value": "dougust"}, {"Key": "Environment", "Value": "staging"}]
    ec2.create_security_group(
        GroupName="by-hand",
        Description="x",
        VpcId=vpc_id,
        TagSpecifications=[{"ResourceType": "security-group", "Tags": alike}],
    )
    ec2.create_route_table(VpcId=vpc_id)
    ec2.create_network_acl(VpcId=vpc_id)
    ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.240.0/20")
    other = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(VpcId=other, InternetGatewayId=gateway)
    ec2.allocate_address(Domain="vpc")
    sandbox.client("kms", REGION).create_key(Tags=[{"TagKey": "Name", "TagValue": "by-hand"}])
    sandbox.client("ecr", REGION).create_repository(repositoryName="by-hand")
    sandbox.client("logs", REGION).create_log_group(logGroupName="/by/hand")
    after = Account(sandbox)
    made = {(kind, key) for kind, items in after.snapshot.items() for key in items if key not in before.snapshot[kind]}
    assert len({kind for kind, _key in made}) >= 10
    return made


# Drifts: each changes one thing by hand.


def a_rule_added_to_a_security_group(sandbox, account):
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": EVERYWHERE}]}
    group_id = account.one("ec2/security-group", f"{HOST}-app")["GroupId"]
    sandbox.client("ec2", REGION).authorize_security_group_ingress(GroupId=group_id, IpPermissions=[rule])


def a_rule_removed_from_a_security_group(sandbox, account):
    group = account.one("ec2/security-group", f"{HOST}-alb")
    (rule,) = (rule["SecurityGroupRuleId"] for rule in group["Rules"] if rule["IsEgress"])
    sandbox.client("ec2", REGION).revoke_security_group_egress(GroupId=group["GroupId"], SecurityGroupRuleIds=[rule])


def a_route_removed(sandbox, account):
    table = account.one("ec2/route-table", f"{HOST}-private-a")["RouteTableId"]
    sandbox.client("ec2", REGION).delete_route(RouteTableId=table, DestinationCidrBlock=EVERYWHERE)


def a_route_through_the_other_zone(sandbox, account):
    table = account.one("ec2/route-table", f"{HOST}-private-b")["RouteTableId"]
    nat = account.one("ec2/natgateway", f"{HOST}-nat-a")["NatGatewayId"]
    sandbox.client("ec2", REGION).replace_route(RouteTableId=table, DestinationCidrBlock=EVERYWHERE, NatGatewayId=nat)


def a_subnet_under_another_route_table(sandbox, account):
    (association,) = account.one("ec2/route-table", f"{HOST}-database-a")["Associations"]
    other = next(
        key.partition("/")[2]
        for key, table in account.snapshot["ec2/route-table"].items()
        if not table["Tags"] and not table["Associations"]
    )
    sandbox.client("ec2", REGION).replace_route_table_association(
        AssociationId=association["RouteTableAssociationId"], RouteTableId=other
    )


def an_entry_of_a_network_acl_changed(sandbox, account):
    sandbox.client("ec2", REGION).replace_network_acl_entry(
        NetworkAclId=account.one("ec2/network-acl", f"{HOST}-public")["NetworkAclId"],
        RuleNumber=110,
        Protocol="6",
        RuleAction="allow",
        Egress=False,
        CidrBlock=EVERYWHERE,
        PortRange={"From": 22, "To": 22},
    )


def a_subnet_under_another_network_acl(sandbox, account):
    subnet = account.one("ec2/subnet", f"{HOST}-database-b")["SubnetId"]
    associations = account.one("ec2/network-acl", f"{HOST}-database")["Associations"]
    (association,) = (item["NetworkAclAssociationId"] for item in associations if item["SubnetId"] == subnet)
    vpc_id = account.one("ec2/vpc")["VpcId"]
    (default,) = (
        acl["NetworkAclId"]
        for acl in account.snapshot["ec2/network-acl"].values()
        if acl["IsDefault"] and acl["VpcId"] == vpc_id
    )
    sandbox.client("ec2", REGION).replace_network_acl_association(AssociationId=association, NetworkAclId=default)


def an_endpoint_off_a_route_table(sandbox, account):
    table = account.one("ec2/route-table", f"{HOST}-database-b")["RouteTableId"]
    sandbox.client("ec2", REGION).modify_vpc_endpoint(
        VpcEndpointId=account.one("ec2/vpc-endpoint")["VpcEndpointId"], RemoveRouteTableIds=[table]
    )


def flow_logs_deleted(sandbox, account):
    log = account.one("ec2/vpc-flow-log")["FlowLogId"]
    sandbox.client("ec2", REGION).delete_flow_logs(FlowLogIds=[log])


def retention_of_a_log_group_changed(sandbox, account):
    name = account.one("logs/log-group", f"/aws/vpc/flow-logs/{HOST}")["logGroupName"]
    sandbox.client("logs", REGION).put_retention_policy(logGroupName=name, retentionInDays=1)


def a_role_allowed_more(sandbox, _account):
    allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}
    sandbox.client("iam").put_role_policy(
        RoleName=f"{HOST}-flow-logs", PolicyName="write-flow-logs", PolicyDocument=json.dumps(allowed)
    )


def a_tag_added(sandbox, account):
    subnet = account.one("ec2/subnet", f"{HOST}-private-b")["SubnetId"]
    sandbox.client("ec2", REGION).create_tags(Resources=[subnet], Tags=[{"Key": "by", "Value": "hand"}])


def a_tag_removed(sandbox, account):
    gateway = account.one("ec2/internet-gateway", f"{HOST}-igw")["InternetGatewayId"]
    sandbox.client("ec2", REGION).delete_tags(Resources=[gateway], Tags=[{"Key": "ManagedBy"}])


def public_addresses_on_launch(sandbox, account):
    subnet = account.one("ec2/subnet", f"{HOST}-public-a")["SubnetId"]
    sandbox.client("ec2", REGION).modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})


def dns_hostnames_switched_off(sandbox, account):
    sandbox.client("ec2", REGION).modify_vpc_attribute(
        VpcId=account.one("ec2/vpc", f"{HOST}-vpc")["VpcId"], EnableDnsHostnames={"Value": False}
    )


def rotation_of_a_key_disabled(sandbox, account):
    key = account.one("kms/key", f"{HOST}-data")["KeyId"]
    sandbox.client("kms", REGION).disable_key_rotation(KeyId=key)


def the_policy_of_a_key_changed(sandbox, account):
    key = account.one("kms/key", f"{HOST}-logs")
    policy = json.loads(key["Policy"])
    policy["Statement"][1].pop("Condition")
    sandbox.client("kms", REGION).put_key_policy(KeyId=key["KeyId"], Policy=json.dumps(policy))


def a_lifecycle_policy_changed(sandbox, account):
    found = account.one("ecr/repository", f"{HOST}-api")
    policy = json.loads(found["lifecyclePolicy"])
    policy["rules"][1]["selection"]["countNumber"] = 1
    sandbox.client("ecr", REGION).put_lifecycle_policy(
        repositoryName=found["repositoryName"], lifecyclePolicyText=json.dumps(policy)
    )


# What the plan says about each: ((type, name), (action, fields)).
DRIFTS = {
    a_rule_added_to_a_security_group: (("security-group", f"{HOST}-app"), ("update", ["ingress"])),
    a_rule_removed_from_a_security_group: (("security-group", f"{HOST}-alb"), ("update", ["egress"])),
    a_route_removed: (("route-table", f"{HOST}-private-a"), ("update", ["routes"])),
    a_route_through_the_other_zone: (("route-table", f"{HOST}-private-b"), ("update", ["routes"])),
    a_subnet_under_another_route_table: (("route-table", f"{HOST}-database-a"), ("update", ["subnet_ids"])),
    an_entry_of_a_network_acl_changed: (("network-acl", f"{HOST}-public"), ("update", ["ingress"])),
    a_subnet_under_another_network_acl: (("network-acl", f"{HOST}-database"), ("update", ["subnet_ids"])),
    an_endpoint_off_a_route_table: (("vpc-endpoint", f"{HOST}-s3"), ("update", ["route_table_ids"])),
    flow_logs_deleted: (("vpc-flow-log", f"{HOST}-flow-log"), ("create", [])),
    retention_of_a_log_group_changed: (("log-group", f"/aws/vpc/flow-logs/{HOST}"), ("update", ["retention_days"])),
    a_role_allowed_more: (("role", f"{HOST}-flow-logs"), ("update", ["inline_policies"])),
    a_tag_added: (("subnet", f"{HOST}-private-b"), ("update", ["tags"])),
    a_tag_removed: (("internet-gateway", f"{HOST}-igw"), ("update", ["tags"])),
    public_addresses_on_launch: (("subnet", f"{HOST}-public-a"), ("update", ["map_public_ip_on_launch"])),
    dns_hostnames_switched_off: (("vpc", f"{HOST}-vpc"), ("update", ["dns_hostnames"])),
    rotation_of_a_key_disabled: (("key", f"{HOST}-data"), ("update", ["rotation", "rotation_period_days"])),
    the_policy_of_a_key_changed: (("key", f"{HOST}-logs"), ("update", ["policy"])),
    a_lifecycle_policy_changed: (("repository", f"{HOST}-api"), ("update", ["lifecycle_policy"])),
}
