# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates of the repositories that ECR itself creates, which moto does not have."""

from moto.core.utils import utcnow

from ...errors import AwsError
from .. import answer
from .lifecycle import check_policy
from .repositories import check_exclusions
from .shared import page, settings_of

MEMBERS = (
    "description", "encryptionConfiguration", "resourceTags", "imageTagMutability", "repositoryPolicy",
    "imageTagMutabilityExclusionFilters", "lifecyclePolicy", "appliedFor", "customRoleArn",
)  # fmt: skip
DEFAULTS = {
    "encryptionConfiguration": {"encryptionType": "AES256"},
    "imageTagMutability": "MUTABLE",
    "resourceTags": [],
}


@answer("ecr", "CreateRepositoryCreationTemplate")
def create(call):
    """Each prefix has one template."""
    prefix, templates = call.parameters["prefix"], settings_of(call)["templates"]
    if prefix in templates:
        message = f"The repository creation template with prefix '{prefix}' already exists."
        raise AwsError("TemplateAlreadyExistsException", message)
    given = _given(call)
    templates[prefix] = {"prefix": prefix, **DEFAULTS, **given, "createdAt": utcnow(), "updatedAt": utcnow()}
    return _shown(call, templates[prefix])


def _given(call):
    check_exclusions(call)
    if call.parameters.get("lifecyclePolicy"):
        check_policy(call.parameters["lifecyclePolicy"])
    return {name: call.parameters[name] for name in MEMBERS if call.parameters.get(name) is not None}


def _find(call):
    prefix = call.parameters["prefix"]
    if prefix not in settings_of(call)["templates"]:
        message = f"The repository creation template with prefix '{prefix}' does not exist."
        raise AwsError("TemplateNotFoundException", message)
    return settings_of(call)["templates"][prefix]


def _shown(call, template):
    return {"registryId": call.account, "repositoryCreationTemplate": template}


@answer("ecr", "DescribeRepositoryCreationTemplates")
def describe(call):
    """All templates, or those of the prefixes that are named and have one."""
    templates = settings_of(call)["templates"]
    wanted = call.parameters.get("prefixes") or sorted(templates)
    items, following = page(call, [templates[name] for name in wanted if name in templates])
    return {"registryId": call.account, "repositoryCreationTemplates": items, **following}


@answer("ecr", "UpdateRepositoryCreationTemplate")
def update(call):
    """What is not given stays."""
    template = _find(call)
    template.update(_given(call), updatedAt=utcnow())
    return _shown(call, template)


@answer("ecr", "DeleteRepositoryCreationTemplate")
def delete(call):
    """The repositories that were made of it stay."""
    return _shown(call, settings_of(call)["templates"].pop(_find(call)["prefix"]))
