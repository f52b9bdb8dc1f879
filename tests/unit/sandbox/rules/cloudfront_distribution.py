# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon CloudFront refuses in the configuration of a distribution."""

from tests.unit.sandbox.edge import BUCKET, certificate, control_config, distribution_config, listed
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/cloudfront/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide"
QUOTAS = f"{GUIDE}/cloudfront-limits.html"
NAMES = f"{GUIDE}/CNAMEs.html"
REGION = f"{GUIDE}/cnames-and-https-requirements.html"

SERVICE = "cloudfront"
NONE = {"Forward": "none"}
TIMES = {"MinTTL": 1, "DefaultTTL": 10, "MaxTTL": 100}
LEGACY = {"CachePolicyId": "", "ForwardedValues": {"QueryString": False, "Cookies": NONE}}
CUSTOM = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
API_ORIGIN = {"Id": "site", "DomainName": "api.example.com", "CustomOriginConfig": CUSTOM}
FUNCTION = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
CODE = b"function handler(event) { return event.request; }"
METRICS = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
ACL = {"Name": "acl", "DefaultAction": {"Allow": {}}, "VisibilityConfig": METRICS}


def _creating(says, page, code, wrong, right, given=lambda world: None):
    """A rule for CreateDistribution: what goes beside the least configuration, which may depend on the world."""

    def request(parts):
        return lambda world: {"DistributionConfig": distribution_config(**(parts(world) if callable(parts) else parts))}

    return Rule(
        says=says,
        page=page,
        operation="create_distribution",
        code=code,
        given=given,
        refused=request(wrong),
        accepted=request(right),
    )


def _origin(**more):
    return {"origin": more}


def _headers(*names):
    return listed(*({"HeaderName": name, "HeaderValue": "v"} for name in names))


def _behavior(**more):
    return {"behavior": more}


def _custom(**more):
    return {"Origins": listed(API_ORIGIN | {"CustomOriginConfig": CUSTOM | more})}


