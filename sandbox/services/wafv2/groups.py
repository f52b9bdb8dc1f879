# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of addresses and of patterns, groups of rules: what rules are made of, read as it was written."""

import ipaddress
import types
import uuid

import regex
from moto.wafv2.utils import make_arn

from ...errors import AwsError
from .. import answer
from ..governance import chosen, clean, page
from .acls import associated, check_lock, duplicate, find, state_of
from .rules import GROUPS, MANAGED, MOST_CAPACITY, check_rules, filled, invalid, missing

# https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
MOST = {"ip_sets": 100, "regex_pattern_sets": 10, "rule_groups": 100}
MOST_PATTERNS, MOST_ADDRESSES = 10, 10000


def _exceeded(message):
    return AwsError("WAFLimitsExceededException", message, 400)


# --- what all of them have in common -------------------------------------------------------------------------------


def _create(call, kind, path, written, **more):
    """Keep something new of a kind; its summary."""
    state, parameters = state_of(call), call.parameters
    kept, name = getattr(state, kind), parameters["Name"]
    if any(item.name == name for item in kept.values()):
        raise duplicate()
    if len(kept) >= MOST[kind]:
        raise _exceeded(f"There are {MOST[kind]} of them already.")
    number = str(uuid.uuid4())
    arn = make_arn(name, call.account, call.region, number, parameters["Scope"], path)
    item = types.SimpleNamespace(arn=arn, name=name, id=number, lock_token=str(uuid.uuid4()), written=written, **more)
    kept[arn] = item
    state.tag_resource(arn, clean(parameters.get("Tags") or []))
    return {"Summary": _summary(item)}


def _summary(item):
    own = {"ARN": item.arn, "Id": item.id, "Name": item.name, "LockToken": item.lock_token}
    return {**own, "Description": item.written.get("Description", "")}


def _named(call, kind):
    parameters = call.parameters
    kept = getattr(state_of(call), kind)
    for item in kept.values():
        if (item.name, item.id) == (parameters.get("Name"), parameters.get("Id")):
            return item
    raise missing()


def _change(call, item, written):
    check_lock(call, item)
    item.written, item.lock_token = {**item.written, **written}, str(uuid.uuid4())
    return {"NextLockToken": item.lock_token}


def _view(item):
    return {"Name": item.name, "Id": item.id, "ARN": item.arn, "Description": "", **item.written}


def _list(call, kind, member):
    found = [_summary(item) for item in getattr(state_of(call), kind).values()]
    return page(call, member, found, token="NextMarker", size="Limit", refusal="WAFInvalidParameterException")


def _delete(call, kind):
    """What a rule is about stays."""
    state, item = state_of(call), _named(call, kind)
    check_lock(call, item)
    rules = [acl.sandbox_written["Rules"] for acl in state.wacls.values()]
    rules += [group.written["Rules"] for group in state.rule_groups.values()]
    if item.arn in repr(rules):
        raise associated()
    del getattr(state, kind)[item.arn]
    state.tagging_service.delete_all_tags_for_resource(item.arn)
    return {}


# --- addresses -----------------------------------------------------------------------------------------------------


def _check_addresses(addresses, version):
    if len(addresses) > MOST_ADDRESSES:
        raise _exceeded(f"A set has {MOST_ADDRESSES} addresses at most.")
    for text in addresses:
        try:
            network = ipaddress.ip_network(text)
        except ValueError as error:
            raise invalid("The address is not a range in CIDR notation", "IP_ADDRESS", text) from error
        if "/" not in text or not network.prefixlen:
            raise invalid("The address is not a range in CIDR notation", "IP_ADDRESS", text)
        if f"IPV{network.version}" != version:
            raise invalid(f"The address is not of version {version}", "IP_ADDRESS", text)


@answer("wafv2", "CreateIPSet")
def create_addresses(call):
    """moto takes everything, and shows a token that the model does not take back."""
    _check_addresses(call.parameters["Addresses"], call.parameters["IPAddressVersion"])
    written = chosen(call.parameters, "Description", "IPAddressVersion", "Addresses")
    return _create(call, "ip_sets", "ipset", written)


@answer("wafv2", "UpdateIPSet")
def update_addresses(call):
    """The addresses take the place of those before."""
    item = _named(call, "ip_sets")
    _check_addresses(call.parameters["Addresses"], item.written["IPAddressVersion"])
    return _change(call, item, chosen(call.parameters, "Description", "Addresses"))


@answer("wafv2", "GetIPSet")
def get_addresses(call):
    """Everything that was written."""
    item = _named(call, "ip_sets")
    return {"IPSet": _view(item), "LockToken": item.lock_token}


@answer("wafv2", "ListIPSets")
def list_addresses(call):
    """Those of a scope."""
    return _list(call, "ip_sets", "IPSets")


@answer("wafv2", "DeleteIPSet")
def delete_addresses(call):
    """Not while a rule is about them."""
    return _delete(call, "ip_sets")


# --- patterns ------------------------------------------------------------------------------------------------------


