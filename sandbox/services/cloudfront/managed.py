# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies that AWS itself provides, the same in every account."""

import functools
from datetime import datetime, timezone
from pathlib import Path

import yaml

from .shared import Thing, of

SINCE = datetime(2023, 2, 23, tzinfo=timezone.utc)


@functools.cache
def managed(kind):
    """AWS's own things of a kind, by id."""
    listed = yaml.safe_load((Path(__file__).parent / "managed.yml").read_text()).get(kind) or {}
    make = {"CachePolicy": _cache, "OriginRequestPolicy": _origin_request, "ResponseHeadersPolicy": _response_headers}
    return {
        number: Thing(number, {"Name": f"Managed-{given['name']}"} | make[kind](given), {}, SINCE, SINCE)
        for number, given in listed.items()
    }


def _cache(given):
    least, usual, most = given["ttl"]
    compressed = given.get("compressed", False)
    return {
        "MinTTL": least,
        "DefaultTTL": usual,
        "MaxTTL": most,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingGzip": compressed,
            "EnableAcceptEncodingBrotli": compressed and given.get("brotli", True),
            **_parts(given),
        },
    }


def _origin_request(given):
    return _parts(given)


def _parts(given):
    parts = (
        ("HeadersConfig", "HeaderBehavior", "Headers", "headers"),
        ("CookiesConfig", "CookieBehavior", "Cookies", "cookies"),
        ("QueryStringsConfig", "QueryStringBehavior", "QueryStrings", "query_strings"),
    )
    return {part: _part(behavior, member, given.get(key, "none")) for part, behavior, member, key in parts}


def _part(behavior, member, given):
    if isinstance(given, dict):
        ((how, names),) = given.items()
        return {behavior: how, member: of(names)}
    return {behavior: "whitelist", member: of(given)} if isinstance(given, list) else {behavior: given}


def _response_headers(given):
    config = {}
    if "cors" in given:
        config["CorsConfig"] = {
            "AccessControlAllowOrigins": of(["*"]),
            "AccessControlAllowHeaders": of(["*"]),
            "AccessControlAllowMethods": of(given["cors"]),
            "AccessControlAllowCredentials": False,
            "OriginOverride": False,
            **({"AccessControlExposeHeaders": of(["*"])} if "OPTIONS" in given["cors"] else {}),
        }
    if given.get("security"):
        config["SecurityHeadersConfig"] = {
            "XSSProtection": {"Override": False, "Protection": True, "ModeBlock": True},
            "FrameOptions": {"Override": False, "FrameOption": "SAMEORIGIN"},
            "ReferrerPolicy": {"Override": False, "ReferrerPolicy": "strict-origin-when-cross-origin"},
            "ContentTypeOptions": {"Override": True},
            "StrictTransportSecurity": {"Override": False, "AccessControlMaxAgeSec": 31536000},
        }
    return config
