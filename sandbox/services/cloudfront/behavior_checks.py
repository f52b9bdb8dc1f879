# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudFront refuses in the cache behaviors of a distribution."""

import re

from .. import backend
from .functions import live
from .shared import behaviors, items, kept, refuse
from .things import KINDS

MOST_BEHAVIORS = 75  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
READING = {"GET", "HEAD"}
ALL = READING | {"OPTIONS", "PUT", "PATCH", "POST", "DELETE"}
POLICIES = {
    "CachePolicyId": "CachePolicy",
    "OriginRequestPolicyId": "OriginRequestPolicy",
    "ResponseHeadersPolicyId": "ResponseHeadersPolicy",
}
VERSION = re.compile(r"arn:aws:lambda:us-east-1:\d{12}:function:[A-Za-z0-9-_]+:\d+")
LEGACY = ("ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL")
VIEWER = ("viewer-request", "viewer-response")


def check_behaviors(call, config):
    """Refuse behaviors that lead nowhere, contradict themselves, or name what is not there."""
    targets = {item["Id"] for name in ("Origins", "OriginGroups") for item in items(config[name])}
    found = behaviors(config)
    message = "You cannot create more cache behaviors for the distribution."
    refuse(len(found) - 1 > MOST_BEHAVIORS, message, "TooManyCacheBehaviors")
    for behavior in found:
        missing = behavior["TargetOriginId"] not in targets
        refuse(missing, "One or more of your origins or origin groups do not exist.", "NoSuchOrigin")
        _check_methods(behavior)
        _check_caching(behavior)
        _check_references(call, behavior)
        _check_functions(call, behavior)


def _check_methods(behavior):
    allowed, cached = (set(items(part)) for part in _methods(behavior))
    refuse(allowed not in (READING, READING | {"OPTIONS"}, ALL), "The parameter AllowedMethods is not valid.")
    possible = cached in (READING, READING | {"OPTIONS"}) and cached <= allowed
    refuse(not possible, "The parameter CachedMethods is not valid.")


def _methods(behavior):
    return behavior["AllowedMethods"], behavior["AllowedMethods"]["CachedMethods"]


def _check_caching(behavior):
    forwarded, policy = behavior.get("ForwardedValues"), behavior.get("CachePolicyId")
    given = [name for name in LEGACY if policy and name in behavior]
    message = "cannot be used when a cache policy is associated to the cache behavior."
    refuse(given, f"The parameter {(given or LEGACY)[0]} {message}")
    refuse(not forwarded and not policy, "The parameter ForwardedValues is required.")
    if forwarded:
        ordered = behavior["MinTTL"] <= behavior["DefaultTTL"] <= behavior["MaxTTL"]
        refuse(not ordered, "The order of MinTTL, DefaultTTL and MaxTTL is not valid.", "InvalidTTLOrder")


def _check_references(call, behavior):
    for member, kind in POLICIES.items():
        if behavior.get(member):
            KINDS[kind].find(call, behavior[member])
    message = "The specified key group does not exist."
    for number in items(behavior["TrustedKeyGroups"]):
        refuse(number not in kept(call, "KeyGroup"), message, "TrustedKeyGroupDoesNotExist")
    arn = behavior.get("RealtimeLogConfigArn")
    message = "The real-time log configuration does not exist."
    refuse(arn and arn not in kept(call, "RealtimeLogConfig"), message, "NoSuchRealtimeLogConfig")


def _check_functions(call, behavior):
    functions, lambdas = items(behavior["FunctionAssociations"]), items(behavior["LambdaFunctionAssociations"])
    for code, given in (("InvalidFunctionAssociation", functions), ("InvalidLambdaFunctionAssociation", lambdas)):
        events = [item["EventType"] for item in given]
        refuse(len(set(events)) < len(events), "An event type is associated with more than one function.", code)
    for item in functions:
        message = f"The function cannot be associated with the event {item['EventType']}."
        refuse(item["EventType"] not in VIEWER, message, "MalformedXML")
        known = live(backend(call, "cloudfront"), item["FunctionARN"])
        message = f"The function is not published, or does not exist: {item['FunctionARN']}."
        refuse(known is None, message, "InvalidFunctionAssociation")
    for item in lambdas:
        message = f"The function must be a version in us-east-1: {item['LambdaFunctionARN']}."
        wrong = not VERSION.fullmatch(item["LambdaFunctionARN"])
        refuse(wrong, message, "InvalidLambdaFunctionAssociation")
        both = functions and item["EventType"] in VIEWER
        message = "CloudFront Functions and Lambda@Edge cannot be combined in viewer events."
        refuse(both, message, "InvalidLambdaFunctionAssociation")
