# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pool that a call is about, and how Cognito says no."""

from ...errors import AwsError
from .. import backend

TIERS = ("LITE", "ESSENTIALS", "PLUS")
USUAL_TIER = "ESSENTIALS"


def pool_of(call):
    """The user pool of a call; ResourceNotFoundException without one."""
    return backend(call).describe_user_pool(call.parameters["UserPoolId"])


def found(call):
    """The user pool of a call, or None where moto is to say that there is none."""
    return backend(call).user_pools.get(call.parameters["UserPoolId"])


def invalid(message):
    """The refusal that most parameters meet."""
    return AwsError("InvalidParameterException", message)


def not_found(message):
    """The refusal of what is not there."""
    return AwsError("ResourceNotFoundException", message)


def tier_of(pool):
    """The feature plan of a pool."""
    return pool.extended_config.get("UserPoolTier") or USUAL_TIER


def require_tier(tier, least, feature):
    """Refuse a feature that a plan does not have."""
    if TIERS.index(tier) < TIERS.index(least):
        message = f"The following features need to be disabled for the {tier} pricing tier configured: {feature}"
        raise AwsError("FeatureUnavailableInTierException", message)
