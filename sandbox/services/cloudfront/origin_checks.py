# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudFront refuses in the origins of a distribution."""

import re

from moto.backends import get_backend

from ..s3.buckets import ENFORCED, settings
from .shared import items, kept, refuse
from .things import IDENTITY

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
MOST_ORIGINS, MOST_GROUPS = 100, 10
BUCKET = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9.-]+)\.s3([.-](dualstack\.)?[a-z]{2}(-[a-z]+)+-\d|-accelerate)?\.amazonaws\.com"
)
MOST_SECONDS, MOST_HEADERS = 120, 30
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
OURS = set(
    "cache-control connection content-length cookie host if-match if-modified-since if-none-match if-range"
    " if-unmodified-since max-forwards pragma proxy-authorization proxy-connection range te trailer"
    " transfer-encoding upgrade via x-real-ip".split()
)


def check_origins(call, config):
    """Refuse origins and groups of them, and logs that have nowhere to go."""
    origins = items(config["Origins"])
    refuse(len(origins) > MOST_ORIGINS, "Your request contains more origins than are allowed.", "TooManyOrigins")
    names = [origin["Id"] for origin in origins]
    refuse(len(set(names)) < len(names), "The origin ids must be unique.")
    for origin in origins:
        _check_kind(call, origin)
        _check_numbers(origin)
        _check_headers(items(origin["CustomHeaders"]))
        _check_access(call, origin)
    _check_groups(config, names)
    _check_logs(call, config["Logging"])


def _check_kind(call, origin):
    kinds = [name for name in ("S3OriginConfig", "CustomOriginConfig", "VpcOriginConfig") if name in origin]
    message = "Exactly one of CustomOriginConfig, VpcOriginConfig and S3OriginConfig must be specified."
    refuse(len(kinds) != 1, message, "InvalidArgument" if kinds else "InvalidOrigin")
    name, path = origin["DomainName"], origin["OriginPath"]
    number = origin.get("VpcOriginConfig", {}).get("VpcOriginId")
    missing = number is not None and number not in kept(call, "VpcOrigin")
    refuse(missing, "The specified VPC origin does not exist.", "EntityNotFound")
    if kinds == ["S3OriginConfig"]:
        refuse(not BUCKET.fullmatch(name), "The parameter Origin DomainName does not refer to a valid S3 bucket.")
    refuse("/" in name or ":" in name or "." not in name, "The parameter origin name must be a domain name.")
    wrong = path and (not path.startswith("/") or path.endswith("/"))
    refuse(wrong, "The parameter OriginPath must begin with a slash and not end with one.")


def _check_numbers(origin):
    refuse(not 1 <= origin["ConnectionAttempts"] <= 3, "The parameter ConnectionAttempts must be from 1 to 3.")
    refuse(not 1 <= origin["ConnectionTimeout"] <= 10, "The parameter ConnectionTimeout must be from 1 to 10.")
    custom = origin.get("CustomOriginConfig") or origin.get("VpcOriginConfig") or {}
    for name in {"HTTPPort", "HTTPSPort"} & set(custom):
        port = custom[name]
        refuse(port not in (80, 443) and not 1024 <= port <= 65535, f"The parameter {name} is not valid: {port}.")
    for name in {"OriginReadTimeout", "OriginKeepaliveTimeout"} & set(custom):
        message = f"The parameter {name} must be from 1 to {MOST_SECONDS}."
        refuse(not 1 <= custom[name] <= MOST_SECONDS, message, f"Invalid{name}")


def _check_headers(headers):
    message = f"An origin has at most {MOST_HEADERS} custom headers."
    refuse(len(headers) > MOST_HEADERS, message, "TooManyOriginCustomHeaders")
    for header in headers:
        name = header["HeaderName"].lower()
        wrong = name in OURS or name.startswith(("x-amz-", "x-edge-"))
        refuse(wrong, f"The parameter HeaderName {header['HeaderName']} is not allowed.")


def _check_access(call, origin):
    control, given = origin["OriginAccessControlId"], origin.get("S3OriginConfig", {})
    identity = given.get("OriginAccessIdentity", "")
    message = "An origin cannot contain both an origin access control (OAC) and an origin access identity (OAI)."
    refuse(control and identity, message, "IllegalOriginAccessConfiguration")
    if identity:
        known = identity.removeprefix(IDENTITY) in kept(call, "CloudFrontOriginAccessIdentity")
        message = "The specified origin access identity does not exist or is not valid."
        refuse(not identity.startswith(IDENTITY) or not known, message, "InvalidOriginAccessIdentity")
    if control:
        controls = kept(call, "OriginAccessControl")
        refuse(control not in controls, "The origin access control is not valid.", "InvalidOriginAccessControl")
        of_s3 = controls[control].config["OriginAccessControlOriginType"] == "s3"
        message = "An origin access control is associated with an origin whose domain name is not supported."
        refuse(of_s3 != ("S3OriginConfig" in origin), message, "InvalidDomainNameForOriginAccessControl")


def _check_groups(config, names):
    groups = items(config["OriginGroups"])
    message = "Your request contains more origin groups than are allowed."
    refuse(len(groups) > MOST_GROUPS, message, "TooManyOriginGroupsPerDistribution")
    members = [member["OriginId"] for group in groups for member in items(group["Members"])]
    message = "One or more of your origins or origin groups do not exist."
    refuse(set(members) - set(names), message, "NoSuchOrigin")


def _check_logs(call, logging):
    if not logging["Enabled"]:
        return
    match = BUCKET.fullmatch(logging["Bucket"])
    refuse(match is None, "The parameter Logging Bucket does not refer to a valid S3 bucket.")
    bucket = get_backend("s3")[call.account]["aws"].buckets.get(match["name"])
    refuse(bucket is None, "The parameter Logging Bucket does not refer to a valid S3 bucket.")
    rules = settings(bucket).get("Ownership", {}).get("Rules", [])
    message = f"The S3 bucket that you specified for CloudFront logs does not enable ACL access: {logging['Bucket']}"
    refuse(any(rule["ObjectOwnership"] == ENFORCED for rule in rules), message)
