# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Distributions: what was written, the way from InProgress to Deployed, and the end of those that are disabled."""

import random
import string

from moto.backends import get_backend

from ... import delays
from ...errors import AwsError
from .. import answer, backend
from .configuration import complete
from .distribution_checks import check_config
from .shared import Thing, behaviors, distributions, items, kept, new_id, of, page, refuse, require_match

MOST = 500  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html


class Distribution(Thing):
    """What moto's backend keeps by id, and the tagging API finds by ARN."""

    @property
    def arn(self):
        """The ARN."""
        return self.rest["ARN"]

    @property
    def status(self):
        """Whether every edge location has the last version."""
        return "Deployed" if delays.is_past(self.rest["deployed_at"]) else "InProgress"

    def change(self, config):
        """A new version is deployed anew."""
        super().change(config)
        self.rest["deployed_at"] = delays.ready_at("distribution-deploy")


def find(call, number):
    """A distribution by its id."""
    found = backend(call, "cloudfront").distributions.get(number)
    if found is None:
        raise AwsError("NoSuchDistribution", "The specified distribution does not exist.")
    return found


@answer("cloudfront", "CreateDistribution")
def create(call):
    """moto drops half of a configuration."""
    return _create(call, call.parameters["DistributionConfig"], [])


@answer("cloudfront", "CreateDistributionWithTags")
def create_with_tags(call):
    """The same, with tags."""
    given = call.parameters["DistributionConfigWithTags"]
    return _create(call, given["DistributionConfig"], items(given["Tags"]))


def _create(call, given, tags):
    config = complete(given)
    known = [item for item in distributions(call) if item.config["CallerReference"] == config["CallerReference"]]
    if known and known[0].config == config:
        return _answer(call, known[0])
    message = (
        "The caller reference that you are using to create a distribution is associated with another distribution."
    )
    refuse(known, f"{message} Already exists: {known[0].id if known else ''}", "DistributionAlreadyExists")
    refuse(len(distributions(call)) >= MOST, "You have reached the most distributions.", "TooManyDistributions")
    check_config(call, config)
    distribution = add(call, config)
    backend(call).tagger.tag_resource(distribution.arn, tags)
    return _answer(call, distribution, "InProgress")


def add(call, config):
    """A new distribution."""
    number, name = new_id(14), "d" + "".join(random.choices(string.ascii_lowercase + string.digits, k=13))
    rest = {
        "ARN": f"arn:aws:cloudfront::{call.account}:distribution/{number}",
        "DomainName": f"{name}.cloudfront.net",
        "deployed_at": delays.ready_at("distribution-deploy"),
    }
    backend(call).distributions[number] = Distribution(number, config, rest)
    return backend(call).distributions[number]


def _view(call, distribution, status=None):
    config = distribution.config
    groups = {number for behavior in behaviors(config) for number in items(behavior["TrustedKeyGroups"])}
    invalidations = kept(call, "invalidations").get(distribution.id, {}).values()
    return {
        "Id": distribution.id,
        "Status": status or distribution.status,
        "LastModifiedTime": distribution.modified,
        "InProgressInvalidationBatches": sum(not delays.is_past(item.rest["done_at"]) for item in invalidations),
        "ActiveTrustedSigners": {"Enabled": False, "Quantity": 0},
        "ActiveTrustedKeyGroups": {"Enabled": bool(groups), **of([_keys(call, group) for group in sorted(groups)])},
        "DistributionConfig": config,
        "AliasICPRecordals": _recordals(config),
        **distribution.rest,
    }


def _recordals(config):
    return [{"CNAME": name, "ICPRecordalStatus": "APPROVED"} for name in items(config["Aliases"])]


def _keys(call, group):
    keys = kept(call, "KeyGroup")[group].config["Items"]
    return {"KeyGroupId": group, "KeyPairIds": of(keys)}


def _answer(call, distribution, status=None):
    location = f"https://cloudfront.amazonaws.com/2020-05-31/distribution/{distribution.id}"
    return {"Distribution": _view(call, distribution, status), "ETag": distribution.etag, "Location": location}


@answer("cloudfront", "GetDistribution")
def get(call):
    """Everything that was written, and what CloudFront made of it."""
    return _answer(call, find(call, call.parameters["Id"]))


@answer("cloudfront", "GetDistributionConfig")
def get_config(call):
    """Only what was written."""
    distribution = find(call, call.parameters["Id"])
    return {"DistributionConfig": distribution.config, "ETag": distribution.etag}


@answer("cloudfront", "ListDistributions")
def list_all(call):
    """Summaries of all."""
    return {"DistributionList": page(call, distributions(call), summary)}


def summary(distribution):
    """A distribution as a list has it."""
    told = {"Id": distribution.id, "Status": distribution.status, "LastModifiedTime": distribution.modified}
    own = {"ETag": distribution.etag, "AliasICPRecordals": _recordals(distribution.config)}
    return {**distribution.config, **told, **own, **distribution.rest}


