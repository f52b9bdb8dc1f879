# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions of policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import ipaddress
import re
from datetime import datetime, timezone

from .shared import as_list


def matches(pattern, text, ignore_case=False):
    """Whether a text is what a pattern with * and ? says."""
    expression = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern)
    return bool(re.fullmatch(expression, text, re.DOTALL | (re.IGNORECASE if ignore_case else 0)))


def _date(text):
    if re.fullmatch(r"\d+", text):
        return datetime.fromtimestamp(int(text), timezone.utc)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _arn_matches(pattern, text):
    parts = pattern.split(":", 5), text.split(":", 5)
    return len(parts[0]) == len(parts[1]) and all(map(matches, *parts))


def _in_network(network, address):
    return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)


# Each compares a value of the policy with one of the request.
COMPARISONS = {
    "StringEquals": lambda wanted, found: wanted == found,
    "StringEqualsIgnoreCase": lambda wanted, found: wanted.lower() == found.lower(),
    "StringLike": matches,
    "NumericEquals": lambda wanted, found: float(wanted) == float(found),
    "NumericLessThan": lambda wanted, found: float(found) < float(wanted),
    "NumericLessThanEquals": lambda wanted, found: float(found) <= float(wanted),
    "NumericGreaterThan": lambda wanted, found: float(found) > float(wanted),
    "NumericGreaterThanEquals": lambda wanted, found: float(found) >= float(wanted),
    "DateEquals": lambda wanted, found: _date(found) == _date(wanted),
    "DateLessThan": lambda wanted, found: _date(found) < _date(wanted),
    "DateLessThanEquals": lambda wanted, found: _date(found) <= _date(wanted),
    "DateGreaterThan": lambda wanted, found: _date(found) > _date(wanted),
    "DateGreaterThanEquals": lambda wanted, found: _date(found) >= _date(wanted),
    "Bool": lambda wanted, found: wanted.lower() == found.lower(),
    "BinaryEquals": lambda wanted, found: wanted == found,
    "IpAddress": _in_network,
    "ArnEquals": _arn_matches,
    "ArnLike": _arn_matches,
}
NEGATED = {
    "StringNotEquals": "StringEquals", "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike", "NumericNotEquals": "NumericEquals", "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress", "ArnNotEquals": "ArnEquals", "ArnNotLike": "ArnLike",
}  # fmt: skip
QUANTIFIED = re.compile(r"(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?")


def fulfilled(conditions, context):
    """Whether the context of a request, {key in lower case: values}, fulfils every condition of a statement."""
    return all(
        _holds(operator, as_list(wanted), context.get(key.lower()))
        for operator, keys in (conditions or {}).items()
        for key, wanted in keys.items()
    )


def keys_of(conditions):
    """The keys that conditions ask for."""
    return [key for keys in (conditions or {}).values() for key in keys]


def _holds(operator, wanted, found):
    quantifier, name, if_exists = QUANTIFIED.fullmatch(operator).groups()
    wanted = [_spelt(value) for value in wanted]
    if name == "Null":
        return wanted == [_spelt(found is None)]
    negated = name in NEGATED
    if found is None:
        # A key that is missing does not match, and what is negated is true of it.
        return bool(if_exists) or negated or quantifier == "ForAllValues"
    compare = COMPARISONS[NEGATED.get(name, name)]
    each = [any(compare(value, one) for value in wanted) != negated for one in found]
    return any(each) if quantifier == "ForAnyValue" else all(each)


def _spelt(value):
    return str(value).lower() if isinstance(value, bool) else str(value)
