# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which distributions refer to something, and the tags of what has an ARN."""

import functools

from ...errors import AwsError
from .. import answer, backend, check
from .distribution_checks import check_config
from .distributions import summary
from .shared import distributions, items, kept, page, refuse, require_match
from .things import KINDS

SERVICE = "cloudfront"
BY_ID = (
    ("ListDistributionsByCachePolicyId", "CachePolicyId", "CachePolicy"),
    ("ListDistributionsByOriginRequestPolicyId", "OriginRequestPolicyId", "OriginRequestPolicy"),
    ("ListDistributionsByResponseHeadersPolicyId", "ResponseHeadersPolicyId", "ResponseHeadersPolicy"),
    ("ListDistributionsByKeyGroup", "KeyGroupId", "KeyGroup"),
)
MOST_TAGS = 50


def _list_users(kind, member, call):
    thing = kind.find(call, call.parameters[member])
    found = kind.users(call, thing.id)
    return {"DistributionIdList": page(call, found, lambda item: item.id)}


for _operation, _member, _kind in BY_ID:
    answer(SERVICE, _operation)(functools.partial(_list_users, KINDS[_kind], _member))


@answer(SERVICE, "ListDistributionsByWebACLId")
def list_protected(call):
    """The distributions behind a web ACL; those behind none, if that is asked for."""
    wanted = call.parameters["WebACLId"]
    wanted = "" if wanted == "null" else wanted
    found = [item for item in distributions(call) if item.config["WebACLId"] == wanted]
    return {"DistributionList": page(call, found, summary)}


@check("wafv2", "DeleteWebACL")
def refuse_protecting(call):
    """An ACL stays while a distribution is behind it."""
    used = {item.config["WebACLId"] for item in distributions(call)} - {""}
    message = "AWS WAF couldn’t perform the operation because your resource is being used by another resource."
    refuse(
        any(arn.endswith(f"/{call.parameters['Name']}/{call.parameters['Id']}") for arn in used),
        message,
        "WAFAssociatedItemException",
    )


@answer(SERVICE, "AssociateDistributionWebACL")
def associate_firewall(call):
    """Put a distribution behind a web ACL, and nothing else."""
    distribution, etag = _protect(call, call.parameters["WebACLArn"])
    return {"Id": distribution.id, "WebACLArn": distribution.config["WebACLId"], "ETag": etag}


@answer(SERVICE, "DisassociateDistributionWebACL")
def disassociate_firewall(call):
    """Behind none."""
    distribution, etag = _protect(call, "")
    return {"Id": distribution.id, "ETag": etag}


def _protect(call, arn):
    distribution = backend(call).distributions.get(call.parameters["Id"])
    refuse(distribution is None, "The distribution does not exist.", "EntityNotFound")
    if call.parameters.get("IfMatch"):
        require_match(call, distribution)
    try:
        check_config(call, {**distribution.config, "WebACLId": arn}, distribution)
    except AwsError as error:
        raise AwsError("InvalidArgument", error.message) from error
    distribution.change({**distribution.config, "WebACLId": arn})
    return distribution, distribution.etag


# --- tags ----------------------------------------------------------------------------------------------------------


@check(SERVICE, "ListTagsForResource", "TagResource", "UntagResource")
def require_tagged(call):
    """moto keeps tags of what is not there."""
    state, arn = backend(call), call.parameters["Resource"]
    groups = (state.distributions, state.functions, state.key_value_stores)
    known = {item.arn for group in (*groups, kept(call, "VpcOrigin")) for item in group.values()}
    refuse(arn not in known, "A resource that was specified is not valid.", "NoSuchResource")


@check(SERVICE, "TagResource")
def check_tags(call):
    """Keys of AWS's own are not for users."""
    given = {tag["Key"]: tag.get("Value") for tag in items(call.parameters["Tags"])}
    reserved = [key for key in given if key.lower().startswith("aws:")]
    known = backend(call).tagger.get_tag_dict_for_resource(call.parameters["Resource"])
    refuse(reserved or len(given | known) > MOST_TAGS, "The tagging specified is not valid.", "InvalidTagging")


@check(SERVICE, "UpdateKeyValueStore", "DeleteKeyValueStore")
def check_store(call):
    """moto asks for no version, and lets a store go while a function reads it."""
    store = backend(call).key_value_stores.get(call.parameters["Name"])
    if store is None:
        raise AwsError("EntityNotFound", "The key value store was not found.")
    refuse(call.parameters["IfMatch"] != store.etag, "The If-Match version is not valid.", "InvalidIfMatchVersion")
    readers = [
        function
        for function in backend(call).functions.values()
        for item in items(function.config.get("KeyValueStoreAssociations"))
        if item["KeyValueStoreARN"] == store.arn
    ]
    in_use = readers and call.operation == "DeleteKeyValueStore"
    refuse(in_use, "The entity cannot be deleted while it is in use.", "CannotDeleteEntityWhileInUse")
