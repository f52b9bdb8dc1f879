# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alarms and metric filters, before what they are about exists."""

from __future__ import annotations

import pytest

MONITORING = [
    (
        "monitoring_alarms",
        {"of": "target_group/apii"},
        "monitoring_alarms[unhealthy].of: the platform has no target_group/apii to watch. Fix: "
        "did you mean target_group/api? It has load_balancer, database, web_acl, "
        "target_group/api, service/api, filter/errors.",
    ),
    ("monitoring_alarms", {"of": "nat/other-nat-a"}, "the platform has no nat/other-nat-a to watch"),
    ("networking_nat_gateways", "none", "monitoring_alarms[nat].of: the platform has no nat/dougust-production-nat-b"),
    ("waf_enabled", False, "monitoring_alarms[blocked].of: the platform has no web_acl to watch"),
    (
        "monitoring_alarms",
        {"topic": "pager"},
        "monitoring_alarms[unhealthy].topic: there is no pager in monitoring_topics",
    ),
    ("monitoring_alarms", {"metric": None}, "monitoring_alarms[unhealthy]: it watches no metric"),
    (
        "monitoring_alarms",
        {
            "metrics": [
                {"id": "a", "of": "load_balancer", "metric": "HTTPCode_ELB_5XX_Count", "statistic": "Sum"},
                {"id": "all", "expression": "FILL(a, 0)", "return": True},
            ]
        },
        "it has metrics and metric",
    ),
    ("monitoring_alarms", {"anomaly_band": 2}, "it has threshold, anomaly_band. Fix: give exactly one of"),
    ("monitoring_alarms", {"threshold": None}, "it does not say when it fires"),
    (
        "monitoring_alarms",
        {"threshold": None, "anomaly_band": 0},
        "monitoring_alarms[unhealthy].anomaly_band: 0 is no width",
    ),
    (
        "monitoring_alarms",
        {"threshold": None, "threshold_percent": {"percent": 1, "of": "x"}},
        "target_group/api has no facts",
    ),
    (
        "monitoring_alarms",
        {"of": "database", "threshold": None, "threshold_percent": {"percent": 1, "of": "max_conections"}},
        "did you mean max_connections?",
    ),
    ("database_instance_class", "db.q9.large", "how many connections db.q9.large allows is not known here"),
    (
        "monitoring_alarms",
        {"period": 90},
        "monitoring_alarms[unhealthy]: it has a period of 90 seconds. Fix: 10, 20, 30 or a multiple of 60.",
    ),
    ("monitoring_alarms", {"datapoints_to_alarm": 3}, "it wants more datapoints than it has"),
    ("monitoring_alarms", {"comparison": "GreaterThanUpperThreshold"}, "it mixes a threshold and a band"),
    ("monitoring_alarms", {"percentile": "95"}, "it has no such statistic 95"),
    (
        "monitoring_alarms",
        [
            {
                "name": "5xx",
                "metrics": [{"id": "a", "of": "load_balancer", "metric": "HTTPCode_ELB_5XX_Count", "statistic": "Sum"}],
                "threshold": 10,
            }
        ],
        "it does not say which metric is watched",
    ),
    (
        "monitoring_alarms",
        [
            {
                "name": "5xx",
                "metrics": [
                    {
                        "id": "a",
                        "of": "load_balancer",
                        "metric": "HTTPCode_ELB_5XX_Count",
                        "statistic": "Summe",
                        "return": True,
                    }
                ],
                "threshold": 10,
            }
        ],
        "monitoring_alarms[5xx].metrics[a].statistic: 'Summe' is no statistic",
    ),
    ("monitoring_topics", [], "monitoring_topics: it is empty, and nobody would be told of an alarm"),
    (
        "monitoring_metric_filters",
        {"log_group": "apii"},
        "monitoring_metric_filters[errors].log_group: apii is no service and no log group. Fix: "
        "did you mean api? Otherwise write the log group in full, which begins with /.",
    ),
    (
        "monitoring_metric_filters",
        {"metric": "a:b"},
        "monitoring_metric_filters[errors].metric: CloudWatch does not take 'a:b'",
    ),
    (
        "monitoring_metric_filters",
        {"pattern": "x" * 1025},
        "it has 1025 characters",
    ),
]


@pytest.mark.parametrize(("option", "change", "expected"), MONITORING)
def test_what_would_fail_later_is_refused(refused, option, change, expected):
    refused(option, change, expected)


@pytest.mark.parametrize(
    "changes",
    [
        {"monitoring_metric_filters": {"log_group": "/aws/lambda/x"}},
        {
            "monitoring_targets": {"own": {}},
            "monitoring_alarms": [{"name": "a", "of": "own", "metric": "b", "threshold": 1}],
        },
        {"database_instance_class": "db.q9.large", "database_max_connections": 100},
    ],
)
def test_what_works_is_accepted(platform, lines, changes):
    assert lines(platform(**changes)) == []


def test_targets_that_nobody_knows_are_not_refused(platform, lines):
    raw = {"monitoring_targets": "{{ {'own': own_target} | groundwork.aws.monitoring_targets }}"}
    alarms = {"of": "own"}
    assert lines(platform(monitoring_alarms=alarms)) != []
    assert lines(platform(raw=raw, monitoring_alarms=alarms)) == []
