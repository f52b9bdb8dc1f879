# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Inspector covers, and the filters of what it finds."""

import collections

from moto.backends import get_backend

from ...errors import AwsError, missing
from .. import answer, backend, check
from ..governance import chosen, given, kept, now, page
from .scans import status_of

SCAN_TYPES = {"EC2": "PACKAGE", "ECR": "PACKAGE", "LAMBDA": "PACKAGE"}
FILTERS = (
    "accountId", "ecrRepositoryName", "lambdaFunctionName", "resourceId", "resourceType", "scanStatusCode",
    "scanStatusReason", "scanType",
)  # fmt: skip
GROUPS = {"RESOURCE_TYPE": "resourceType", "ACCOUNT_ID": "accountId"}


def _missing(arn):
    return AwsError("ResourceNotFoundException", f"The resource {arn} was not found.")


# --- filters -------------------------------------------------------------------------------------------------------


@check("inspector2", "UpdateFilter", "DeleteFilter")
def require_filter(call):
    """moto says nothing of what is not there."""
    arn = call.parameters["filterArn" if call.operation == "UpdateFilter" else "arn"]
    if arn not in backend(call).filters:
        raise _missing(arn)


@check("inspector2", "TagResource", "UntagResource", "ListTagsForResource")
def require_tagged(call):
    """moto keeps tags of what is not there."""
    if call.parameters["resourceArn"] not in backend(call).filters:
        raise _missing(call.parameters["resourceArn"])


@answer("inspector2", "UpdateFilter")
def update_filter(call):
    """moto does not have it."""
    found, parameters = backend(call).filters[call.parameters["filterArn"]], call.parameters
    names = {"filterCriteria": "filter_criteria"}
    for name in ("action", "description", "filterCriteria", "name", "reason"):
        if parameters.get(name) is not None:
            setattr(found, names.get(name, name), parameters[name])
    found.sandbox_updated = now()
    return {"arn": found.arn}


@answer("inspector2", "ListFilters")
def list_filters(call):
    """moto drops when a filter was changed, and has no pages."""
    state = backend(call)
    found = state.list_filters(call.parameters.get("action"), call.parameters.get("arns"))
    return page(call, "filters", [_view(item) for item in found], 100, "nextToken", "maxResults")


def _view(item):
    criteria = {name: [given(one) for one in value] for name, value in given(item.filter_criteria).items()}
    updated = {"updatedAt": getattr(item, "sandbox_updated", item.created_at)}
    return given({**item.to_json(), "criteria": criteria, **updated})


# --- coverage ------------------------------------------------------------------------------------------------------


@answer("inspector2", "ListCoverage")
def list_coverage(call):
    """moto does not have it."""
    return page(call, "coveredResources", _covered(call), 200, "nextToken", "maxResults")


@answer("inspector2", "ListCoverageStatistics")
def coverage_statistics(call):
    """moto does not have it."""
    covered, group = _covered(call), call.parameters.get("groupBy")
    if group not in GROUPS:
        return {"totalCounts": len(covered)}
    counts = collections.Counter(item[GROUPS[group]] for item in covered)
    groups = [{"groupKey": group, "count": count} for _value, count in sorted(counts.items())]
    return {"totalCounts": len(covered), "countsByGroup": groups}


def _covered(call):
    """What is there, of the kinds that are scanned, and passes the filters of a call."""
    scans = kept(call, "scans")
    kinds = {"ECR": _repositories, "LAMBDA": _functions, "EC2": _instances}
    found = []
    for kind, resources in kinds.items():
        if status_of(scans, call.account, kind) == "ENABLED":
            found += [{**item, "accountId": call.account, "scanType": SCAN_TYPES[kind]} for item in resources(call)]
    criteria = given(call.parameters.get("filterCriteria") or {})
    unknown = sorted(set(criteria) - set(FILTERS))
    if unknown:
        raise missing(call, f"filters of {', '.join(unknown)}")
    return [item for item in found if _passes(item, criteria)]


def _passes(item, criteria):
    """One of the conditions that ask for something, and all that exclude something."""
    values = {
        **chosen(item, "accountId", "resourceId", "resourceType", "scanType"),
        "scanStatusCode": item["scanStatus"]["statusCode"],
        "scanStatusReason": item["scanStatus"]["reason"],
        "ecrRepositoryName": item["resourceMetadata"].get("ecrRepository", {}).get("name"),
        "lambdaFunctionName": item["resourceMetadata"].get("lambdaFunction", {}).get("functionName"),
    }
    for field, conditions in criteria.items():
        asked = [one["value"] for one in conditions if one["comparison"] == "EQUALS"]
        excluded = [one["value"] for one in conditions if one["comparison"] == "NOT_EQUALS"]
        if (asked and values.get(field) not in asked) or values.get(field) in excluded:
            return False
    return True


def _active(kind, number, metadata):
    status = {"statusCode": "ACTIVE", "reason": "SUCCESSFUL"}
    return {"resourceType": kind, "resourceId": number, "scanStatus": status, "resourceMetadata": metadata}


def _repositories(call):
    for repository in get_backend("ecr")[call.account][call.region].repositories.values():
        metadata = {"ecrRepository": {"name": repository.name, "scanFrequency": "CONTINUOUS_SCAN"}}
        yield _active("AWS_ECR_REPOSITORY", repository.arn, metadata)
        for image in repository.images:
            more = {**metadata, "ecrImage": {"tags": list(image.image_tags)}}
            yield _active("AWS_ECR_CONTAINER_IMAGE", f"{repository.arn}/{image.get_image_digest()}", more)


def _functions(call):
    for function in get_backend("lambda")[call.account][call.region].list_functions():
        metadata = {"lambdaFunction": {"functionName": function.function_name, "functionTags": dict(function.tags)}}
        yield _active("AWS_LAMBDA_FUNCTION", f"{function.function_arn}:$LATEST", metadata)


def _instances(call):
    state = get_backend("ec2")[call.account][call.region]
    for reservation in state.reservations.values():
        for instance in reservation.instances:
            tags = {tag["key"]: tag["value"] for tag in instance.get_tags()}
            metadata = {"ec2": {"tags": tags, "amiId": instance.image_id, "platform": "LINUX"}}
            if instance.state == "running":
                yield _active("AWS_EC2_INSTANCE", instance.id, metadata)
