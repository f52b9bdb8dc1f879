# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of a distribution as CloudFront reads it back: with everything that was left to its defaults."""

from .shared import cleaned, items, of

NONE = {"Quantity": 0}
CUSTOM = {"OriginReadTimeout": 30, "OriginKeepaliveTimeout": 5, "IpAddressType": "ipv4"}
PROTOCOLS = ["TLSv1", "TLSv1.1", "TLSv1.2"]
BEHAVIOR = {
    "TrustedSigners": {"Enabled": False, "Quantity": 0},
    "TrustedKeyGroups": {"Enabled": False, "Quantity": 0},
    "SmoothStreaming": False,
    "Compress": False,
    "LambdaFunctionAssociations": NONE,
    "FunctionAssociations": NONE,
    "FieldLevelEncryptionId": "",
    "GrpcConfig": {"Enabled": False},
}
REFERENCES = ("CachePolicyId", "OriginRequestPolicyId", "ResponseHeadersPolicyId", "RealtimeLogConfigArn")
LEGACY = {"MinTTL": 0, "DefaultTTL": 86400, "MaxTTL": 31536000}
READING = ["HEAD", "GET"]
DISTRIBUTION = {
    "Aliases": NONE,
    "DefaultRootObject": "",
    "OriginGroups": NONE,
    "CustomErrorResponses": NONE,
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    "PriceClass": "PriceClass_All",
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
    "WebACLId": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": True,
    "ContinuousDeploymentPolicyId": "",
    "Staging": False,
}
DEFAULT_CERTIFICATE = {
    "CloudFrontDefaultCertificate": True,
    "SSLSupportMethod": "vip",
    "MinimumProtocolVersion": "TLSv1",
    "CertificateSource": "cloudfront",
}


def complete(given):
    """Everything that CloudFront keeps of what was given."""
    given = cleaned(given)
    logging = DISTRIBUTION["Logging"] | given.get("Logging", {})
    return {
        **DISTRIBUTION,
        **given,
        "Logging": logging if logging["Enabled"] else logging | {"Bucket": "", "Prefix": ""},
        "Origins": of([_origin(origin) for origin in items(given["Origins"])]),
        "DefaultCacheBehavior": _behavior(given["DefaultCacheBehavior"]),
        "CacheBehaviors": of([_behavior(behavior) for behavior in items(given.get("CacheBehaviors"))]),
        "ViewerCertificate": certificate_of(given),
    }


def _origin(given):
    origin = {
        "OriginPath": "",
        "CustomHeaders": NONE,
        "ConnectionAttempts": 3,
        "ConnectionTimeout": 10,
        "OriginShield": {"Enabled": False},
        "OriginAccessControlId": "",
        **given,
    }
    if "VpcOriginConfig" in origin:
        origin["VpcOriginConfig"] = {"OriginReadTimeout": 30, "OriginKeepaliveTimeout": 5, **origin["VpcOriginConfig"]}
    if "CustomOriginConfig" in origin:
        origin["CustomOriginConfig"] = {"OriginSslProtocols": of(PROTOCOLS), **CUSTOM, **origin["CustomOriginConfig"]}
    return origin


def _behavior(given):
    # An empty id is none.
    behavior = {**BEHAVIOR, **{name: value for name, value in given.items() if value != "" or name not in REFERENCES}}
    methods = {**of(READING), **given.get("AllowedMethods", {})}
    behavior["AllowedMethods"] = {"CachedMethods": of(READING), **methods}
    if "ForwardedValues" not in given:
        return behavior
    forwarded = {"Headers": NONE, "QueryStringCacheKeys": NONE, **given["ForwardedValues"]}
    return {**LEGACY, **behavior, "ForwardedValues": forwarded}


def certificate_of(given):
    """Which certificate viewers see; without any, the one of cloudfront.net."""
    given = given.get("ViewerCertificate", {})
    for member, source in (("ACMCertificateArn", "acm"), ("IAMCertificateId", "iam")):
        if given.get(member):
            told = {"Certificate": given[member], "CertificateSource": source}
            return {"CloudFrontDefaultCertificate": False, "MinimumProtocolVersion": "TLSv1", **given, **told}
    return DEFAULT_CERTIFICATE
