#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_clusters
version_added: 1.0.0
short_description: Manage ECS clusters
description:
  - Creates, changes, deletes or reads clusters, found by their name, which is unique in an account and region.
  - A deleted cluster, which ECS remembers for a while as inactive, counts as missing and can be created again.
  - A cluster whose Platform or Environment tag differs from the one in O(tags) belongs to somebody else; the module
    fails and changes nothing.
  - Exists beside M(community.aws.ecs_cluster) because that module knows capacity providers only - neither Container
    Insights nor ECS Exec nor tags - and removes the capacity providers of a cluster where none are given.
options:
  clusters:
    description:
      - The clusters. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name. Letters, digits, C(_) and C(-), at most 255.
        type: str
        required: true
      container_insights:
        description:
          - Whether CloudWatch collects metrics of tasks and containers; V(enhanced) those of every single container.
            A new cluster gets what the account's setting says.
        type: str
        choices: [enabled, enhanced, disabled]
      execute_command:
        description: How sessions of ECS Exec are encrypted and logged, as a whole.
        type: dict
        suboptions:
          kms_key_arn:
            description: The key that encrypts what is sent between the user and the container.
            type: str
          log_group:
            description: The log group of what is typed and answered. Required for V(OVERRIDE), and only there.
            type: str
          logging:
            description:
              - V(OVERRIDE) logs to O(clusters[].execute_command.log_group) and is the default where that is given.
                V(DEFAULT) logs to the log group of the container, V(NONE) does not log.
            type: str
            choices: [NONE, DEFAULT, OVERRIDE]
      capacity_providers:
        description: The capacity providers, such as C(FARGATE) and C(FARGATE_SPOT). An empty list removes them.
        type: list
        elements: str
      default_capacity_provider_strategy:
        description: Where services and tasks run that name neither launch type nor strategy.
        type: list
        elements: dict
        suboptions:
          capacity_provider:
            description: The capacity provider.
            type: str
            required: true
          weight:
            description: Its share of the tasks, 0 to 1000.
            type: int
            default: 0
          base:
            description: How many tasks run there before shares count, 0 to 100000.
            type: int
            default: 0
      tags:
        description: Tags of this cluster beside O(tags).
        type: dict
  account_id:
    description:
      - The account, for the ARN of a cluster that check mode would create.
    type: str
    default: "000000000000"
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
seealso:
  - module: groundwork.aws.ecs_services
  - name: CreateCluster in the ECS API reference
    description: What AWS asks for.
    link: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
"""

EXAMPLES = r"""
- name: Create the cluster of a platform
  groundwork.aws.ecs_clusters:
    clusters:
      - name: dougust-production
        container_insights: enabled
        execute_command:
          kms_key_arn: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
          log_group: /ecs/dougust-production-exec
    tags:
      Platform: dougust
      Environment: production
"""

RETURN = r"""
clusters:
  description: The clusters by name.
  returned: always
  type: dict
  sample:
    dougust-production:
      name: dougust-production
      arn: arn:aws:ecs:us-east-1:123456789012:cluster/dougust-production
      status: ACTIVE
      container_insights: enabled
      execute_command:
        kms_key_arn: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
        log_group: /ecs/dougust-production-exec
        logging: OVERRIDE
      capacity_providers: []
      default_capacity_provider_strategy: []
      tags: {Platform: dougust, Environment: production}
"""

import re

from ansible_collections.groundwork.aws.plugins.module_utils import ecs_capacity, lifecycle, planned, waiters
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definition_rules as rules
from ansible_collections.groundwork.aws.plugins.module_utils.api import ecs as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

ARGUMENT_SPEC = {
    "clusters": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "container_insights": {"type": "str", "choices": ["enabled", "enhanced", "disabled"]},
            "execute_command": {
                "type": "dict",
                "options": {
                    "kms_key_arn": {"type": "str", "no_log": False},
                    "log_group": {"type": "str"},
                    "logging": {"type": "str", "choices": ["NONE", "DEFAULT", "OVERRIDE"]},
                },
            },
            "capacity_providers": {"type": "list", "elements": "str"},
            "default_capacity_provider_strategy": ecs_capacity.STRATEGY,
            "tags": {"type": "dict"},
        },
    },
    "account_id": {"type": "str", "default": "000000000000"},
}


def exec_logging(wanted):
    """How sessions of ECS Exec are logged."""
    return wanted["logging"] or ("OVERRIDE" if wanted["log_group"] else "DEFAULT")


def exec_params(wanted):
    """The API's parameters for ECS Exec."""
    params = {"logging": wanted["logging"]}
    if wanted["kms_key_arn"]:
        params["kmsKeyId"] = wanted["kms_key_arn"]
    if wanted["log_group"]:
        params["logConfiguration"] = {"cloudWatchLogGroupName": wanted["log_group"]}
    return params


def exec_from_aws(described):
    """ECS Exec as items say it; the defaults where AWS shows nothing."""
    return {
        "kms_key_arn": described.get("kmsKeyId"),
        "log_group": described.get("logConfiguration", {}).get("cloudWatchLogGroupName"),
        "logging": described.get("logging", "DEFAULT"),
    }


