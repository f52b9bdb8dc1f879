# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What visitors meet first: CloudFront's distributions, and what these refer to."""

# Type: (operation, member of the answer, member of an item with all of it; None where the item is all)
KINDS = {
    "cache-policy": ("list_cache_policies", "CachePolicyList", "CachePolicy"),
    "continuous-deployment-policy": (
        "list_continuous_deployment_policies", "ContinuousDeploymentPolicyList", "ContinuousDeploymentPolicy",
    ),
    "key-group": ("list_key_groups", "KeyGroupList", "KeyGroup"),
    "key-value-store": ("list_key_value_stores", "KeyValueStoreList", None),
    "origin-access-control": ("list_origin_access_controls", "OriginAccessControlList", None),
    "origin-access-identity": (
        "list_cloud_front_origin_access_identities", "CloudFrontOriginAccessIdentityList", None,
    ),
    "origin-request-policy": ("list_origin_request_policies", "OriginRequestPolicyList", "OriginRequestPolicy"),
    "public-key": ("list_public_keys", "PublicKeyList", None),
    "realtime-log-config": ("list_realtime_log_configs", "RealtimeLogConfigs", None),
    "response-headers-policy": ("list_response_headers_policies", "ResponseHeadersPolicyList", "ResponseHeadersPolicy"),
    "vpc-origin": ("list_vpc_origins", "VpcOriginList", None),
}  # fmt: skip
DEPLOYED = ("InProgressInvalidationBatches", "Status")  # what becomes of a change by itself
STAGES = ("DEVELOPMENT", "LIVE")


def read_distributions(view):
    """Distributions, functions, and whatever both use, but for the policies that AWS provides."""
    for listed in _items(view, "list_distributions", "DistributionList"):
        number = listed["Id"]
        found = view.part("get_distribution", "Distribution", Id=number)
        shown = {member: value for member, value in found.items() if member not in DEPLOYED}
        shown["Tags"] = _tags(view, found["ARN"])
        monitoring = view.part("get_monitoring_subscription", "MonitoringSubscription", DistributionId=number)
        shown["MonitoringSubscription"] = monitoring
        view.add_global("cloudfront/distribution", f"global/{number}", shown)
    for stage in STAGES:
        for function in _items(view, "list_functions", "FunctionList", Stage=stage):
            _add_function(view, function, stage)
    for kind, (operation, member, part) in KINDS.items():
        for item in _items(view, operation, member):
            if item.get("Type") != "managed" or view.defaults:
                item = item[part] if part else item
                view.add_global(f"cloudfront/{kind}", f"global/{item.get('Id') or item['Name']}", item)


def _items(view, operation, member, **parameters):
    # A list of CloudFront is a structure of its own, which has no items where it is empty.
    return (view.all(operation, member, **parameters) or {}).get("Items") or []


def _tags(view, arn):
    return view.client.list_tags_for_resource(Resource=arn)["Tags"].get("Items", [])


def _add_function(view, function, stage):
    name = function["Name"]
    function.pop("Status")
    function["Code"] = view.client.get_function(Name=name, Stage=stage)["FunctionCode"].read().decode()
    function["Tags"] = _tags(view, function["FunctionMetadata"]["FunctionARN"])
    view.add_global("cloudfront/function", f"global/{name}/{stage}", function)


GLOBAL_READERS = {"cloudfront": read_distributions}
