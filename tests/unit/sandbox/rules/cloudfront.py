# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon CloudFront refuses of what distributions refer to, and of changes to them."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.unit.sandbox.edge import CACHING_OPTIMIZED, distribution_config, listed
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/cloudfront/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide"
QUOTAS = f"{GUIDE}/cloudfront-limits.html"

SERVICE = "cloudfront"
CODE = b"function handler(event) { return event.request; }"
ROLE, STREAM = "arn:aws:iam::123456789012:role/logs", "arn:aws:kinesis:us-east-1:123456789012:stream/logs"
ENDS = [{"StreamType": "Kinesis", "KinesisStreamConfig": {"RoleARN": ROLE, "StreamARN": STREAM}}]
LOGS = {"Name": "logs", "SamplingRate": 1, "Fields": ["c-ip"], "EndPoints": ENDS}
METRICS = {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": "Enabled"}}


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


def _identified(made):
    """What a change to something begins with."""
    (name,) = set(made) - {"ETag", "Location", "ResponseMetadata"}
    return {"Id": made[name]["Id"], "IfMatch": made["ETag"]}


def _distribution(world, **parts):
    return world.cloudfront.create_distribution(DistributionConfig=distribution_config(**parts))


def _policies(used=True):
    """Two cache policies, of which a distribution has the first."""

    def make(world):
        made = [_identified(world.cloudfront.create_cache_policy(**_cached(name))) for name in "ab"]
        if used:
            _distribution(world, behavior={"CachePolicyId": made[0]["Id"]})
        return made

    return make


def _control(name):
    config = {"Name": name, "SigningProtocol": "sigv4", "SigningBehavior": "always"}
    return {"OriginAccessControlConfig": config | {"OriginAccessControlOriginType": "s3"}}


def _controls(world):
    made = [_identified(world.cloudfront.create_origin_access_control(**_control(name))) for name in "ab"]
    _distribution(world, origin={"OriginAccessControlId": made[0]["Id"]})
    return made


def _identity(reference, comment=""):
    return {"CloudFrontOriginAccessIdentityConfig": {"CallerReference": reference, "Comment": comment}}


def _identities(world):
    make = world.cloudfront.create_cloud_front_origin_access_identity
    made = [_identified(make(**_identity(name))) for name in "ab"]
    identity = {"OriginAccessIdentity": f"origin-access-identity/cloudfront/{made[0]['Id']}"}
    _distribution(world, origin={"S3OriginConfig": identity})
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
    keys = [_identified(cloudfront.create_public_key(**_key(name))) for name in "ab"]
    groups = [
        _identified(cloudfront.create_key_group(KeyGroupConfig={"Name": name, "Items": [keys[0]["Id"]]}))
        for name in "ab"
    ]
    _distribution(world, behavior={"TrustedKeyGroups": {"Enabled": True, **listed(groups[0]["Id"])}})
    return keys, groups


def _group(*numbers):
    return {"KeyGroupConfig": {"Name": "g", "Items": list(numbers)}}


def _function(name="f", code=CODE, runtime="cloudfront-js-2.0", **more):
    return {"Name": name, "FunctionConfig": {"Comment": "", "Runtime": runtime, **more}, "FunctionCode": code}


def _functions(world):
    """Two published functions, of which a distribution runs the first; a third that is not published."""
    made = [world.cloudfront.create_function(**_function(name)) for name in "abc"]
    for name, one in zip("ab", made[:2], strict=True):
        world.cloudfront.publish_function(Name=name, IfMatch=one["ETag"])
    arn = made[0]["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    runs = listed({"FunctionARN": arn, "EventType": "viewer-request"})
    _distribution(world, behavior={"FunctionAssociations": runs})
    return [{"Name": name, "IfMatch": one["ETag"]} for name, one in zip("abc", made, strict=True)]


def _stores(world):
    """Two key value stores, of which a function reads the first."""
    made = [world.cloudfront.create_key_value_store(Name=name) for name in ("one", "two")]
    read = listed({"KeyValueStoreARN": made[0]["KeyValueStore"]["ARN"]})
    world.cloudfront.create_function(**_function(KeyValueStoreAssociations=read))
    return [{"Name": one["KeyValueStore"]["Name"], "IfMatch": one["ETag"]} for one in made]


def _staging(world):
    """The names of two staging distributions, and the id of a third distribution with a policy for the second."""
    cloudfront, made = world.cloudfront, _distribution(world)
    names = []
    for number in "12":
        copy = {"PrimaryDistributionId": made["Distribution"]["Id"], "IfMatch": made["ETag"]}
        staging = cloudfront.copy_distribution(**copy, Staging=True, CallerReference=number)
        names.append(staging["Distribution"]["DomainName"])
    return names, _identified(cloudfront.create_continuous_deployment_policy(**_deployment(names[1])))


def _deployment(name, **traffic):
    config = {"StagingDistributionDnsNames": listed(name), "Enabled": True}
    return {"ContinuousDeploymentPolicyConfig": config | ({"TrafficConfig": traffic} if traffic else {})}


def _weighted(weight, **more):
    return {"Type": "SingleWeight", "SingleWeightConfig": {"Weight": weight, **more}}


def _sticky(idle, most):
    return _weighted(0.1, SessionStickinessConfig={"IdleTTL": idle, "MaximumTTL": most})


def _selected(header):
    return {"Type": "SingleHeader", "SingleHeaderConfig": {"Header": header, "Value": "yes"}}


def _invalidated(*paths, reference="one"):
    batch = {"CallerReference": reference, "Paths": listed(*paths)}
    return lambda world: {"DistributionId": world.given["Distribution"]["Id"], "InvalidationBatch": batch}


def _once_invalidated(world):
    made = world.given = _distribution(world)
    world.cloudfront.create_invalidation(**_invalidated("/a")(world))
    return made


def _updated(world):
    """A distribution that has been changed once."""
    made = _identified(_distribution(world))
    changed = distribution_config(Comment="second")
    etag = world.cloudfront.update_distribution(**made, DistributionConfig=changed)["ETag"]
    return {"id": {"Id": made["Id"]}, "first": {"IfMatch": made["IfMatch"]}, "last": {"IfMatch": etag}}


def _change(version, **config):
    def request(world):
        return {
            **world.given["id"],
            **world.given.get(version, {}),
            "DistributionConfig": distribution_config(**config),
        }

    return request


def _on_and_off(world):
    """A distribution that is enabled, and one that is not."""
    return [
        _identified(_distribution(world, CallerReference=str(enabled), Enabled=enabled)) for enabled in (True, False)
    ]


def _subscribed(world):
    """Two distributions, of which the first has additional metrics."""
    made = _on_and_off(world)
    world.cloudfront.create_monitoring_subscription(DistributionId=made[0]["Id"], MonitoringSubscription=METRICS)
    return made


def _logged(world):
    """Two configurations of logs, of which a distribution has the first."""
    made = [world.cloudfront.create_realtime_log_config(**LOGS | {"Name": name}) for name in ("logs", "more")]
    _distribution(world, behavior={"RealtimeLogConfigArn": made[0]["RealtimeLogConfig"]["ARN"]})


def _tagged(world, key):
    return {"Resource": world.given["Distribution"]["ARN"], "Tags": {"Items": [{"Key": key, "Value": "web"}]}}


def _first(world):
    return world.given[0]


def _second(world):
    return world.given[1]


def _rule(says, page, operation, code, refused, accepted, given=lambda world: None):
    return Rule(
        says=says, page=page, operation=operation, code=code, refused=refused, accepted=accepted, given=given
    )  # fmt: skip


RULES = [
    _rule(
        "a caller reference is that of one distribution", f"{API}/API_CreateDistribution.html", "create_distribution",
        "DistributionAlreadyExists", {"DistributionConfig": distribution_config(Comment="second")},
        {"DistributionConfig": distribution_config(Comment="second", CallerReference="two")}, _distribution,
    ),
    _rule(
        "a change shows which version it is of", f"{API}/API_UpdateDistribution.html", "update_distribution",
        "InvalidIfMatchVersion", _change("none"), _change("last"), _updated,
    ),
    _rule(
        "a change is one of the last version", f"{API}/API_UpdateDistribution.html", "update_distribution",
        "PreconditionFailed", _change("first"), _change("last"), _updated,
    ),
    _rule(
        "the caller reference of a distribution stays", f"{API}/API_UpdateDistribution.html", "update_distribution",
        "IllegalUpdate", _change("last", CallerReference="other"), _change("last", Comment="other"), _updated,
    ),
    _rule(
        "a distribution is disabled before it is deleted", f"{API}/API_DeleteDistribution.html",
        "delete_distribution", "DistributionNotDisabled", _first, _second, _on_and_off,
    ),
    _rule(
        "a path to invalidate begins with a slash", f"{GUIDE}/invalidation-specifying-objects.html",
        "create_invalidation", "InvalidArgument", _invalidated("index.html"), _invalidated("/index.html"),
        _distribution,
    ),
    _rule(
        "an asterisk ends a path to invalidate", f"{GUIDE}/invalidation-specifying-objects.html",
        "create_invalidation", "InvalidArgument", _invalidated("/*.html"), _invalidated("/html/*"), _distribution,
    ),
    _rule(
        "at most 15 wildcards are invalidated at a time", QUOTAS, "create_invalidation",
        "TooManyInvalidationsInProgress", _invalidated(*(f"/{number}/*" for number in range(16))),
        _invalidated(*(f"/{number}/*" for number in range(15))), _distribution,
    ),
    _rule(
        "at most 3000 paths are invalidated at once", QUOTAS, "create_invalidation", "BatchTooLarge",
        _invalidated(*(f"/{number}" for number in range(3001))),
        _invalidated(*(f"/{number}" for number in range(3000))), _distribution,
    ),
    _rule(
        "a caller reference is that of one invalidation", f"{API}/API_InvalidationBatch.html", "create_invalidation",
        "InvalidArgument", _invalidated("/b"), _invalidated("/b", reference="two"), _once_invalidated,
    ),
    _rule(
        "the name of a cache policy is taken", f"{API}/API_CreateCachePolicy.html", "create_cache_policy",
        "CachePolicyAlreadyExists", _cached("a"), _cached("c"), _policies(),
    ),
    _rule(
        "the times of a cache policy are in order", f"{GUIDE}/cache-key-understand-cache-policy.html",
        "create_cache_policy", "InvalidArgument", _cached(times=(1, 100, 10)), _cached(times=(1, 10, 100)),
    ),
    _rule(
        "a cache policy that keeps nothing tells nothing apart",
        f"{GUIDE}/cache-key-understand-cache-policy.html", "create_cache_policy", "InvalidArgument",
        _cached(times=(0, 0, 0), compressed=True), _cached(times=(0, 0, 0)),
    ),
    _rule(
        "who lists headers names them", f"{API}/API_CachePolicyHeadersConfig.html", "create_cache_policy",
        "InvalidArgument", _cached(headers={"HeaderBehavior": "whitelist"}), _cached(headers=_headers(1)),
    ),
    _rule(
        "who lists no query strings names none", f"{API}/API_CachePolicyQueryStringsConfig.html",
        "create_cache_policy", "InvalidArgument", _cached(strings=_strings(1) | {"QueryStringBehavior": "all"}),
        _cached(strings=_strings(1)),
    ),
    _rule(
        "at most 10 headers in a cache policy", QUOTAS, "create_cache_policy", "TooManyHeadersInCachePolicy",
        _cached(headers=_headers(11)), _cached(headers=_headers(10)),
    ),
    _rule(
        "at most 10 cookies in a cache policy", QUOTAS, "create_cache_policy", "TooManyCookiesInCachePolicy",
        _cached(cookies=_cookies(11)), _cached(cookies=_cookies(10)),
    ),
    _rule(
        "at most 10 query strings in a cache policy", QUOTAS, "create_cache_policy",
        "TooManyQueryStringsInCachePolicy", _cached(strings=_strings(11)), _cached(strings=_strings(10)),
    ),
    _rule(
        "AWS's own policies stay", f"{API}/API_DeleteCachePolicy.html", "delete_cache_policy", "IllegalDelete",
        {"Id": CACHING_OPTIMIZED}, _first, _policies(used=False),
    ),
    _rule(
        "AWS's own policies stay as they are", f"{API}/API_UpdateCachePolicy.html", "update_cache_policy",
        "IllegalUpdate", {"Id": CACHING_OPTIMIZED, **_cached()}, lambda world: {**world.given[0], **_cached()},
        _policies(),
    ),
    _rule(
        "a cache policy in use stays", f"{API}/API_DeleteCachePolicy.html", "delete_cache_policy",
        "CachePolicyInUse", _first, _second, _policies(),
    ),
    _rule(
        "at most 10 headers in an origin request policy", QUOTAS, "create_origin_request_policy",
        "TooManyHeadersInOriginRequestPolicy", _forwarded(headers=_headers(11)), _forwarded(headers=_headers(10)),
    ),
    _rule(
        "at most 10 custom headers in a response headers policy", QUOTAS, "create_response_headers_policy",
        "TooManyCustomHeadersInResponseHeadersPolicy", _answered(CustomHeadersConfig=_custom(11)),
        _answered(CustomHeadersConfig=_custom(10)),
    ),
    _rule(
        "at most 10 headers are removed", QUOTAS, "create_response_headers_policy",
        "TooManyRemoveHeadersInResponseHeadersPolicy", _answered(RemoveHeadersConfig=_removed(11)),
        _answered(RemoveHeadersConfig=_removed(10)),
    ),
    _rule(
        "a content security policy has at most 1783 characters", QUOTAS, "create_response_headers_policy",
        "TooLongCSPInResponseHeadersPolicy", _answered(**_content_policy(1784)), _answered(**_content_policy(1783)),
    ),
    _rule(
        "what is blocked is not reported", f"{API}/API_ResponseHeadersPolicyXSSProtection.html",
        "create_response_headers_policy", "InvalidArgument",
        _answered(**_protected(ModeBlock=True, ReportUri="https://example.com")), _answered(**_protected(ModeBlock=True)),
    ),
    _rule(
        "the name of an origin access control is taken", f"{API}/API_CreateOriginAccessControl.html",
        "create_origin_access_control", "OriginAccessControlAlreadyExists", _control("a"), _control("c"), _controls,
    ),
    _rule(
        "the name of an origin access control has at most 64 characters", f"{API}/API_OriginAccessControlConfig.html",
        "create_origin_access_control", "InvalidArgument", _control("c" * 65), _control("c" * 64),
    ),
    _rule(
        "an origin access control in use stays", f"{API}/API_DeleteOriginAccessControl.html",
        "delete_origin_access_control", "OriginAccessControlInUse", _first, _second, _controls,
    ),
    _rule(
        "a caller reference is that of one origin access identity",
        f"{API}/API_CreateCloudFrontOriginAccessIdentity.html", "create_cloud_front_origin_access_identity",
        "CloudFrontOriginAccessIdentityAlreadyExists", _identity("a", "other"), _identity("c", "other"), _identities,
    ),
    _rule(
        "an origin access identity in use stays", f"{API}/API_DeleteCloudFrontOriginAccessIdentity.html",
        "delete_cloud_front_origin_access_identity", "CloudFrontOriginAccessIdentityInUse", _first, _second, _identities,
    ),
    _rule(
        "a public key has 2048 bits of RSA, or 256 of ECDSA", f"{GUIDE}/private-content-trusted-signers.html",
        "create_public_key", "InvalidArgument", _key(encoded=WEAK), _key(),
    ),
    _rule(
        "a public key stays as it is", f"{API}/API_UpdatePublicKey.html", "update_public_key",
        "CannotChangeImmutablePublicKeyFields", lambda world: {**world.given[0][0], **_key("other")},
        lambda world: {**world.given[0][0], **_key("a")}, _keys,
    ),
    _rule(
        "a public key in a group stays", f"{API}/API_DeletePublicKey.html", "delete_public_key", "PublicKeyInUse",
        lambda world: world.given[0][0], lambda world: world.given[0][1], _keys,
    ),
    _rule(
        "a key group is of keys that there are", f"{API}/API_CreateKeyGroup.html", "create_key_group",
        "InvalidArgument", _group("K1ABCDEFGHIJKL"), lambda world: _group(world.given[0][0]["Id"]), _keys,
    ),
    _rule(
        "a key group has at most 5 keys", QUOTAS, "create_key_group", "TooManyPublicKeysInKeyGroup",
        lambda world: _group(*(key["Id"] for key in world.given)),
        lambda world: _group(*(key["Id"] for key in world.given[1:])),
        lambda world: [_identified(world.cloudfront.create_public_key(**_key(name))) for name in "abcdef"],
    ),
    _rule(
        "a trusted key group stays", f"{API}/API_DeleteKeyGroup.html", "delete_key_group", "ResourceInUse",
        lambda world: world.given[1][0], lambda world: world.given[1][1], _keys,
    ),
    _rule(
        "the name of a function is taken", f"{API}/API_CreateFunction.html", "create_function",
        "FunctionAlreadyExists", _function("a"), _function("d"), _functions,
    ),
    _rule(
        "a function has at most 10 KB", QUOTAS, "create_function", "FunctionSizeLimitExceeded",
        _function(code=b"/" * 10241), _function(code=b"/" * 10240),
    ),
    _rule(
        "functions of the first runtime read no key value stores", f"{GUIDE}/kvs-with-functions-associate.html",
        "create_function", "InvalidArgument",
        lambda world: _function(runtime="cloudfront-js-1.0", KeyValueStoreAssociations=world.given),
        lambda world: _function(KeyValueStoreAssociations=world.given),
        lambda world: listed(
            {"KeyValueStoreARN": world.cloudfront.create_key_value_store(Name="s")["KeyValueStore"]["ARN"]}
        ),
    ),
    _rule(
        "who publishes a function shows its version", f"{API}/API_PublishFunction.html", "publish_function",
        "InvalidIfMatchVersion", lambda world: {"Name": "a", "IfMatch": "E1ABCDEFGHIJKL"}, _first, _functions,
    ),
    _rule(
        "a function that was not published is not live", f"{API}/API_DescribeFunction.html", "describe_function",
        "NoSuchFunctionExists", {"Name": "c", "Stage": "LIVE"}, {"Name": "c", "Stage": "DEVELOPMENT"}, _functions,
    ),
    _rule(
        "a function in use stays", f"{API}/API_DeleteFunction.html", "delete_function", "FunctionInUse", _first,
        _second, _functions,
    ),
    _rule(
        "a key value store that a function reads stays", f"{API}/API_DeleteKeyValueStore.html",
        "delete_key_value_store", "CannotDeleteEntityWhileInUse", _first, _second, _stores,
    ),
    _rule(
        "a distribution has one monitoring subscription", f"{API}/API_CreateMonitoringSubscription.html",
        "create_monitoring_subscription", "MonitoringSubscriptionAlreadyExists",
        lambda world: {"DistributionId": world.given[0]["Id"], "MonitoringSubscription": METRICS},
        lambda world: {"DistributionId": world.given[1]["Id"], "MonitoringSubscription": METRICS},
        _subscribed,
    ),
    _rule(
        "the name of a real-time log configuration is taken", f"{API}/API_CreateRealtimeLogConfig.html",
        "create_realtime_log_config", "RealtimeLogConfigAlreadyExists", LOGS, LOGS | {"Name": "more"},
        lambda world: world.cloudfront.create_realtime_log_config(**LOGS),
    ),
    _rule(
        "at most every request is logged", f"{API}/API_CreateRealtimeLogConfig.html", "create_realtime_log_config",
        "InvalidArgument", LOGS | {"SamplingRate": 101}, LOGS | {"SamplingRate": 100},
    ),
    _rule(
        "a real-time log configuration in use stays", f"{API}/API_DeleteRealtimeLogConfig.html",
        "delete_realtime_log_config", "RealtimeLogConfigInUse", {"Name": "logs"}, {"Name": "more"}, _logged,
    ),
    _rule(
        "at most 15 percent go to a staging distribution",
        f"{API}/API_ContinuousDeploymentSingleWeightConfig.html", "create_continuous_deployment_policy",
        "InvalidArgument", lambda world: _deployment(world.given[0][0], **_weighted(0.25)),
        lambda world: _deployment(world.given[0][0], **_weighted(0.125)), _staging,
    ),
    _rule(
        "sessions end once they may", f"{API}/API_SessionStickinessConfig.html",
        "create_continuous_deployment_policy", "InvalidArgument",
        lambda world: _deployment(world.given[0][0], **_sticky(600, 300)),
        lambda world: _deployment(world.given[0][0], **_sticky(300, 600)), _staging,
    ),
    _rule(
        "the header for a staging distribution begins with aws-cf-cd-",
        f"{API}/API_ContinuousDeploymentSingleHeaderConfig.html", "create_continuous_deployment_policy",
        "InvalidArgument", lambda world: _deployment(world.given[0][0], **_selected("x-try")),
        lambda world: _deployment(world.given[0][0], **_selected("aws-cf-cd-try")), _staging,
    ),
    _rule(
        "a staging distribution has one policy", f"{API}/API_CreateContinuousDeploymentPolicy.html",
        "create_continuous_deployment_policy", "StagingDistributionInUse",
        lambda world: _deployment(world.given[0][1]), lambda world: _deployment(world.given[0][0]), _staging,
    ),
    _rule(
        "tags of AWS are not for users", "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/tagging.html",
        "tag_resource", "InvalidTagging", lambda world: _tagged(world, "aws:team"), lambda world: _tagged(world, "team"),
        _distribution,
    ),
]  # fmt: skip
