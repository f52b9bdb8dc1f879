# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon CloudFront refuses of changes to distributions, and of what watches them."""

from tests.unit.sandbox.edge import distribution_config, first, identified, listed, make_distribution, second
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/cloudfront/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide"
QUOTAS = f"{GUIDE}/cloudfront-limits.html"
SERVICE = "cloudfront"
ROLE, STREAM = "arn:aws:iam::123456789012:role/logs", "arn:aws:kinesis:us-east-1:123456789012:stream/logs"
ENDS = [{"StreamType": "Kinesis", "KinesisStreamConfig": {"RoleARN": ROLE, "StreamARN": STREAM}}]
LOGS = {"Name": "logs", "SamplingRate": 1, "Fields": ["c-ip"], "EndPoints": ENDS}
METRICS = {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": "Enabled"}}


def _staging(world):
    """The names of two staging distributions, and the id of a third distribution with a policy for the second."""
    cloudfront, made = world.cloudfront, make_distribution(world)
    names = []
    for number in "12":
        copy = {"PrimaryDistributionId": made["Distribution"]["Id"], "IfMatch": made["ETag"]}
        staging = cloudfront.copy_distribution(**copy, Staging=True, CallerReference=number)
        names.append(staging["Distribution"]["DomainName"])
    return names, identified(cloudfront.create_continuous_deployment_policy(**_deployment(names[1])))


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
    made = world.given = make_distribution(world)
    world.cloudfront.create_invalidation(**_invalidated("/a")(world))
    return made


def _updated(world):
    """A distribution that has been changed once."""
    made = identified(make_distribution(world))
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
        identified(make_distribution(world, CallerReference=str(enabled), Enabled=enabled)) for enabled in (True, False)
    ]


def _subscribed(world):
    """Two distributions, of which the first has additional metrics."""
    made = _on_and_off(world)
    world.cloudfront.create_monitoring_subscription(DistributionId=made[0]["Id"], MonitoringSubscription=METRICS)
    return made


def _logged(world):
    """Two configurations of logs, of which a distribution has the first."""
    made = [world.cloudfront.create_realtime_log_config(**LOGS | {"Name": name}) for name in ("logs", "more")]
    make_distribution(world, behavior={"RealtimeLogConfigArn": made[0]["RealtimeLogConfig"]["ARN"]})


def _tagged(world, key):
    return {"Resource": world.given["Distribution"]["ARN"], "Tags": {"Items": [{"Key": key, "Value": "web"}]}}