@answer("cloudfront", "UpdateDistribution")
def update(call):
    """Only the last version can be changed."""
    distribution, config = find(call, call.parameters["Id"]), complete(call.parameters["DistributionConfig"])
    require_match(call, distribution)
    for fixed in ("CallerReference", "Staging"):
        refuse(config[fixed] != distribution.config[fixed], f"{fixed} cannot be updated.", "IllegalUpdate")
    check_config(call, config, distribution)
    distribution.change(config)
    return _answer(call, distribution, "InProgress")


@answer("cloudfront", "DeleteDistribution")
def delete(call):
    """Only what is disabled everywhere can go."""
    distribution = find(call, call.parameters["Id"])
    require_match(call, distribution)
    ready = not distribution.config["Enabled"] and distribution.status == "Deployed"
    message = "The distribution you are trying to delete has not been disabled."
    refuse(not ready, message, "DistributionNotDisabled")
    policy = distribution.config["ContinuousDeploymentPolicyId"]
    staged = distribution.config["Staging"] and any(
        distribution.rest["DomainName"] in items(item.config["StagingDistributionDnsNames"])
        for item in kept(call, "ContinuousDeploymentPolicy").values()
    )
    refuse(policy or staged, "The distribution has a continuous deployment policy.", "ResourceInUse")
    del backend(call).distributions[distribution.id]
    backend(call).tagger.delete_all_tags_for_resource(distribution.arn)
    for name in ("invalidations", "monitoring"):
        kept(call, name).pop(distribution.id, None)
    return {}


@answer("cloudfront", "AssociateAlias")
def associate_alias(call):
    """Move an alternate domain name to another distribution, without a moment in which nobody has it."""
    name = call.parameters["Alias"]
    target = find(call, call.parameters["TargetDistributionId"])
    holders = [item for item in distributions(call) if name in items(item.config["Aliases"])]
    message = "The alias is not associated with a distribution of this account."
    refuse(not holders, message, "InvalidArgument")
    given = _with_aliases(target.config, [*items(target.config["Aliases"]), name])
    try:
        check_config(call, given, target, taking=holders)
    except AwsError as error:
        raise AwsError("IllegalUpdate", error.message) from error
    for holder in holders:
        holder.change(_with_aliases(holder.config, [item for item in items(holder.config["Aliases"]) if item != name]))
    target.change(given)
    return {}


def _with_aliases(config, names):
    return {**config, "Aliases": of(list(dict.fromkeys(names)))}


@answer("cloudfront", "ListConflictingAliases")
def list_conflicts(call):
    """The distributions of all accounts that have an alternate domain name, or one that covers it."""
    find(call, call.parameters["DistributionId"])
    name = call.parameters["Alias"]
    wanted = {name, f"*.{name.partition('.')[2]}"}
    found = [
        {"Alias": alias, "DistributionId": item.id, "AccountId": account}
        for account, backends in list(get_backend("cloudfront").items())
        for item in backends["aws"].distributions.values()
        for alias in items(item.config["Aliases"])
        if alias in wanted and item.id != call.parameters["DistributionId"]
    ]
    return {"ConflictingAliasesList": page(call, found, name=lambda item: item["DistributionId"])}


@answer("cloudfront", "CopyDistribution")
def copy(call):
    """A staging distribution with the configuration of its primary one."""
    primary = find(call, call.parameters["PrimaryDistributionId"])
    require_match(call, primary)
    reference = call.parameters["CallerReference"]
    refuse(
        any(item.config["CallerReference"] == reference for item in distributions(call)),
        "The caller reference is associated with another distribution.",
        "DistributionAlreadyExists",
    )
    refuse(not call.parameters.get("Staging"), "The parameter Staging must be true.")
    own = {"CallerReference": reference, "Staging": True, "Aliases": of([]), "ContinuousDeploymentPolicyId": ""}
    enabled = {"Enabled": call.parameters.get("Enabled", False)}
    return _answer(call, add(call, {**primary.config, **own, **enabled}), "InProgress")


@answer("cloudfront", "UpdateDistributionWithStagingConfig")
def promote(call):
    """Copy the configuration of a staging distribution to its primary one."""
    primary, staging = (find(call, call.parameters[name]) for name in ("Id", "StagingDistributionId"))
    etags = [part.strip() for part in (call.parameters.get("IfMatch") or "").split(",")]
    for distribution, etag in zip((primary, staging), etags + [""], strict=False):
        refuse(etag != distribution.etag, "The If-Match version is missing or not valid.", "InvalidIfMatchVersion")
    own = ("CallerReference", "Aliases", "Staging", "ContinuousDeploymentPolicyId")
    primary.change({**staging.config, **{name: primary.config[name] for name in own}})
    policy = kept(call, "ContinuousDeploymentPolicy").get(primary.config["ContinuousDeploymentPolicyId"])
    if policy:
        policy.change({**policy.config, "Enabled": False})
    return _answer(call, primary, "InProgress")
