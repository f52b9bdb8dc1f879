#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: application_autoscaling_targets
version_added: 1.0.0
short_description: Manage what Application Auto Scaling scales, and how
description:
  - Registers, changes, deregisters or reads scalable targets, such as the number of tasks of an ECS service, with their
    target tracking policies and scheduled actions. A target is found by the id of its resource.
  - The list of policies is complete, those of other types included; what is not in it is removed.
  - AWS makes the alarms of a policy itself. They are returned, and nobody else should change them.
  - A target whose Platform or Environment tag differs from the one in O(tags) belongs to somebody else; the module
    fails and changes nothing.
  - Exists beside M(community.aws.application_autoscaling_policy) because that module creates targets and policies in
    check mode too, knows neither tags nor scheduled actions, and manages one policy a run.
options:
  targets:
    description:
      - The targets. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The id of the resource, C(service/<cluster>/<service>) for an ECS service.
        type: str
        required: true
      service_namespace:
        description: The service that the resource belongs to.
        type: str
        choices: [appstream, cassandra, comprehend, custom-resource, dynamodb, ec2, ecs, elasticache, elasticmapreduce,
                  kafka, lambda, neptune, rds, sagemaker]
        default: ecs
      scalable_dimension:
        description: What of the resource is scaled. It begins with the O(targets[].service_namespace).
        type: str
        default: ecs:service:DesiredCount
      min_capacity:
        description: How far AWS may scale in. Required with O(state=present).
        type: int
      max_capacity:
        description: How far AWS may scale out. Required with O(state=present).
        type: int
      suspended:
        description: What is suspended; V([]) resumes everything.
        type: list
        elements: str
        choices: [scale_in, scale_out, scheduled]
      policies:
        description:
          - The target tracking policies. With this list, policies that are not in it are removed.
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the policy.
            type: str
            required: true
          metric:
            description:
              - A metric that AWS defines, such as V(ECSServiceAverageCPUUtilization),
                V(ECSServiceAverageMemoryUtilization) or V(ALBRequestCountPerTarget).
            type: str
          resource_label:
            description:
              - The load balancer and target group for V(ALBRequestCountPerTarget),
                C(app/<load balancer>/<id>/targetgroup/<target group>/<id>).
            type: str
          custom_metric:
            description: A metric of CloudWatch instead.
            type: dict
            suboptions:
              namespace:
                description: The namespace of the metric.
                type: str
                required: true
              name:
                description: The name of the metric.
                type: str
                required: true
              statistic:
                description: The statistic.
                type: str
                choices: [Average, Minimum, Maximum, SampleCount, Sum]
                required: true
              unit:
                description: The unit, where the metric is published with one.
                type: str
              dimensions:
                description: The dimensions, exactly those that the metric is published with.
                type: dict
          target_value:
            description: The value of the metric that AWS scales towards.
            type: float
            required: true
          scale_in_cooldown:
            description: Seconds before AWS scales in again. AWS starts with 300 for an ECS service.
            type: int
          scale_out_cooldown:
            description: Seconds before AWS scales out again. AWS starts with 300 for an ECS service.
            type: int
          disable_scale_in:
            description: Whether the policy only scales out.
            type: bool
      scheduled_actions:
        description:
          - Changes of the capacity by the clock. With this list, actions that are not in it are removed.
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the action.
            type: str
            required: true
          schedule:
            description: When, as V(at(yyyy-mm-ddThh:mm:ss\)), V(rate(value unit\)) or V(cron(fields\)).
            type: str
            required: true
          timezone:
            description: The time zone of the schedule, a name of the IANA database. AWS starts with V(UTC).
            type: str
          min_capacity:
            description: The O(targets[].min_capacity) from then on.
            type: int
          max_capacity:
            description: The O(targets[].max_capacity) from then on.
            type: int
      tags:
        description: Tags of this target beside O(tags).
        type: dict
  account_id:
    description:
      - The account, for the ARN of a target that check mode would register.
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
  - name: Target tracking in the Application Auto Scaling user guide
    description: How AWS scales, and which metrics it defines.
    link: https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html
"""

EXAMPLES = r"""
- name: Run 2 to 10 tasks, as many as keep the processors at 70 %
  groundwork.aws.application_autoscaling_targets:
    targets:
      - name: service/dougust-production/dougust-production-api
        min_capacity: 2
        max_capacity: 10
        policies:
          - name: cpu
            metric: ECSServiceAverageCPUUtilization
            target_value: 70
            scale_in_cooldown: 300
            scale_out_cooldown: 300
        scheduled_actions:
          - name: before-work
            schedule: cron(0 7 ? * MON-FRI *)
            timezone: Europe/Berlin
            min_capacity: 4
    tags:
      Platform: dougust
      Environment: production
