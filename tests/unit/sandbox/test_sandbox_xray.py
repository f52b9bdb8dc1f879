# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of X-Ray that take a while, and what belongs to the caller alone."""

import json

import pytest


@pytest.fixture
def xray(sandbox):
    """X-Ray."""
    return sandbox.client("xray")


def test_another_key_takes_a_while(sandbox, xray):
    sandbox.delays(xray_encryption_update=60)
    assert xray.put_encryption_config(Type="KMS", KeyId="alias/aws/xray")["EncryptionConfig"]["Status"] == "UPDATING"
    sandbox.advance(60)
    config = xray.get_encryption_config()["EncryptionConfig"]
    assert (config["Type"], config["Status"]) == ("KMS", "ACTIVE")


def test_another_destination_takes_a_while(sandbox, xray):
    principal = {"Service": "xray.amazonaws.com"}
    arn = "arn:aws:logs:eu-central-1:123456789012:log-group:aws/spans:*"
    statement = {"Effect": "Allow", "Principal": principal, "Action": "logs:PutLogEvents", "Resource": arn}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sandbox.client("logs").put_resource_policy(policyName="spans", policyDocument=document)
    sandbox.delays(xray_destination_update=60)
    assert xray.update_trace_segment_destination(Destination="CloudWatchLogs")["Status"] == "PENDING"
    sandbox.advance(60)
    found = xray.get_trace_segment_destination()
    assert (found["Destination"], found["Status"]) == ("CloudWatchLogs", "ACTIVE")


def test_groups_are_those_of_a_region_and_are_paged(sandbox, xray):
    for number in range(3):
        xray.create_group(GroupName=f"g{number}")
    names = [group["GroupName"] for page in xray.get_paginator("get_groups").paginate() for group in page["Groups"]]
    assert names == ["Default", "g0", "g1", "g2"]
    assert [group["GroupName"] for group in sandbox.client("xray", "eu-west-1").get_groups()["Groups"]] == ["Default"]


def test_insights_go_with_their_notifications(xray):
    on = {"InsightsEnabled": True, "NotificationsEnabled": True}
    xray.create_group(GroupName="g", InsightsConfiguration=on)
    changed = xray.update_group(GroupName="g", InsightsConfiguration={"InsightsEnabled": False})["Group"]
    assert changed["InsightsConfiguration"] == {"InsightsEnabled": False, "NotificationsEnabled": False}


def test_tags_are_found_from_everywhere(sandbox, xray):
    arn = xray.create_group(GroupName="g", Tags=[{"Key": "a", "Value": "b"}])["Group"]["GroupARN"]
    tagging = sandbox.client("resourcegroupstaggingapi")
    found = tagging.get_resources(ResourceTypeFilters=["xray:group"])["ResourceTagMappingList"]
    assert found == [{"ResourceARN": arn, "Tags": [{"Key": "a", "Value": "b"}]}]
