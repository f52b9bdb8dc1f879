# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Revisions: where an AppSpec file is, and what it says of a service of Amazon ECS."""

import hashlib

import yaml
from moto.core.utils import utcnow

from .. import backend
from .shared import refused

LOCATIONS = {
    "S3": "s3Location", "GitHub": "gitHubLocation", "String": "string", "AppSpecContent": "appSpecContent",
}  # fmt: skip
OF_PLATFORM = {"Server": ("S3", "GitHub"), "Lambda": ("S3", "String", "AppSpecContent")}
OF_PLATFORM["ECS"] = OF_PLATFORM["Lambda"]


def checked(call, application, revision):
    """A revision as CodeDeploy keeps it, once it is in a form that its platform has."""
    kind = (revision or {}).get("revisionType")
    location = revision.get(LOCATIONS.get(kind, "")) if revision else None
    if not location:
        raise refused("InvalidRevisionException", "A revision needs a type, and the location of that type.")
    if kind not in OF_PLATFORM[application.platform]:
        raise refused(
            "InvalidRevisionException",
            f"For {application.platform} deployments, the revision type can only be "
            f"{', '.join(OF_PLATFORM[application.platform])}.",
        )
    if kind in ("String", "AppSpecContent"):
        if not location.get("content"):
            raise refused("InvalidRevisionException", "The content of the revision must not be empty.")
        location = {"sha256": hashlib.sha256(location["content"].encode()).hexdigest(), **location}
    elif kind == "S3":
        if not location.get("bucket") or not location.get("key") or not location.get("bundleType"):
            raise refused("InvalidRevisionException", "A revision in S3 needs a bucket, a key and a bundle type.")
    return {"revisionType": kind, LOCATIONS[kind]: location}


def text(call, revision):
    """The AppSpec file."""
    location = revision[LOCATIONS[revision["revisionType"]]]
    if revision["revisionType"] != "S3":
        return location["content"]
    state = backend(call, "s3")
    found = state.get_object(location["bucket"], location["key"]) if location["bucket"] in state.buckets else None
    if found is None:
        raise refused("RevisionDoesNotExistException", f"The object {location['key']} could not be found in S3.")
    return found.value.decode(errors="replace")


class Invalid(Exception):
    """An AppSpec file that no deployment can follow."""


def read(content):
    """(properties of the target service, functions by lifecycle event) of an AppSpec file in YAML or JSON."""
    try:
        spec = yaml.safe_load(content)
        (resource,) = spec["Resources"]
        (target,) = resource.values()
        properties = target["Properties"]
        if str(spec["version"]) != "0.0" or target["Type"] != "AWS::ECS::Service":
            raise ValueError
        definition, balancer = properties["TaskDefinition"], properties["LoadBalancerInfo"]
        if not definition or not balancer["ContainerName"] or not balancer["ContainerPort"]:
            raise ValueError
        given = [pair for hook in spec.get("Hooks") or [] for pair in hook.items()]
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError):
        raise Invalid from None
    return properties, {event: function for event, function in given if function}


def register(application, revision, description=None):
    """Remember a revision; what is known of it."""
    for item in application.revisions:
        if item["revision"] == revision:
            break
    else:
        item = {"revision": revision, "info": {"deploymentGroups": [], "registerTime": utcnow()}}
        application.revisions.append(item)
    if description:
        item["info"]["description"] = description
    return item["info"]


def note_use(application, revision, group):
    """A deployment group uses a revision."""
    info, now = register(application, revision), utcnow()
    info.setdefault("firstUsedTime", now)
    info["lastUsedTime"] = now
    if group not in info["deploymentGroups"]:
        info["deploymentGroups"].append(group)


def find(application, revision):
    """A revision of an application."""
    for item in application.revisions:
        if item["revision"] == revision:
            return item
    raise refused("RevisionDoesNotExistException", "The revision is not registered with the application.")


def is_in(revision, parameters):
    """Whether a revision is in the bucket, and below the prefix, that a call asks for."""
    bucket, prefix = parameters.get("s3Bucket"), parameters.get("s3KeyPrefix")
    location = revision.get("s3Location") or {}
    return bucket in (None, location.get("bucket")) and (location.get("key") or "").startswith(prefix or "")
