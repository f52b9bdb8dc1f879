# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two environments of a platform in one account and region: neither notices what is done to the other."""

import json

from tests.integration.account import Account, make_delegated_zone, without_kept
from tests.integration.harness import REGION

# They share a zone.
ONE, OTHER = "staging", "production"


def part(sandbox, environment):
    """What belongs to an environment: what is named after it, and what AWS made inside its VPC."""
    host = f"dougust-{environment}"
    snapshot = without_kept(sandbox.snapshot([REGION]))
    texts = {kind: {key: json.dumps(item) for key, item in items.items()} for kind, items in snapshot.items()}
    texts["route53/record"] = {
        f"{record['Name']} {record['Type']}": json.dumps(record)
        for zone in Account(sandbox, REGION).of("route53/zone").values()
        for record in zone["Records"]
    }
    vpcs = [key.partition("/")[2] for key, text in texts.get("ec2/vpc", {}).items() if host in text]
    mine = {}
    for kind, items in texts.items():
        for key, text in items.items():
            if any(mark in text for mark in (host, *vpcs)):
                mine.setdefault(kind, {})[key] = text
    return mine


def damage(sandbox, environment):
    """What a hurried colleague does by hand."""
    account, ec2 = Account(sandbox, REGION), sandbox.client("ec2", REGION)
    host = f"dougust-{environment}"
    group = account.of("ec2/security-group")[f"{host}-app"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.9.0.0/16"}]}
    ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[rule])
    table = account.of("ec2/route-table")[f"{host}-private-a"]
    ec2.delete_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0")
    for flow_log in account.of("ec2/vpc-flow-log").values():
        if host in json.dumps(flow_log):
            ec2.delete_flow_logs(FlowLogIds=[flow_log["FlowLogId"]])
    sandbox.client("ecr", REGION).delete_lifecycle_policy(repositoryName=f"{host}-api")


def test_two_environments_do_not_touch_each_other(ansible, sandbox):
    make_delegated_zone(sandbox)
    ansible.converge(ONE).ok()
    one = part(sandbox, ONE)

    ansible.converge(OTHER).ok()
    other = part(sandbox, OTHER)
    assert part(sandbox, ONE) == one
    assert one.keys() <= other.keys() and len(one) > 25
    assert not {key for kind in one for key in one[kind]} & {key for kind in other for key in other[kind]}

    damage(sandbox, OTHER)
    assert part(sandbox, OTHER) != other
    assert part(sandbox, ONE) == one
    ansible.converge(ONE).unchanged()
    run = ansible.converge(OTHER).ok()
    assert run.mutating and part(sandbox, ONE) == one
    other = part(sandbox, OTHER)

    ansible.teardown(ONE, f"dougust-{ONE}").ok()
    assert part(sandbox, ONE) == {}
    assert part(sandbox, OTHER) == other
    ansible.converge(OTHER).unchanged()
