# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a service's tags say about its releases. Pure functions; AWS is not involved.

A release leaves tags on the service: which revision of its task definition is live and since when, which one was
before it, and which one is about to become live. So the next release, a rollback and a converge know it without a
state file. A tag's value is C(<family>:<revision> <UTC time>), such as C(dougust-api:12 2026-11-21T09:30:00Z).
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Dict, NamedTuple, Optional

PREFIX = "groundwork:"
LIVE = f"{PREFIX}release-live"
PREVIOUS = f"{PREFIX}release-previous"
PENDING = f"{PREFIX}release-pending"
# The docker label of the container that runs the bootstrap image, until the first release replaces it.
BOOTSTRAP_LABEL = f"{PREFIX[:-1]}.bootstrap"

_VALUE = re.compile(r"(?P<revision>[a-zA-Z0-9_-]{1,255}:[1-9][0-9]*) (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")


class Release(NamedTuple):
    """A revision of a task definition, as family and number, and since when it is what the tag says."""

    revision: str
    time: str


def revision_of(arn: str) -> str:
    """Family and number of a task definition, from its ARN."""
    return arn.rpartition("/")[2]


def now() -> str:
    """The time, as the tags spell it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(value: Optional[str]) -> Optional[Release]:
    """What a tag's value says; V(None) where there is no tag, or somebody wrote something else into it."""
    match = _VALUE.fullmatch(value or "")
    return Release(match["revision"], match["time"]) if match else None


def format_tag(release: Release) -> str:
    """The value of the tag for a release."""
    return f"{release.revision} {release.time}"


def own_tags(tags: Dict[str, str]) -> Dict[str, str]:
    """The tags that belong to releases: no converge sets, compares or removes them."""
    return {key: value for key, value in tags.items() if key.startswith(PREFIX)}


def summary(tags: Dict[str, str]) -> Dict[str, Optional[str]]:
    """What a service's tags say, for results."""
    live, previous, pending = (parse(tags.get(tag)) for tag in (LIVE, PREVIOUS, PENDING))
    return {
        "live": live.revision if live else None,
        "live_since": live.time if live else None,
        "previous": previous.revision if previous else None,
        "pending": pending.revision if pending else None,
    }