RULES = [
    Rule(
        "a caller reference is that of one distribution",
        f"{API}/API_CreateDistribution.html",
        "create_distribution",
        "DistributionAlreadyExists",
        {"DistributionConfig": distribution_config(Comment="second")},
        {"DistributionConfig": distribution_config(Comment="second", CallerReference="two")},
        make_distribution,
    ),
    Rule(
        "a change shows which version it is of",
        f"{API}/API_UpdateDistribution.html",
        "update_distribution",
        "InvalidIfMatchVersion",
        _change("none"),
        _change("last"),
        _updated,
    ),
    Rule(
        "a change is one of the last version",
        f"{API}/API_UpdateDistribution.html",
        "update_distribution",
        "PreconditionFailed",
        _change("first"),
        _change("last"),
        _updated,
    ),
    Rule(
        "the caller reference of a distribution stays",
        f"{API}/API_UpdateDistribution.html",
        "update_distribution",
        "IllegalUpdate",
        _change("last", CallerReference="other"),
        _change("last", Comment="other"),
        _updated,
    ),
    Rule(
        "a distribution is disabled before it is deleted",
        f"{API}/API_DeleteDistribution.html",
        "delete_distribution",
        "DistributionNotDisabled",
        first,
        second,
        _on_and_off,
    ),
    Rule(
        "a path to invalidate begins with a slash",
        f"{GUIDE}/invalidation-specifying-objects.html",
        "create_invalidation",
        "InvalidArgument",
        _invalidated("index.html"),
        _invalidated("/index.html"),
        make_distribution,
    ),
    Rule(
        "an asterisk ends a path to invalidate",
        f"{GUIDE}/invalidation-specifying-objects.html",
        "create_invalidation",
        "InvalidArgument",
        _invalidated("/*.html"),
        _invalidated("/html/*"),
        make_distribution,
    ),
    Rule(
        "at most 15 wildcards are invalidated at a time",
        QUOTAS,
        "create_invalidation",
        "TooManyInvalidationsInProgress",
        _invalidated(*(f"/{number}/*" for number in range(16))),
        _invalidated(*(f"/{number}/*" for number in range(15))),
        make_distribution,
    ),
    Rule(
        "at most 3000 paths are invalidated at once",
        QUOTAS,
        "create_invalidation",
        "BatchTooLarge",
        _invalidated(*(f"/{number}" for number in range(3001))),
        _invalidated(*(f"/{number}" for number in range(3000))),
        make_distribution,
    ),
    Rule(
        "a caller reference is that of one invalidation",
        f"{API}/API_InvalidationBatch.html",
        "create_invalidation",
        "InvalidArgument",
        _invalidated("/b"),
        _invalidated("/b", reference="two"),
        _once_invalidated,
    ),
    Rule(
        "a distribution has one monitoring subscription",
        f"{API}/API_CreateMonitoringSubscription.html",
        "create_monitoring_subscription",
        "MonitoringSubscriptionAlreadyExists",
        lambda world: {"DistributionId": world.given[0]["Id"], "MonitoringSubscription": METRICS},
        lambda world: {"DistributionId": world.given[1]["Id"], "MonitoringSubscription": METRICS},
        _subscribed,
    ),
    Rule(
        "the name of a real-time log configuration is taken",
        f"{API}/API_CreateRealtimeLogConfig.html",
        "create_realtime_log_config",
        "RealtimeLogConfigAlreadyExists",
        LOGS,
        LOGS | {"Name": "more"},
        lambda world: world.cloudfront.create_realtime_log_config(**LOGS),
    ),
    Rule(
        "at most every request is logged",
        f"{API}/API_CreateRealtimeLogConfig.html",
        "create_realtime_log_config",
        "InvalidArgument",
        LOGS | {"SamplingRate": 101},
        LOGS | {"SamplingRate": 100},
    ),
    Rule(
        "a real-time log configuration in use stays",
        f"{API}/API_DeleteRealtimeLogConfig.html",
        "delete_realtime_log_config",
        "RealtimeLogConfigInUse",
        {"Name": "logs"},
        {"Name": "more"},
        _logged,
    ),
    Rule(
        "at most 15 percent go to a staging distribution",
        f"{API}/API_ContinuousDeploymentSingleWeightConfig.html",
        "create_continuous_deployment_policy",
        "InvalidArgument",
        lambda world: _deployment(world.given[0][0], **_weighted(0.25)),
        lambda world: _deployment(world.given[0][0], **_weighted(0.125)),
        _staging,
    ),
    Rule(
        "sessions end once they may",
        f"{API}/API_SessionStickinessConfig.html",
        "create_continuous_deployment_policy",
        "InvalidArgument",
        lambda world: _deployment(world.given[0][0], **_sticky(600, 300)),
        lambda world: _deployment(world.given[0][0], **_sticky(300, 600)),
        _staging,
    ),
    Rule(
        "the header for a staging distribution begins with aws-cf-cd-",
        f"{API}/API_ContinuousDeploymentSingleHeaderConfig.html",
        "create_continuous_deployment_policy",
        "InvalidArgument",
        lambda world: _deployment(world.given[0][0], **_selected("x-try")),
        lambda world: _deployment(world.given[0][0], **_selected("aws-cf-cd-try")),
        _staging,
    ),
    Rule(
        "a staging distribution has one policy",
        f"{API}/API_CreateContinuousDeploymentPolicy.html",
        "create_continuous_deployment_policy",
        "StagingDistributionInUse",
        lambda world: _deployment(world.given[0][1]),
        lambda world: _deployment(world.given[0][0]),
        _staging,
    ),
    Rule(
        "tags of AWS are not for users",
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/tagging.html",
        "tag_resource",
        "InvalidTagging",
        lambda world: _tagged(world, "aws:team"),
        lambda world: _tagged(world, "team"),
        make_distribution,
    ),
]
