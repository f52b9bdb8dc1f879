# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies, access controls, identities and keys: kinds of things whose operations differ in their names only."""

import functools
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from ...errors import AwsError
from .. import answer
from .managed import managed
from .shared import Thing, behaviors, cleaned, distributions, items, kept, new_id, page, require_match

IDENTITY = "origin-access-identity/cloudfront/"


@dataclass(frozen=True)
class Kind:
    """One kind; error codes are the usual ones unless it says others."""

    name: str
    plural: str
    most: int  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
    uses: Callable[[dict], set]  # the ids that the configuration of a distribution refers to
    is_policy: bool = False  # AWS has some of its own, and ids are UUIDs
    flat: bool = False  # lists have the members of the configuration beside the id
    missing: str = ""
    in_use: str = ""
    unique: str = "Name"  # the member that no two have in common
    repeatable: bool = False  # the same request again is answered with the same thing
    rest: Callable[[], dict] = dict  # what AWS adds to a new one

    @property
    def missing_code(self):
        """What AWS says about one that is not there."""
        return self.missing or f"NoSuch{self.name}"

    def things(self, call):
        """All of the account, without AWS's own."""
        return kept(call, self.name)

    def find(self, call, number):
        """One by its id, AWS's own too; an error if there is none."""
        thing = self.things(call).get(number) or managed(self.name).get(number)
        if thing is None:
            raise AwsError(self.missing_code, f"The specified {self.name} does not exist.")
        return thing

    def users(self, call, number):
        """The distributions that refer to one."""
        return [item for item in distributions(call) if number in self.uses(item.config)]


def _of_behaviors(member):
    return lambda config: {behavior.get(member) for behavior in behaviors(config)} - {None, ""}


def _of_origins(config):
    return {origin.get("OriginAccessControlId") for origin in items(config["Origins"])}


def _of_s3_origins(config):
    origins = items(config["Origins"])
    return {
        origin.get("S3OriginConfig", {}).get("OriginAccessIdentity", "").removeprefix(IDENTITY) for origin in origins
    }


def _of_key_groups(config):
    return {number for behavior in behaviors(config) for number in items(behavior.get("TrustedKeyGroups"))}


KINDS = {
    kind.name: kind
    for kind in (
        Kind("CachePolicy", "CachePolicies", 20, _of_behaviors("CachePolicyId"), is_policy=True),
        Kind(
            "OriginRequestPolicy", "OriginRequestPolicies", 20, _of_behaviors("OriginRequestPolicyId"), is_policy=True,
        ),
        Kind(
            "ResponseHeadersPolicy", "ResponseHeadersPolicies", 20, _of_behaviors("ResponseHeadersPolicyId"),
            is_policy=True,
        ),
        Kind("OriginAccessControl", "OriginAccessControls", 100, _of_origins, flat=True),
        Kind(
            "CloudFrontOriginAccessIdentity", "CloudFrontOriginAccessIdentities", 100, _of_s3_origins, flat=True,
            unique="CallerReference", repeatable=True, rest=lambda: {"S3CanonicalUserId": secrets.token_hex(48)},
        ),
        Kind(
            "ContinuousDeploymentPolicy", "ContinuousDeploymentPolicies", 20,
            lambda config: {config.get("ContinuousDeploymentPolicyId")}, unique="",
        ),
        Kind("KeyGroup", "KeyGroups", 10, _of_key_groups, missing="NoSuchResource", in_use="ResourceInUse"),
        Kind("PublicKey", "PublicKeys", 10, lambda config: set(), flat=True),
    )
}  # fmt: skip


def _create(kind, call):
    config, things = cleaned(call.parameters[f"{kind.name}Config"]), kind.things(call)
    known = _named(kind, call, config)
    if known and kind.repeatable and known.config == config:
        return _answer(kind, known)
    _refuse_taken(kind, known)
    if len(things) >= kind.most:
        raise AwsError(f"TooMany{kind.plural}", f"You have reached the maximum number of {kind.plural}.")
    number = str(uuid.uuid4()) if kind.is_policy else new_id(14)
    things[number] = Thing(number, config, kind.rest())
    return _answer(kind, things[number])


def _named(kind, call, config):
    """The one that has the same name."""
    if not kind.unique:
        return None
    known = [*kind.things(call).values(), *managed(kind.name).values()]
    return next((thing for thing in known if thing.config[kind.unique] == config[kind.unique]), None)


def _refuse_taken(kind, known):
    if known:
        message = f"A {kind.name} with the same {kind.unique} already exists: {known.id}."
        raise AwsError(f"{kind.name}AlreadyExists", message)


def _view(kind, thing):
    times = {"LastModifiedTime": thing.modified, "CreatedTime": thing.created}
    return {"Id": thing.id, **times, **thing.rest, f"{kind.name}Config": thing.config}


def _answer(kind, thing):
    location = f"https://cloudfront.amazonaws.com/2020-05-31/{kind.name}/{thing.id}"
    return {kind.name: _view(kind, thing), "ETag": thing.etag, "Location": location}


def _get(kind, call):
    return _answer(kind, kind.find(call, call.parameters["Id"]))


def _get_config(kind, call):
    thing = kind.find(call, call.parameters["Id"])
    return {f"{kind.name}Config": thing.config, "ETag": thing.etag}


def _update(kind, call):
    thing, config = kind.find(call, call.parameters["Id"]), cleaned(call.parameters[f"{kind.name}Config"])
    if thing.id in managed(kind.name):
        raise AwsError("IllegalUpdate", "You cannot update a managed policy.")
    require_match(call, thing)
    known = _named(kind, call, config)
    _refuse_taken(kind, known if known is not thing else None)
    thing.change(config)
    return _answer(kind, thing)


def _delete(kind, call):
    thing = kind.find(call, call.parameters["Id"])
    if thing.id in managed(kind.name):
        raise AwsError("IllegalDelete", "You cannot delete a managed policy.")
    require_match(call, thing)
    if kind.users(call, thing.id):
        code = kind.in_use or f"{kind.name}InUse"
        raise AwsError(code, f"The {kind.name} {thing.id} is in use by one or more distributions.")
    del kind.things(call)[thing.id]
    return {}


def _list(kind, call):
    wanted = call.parameters.get("Type")
    own, given = list(kind.things(call).values()), list(managed(kind.name).values())
    found = (own if wanted != "managed" else []) + (given if wanted != "custom" else [])

    def view(thing):
        if kind.flat:
            return {**thing.config, **_view(kind, thing)}
        return {"Type": "managed" if thing in given else "custom", kind.name: _view(kind, thing)}

    return {f"{kind.name}List": page(call, found, view)}


def _register(kind):
    for operation, function in (
        (f"Create{kind.name}", _create),
        (f"Get{kind.name}", _get),
        (f"Get{kind.name}Config", _get_config),
        (f"Update{kind.name}", _update),
        (f"Delete{kind.name}", _delete),
        (f"List{kind.plural}", _list),
    ):
        answer("cloudfront", operation)(functools.partial(function, kind))


for _kind in KINDS.values():
    _register(_kind)
