# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of user pools by their ARN, which moto does not have."""

from .. import answer, backend
from .shared import not_found


def _tags(call):
    arn = call.parameters["ResourceArn"]
    for pool in backend(call).user_pools.values():
        if pool.arn == arn:
            return pool.extended_config.setdefault("UserPoolTags", {})
    raise not_found(f"Resource {arn} does not exist.")


@answer("cognito-idp", "TagResource")
def tag(call):
    """Add tags, or change them."""
    _tags(call).update(call.parameters["Tags"])
    return {}


@answer("cognito-idp", "UntagResource")
def untag(call):
    """Take tags away."""
    tags = _tags(call)
    for key in call.parameters["TagKeys"]:
        tags.pop(key, None)
    return {}


@answer("cognito-idp", "ListTagsForResource")
def list_tags(call):
    """The tags of a pool."""
    return {"Tags": _tags(call)}
