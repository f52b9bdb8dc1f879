# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cloudwatch_dashboards against moto."""

from __future__ import annotations

import json

import pytest

MODULE = "cloudwatch_dashboards"
NAME = "dougust-test"


def widget(title):
    return {"type": "text", "width": 6, "height": 2, "properties": {"markdown": title}}


BODY = {"widgets": [widget("one"), widget("two")]}


@pytest.fixture(autouse=True)
def tags(cloud):
    """moto has no tags of dashboards."""
    kept = {}
    cloud.answer("ListTagsForResource", lambda params: {"Tags": list(kept.get(params["ResourceARN"], []))})
    cloud.answer("TagResource", lambda params: kept.update({params["ResourceARN"]: params["Tags"]}) or {})
    return kept


def run(cloud, body=None, **params):
    return cloud.run(MODULE, **{"dashboards": [{"name": NAME, "body": body or BODY}], **params})


def shown(cloud):
    return json.loads(cloud.client("cloudwatch").get_dashboard(DashboardName=NAME)["DashboardBody"])


def test_from_nothing_to_a_dashboard_and_back(cloud):
    predicted = run(cloud, check_mode=True, account_id="123456789012")
    assert predicted["dashboards"][NAME]["arn"] == f"arn:aws:cloudwatch::123456789012:dashboard/{NAME}"
    assert cloud.mutations == []
    assert run(cloud)["actions"] == predicted["actions"]
    assert shown(cloud) == BODY
    for check_mode in (True, False):
        assert (run(cloud, check_mode=check_mode)["changed"], cloud.mutations) == (False, [])
    assert run(cloud, state="gathered")["dashboards"][NAME]["body"] == BODY
    assert run(cloud, state="absent")["changed"] is True
    assert run(cloud, state="absent")["changed"] is False
    assert run(cloud, state="gathered")["dashboards"] == {}


def test_the_order_of_widgets_counts(cloud):
    run(cloud)
    turned = {"widgets": BODY["widgets"][::-1]}
    assert run(cloud, turned)["actions"][0]["fields"] == ["body"]
    assert shown(cloud) == turned


def test_a_dashboard_changed_by_hand_is_put_back(cloud):
    run(cloud)
    cloud.client("cloudwatch").put_dashboard(DashboardName=NAME, DashboardBody=json.dumps({"widgets": []}))
    run(cloud)
    assert (shown(cloud), cloud.mutations) == (BODY, ["PutDashboard"])


def test_it_is_created_with_its_tags_and_a_strangers_is_refused(cloud, tags):
    run(cloud, tags={"Platform": "dougust"})
    (call,) = cloud.parameters("PutDashboard")
    assert call["Tags"] == [{"Key": "Platform", "Value": "dougust"}]
    arn = run(cloud, state="gathered")["dashboards"][NAME]["arn"]
    tags[arn] = [{"Key": "Platform", "Value": "acme"}]
    failed = cloud.run_failing(MODULE, dashboards=[{"name": NAME, "body": BODY}], tags={"Platform": "dougust"})
    assert "belongs to somebody else" in failed["msg"]


@pytest.mark.parametrize(
    "change", [{"name": "a.b"}, {"name": "x" * 256}, {"body": None}, {"body": {"widgets": [{}] * 501}}]
)
def test_impossible_dashboards_are_refused_before_the_first_call(cloud, change):
    item = {key: value for key, value in {"name": NAME, "body": BODY, **change}.items() if value is not None}
    assert "To fix:" in cloud.run_failing(MODULE, dashboards=[item])["msg"]
    assert cloud.calls == []
