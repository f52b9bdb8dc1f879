# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account's settings, which moto does not have."""

from .. import answer
from .shared import invalid, settings_of

# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutAccountSetting.html; the first is the default
VALUES = {
    "BASIC_SCAN_TYPE_VERSION": ("AWS_NATIVE", "CLAIR"),
    "REGISTRY_POLICY_SCOPE": ("V2", "V1"),
    "BLOB_MOUNTING": ("DISABLED", "ENABLED"),
}


@answer("ecr", "PutAccountSetting")
def put(call):
    """A value that the setting has."""
    name, value = call.parameters["name"], call.parameters["value"]
    if value not in _values(name):
        raise invalid("value", f"must be one of {', '.join(_values(name))}")
    settings_of(call)["settings"][name] = value
    return {"name": name, "value": value}


@answer("ecr", "GetAccountSetting")
def get(call):
    """What was put last, or the default."""
    name = call.parameters["name"]
    return {"name": name, "value": settings_of(call)["settings"].get(name, _values(name)[0])}


def _values(name):
    if name not in VALUES:
        raise invalid("name", f"must be one of {', '.join(VALUES)}")
    return VALUES[name]
