# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Capacity provider strategies of ECS clusters and services. Pure functions; AWS is not involved."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

STRATEGY: Dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "options": {
        "capacity_provider": {"type": "str", "required": True},
        "weight": {"type": "int", "default": 0},
        "base": {"type": "int", "default": 0},
    },
}
_NAMES = {"capacity_provider": "capacityProvider", "weight": "weight", "base": "base"}


def params(strategy: List[dict]) -> List[dict]:
    """The API's parameters for a strategy."""
    return [{aws: one[ours] for ours, aws in _NAMES.items()} for one in strategy]


def from_aws(described: Optional[List[dict]]) -> List[dict]:
    """A strategy as items say it."""
    return [{ours: one.get(aws, 0) for ours, aws in _NAMES.items()} for one in described or []]


def flaw(strategy: List[dict]) -> str:
    """What is wrong with a strategy; empty when nothing is.

    U(https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html)
    """
    if not all(0 <= one["weight"] <= 1000 and 0 <= one["base"] <= 100000 for one in strategy):
        return "has an impossible strategy. To fix: weight 0 to 1000, base 0 to 100000"
    if strategy and not any(one["weight"] for one in strategy):
        return "has a strategy without weight. To fix: give one capacity provider a weight above 0"
    if len([one for one in strategy if one["base"]]) > 1:
        return "has two bases in its strategy. To fix: give one capacity provider a base"
    return ""