def _viewed(arn, *aliases):
    viewer = {"ACMCertificateArn": arn, "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}
    return {"ViewerCertificate": viewer, "Aliases": listed(*aliases)}


def _one_taken(world):
    arn = certificate(world.sandbox)
    config = distribution_config(CallerReference="other", **_viewed(arn, "www.example.com"))
    world.cloudfront.create_distribution(DistributionConfig=config)
    return arn


def _web_acls(world):
    here, edge = world.sandbox.client("wafv2"), world.sandbox.client("wafv2", "us-east-1")
    return (
        here.create_web_acl(**ACL, Scope="REGIONAL")["Summary"]["ARN"],
        edge.create_web_acl(**ACL, Scope="CLOUDFRONT")["Summary"]["ARN"],
    )


def _functions(world):
    """One that is published, one that is not."""
    found = []
    for name in ("live", "new"):
        made = world.cloudfront.create_function(Name=name, FunctionConfig=FUNCTION, FunctionCode=CODE)
        found.append(made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"])
        if name == "live":
            world.cloudfront.publish_function(Name=name, IfMatch=made["ETag"])
    return found


def _runs(*associations):
    return listed(*({"FunctionARN": arn, "EventType": event} for arn, event in associations))


def _lambda(version, event="origin-request"):
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:edge{version}"
    return listed({"LambdaFunctionARN": arn, "EventType": event})


def _control(world):
    made = world.cloudfront.create_origin_access_control(OriginAccessControlConfig=control_config())
    return made["OriginAccessControl"]["Id"]


def _identity(world):
    config = {"CallerReference": "one", "Comment": ""}
    made = world.cloudfront.create_cloud_front_origin_access_identity(CloudFrontOriginAccessIdentityConfig=config)
    return made["CloudFrontOriginAccessIdentity"]["Id"]


def _with_identity(number):
    return {"S3OriginConfig": {"OriginAccessIdentity": f"origin-access-identity/cloudfront/{number}"}}


def _both(world):
    return _control(world), _identity(world)


def _log_buckets(world):
    place = {"CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}}
    world.s3.create_bucket(Bucket="closed-logs", **place)
    world.s3.create_bucket(Bucket="logs-with-acl", ObjectOwnership="BucketOwnerPreferred", **place)


def _logs(bucket):
    return {"Logging": {"Enabled": True, "IncludeCookies": False, "Bucket": f"{bucket}.s3.amazonaws.com", "Prefix": ""}}


def _error(**more):
    return {"CustomErrorResponses": listed({"ErrorCode": 404, **more})}


def _places(kind, *places):
    return {"Restrictions": {"GeoRestriction": {"RestrictionType": kind, **listed(*places)}}}


def _group(member):
    members = listed({"OriginId": "site"}, {"OriginId": member})
    group = {"Id": "both", "FailoverCriteria": {"StatusCodes": listed(500)}, "Members": members}
    spare = BUCKET | {"Id": "spare"}
    return {"Origins": listed(BUCKET, spare), "OriginGroups": listed(group)}


def _logged(world):
    role, stream = "arn:aws:iam::123456789012:role/logs", "arn:aws:kinesis:us-east-1:123456789012:stream/logs"
    ends = [{"StreamType": "Kinesis", "KinesisStreamConfig": {"RoleARN": role, "StreamARN": stream}}]
    made = world.cloudfront.create_realtime_log_config(Name="l", SamplingRate=1, Fields=["c-ip"], EndPoints=ends)
    return made["RealtimeLogConfig"]["ARN"]


RULES = [
    _creating(
        "a behavior leads to an origin that there is", f"{API}/API_DefaultCacheBehavior.html", "NoSuchOrigin",
        _behavior(TargetOriginId="other"), {},
    ),
    _creating(
        "the members of an origin group exist", f"{API}/API_OriginGroupMember.html", "NoSuchOrigin",
        _group("other"), _group("spare"),
    ),
    _creating(
        "origins have ids of their own", f"{API}/API_Origin.html", "InvalidArgument",
        {"Origins": listed(BUCKET, BUCKET)}, {"Origins": listed(BUCKET, BUCKET | {"Id": "two"})},
    ),
    _creating(
        "an origin says of which kind it is", f"{API}/API_Origin.html", "InvalidOrigin",
        {"Origins": listed({"Id": "site", "DomainName": "api.example.com"})}, _custom(),
    ),
    _creating(
        "an origin is of one kind only", f"{API}/API_Origin.html", "InvalidArgument",
        _origin(CustomOriginConfig=CUSTOM), _custom(),
    ),
    _creating(
        "the website of a bucket is a custom origin", f"{API}/API_S3OriginConfig.html", "InvalidArgument",
        _origin(DomainName="site.s3-website.eu-central-1.amazonaws.com"),
        {"Origins": listed(API_ORIGIN | {"DomainName": "site.s3-website.eu-central-1.amazonaws.com"})},
    ),
    _creating(
        "an origin is a domain name", f"{API}/API_Origin.html", "InvalidArgument",
        {"Origins": listed(API_ORIGIN | {"DomainName": "https://api.example.com"})}, _custom(),
    ),
    _creating(
        "a path of an origin begins with a slash and ends without one",
        f"{GUIDE}/DownloadDistValuesOrigin.html", "InvalidArgument",
        _origin(OriginPath="/v1/"), _origin(OriginPath="/v1"),
    ),
    _creating(
        "at most 3 attempts to connect to an origin", f"{API}/API_Origin.html", "InvalidArgument",
        _origin(ConnectionAttempts=4), _origin(ConnectionAttempts=3),
    ),
    _creating(
        "at most 10 seconds to connect to an origin", f"{API}/API_Origin.html", "InvalidArgument",
        _origin(ConnectionTimeout=11), _origin(ConnectionTimeout=10),
    ),
    _creating(
        "an origin answers within 120 seconds", f"{API}/API_CustomOriginConfig.html", "InvalidOriginReadTimeout",
        _custom(OriginReadTimeout=121), _custom(OriginReadTimeout=120),
    ),
    _creating(
        "connections are kept for at most 120 seconds", f"{API}/API_CustomOriginConfig.html",
        "InvalidOriginKeepaliveTimeout", _custom(OriginKeepaliveTimeout=121), _custom(OriginKeepaliveTimeout=120),
    ),
    _creating(
        "an origin listens on 80, 443 or above 1023", f"{GUIDE}/DownloadDistValuesOrigin.html", "InvalidArgument",
        _custom(HTTPPort=81), _custom(HTTPPort=8080),
    ),
    _creating(
        "an origin has at most 30 headers of its own", QUOTAS, "TooManyOriginCustomHeaders",
        _origin(CustomHeaders=_headers(*(f"X-{number}" for number in range(31)))),
        _origin(CustomHeaders=_headers(*(f"X-{number}" for number in range(30)))),
    ),
    _creating(
        "some headers are CloudFront's", f"{GUIDE}/add-origin-custom-headers.html", "InvalidArgument",
        _origin(CustomHeaders=_headers("Host")), _origin(CustomHeaders=_headers("X-Forwarded-Host")),
    ),
    _creating(
        "an origin access control exists", f"{API}/API_Origin.html", "InvalidOriginAccessControl",
        _origin(OriginAccessControlId="E1ABCDEFGHIJKL"), lambda world: _origin(OriginAccessControlId=world.given),
        given=_control,
    ),
    _creating(
        "a control for S3 is for buckets", f"{GUIDE}/private-content-restricting-access-to-s3.html",
        "InvalidDomainNameForOriginAccessControl",
        lambda world: {"Origins": listed(API_ORIGIN | {"OriginAccessControlId": world.given})},
        lambda world: _origin(OriginAccessControlId=world.given), given=_control,
    ),
    _creating(
        "an origin access identity exists", f"{API}/API_S3OriginConfig.html", "InvalidOriginAccessIdentity",
        {"origin": _with_identity("E1ABCDEFGHIJKL")}, lambda world: {"origin": _with_identity(world.given)},
        given=_identity,
    ),
    _creating(
        "an origin has a control or an identity", f"{API}/API_CreateDistribution.html",
        "IllegalOriginAccessConfiguration",
        lambda world: _origin(OriginAccessControlId=world.given[0], **_with_identity(world.given[1])),
        lambda world: _origin(OriginAccessControlId=world.given[0]), given=_both,
    ),
    _creating(
        "a bucket for logs has its ACLs switched on", f"{GUIDE}/standard-logging-legacy-s3.html", "InvalidArgument",
        _logs("closed-logs"), _logs("logs-with-acl"), given=_log_buckets,
    ),
    _creating(
        "a bucket for logs exists", f"{API}/API_LoggingConfig.html", "InvalidArgument",
        _logs("no-such-logs"), _logs("logs-with-acl"), given=_log_buckets,
    ),
    _creating(
        "forwarded values go without a cache policy", f"{API}/API_DefaultCacheBehavior.html", "InvalidArgument",
        _behavior(ForwardedValues={"QueryString": False, "Cookies": NONE}), _behavior(**LEGACY, **TIMES),
    ),
    _creating(
        "the times of a cache policy are in the policy", f"{API}/API_DefaultCacheBehavior.html", "InvalidArgument",
        _behavior(MinTTL=1), {},
    ),
    _creating(
        "a behavior has a cache policy or forwarded values", f"{API}/API_DefaultCacheBehavior.html",
        "InvalidArgument", _behavior(CachePolicyId=""), {},
    ),
    _creating(
        "minimum, default and maximum times are in order", f"{GUIDE}/Expiration.html", "InvalidTTLOrder",
        _behavior(**LEGACY, **TIMES | {"MaxTTL": 5}), _behavior(**LEGACY, **TIMES),
    ),
    _creating(
        "a cache policy exists", f"{API}/API_CreateDistribution.html", "NoSuchCachePolicy",
        _behavior(CachePolicyId="00000000-0000-4000-8000-000000000000"), {},
    ),
    _creating(
        "an origin request policy exists", f"{API}/API_CreateDistribution.html", "NoSuchOriginRequestPolicy",
        _behavior(OriginRequestPolicyId="00000000-0000-4000-8000-000000000000"),
        _behavior(OriginRequestPolicyId="216adef6-5c7f-47e4-b989-5492eafa07d3"),
    ),
    _creating(
        "a response headers policy exists", f"{API}/API_CreateDistribution.html", "NoSuchResponseHeadersPolicy",
        _behavior(ResponseHeadersPolicyId="00000000-0000-4000-8000-000000000000"),
        _behavior(ResponseHeadersPolicyId="67f7725c-6f97-4210-82d7-5512b31e9d03"),
    ),
    _creating(
        "a real-time log configuration exists", f"{API}/API_CreateDistribution.html", "NoSuchRealtimeLogConfig",
        lambda world: _behavior(RealtimeLogConfigArn=f"{world.given}2"),
        lambda world: _behavior(RealtimeLogConfigArn=world.given), given=_logged,
    ),
    _creating(
        "a trusted key group exists", f"{API}/API_CreateDistribution.html", "TrustedKeyGroupDoesNotExist",
        _behavior(TrustedKeyGroups={"Enabled": True, **listed("E1ABCDEFGHIJKL")}), {},
    ),
    _creating(
        "methods are allowed in one of three sets", f"{API}/API_AllowedMethods.html", "InvalidArgument",
        _behavior(AllowedMethods=listed("GET", "HEAD", "POST")),
        _behavior(AllowedMethods=listed("GET", "HEAD", "OPTIONS")),
    ),
    _creating(
        "answers to POST are not cached", f"{API}/API_CachedMethods.html", "InvalidArgument",
        _behavior(AllowedMethods=listed("GET", "HEAD", "OPTIONS") | {"CachedMethods": listed("GET", "HEAD", "POST")}),
        _behavior(AllowedMethods=listed("GET", "HEAD", "OPTIONS") | {"CachedMethods": listed("GET", "HEAD")}),
    ),
    _creating(
        "a function is published before a behavior runs it", f"{API}/API_FunctionAssociations.html",
        "InvalidFunctionAssociation",
        lambda world: _behavior(FunctionAssociations=_runs((world.given[1], "viewer-request"))),
        lambda world: _behavior(FunctionAssociations=_runs((world.given[0], "viewer-request"))), given=_functions,
    ),
    _creating(
        "CloudFront Functions run at events of viewers", f"{API}/API_FunctionAssociation.html", "MalformedXML",
        lambda world: _behavior(FunctionAssociations=_runs((world.given[0], "origin-request"))),
        lambda world: _behavior(FunctionAssociations=_runs((world.given[0], "viewer-response"))), given=_functions,
    ),
    _creating(
        "an event has one function", f"{GUIDE}/edge-function-restrictions-all.html", "InvalidFunctionAssociation",
        lambda world: _behavior(FunctionAssociations=_runs(*2 * [(world.given[0], "viewer-request")])),
        lambda world: _behavior(
            FunctionAssociations=_runs(*((world.given[0], f"viewer-{side}") for side in ("request", "response")))
        ),
        given=_functions,
    ),
    _creating(
        "Lambda@Edge runs a version", f"{API}/API_LambdaFunctionAssociation.html", "InvalidLambdaFunctionAssociation",
        _behavior(LambdaFunctionAssociations=_lambda(":$LATEST")),
        _behavior(LambdaFunctionAssociations=_lambda(":1")),
    ),
    _creating(
        "events of viewers have functions of one kind", f"{GUIDE}/edge-function-restrictions-all.html",
        "InvalidLambdaFunctionAssociation",
        lambda world: _behavior(
            FunctionAssociations=_runs((world.given[0], "viewer-request")),
            LambdaFunctionAssociations=_lambda(":1", "viewer-response"),
        ),
        lambda world: _behavior(
            FunctionAssociations=_runs((world.given[0], "viewer-request")), LambdaFunctionAssociations=_lambda(":1")
        ),
        given=_functions,
    ),
    _creating(
        "a default root object begins without a slash", f"{API}/API_DistributionConfig.html",
        "InvalidDefaultRootObject", {"DefaultRootObject": "/index.html"}, {"DefaultRootObject": "index.html"},
    ),
    _creating(
        "a comment has at most 128 characters", f"{API}/API_DistributionConfig.html", "InvalidArgument",
        {"Comment": "c" * 129}, {"Comment": "c" * 128},
    ),
    _creating(
        "only some errors have pages", f"{GUIDE}/creating-custom-error-pages.html", "InvalidErrorCode",
        {"CustomErrorResponses": listed({"ErrorCode": 401})}, _error(),
    ),
    _creating(
        "an error page has a code to be answered with", f"{API}/API_CustomErrorResponse.html", "InvalidArgument",
        _error(ResponsePagePath="/404.html"), _error(ResponsePagePath="/404.html", ResponseCode="200"),
    ),
    _creating(
        "who lets no country in or out names none", f"{API}/API_GeoRestriction.html",
        "InvalidGeoRestrictionParameter", _places("none", "DE"), _places("whitelist", "DE"),
    ),
    _creating(
        "countries have codes of two capitals", f"{API}/API_GeoRestriction.html", "InvalidLocationCode",
        _places("blacklist", "Germany"), _places("blacklist", "DE"),
    ),
    _creating(
        "a quantity is that of the items", f"{API}/API_CreateDistribution.html", "InconsistentQuantities",
        {"Origins": {"Quantity": 2, "Items": [BUCKET]}}, {},
    ),
    _creating(
        "an alias needs a certificate", NAMES, "InvalidViewerCertificate",
        {"Aliases": listed("www.example.com")}, lambda world: _viewed(world.given, "www.example.com"),
        given=lambda world: certificate(world.sandbox),
    ),
    _creating(
        "a certificate for viewers is in us-east-1", REGION, "InvalidViewerCertificate",
        lambda world: _viewed(world.given[0]), lambda world: _viewed(world.given[1]),
        given=lambda world: [certificate(world.sandbox, region=region) for region in ("eu-central-1", "us-east-1")],
    ),
    _creating(
        "a certificate for viewers is issued", REGION, "InvalidViewerCertificate",
        lambda world: _viewed(world.given[0]), lambda world: _viewed(world.given[1]),
        given=lambda world: (certificate(world.sandbox, "*.other.com", valid=False), certificate(world.sandbox)),
    ),
    _creating(
        "a certificate covers the aliases", NAMES, "InvalidViewerCertificate",
        lambda world: _viewed(world.given, "www.shop.example.com"),
        lambda world: _viewed(world.given, "shop.example.com"), given=lambda world: certificate(world.sandbox),
    ),
    _creating(
        "an alias is that of one distribution", NAMES, "CNAMEAlreadyExists",
        lambda world: _viewed(world.given, "www.example.com"), lambda world: _viewed(world.given, "shop.example.com"),
        given=_one_taken,
    ),
    _creating(
        "a web ACL is one for CloudFront", f"{GUIDE}/distribution-web-awswaf.html", "InvalidWebACLId",
        lambda world: {"WebACLId": world.given[0]}, lambda world: {"WebACLId": world.given[1]}, given=_web_acls,
    ),
    _creating(
        "a web ACL exists", f"{API}/API_CreateDistribution.html", "InvalidWebACLId",
        lambda world: {"WebACLId": f"{world.given[1][:-4]}0000"}, lambda world: {"WebACLId": world.given[1]},
        given=_web_acls,
    ),
    _creating(
        "at most 10 origin groups", QUOTAS, "TooManyOriginGroupsPerDistribution",
        lambda world: _group("spare") | {"OriginGroups": listed(*11 * _group("spare")["OriginGroups"]["Items"])},
        lambda world: _group("spare") | {"OriginGroups": listed(*10 * _group("spare")["OriginGroups"]["Items"])},
    ),
]  # fmt: skip
