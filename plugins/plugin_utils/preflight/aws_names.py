# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that become AWS's, as AWS takes them."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.items import Platform
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem


class Form(t.NamedTuple):
    """How a name has to look, and in words."""

    pattern: str
    words: str


HYPHENATED = Form(r"(?!.*--)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?", "letters, digits and single hyphens inside")
WORDS = Form(r"[A-Za-z0-9_-]+", "letters, digits, hyphens and underscores")
LOWER = Form(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", "lower-case letters, digits and hyphens inside")
WORD = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
REPOSITORY = Form(rf"{WORD}(?:/{WORD})*", "lower-case letters and digits, separated by ., _, - or /")
SECRET = Form(r"[A-Za-z0-9/_+=.@-]{1,512}", "letters, digits and /_+=.@-, at most 512 characters")
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET = Form(
    r"(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)"
    r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    "3 to 63 lower-case letters, digits, hyphens and dots, none of the beginnings and ends that AWS reserves",
)
IDENTIFIER = Form(
    r"(?!.*--)[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", "a letter, then letters, digits and single hyphens"
)
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
BALANCER = Form(
    r"(?!internal-)(?!.*--)[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?",
    "at most 32 letters, digits and single hyphens inside, not beginning with internal-",
)
FAMILY = Form(r"[A-Za-z0-9_-]{1,255}", "letters, digits, hyphens and underscores, at most 255")
# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html; a part of families too.
SCHEDULE = Form(r"[A-Za-z0-9_-]{1,64}", "at most 64 letters, digits, hyphens and underscores")
GROUP = Form(r"[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]+", "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*")

# Parts of names, after the prefix of the platform.
PARTS = {
    "encryption_keys": Form(r"[A-Za-z0-9/_-]+", "letters, digits, slashes, hyphens and underscores"),
    "security_groups_groups": GROUP,
    "registry_repositories": REPOSITORY,
    "secrets_secrets": SECRET,
    "database_read_replicas": HYPHENATED,
    "buckets_buckets": LOWER,
    "certificates_certificates": Form(r"[A-Za-z0-9 +=._:/@-]+", "letters, digits, spaces and +=._:/@-"),
    "load_balancer_target_groups": HYPHENATED,
    "ecs_services": WORDS,
    "schedules_tasks": SCHEDULE,
    "schedules_database_exports": SCHEDULE,
    "monitoring_topics": WORDS,
    "monitoring_metric_filters": Form(r"[^:*]+", "anything but : and *"),
}
# Names as a whole, instead of those that are made of prefix and name.
WHOLE = {
    "registry_repositories": {"repository_name": REPOSITORY},
    "secrets_secrets": {"secret_name": SECRET},
    "buckets_buckets": {"bucket_name": BUCKET},
    "ecs_services": {"service_name": FAMILY, "family": FAMILY, "container": FAMILY},
}
VARIABLES = {
    "database_identifier": IDENTIFIER,
    "load_balancer_name": BALANCER,
    "ecs_cluster_name": FAMILY,
}
# What items may have in common all the same.
SHARED = ("container",)


def form_problems(path: str, name: t.Any, form: Form) -> list[Problem]:
    """Refuse a name that AWS would; an empty one is none."""
    if not isinstance(name, str) or not name or re.fullmatch(form.pattern, name):
        return []
    return [Problem(path, f"AWS does not take the name {name!r}", f"write {form.words}")]


def twice_problems(platform: Platform, option: str, key: str) -> list[Problem]:
    """Refuse two items that would be one thing in AWS."""
    problems = []
    seen: dict[str, str] = {}
    for path, item in platform.items(option):
        name = item.get(key)
        if isinstance(name, str) and name and seen.setdefault(name, path) != path:
            wrong = f"{name} is the {key} of {seen[name]} too"
            problems.append(Problem(f"{path}.{key}", wrong, "give each a name of its own"))
    return problems


def prefix_problems(platform: Platform) -> list[Problem]:
    """Refuse a prefix that no load balancer may begin with."""
    prefix = platform.known("platform_prefix", "")
    named = platform.known("load_balancer_name", "")
    if "load_balancer" not in platform.roles or named or not prefix.startswith("internal-"):
        return []
    wrong = f"the load balancer would be called {prefix}, and AWS keeps internal- for itself"
    return [Problem("load_balancer_name", wrong, "set it, or change platform_name")]


def problems_of(platform: Platform) -> list[Problem]:
    """Return every name that AWS would refuse."""
    problems = prefix_problems(platform)
    for variable, form in VARIABLES.items():
        problems += form_problems(variable, platform.known(variable), form)
    for option, form in PARTS.items():
        for path, item in platform.items(option):
            problems += form_problems(path, item.get("name"), form)
    for option, keys in WHOLE.items():
        for key, form in keys.items():
            for path, item in platform.items(option):
                problems += form_problems(f"{path}.{key}", item.get(key), form)
            problems += [] if key in SHARED else twice_problems(platform, option, key)
    return problems
