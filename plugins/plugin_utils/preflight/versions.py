# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions against the one data file that knows when their support ends."""

from __future__ import annotations

import datetime
import os
import typing as t

from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight import roles
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem, listed

Release = t.Mapping[str, t.Any]
Catalogue = t.Mapping[str, t.Mapping[str, Release]]

WARN_WITHIN = datetime.timedelta(days=180)
DATA_FILE = os.path.join("roles", "preflight", "files", "versions.yml")


def load(path: str) -> Catalogue:
    """Return the releases of every product, by release."""
    return {product: entry["releases"] for product, entry in roles.parse(path)["products"].items()}


def ends(release: Release) -> datetime.date | None:
    """Return the day a release's standard support ends, or None where none is announced."""
    day = release.get("standard_support_ends")
    return datetime.date.fromisoformat(day) if isinstance(day, str) else day


def find_release(version: str, releases: t.Mapping[str, Release]) -> str | None:
    """Return the release that a version belongs to: 15.15 belongs to 15, nodejs22.x to itself."""
    parts = version.split(".")
    for length in range(len(parts), 0, -1):
        candidate = ".".join(parts[:length])
        if candidate in releases:
            return candidate
    return None


def newest_first(releases: t.Mapping[str, Release]) -> list[str]:
    """Return releases from the newest to the oldest, numbers compared as numbers."""

    def rank(release: str) -> list[int]:
        digits = "".join(character if character.isdigit() else " " for character in release)
        return [int(number) for number in digits.split()]

    return sorted(releases, key=rank, reverse=True)


def supported(releases: t.Mapping[str, Release], today: datetime.date) -> list[str]:
    """Return the releases in standard support, newest first."""
    return [name for name in newest_first(releases) if (day := ends(releases[name])) is None or day >= today]


def default_release(product: str, today: datetime.date, catalogue: Catalogue) -> str | None:
    """Return the newest release with at least six months left; one without an end date only if need be."""
    releases = catalogue.get(product, {})
    lasting = [
        name for name in supported(releases, today) if (day := ends(releases[name])) and day - today >= WARN_WITHIN
    ]
    return next(iter(lasting or supported(releases, today)), None)


def choose(product: str, today: datetime.date, catalogue: Catalogue) -> str:
    """Return the end of a message: what to choose instead."""
    best = default_release(product, today, catalogue)
    choices = listed(supported(catalogue[product], today))
    return f"choose one of {choices}" + (f" ({best} lasts six months or more)" if best else "")


def is_accepted(product: str, release: str, version: str, accepted: t.Iterable[str]) -> bool:
    """Tell whether an operator has taken a retired version upon themselves."""
    return bool({f"{product} {release}", f"{product} {version}"} & {" ".join(entry.split()) for entry in accepted})


def version_findings(
    item: t.Mapping[str, t.Any], today: datetime.date, catalogue: Catalogue, accepted: t.Sequence[str]
) -> tuple[list[Problem], list[str]]:
    """Return problems and warnings of one version that a platform uses."""
    product, version = str(item["product"]), str(item["version"])
    source = str(item.get("source") or f"preflight_versions[{product}]")
    if product not in catalogue:
        return [
            Problem(source, f"no support dates are known for {product}", f"name one of {listed(sorted(catalogue))}")
        ], []
    release = find_release(version, catalogue[product])
    if release is None:
        if is_accepted(product, version, version, accepted):
            return [], [f"{source}: {product} {version} is unknown and accepted by preflight_accept_retired."]
        wrong = f"{product} {version} is no release that is known"
        return [Problem(source, wrong, f"{choose(product, today, catalogue)}, or add it to {DATA_FILE}")], []
    end = ends(catalogue[product][release])
    if end is None or end - today > WARN_WITHIN:
        return [], []
    if end >= today:
        soon = f"leaves standard support on {end}, in {(end - today).days} days"
        return [], [f"{source}: {product} {release} {soon}; {choose(product, today, catalogue)}."]
    if is_accepted(product, release, version, accepted):
        return [], [
            f"{source}: {product} {release} left standard support on {end} and is accepted by preflight_accept_retired."
        ]
    wrong = f"{product} {release} left standard support on {end}"
    return [
        Problem(
            source,
            wrong,
            f"{choose(product, today, catalogue)}, or add '{product} {release}' to preflight_accept_retired",
        )
    ], []


def all_findings(
    items: t.Iterable[t.Any], today: datetime.date, catalogue: Catalogue, accepted: t.Sequence[str]
) -> tuple[list[Problem], list[str]]:
    """Return problems and warnings of every version; an item without a version says that it is not used."""
    problems: list[Problem] = []
    warnings: list[str] = []
    for item in items:
        if isinstance(item, t.Mapping) and item.get("product") and item.get("version"):
            found, told = version_findings(item, today, catalogue, accepted)
            problems += found
            warnings += told
    return problems, warnings
