# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User pools: what goes together, what a plan has, and what an update leaves as it is."""

from moto.core.utils import utcnow

from ...errors import AwsError
from .. import answer, backend, check, correct
from ..iam.evaluation import concerns
from ..iam.shared import as_list, parsed, role_by_arn, statements
from .shared import USUAL_TIER, found, invalid, pool_of, require_tier

# An update sets what it does not name to its default, except what is decided with the pool.
KEPT = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration", "UserPoolTags", "UserPoolTier")
USUAL = {"DeletionProtection": "INACTIVE", "UserPoolTier": USUAL_TIER}
PRINCIPAL = "cognito-idp.amazonaws.com"


@check("cognito-idp", "CreateUserPool")
def check_names(call):
    """A user signs in by aliases of a name, or by an address instead of one."""
    if call.parameters.get("AliasAttributes") and call.parameters.get("UsernameAttributes"):
        raise invalid("Only one of the aliasAttributes or usernameAttributes can be set in a user pool.")


@check("cognito-idp", "CreateUserPool", "UpdateUserPool")
def check_settings(call):
    """What needs something else."""
    parameters = call.parameters
    email = parameters.get("EmailConfiguration") or {}
    if email.get("EmailSendingAccount") == "DEVELOPER" and not email.get("SourceArn"):
        raise invalid("SourceArn is required when EmailSendingAccount is DEVELOPER.")
    recovery = [one["Name"] for one in (parameters.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms") or []]
    if "admin_only" in recovery and len(recovery) > 1:
        raise invalid("Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.")
    sms = parameters.get("SmsConfiguration")
    if parameters.get("MfaConfiguration") in ("ON", "OPTIONAL") and not sms and not _has_factor(call):
        raise invalid(
            "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"
        )
    check_sms_role(call, sms)


def _has_factor(call):
    pool = found(call) if "UserPoolId" in call.parameters else None
    return bool(getattr(pool, "sandbox_mfa", None))


def check_sms_role(call, sms):
    """The role that sends text messages trusts Cognito."""
    arn = (sms or {}).get("SnsCallerArn")
    if not arn:
        return
    role = role_by_arn(call.account, arn) if arn.split(":")[4] == call.account else None
    if role is None or not _trusts_cognito(role):
        message = "Role does not have a trust relationship allowing Cognito to assume the role"
        raise AwsError("InvalidSmsRoleTrustRelationshipException", message)


def _trusts_cognito(role):
    return any(
        one.get("Effect") == "Allow"
        and concerns(one, "sts:AssumeRole")
        and PRINCIPAL in as_list((one.get("Principal") or {}).get("Service"))
        for one in statements(parsed(role.assume_role_policy_document))
        if isinstance(one.get("Principal"), dict)
    )


@check("cognito-idp", "CreateUserPool", "UpdateUserPool")
def check_tier(call):
    """What the plan of the pool does not have."""
    parameters = call.parameters
    pool = found(call) if "UserPoolId" in parameters else None
    kept = pool.extended_config.get("UserPoolTier") if pool else None
    tier = parameters.get("UserPoolTier") or kept or USUAL_TIER
    mode = (parameters.get("UserPoolAddOns") or {}).get("AdvancedSecurityMode", "OFF")
    if mode != "OFF":
        require_tier(tier, "PLUS", "Threat Protection")
    policy = (parameters.get("Policies") or {}).get("PasswordPolicy") or {}
    if policy.get("PasswordHistorySize"):
        require_tier(tier, "ESSENTIALS", "Password History")


@correct("cognito-idp", "CreateUserPool")
def show_usual(call, parsed):
    """moto does not know what a pool is when nothing is said."""
    pool = backend(call).user_pools[parsed["UserPool"]["Id"]]
    pool.extended_config = {**USUAL, **pool.extended_config}
    parsed["UserPool"] = {**USUAL, **parsed["UserPool"]}


@answer("cognito-idp", "UpdateUserPool")
def update_pool(call):
    """moto forgets what cannot be changed, and does not turn MFA on."""
    pool = pool_of(call)
    given = {name: value for name, value in call.parameters.items() if name not in ("UserPoolId", "PoolName")}
    kept = {name: pool.extended_config[name] for name in KEPT if name in pool.extended_config}
    pool.update_extended_config({**USUAL, **kept, **given})
    pool.name = call.parameters.get("PoolName") or pool.name
    pool.mfa_config = given.get("MfaConfiguration") or "OFF"
    pool.last_modified_date = utcnow()
    return {}


@check("cognito-idp", "DeleteUserPool")
def check_delete(call):
    """A pool that is protected stays, and one with a domain."""
    pool = found(call)
    if pool is None:
        return
    if pool.extended_config.get("DeletionProtection") == "ACTIVE":
        message = "The user pool cannot be deleted because deletion protection is activated. "
        raise invalid(f"{message}Deletion protection must be inactivated first.")
    if pool.domain is not None:
        raise invalid("User pool cannot be deleted. It has a domain configured that should be deleted first.")


@check("cognito-idp", "AddCustomAttributes")
def check_attributes(call):
    """A pool has at most 50 attributes of its own."""
    pool = found(call)
    own = [name for name in pool.schema_attributes if name.startswith(("custom:", "dev:"))] if pool else []
    if len(own) + len(call.parameters["CustomAttributes"]) > 50:
        raise invalid("The number of custom attributes exceeds the maximum of 50.")
