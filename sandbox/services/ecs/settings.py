# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account's settings, of which moto knows some, and neither defaults nor what is in effect."""

from .. import answer, backend
from .shared import invalid

DEFAULTS = {
    "serviceLongArnFormat": "enabled", "taskLongArnFormat": "enabled", "containerInstanceLongArnFormat": "enabled",
    "awsvpcTrunking": "disabled", "containerInsights": "disabled", "dualStackIPv6": "enabled",
    "fargateFIPSMode": "disabled", "tagResourceAuthorization": "off", "fargateTaskRetirementWaitPeriod": "7",
    "guardDutyActivate": "off", "defaultLogDriverMode": "non-blocking", "fargateEventWindows": "disabled",
}  # fmt: skip
VALUES = {
    "enabled": ("enabled", "disabled"), "disabled": ("enabled", "disabled"), "off": ("on", "off"),
    "non-blocking": ("blocking", "non-blocking"), "7": ("0", "7", "14"),
}  # fmt: skip


def _changed(state):
    return state.__dict__.setdefault("sandbox_settings", {})


def setting(state, name):
    """The value of a setting that is in effect."""
    return _changed(state).get(name, DEFAULTS[name])


@answer("ecs", "PutAccountSetting", "PutAccountSettingDefault")
def put(call):
    """Who asks is the root user of the account, for whom both are the same."""
    name, value = call.parameters["name"], call.parameters["value"]
    _require(name)
    allowed = (*VALUES[DEFAULTS[name]], *(("enhanced",) if name == "containerInsights" else ()))
    if value not in allowed:
        raise invalid(f"Invalid value '{value}' for the account setting '{name}'.")
    _changed(backend(call))[name] = value
    return {"setting": _view(call, name, value)}


@answer("ecs", "DeleteAccountSetting")
def delete(call):
    """Back to AWS's value."""
    name = call.parameters["name"]
    _require(name)
    return {"setting": _view(call, name, _changed(backend(call)).pop(name, DEFAULTS[name]))}


@answer("ecs", "ListAccountSettings")
def list_settings(call):
    """Those that were changed, or all that are in effect."""
    state, parameters = backend(call), call.parameters
    if parameters.get("name"):
        _require(parameters["name"])
    known = {**DEFAULTS, **_changed(state)} if parameters.get("effectiveSettings") else _changed(state)
    return {
        "settings": [
            _view(call, name, value)
            for name, value in sorted(known.items())
            if parameters.get("name") in (None, name) and parameters.get("value") in (None, value)
        ]
    }


def _require(name):
    if name not in DEFAULTS:
        raise invalid(f"unknown should be one of [{','.join(DEFAULTS)}]")


def _view(call, name, value):
    kind = "aws_managed" if name in ("guardDutyActivate",) else "user"
    return {"name": name, "value": value, "principalArn": f"arn:aws:iam::{call.account}:root", "type": kind}
