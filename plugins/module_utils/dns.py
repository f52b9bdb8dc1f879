# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names and values of DNS in the one spelling in which they are compared. Pure functions."""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Dict, List, Optional

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,255}}$)(?:\*\.)?(?:{_LABEL}\.)+{_LABEL}")
# Types whose values end with a host name.
HOST_TYPES = ("CNAME", "MX", "NS", "PTR", "SRV")
TEXT_TYPES = ("SPF", "TXT")
# A string of a TXT record has at most 255 characters; longer values are several strings.
TEXT_PART = 255


def normal_name(name: str) -> str:
    """A host name in small letters, without the final dot and without Route 53's octal escapes."""
    plain = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), name)
    return plain.lower().rstrip(".")


def is_name(name: str) -> bool:
    """Whether a normal name is one of a domain or a host, with a wildcard perhaps."""
    return bool(_NAME.fullmatch(name))


def normal_value(record_type: str, value: str) -> str:
    """A record's value as it is compared and sent."""
    if record_type in TEXT_TYPES:
        return _quoted(_text(value))
    words = " ".join(value.split())
    if record_type in HOST_TYPES:
        return words.lower().rstrip(".")
    if record_type in ("A", "AAAA"):
        return _address(words)
    return words


def _address(value: str) -> str:
    try:
        return ipaddress.ip_address(value).compressed
    except ValueError:
        return value


def _text(value: str) -> str:
    """The text of a TXT record, whether it is written in quotes or not."""
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"', value)
    if value.strip().startswith('"') and strings:
        return re.sub(r"\\(?![0-7]{3})(.)", r"\1", "".join(strings))
    return value


def _quoted(text: str) -> str:
    parts = [text[start : start + TEXT_PART] for start in range(0, len(text), TEXT_PART)] or [""]
    return " ".join('"' + re.sub(r'(["\\])(?![0-7]{3})', r"\\\1", part) + '"' for part in parts)


def normal_alias(alias: Optional[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    """An alias with its name as it is compared."""
    return {**alias, "dns_name": normal_name(alias["dns_name"])} if alias else None


def value_flaw(record_type: str, values: List[str]) -> str:
    """What is wrong with the values of a record; empty when nothing is."""
    if record_type == "CNAME" and len(values) != 1:
        return "has several values. To fix: a CNAME has one"
    versions = {"A": ipaddress.IPv4Address, "AAAA": ipaddress.IPv6Address}
    for value in values if record_type in versions else []:
        try:
            versions[record_type](value.strip())
        except ValueError:
            return (
                f"has {value} as a value. To fix: an {record_type} record holds addresses; a name needs CNAME or alias"
            )
    return ""
