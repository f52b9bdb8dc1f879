# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules about ECR share: its refusals, repositories and pages."""

from ...errors import AwsError
from .. import backend


def invalid(name, why):
    """What ECR says of a parameter."""
    message = f"Invalid parameter at '{name}' failed to satisfy constraint: '{why}'"
    return AwsError("InvalidParameterException", message)


def repository_of(call):
    """The repository that a call names; moto's own error if there is none."""
    return backend(call)._get_repository(call.parameters["repositoryName"], call.parameters.get("registryId"))


def settings_of(call):
    """What a registry has besides repositories, by kind: settings, pull-through cache rules, creation templates."""
    return backend(call).__dict__.setdefault("sandbox_registry", {"settings": {}, "rules": {}, "templates": {}})


def page(call, items):
    """(items of the page that a call asks for, what names the next page)."""
    start, size = int(call.parameters.get("nextToken") or 0), call.parameters.get("maxResults") or 100
    following = start + size
    return items[start:following], {"nextToken": str(following)} if following < len(items) else {}
