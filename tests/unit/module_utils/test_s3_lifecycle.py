# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle rules of buckets, written by users and by S3, and what S3 refuses."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import s3_lifecycle

BLANK = {**dict.fromkeys(s3_lifecycle.RULE_SPEC), "id": "rule", "prefix": "", "enabled": True}


def moves(*pairs):
    return [{"days": days, "storage_class": storage_class} for days, storage_class in pairs]


def test_a_rule_survives_the_way_to_s3_and_back():
    rule = {
        **BLANK,
        "prefix": "logs/",
        "enabled": False,
        "expiration_days": 400,
        "transitions": moves((30, "STANDARD_IA"), (60, "GLACIER")),
        "noncurrent_expiration_days": 90,
        "noncurrent_transitions": moves((0, "GLACIER_IR")),
        "abort_incomplete_multipart_days": 3,
    }
    assert s3_lifecycle.from_aws(s3_lifecycle.to_aws(rule)) == s3_lifecycle.given(rule)


@pytest.mark.parametrize(
    "rule, other",
    [
        ({"Filter": {"Tag": {"Key": "a", "Value": "b"}}, "Expiration": {"Days": 1}}, "Filter"),
        ({"Expiration": {"Days": 1, "ExpiredObjectDeleteMarker": True}}, "Expiration"),
        ({"Transitions": [{"Date": "2026-01-01", "StorageClass": "GLACIER"}]}, "Transitions"),
        ({"NoncurrentVersionExpiration": {"NoncurrentDays": 1, "NewerNoncurrentVersions": 2}}, "NoncurrentVersion"),
    ],
)
def test_what_users_cannot_write_is_a_difference(rule, other):
    found = s3_lifecycle.from_aws({"ID": "rule", "Status": "Enabled", **rule})
    assert [key for key in found["other"] if key.startswith(other)]


def test_the_prefix_of_an_old_rule_is_read():
    assert s3_lifecycle.from_aws({"ID": "rule", "Status": "Enabled", "Prefix": "a/"})["prefix"] == "a/"


@pytest.mark.parametrize(
    "change, message",
    [
        ({"id": "x" * 256, "expiration_days": 1}, "its id or its prefix is too short or too long"),
        ({}, "it does nothing"),
        ({"expiration_days": 0}, "expiration_days is 0"),
        ({"transitions": moves((29, "STANDARD_IA"))}, "STANDARD_IA after 29 days is too early"),
        ({"noncurrent_transitions": moves((29, "ONEZONE_IA"))}, "ONEZONE_IA after 29 days is too early"),
        ({"transitions": moves((-1, "GLACIER"))}, "GLACIER after -1 days is too early"),
        ({"transitions": moves((30, "GLACIER")), "expiration_days": 30}, "expiration after 30 days is not after"),
        ({"transitions": moves((30, "GLACIER"), (60, "GLACIER"))}, "GLACIER cannot become GLACIER"),
        ({"transitions": moves((30, "GLACIER"), (60, "STANDARD_IA"))}, "GLACIER cannot become STANDARD_IA"),
        ({"transitions": moves((30, "ONEZONE_IA"), (90, "GLACIER_IR"))}, "ONEZONE_IA cannot become GLACIER_IR"),
        ({"transitions": moves((30, "STANDARD_IA"), (59, "GLACIER"))}, "STANDARD_IA is left too early"),
        ({"transitions": moves((5, "GLACIER"), (5, "DEEP_ARCHIVE"))}, "GLACIER is left too early"),
    ],
)
def test_rules_that_s3_refuses(change, message):
    assert message in s3_lifecycle.rule_flaw({**BLANK, **change})


@pytest.mark.parametrize(
    "change",
    [
        {"expiration_days": 1},
        {"transitions": moves((0, "INTELLIGENT_TIERING"))},
        {"transitions": moves((30, "STANDARD_IA"), (60, "GLACIER"), (150, "DEEP_ARCHIVE")), "expiration_days": 365},
    ],
)
def test_rules_that_s3_takes(change):
    assert s3_lifecycle.flaw([{**BLANK, **change}]) == ""


def test_a_bucket_has_at_most_a_thousand_rules():
    rules = [{**BLANK, "id": str(number), "expiration_days": 1} for number in range(1001)]
    assert s3_lifecycle.flaw(rules[1:]) == ""
    assert "has 1001 lifecycle rules" in s3_lifecycle.flaw(rules)
