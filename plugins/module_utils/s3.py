# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of S3 buckets: between how users and how S3 write them, and what S3 refuses."""

from __future__ import annotations

import json
import re
from typing import Any, Callable, Dict, List, Optional

from ansible_collections.groundwork.aws.plugins.module_utils import compare, planned, s3_lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.api import s3 as api

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
NAME = r"(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an")
MOST_POLICY_BYTES = 20480
MOST_CORS_RULES = 100
BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
CORS = {
    "allowed_origins": "AllowedOrigins",
    "allowed_methods": "AllowedMethods",
    "allowed_headers": "AllowedHeaders",
    "expose_headers": "ExposeHeaders",
    "max_age_seconds": "MaxAgeSeconds",
}
# How users write a CORS rule, as a part of a module's argument_spec.
CORS_SPEC = {
    "allowed_origins": {"type": "list", "elements": "str", "required": True},
    "allowed_methods": {
        "type": "list",
        "elements": "str",
        "choices": ["GET", "PUT", "POST", "DELETE", "HEAD"],
        "required": True,
    },
    "allowed_headers": {"type": "list", "elements": "str"},
    "expose_headers": {"type": "list", "elements": "str"},
    "max_age_seconds": {"type": "int"},
}
# How users write a bucket.
BUCKET_SPEC = {
    "name": {"type": "str", "required": True},
    "versioning": {"type": "bool"},
    "encryption": {"type": "str", "choices": ["AES256", "aws:kms"]},
    "kms_key_arn": {"type": "str", "no_log": False},
    "bucket_key": {"type": "bool", "default": True, "no_log": False},
    "policy": {"type": "dict"},
    "public_access_block": {"type": "bool", "default": True},
    "object_ownership": {
        "type": "str",
        "choices": ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"],
        "default": "BucketOwnerEnforced",
    },
    "lifecycle_rules": {"type": "list", "elements": "dict", "options": s3_lifecycle.RULE_SPEC},
    "access_logging": {
        "type": "dict",
        "options": {"bucket": {"type": "str"}, "prefix": {"type": "str", "default": ""}},
    },
    "event_bridge": {"type": "bool"},
    "cors_rules": {"type": "list", "elements": "dict", "options": CORS_SPEC},
    "disposable": {"type": "bool", "default": False},
    "tags": {"type": "dict"},
}
AES256 = {"algorithm": "AES256", "kms_key_arn": None, "bucket_key": False}
# What a new bucket has; the public access block is always set, because older accounts may differ.
NEW: Dict[str, Any] = {
    "encryption": AES256,
    "versioning": False,
    "policy": {},
    "lifecycle_rules": [],
    "access_logging": {},
    "event_bridge": False,
    "cors_rules": [],
}


# What S3 refuses


def flaw(item: dict, region: str) -> str:
    """What is wrong with an item; empty when nothing is."""
    cors = item["cors_rules"] or []
    if not re.fullmatch(NAME, item["name"]):
        return "is no name of a bucket. To fix: 3 to 63 lower-case letters, digits, - and ., not like an IP address"
    if item["name"].startswith(RESERVED_PREFIXES) or item["name"].endswith(RESERVED_SUFFIXES):
        reserved = ", ".join(RESERVED_PREFIXES + RESERVED_SUFFIXES)
        return f"has a name that AWS reserves. To fix: avoid {reserved} at its beginning or end"
    if len(json.dumps(item["policy"] or {}, separators=(",", ":"))) > MOST_POLICY_BYTES:
        return f"has too long a policy. To fix: at most {MOST_POLICY_BYTES} bytes"
    if len(cors) > MOST_CORS_RULES or not all(rule["allowed_origins"] and rule["allowed_methods"] for rule in cors):
        return f"has impossible cors_rules. To fix: at most {MOST_CORS_RULES}, each with origins and methods"
    return _encryption_flaw(item, region) or s3_lifecycle.flaw(item["lifecycle_rules"] or [])


def _encryption_flaw(item: dict, region: str) -> str:
    key_arn = item["kms_key_arn"]
    if not key_arn:
        return ""
    if item["encryption"] != "aws:kms":
        return "has a kms_key_arn without encryption: aws:kms. To fix: add it, or remove the key"
    found = re.fullmatch(r"arn:[a-z-]+:kms:([a-z0-9-]+):\d{12}:(?:key|alias)/.+", key_arn)
    if not found:
        return f"has {key_arn} as kms_key_arn. To fix: give the ARN of a key"
    if found[1] != region:
        return f"is in {region} and its key in {found[1]}. To fix: name a key in the bucket's region"
    return ""


