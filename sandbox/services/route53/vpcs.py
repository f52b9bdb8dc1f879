# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private zones and the VPCs that see them, of their own account or of another one."""

from moto.backends import get_backend

from ...errors import AwsError
from .. import answer, backend, check, correct
from .zones import change_info, zone_of


@check("route53", "CreateHostedZone")
def check_private(call):
    """A private zone begins with a VPC, and no VPC sees two zones of a name."""
    vpc, config = call.parameters.get("VPC"), call.parameters.get("HostedZoneConfig") or {}
    if not vpc:
        if config.get("PrivateZone"):
            raise AwsError("InvalidInput", "A private hosted zone needs a VPC.")
        return
    _require_vpc(call, vpc)
    _refuse_conflict(call.parameters["Name"], vpc)


@correct("route53", "CreateHostedZone")
def make_private(call, parsed):
    """moto wants to be told twice that a zone with a VPC is private."""
    vpc = call.parameters.get("VPC")
    zone = backend(call).zones[parsed["HostedZone"]["Id"].removeprefix("/hostedzone/")]
    if not vpc or zone.private_zone:
        return
    zone.private_zone = parsed["HostedZone"]["Config"]["PrivateZone"] = True
    zone.add_vpc(vpc["VPCId"], vpc["VPCRegion"])
    parsed["VPC"] = vpc
    parsed.pop("DelegationSet", None)


def _require_vpc(call, vpc):
    region, number = vpc.get("VPCRegion"), vpc.get("VPCId")
    known = get_backend("ec2")[call.account][region].vpcs if region else {}
    if number not in known:
        raise AwsError("InvalidVPCId", f"The VPC ID '{number}' is invalid.")


def _refuse_conflict(name, vpc):
    name = f"{name.lower().rstrip('.')}."
    for _account, zone in _all_zones():
        if zone.name == name and any(item["vpc_id"] == vpc["VPCId"] for item in zone.vpcs):
            message = f"The VPC {vpc['VPCId']} in region {vpc['VPCRegion']} has already been associated with the hosted"
            raise AwsError("ConflictingDomainExists", f"{message} zone {zone.resource_id} with the same domain name.")


def _all_zones():
    for account, backends in list(get_backend("route53").items()):
        for zone in backends["aws"].zones.values():
            yield account, zone


def _zone_anywhere(call):
    """(account, zone) that a call of the owner of a VPC is about."""
    number = call.parameters["HostedZoneId"].removeprefix("/hostedzone/")
    for account, zone in _all_zones():
        if zone.resource_id == number:
            return account, zone
    raise AwsError("NoSuchHostedZone", f"No hosted zone found with ID: {number}")


def _authorized(zone):
    """The VPCs of other accounts that may see a zone."""
    return zone.__dict__.setdefault("sandbox_authorized", [])


@answer("route53", "AssociateVPCWithHostedZone")
def associate(call):
    """The owner of the VPC asks; the owner of the zone has agreed, if that is another account."""
    account, zone = _zone_anywhere(call)
    vpc = {name: value for name, value in call.parameters["VPC"].items() if value}
    _require_vpc(call, vpc)
    if account != call.account and vpc not in _authorized(zone):
        raise AwsError("NotAuthorizedException", f"The VPC {vpc['VPCId']} is not authorized for the hosted zone.")
    if not zone.private_zone:
        message = "Amazon Route 53 doesn't support associating a VPC with a public hosted zone."
        raise AwsError("PublicZoneVPCAssociation", message)
    _refuse_conflict(zone.name, vpc)
    zone.add_vpc(vpc["VPCId"], vpc["VPCRegion"])
    return {"ChangeInfo": change_info()}


@answer("route53", "DisassociateVPCFromHostedZone")
def disassociate(call):
    """All but the last one can go."""
    _account, zone = _zone_anywhere(call)
    number = call.parameters["VPC"].get("VPCId")
    if number not in [item["vpc_id"] for item in zone.vpcs]:
        raise AwsError("VPCAssociationNotFound", f"The VPC {number} is not associated with the hosted zone.")
    if len(zone.vpcs) == 1:
        message = "The VPC that you're trying to disassociate from the private hosted zone is the last VPC of it."
        raise AwsError("LastVPCAssociation", message)
    zone.delete_vpc(number)
    return {"ChangeInfo": change_info()}


@answer("route53", "CreateVPCAssociationAuthorization")
def authorize(call):
    """Let a VPC of another account see a zone."""
    zone, vpc = zone_of(call, call.parameters["HostedZoneId"]), dict(call.parameters["VPC"])
    if vpc not in _authorized(zone):
        _authorized(zone).append(vpc)
    return {"HostedZoneId": zone.resource_id, "VPC": vpc}


@answer("route53", "ListVPCAssociationAuthorizations")
def list_authorized(call):
    """Who may."""
    zone = zone_of(call, call.parameters["HostedZoneId"])
    return {"HostedZoneId": zone.resource_id, "VPCs": _authorized(zone)}


@answer("route53", "DeleteVPCAssociationAuthorization")
def withdraw(call):
    """What has been associated meanwhile stays so."""
    zone, vpc = zone_of(call, call.parameters["HostedZoneId"]), dict(call.parameters["VPC"])
    if vpc not in _authorized(zone):
        message = f"The VPC {vpc['VPCId']} is not authorized to be associated with the hosted zone."
        raise AwsError("VPCAssociationAuthorizationNotFound", message)
    _authorized(zone).remove(vpc)
    return {}
