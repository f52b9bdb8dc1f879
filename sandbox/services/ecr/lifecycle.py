# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle policies: their grammar, and a preview of what they would delete."""

import fnmatch
import json
import time


from ...errors import AwsError
from .. import answer
from .shared import invalid, page, repository_of

DAY = 86400
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
COUNTS = ("imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned")
RULE = {"rulePriority", "selection", "action"}
SELECTION = {"tagStatus", "countType", "countNumber"}
CHOICE = SELECTION | {"tagPatternList", "tagPrefixList", "countUnit", "storageClass"}
WILDCARDS = 4


def _wrong(why):
    return invalid("LifecyclePolicyText", f"Lifecycle policy validation failure: {why}")


def check_policy(text):
    """The rules of a policy, by priority, once it is what ECR takes."""
    try:
        rules = json.loads(text)["rules"]
    except (ValueError, KeyError, TypeError):
        raise _wrong("Could not map policyString into LifecyclePolicy.") from None
    for rule in rules:
        _check_members(rule, RULE, RULE | {"description"})
        _check_members(rule["selection"], SELECTION, CHOICE)
        _check_selection(rule["selection"])
        _check_action(rule["action"])
    priorities = [rule["rulePriority"] for rule in rules]
    if len(set(priorities)) < len(priorities):
        raise _wrong("rulePriority must be unique")
    rules = sorted(rules, key=lambda rule: rule["rulePriority"])
    if any(rule["selection"]["tagStatus"] == "any" for rule in rules[:-1]):
        raise _wrong("A rule with tagStatus 'any' must have the highest rulePriority")
    return rules


def _check_members(given, needed, known):
    if not isinstance(given, dict) or needed - set(given):
        raise _wrong(f"object has missing required properties ({json.dumps(sorted(needed - set(given)))})")
    if set(given) - known:
        named = json.dumps(sorted(set(given) - known))
        raise _wrong(f"object instance has properties which are not allowed by the schema: ({named})")


def _check_selection(selection):
    status, kind = selection["tagStatus"], selection["countType"]
    tags = [name for name in ("tagPrefixList", "tagPatternList") if selection.get(name)]
    if status not in ("tagged", "untagged", "any") or kind not in COUNTS:
        raise _wrong("instance value not found in enum")
    if len(tags) != (status == "tagged"):
        raise _wrong("tagged needs either tagPrefixList or tagPatternList, which nothing else may have")
    if any(pattern.count("*") > WILDCARDS for pattern in selection.get("tagPatternList") or []):
        raise _wrong(f"A tag pattern can have {WILDCARDS} wildcards")
    if (kind == "imageCountMoreThan") == bool(selection.get("countUnit")):
        raise _wrong("countUnit is required by, and only allowed with, a countType since a moment")
    if selection.get("countUnit", "days") != "days":
        raise _wrong('instance value not found in enum (possible values: ["days"])')
    if not isinstance(selection["countNumber"], int) or selection["countNumber"] < 1:
        raise _wrong("numeric instance is lower than the required minimum (minimum: 1)")


def _check_action(action):
    _check_members(action, {"type"}, {"type", "targetStorageClass"})
    if action["type"] not in ("expire", "transition"):
        raise _wrong('instance value not found in enum (possible values: ["expire", "transition"])')
    if (action["type"] == "transition") != (action.get("targetStorageClass") == "archive"):
        raise _wrong("transition needs the targetStorageClass archive, which nothing else may have")


@answer("ecr", "PutLifecyclePolicy")
def put(call):
    """moto checks some of the grammar, and refuses some that AWS has."""
    repository, text = repository_of(call), call.parameters["lifecyclePolicyText"]
    check_policy(text)
    repository.lifecycle_policy = text
    return _named(repository) | {"lifecyclePolicyText": text}


def _named(repository):
    return {"registryId": repository.registry_id, "repositoryName": repository.name}


@answer("ecr", "StartLifecyclePolicyPreview")
def start_preview(call):
    """Of a policy that is given, or of the repository's."""
    repository = repository_of(call)
    text = call.parameters.get("lifecyclePolicyText") or repository.lifecycle_policy
    if not text:
        message = f"Lifecycle policy does not exist for the repository with name '{repository.name}'"
        raise AwsError("LifecyclePolicyNotFoundException", message)
    repository.sandbox_preview = {"lifecyclePolicyText": text, "results": _expired(check_policy(text), repository)}
    return _named(repository) | {"lifecyclePolicyText": text, "status": "IN_PROGRESS"}


@answer("ecr", "GetLifecyclePolicyPreview")
def get_preview(call):
    """What the policy would do."""
    repository = repository_of(call)
    preview = getattr(repository, "sandbox_preview", None)
    if preview is None:
        message = f"Lifecycle policy preview does not exist for the repository with name '{repository.name}'"
        raise AwsError("LifecyclePolicyPreviewNotFoundException", message)
    digests = {item.get("imageDigest") for item in call.parameters.get("imageIds") or []}
    results = [item for item in preview["results"] if not digests or item["imageDigest"] in digests]
    items, following = page(call, results)
    return {
        **_named(repository), "lifecyclePolicyText": preview["lifecyclePolicyText"], "status": "COMPLETE",
        "previewResults": items, "summary": {"expiringImageTotalCount": len(preview["results"])}, **following,
    }  # fmt: skip


def _expired(rules, repository):
    results, claimed = [], set()
    for rule in rules:
        chosen = [image for image in repository.images if _selected(rule["selection"], image)]
        surplus = [image for image in _surplus(rule["selection"], chosen) if id(image) not in claimed]
        results += [_result(rule, image) for image in surplus]
        # What a rule selects is no longer deleted by those after it, even if it stays.
        claimed |= {id(image) for image in chosen}
    return results


def _result(rule, image):
    return {
        "imageTags": image.image_tags, "imageDigest": image.get_image_digest(),
        "imagePushedAt": image.image_pushed_at, "action": {"type": rule["action"]["type"].upper()},
        "appliedRulePriority": rule["rulePriority"],
    }  # fmt: skip


def _selected(selection, image):
    if selection["tagStatus"] != "tagged":
        return selection["tagStatus"] == "any" or not image.image_tags
    patterns = selection.get("tagPatternList") or [f"{prefix}*" for prefix in selection["tagPrefixList"]]
    return all(any(fnmatch.fnmatchcase(tag, pattern) for tag in image.image_tags) for pattern in patterns)


def _surplus(selection, images):
    if selection["countType"] == "imageCountMoreThan":
        return images[: -selection["countNumber"]]  # the oldest are first
    limit = time.time() - selection["countNumber"] * DAY
    return [image for image in images if image.image_pushed_at < limit]
