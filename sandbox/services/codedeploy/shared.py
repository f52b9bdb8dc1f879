# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules about CodeDeploy share."""

import re
from dataclasses import dataclass, field
from typing import Any

from ...errors import AwsError
from .. import backend

PAGE = 100


@dataclass
class Application:
    """What deployment groups belong to."""

    name: str
    platform: str
    id: str
    created_at: Any
    revisions: list = field(default_factory=list)


@dataclass
class Group:
    """A deployment group: what was written of it, by the members of CreateDeploymentGroup."""

    name: str
    application: Application
    id: str
    written: dict


def refused(code, message):
    """What CodeDeploy refuses a call with."""
    return AwsError(code, message, 400)


def find_application(call, name=None):
    """The application that a call names."""
    name = name or call.parameters["applicationName"]
    found = backend(call, "codedeploy").applications.get(name)
    if found is None:
        raise refused("ApplicationDoesNotExistException", f"No application found for name: {name}")
    return found


def groups_of(call, application):
    """The deployment groups of an application, by name."""
    return backend(call, "codedeploy").deployment_groups.setdefault(application.name, {})


def find_group(call, application, name):
    """A deployment group of an application."""
    found = groups_of(call, application).get(name)
    if found is None:
        raise refused("DeploymentGroupDoesNotExistException", f"No Deployment Group found for name: {name}")
    return found


def find_deployment(call, number=None):
    """The deployment that a call names."""
    number = number or call.parameters.get("deploymentId")
    if not number:
        raise refused("DeploymentIdRequiredException", "The deployment ID must be specified.")
    if not re.fullmatch(r"d-[A-Z0-9]+", number):
        raise refused("InvalidDeploymentIdException", f"The deployment ID {number} is not valid.")
    found = backend(call, "codedeploy").deployments.get(number)
    if found is None:
        raise refused("DeploymentDoesNotExistException", f"The deployment {number} could not be found")
    return found


def check_batch(items, most, code="BatchLimitExceededException"):
    """Refuse to look at too many at once."""
    if len(items) > most:
        raise refused(code, f"The maximum number of names or IDs allowed for this request is {most}.")


def page(call, name, items):
    """The page of a list that a call asks for."""
    token = call.parameters.get("nextToken")
    if token and not token.isdigit():
        raise refused("InvalidNextTokenException", "The next token was specified in an invalid format.")
    start = int(token or 0)
    shown = {name: items[start : start + PAGE]}
    return shown | ({"nextToken": str(start + PAGE)} if start + PAGE < len(items) else {})
