# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters, each documented in the YAML file of its name; what they do is in plugin_utils.

They are in one file because Ansible goes through all files of a collection to find a filter, in each task that uses one.
"""

from __future__ import annotations

import functools
import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.groundwork.aws.plugins.plugin_utils import (
    capabilities,
    dashboard,
    database,
    domains,
    ecs,
    load_balancing,
    monitoring,
    names,
    networking,
    plan,
    platform,
    schedules,
    storage,
    subnets,
    waf,
)

Filter = t.Callable[..., t.Any]

FILTERS: dict[str, Filter] = {
    "buckets_items": storage.bucket_items,
    "certificates_items": domains.certificate_items,
    "certificates_outputs": domains.certificate_outputs,
    "certificates_records": domains.validation_records,
    "database_identifier": database.identifier,
    "database_instances": database.instance_items,
    "database_log_groups": database.log_group_items,
    "database_outputs": database.outputs,
    "database_parameter_groups": database.parameter_group_items,
    "ecs_log_group_names": ecs.log_group_names,
    "ecs_log_groups": ecs.log_group_items,
    "ecs_role_arns": ecs.role_arns,
    "ecs_roles": ecs.role_items,
    "ecs_scaling": ecs.scaling_items,
    "ecs_service_outputs": ecs.service_outputs,
    "ecs_services": ecs.service_items,
    "ecs_unsettled": ecs.unsettled,
    "encryption_keys": capabilities.encryption_keys,
    "kept_by_aws": platform.kept_by_aws,
    "load_balancer_health": load_balancing.target_health,
    "load_balancer_items": load_balancing.load_balancer_items,
    "load_balancer_listeners": load_balancing.listener_items,
    "load_balancer_records": load_balancing.alias_records,
    "load_balancer_target_groups": load_balancing.target_group_items,
    "monitoring_alarms": monitoring.alarm_items,
    "monitoring_dashboard": dashboard.body,
    "monitoring_filter_targets": monitoring.filter_targets,
    "monitoring_filters": monitoring.filter_items,
    "monitoring_targets": monitoring.targets,
    "monitoring_topics": monitoring.topic_items,
    "networking_elastic_ips": networking.elastic_ips,
    "networking_ids_by_tier": networking.ids_by_tier,
    "networking_interface_endpoints": networking.interface_endpoints,
    "networking_nat_gateways": networking.nat_gateways,
    "networking_network_acls": networking.network_acls,
    "networking_route_tables": networking.route_tables,
    "networking_subnets": networking.subnets,
    "outputs_by_name": capabilities.outputs_by_name,
    "plan_summary": plan.summary,
    "platform_status": platform.status,
    "registry_repositories": capabilities.registry_repositories,
    "resource_name": names.resource_name,
    "schedules_definitions": schedules.definition_items,
    "schedules_group_name": schedules.group_name,
    "schedules_items": schedules.schedule_items,
    "schedules_jobs": schedules.jobs,
    "schedules_log_groups": schedules.log_group_items,
    "schedules_outputs": schedules.outputs,
    "schedules_roles": schedules.role_items,
    "secrets_items": storage.secret_items,
    "security_group_items": capabilities.security_group_items,
    "selected": platform.selected,
    "services_need_database": platform.services_need_database,
    "status_lines": platform.status_lines,
    "steps_to_read": platform.steps_to_read,
    "steps_to_take": platform.steps_to_take,
    "subnet_layout": subnets.subnet_layout,
    "waf_log_group": waf.log_group_name,
    "waf_web_acls": waf.web_acl_items,
}


def _refusing(name: str, function: Filter) -> Filter:
    """A filter whose refusals are messages of Ansible."""

    @functools.wraps(function)
    def call(*args: t.Any, **kwargs: t.Any) -> t.Any:
        try:
            return function(*args, **kwargs)
        except ValueError as error:
            raise AnsibleFilterError(f"groundwork.aws.{name}: {error}") from error

    return call


class FilterModule:
    """Tell Ansible which filters are here."""

    _filters = {name: _refusing(name, function) for name, function in FILTERS.items()}

    def filters(self) -> dict[str, Filter]:
        """The filters by name."""
        return self._filters
