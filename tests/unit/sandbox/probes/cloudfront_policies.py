# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of CloudFront's policies, access controls and keys."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.unit.sandbox.edge import (
    CACHING_OPTIMIZED,
    control_config,
    created,
    delete_distribution,
    listed,
)


def cache_policy(probe):
    cloudfront = probe.client("cloudfront")
    wanted = {
        "Name": "static", "Comment": "for a year", "MinTTL": 1, "DefaultTTL": 100, "MaxTTL": 1000,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingGzip": True,
            "EnableAcceptEncodingBrotli": False,
            "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": listed("Origin")},
            "CookiesConfig": {"CookieBehavior": "none"},
            "QueryStringsConfig": {"QueryStringBehavior": "allExcept", "QueryStrings": listed("utm")},
        },
    }  # fmt: skip
    made = probe.does(cloudfront.create_cache_policy, CachePolicyConfig=wanted)
    number = made["CachePolicy"]["Id"]
    probe.shows(wanted, cloudfront.get_cache_policy, "CachePolicy.CachePolicyConfig", Id=number)
    shown = {"Type": "custom", "CachePolicy": {"Id": number, "CachePolicyConfig": wanted}}
    probe.shows(shown, cloudfront.list_cache_policies, "CachePolicyList.Items.0", Type="custom")
    user = created(cloudfront, behavior={"CachePolicyId": number})
    path = "DistributionIdList.Items"
    probe.shows([user["Id"]], cloudfront.list_distributions_by_cache_policy_id, path, CachePolicyId=number)
    changed = wanted | {"MaxTTL": 2000}
    probe.does(cloudfront.update_cache_policy, Id=number, IfMatch=made["ETag"], CachePolicyConfig=changed)
    found = probe.shows(changed, cloudfront.get_cache_policy_config, "CachePolicyConfig", Id=number)
    assert found["MaxTTL"] == 2000
    delete_distribution(cloudfront, user["Id"])
    etag = cloudfront.get_cache_policy(Id=number)["ETag"]
    probe.does(cloudfront.delete_cache_policy, Id=number, IfMatch=etag)
    probe.lacks(cloudfront.get_cache_policy, "NoSuchCachePolicy", Id=number)
    optimized = {"Name": "Managed-CachingOptimized", "MinTTL": 1, "DefaultTTL": 86400, "MaxTTL": 31536000}
    probe.shows(optimized, cloudfront.get_cache_policy, "CachePolicy.CachePolicyConfig", Id=CACHING_OPTIMIZED)


def origin_request_policy(probe):
    cloudfront = probe.client("cloudfront")
    wanted = {
        "Name": "all", "Comment": "but the host",
        "HeadersConfig": {"HeaderBehavior": "allExcept", "Headers": listed("Host")},
        "CookiesConfig": {"CookieBehavior": "whitelist", "Cookies": listed("session")},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
    }  # fmt: skip
    made = probe.does(cloudfront.create_origin_request_policy, OriginRequestPolicyConfig=wanted)
    number = made["OriginRequestPolicy"]["Id"]
    path = "OriginRequestPolicy.OriginRequestPolicyConfig"
    probe.shows(wanted, cloudfront.get_origin_request_policy, path, Id=number)
    shown = {"Type": "custom", "OriginRequestPolicy": {"Id": number, "OriginRequestPolicyConfig": wanted}}
    probe.shows(shown, cloudfront.list_origin_request_policies, "OriginRequestPolicyList.Items.0", Type="custom")
    user = created(cloudfront, behavior={"OriginRequestPolicyId": number})
    by_policy = cloudfront.list_distributions_by_origin_request_policy_id
    probe.shows([user["Id"]], by_policy, "DistributionIdList.Items", OriginRequestPolicyId=number)
    changed = wanted | {"Comment": "and more"}
    update = {"Id": number, "IfMatch": made["ETag"], "OriginRequestPolicyConfig": changed}
    probe.does(cloudfront.update_origin_request_policy, **update)
    probe.shows(changed, cloudfront.get_origin_request_policy_config, "OriginRequestPolicyConfig", Id=number)
    delete_distribution(cloudfront, user["Id"])
    etag = cloudfront.get_origin_request_policy(Id=number)["ETag"]
    probe.does(cloudfront.delete_origin_request_policy, Id=number, IfMatch=etag)
    probe.lacks(cloudfront.get_origin_request_policy, "NoSuchOriginRequestPolicy", Id=number)
    assert len(cloudfront.list_origin_request_policies(Type="managed")["OriginRequestPolicyList"]["Items"]) == 8


