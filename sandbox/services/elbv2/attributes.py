# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attributes of load balancers and target groups: all that AWS has, with its defaults."""

from .. import answer
from .logs import LOGS, check_bucket
from .shared import find_balancer, find_group, refused, settings

SWITCH = ("true", "false")
# Key: (default, what it may be; None for anything)
COMMON = {
    "access_logs.s3.enabled": ("false", SWITCH), "access_logs.s3.bucket": ("", None),
    "access_logs.s3.prefix": ("", None), "deletion_protection.enabled": ("false", SWITCH),
    "ipv6.deny_all_igw_traffic": ("false", SWITCH), "zonal_shift.config.enabled": ("false", SWITCH),
}  # fmt: skip
APPLICATION = COMMON | {
    "client_keep_alive.seconds": ("3600", range(60, 604801)),
    "connection_logs.s3.enabled": ("false", SWITCH), "connection_logs.s3.bucket": ("", None),
    "connection_logs.s3.prefix": ("", None),
    "health_check_logs.s3.enabled": ("false", SWITCH), "health_check_logs.s3.bucket": ("", None),
    "health_check_logs.s3.prefix": ("", None),
    "idle_timeout.timeout_seconds": ("60", range(1, 4001)),
    "load_balancing.cross_zone.enabled": ("true", ("true",)),
    "routing.http.desync_mitigation_mode": ("defensive", ("monitor", "defensive", "strictest")),
    "routing.http.drop_invalid_header_fields.enabled": ("false", SWITCH),
    "routing.http.preserve_host_header.enabled": ("false", SWITCH),
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": ("false", SWITCH),
    "routing.http.xff_client_port.enabled": ("false", SWITCH),
    "routing.http.xff_header_processing.mode": ("append", ("append", "preserve", "remove")),
    "routing.http2.enabled": ("true", SWITCH),
    "waf.fail_open.enabled": ("false", SWITCH),
}  # fmt: skip
NETWORK = COMMON | {
    "load_balancing.cross_zone.enabled": ("false", SWITCH),
    "dns_record.client_routing_policy": (
        "any_availability_zone",
        ("any_availability_zone", "availability_zone_affinity", "partial_availability_zone_affinity"),
    ),
    "secondary_ips.auto_assigned.per_subnet": ("0", range(8)),
}
PERCENT = ("off", *(str(number) for number in range(1, 101)))
HEALTH = "target_group_health"
GROUP = {
    "deregistration_delay.timeout_seconds": ("300", range(3601)),
    "stickiness.enabled": ("false", SWITCH),
    "load_balancing.cross_zone.enabled": (
        "use_load_balancer_configuration", ("true", "false", "use_load_balancer_configuration")
    ),
    f"{HEALTH}.dns_failover.minimum_healthy_targets.count": ("1", ("off", *(str(item) for item in range(1, 1001)))),
    f"{HEALTH}.dns_failover.minimum_healthy_targets.percentage": ("off", PERCENT),
    f"{HEALTH}.unhealthy_state_routing.minimum_healthy_targets.count": ("1", range(1, 1001)),
    f"{HEALTH}.unhealthy_state_routing.minimum_healthy_targets.percentage": ("off", PERCENT),
}  # fmt: skip
HTTP_GROUP = GROUP | {
    "stickiness.type": ("lb_cookie", ("lb_cookie", "app_cookie")),
    "stickiness.lb_cookie.duration_seconds": ("86400", range(1, 604801)),
    "stickiness.app_cookie.cookie_name": ("", None),
    "stickiness.app_cookie.duration_seconds": ("86400", range(1, 604801)),
    "slow_start.duration_seconds": ("0", (*(str(item) for item in range(30, 901)), "0")),
    "load_balancing.algorithm.type": (
        "round_robin", ("round_robin", "least_outstanding_requests", "weighted_random")
    ),
    "load_balancing.algorithm.anomaly_mitigation": ("off", ("on", "off")),
}  # fmt: skip
TCP_GROUP = GROUP | {
    "stickiness.type": ("source_ip", ("source_ip",)),
    "deregistration_delay.connection_termination.enabled": ("false", SWITCH),
    "preserve_client_ip.enabled": ("true", SWITCH),
    "proxy_protocol_v2.enabled": ("false", SWITCH),
    "target_health_state.unhealthy.connection_termination.enabled": ("true", SWITCH),
    "target_health_state.unhealthy.draining_interval_seconds": ("0", range(360001)),
}
LAMBDA_GROUP = {"lambda.multi_value_headers.enabled": ("false", SWITCH)}


def _complete(known, present):
    return {key: str(present.get(key, default)) for key, (default, _allowed) in known.items()}


def _listed(attributes):
    return {"Attributes": [{"Key": key, "Value": value} for key, value in sorted(attributes.items())]}


def _of_balancer(balancer):
    """What moto calls attributes began with defaults of its own, which are ours as of the first look."""
    known = APPLICATION if balancer.type == "application" else NETWORK
    if not hasattr(balancer, "sandbox_attributes"):
        balancer.sandbox_attributes = True
        balancer.attrs = _complete(known, {})
    return known


@answer("elbv2", "DescribeLoadBalancerAttributes")
def describe_balancer(call):
    """moto leaves most of them out."""
    balancer = find_balancer(call)
    _of_balancer(balancer)
    return _listed(balancer.attrs)


@answer("elbv2", "ModifyLoadBalancerAttributes")
def modify_balancer(call):
    """All or nothing, and logs only go where Elastic Load Balancing may write them."""
    balancer = find_balancer(call)
    known = _of_balancer(balancer)
    changed = balancer.attrs | settings(call.parameters["Attributes"], known, "Load balancer")
    for log in LOGS:
        if changed.get(f"{log}.s3.enabled") == "true":
            check_bucket(call, changed[f"{log}.s3.bucket"], changed[f"{log}.s3.prefix"])
    balancer.attrs = changed
    return _listed(balancer.attrs)


def _of_group(group):
    if group.target_type == "lambda":
        known = LAMBDA_GROUP
    else:
        known = HTTP_GROUP if group.protocol in ("HTTP", "HTTPS") else TCP_GROUP
    if not hasattr(group, "sandbox_attributes"):
        group.sandbox_attributes = True
        group.attributes = _complete(known, {})
    return known


@answer("elbv2", "DescribeTargetGroupAttributes")
def describe_group(call):
    """moto leaves most of them out."""
    group = find_group(call)
    _of_group(group)
    return _listed(group.attributes)


@answer("elbv2", "ModifyTargetGroupAttributes")
def modify_group(call):
    """All or nothing."""
    group = find_group(call)
    changed = group.attributes | settings(call.parameters["Attributes"], _of_group(group), "Target group")
    changed = _complete(_of_group(group), changed)
    if changed.get("stickiness.type") == "app_cookie" and not changed["stickiness.app_cookie.cookie_name"]:
        message = "You must set an application cookie name to enable stickiness of type 'app_cookie'"
        raise refused("InvalidConfigurationRequest", message)
    slow, algorithm = changed.get("slow_start.duration_seconds"), changed.get("load_balancing.algorithm.type")
    if slow not in (None, "0") and algorithm != "round_robin":
        message = f"Slow start mode is not compatible with the load balancing algorithm '{algorithm}'"
        raise refused("InvalidConfigurationRequest", message)
    if changed.get("load_balancing.algorithm.anomaly_mitigation") == "on" and algorithm != "weighted_random":
        message = "Anomaly mitigation needs the load balancing algorithm 'weighted_random'"
        raise refused("InvalidConfigurationRequest", message)
    group.attributes = changed
    return _listed(group.attributes)
