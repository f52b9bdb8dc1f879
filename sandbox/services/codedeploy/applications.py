# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications, and the revisions that were deployed of them."""

import uuid

from moto.core.utils import utcnow

from .. import answer, backend
from . import revisions, tags
from .shared import Application, check_batch, find_application, page, refused


def _view(application):
    return {
        "applicationId": application.id, "applicationName": application.name, "createTime": application.created_at,
        "linkedToGitHub": False, "computePlatform": application.platform,
    }  # fmt: skip


def _check_new(call, name):
    if name in backend(call).applications:
        raise refused("ApplicationAlreadyExistsException", f"Application already exists: {name}")


@answer("codedeploy", "CreateApplication")
def create(call):
    """moto forgets the platform that is usual."""
    name = call.parameters["applicationName"]
    _check_new(call, name)
    tags.write(call, tags.application_arn(call, name))
    platform = call.parameters.get("computePlatform") or "Server"
    made = backend(call).applications[name] = Application(name, platform, str(uuid.uuid4()), utcnow())
    return {"applicationId": made.id}


@answer("codedeploy", "GetApplication")
def get(call):
    """One of them."""
    return {"application": _view(find_application(call))}


@answer("codedeploy", "BatchGetApplications")
def batch_get(call):
    """Some of them; each has to be there."""
    names = call.parameters["applicationNames"]
    check_batch(names, 100)
    return {"applicationsInfo": [_view(find_application(call, name)) for name in names]}


@answer("codedeploy", "ListApplications")
def list_applications(call):
    """All of them, in pages."""
    return page(call, "applications", sorted(backend(call).applications))


@answer("codedeploy", "UpdateApplication")
def update(call):
    """An application gets another name, and keeps what belongs to it."""
    old, new = call.parameters.get("applicationName"), call.parameters.get("newApplicationName")
    if not old or not new:
        raise refused("ApplicationNameRequiredException", "The names of an application must be specified.")
    application, state = find_application(call, old), backend(call)
    _check_new(call, new)
    for group in state.deployment_groups.get(old, {}).values():
        tags.move(call, tags.group_arn(call, group), state._deployment_group_arn(new, group.name))
    tags.move(call, tags.application_arn(call, old), tags.application_arn(call, new))
    application.name = new
    state.applications[new] = state.applications.pop(old)
    state.deployment_groups[new] = state.deployment_groups.pop(old, {})
    return {}


@answer("codedeploy", "DeleteApplication")
def delete(call):
    """Its deployment groups go with it; what is not there is gone already."""
    state, name = backend(call), call.parameters["applicationName"]
    for group in state.deployment_groups.pop(name, {}).values():
        state.tagger.delete_all_tags_for_resource(tags.group_arn(call, group))
    state.tagger.delete_all_tags_for_resource(tags.application_arn(call, name))
    state.applications.pop(name, None)
    return {}


@answer("codedeploy", "RegisterApplicationRevision")
def register(call):
    """A revision is known before it is deployed."""
    application = find_application(call)
    revision = revisions.checked(call, application, call.parameters["revision"])
    revisions.register(application, revision, call.parameters.get("description"))
    return {}


@answer("codedeploy", "GetApplicationRevision")
def get_revision(call):
    """What is known of a revision."""
    application = find_application(call)
    revision = revisions.checked(call, application, call.parameters["revision"])
    return {
        "applicationName": application.name,
        "revision": revision,
        "revisionInfo": revisions.find(application, revision)["info"],
    }


@answer("codedeploy", "BatchGetApplicationRevisions")
def batch_get_revisions(call):
    """What is known of some revisions."""
    application, wanted = find_application(call), call.parameters["revisions"]
    check_batch(wanted, 25)
    found = [revisions.find(application, revisions.checked(call, application, item)) for item in wanted]
    shown = [{"revisionLocation": item["revision"], "genericRevisionInfo": item["info"]} for item in found]
    return {"applicationName": application.name, "revisions": shown}


@answer("codedeploy", "ListApplicationRevisions")
def list_revisions(call):
    """Sorted by what the call says, the oldest first unless it says otherwise."""
    parameters, member = call.parameters, call.parameters.get("sortBy") or "registerTime"
    if parameters.get("s3KeyPrefix") and not parameters.get("s3Bucket"):
        raise refused("BucketNameFilterRequiredException", "A key prefix needs the name of a bucket.")
    deployed = {"include": (True,), "exclude": (False,)}.get(parameters.get("deployed"), (True, False))
    found = [item for item in find_application(call).revisions if bool(item["info"]["deploymentGroups"]) in deployed]
    found = [item for item in found if revisions.is_in(item["revision"], parameters)]
    found.sort(
        key=lambda item: item["info"].get(member) or item["info"]["registerTime"],
        reverse=parameters.get("sortOrder") == "descending",
    )
    return page(call, "revisions", [item["revision"] for item in found])