"""

RETURN = r"""
targets:
  description: The targets by name; the scheduled actions are there where they are given.
  returned: always
  type: dict
  sample:
    service/dougust-production/dougust-production-api:
      name: service/dougust-production/dougust-production-api
      arn: arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/0ec51234abcd12ab34cd56ef1234567890ab
      service_namespace: ecs
      scalable_dimension: ecs:service:DesiredCount
      min_capacity: 2
      max_capacity: 10
      suspended: []
      policies:
        - name: cpu
          metric: ECSServiceAverageCPUUtilization
          resource_label: null
          custom_metric: null
          target_value: 70.0
          scale_in_cooldown: 300
          scale_out_cooldown: 300
          disable_scale_in: false
      alarms:
        cpu:
          - TargetTracking-service/dougust-production/dougust-production-api-AlarmHigh-1234abcd
      tags: {Platform: dougust, Environment: production}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle, planned, scaling_policies as scaling
from ansible_collections.groundwork.aws.plugins.module_utils import side_by_side
from ansible_collections.groundwork.aws.plugins.module_utils.api import application_autoscaling as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

NAMESPACES = (
    ["appstream", "cassandra", "comprehend", "custom-resource", "dynamodb", "ec2", "ecs", "elasticache"]
    + ["elasticmapreduce", "kafka", "lambda", "neptune", "rds", "sagemaker"]
)  # fmt: skip
SUSPENSIONS = {
    "scale_in": "DynamicScalingInSuspended",
    "scale_out": "DynamicScalingOutSuspended",
    "scheduled": "ScheduledScalingSuspended",
}

ARGUMENT_SPEC = {
    "targets": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "service_namespace": {"type": "str", "choices": NAMESPACES, "default": "ecs"},
            "scalable_dimension": {"type": "str", "default": "ecs:service:DesiredCount"},
            "min_capacity": {"type": "int"},
            "max_capacity": {"type": "int"},
            "suspended": {"type": "list", "elements": "str", "choices": list(SUSPENSIONS)},
            "policies": {
                "type": "list",
                "elements": "dict",
                "options": scaling.POLICY,
                "mutually_exclusive": [["metric", "custom_metric"]],
                "required_one_of": [["metric", "custom_metric"]],
            },
            "scheduled_actions": {"type": "list", "elements": "dict", "options": scaling.SCHEDULED_ACTION},
            "tags": {"type": "dict"},
        },
    },
    "account_id": {"type": "str", "default": "000000000000"},
}


def flaw(item):
    """What is wrong with an item; empty when nothing is."""
    if not item["scalable_dimension"].startswith(f"{item['service_namespace']}:"):
        return f"has no scalable_dimension of {item['service_namespace']}. To fix: name one of this service"
    if item["service_namespace"] == "ecs" and not all(item["name"].partition("service/")[2].partition("/")):
        return "is no id of an ECS service. To fix: service/<cluster>/<service>"
    lowest, highest = item["min_capacity"], item["max_capacity"]
    if lowest is None or highest is None or not 0 <= lowest <= highest:
        return "needs min_capacity and max_capacity, from 0 up, the minimum not above the maximum. To fix: give both"
    return scaling.flaw(item)


def suspended_state(suspended):
    """The parameter SuspendedState."""
    return {field: name in suspended for name, field in SUSPENSIONS.items()}