def flaw(item):
    """What is wrong with an item; empty when nothing is."""
    wanted, strategy = item["execute_command"], item["default_capacity_provider_strategy"] or []
    if not re.fullmatch(rules.NAME, item["name"]):
        return "is no name of a cluster. To fix: letters, digits, _ and -, at most 255"
    if wanted and bool(wanted["log_group"]) != (exec_logging(wanted) == "OVERRIDE"):
        return "needs both or neither: logging OVERRIDE and a log_group. To fix: add the other"
    if ecs_capacity.flaw(strategy):
        return ecs_capacity.flaw(strategy)
    if item["capacity_providers"] is not None:
        others = {one["capacity_provider"] for one in strategy} - set(item["capacity_providers"])
        if others:
            return f"has a strategy for {', '.join(sorted(others))}. To fix: add it to capacity_providers"
    return ""


class Cluster(lifecycle.Kind):
    service = "ecs"
    type = "cluster"
    result = "clusters"
    items = "clusters"
    tagged_as = "ecs:cluster"

    def __init__(self, module):
        super().__init__(module)
        self.configurations = {}  # as AWS shows them: they can only be changed as a whole

    def validate(self, items):
        for item in items:
            if flaw(item):
                raise UserError(f"{self.label(item['name'])} {flaw(item)}.")

    def find(self, items):
        found = {}
        for described in api.describe_clusters(self.client, [item["name"] for item in items]):
            cluster = self.from_aws(described)
            if cluster["status"] == "DEPROVISIONING":
                self.leaving.append(cluster)
            elif cluster["status"] != "INACTIVE":
                self.refuse_foreign(cluster)
                found[cluster["name"]] = cluster
                self.configurations[cluster["name"]] = described.get("configuration") or {}
        return {item["name"]: found[item["name"]] for item in items if item["name"] in found}

    def from_aws(self, described):
        settings = {one["name"]: one["value"] for one in described.get("settings") or []}
        configuration = described.get("configuration") or {}
        return {
            "name": described["clusterName"],
            "arn": described["clusterArn"],
            "status": described["status"],
            "container_insights": settings.get("containerInsights"),
            "execute_command": exec_from_aws(configuration.get("executeCommandConfiguration", {})),
            "capacity_providers": described.get("capacityProviders") or [],
            "default_capacity_provider_strategy": ecs_capacity.from_aws(
                described.get("defaultCapacityProviderStrategy")
            ),
            "tags": api.tags_of(described),
        }

    def planned(self, item):
        region = self.module.region or ""
        arn = planned.arn("ecs", region, self.params["account_id"], f"cluster/{item['name']}")
        return {"arn": arn, "status": "ACTIVE"}

    def desired(self, item):
        wanted = item["execute_command"]
        return {
            "container_insights": item["container_insights"],
            "execute_command": {**wanted, "logging": exec_logging(wanted)} if wanted else None,
            "capacity_providers": item["capacity_providers"],
            "default_capacity_provider_strategy": item["default_capacity_provider_strategy"],
        }

    def create(self, item):
        self.await_deleted([one for one in self.leaving if one["name"] == item["name"]], self.params["wait_timeout"])
        wanted = {field: value for field, value in self.desired(item).items() if value is not None}
        params = self.cluster_params(item["name"], wanted)
        if "capacity_providers" in wanted:
            params["capacityProviders"] = wanted["capacity_providers"]
        if "default_capacity_provider_strategy" in wanted:
            params["defaultCapacityProviderStrategy"] = ecs_capacity.params(
                wanted["default_capacity_provider_strategy"]
            )
        tags = self.tags(item) or {}
        created = api.create_cluster(self.client, tags, clusterName=item["name"], **params)
        return {**self.from_aws(created), **wanted, "tags": tags}

    def cluster_params(self, name, wanted):
        """The parameters that creating and updating have in common."""
        params = {}
        if "container_insights" in wanted:
            params["settings"] = [{"name": "containerInsights", "value": wanted["container_insights"]}]
        if "execute_command" in wanted:
            execute = {"executeCommandConfiguration": exec_params(wanted["execute_command"])}
            params["configuration"] = {**self.configurations.get(name, {}), **execute}
        return params

    def update(self, resource, changes):
        wanted = {field: change.after for field, change in changes.items()}
        params = self.cluster_params(resource["name"], wanted)
        if params:
            api.update_cluster(self.client, resource["name"], **params)
        if wanted.keys() & {"capacity_providers", "default_capacity_provider_strategy"}:
            given = {**resource, **wanted}
            strategy = ecs_capacity.params(given["default_capacity_provider_strategy"])
            api.put_cluster_capacity_providers(self.client, resource["name"], given["capacity_providers"], strategy)
        if "tags" in changes:
            self.update_tags(resource, *changes["tags"])

    def set_tags(self, resource, tags):
        api.tag_resource(self.client, resource["arn"], tags)

    def remove_tags(self, resource, keys):
        api.untag_resource(self.client, resource["arn"], keys)

    def settle(self, resources, timeout):
        names = [resource["name"] for resource in resources if resource["status"] != "ACTIVE"]
        if names:
            what = f"ECS clusters {', '.join(names)} active"
            waiters.wait(self.client, "clusters_active", what, timeout, clusters=names)
        for resource in resources:
            resource["status"] = "ACTIVE"

    def delete(self, resource):
        api.delete_cluster(self.client, resource["name"])

    def settle_deleted(self, resources, timeout):
        self.await_deleted(resources, timeout)

    def await_deleted(self, resources, timeout):
        names = [resource["name"] for resource in resources]
        if names:
            what = f"the end of ECS clusters {', '.join(names)}"
            waiters.wait(self.client, "clusters_inactive", what, timeout, clusters=names)


def main():
    lifecycle.run(Cluster, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
