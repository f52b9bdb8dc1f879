# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Resource Groups Tagging API over every service of the sandbox; moto lacks some, and spells others its own way."""

from ...errors import AwsError
from .. import answer, lock, used
from ..elasticache.shared import settle as settle_caches
from ..rds.instances import settle as settle_databases
from .sources import tagged

SERVICE = "resourcegroupstaggingapi"
MOST_FILTERS, MOST_VALUES, MOST_ARNS = 50, 20, 100
USUAL_PAGE = 50
SETTLE = {"elasticache": settle_caches, "rds": settle_databases}  # what is gone by now has no tags


@answer(SERVICE, "GetResources")
def get_resources(call):
    """What has all the tags that are asked for, and is of one of the types."""
    parameters = call.parameters
    _check(parameters)
    arns, kinds = parameters.get("ResourceARNList") or [], parameters.get("ResourceTypeFilters") or []
    filters = [(item["Key"], item.get("Values") or []) for item in parameters.get("TagFilters") or []]
    found = [
        {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value or ""} for key, value in sorted(tags.items())]}
        for arn, kind, tags in _all(call)
        if (not arns or arn in arns) and (not kinds or _is_of(kind, arn, kinds)) and _has(tags, filters)
    ]
    start, size = _token(parameters), parameters.get("ResourcesPerPage") or USUAL_PAGE
    following = str(start + size) if start + size < len(found) else ""
    return {"ResourceTagMappingList": found[start : start + size], "PaginationToken": following}


@answer(SERVICE, "GetTagKeys")
def get_tag_keys(call):
    """Every key that is in use."""
    return _page(call, "TagKeys", {key for _arn, _kind, tags in _all(call) for key in tags})


@answer(SERVICE, "GetTagValues")
def get_tag_values(call):
    """Every value that a key has."""
    wanted = call.parameters["Key"]
    return _page(call, "TagValues", {tags[wanted] or "" for _arn, _kind, tags in _all(call) if wanted in tags})


def _all(call):
    for service, settle in SETTLE.items():
        if call.region in used(call.account).get(service, ()):
            with lock(service):
                settle(call)
    return sorted(tagged(call.account, call.region), key=lambda item: item[0])


def _page(call, member, values):
    values, start, size = sorted(values), _token(call.parameters), 100
    following = str(start + size) if start + size < len(values) else ""
    return {member: values[start : start + size], "PaginationToken": following}


def _token(parameters):
    token = parameters.get("PaginationToken") or "0"
    if not token.isdigit():
        raise AwsError("PaginationTokenExpiredException", "The pagination token is not valid.")
    return int(token)


def _check(parameters):
    size, filters = parameters.get("ResourcesPerPage"), parameters.get("TagFilters") or []
    paged = any(parameters.get(name) for name in ("ResourcesPerPage", "TagsPerPage", "PaginationToken"))
    for wrong, message in (
        (size is not None and not 1 <= size <= 100, "ResourcesPerPage must be between 1 and 100."),
        (paged and parameters.get("ResourceARNList"), "ResourceARNList cannot be used with pagination."),
        (len(parameters.get("ResourceARNList") or []) > MOST_ARNS, f"ResourceARNList takes up to {MOST_ARNS} ARNs."),
        (len(filters) > MOST_FILTERS, f"TagFilters takes up to {MOST_FILTERS} filters."),
        (any(len(item.get("Values") or []) > MOST_VALUES for item in filters), "A filter takes up to 20 values."),
    ):
        if wrong:
            raise AwsError("InvalidParameterException", message)


def _is_of(kind, arn, wanted):
    """Types are exact, or a service; a type of the ARN may go deeper, as that of a load balancer does."""
    service, resource = arn.split(":", 5)[2], arn.split(":", 5)[5]
    return any(
        item in (kind, service) or (item.startswith(f"{kind}/") and f"{service}:{resource}".startswith(f"{item}/"))
        for item in wanted
    )


def _has(tags, filters):
    return all(key in tags and (not values or tags[key] in values) for key, values in filters)
