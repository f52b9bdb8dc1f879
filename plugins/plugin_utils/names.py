# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of AWS resources: readable, stable, and never longer than AWS allows."""

from __future__ import annotations

import hashlib

DIGEST_CHARACTERS = 6


def resource_name(prefix: str, part: str, limit: int = 64) -> str:
    """Return ``<prefix>-<part>``, shortened with a stable hash when it is longer than ``limit``.

    The hash is made of the whole name, so that two long names with the same head stay different,
    and so that the same inputs give the same name in every run.
    """
    for what, value in (("prefix", prefix), ("part", part)):
        if not isinstance(value, str) or not value:
            raise ValueError(f"the {what} of a resource name must be a string that is not empty, got {value!r}")
    smallest = DIGEST_CHARACTERS + 2
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < smallest:
        raise ValueError(f"the limit of a resource name must be a number from {smallest}, got {limit!r}")
    return shortened(f"{prefix}-{part}", limit)


def shortened(name: str, limit: int) -> str:
    """Return a name of at most ``limit`` characters, which ends with a stable hash where it was longer."""
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:DIGEST_CHARACTERS]
    head = name[: limit - DIGEST_CHARACTERS - 1].rstrip("-")
    return f"{head}-{digest}" if head else digest


def clashing_names(prefix: str, parts: list[str], limit: int) -> list[list[str]]:
    """Return the groups of parts whose AWS names are equal once shortened; AWS often ignores case."""
    groups: dict[str, list[str]] = {}
    for part in parts:
        groups.setdefault(resource_name(prefix, part, limit).lower(), []).append(part)
    return [group for group in groups.values() if len(group) > 1]