def response_headers_policy(probe):
    cloudfront = probe.client("cloudfront")
    wanted = {
        "Name": "secure", "Comment": "headers",
        "CorsConfig": {
            "AccessControlAllowOrigins": listed("https://example.com"),
            "AccessControlAllowHeaders": listed("*"),
            "AccessControlAllowMethods": listed("GET"),
            "AccessControlAllowCredentials": False,
            "AccessControlMaxAgeSec": 60,
            "OriginOverride": True,
        },
        "SecurityHeadersConfig": {
            "StrictTransportSecurity": {"Override": True, "AccessControlMaxAgeSec": 100, "Preload": True},
            "ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": "default-src 'self'"},
            "FrameOptions": {"Override": True, "FrameOption": "DENY"},
        },
        "CustomHeadersConfig": listed({"Header": "X-Team", "Value": "web", "Override": False}),
        "RemoveHeadersConfig": listed({"Header": "Server"}),
        "ServerTimingHeadersConfig": {"Enabled": True, "SamplingRate": 5.0},
    }  # fmt: skip
    made = probe.does(cloudfront.create_response_headers_policy, ResponseHeadersPolicyConfig=wanted)
    number = made["ResponseHeadersPolicy"]["Id"]
    path = "ResponseHeadersPolicy.ResponseHeadersPolicyConfig"
    probe.shows(wanted, cloudfront.get_response_headers_policy, path, Id=number)
    shown = {"Type": "custom", "ResponseHeadersPolicy": {"Id": number, "ResponseHeadersPolicyConfig": wanted}}
    probe.shows(shown, cloudfront.list_response_headers_policies, "ResponseHeadersPolicyList.Items.0", Type="custom")
    user = created(cloudfront, behavior={"ResponseHeadersPolicyId": number})
    by_policy = cloudfront.list_distributions_by_response_headers_policy_id
    probe.shows([user["Id"]], by_policy, "DistributionIdList.Items", ResponseHeadersPolicyId=number)
    changed = wanted | {"RemoveHeadersConfig": listed({"Header": "Server"}, {"Header": "Via"})}
    update = {"Id": number, "IfMatch": made["ETag"], "ResponseHeadersPolicyConfig": changed}
    probe.does(cloudfront.update_response_headers_policy, **update)
    probe.shows(changed, cloudfront.get_response_headers_policy_config, "ResponseHeadersPolicyConfig", Id=number)
    delete_distribution(cloudfront, user["Id"])
    etag = cloudfront.get_response_headers_policy(Id=number)["ETag"]
    probe.does(cloudfront.delete_response_headers_policy, Id=number, IfMatch=etag)
    probe.lacks(cloudfront.get_response_headers_policy, "NoSuchResponseHeadersPolicy", Id=number)


def origin_access_control(probe):
    cloudfront = probe.client("cloudfront")
    made = probe.does(cloudfront.create_origin_access_control, OriginAccessControlConfig=control_config())
    number = made["OriginAccessControl"]["Id"]
    path = "OriginAccessControl.OriginAccessControlConfig"
    probe.shows(control_config(), cloudfront.get_origin_access_control, path, Id=number)
    shown = {"Id": number, **control_config()}
    probe.shows(shown, cloudfront.list_origin_access_controls, "OriginAccessControlList.Items.0")
    changed = control_config(SigningBehavior="no-override")
    update = {"Id": number, "IfMatch": made["ETag"], "OriginAccessControlConfig": changed}
    etag = probe.does(cloudfront.update_origin_access_control, **update)["ETag"]
    probe.shows(changed, cloudfront.get_origin_access_control_config, "OriginAccessControlConfig", Id=number)
    probe.does(cloudfront.delete_origin_access_control, Id=number, IfMatch=etag)
    probe.lacks(cloudfront.get_origin_access_control, "NoSuchOriginAccessControl", Id=number)