def _check_patterns(patterns):
    if len(patterns) > MOST_PATTERNS:
        raise _exceeded(f"A set has {MOST_PATTERNS} patterns at most.")
    for item in patterns:
        try:
            regex.compile(item.get("RegexString") or "")
        except regex.error as error:
            text = item.get("RegexString")
            raise invalid("The regular expression is not valid", "REGEX_PATTERN_SET", text) from error


@answer("wafv2", "CreateRegexPatternSet")
def create_patterns(call):
    """moto takes everything, and has one scope in its ARNs."""
    _check_patterns(call.parameters["RegularExpressionList"])
    written = clean(chosen(call.parameters, "Description", "RegularExpressionList"))
    return _create(call, "regex_pattern_sets", "regexpatternset", written)


@answer("wafv2", "UpdateRegexPatternSet")
def update_patterns(call):
    """The patterns take the place of those before."""
    item = _named(call, "regex_pattern_sets")
    _check_patterns(call.parameters["RegularExpressionList"])
    return _change(call, item, clean(chosen(call.parameters, "Description", "RegularExpressionList")))


@answer("wafv2", "GetRegexPatternSet")
def get_patterns(call):
    """Everything that was written."""
    item = _named(call, "regex_pattern_sets")
    return {"RegexPatternSet": _view(item), "LockToken": item.lock_token}


@answer("wafv2", "ListRegexPatternSets")
def list_patterns(call):
    """Those of a scope."""
    return _list(call, "regex_pattern_sets", "RegexPatternSets")


@answer("wafv2", "DeleteRegexPatternSet")
def delete_patterns(call):
    """Not while a rule is about them."""
    return _delete(call, "regex_pattern_sets")


# --- groups of rules -----------------------------------------------------------------------------------------------


def _group(call, most):
    """What a group is to be; an error for rules that do not fit into it."""
    state, parameters = state_of(call), call.parameters
    rules = clean(parameters.get("Rules") or [])
    for rule in rules:
        nested = GROUPS & set(rule["Statement"])
        if nested:
            reason = "You cannot use a rule group reference statement inside another rule group"
            raise invalid(reason, "RULE_GROUP_REFERENCE_STATEMENT", ", ".join(nested))
    needed = check_rules(rules, parameters.get("CustomResponseBodies") or {}, lambda arn: find(state, arn))
    if needed > most:
        raise _exceeded(f"The rules need {needed} units of capacity, the group has {most}.")
    written = clean(chosen(parameters, "Description", "VisibilityConfig", "CustomResponseBodies"))
    return {**written, "Rules": filled(rules)}


@answer("wafv2", "CreateRuleGroup")
def create_group(call):
    """moto checks nothing and drops parts of rules."""
    capacity = call.parameters["Capacity"]
    if capacity > MOST_CAPACITY:
        raise _exceeded(f"A rule group has {MOST_CAPACITY} units of capacity at most.")
    return _create(call, "rule_groups", "rulegroup", _group(call, capacity), capacity=capacity)


@answer("wafv2", "UpdateRuleGroup")
def update_group(call):
    """The rules take the place of those before; the capacity stays."""
    item = _named(call, "rule_groups")
    return _change(call, item, _group(call, item.capacity))


@answer("wafv2", "GetRuleGroup")
def get_group(call):
    """Everything that was written, with the labels that the rules put on requests."""
    arn = call.parameters.get("ARN")
    item = state_of(call, "CLOUDFRONT" if ":global/" in arn else "REGIONAL").rule_groups.get(arn) if arn else None
    item = item or _named(call, "rule_groups")
    space = f"awswaf:{call.account}:rulegroup:{item.name}:"
    labels = [label["Name"] for rule in item.written["Rules"] for label in rule.get("RuleLabels") or []]
    more = {"AvailableLabels": [{"Name": f"{space}{label}"} for label in labels]} if labels else {}
    group = {**_view(item), "Capacity": item.capacity, "LabelNamespace": space, **more}
    return {"RuleGroup": group, "LockToken": item.lock_token}


@answer("wafv2", "ListRuleGroups")
def list_groups(call):
    """Those of a scope."""
    return _list(call, "rule_groups", "RuleGroups")


@answer("wafv2", "DeleteRuleGroup")
def delete_group(call):
    """Not while an ACL refers to it."""
    return _delete(call, "rule_groups")


# --- what AWS has, and what rules cost -----------------------------------------------------------------------------


@answer("wafv2", "ListAvailableManagedRuleGroups")
def list_managed(call):
    """moto does not have it."""
    state_of(call)
    groups = [{"VendorName": "AWS", "Name": name, "VersioningSupported": True} for name in sorted(MANAGED)]
    return page(call, "ManagedRuleGroups", groups, token="NextMarker", size="Limit")


@answer("wafv2", "CheckCapacity")
def check_capacity(call):
    """moto does not have it."""
    state = state_of(call)
    return {"Capacity": check_rules(call.parameters["Rules"], {}, lambda arn: find(state, arn))}
