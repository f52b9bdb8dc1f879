# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planned ids: well formed, recognisable, and the same in every task of a run."""

from __future__ import annotations

import re
import uuid

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned


@pytest.mark.parametrize("prefix", ["vpc", "subnet", "eipalloc", "nat", "fl"])
def test_ec2_ids_are_well_formed_and_recognised(prefix):
    made = planned.ec2_id(prefix, "us-east-1", "t")
    assert re.fullmatch(rf"{prefix}-[0-9a-f]{{17}}", made)
    assert planned.is_planned(made)


def test_uuids_are_well_formed_and_recognised():
    made = planned.uuid("us-east-1", "t")
    assert str(uuid.UUID(made)) == made and uuid.UUID(made).version == 4
    assert planned.is_planned(made)
    assert planned.is_planned(f"arn:aws:kms:us-east-1:123456789012:key/{made}")


def test_the_same_resource_has_the_same_id_and_others_have_others():
    assert planned.ec2_id("vpc", "a", "b") == planned.ec2_id("vpc", "a", "b")
    assert planned.ec2_id("vpc", "a", "b") != planned.ec2_id("vpc", "ab", "")
    assert planned.uuid("a") != planned.uuid("b")


@pytest.mark.parametrize(
    "made, form",
    [
        (f"arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/x/{planned.elb_id('x')}", r".*/x/[0-9a-f]{16}"),
        (planned.elb_host("x", "us-east-1"), r"x-[0-9a-f]{17}\.us-east-1\.elb\.amazonaws\.com"),
        (planned.endpoint("x", "us-east-1", "rds"), r"x\.[0-9a-f]{12}\.us-east-1\.rds\.amazonaws\.com"),
        (planned.zone_id("x.org"), r"Z[0-9A-Z]{1,31}"),
        (planned.secret_arn("a/b", "us-east-1", "123456789012"), r"arn:aws:secretsmanager:.*:secret:a/b-\w{6}"),
    ],
)
def test_what_has_a_form_of_its_own_is_recognised_too(made, form):
    assert re.fullmatch(form, made)
    assert planned.is_planned(made) and planned.is_planned({"a": [made]})


@pytest.mark.parametrize(
    "wrap", [lambda x: [x], lambda x: {"a": {"b": [1, x]}}, lambda x: ("z", {x}), lambda x: f"a {x} b"]
)
def test_a_planned_id_is_found_wherever_it_is(wrap):
    assert planned.is_planned(wrap(planned.ec2_id("vpc", "t")))


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "",
        "vpc-0123456789abcdef0",
        "vpc-dec1a4ed",
        "dec1a4ed",
        "arn:aws:s3:::dec1a4ed-logs",
        "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        {"a": ["vpc-0123456789abcdef0"]},
    ],
)
def test_real_ids_are_not_planned(value):
    assert not planned.is_planned(value)


@pytest.mark.parametrize(
    "region, partition", [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("", "aws")]
)
def test_arns_are_in_the_partition_of_the_region(region, partition):
    assert planned.arn("ecr", region, "123456789012", "x").startswith(f"arn:{partition}:ecr:")
