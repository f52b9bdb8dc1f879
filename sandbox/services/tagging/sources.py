# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tagged resources of every service in use, as (ARN, type, tags), types as the tagging API spells them."""

import re

from moto.core.base_backend import BackendDict

from ..cloudwatch.streams import streams
from ..ec2.shared import all_groups
from ..elasticache.shared import KINDS

GLOBAL = "us-east-1"  # where global resources are found


def tagged(account, region):
    """Everything with tags in a region."""
    for backends in sorted(BackendDict._instances, key=lambda item: item.service_name):
        for state in _states(backends, account, region):
            for arn, kind, tags, *place in SOURCES.get(backends.service_name, _of_moto)(state):
                if tags and region == (place[0] if place else arn.split(":")[3] or region):
                    yield arn, kind, dict(tags)


def _states(backends, account, region):
    # Asking for a region that is not in use would build it.
    known = dict(backends[account].items()) if account in backends else {}
    wanted = (region, "aws", "global") if region == GLOBAL or backends.service_name == "s3" else (region,)
    return [known[name] for name in wanted if name in known]


def _of_moto(state):
    """What moto lists, with the type as it is in the ARN."""
    if not hasattr(state, "iter_tagged_resources"):
        return
    for resource in state.iter_tagged_resources():
        yield resource.arn, _kind(resource.arn) or resource.resource_type, resource.tags


def _kind(arn):
    """The type in an ARN; None where it has none, as with queues, topics and buckets."""
    service, resource = arn.split(":", 5)[2], arn.split(":", 5)[5]
    match = re.match(r"([a-z][a-z-]*)[:/]", resource)
    return f"{service}:{match[1]}" if match else None


def _pairs(tags):
    return {tag.get("Key", tag.get("key")): tag.get("Value", tag.get("value")) for tag in tags or []}


def _ec2(state):
    rules = (rule for group in all_groups(state) for rule in (*group.ingress_rules, *group.egress_rules))
    found = {
        "dhcp-options": state.dhcp_options_sets,
        "elastic-ip": [address.allocation_id for address in state.addresses],
        "image": state.amis,
        "instance": [item.id for reservation in state.reservations.values() for item in reservation.instances],
        "internet-gateway": state.internet_gateways,
        "launch-template": state.launch_templates,
        "natgateway": state.nat_gateways,
        "network-acl": state.network_acls,
        "network-interface": state.enis,
        "prefix-list": state.managed_prefix_lists,
        "route-table": state.route_tables,
        "security-group": [group.id for group in all_groups(state)],
        "security-group-rule": [rule.id for rule in rules],
        "snapshot": state.snapshots,
        "subnet": [number for zone in state.subnets.values() for number in zone],
        "volume": state.volumes,
        "vpc": state.vpcs,
        "vpc-endpoint": state.vpc_end_points,
        "vpc-flow-log": state.flow_logs,
        "vpc-peering-connection": state.vpc_pcxs,
    }
    for kind, numbers in found.items():
        for number in numbers:
            arn = f"arn:{state.partition}:ec2:{state.region_name}:{state.account_id}:{kind}/{number}"
            yield arn, f"ec2:{kind}", state.tags.get(number, {})


def _rds(state):
    for model, resources in state.resource_map.items():
        for resource in resources.values() if getattr(model, "resource_type", None) else ():
            yield resource.arn, f"rds:{model.resource_type}", _pairs(resource.get_tags())


def _secrets(state):
    for secret in dict.values(state.secrets):
        if not secret.is_deleted():
            yield secret.arn, "secretsmanager:secret", _pairs(secret.tags)


def _s3(state):
    # The ARN of a bucket does not say where it is.
    for bucket in state.buckets.values():
        arn = f"arn:{state.partition}:s3:::{bucket.name}"
        yield arn, "s3:bucket", state.tagger.get_tag_dict_for_resource(bucket.arn), bucket.region_name


def _ecr(state):
    for repository in state.repositories.values():
        yield repository.arn, "ecr:repository", state.tagger.get_tag_dict_for_resource(repository.arn)


def _logs(state):
    for group in state.groups.values():
        yield group.arn.removesuffix(":*"), "logs:log-group", state.tagger.get_tag_dict_for_resource(group.arn)


def _ecs(state):
    gone = {item.arn for item in state.clusters.values() if item.status == "INACTIVE"}
    gone |= {item.arn for item in state.services.values() if item.status == "INACTIVE"}
    for resource in state.iter_tagged_resources():
        if resource.arn not in gone:
            yield resource.arn, resource.resource_type, resource.tags
    for service in state.services.values():
        for task_set in service.task_sets:
            yield task_set.task_set_arn, "ecs:task-set", _pairs(task_set.tags)


