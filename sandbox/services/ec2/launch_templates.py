# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Launch templates: versions that go, and versions that build on others."""

import re

from moto.core.types import Base64EncodedString

from ...errors import AwsError
from .. import after, answer, backend, check
from .shared import page

NAME = re.compile(r"[a-zA-Z0-9().\-/_]{3,128}")
OWN_TYPE = "launch-template"


def find_template(call, given):
    """The template that a structure with an id or a name means; AWS's errors for none and for both."""
    state, number, name = backend(call, "ec2"), given.get("LaunchTemplateId"), given.get("LaunchTemplateName")
    if bool(number) == bool(name):
        message = "Either a launch template ID or a launch template name must be specified in the request."
        raise AwsError("MissingParameter" if not number else "InvalidParameterCombination", message, 400)
    if number and number not in state.launch_templates:
        message = f"The specified launch template, with template ID {number}, does not exist."
        raise AwsError("InvalidLaunchTemplateId.NotFound", message, 400)
    if name and name not in state.launch_template_name_to_ids:
        message = f"The specified launch template, with template name {name}, does not exist."
        raise AwsError("InvalidLaunchTemplateName.NotFoundException", message, 400)
    return state.launch_templates[number or state.launch_template_name_to_ids[name]]


def find_version(template, wanted):
    """One version of a template, by its number or ``$Latest`` or ``$Default``."""
    named = {"$Latest": template.latest_version_number, "$Default": template.default_version_number}
    number = named.get(str(wanted), wanted)
    if not str(number).isdigit():
        message = f"Invalid launch template version '{wanted}': a number, '$Latest' or '$Default' is expected."
        raise AwsError("InvalidLaunchTemplateId.VersionNotFound", message, 400)
    for version in versions_of(template):
        if version.number == int(number):
            return version
    message = f"Could not find launch template version {wanted} for template {template.id}"
    raise AwsError("InvalidLaunchTemplateId.VersionNotFound", message, 400)


def versions_of(template):
    """The versions that are there; see ``delete_versions`` for those that are not."""
    return [version for place, version in enumerate(template.versions, 1) if version.number == place]


@check("ec2", "CreateLaunchTemplate")
def check_new_template(call):
    """A name of AWS's form."""
    if not NAME.fullmatch(call.parameters["LaunchTemplateName"]):
        message = (
            "Launch template name contains invalid characters. Only alphanumeric characters and ().-/_ are allowed, "
            "from 3 to 128 of them."
        )
        raise AwsError("InvalidLaunchTemplateName.MalformedException", message, 400)


@after("ec2", "CreateLaunchTemplate")
def drop_own_tags(call):
    """moto puts the tags of the template itself among those of what it launches."""
    template = find_template(call, {"LaunchTemplateName": call.parameters["LaunchTemplateName"]})
    data = template.versions[0].data
    given = [item for item in data.pop("TagSpecifications", []) if item["ResourceType"] != OWN_TYPE]
    if given:
        data["TagSpecifications"] = given


@check("ec2", "CreateLaunchTemplateVersion")
def check_source(call):
    """What a version builds on exists."""
    template = find_template(call, call.parameters)
    if call.parameters.get("SourceVersion"):
        find_version(template, call.parameters["SourceVersion"])


@after("ec2", "CreateLaunchTemplateVersion")
def build_on_source(call):
    """moto ignores the version that a new one builds on."""
    template, source = find_template(call, call.parameters), call.parameters.get("SourceVersion")
    version = template.versions[-1]
    if source:
        if source == "$Latest":
            source = versions_of(template)[-2].number
        version.data = find_version(template, source).data | version.data
    if version.data.get("UserData") and not isinstance(version.data["UserData"], Base64EncodedString):
        version.data["UserData"] = Base64EncodedString(version.data["UserData"])


@answer("ec2", "DescribeLaunchTemplateVersions")
def describe_versions(call):
    """moto has fifteen at most, and would show what was deleted."""
    parameters = call.parameters
    wanted = parameters.get("Versions") or []
    if parameters.get("LaunchTemplateId") or parameters.get("LaunchTemplateName"):
        template = find_template(call, parameters)
        found = [(template, find_version(template, item)) for item in wanted]
        if not wanted:
            least, most = int(parameters.get("MinVersion") or 1), int(parameters.get("MaxVersion") or 10**9)
            found = [(template, item) for item in reversed(versions_of(template)) if least <= item.number <= most]
    elif wanted and set(wanted) <= {"$Latest", "$Default"}:
        templates = backend(call).launch_templates.values()
        found = [(template, find_version(template, item)) for template in templates for item in wanted]
    else:
        message = "To describe versions of all templates, '$Latest' or '$Default' must be specified, and nothing else."
        raise AwsError("InvalidParameterValue" if wanted else "MissingParameter", message, 400)
    shown, more = page(call, found, 200)
    return {"LaunchTemplateVersions": [_view(call, *item) for item in shown], **more}


def _view(call, template, version):
    view = {
        "LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "VersionNumber": version.number,
        "CreateTime": version.create_time, "CreatedBy": f"arn:aws:iam::{call.account}:root",
        "DefaultVersion": template.is_default(version), "LaunchTemplateData": version.data,
    }  # fmt: skip
    return view | ({"VersionDescription": version.description} if version.description else {})


@answer("ec2", "DeleteLaunchTemplateVersions")
def delete_versions(call):
    """Any but the default one. Numbers are places in moto's list, so the newest that is left takes a deleted one's place."""
    template, gone, kept = find_template(call, call.parameters), [], []
    for wanted in call.parameters["Versions"]:
        try:
            version = find_version(template, wanted)
        except AwsError as error:
            kept.append(_failure(template, wanted, "launchTemplateVersionDoesNotExist", error.message))
            continue
        if template.is_default(version):
            message = f"The default version {version.number} cannot be deleted"
            kept.append(_failure(template, version.number, "launchTemplateVersionIsDefault", message))
            continue
        _forget(template, version)
        gone.append(_name(template, version.number))
    return {
        "SuccessfullyDeletedLaunchTemplateVersions": gone, "UnsuccessfullyDeletedLaunchTemplateVersions": kept
    }  # fmt: skip


def _forget(template, gone):
    left = [version for version in versions_of(template) if version is not gone]
    numbers = {version.number for version in left}
    template.versions = [
        version if place in numbers else left[-1] for place, version in enumerate(template.versions, 1)
    ]


def _name(template, number):
    return {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "VersionNumber": int(number)}


def _failure(template, number, code, message):
    named = _name(template, number if str(number).isdigit() else 0)
    return named | {"ResponseError": {"Code": code, "Message": message}}
