# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of distributions, and of what runs in them or watches them."""

from tests.unit.sandbox.edge import (
    certificate,
    control_config,
    created,
    delete_distribution,
    distribution_config,
    internal_balancer,
    listed,
)

ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"


def distribution(probe):
    cloudfront = probe.client("cloudfront")
    control = cloudfront.create_origin_access_control(OriginAccessControlConfig=control_config())
    custom = {
        "Id": "api", "DomainName": "api.example.com", "OriginPath": "/v1", "ConnectionAttempts": 2,
        "CustomHeaders": listed({"HeaderName": "X-From", "HeaderValue": "edge"}),
        "CustomOriginConfig": {
            "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only", "OriginReadTimeout": 45,
            "OriginSslProtocols": listed("TLSv1.2"), "OriginKeepaliveTimeout": 10,
        },
    }  # fmt: skip
    wanted = distribution_config(
        origin={"OriginAccessControlId": control["OriginAccessControl"]["Id"]},
        behavior={
            "OriginRequestPolicyId": ALL_VIEWER, "ResponseHeadersPolicyId": SECURITY_HEADERS, "Compress": True,
            "AllowedMethods": listed("HEAD", "GET", "OPTIONS") | {"CachedMethods": listed("HEAD", "GET")},
        },
        DefaultRootObject="index.html",
        PriceClass="PriceClass_100",
        HttpVersion="http2and3",
        IsIPV6Enabled=False,
        CustomErrorResponses=listed(
            {"ErrorCode": 404, "ResponsePagePath": "/404.html", "ResponseCode": "404", "ErrorCachingMinTTL": 10}
        ),
        Restrictions={"GeoRestriction": {"RestrictionType": "whitelist", **listed("DE", "CH")}},
        CacheBehaviors=listed({
            "PathPattern": "/api/*", "TargetOriginId": "api", "ViewerProtocolPolicy": "https-only",
            "ForwardedValues": {"QueryString": True, "Cookies": {"Forward": "all"}, "Headers": listed("Origin")},
            "MinTTL": 1, "DefaultTTL": 2, "MaxTTL": 3,
        }),
    )  # fmt: skip
    wanted["Origins"] = listed(*wanted["Origins"]["Items"], custom)
    tags = [{"Key": "a", "Value": "b"}]
    made = probe.does(
        cloudfront.create_distribution_with_tags,
        DistributionConfigWithTags={"DistributionConfig": wanted, "Tags": {"Items": tags}},
    )
    number, arn = made["Distribution"]["Id"], made["Distribution"]["ARN"]
    probe.shows(wanted, cloudfront.get_distribution, "Distribution.DistributionConfig", Id=number)
    probe.shows({"Items": tags}, cloudfront.list_tags_for_resource, "Tags", Resource=arn)
    shown = {name: wanted[name] for name in ("Origins", "DefaultCacheBehavior", "CacheBehaviors", "PriceClass")}
    probe.shows({"Id": number, "Status": "Deployed"} | shown, cloudfront.list_distributions, "DistributionList.Items.0")
    changed = wanted | {"Comment": "other", "Enabled": False, "CacheBehaviors": {"Quantity": 0}}
    update = {"Id": number, "DistributionConfig": changed, "IfMatch": made["ETag"]}
    probe.does(cloudfront.update_distribution, **update)
    probe.shows(changed, cloudfront.get_distribution_config, "DistributionConfig", Id=number)
    etag = cloudfront.get_distribution(Id=number)["ETag"]
    probe.does(cloudfront.delete_distribution, Id=number, IfMatch=etag)
    probe.lacks(cloudfront.get_distribution, "NoSuchDistribution", Id=number)


def plain_distribution(probe):
    cloudfront = probe.client("cloudfront")
    made = probe.does(cloudfront.create_distribution, DistributionConfig=distribution_config())["Distribution"]
    defaults = {
        "Aliases": {"Quantity": 0}, "PriceClass": "PriceClass_All", "HttpVersion": "http2", "IsIPV6Enabled": True,
        "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""}, "WebACLId": "",
    }  # fmt: skip
    shown = {
        "ARN": made["ARN"],
        "DomainName": made["DomainName"],
        "DistributionConfig": distribution_config() | defaults,
    }
    probe.shows(shown, cloudfront.get_distribution, "Distribution", Id=made["Id"])


def tags(probe):
    cloudfront = probe.client("cloudfront")
    arn = created(cloudfront)["ARN"]
    probe.does(cloudfront.tag_resource, Resource=arn, Tags={"Items": [{"Key": "a", "Value": "b"}]})
    tagging = probe.client("resourcegroupstaggingapi", "us-east-1")
    probe.shows({"ResourceARN": arn}, tagging.get_resources, "ResourceTagMappingList.0")
    probe.does(cloudfront.untag_resource, Resource=arn, TagKeys={"Items": ["a"]})
    probe.lacks(cloudfront.list_tags_for_resource, path="Tags.Items", Resource=arn)


