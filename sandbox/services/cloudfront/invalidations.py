# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invalidations: what edge locations are to forget, and when they have."""

from ... import delays
from .. import answer
from .distributions import find
from .shared import Thing, cleaned, items, kept, new_id, page, refuse

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
MOST_PATHS, MOST_WILDCARDS = 3000, 15
LONGEST = 4000


@answer("cloudfront", "CreateInvalidation")
def create(call):
    """The same request again is answered with the same invalidation."""
    distribution, batch = find(call, call.parameters["DistributionId"]), cleaned(call.parameters["InvalidationBatch"])
    made = kept(call, "invalidations").setdefault(distribution.id, {})
    known = [item for item in made.values() if item.config["CallerReference"] == batch["CallerReference"]]
    if known and known[0].config == batch:
        return _answer(known[0])
    refuse(known, "Your request contains a caller reference that was used for a previous invalidation batch.")
    _check_paths(items(batch["Paths"]), made)
    invalidation = Thing(new_id(14), batch, {"done_at": delays.ready_at("invalidation")})
    made[invalidation.id] = invalidation
    return _answer(invalidation, "InProgress")


def _check_paths(paths, made):
    message = "Your request contains one or more invalid invalidation paths."
    refuse(not paths or any(_is_wrong(path) for path in paths), message)
    refuse(len(paths) > MOST_PATHS, "The invalidation batch specified is too large.", "BatchTooLarge")
    active = [
        path
        for item in made.values()
        if not delays.is_past(item.rest["done_at"])
        for path in items(item.config["Paths"])
    ]
    active += paths
    wildcards = [path for path in active if path.endswith("*")]
    over = len(wildcards) > MOST_WILDCARDS or len(active) - len(wildcards) > MOST_PATHS
    message = "You have exceeded the maximum number of allowable InProgress invalidation batch requests, or objects."
    refuse(over, message, "TooManyInvalidationsInProgress")


def _is_wrong(path):
    # The asterisk is a wildcard at the end only.
    return not path.startswith("/") or "*" in path[:-1] or len(path) > LONGEST or any(mark in path for mark in ' <>"')


def _view(invalidation, status=None):
    done = delays.is_past(invalidation.rest["done_at"])
    return {
        "Id": invalidation.id,
        "Status": status or ("Completed" if done else "InProgress"),
        "CreateTime": invalidation.created,
        "InvalidationBatch": invalidation.config,
    }


def _answer(invalidation, status=None):
    location = f"https://cloudfront.amazonaws.com/2020-05-31/invalidation/{invalidation.id}"
    return {"Invalidation": _view(invalidation, status), "Location": location}


@answer("cloudfront", "GetInvalidation")
def get(call):
    """One of a distribution."""
    made = kept(call, "invalidations").get(find(call, call.parameters["DistributionId"]).id, {})
    found = made.get(call.parameters["Id"])
    refuse(found is None, "The specified invalidation does not exist.", "NoSuchInvalidation")
    return {"Invalidation": _view(found)}


@answer("cloudfront", "ListInvalidations")
def list_all(call):
    """The last ones first."""
    made = kept(call, "invalidations").get(find(call, call.parameters["DistributionId"]).id, {})
    return {"InvalidationList": page(call, list(made.values())[::-1], _view)}
