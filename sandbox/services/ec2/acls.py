# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network ACLs."""

from ...errors import AwsError
from .. import after, backend, check, correct

LAST = 32767  # the number of the rule that denies what no other rule allows


@correct("ec2", "CreateNetworkAcl")
def deny_by_default(call, parsed):
    """A new ACL denies everything, and says so."""
    state, acl = backend(call), parsed["NetworkAcl"]
    usual = dict.fromkeys(
        ("icmp_code", "icmp_type", "port_range_from", "port_range_to", "ipv6_cidr_block"),
    )
    for egress in (True, False):
        state.create_network_acl_entry(acl["NetworkAclId"], LAST, "-1", "deny", egress, "0.0.0.0/0", **usual)
    acl["Entries"] = [
        {"CidrBlock": "0.0.0.0/0", "Egress": egress, "Protocol": "-1", "RuleAction": "deny", "RuleNumber": LAST}
        for egress in (True, False)
    ]


@check("ec2", "DescribeNetworkAcls")
def require_acls(call):
    """moto takes them for route tables in its error."""
    for number in call.parameters.get("NetworkAclIds") or []:
        if number not in backend(call).network_acls:
            raise AwsError("InvalidNetworkAclID.NotFound", f"The networkAcl ID '{number}' does not exist", 400)


@correct("ec2", "DescribeNetworkAcls")
def sort_entries(_call, parsed):
    """In the order in which they are applied."""
    for acl in parsed["NetworkAcls"]:
        acl["Entries"].sort(key=lambda entry: (not entry["Egress"], entry["RuleNumber"]))


@check("ec2", "CreateNetworkAclEntry", "ReplaceNetworkAclEntry")
def check_number(call):
    """The last number is the default rule's."""
    number = int(call.parameters["RuleNumber"])
    if not 1 <= number < LAST:
        message = f"Invalid value '{number}' for ruleNumber: it must be from 1 to {LAST - 1}."
        raise AwsError("InvalidParameterValue", message, 400)


@check("ec2", "DeleteNetworkAcl")
def refuse_default_acl(call):
    """The default ACL goes with its VPC only."""
    acl = backend(call).network_acls.get(call.parameters["NetworkAclId"])
    if acl is not None and acl.default:
        raise AwsError("InvalidParameterValue", f"cannot delete default network ACL {acl.id}", 400)


@check("ec2", "ReplaceNetworkAclEntry", "DeleteNetworkAclEntry")
def require_entry(call):
    """moto crashes where there is no such entry."""
    number = call.parameters["RuleNumber"]
    if _entry(call) is None:
        direction = "egress" if call.parameters["Egress"] else "ingress"
        message = f"The {direction} entry with rule number {number} does not exist in the network acl"
        raise AwsError("InvalidNetworkAclEntry.NotFound", message, 400)


@check("ec2", "ReplaceNetworkAclAssociation")
def require_association(call):
    """moto crashes where there is no such association."""
    number = call.parameters["AssociationId"]
    state = backend(call)
    state.get_network_acl(call.parameters["NetworkAclId"])
    if not any(number in acl._associations for acl in state.network_acls.values()):
        message = f"The association ID '{number}' does not exist"
        raise AwsError("InvalidAssociationID.NotFound", message, 400)


@after("ec2", "CreateNetworkAclEntry", "ReplaceNetworkAclEntry")
def keep_icmp(call):
    """moto loses the type and code of ICMP."""
    icmp = call.parameters.get("IcmpTypeCode")
    if icmp:
        entry = _entry(call)
        entry.icmp_type, entry.icmp_code = icmp.get("Type"), icmp.get("Code")


def _entry(call):
    acl = backend(call).get_network_acl(call.parameters["NetworkAclId"])
    wanted = (call.parameters["RuleNumber"], call.parameters["Egress"])
    return next(
        (entry for entry in acl.network_acl_entries if (int(entry.rule_number), _egress(entry)) == wanted), None
    )


def _egress(entry):
    return str(entry.egress).lower() == "true"