class ScalableTarget(lifecycle.Kind):
    service = "application-autoscaling"
    type = "scalable-target"
    result = "targets"
    items = "targets"

    def validate(self, items):
        for item in items:
            if flaw(item):
                raise UserError(f"{self.label(item['name'])} {flaw(item)}.")

    def find(self, items):
        found = {}
        for namespace in sorted({item["service_namespace"] for item in items}):
            of_namespace = {scaling.key_of(item): item for item in items if item["service_namespace"] == namespace}
            names = [item["name"] for item in of_namespace.values()]
            targets = api.describe_scalable_targets(self.client, namespace, names)
            ours = [target for target in targets if scaling.key_of(target) in of_namespace]
            found.update(self.read(namespace, ours, of_namespace))
        return {item["name"]: found[item["name"]] for item in items if item["name"] in found}

    def read(self, namespace, targets, items):
        """The targets of a service with their policies, and their scheduled actions where an item manages them."""
        scheduled = any(items[scaling.key_of(target)]["scheduled_actions"] is not None for target in targets)
        if not targets:
            return {}
        readers = [api.describe_scaling_policies] + ([api.describe_scheduled_actions] if scheduled else [])
        policies, actions = (*side_by_side.each(lambda read: read(self.client, namespace), readers), [])[:2]
        read = side_by_side.each(
            lambda one: self.from_aws(one, scaling.of_target(policies, scaling.key_of(one))), targets
        )
        found = {}
        for target, resource in zip(targets, read):
            key = scaling.key_of(target)
            if items[key]["scheduled_actions"] is not None:
                resource["scheduled_actions"] = [
                    scaling.action_from_aws(one) for one in scaling.of_target(actions, key)
                ]
            self.refuse_foreign(resource)
            found[resource["name"]] = resource
        return found

    def from_aws(self, described, policies):
        suspended = described.get("SuspendedState") or {}
        return {
            "name": described["ResourceId"],
            "arn": described["ScalableTargetARN"],
            "service_namespace": described["ServiceNamespace"],
            "scalable_dimension": described["ScalableDimension"],
            "min_capacity": described["MinCapacity"],
            "max_capacity": described["MaxCapacity"],
            "suspended": [name for name, field in SUSPENSIONS.items() if suspended.get(field)],
            "policies": [scaling.policy_from_aws(policy) for policy in policies],
            "alarms": {one["PolicyName"]: scaling.alarm_names(one) for one in policies},
            "tags": api.list_tags_for_resource(self.client, described["ScalableTargetARN"]),
        }

    def planned(self, item):
        target = f"scalable-target/{planned.uuid(*scaling.key_of(item))}"
        arn = planned.arn(self.service, self.module.region or "", self.params["account_id"], target)
        fields = {key: item[key] for key in ("service_namespace", "scalable_dimension")}
        return {"arn": arn, **fields, "suspended": [], "policies": [], "alarms": {}}

    def desired(self, item):
        current = self.resources.get(item["name"], {})
        wanted = {key: item[key] for key in ("min_capacity", "max_capacity", "suspended")}
        for part, merge in (("policies", scaling.wanted_policy), ("scheduled_actions", scaling.wanted_action)):
            if item[part] is not None:
                before = scaling.named(current.get(part) or [])
                wanted[part] = [merge(one, before.get(one["name"])) for one in item[part]]
        return wanted

    def create(self, item):
        params = {"MinCapacity": item["min_capacity"], "MaxCapacity": item["max_capacity"]}
        if item["suspended"]:
            params["SuspendedState"] = suspended_state(item["suspended"])
        tags = self.tags(item) or {}
        if tags:
            params["Tags"] = tags
        arn = api.register_scalable_target(self.client, **scaling.parameters(item), **params)
        given = {key: item[key] for key in ("name", "service_namespace", "scalable_dimension")}
        bounds = {key: item[key] for key in ("min_capacity", "max_capacity")}
        resource = {**given, "arn": arn, **bounds, "suspended": item["suspended"] or [], "policies": [], "alarms": {}}
        scheduled = {"scheduled_actions": []} if item["scheduled_actions"] is not None else {}
        return {**resource, **scheduled, "tags": tags}

    def update(self, resource, changes):
        bounds = {"min_capacity": "MinCapacity", "max_capacity": "MaxCapacity"}
        params = {bounds[field]: change.after for field, change in changes.items() if field in bounds}
        if "suspended" in changes:
            params["SuspendedState"] = suspended_state(changes["suspended"].after)
        if params:
            api.register_scalable_target(self.client, **scaling.parameters(resource), **params)
        super().update(resource, {f: c for f, c in changes.items() if f not in (*bounds, "suspended")})

    def update_policies(self, resource, before, after):
        target, current = scaling.parameters(resource), scaling.named(before)
        for policy in after:
            old = current.pop(policy["name"], {})
            if "type" in old:  # AWS changes no policy into one of another type
                api.delete_scaling_policy(self.client, PolicyName=policy["name"], **target)
            if old != policy:
                resource["alarms"][policy["name"]] = self.put_policy(target, policy)
        for name in current:
            api.delete_scaling_policy(self.client, PolicyName=name, **target)
            resource["alarms"].pop(name, None)

    def put_policy(self, target, policy):
        """Set a policy; the names of the alarms that AWS makes for it."""
        config = {"TargetTrackingScalingPolicyConfiguration": scaling.policy_to_aws(policy)}
        answer = api.put_scaling_policy(
            self.client, PolicyName=policy["name"], PolicyType=scaling.TRACKING, **target, **config
        )
        return scaling.alarm_names(answer)

    def update_scheduled_actions(self, resource, before, after):
        target, current = scaling.parameters(resource), scaling.named(before)
        for action in after:
            if current.pop(action["name"], None) != action:
                api.put_scheduled_action(self.client, **target, **scaling.action_to_aws(action))
        for name in current:
            api.delete_scheduled_action(self.client, ScheduledActionName=name, **target)

    def set_tags(self, resource, tags):
        api.tag_resource(self.client, resource["arn"], tags)

    def remove_tags(self, resource, keys):
        api.untag_resource(self.client, resource["arn"], keys)

    def delete(self, resource):
        api.deregister_scalable_target(self.client, **scaling.parameters(resource))


def main():
    lifecycle.run(ScalableTarget, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