def origin_access_identity(probe):
    cloudfront = probe.client("cloudfront")
    wanted = {"CallerReference": "one", "Comment": "legacy"}
    made = probe.does(cloudfront.create_cloud_front_origin_access_identity, CloudFrontOriginAccessIdentityConfig=wanted)
    number = made["CloudFrontOriginAccessIdentity"]["Id"]
    path = "CloudFrontOriginAccessIdentity.CloudFrontOriginAccessIdentityConfig"
    probe.shows(wanted, cloudfront.get_cloud_front_origin_access_identity, path, Id=number)
    path = "CloudFrontOriginAccessIdentityList.Items.0"
    user = made["CloudFrontOriginAccessIdentity"]["S3CanonicalUserId"]
    shown = {"Id": number, "Comment": "legacy", "S3CanonicalUserId": user}
    probe.shows(shown, cloudfront.list_cloud_front_origin_access_identities, path)
    changed = wanted | {"Comment": "older"}
    update = {"Id": number, "IfMatch": made["ETag"], "CloudFrontOriginAccessIdentityConfig": changed}
    etag = probe.does(cloudfront.update_cloud_front_origin_access_identity, **update)["ETag"]
    read = cloudfront.get_cloud_front_origin_access_identity_config
    probe.shows(changed, read, "CloudFrontOriginAccessIdentityConfig", Id=number)
    probe.does(cloudfront.delete_cloud_front_origin_access_identity, Id=number, IfMatch=etag)
    missing = "NoSuchCloudFrontOriginAccessIdentity"
    probe.lacks(cloudfront.get_cloud_front_origin_access_identity, missing, Id=number)


def _public_key():
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(*form).decode()


def keys(probe):
    cloudfront = probe.client("cloudfront")
    wanted = {"CallerReference": "one", "Name": "signer", "EncodedKey": _public_key(), "Comment": "of links"}
    key = probe.does(cloudfront.create_public_key, PublicKeyConfig=wanted)
    number = key["PublicKey"]["Id"]
    probe.shows(wanted, cloudfront.get_public_key, "PublicKey.PublicKeyConfig", Id=number)
    shown = {"Id": number, "Name": "signer", "Comment": "of links", "EncodedKey": wanted["EncodedKey"]}
    probe.shows(shown, cloudfront.list_public_keys, "PublicKeyList.Items.0")
    changed = wanted | {"Comment": "of cookies"}
    key = probe.does(cloudfront.update_public_key, Id=number, IfMatch=key["ETag"], PublicKeyConfig=changed)
    probe.shows(changed, cloudfront.get_public_key_config, "PublicKeyConfig", Id=number)
    grouped = {"Name": "signers", "Items": [number], "Comment": "all"}
    group = probe.does(cloudfront.create_key_group, KeyGroupConfig=grouped)
    group_id = group["KeyGroup"]["Id"]
    probe.shows(grouped, cloudfront.get_key_group, "KeyGroup.KeyGroupConfig", Id=group_id)
    user = created(cloudfront, behavior={"TrustedKeyGroups": {"Enabled": True, **listed(group_id)}})["Id"]
    by_group = cloudfront.list_distributions_by_key_group
    probe.shows([user], by_group, "DistributionIdList.Items", KeyGroupId=group_id)
    active = {"KeyGroupId": group_id, "KeyPairIds": listed(number)}
    trusted = cloudfront.get_distribution(Id=user)["Distribution"]["ActiveTrustedKeyGroups"]
    assert trusted == {"Enabled": True, "Quantity": 1, "Items": [active]}
    other = grouped | {"Comment": "some"}
    group = probe.does(cloudfront.update_key_group, Id=group_id, IfMatch=group["ETag"], KeyGroupConfig=other)
    probe.shows(other, cloudfront.get_key_group_config, "KeyGroupConfig", Id=group_id)
    delete_distribution(cloudfront, user)
    probe.does(cloudfront.delete_key_group, Id=group_id, IfMatch=group["ETag"])
    probe.lacks(cloudfront.list_key_groups, path="KeyGroupList.Items")
    probe.does(cloudfront.delete_public_key, Id=number, IfMatch=key["ETag"])
    probe.lacks(cloudfront.get_public_key, "NoSuchPublicKey", Id=number)
