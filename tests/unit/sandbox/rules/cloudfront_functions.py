# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon CloudFront refuses of functions, of what they read, and of VPC origins."""

from tests.unit.sandbox.edge import first, identified, internal_balancer, listed, make_distribution, second
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/cloudfront/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide"
QUOTAS = f"{GUIDE}/cloudfront-limits.html"
SERVICE = "cloudfront"
CODE = b"function handler(event) { return event.request; }"


def _function(name="f", code=CODE, runtime="cloudfront-js-2.0", **more):
    return {"Name": name, "FunctionConfig": {"Comment": "", "Runtime": runtime, **more}, "FunctionCode": code}


def _functions(world):
    """Two published functions, of which a distribution runs the first; a third that is not published."""
    made = [world.cloudfront.create_function(**_function(name)) for name in "abc"]
    for name, one in zip("ab", made[:2], strict=True):
        world.cloudfront.publish_function(Name=name, IfMatch=one["ETag"])
    arn = made[0]["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    runs = listed({"FunctionARN": arn, "EventType": "viewer-request"})
    make_distribution(world, behavior={"FunctionAssociations": runs})
    return [{"Name": name, "IfMatch": one["ETag"]} for name, one in zip("abc", made, strict=True)]


def _endpoint(world, name):
    config = {"Name": name, "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
    return {"VpcOriginEndpointConfig": config | {"Arn": world.given}}


def _vpc_origins(world):
    """Two VPC origins, of which a distribution has the first."""
    balancer = internal_balancer(world.sandbox)
    world.given = balancer["LoadBalancerArn"]
    made = [identified(world.cloudfront.create_vpc_origin(**_endpoint(world, name))) for name in "ab"]
    config = {"VpcOriginConfig": {"VpcOriginId": made[0]["Id"]}}
    origin = {"Id": "site", "DomainName": balancer["DNSName"], **config}
    make_distribution(world, Origins=listed(origin))
    return made


def _one_vpc_origin(world):
    """The ARN of a load balancer that is a VPC origin named ``a``."""
    arn = world.given = internal_balancer(world.sandbox)["LoadBalancerArn"]
    world.cloudfront.create_vpc_origin(**_endpoint(world, "a"))
    return arn


def _without(endpoint):
    config = endpoint["VpcOriginEndpointConfig"]
    return {"VpcOriginEndpointConfig": config | {"Arn": config["Arn"][:-4] + "0000"}}


def _two_stores(world):
    """What a function would read of two key value stores."""
    made = [world.cloudfront.create_key_value_store(Name=name)["KeyValueStore"]["ARN"] for name in ("one", "two")]
    return [{"KeyValueStoreARN": arn} for arn in made]


def _stores(world):
    """Two key value stores, of which a function reads the first."""
    made = [world.cloudfront.create_key_value_store(Name=name) for name in ("one", "two")]
    read = listed({"KeyValueStoreARN": made[0]["KeyValueStore"]["ARN"]})
    world.cloudfront.create_function(**_function(KeyValueStoreAssociations=read))
    return [{"Name": one["KeyValueStore"]["Name"], "IfMatch": one["ETag"]} for one in made]


RULES = [
    Rule(
        "the name of a function is taken",
        f"{API}/API_CreateFunction.html",
        "create_function",
        "FunctionAlreadyExists",
        _function("a"),
        _function("d"),
        _functions,
    ),
    Rule(
        "a function has at most 10 KB",
        QUOTAS,
        "create_function",
        "FunctionSizeLimitExceeded",
        _function(code=b"/" * 10241),
        _function(code=b"/" * 10240),
    ),
    Rule(
        "functions of the first runtime read no key value stores",
        f"{GUIDE}/kvs-with-functions.html",
        "create_function",
        "InvalidArgument",
        lambda world: _function(runtime="cloudfront-js-1.0", KeyValueStoreAssociations=world.given),
        lambda world: _function(KeyValueStoreAssociations=world.given),
        lambda world: listed(
            {"KeyValueStoreARN": world.cloudfront.create_key_value_store(Name="s")["KeyValueStore"]["ARN"]}
        ),
    ),
    Rule(
        "a function reads one key value store",
        f"{GUIDE}/kvs-with-functions-associate.html",
        "create_function",
        "InvalidArgument",
        lambda world: _function(KeyValueStoreAssociations=listed(*world.given)),
        lambda world: _function(KeyValueStoreAssociations=listed(world.given[0])),
        _two_stores,
    ),
    Rule(
        "who publishes a function shows its version",
        f"{API}/API_PublishFunction.html",
        "publish_function",
        "InvalidIfMatchVersion",
        lambda world: {"Name": "a", "IfMatch": "E1ABCDEFGHIJKL"},
        first,
        _functions,
    ),
    Rule(
        "a function that was not published is not live",
        f"{API}/API_DescribeFunction.html",
        "describe_function",
        "NoSuchFunctionExists",
        {"Name": "c", "Stage": "LIVE"},
        {"Name": "c", "Stage": "DEVELOPMENT"},
        _functions,
    ),
    Rule(
        "a function in use stays",
        f"{API}/API_DeleteFunction.html",
        "delete_function",
        "FunctionInUse",
        first,
        second,
        _functions,
    ),
    Rule(
        "the name of a VPC origin is taken",
        f"{API}/API_CreateVpcOrigin.html",
        "create_vpc_origin",
        "EntityAlreadyExists",
        lambda world: _endpoint(world, "a"),
        lambda world: _endpoint(world, "b"),
        _one_vpc_origin,
    ),
    Rule(
        "a VPC origin is of an endpoint that there is",
        f"{GUIDE}/private-content-vpc-origins.html",
        "create_vpc_origin",
        "InvalidArgument",
        lambda world: _without(_endpoint(world, "b")),
        lambda world: _endpoint(world, "b"),
        _one_vpc_origin,
    ),
    Rule(
        "a VPC origin in use stays",
        f"{API}/API_DeleteVpcOrigin.html",
        "delete_vpc_origin",
        "CannotDeleteEntityWhileInUse",
        first,
        second,
        _vpc_origins,
    ),
    Rule(
        "a key value store that a function reads stays",
        f"{API}/API_DeleteKeyValueStore.html",
        "delete_key_value_store",
        "CannotDeleteEntityWhileInUse",
        first,
        second,
        _stores,
    ),
]
