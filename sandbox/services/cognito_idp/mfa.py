# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Second factors."""

from .. import answer, check
from .pools import check_sms_role
from .shared import found, invalid, pool_of, require_tier, tier_of

KINDS = ("SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration", "WebAuthnConfiguration")


@check("cognito-idp", "SetUserPoolMfaConfig")
def check_mfa(call):
    """A factor that is asked for exists, and the plan has it."""
    parameters, pool = call.parameters, found(call)
    if pool is None:
        return
    check_sms_role(call, (parameters.get("SmsMfaConfiguration") or {}).get("SmsConfiguration"))
    if parameters.get("EmailMfaConfiguration") is not None:
        require_tier(tier_of(pool), "ESSENTIALS", "Email MFA")
        if (pool.extended_config.get("EmailConfiguration") or {}).get("EmailSendingAccount") != "DEVELOPER":
            raise invalid("Email MFA requires the EmailSendingAccount of the user pool to be DEVELOPER.")
    token = (parameters.get("SoftwareTokenMfaConfiguration") or {}).get("Enabled")
    others = [name for name in ("SmsMfaConfiguration", "EmailMfaConfiguration") if parameters.get(name)]
    if parameters.get("MfaConfiguration") in ("ON", "OPTIONAL") and not token and not others:
        raise invalid("Invalid MFA configuration given, can't turn on MFA without a second factor.")
    if parameters.get("MfaConfiguration") == "OFF" and (token or others):
        raise invalid("Invalid MFA configuration given, can't disable MFA and configure an MFA together.")


@answer("cognito-idp", "SetUserPoolMfaConfig")
def set_mfa(call):
    """moto forgets e-mail and passkeys."""
    pool = pool_of(call)
    pool.sandbox_mfa = {name: call.parameters[name] for name in KINDS if call.parameters.get(name) is not None}
    pool.mfa_config = call.parameters.get("MfaConfiguration") or pool.mfa_config
    pool.sms_mfa_config = pool.sandbox_mfa.get("SmsMfaConfiguration")
    pool.token_mfa_config = pool.sandbox_mfa.get("SoftwareTokenMfaConfiguration")
    return _view(pool)


@answer("cognito-idp", "GetUserPoolMfaConfig")
def get_mfa(call):
    """The same later."""
    return _view(pool_of(call))


def _view(pool):
    return {**getattr(pool, "sandbox_mfa", {}), "MfaConfiguration": pool.mfa_config}
