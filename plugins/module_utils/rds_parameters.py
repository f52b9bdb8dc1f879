# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parameters of a database: their values as AWS writes them, and how a change is applied. Pure functions."""

from __future__ import annotations

import difflib
from typing import Any, Dict, List

ONE_CALL = 20  # how many parameters ModifyDBParameterGroup and ResetDBParameterGroup take


def as_text(value: Any) -> str:
    """A value as AWS writes it: V(1) for true, lists separated by commas."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return ",".join(as_text(item) for item in value)
    return str(value)


def current(wanted: Dict[str, str], catalog: List[dict]) -> Dict[str, str]:
    """The parameters that somebody set, and those that are wanted and have a value already."""
    return {
        one["ParameterName"]: one["ParameterValue"]
        for one in catalog
        if "ParameterValue" in one and (one.get("Source") == "user" or one["ParameterName"] in wanted)
    }


def flaw(wanted: Dict[str, str], catalog: List[dict]) -> str:
    """Why parameters cannot be set; empty when they can."""
    known = {one["ParameterName"]: one for one in catalog}
    for name in sorted(wanted):
        if name not in known:
            nearest = "".join(difflib.get_close_matches(name, known, n=1))
            hint = f"perhaps you mean {nearest}" if nearest else "take it out"
            return f"has no parameter {name}. To fix: {hint}"
        if not known[name].get("IsModifiable", True):
            return f"does not let parameter {name} change. To fix: take it out"
    return ""


def batches(values: Dict[str, Any], catalog: List[dict]) -> List[List[dict]]:
    """The parameters as the API takes them, by the twenty; V(None) for those that get their defaults again."""
    static = {one["ParameterName"] for one in catalog if one.get("ApplyType") == "static"}
    listed = [
        {
            "ParameterName": name,
            **({} if value is None else {"ParameterValue": value}),
            "ApplyMethod": "pending-reboot" if name in static else "immediate",
        }
        for name, value in sorted(values.items())
    ]
    return [listed[start : start + ONE_CALL] for start in range(0, len(listed), ONE_CALL)]
