# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the account in a region."""

from datetime import datetime, timezone

from ...errors import AwsError
from .. import answer, backend
from ..sts import caller_of

TIER = "/ssm/parameter-store/default-parameter-tier"
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateServiceSetting.html
USUAL = {
    TIER: "Standard",
    "/ssm/parameter-store/high-throughput-enabled": "false",
    "/ssm/managed-instance/activation-tier": "standard",
    "/ssm/managed-instance/default-ec2-instance-management-role": "$None",
    "/ssm/opsinsights/opscenter": "Disabled",
    "/ssm/documents/console/public-sharing-permission": "Enable",
    "/ssm/automation/customer-script-log-destination": "None",
}


def value_of(call, name):
    """What a setting is now."""
    return _changed(call).get(name, {}).get("SettingValue", USUAL[name])


def _changed(call):
    return vars(backend(call)).setdefault("sandbox_settings", {})


def _name(call):
    name = call.parameters["SettingId"]
    if name.startswith("arn:"):
        name = name.partition(":servicesetting")[2]
    if name not in USUAL:
        raise AwsError("ServiceSettingNotFound", f"The specified service setting {name} was not found.")
    return name


@answer("ssm", "GetServiceSetting")
def get_setting(call):
    """moto has no settings."""
    name = _name(call)
    arn = f"arn:aws:ssm:{call.region}:{call.account}:servicesetting{name}"
    shown = {"SettingId": name, "SettingValue": USUAL[name], "Status": "Default", "LastModifiedUser": "System"}
    return {"ServiceSetting": {**shown, "ARN": arn, **_changed(call).get(name, {})}}


@answer("ssm", "UpdateServiceSetting")
def update_setting(call):
    """Another value."""
    _changed(call)[_name(call)] = {
        "SettingValue": call.parameters["SettingValue"], "Status": "Customized", "LastModifiedUser": caller_of(call),
        "LastModifiedDate": datetime.now(timezone.utc),
    }  # fmt: skip
    return {}


@answer("ssm", "ResetServiceSetting")
def reset_setting(call):
    """The usual value again."""
    _changed(call).pop(_name(call), None)
    return get_setting(call)