def invalidation(probe):
    cloudfront = probe.client("cloudfront")
    number = created(cloudfront)["Id"]
    batch = {"CallerReference": "one", "Paths": listed("/index.html", "/css/*")}
    made = probe.does(cloudfront.create_invalidation, DistributionId=number, InvalidationBatch=batch)["Invalidation"]
    shown = {"InvalidationBatch": batch, "Status": "Completed"}
    probe.shows(shown, cloudfront.get_invalidation, "Invalidation", DistributionId=number, Id=made["Id"])
    shown = {"Id": made["Id"], "Status": "Completed"}
    probe.shows(shown, cloudfront.list_invalidations, "InvalidationList.Items.0", DistributionId=number)


def function(probe):
    cloudfront = probe.client("cloudfront")
    store = cloudfront.create_key_value_store(Name="redirects")["KeyValueStore"]["ARN"]
    config = {
        "Comment": "rewrite", "Runtime": "cloudfront-js-2.0",
        "KeyValueStoreAssociations": listed({"KeyValueStoreARN": store}),
    }  # fmt: skip
    code = b"function handler(event) { return event.request; }\n"
    made = probe.does(
        cloudfront.create_function, Name="rewrite", FunctionConfig=config, FunctionCode=code,
        Tags={"Items": [{"Key": "a", "Value": "b"}]},
    )  # fmt: skip
    arn = made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    shown = {"Name": "rewrite", "Status": "UNPUBLISHED", "FunctionConfig": config}
    probe.shows(shown, cloudfront.describe_function, "FunctionSummary", Name="rewrite")
    probe.shows([{"Key": "a", "Value": "b"}], cloudfront.list_tags_for_resource, "Tags.Items", Resource=arn)
    assert cloudfront.get_function(Name="rewrite")["FunctionCode"].read() == code
    probe.does(cloudfront.publish_function, Name="rewrite", IfMatch=made["ETag"])
    live = {"Status": "UNASSOCIATED", "FunctionMetadata": {"FunctionARN": arn, "Stage": "LIVE"}}
    probe.shows(live, cloudfront.list_functions, "FunctionList.Items.0", Stage="LIVE")
    other = {"Name": "rewrite", "FunctionConfig": config | {"Comment": "again"}, "FunctionCode": b"// nothing\n"}
    etag = probe.does(cloudfront.update_function, **other, IfMatch=made["ETag"])["ETag"]
    probe.shows({"ETag": etag}, cloudfront.get_function, Name="rewrite")
    assert cloudfront.get_function(Name="rewrite")["FunctionCode"].read() == b"// nothing\n"
    assert cloudfront.get_function(Name="rewrite", Stage="LIVE")["FunctionCode"].read() == code
    old = cloudfront.describe_function(Name="rewrite", Stage="LIVE")["FunctionSummary"]
    assert old["FunctionConfig"]["Comment"] == "rewrite"
    probe.does(cloudfront.delete_function, Name="rewrite", IfMatch=etag)
    probe.lacks(cloudfront.describe_function, "NoSuchFunctionExists", Name="rewrite")


def key_value_store(probe):
    cloudfront = probe.client("cloudfront")
    probe.does(cloudfront.create_key_value_store, Name="redirects", Comment="old paths")
    shown = {"Name": "redirects", "Comment": "old paths", "Status": "READY"}
    etag = probe.shows({"KeyValueStore": shown}, cloudfront.describe_key_value_store, Name="redirects")["ETag"]
    probe.does(cloudfront.update_key_value_store, Name="redirects", Comment="paths", IfMatch=etag)
    probe.shows({"Comment": "paths"}, cloudfront.list_key_value_stores, "KeyValueStoreList.Items.0")
    etag = cloudfront.describe_key_value_store(Name="redirects")["ETag"]
    probe.does(cloudfront.delete_key_value_store, Name="redirects", IfMatch=etag)
    probe.lacks(cloudfront.describe_key_value_store, "EntityNotFound", Name="redirects")


