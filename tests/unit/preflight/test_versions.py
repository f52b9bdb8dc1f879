# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Versions against the data file."""

from __future__ import annotations

import datetime
import pathlib

import pytest
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.versions import (
    all_findings,
    default_release,
    find_release,
    load,
    newest_first,
)

TODAY = datetime.date(2026, 11, 21)
FILE = pathlib.Path(__file__).parents[3] / "roles" / "preflight" / "files" / "versions.yml"
CATALOGUE = load(str(FILE))


def findings(product, version, accepted=(), source="x_version"):
    problems, warnings = all_findings(
        [{"product": product, "version": version, "source": source}], TODAY, CATALOGUE, accepted
    )
    return [problem.line() for problem in problems], warnings


def test_every_release_has_a_day_or_none_and_a_source():
    for releases in CATALOGUE.values():
        for release in releases.values():
            assert release["source"].startswith("https://")
            assert isinstance(release["standard_support_ends"], (datetime.date, type(None)))


def test_a_version_belongs_to_a_release():
    assert find_release("15.15", CATALOGUE["rds-postgresql"]) == "15"
    assert find_release("1.35", CATALOGUE["kubernetes"]) == "1.35"
    assert find_release("2.19.14", CATALOGUE["ansible-core"]) == "2.19"
    assert find_release("nodejs24.x", CATALOGUE["lambda-nodejs"]) == "nodejs24.x"
    assert find_release("1.3", CATALOGUE["kubernetes"]) is None


def test_numbers_are_compared_as_numbers():
    assert newest_first({"1.9": {}, "1.35": {}, "1.10": {}}) == ["1.35", "1.10", "1.9"]
    assert newest_first({"nodejs8.x": {}, "nodejs22.x": {}}) == ["nodejs22.x", "nodejs8.x"]


@pytest.mark.parametrize(
    ("product", "version"), [("rds-postgresql", "15"), ("elasticache-redis", "7.1"), ("lambda-nodejs", "nodejs24.x")]
)
def test_a_supported_version_passes(product, version):
    assert findings(product, version) == ([], [])


@pytest.mark.parametrize(
    ("product", "version", "expected"),
    [
        (
            "kubernetes",
            "1.28",
            "x_version: kubernetes 1.28 left standard support on 2024-11-26. Fix: choose one of 1.36, ",
        ),
        ("lambda-nodejs", "nodejs18.x", "or add 'lambda-nodejs nodejs18.x' to preflight_accept_retired."),
        ("lambda-nodejs", "nodejs20.x", "lambda-nodejs nodejs20.x left standard support on 2026-04-30"),
        (
            "kubernetes",
            "1.99",
            "kubernetes 1.99 is no release that is known. Fix: choose one of 1.36, 1.35, 1.34 (1.36",
        ),
        ("oracle", "19", "no support dates are known for oracle. Fix: name one of ansible-core, aurora-postgresql"),
    ],
)
def test_a_retired_or_unknown_version_is_refused(product, version, expected):
    problems, warnings = findings(product, version)
    assert len(problems) == 1 and expected in problems[0], problems
    assert warnings == []


@pytest.mark.parametrize("accepted", ["kubernetes 1.28", "kubernetes  1.28"])
def test_a_retired_version_can_be_accepted(accepted):
    problems, warnings = findings("kubernetes", "1.28", [accepted])
    assert problems == []
    assert warnings == [
        "x_version: kubernetes 1.28 left standard support on 2024-11-26 and is accepted by preflight_accept_retired."
    ]


def test_a_version_that_ends_soon_warns():
    problems, warnings = findings("rds-postgresql", "14.20")
    assert problems == []
    assert warnings == [
        "x_version: rds-postgresql 14 leaves standard support on 2027-02-28, in 99 days;"
        " choose one of 18, 17, 16, 15, 14 (17 lasts six months or more)."
    ]


def test_support_ends_with_its_last_day():
    last = datetime.date(2027, 2, 28)
    item = {"product": "rds-postgresql", "version": "14"}
    assert all_findings([item], last, CATALOGUE, [])[0] == []
    assert all_findings([item], last + datetime.timedelta(days=1), CATALOGUE, [])[0] != []


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("kubernetes", "1.36"),
        ("rds-postgresql", "17"),
        ("elasticache-redis", "7"),
        ("lambda-nodejs", "nodejs24.x"),
        ("nothing", None),
    ],
)
def test_the_default_has_six_months_left(product, expected):
    assert default_release(product, TODAY, CATALOGUE) == expected


def test_what_is_not_used_is_not_checked():
    assert all_findings([{"product": "kubernetes", "version": None}, {}, None], TODAY, CATALOGUE, []) == ([], [])