def _elbv2(state):
    balancers, tags = state.load_balancers.values(), state.tagging_service.get_tag_dict_for_resource
    for balancer in balancers:
        yield balancer.arn, "elasticloadbalancing:loadbalancer", tags(balancer.arn)
        for listener in balancer.listeners.values():
            yield listener.arn, "elasticloadbalancing:listener", tags(listener.arn)
            for rule in listener.rules.values():
                yield rule.arn, "elasticloadbalancing:listener-rule", tags(rule.arn)
    for group in state.target_groups.values():
        yield group.arn, "elasticloadbalancing:targetgroup", tags(group.arn)


def _cloudwatch(state):
    yield from _of_moto(state)
    for dashboard in state.dashboards.values():
        yield dashboard.arn, "cloudwatch:dashboard", state.tagger.get_tag_dict_for_resource(dashboard.arn)
    for stream in streams(state).values():
        yield stream["Arn"], "cloudwatch:metric-stream", state.tagger.get_tag_dict_for_resource(stream["Arn"])


def _events(state):
    yield from _of_moto(state)
    for bus in state.event_buses.values():
        for rule in bus.rules.values():
            yield rule.arn, "events:rule", state.tagger.get_tag_dict_for_resource(rule.arn)


def _wafv2(state):
    for resources in (state.wacls, state.ip_sets, state.rule_groups, state.regex_pattern_sets):
        for resource in resources.values():
            scope = resource.arn.split(":", 5)[5].split("/")
            kind = f"wafv2:{scope[0]}/{scope[1]}"
            yield resource.arn, kind, state.tagging_service.get_tag_dict_for_resource(resource.arn)


def _scheduler(state):
    for group in state.schedule_groups.values():
        yield group.arn, "scheduler:schedule-group", state.tagger.get_tag_dict_for_resource(group.arn)


def _guardduty(state):
    for arn, tags in vars(state).get("sandbox_tags", {}).items():
        below = arn.split("/")[2::2]
        yield arn, "/".join(["guardduty:detector", *below]), tags


def _securityhub(state):
    for arn, tags in vars(state).get("sandbox_hub", {}).get("tags", {}).items() if state.enabled else ():
        yield arn, "securityhub:hub", tags


def _inspector2(state):
    for arn in state.filters:
        yield arn, "inspector2:filter", state.tagger.get_tag_dict_for_resource(arn)


def _config(state):
    for rule in state.config_rules.values():
        yield rule.config_rule_arn, "config:config-rule", rule.tags
    for aggregator in state.config_aggregators.values():
        yield aggregator.configuration_aggregator_arn, "config:config-aggregator", aggregator.tags


def _cloudtrail(state):
    for trail in state.trails.values():
        yield trail.arn, "cloudtrail:trail", state.tagging_service.get_tag_dict_for_resource(trail.arn)


def _backup(state):
    yield from _of_moto(state)
    for plan in vars(state).get("sandbox_plans", {}).values():
        arn = plan["BackupPlanArn"]
        yield arn, "backup:backup-plan", state.tagger.get_tag_dict_for_resource(arn)


def _ce(state):
    kept = (
        state.cost_categories,
        vars(state).get("sandbox_monitors", {}),
        vars(state).get("sandbox_subscriptions", {}),
    )
    for arn in (arn for things in kept for arn in things):
        yield arn, _kind(arn), state.tagger.get_tag_dict_for_resource(arn)


def _user_pools(state):
    for pool in state.user_pools.values():
        yield pool.arn, "cognito-idp:userpool", pool.extended_config.get("UserPoolTags", {})


def _identity_pools(state):
    for number, pool in state.identity_pools.items():
        arn = f"arn:{state.partition}:cognito-identity:{state.region_name}:{state.account_id}:identitypool/{number}"
        yield arn, "cognito-identity:identitypool", pool.tags


def _elasticache(state):
    yield from _of_moto(state)
    for kind in ("parametergroup", "serverlesscache", "usergroup"):
        for thing in vars(state).get(KINDS[kind].holder, {}).values():
            yield thing.arn, f"elasticache:{kind}", state.tagging_service.get_tag_dict_for_resource(thing.arn)


def _xray(state):
    for arn, tags in vars(state).get("sandbox_kept", {}).get("tags", {}).items():
        yield arn, _kind(arn), tags


SOURCES = {
    "backup": _backup,
    "ce": _ce,
    "cloudtrail": _cloudtrail,
    "cloudwatch": _cloudwatch,
    "cognito-identity": _identity_pools,
    "cognito-idp": _user_pools,
    "config": _config,
    "ec2": _ec2,
    "ecr": _ecr,
    "ecs": _ecs,
    "elasticache": _elasticache,
    "elbv2": _elbv2,
    "events": _events,
    "guardduty": _guardduty,
    "inspector2": _inspector2,
    "logs": _logs,
    "rds": _rds,
    "s3": _s3,
    "scheduler": _scheduler,
    "secretsmanager": _secrets,
    "securityhub": _securityhub,
    "wafv2": _wafv2,
    "xray": _xray,
}
