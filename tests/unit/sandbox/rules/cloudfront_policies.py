# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon CloudFront refuses of policies, access controls and keys."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.unit.sandbox.edge import (
    CACHING_OPTIMIZED,
    control_config,
    first,
    identified,
    listed,
    make_distribution,
    second,
)
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/cloudfront/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide"
QUOTAS = f"{GUIDE}/cloudfront-limits.html"

SERVICE = "cloudfront"


def _parts(headers=None, cookies=None, strings=None):
    """What of a request makes a difference, as policies write it."""
    return {
        "HeadersConfig": headers or {"HeaderBehavior": "none"},
        "CookiesConfig": cookies or {"CookieBehavior": "none"},
        "QueryStringsConfig": strings or {"QueryStringBehavior": "none"},
    }


def _cached(name="p", compressed=False, times=(1, 10, 100), **parts):
    key = {"EnableAcceptEncodingGzip": compressed, **_parts(**parts)}
    times = dict(zip(("MinTTL", "DefaultTTL", "MaxTTL"), times, strict=True))
    return {"CachePolicyConfig": {"Name": name, **times, "ParametersInCacheKeyAndForwardedToOrigin": key}}


def _forwarded(**parts):
    return {"OriginRequestPolicyConfig": {"Name": "p", **_parts(**parts)}}


def _answered(**config):
    return {"ResponseHeadersPolicyConfig": {"Name": "p", **config}}


def _headers(count):
    return {"HeaderBehavior": "whitelist", "Headers": listed(*(f"X-{number}" for number in range(count)))}


def _cookies(count):
    return {"CookieBehavior": "whitelist", "Cookies": listed(*(f"c{number}" for number in range(count)))}


def _strings(count):
    names = listed(*(f"q{number}" for number in range(count)))
    return {"QueryStringBehavior": "whitelist", "QueryStrings": names}


def _custom(count):
    return listed(*({"Header": f"X-{number}", "Value": "v", "Override": True} for number in range(count)))


def _removed(count):
    return listed(*({"Header": f"X-{number}"} for number in range(count)))


def _protected(**more):
    return {"SecurityHeadersConfig": {"XSSProtection": {"Override": True, "Protection": True, **more}}}


def _content_policy(length):
    return {
        "SecurityHeadersConfig": {"ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": "a" * length}}
    }


def _policies(used=True):
    """Two cache policies, of which a distribution has the first."""

    def make(world):
        made = [identified(world.cloudfront.create_cache_policy(**_cached(name))) for name in "ab"]
        if used:
            make_distribution(world, behavior={"CachePolicyId": made[0]["Id"]})
        return made

    return make


def _control(name):
    return {"OriginAccessControlConfig": control_config(name)}


def _controls(world):
    made = [identified(world.cloudfront.create_origin_access_control(**_control(name))) for name in "ab"]
    make_distribution(world, origin={"OriginAccessControlId": made[0]["Id"]})
    return made


def _identity(reference, comment=""):
    return {"CloudFrontOriginAccessIdentityConfig": {"CallerReference": reference, "Comment": comment}}


def _identities(world):
    make = world.cloudfront.create_cloud_front_origin_access_identity
    made = [identified(make(**_identity(name))) for name in "ab"]
    identity = {"OriginAccessIdentity": f"origin-access-identity/cloudfront/{made[0]['Id']}"}
    make_distribution(world, origin={"S3OriginConfig": identity})
    return made


def _pem(key):
    form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(*form).decode()


CURVE, WEAK = _pem(ec.generate_private_key(ec.SECP256R1())), _pem(rsa.generate_private_key(65537, 1024))


def _key(name="k", encoded=CURVE):
    return {"PublicKeyConfig": {"CallerReference": name, "Name": name, "EncodedKey": encoded}}


def _keys(world):
    """Two keys, of which a group has the first; a group that a distribution trusts, and one that none does."""
    cloudfront = world.cloudfront
    keys = [identified(cloudfront.create_public_key(**_key(name))) for name in "ab"]
    groups = [
        identified(cloudfront.create_key_group(KeyGroupConfig={"Name": name, "Items": [keys[0]["Id"]]}))
        for name in "ab"
    ]
    make_distribution(world, behavior={"TrustedKeyGroups": {"Enabled": True, **listed(groups[0]["Id"])}})
    return keys, groups