# What users want, as it is compared


def identified(name: str, region: str) -> dict:
    """What a bucket is called, in every form."""
    partition = planned.partition(region)
    suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    return {
        "name": name,
        "arn": f"arn:{partition}:s3:::{name}",
        "region": region,
        "domain_name": f"{name}.s3.{suffix}",
        "regional_domain_name": f"{name}.s3.{region}.{suffix}",
    }


def encryption(item: dict) -> Optional[dict]:
    """The encryption that an item wants; V(None) where it does not say."""
    if item["encryption"] != "aws:kms":
        return AES256 if item["encryption"] else None
    return {"algorithm": "aws:kms", "kms_key_arn": item["kms_key_arn"], "bucket_key": item["bucket_key"]}


def lifecycle_rules(item: dict) -> Optional[List[dict]]:
    """The lifecycle rules that an item wants; V(None) where it does not say."""
    if item["lifecycle_rules"] is None:
        return None
    return [s3_lifecycle.given(rule) for rule in item["lifecycle_rules"]]


def access_logging(item: dict) -> Optional[dict]:
    """The access logging that an item wants; V(None) where it does not say."""
    wanted = item["access_logging"]
    return wanted if wanted is None or wanted["bucket"] else {}


def cors_rules(item: dict) -> Optional[List[dict]]:
    """The CORS rules that an item wants; V(None) where it does not say."""
    if item["cors_rules"] is None:
        return None
    return [s3_lifecycle.given(rule) for rule in item["cors_rules"]]


def same_in_order(before: Optional[list], after: Optional[list]) -> bool:
    """Whether two lists of rules are equal when the order of the rules counts."""
    return [compare.canonical(rule) for rule in before or []] == [compare.canonical(rule) for rule in after or []]


# What S3 is told


def public_access_block(blocked: bool) -> Dict[str, bool]:
    """All settings, on or off."""
    return {setting: blocked for setting in BLOCKS}


def encryption_rule(rule: dict, wanted: dict) -> dict:
    """The rule that replaces one; what it says about blocked kinds of encryption is kept."""
    default = {"SSEAlgorithm": wanted["algorithm"]}
    if wanted["kms_key_arn"]:
        default["KMSMasterKeyID"] = wanted["kms_key_arn"]
    return {**rule, "ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": wanted["bucket_key"]}


def cors_to_aws(rule: dict) -> dict:
    """A CORS rule as S3 wants it."""
    return {CORS[key]: value for key, value in rule.items()}


# What S3 says


def _read_public_access_block(client: Any, name: str) -> Any:
    settings = api.get_public_access_block(client, name)
    blocked = {setting: settings.get(setting, False) for setting in BLOCKS}
    return blocked if len(set(blocked.values())) > 1 else blocked[BLOCKS[0]]


def _read_encryption(client: Any, name: str) -> dict:
    rule = api.get_bucket_encryption(client, name)
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    algorithm = default.get("SSEAlgorithm", "AES256")
    # Without KMS a bucket key means nothing, whatever it is set to.
    bucket_key = algorithm != "AES256" and rule.get("BucketKeyEnabled", False)
    return {"algorithm": algorithm, "kms_key_arn": default.get("KMSMasterKeyID"), "bucket_key": bucket_key}


def _read_lifecycle_rules(client: Any, name: str) -> List[dict]:
    return [s3_lifecycle.from_aws(rule) for rule in api.get_bucket_lifecycle_configuration(client, name)]


def _read_access_logging(client: Any, name: str) -> dict:
    found = api.get_bucket_logging(client, name)
    return {"bucket": found["TargetBucket"], "prefix": found.get("TargetPrefix", "")} if found else {}


def _read_event_bridge(client: Any, name: str) -> bool:
    return "EventBridgeConfiguration" in api.get_bucket_notification_configuration(client, name)


def _read_cors_rules(client: Any, name: str) -> List[dict]:
    return [
        {key: rule[aws] for key, aws in CORS.items() if rule.get(aws)} for rule in api.get_bucket_cors(client, name)
    ]


READERS: Dict[str, Callable[[Any, str], Any]] = {
    "object_ownership": api.get_bucket_ownership_controls,
    "public_access_block": _read_public_access_block,
    "encryption": _read_encryption,
    "versioning": api.get_bucket_versioning,
    "policy": api.get_bucket_policy,
    "lifecycle_rules": _read_lifecycle_rules,
    "access_logging": _read_access_logging,
    "event_bridge": _read_event_bridge,
    "cors_rules": _read_cors_rules,
}
