# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Inspector refuses."""

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/inspector/v2/APIReference"
MISSING = "ResourceNotFoundException"


def _filter(world):
    criteria = {"severity": [{"comparison": "EQUALS", "value": "LOW"}]}
    return world.inspector2.create_filter(name="low", action="NONE", filterCriteria=criteria)["arn"]


SERVICE = "inspector2"
RULES = [
    Rule(
        says="only a filter that exists can be changed",
        page=f"{API}/API_UpdateFilter.html",
        operation="update_filter",
        code=MISSING,
        given=_filter,
        refused=lambda world: {"filterArn": f"{world.given}0", "action": "SUPPRESS"},
        accepted=lambda world: {"filterArn": world.given, "action": "SUPPRESS"},
    ),
    Rule(
        says="only a filter that exists can be deleted",
        page=f"{API}/API_DeleteFilter.html",
        operation="delete_filter",
        code=MISSING,
        given=_filter,
        refused=lambda world: {"arn": f"{world.given}0"},
        accepted=lambda world: {"arn": world.given},
    ),
    Rule(
        says="only what exists has tags",
        page=f"{API}/API_TagResource.html",
        operation="tag_resource",
        code=MISSING,
        given=_filter,
        refused=lambda world: {"resourceArn": f"{world.given}0", "tags": {"a": "b"}},
        accepted=lambda world: {"resourceArn": world.given, "tags": {"a": "b"}},
    ),
]