def _group(*numbers):
    return {"KeyGroupConfig": {"Name": "g", "Items": list(numbers)}}


RULES = [
    Rule(
        "the name of a cache policy is taken",
        f"{API}/API_CreateCachePolicy.html",
        "create_cache_policy",
        "CachePolicyAlreadyExists",
        _cached("a"),
        _cached("c"),
        _policies(),
    ),
    Rule(
        "the times of a cache policy are in order",
        f"{GUIDE}/cache-key-understand-cache-policy.html",
        "create_cache_policy",
        "InvalidArgument",
        _cached(times=(1, 100, 10)),
        _cached(times=(1, 10, 100)),
    ),
    Rule(
        "a cache policy that keeps nothing tells nothing apart",
        f"{GUIDE}/cache-key-understand-cache-policy.html",
        "create_cache_policy",
        "InvalidArgument",
        _cached(times=(0, 0, 0), compressed=True),
        _cached(times=(0, 0, 0)),
    ),
    Rule(
        "who lists headers names them",
        f"{API}/API_CachePolicyHeadersConfig.html",
        "create_cache_policy",
        "InvalidArgument",
        _cached(headers={"HeaderBehavior": "whitelist"}),
        _cached(headers=_headers(1)),
    ),
    Rule(
        "who lists no query strings names none",
        f"{API}/API_CachePolicyQueryStringsConfig.html",
        "create_cache_policy",
        "InvalidArgument",
        _cached(strings=_strings(1) | {"QueryStringBehavior": "all"}),
        _cached(strings=_strings(1)),
    ),
    Rule(
        "at most 10 headers in a cache policy",
        QUOTAS,
        "create_cache_policy",
        "TooManyHeadersInCachePolicy",
        _cached(headers=_headers(11)),
        _cached(headers=_headers(10)),
    ),
    Rule(
        "at most 10 cookies in a cache policy",
        QUOTAS,
        "create_cache_policy",
        "TooManyCookiesInCachePolicy",
        _cached(cookies=_cookies(11)),
        _cached(cookies=_cookies(10)),
    ),
    Rule(
        "at most 10 query strings in a cache policy",
        QUOTAS,
        "create_cache_policy",
        "TooManyQueryStringsInCachePolicy",
        _cached(strings=_strings(11)),
        _cached(strings=_strings(10)),
    ),
    Rule(
        "AWS's own policies stay",
        f"{API}/API_DeleteCachePolicy.html",
        "delete_cache_policy",
        "IllegalDelete",
        {"Id": CACHING_OPTIMIZED},
        first,
        _policies(used=False),
    ),
    Rule(
        "AWS's own policies stay as they are",
        f"{API}/API_UpdateCachePolicy.html",
        "update_cache_policy",
        "IllegalUpdate",
        {"Id": CACHING_OPTIMIZED, **_cached()},
        lambda world: {**world.given[0], **_cached()},
        _policies(),
    ),
    Rule(
        "a cache policy in use stays",
        f"{API}/API_DeleteCachePolicy.html",
        "delete_cache_policy",
        "CachePolicyInUse",
        first,
        second,
        _policies(),
    ),
    Rule(
        "at most 10 headers in an origin request policy",
        QUOTAS,
        "create_origin_request_policy",
        "TooManyHeadersInOriginRequestPolicy",
        _forwarded(headers=_headers(11)),
        _forwarded(headers=_headers(10)),
    ),
    Rule(
        "an origin request policy lets no Authorization through",
        f"{GUIDE}/add-origin-custom-headers.html",
        "create_origin_request_policy",
        "InvalidArgument",
        _forwarded(headers={"HeaderBehavior": "whitelist", "Headers": listed("Authorization")}),
        _forwarded(headers={"HeaderBehavior": "whitelist", "Headers": listed("X-Authorization")}),
    ),
    Rule(
        "at most 10 custom headers in a response headers policy",
        QUOTAS,
        "create_response_headers_policy",
        "TooManyCustomHeadersInResponseHeadersPolicy",
        _answered(CustomHeadersConfig=_custom(11)),
        _answered(CustomHeadersConfig=_custom(10)),
    ),
    Rule(
        "at most 10 headers are removed",
        QUOTAS,
        "create_response_headers_policy",
        "TooManyRemoveHeadersInResponseHeadersPolicy",
        _answered(RemoveHeadersConfig=_removed(11)),
        _answered(RemoveHeadersConfig=_removed(10)),
    ),
    Rule(
        "a content security policy has at most 1783 characters",
        QUOTAS,
        "create_response_headers_policy",
        "TooLongCSPInResponseHeadersPolicy",
        _answered(**_content_policy(1784)),
        _answered(**_content_policy(1783)),
    ),
    Rule(
        "what is blocked is not reported",
        f"{API}/API_ResponseHeadersPolicyXSSProtection.html",
        "create_response_headers_policy",
        "InvalidArgument",
        _answered(**_protected(ModeBlock=True, ReportUri="https://example.com")),
        _answered(**_protected(ModeBlock=True)),
    ),
    Rule(
        "the name of an origin access control is taken",
        f"{API}/API_CreateOriginAccessControl.html",
        "create_origin_access_control",
        "OriginAccessControlAlreadyExists",
        _control("a"),
        _control("c"),
        _controls,
    ),
    Rule(
        "the name of an origin access control has at most 64 characters",
        f"{API}/API_OriginAccessControlConfig.html",
        "create_origin_access_control",
        "InvalidArgument",
        _control("c" * 65),
        _control("c" * 64),
    ),
    Rule(
        "an origin access control in use stays",
        f"{API}/API_DeleteOriginAccessControl.html",
        "delete_origin_access_control",
        "OriginAccessControlInUse",
        first,
        second,
        _controls,
    ),
    Rule(
        "a caller reference is that of one origin access identity",
        f"{API}/API_CreateCloudFrontOriginAccessIdentity.html",
        "create_cloud_front_origin_access_identity",
        "CloudFrontOriginAccessIdentityAlreadyExists",
        _identity("a", "other"),
        _identity("c", "other"),
        _identities,
    ),
    Rule(
        "an origin access identity in use stays",
        f"{API}/API_DeleteCloudFrontOriginAccessIdentity.html",
        "delete_cloud_front_origin_access_identity",
        "CloudFrontOriginAccessIdentityInUse",
        first,
        second,
        _identities,
    ),
    Rule(
        "a public key has 2048 bits of RSA, or 256 of ECDSA",
        f"{GUIDE}/private-content-trusted-signers.html",
        "create_public_key",
        "InvalidArgument",
        _key(encoded=WEAK),
        _key(),
    ),
    Rule(
        "a public key stays as it is",
        f"{API}/API_UpdatePublicKey.html",
        "update_public_key",
        "CannotChangeImmutablePublicKeyFields",
        lambda world: {**world.given[0][0], **_key("other")},
        lambda world: {**world.given[0][0], **_key("a")},
        _keys,
    ),
    Rule(
        "a public key in a group stays",
        f"{API}/API_DeletePublicKey.html",
        "delete_public_key",
        "PublicKeyInUse",
        lambda world: world.given[0][0],
        lambda world: world.given[0][1],
        _keys,
    ),
    Rule(
        "a key group is of keys that there are",
        f"{API}/API_CreateKeyGroup.html",
        "create_key_group",
        "InvalidArgument",
        _group("K1ABCDEFGHIJKL"),
        lambda world: _group(world.given[0][0]["Id"]),
        _keys,
    ),
    Rule(
        "a key group has at most 5 keys",
        QUOTAS,
        "create_key_group",
        "TooManyPublicKeysInKeyGroup",
        lambda world: _group(*(key["Id"] for key in world.given)),
        lambda world: _group(*(key["Id"] for key in world.given[1:])),
        lambda world: [identified(world.cloudfront.create_public_key(**_key(name))) for name in "abcdef"],
    ),
    Rule(
        "a trusted key group stays",
        f"{API}/API_DeleteKeyGroup.html",
        "delete_key_group",
        "ResourceInUse",
        lambda world: world.given[1][0],
        lambda world: world.given[1][1],
        _keys,
    ),
]
