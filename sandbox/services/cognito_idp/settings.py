# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of a pool that moto does not have: risks, looks, and where logs go."""

from moto.core.utils import utcnow

from ...errors import AwsError
from .. import answer
from .shared import invalid, not_found, pool_of, require_tier, tier_of

ALL = "ALL"  # clients
RISKS = ("CompromisedCredentialsRiskConfiguration", "AccountTakeoverRiskConfiguration", "RiskExceptionConfiguration")
LEVELS = {"userNotification": "ERROR", "userAuthEvents": "INFO"}
DESTINATIONS = ("CloudWatchLogsConfiguration", "S3Configuration", "FirehoseConfiguration")


def _settings(call, name):
    """The settings of a pool under a name, by client."""
    pool = pool_of(call)
    client = call.parameters.get("ClientId") or ALL
    if client not in (ALL, *pool.clients):
        raise not_found(f"User pool client {client} does not exist.")
    return vars(pool).setdefault(f"sandbox_{name}", {}), client


def _identity(call, client):
    return {"UserPoolId": call.parameters["UserPoolId"], **({} if client == ALL else {"ClientId": client})}


@answer("cognito-idp", "SetRiskConfiguration")
def set_risk(call):
    """What threat protection does; without threat protection there is nothing to do."""
    addons = pool_of(call).extended_config.get("UserPoolAddOns") or {}
    if addons.get("AdvancedSecurityMode", "OFF") == "OFF":
        raise AwsError("UserPoolAddOnNotEnabledException", "Threat protection is not enabled for the user pool.")
    takeover = call.parameters.get("AccountTakeoverRiskConfiguration") or {}
    if any(one.get("Notify") for one in takeover.get("Actions", {}).values()) and not takeover.get(
        "NotifyConfiguration"
    ):
        raise invalid("NotifyConfiguration is required to notify users.")
    settings, client = _settings(call, "risks")
    given = {name: call.parameters[name] for name in RISKS if call.parameters.get(name)}
    settings[client] = {**given, "LastModifiedDate": utcnow()}
    return {"RiskConfiguration": {**_identity(call, client), **settings[client]}}


@answer("cognito-idp", "DescribeRiskConfiguration")
def describe_risk(call):
    """The settings of the client, or of the pool where it has none of its own."""
    settings, client = _settings(call, "risks")
    return {"RiskConfiguration": {**_identity(call, client), **(settings.get(client) or settings.get(ALL, {}))}}


@answer("cognito-idp", "SetUICustomization")
def set_looks(call):
    """The style sheet and the image of the sign-in pages, which have a domain."""
    pool = pool_of(call)
    if pool.domain is None:
        raise invalid("There has to be an existing domain associated with this user pool")
    settings, client = _settings(call, "looks")
    old, now = settings.get(client, {}), utcnow()
    looks = {**_identity(call, client), "CreationDate": old.get("CreationDate", now), "LastModifiedDate": now}
    looks["CSS"] = call.parameters.get("CSS") or old.get("CSS")
    looks["CSSVersion"] = now.strftime("%Y%m%d%H%M%S")
    if call.parameters.get("ImageFile"):
        host = pool.domain._distribution_name()
        looks["ImageUrl"] = f"https://{host}/{pool.id}/{client}/{looks['CSSVersion']}/assets/images/image.jpg"
    settings[client] = looks
    return {"UICustomization": looks}


@answer("cognito-idp", "GetUICustomization")
def get_looks(call):
    """Those of the client, or those of the pool."""
    settings, client = _settings(call, "looks")
    return {"UICustomization": settings.get(client) or settings.get(ALL, {})}


@answer("cognito-idp", "SetLogDeliveryConfiguration")
def set_logs(call):
    """Errors of messages, and what users do, which is a matter of threat protection."""
    pool, wanted = pool_of(call), call.parameters["LogConfigurations"]
    for one in wanted:
        source = one["EventSource"]
        if one["LogLevel"] != LEVELS[source]:
            raise invalid(f"The log level of {source} is {LEVELS[source]}.")
        if sum(1 for name in DESTINATIONS if one.get(name)) != 1:
            raise invalid("A log configuration has one destination.")
        if source == "userNotification" and not one.get("CloudWatchLogsConfiguration"):
            raise invalid("Logs of userNotification go to CloudWatch Logs.")
        if source == "userAuthEvents":
            require_tier(tier_of(pool), "PLUS", "User Activity Logging")
    pool.sandbox_logs = wanted
    return get_logs(call)


@answer("cognito-idp", "GetLogDeliveryConfiguration")
def get_logs(call):
    """The same later."""
    pool = pool_of(call)
    return {"LogDeliveryConfiguration": {"UserPoolId": pool.id, "LogConfigurations": getattr(pool, "sandbox_logs", [])}}
