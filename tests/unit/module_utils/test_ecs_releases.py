# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service's tags say about its releases."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_releases as releases

VALUE = "dougust-api:12 2026-11-21T09:30:00Z"


def test_a_tag_says_revision_and_time():
    release = releases.parse(VALUE)
    assert release == releases.Release("dougust-api:12", "2026-11-21T09:30:00Z")
    assert releases.format_tag(release) == VALUE
    assert releases.parse(releases.format_tag(releases.Release("a:1", releases.now())))


@pytest.mark.parametrize("value", [None, "", "dougust-api", "dougust-api:0 2026-11-21T09:30:00Z", f"{VALUE} by hand"])
def test_anything_else_says_nothing(value):
    assert releases.parse(value) is None


def test_the_tags_of_releases_and_their_summary():
    tags = {releases.LIVE: VALUE, releases.PREVIOUS: VALUE.replace("12", "9"), "Platform": "dougust"}
    assert set(releases.own_tags(tags)) == {releases.LIVE, releases.PREVIOUS}
    assert releases.summary(tags) == {
        "live": "dougust-api:12",
        "live_since": "2026-11-21T09:30:00Z",
        "previous": "dougust-api:9",
        "pending": None,
    }
    assert releases.revision_of("arn:aws:ecs:us-east-1:123456789012:task-definition/dougust-api:12") == "dougust-api:12"
