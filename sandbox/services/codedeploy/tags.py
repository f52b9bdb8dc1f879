# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of applications and deployment groups."""

from .. import answer, backend
from .shared import find_application, find_group, refused


def application_arn(call, name):
    """The ARN of an application."""
    return backend(call)._application_arn(name)


def group_arn(call, group):
    """The ARN of a deployment group."""
    return backend(call)._deployment_group_arn(group.application.name, group.name)


def write(call, arn):
    """The tags that something new is created with."""
    tags = call.parameters.get("tags") or []
    _check(tags)
    backend(call).tagger.tag_resource(arn, tags)


def move(call, old, new):
    """What was renamed keeps its tags."""
    tagger = backend(call).tagger
    tagger.copy_tags(old, new)
    tagger.delete_all_tags_for_resource(old)


def _check(tags):
    if any(not tag.get("Key") or tag["Key"].lower().startswith("aws:") for tag in tags):
        raise refused("InvalidTagsToAddException", "A tag needs a key that does not begin with aws:")


def _find(call):
    arn = call.parameters["ResourceArn"]
    parts = arn.split(":", 6)
    if len(parts) != 7 or parts[2] != "codedeploy":
        raise refused("InvalidArnException", f"The ARN {arn} is not valid.")
    if parts[5] not in ("application", "deploymentgroup"):
        raise refused("ArnNotSupportedException", f"The ARN {arn} is not supported.")
    application, _slash, group = parts[6].partition("/")
    found = find_application(call, application)
    if parts[5] == "deploymentgroup":
        find_group(call, found, group)
    return arn


@answer("codedeploy", "TagResource")
def tag(call):
    """moto tags anything."""
    arn = _find(call)
    _check(call.parameters["Tags"])
    backend(call).tagger.tag_resource(arn, call.parameters["Tags"])
    return {}


@answer("codedeploy", "UntagResource")
def untag(call):
    """moto untags anything."""
    backend(call).tagger.untag_resource_using_names(_find(call), call.parameters["TagKeys"])
    return {}


@answer("codedeploy", "ListTagsForResource")
def list_tags(call):
    """moto lists those of anything."""
    return backend(call).tagger.list_tags_for_resource(_find(call))
