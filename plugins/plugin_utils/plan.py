# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plan is made of, and how it reads. Pure functions."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

FORMAT = 1

# Collections whose modules say no more than "changed".
SILENT = ("amazon.aws.", "community.aws.")
SIGNS = {"create": "+", "update": "~", "replace": "-/+", "delete": "-"}


def actions(module: str, result: Dict[str, Any]) -> List[dict]:
    """What a module run in check mode would do."""
    if not result.get("changed"):
        return []
    if "actions" in result:
        return list(result["actions"])
    return [_silent(module, result)] if module.startswith(SILENT) else []


def _silent(module: str, result: Dict[str, Any]) -> dict:
    """What can be told about a module that only says "changed": amazon.aws.iam_role changes an iam role."""
    service, _underscore, kind = module.rpartition(".")[2].partition("_")
    arguments = result.get("invocation", {}).get("module_args", {})
    names = [value for key, value in sorted(arguments.items()) if key == "name" or key.endswith("_name")]
    action = "delete" if arguments.get("state") == "absent" else "change"
    name = next((str(value) for value in names if value), "")
    return {"service": service, "type": kind.replace("_", "-"), "name": name, "action": action, "fields": []}


def undeclared(result: Dict[str, Any]) -> List[dict]:
    """What a module run found that the inventory no longer names."""
    return list(result.get("undeclared") or [])


def plan(changes: List[dict], failed: List[str], left: Sequence[dict] = ()) -> Dict[str, Any]:
    """The content of plan.json. One entry a resource, in the order in which a converge would act.

    C(left) is what the inventory no longer names, and a converge would leave alone.
    """
    merged: Dict[tuple, dict] = {}
    for change in changes:
        key = (change["platform"], change["service"], change["type"], change["name"])
        known = merged.setdefault(key, change)
        if known is not change:
            merged[key] = {**known, "fields": sorted({*known["fields"], *change["fields"]})}
    entries = list(merged.values())
    counts: Dict[str, int] = {}
    for entry in entries:
        counts[entry["action"]] = counts.get(entry["action"], 0) + 1
    return {
        "format": FORMAT,
        "complete": not failed,
        "failed": sorted(failed),
        "counts": counts,
        "changes": entries,
        "undeclared": [dict(one) for one in left],
    }


def line(entry: dict) -> str:
    """One entry as a person reads it."""
    fields = f": {', '.join(entry['fields'])}" if entry["fields"] else ""
    sign = SIGNS.get(entry["action"], "~")
    return f"{sign:>3} {entry['service']} {entry['type']} {entry['name']}{fields}"


def summary(content: Dict[str, Any]) -> List[str]:
    """A plan as a person reads it: what would happen on each platform, and how much of it."""
    lines: List[str] = []
    for platform in dict.fromkeys(entry["platform"] for entry in content["changes"]):
        lines.append(f"{platform}:")
        lines += [line(entry) for entry in content["changes"] if entry["platform"] == platform]
    for platform in content["failed"]:
        lines.append(f"{platform}: the prediction failed, so its plan is incomplete")
    if content["changes"]:
        lines.append(
            "A converge would " + ", ".join(f"{verb} {n}" for verb, n in sorted(content["counts"].items())) + "."
        )
    elif content["complete"]:
        lines.append("Nothing to change: the account is what the inventory says.")
    return lines + _left(content["undeclared"])


def _left(entries: List[dict]) -> List[str]:
    if not entries:
        return []
    named = [f"  ? {one['service']} {one['type']} {one['name']} ({one['platform']})" for one in entries]
    return [
        "No longer declared, and left alone:",
        *named,
        "To delete them: site.yml -e prune=true; what holds data only with -e prune_data=true as well.",
    ]
