# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""logs_metric_filters against moto."""

from __future__ import annotations

import pytest

MODULE = "logs_metric_filters"
GROUP = "/ecs/dougust-test/api"
FILTER = {
    "name": "dougust-test-errors",
    "log_group": GROUP,
    "pattern": "?ERROR ?Error",
    "metric_name": "ApplicationErrors",
    "namespace": "dougust/test",
    "default_value": 0,
}


@pytest.fixture
def log_group(cloud):
    cloud.client("logs").create_log_group(logGroupName=GROUP)


def run(cloud, change=None, **params):
    return cloud.run(MODULE, **{"metric_filters": [{**FILTER, **(change or {})}], **params})


def shown(cloud):
    return cloud.client("logs").describe_metric_filters(logGroupName=GROUP)["metricFilters"]


def test_check_mode_works_before_the_log_group_exists(cloud):
    assert [action["action"] for action in run(cloud, check_mode=True)["actions"]] == ["create"]
    assert cloud.mutations == []


def test_from_nothing_to_a_filter_and_back(cloud, log_group):
    assert run(cloud)["changed"] is True
    (shown_filter,) = shown(cloud)
    (transformation,) = shown_filter["metricTransformations"]
    assert shown_filter["filterPattern"] == FILTER["pattern"]
    assert transformation["metricNamespace"] == "dougust/test" and transformation["metricValue"] == "1"
    assert transformation["defaultValue"] == 0
    for check_mode in (True, False):
        assert (run(cloud, check_mode=check_mode)["changed"], cloud.mutations) == (False, [])
    assert run(cloud, state="absent")["changed"] is True
    assert (run(cloud, state="absent")["changed"], shown(cloud)) == (False, [])


@pytest.mark.parametrize(
    "field, value", [("pattern", ""), ("value", "$.n"), ("metric_name", "Errors"), ("default_value", 1.5)]
)
def test_a_changed_field_is_named_and_the_others_stay(cloud, log_group, field, value):
    run(cloud)
    assert run(cloud, {field: value})["actions"][0]["fields"] == [field]
    assert cloud.mutations == ["PutMetricFilter"]
    assert run(cloud, {field: value})["changed"] is False
    assert shown(cloud)[0]["metricTransformations"][0]["metricNamespace"] == "dougust/test"


def test_a_filter_of_which_another_name_begins_alike_is_another(cloud, log_group):
    run(cloud, {"name": "dougust-test-errors-fatal"})
    assert run(cloud)["actions"][0]["action"] == "create"
    assert len(shown(cloud)) == 2


def test_a_missing_log_group_is_named(cloud):
    cloud.fail("PutMetricFilter", "ResourceNotFoundException", "The specified log group does not exist.")
    failed = cloud.run_failing(MODULE, metric_filters=[FILTER])
    assert f"Could not set metric filter dougust-test-errors of log group {GROUP}" in failed["msg"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "a:b"},
        {"metric_name": "a$"},
        {"namespace": ""},
        {"pattern": "x" * 1025},
        {"dimensions": {"a": "$.a"}},
        {"dimensions": dict.fromkeys("abcd", "$.a"), "default_value": None},
    ],
)
def test_impossible_filters_are_refused_before_the_first_call(cloud, change):
    item = {key: value for key, value in {**FILTER, **change}.items() if value is not None}
    assert "To fix:" in cloud.run_failing(MODULE, metric_filters=[item])["msg"]
    assert cloud.calls == []
