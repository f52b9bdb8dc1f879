# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPC origins: load balancers and instances in private subnets, which distributions reach all the same."""

import random
import string

from moto.backends import get_backend

from ... import delays
from .. import answer, backend
from .shared import Thing, cleaned, distributions, items, kept, of, page, refuse, require_match

SERVICE = "cloudfront"
MOST = 25  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
DEFAULTS = {"OriginSslProtocols": of(["TLSv1.2"]), "IpAddressType": "ipv4"}


class VpcOrigin(Thing):
    """An origin, which takes its time to be deployed."""

    @property
    def arn(self):
        """The ARN."""
        return self.rest["Arn"]

    def change(self, config):
        """A new version is deployed anew."""
        super().change(config)
        self.rest["deployed_at"] = delays.ready_at("vpc-origin-deploy")


def find(call, number):
    """One by its id."""
    found = kept(call, "VpcOrigin").get(number)
    refuse(found is None, "The specified VPC origin does not exist.", "EntityNotFound")
    return found


def _users(call, origin):
    return [
        item
        for item in distributions(call)
        if any(one.get("VpcOriginConfig", {}).get("VpcOriginId") == origin.id for one in items(item.config["Origins"]))
    ]


@answer(SERVICE, "CreateVpcOrigin")
def create(call):
    """Of an endpoint that there is."""
    config, known = _config(call), kept(call, "VpcOrigin")
    refuse(len(known) >= MOST, "The account has the most VPC origins already.", "EntityLimitExceeded")
    number = "vo_" + "".join(random.choices(string.ascii_letters + string.digits, k=22))
    arn = f"arn:aws:cloudfront::{call.account}:vpcorigin/{number}"
    rest = {"Arn": arn, "AccountId": call.account, "deployed_at": delays.ready_at("vpc-origin-deploy")}
    known[number] = VpcOrigin(number, config, rest)
    backend(call).tagger.tag_resource(arn, items(call.parameters.get("Tags")))
    location = f"https://cloudfront.amazonaws.com/2020-05-31/vpc-origin/{number}"
    return _answer(known[number], "Deploying") | {"Location": location}


def _config(call, origin=None):
    config = {**DEFAULTS, **cleaned(call.parameters["VpcOriginEndpointConfig"])}
    others = [item for item in kept(call, "VpcOrigin").values() if item is not origin]
    taken = any(item.config["Name"] == config["Name"] for item in others)
    refuse(taken, f"A VPC origin with the name {config['Name']} exists already.", "EntityAlreadyExists")
    refuse(not _exists(call.account, config["Arn"]), f"The endpoint {config['Arn']} does not exist.")
    return config


def _exists(account, arn):
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[4] != account:
        return False
    service, region, resource = parts[2], parts[3], parts[5]
    if service == "elasticloadbalancing":
        return arn in get_backend("elbv2")[account][region].load_balancers
    reservations = get_backend("ec2")[account][region].reservations.values() if service == "ec2" else ()
    return any(resource == f"instance/{item.id}" for reservation in reservations for item in reservation.instances)


def _view(origin, status=None):
    deployed = delays.is_past(origin.rest["deployed_at"])
    return {
        "Id": origin.id,
        "Status": status or ("Deployed" if deployed else "Deploying"),
        "CreatedTime": origin.created,
        "LastModifiedTime": origin.modified,
        "VpcOriginEndpointConfig": origin.config,
        **origin.rest,
    }


def _answer(origin, status=None):
    return {"VpcOrigin": _view(origin, status), "ETag": origin.etag}


@answer(SERVICE, "GetVpcOrigin")
def get(call):
    """Everything that was written."""
    return _answer(find(call, call.parameters["Id"]))


@answer(SERVICE, "UpdateVpcOrigin")
def update(call):
    """Only what no distribution has changes."""
    origin = find(call, call.parameters["Id"])
    require_match(call, origin)
    config, message = _config(call, origin), "The entity cannot be updated while it is in use."
    refuse(_users(call, origin), message, "CannotUpdateEntityWhileInUse")
    origin.change(config)
    return _answer(origin, "Deploying")


@answer(SERVICE, "DeleteVpcOrigin")
def delete(call):
    """Only what no distribution has goes."""
    origin = find(call, call.parameters["Id"])
    require_match(call, origin)
    message = "The entity cannot be deleted while it is in use."
    refuse(_users(call, origin), message, "CannotDeleteEntityWhileInUse")
    del kept(call, "VpcOrigin")[origin.id]
    backend(call).tagger.delete_all_tags_for_resource(origin.arn)
    return _answer(origin, "Deleting")


@answer(SERVICE, "ListVpcOrigins")
def list_all(call):
    """All of the account."""

    def view(origin):
        endpoint = {"Name": origin.config["Name"], "OriginEndpointArn": origin.config["Arn"]}
        return {**_view(origin), **endpoint, "IpAddressType": origin.config["IpAddressType"]}

    return {"VpcOriginList": page(call, kept(call, "VpcOrigin").values(), view)}


@answer(SERVICE, "ListDistributionsByVpcOriginId")
def list_users(call):
    """The distributions that have one."""
    origin = find(call, call.parameters["VpcOriginId"])
    return {"DistributionIdList": page(call, _users(call, origin), lambda item: item.id)}