def monitoring_subscription(probe):
    cloudfront = probe.client("cloudfront")
    number = {"DistributionId": created(cloudfront)["Id"]}
    wanted = {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": "Enabled"}}
    probe.does(cloudfront.create_monitoring_subscription, **number, MonitoringSubscription=wanted)
    probe.shows(wanted, cloudfront.get_monitoring_subscription, "MonitoringSubscription", **number)
    probe.does(cloudfront.delete_monitoring_subscription, **number)
    probe.lacks(cloudfront.get_monitoring_subscription, "NoSuchMonitoringSubscription", **number)


def realtime_logs(probe):
    cloudfront = probe.client("cloudfront")
    role, stream = "arn:aws:iam::123456789012:role/logs", "arn:aws:kinesis:us-east-1:123456789012:stream/logs"
    ends = [{"StreamType": "Kinesis", "KinesisStreamConfig": {"RoleARN": role, "StreamARN": stream}}]
    wanted = {"Name": "logs", "SamplingRate": 50, "Fields": ["timestamp", "c-ip"], "EndPoints": ends}
    arn = probe.does(cloudfront.create_realtime_log_config, **wanted)["RealtimeLogConfig"]["ARN"]
    probe.shows(wanted, cloudfront.get_realtime_log_config, "RealtimeLogConfig", Name="logs")
    probe.shows({"ARN": arn} | wanted, cloudfront.list_realtime_log_configs, "RealtimeLogConfigs.Items.0")
    user = created(cloudfront, behavior={"RealtimeLogConfigArn": arn})["Id"]
    by_logs = cloudfront.list_distributions_by_realtime_log_config
    probe.shows({"Id": user}, by_logs, "DistributionList.Items.0", RealtimeLogConfigArn=arn)
    delete_distribution(cloudfront, user)
    probe.does(cloudfront.update_realtime_log_config, ARN=arn, SamplingRate=1, Fields=["timestamp"], EndPoints=ends)
    shown = {"SamplingRate": 1, "Fields": ["timestamp"]}
    probe.shows(shown, cloudfront.get_realtime_log_config, "RealtimeLogConfig", ARN=arn)
    probe.does(cloudfront.delete_realtime_log_config, ARN=arn)
    probe.lacks(cloudfront.get_realtime_log_config, "NoSuchRealtimeLogConfig", ARN=arn)


def continuous_deployment(probe):
    cloudfront = probe.client("cloudfront")
    primary = cloudfront.create_distribution(DistributionConfig=distribution_config())
    number = primary["Distribution"]["Id"]
    copy = {"PrimaryDistributionId": number, "IfMatch": primary["ETag"], "Staging": True, "CallerReference": "two"}
    staging = probe.does(cloudfront.copy_distribution, **copy, Enabled=True)
    staged = {"Staging": True, "Enabled": True, "Comment": "site"}
    path = "Distribution.DistributionConfig"
    probe.shows(staged, cloudfront.get_distribution, path, Id=staging["Distribution"]["Id"])
    wanted = {
        "StagingDistributionDnsNames": listed(staging["Distribution"]["DomainName"]), "Enabled": True,
        "TrafficConfig": {
            "Type": "SingleWeight",
            "SingleWeightConfig": {
                "Weight": 0.125, "SessionStickinessConfig": {"IdleTTL": 300, "MaximumTTL": 600},
            },
        },
    }  # fmt: skip
    made = probe.does(cloudfront.create_continuous_deployment_policy, ContinuousDeploymentPolicyConfig=wanted)
    policy = made["ContinuousDeploymentPolicy"]["Id"]
    path = "ContinuousDeploymentPolicy.ContinuousDeploymentPolicyConfig"
    probe.shows(wanted, cloudfront.get_continuous_deployment_policy, path, Id=policy)
    header = {"Type": "SingleHeader", "SingleHeaderConfig": {"Header": "aws-cf-cd-try", "Value": "yes"}}
    changed = wanted | {"TrafficConfig": header}
    update = {"Id": policy, "IfMatch": made["ETag"], "ContinuousDeploymentPolicyConfig": changed}
    probe.does(cloudfront.update_continuous_deployment_policy, **update)
    read = cloudfront.get_continuous_deployment_policy_config
    etag = probe.shows({"ContinuousDeploymentPolicyConfig": changed}, read, Id=policy)["ETag"]
    new = cloudfront.get_distribution_config(Id=staging["Distribution"]["Id"])
    config = new["DistributionConfig"] | {"Comment": "new"}
    new = cloudfront.update_distribution(
        Id=staging["Distribution"]["Id"], IfMatch=new["ETag"], DistributionConfig=config
    )
    both = f"{primary['ETag']}, {new['ETag']}"
    ids = {"Id": number, "StagingDistributionId": staging["Distribution"]["Id"]}
    probe.does(cloudfront.update_distribution_with_staging_config, **ids, IfMatch=both)
    promoted = {"Comment": "new", "Staging": False, "CallerReference": "one"}
    probe.shows(promoted, cloudfront.get_distribution_config, "DistributionConfig", Id=number)
    probe.does(cloudfront.delete_continuous_deployment_policy, Id=policy, IfMatch=etag)
    probe.lacks(cloudfront.list_continuous_deployment_policies, path="ContinuousDeploymentPolicyList.Items")


def web_acl(probe):
    cloudfront, waf = probe.client("cloudfront"), probe.client("wafv2", "us-east-1")
    metrics = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    acl = {"Name": "acl", "Scope": "CLOUDFRONT", "DefaultAction": {"Allow": {}}, "VisibilityConfig": metrics}
    arn = waf.create_web_acl(**acl)["Summary"]["ARN"]
    number = created(cloudfront, WebACLId=arn)["Id"]
    by_acl = cloudfront.list_distributions_by_web_acl_id
    probe.shows({"Id": number, "WebACLId": arn}, by_acl, "DistributionList.Items.0", WebACLId=arn)
    probe.lacks(by_acl, path="DistributionList.Items", WebACLId="null")


def web_acl_on_its_own(probe):
    cloudfront, waf = probe.client("cloudfront"), probe.client("wafv2", "us-east-1")
    metrics = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    acl = {"Name": "acl", "Scope": "CLOUDFRONT", "DefaultAction": {"Allow": {}}, "VisibilityConfig": metrics}
    arn, number = waf.create_web_acl(**acl)["Summary"]["ARN"], created(cloudfront)["Id"]
    etag = probe.does(cloudfront.associate_distribution_web_acl, Id=number, WebACLArn=arn)["ETag"]
    shown = {"ETag": etag, "DistributionConfig": {"WebACLId": arn, "Comment": "site"}}
    probe.shows(shown, cloudfront.get_distribution_config, Id=number)
    probe.does(cloudfront.disassociate_distribution_web_acl, Id=number, IfMatch=etag)
    probe.shows({"WebACLId": ""}, cloudfront.get_distribution_config, "DistributionConfig", Id=number)


def vpc_origin(probe):
    cloudfront = probe.client("cloudfront")
    endpoint = internal_balancer(probe.sandbox)
    wanted = {
        "Name": "alb", "Arn": endpoint["LoadBalancerArn"], "HTTPPort": 80, "HTTPSPort": 443,
        "OriginProtocolPolicy": "https-only", "OriginSslProtocols": listed("TLSv1.2"),
    }  # fmt: skip
    made = probe.does(cloudfront.create_vpc_origin, VpcOriginEndpointConfig=wanted)
    number, arn = made["VpcOrigin"]["Id"], made["VpcOrigin"]["Arn"]
    shown = {"Arn": arn, "Status": "Deployed", "VpcOriginEndpointConfig": wanted}
    probe.shows(shown, cloudfront.get_vpc_origin, "VpcOrigin", Id=number)
    shown = {"Id": number, "Name": "alb", "OriginEndpointArn": wanted["Arn"]}
    probe.shows(shown, cloudfront.list_vpc_origins, "VpcOriginList.Items.0")
    changed = wanted | {"HTTPSPort": 8443}
    etag = probe.does(cloudfront.update_vpc_origin, Id=number, IfMatch=made["ETag"], VpcOriginEndpointConfig=changed)
    probe.shows(changed, cloudfront.get_vpc_origin, "VpcOrigin.VpcOriginEndpointConfig", Id=number)
    config = {"VpcOriginId": number, "OriginReadTimeout": 60}
    origin = {"Id": "site", "DomainName": endpoint["DNSName"], "VpcOriginConfig": config}
    user = probe.does(
        cloudfront.create_distribution, DistributionConfig=distribution_config(Origins=listed(origin))
    )["Distribution"]["Id"]  # fmt: skip
    probe.shows([user], cloudfront.list_distributions_by_vpc_origin_id, "DistributionIdList.Items", VpcOriginId=number)
    delete_distribution(cloudfront, user)
    probe.does(cloudfront.delete_vpc_origin, Id=number, IfMatch=etag["ETag"])
    probe.lacks(cloudfront.get_vpc_origin, "EntityNotFound", Id=number)


def alias(probe):
    cloudfront = probe.client("cloudfront")
    arn = certificate(probe.sandbox)
    viewer = {"ACMCertificateArn": arn, "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}
    one = created(cloudfront, Aliases=listed("www.example.com"), ViewerCertificate=viewer)["Id"]
    two = created(cloudfront, CallerReference="two", ViewerCertificate=viewer)["Id"]
    shown = {"Alias": "www.example.com", "DistributionId": one}
    conflicts = cloudfront.list_conflicting_aliases
    path = "ConflictingAliasesList.Items.0"
    probe.shows(shown, conflicts, path, DistributionId=two, Alias="www.example.com")
    probe.does(cloudfront.associate_alias, TargetDistributionId=two, Alias="www.example.com")
    path = "Distribution.DistributionConfig"
    kept = {"Aliases": listed("www.example.com"), "ViewerCertificate": viewer | {"CertificateSource": "acm"}}
    probe.shows(kept, cloudfront.get_distribution, path, Id=two)
    assert cloudfront.get_distribution(Id=one)["Distribution"]["DistributionConfig"]["Aliases"]["Quantity"] == 0
