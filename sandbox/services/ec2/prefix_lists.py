# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prefix lists of one's own: versions, sizes, and who refers to them."""

import ipaddress

from ...errors import AwsError
from .. import answer, backend, check
from .shared import all_groups


def _list(call):
    number = call.parameters["PrefixListId"]
    found = backend(call).managed_prefix_lists.get(number)
    if found is None or found.state == "delete-complete":
        raise AwsError("InvalidPrefixListID.NotFound", f"The prefix list ID '{number}' does not exist", 400)
    return found


def _own(call):
    found = _list(call)
    if found.version is None:
        message = f"The prefix list '{found.id}' is managed by AWS and cannot be changed"
        raise AwsError("UnsupportedOperation", message, 400)
    return found


def _check_blocks(entries, family):
    version = 6 if family == "IPv6" else 4
    blocks = [entry["Cidr"] for entry in entries]
    for block in blocks:
        try:
            sound = ipaddress.ip_network(block).version == version
        except ValueError:
            sound = False
        if not sound:
            message = f"The CIDR '{block}' is not a valid {family} CIDR block"
            raise AwsError("InvalidParameterValue", message, 400)
    if len(set(blocks)) < len(blocks):
        raise AwsError("InvalidParameterValue", "You cannot specify the same CIDR twice in a prefix list", 400)


def _check_size(count, most):
    if count > most:
        message = f"You've reached the maximum number of entries for the prefix list: {most}"
        raise AwsError("PrefixListMaxEntriesExceeded", message, 400)


@check("ec2", "CreateManagedPrefixList")
def check_new_list(call):
    """Entries of the list's family, and no more than it may have."""
    parameters = call.parameters
    if parameters["PrefixListName"].startswith("com.amazonaws"):
        raise AwsError("InvalidParameterValue", "The name of a prefix list cannot begin with com.amazonaws", 400)
    entries = parameters.get("Entries") or []
    _check_blocks(entries, parameters["AddressFamily"])
    _check_size(len(entries), int(parameters["MaxEntries"]))


@answer("ec2", "ModifyManagedPrefixList")
def modify_list(call):
    """moto checks neither version nor entries, and forgets a name that is not given."""
    found, parameters = _own(call), call.parameters
    added, removed = parameters.get("AddEntries") or [], parameters.get("RemoveEntries") or []
    if parameters.get("MaxEntries") and (added or removed):
        message = "You cannot modify the entries and the maximum number of entries in one request"
        raise AwsError("InvalidParameterCombination", message, 400)
    if added or removed:
        _require_current(found, parameters.get("CurrentVersion"))
        _keep(found, _changed(found, added, removed), found.max_entries)
    if parameters.get("MaxEntries"):
        _check_size(len(_entries(found)), int(parameters["MaxEntries"]))
        found.max_entries = parameters["MaxEntries"]
    found.prefix_list_name = parameters.get("PrefixListName") or found.prefix_list_name
    found.state = "modify-complete"
    return {"PrefixList": _view(found)}


def _changed(found, added, removed):
    entries = {entry["Cidr"]: entry for entry in _entries(found)}
    for entry in removed:
        if entries.pop(entry["Cidr"], None) is None:
            message = f"The CIDR '{entry['Cidr']}' is not in the prefix list"
            raise AwsError("InvalidPrefixListModification", message, 400)
    entries.update({entry["Cidr"]: entry for entry in added})
    return list(entries.values())


def _entries(found):
    return found.entries.get(found.version) or []


def _keep(found, entries, most):
    _check_blocks(entries, found.address_family)
    _check_size(len(entries), int(most))
    found.version += 1
    found.entries[found.version] = entries


def _require_current(found, version):
    if version is None or int(version) != found.version:
        message = f"The prefix list has the version {found.version}, the request is about version {version}"
        raise AwsError("PrefixListVersionMismatch", message, 400)


@answer("ec2", "RestoreManagedPrefixListVersion")
def restore_version(call):
    """The entries of an earlier version become those of a new one."""
    found, previous = _own(call), int(call.parameters["PreviousVersion"])
    _require_current(found, call.parameters["CurrentVersion"])
    if not 1 <= previous <= found.version:
        message = f"The prefix list has no version {previous}"
        raise AwsError("InvalidPrefixListVersion", message, 400)
    _keep(found, list(found.entries.get(previous) or []), found.max_entries)
    found.state = "restore-complete"
    return {"PrefixList": _view(found)}


@answer("ec2", "GetManagedPrefixListEntries")
def get_entries(call):
    """The current entries, or those of a version."""
    found = _list(call)
    version = call.parameters.get("TargetVersion") or found.version
    if version is not None and not 1 <= int(version) <= found.version:
        raise AwsError("InvalidPrefixListVersion", f"The prefix list has no version {version}", 400)
    entries = found.entries.get(version if version is None else int(version))
    return {"Entries": entries or next(iter(found.entries.values()), []) if version is None else entries or []}


@answer("ec2", "GetManagedPrefixListAssociations")
def get_associations(call):
    """Groups and route tables that refer to the list."""
    found = _list(call)
    return {
        "PrefixListAssociations": [
            {"ResourceId": number, "ResourceOwner": call.account} for number in _users(call, found.id)
        ]
    }


def _users(call, number):
    state = backend(call)
    groups = [
        group.id
        for group in all_groups(state)
        if any(rule.prefix_list_id == number for rule in [*group.ingress_rules, *group.egress_rules])
    ]
    tables = [
        table.id
        for table in state.route_tables.values()
        if any(route.destination_prefix_list_id == number for route in table.routes)
    ]
    return groups + tables


@answer("ec2", "DeleteManagedPrefixList")
def delete_list(call):
    """A list stays while anything refers to it; moto shows a deleted one once more."""
    found = _own(call)
    if _users(call, found.id):
        message = f"The prefix list '{found.id}' is in use and cannot be deleted"
        raise AwsError("DependencyViolation", message, 400)
    del backend(call).managed_prefix_lists[found.id]
    return {"PrefixList": _view(found) | {"State": "delete-in-progress"}}


def _view(found):
    return {
        "PrefixListId": found.id, "PrefixListName": found.prefix_list_name, "PrefixListArn": found.prefix_list_arn,
        "AddressFamily": found.address_family, "MaxEntries": int(found.max_entries), "State": found.state,
        "Version": found.version, "OwnerId": found.owner_id,
        "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in found.get_tags()],
    }  # fmt: skip
