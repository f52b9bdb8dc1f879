#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_task_definitions
version_added: 1.0.0
short_description: Manage ECS task definitions for Fargate
description:
  - Registers, tags, deletes or reads task definitions that no service runs, such as those of one-off and scheduled tasks.
    M(groundwork.aws.ecs_services) registers its own.
  - A new revision is registered only where the newest active one differs. A revision is a whole; what an item does not
    name is what AWS takes as default. Order counts in commands only.
  - O(state=absent) deregisters all revisions and deletes them, also those that were deregistered before.
  - A task definition whose Platform or Environment tag differs from the one in O(tags) belongs to somebody else; the
    module fails and changes nothing.
  - Exists beside M(community.aws.ecs_taskdefinition) because that module knows neither tags nor ephemeral storage, takes
    numbers and switches as text only, returns no ARN in check mode on an empty account, and deletes no revision.
options:
  task_definitions:
    description:
      - The task definitions. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The family. Letters, digits, C(_) and C(-), at most 255.
        type: str
        required: true
      cpu:
        description: CPU units of the task, 1024 a vCPU; one of Fargate's sizes. Required with O(state=present).
        type: int
      memory:
        description: Memory of the task in MiB, one that Fargate has for the CPU. Required with O(state=present).
        type: int
      task_role_arn:
        description: The role that the containers act as.
        type: str
      execution_role_arn:
        description: The role that ECS acts as to pull images, read secrets and write logs; secrets and logs require it.
        type: str
      containers:
        description: One to ten containers, at least one of them essential. Required with O(state=present).
        type: list
        elements: dict
        suboptions:
          name:
            description: The name.
            type: str
            required: true
          image:
            description: The image. Required with O(state=present).
            type: str
          command:
            description: The command, word by word; without it the image's.
            type: list
            elements: str
          entry_point:
            description: The entry point, word by word; without it the image's.
            type: list
            elements: str
          essential:
            description: Whether the task stops when this container does.
            type: bool
            default: true
          port:
            description: The TCP port that the container listens on.
            type: int
          user:
            description: The user, and with a colon the group, by name or number; without it the image's.
            type: str
          read_only_root_filesystem:
            description: Whether the container can write nowhere but in its volumes.
            type: bool
          environment:
            description: Environment variables, shown in differences. A boolean is passed as C(true) or C(false).
            type: dict
          secrets:
            description:
              - Environment variables whose values ECS reads when a task starts, each with the ARN of a secret; with
                C(:key::) behind it for a key of the secret's JSON.
            type: dict
          mount_points:
            description: Where volumes are mounted, by the volumes' names.
            type: dict
          depends_on:
            description: What other containers must have come to first, by name; C(START), C(COMPLETE), C(SUCCESS) or C(HEALTHY).
            type: dict
          health_check:
            description: How ECS finds out whether the container is well.
            type: dict
            suboptions:
              command:
                description: The command, beginning with C(CMD) or C(CMD-SHELL).
                type: list
                elements: str
                required: true
              interval:
                description: Seconds between checks, 5 to 300.
                type: int
                default: 30
              timeout:
                description: Seconds that a check may take, 2 to 60.
                type: int
                default: 5
              retries:
                description: Failures until the container counts as unhealthy, 1 to 10.
                type: int
                default: 3
              start_period:
                description: Seconds after the start in which failures do not count, at most 300.
                type: int
          log_group:
            description: The CloudWatch log group of what the container writes.
            type: str
          log_stream_prefix:
            description: What the names of its log streams begin with; without it the container's name.
            type: str
          init_process_enabled:
            description: Whether a process that hands on signals and reaps children comes first; ECS Exec needs it.
            type: bool
          docker_labels:
            description: Labels of the container.
            type: dict
          cpu:
            description: CPU units reserved for this container.
            type: int
          memory:
            description: MiB that this container may use at most.
            type: int
          stop_timeout:
            description: Seconds that the container has to end before it is killed, 2 to 120. AWS takes 30.
            type: int
      volumes:
        description: The names of empty volumes that live as long as the task.
        type: list
        elements: str
      ephemeral_storage_gib:
        description: The task's storage in GiB, 21 to 200. AWS takes 20.
        type: int
      cpu_architecture:
        description: What the images are built for.
        type: str
        choices: [X86_64, ARM64]
        default: X86_64
      tags:
        description: Tags of this task definition beside O(tags). They belong to its newest revision.
        type: dict
  account_id:
    description:
      - The account, for the ARN of a task definition that check mode would register.
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
  - module: groundwork.aws.ecs_task_run
  - name: Fargate task definition parameters
    description: What AWS asks for.
    link: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
"""

EXAMPLES = r"""
- name: Register the task that exports the database every week
  groundwork.aws.ecs_task_definitions:
    task_definitions:
      - name: dougust-production-export
        cpu: 256
        memory: 512
        execution_role_arn: arn:aws:iam::123456789012:role/dougust-production-execution
        task_role_arn: arn:aws:iam::123456789012:role/dougust-production-export
        volumes: [tmp]
        containers:
          - name: export
            image: public.ecr.aws/docker/library/postgres:15
            command: [sh, -c, pg_dump "$DATABASE_URL" > /tmp/dump]
            user: "999"
            read_only_root_filesystem: true
            mount_points:
              tmp: /tmp
            secrets:
              DATABASE_URL: arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/dougust/database-url-AbCdEf
            log_group: /ecs/dougust-production-export
    tags:
      Platform: dougust
      Environment: production
"""

RETURN = r"""
task_definitions:
  description: The newest active revisions by family.
  returned: always
  type: dict
  sample:
    dougust-production-export:
      name: dougust-production-export
      family: dougust-production-export
      arn: arn:aws:ecs:us-east-1:123456789012:task-definition/dougust-production-export:3
      revision: 3
      containers: {export: "public.ecr.aws/docker/library/postgres:15"}
      tags: {Platform: dougust, Environment: production}
"""

import re

from ansible_collections.groundwork.aws.plugins.module_utils import ecs_revisions, lifecycle, planned
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definition_rules as rules
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definitions as definitions
from ansible_collections.groundwork.aws.plugins.module_utils.api import ecs as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

SHOWN = ("name", "family", "arn", "revision", "containers", "tags")

ARGUMENT_SPEC = {
    "task_definitions": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            **definitions.DEFINITION_OPTIONS,
            "tags": {"type": "dict"},
        },
    },
    "account_id": {"type": "str", "default": "000000000000"},
}


class TaskDefinition(lifecycle.Kind):
    service = "ecs"
    type = "task-definition"
    result = "task_definitions"
    items = "task_definitions"

    def report(self):
        # Beside what is shown, a resource has the fields of its containers, which only the comparison needs.
        shown = {name: {key: one[key] for key in SHOWN} for name, one in self.resources.items()}
        return {self.result: shown}

    def validate(self, items):
        for item in items:
            if not re.fullmatch(rules.NAME, item["name"]):
                raise UserError(
                    f"{self.label(item['name'])} is no name of a family. "
                    "To fix: letters, digits, _ and -, at most 255."
                )
            if rules.flaw(item):
                raise UserError(f"{self.label(item['name'])} {rules.flaw(item)}.")

    def find(self, items):
        found = {}
        for item in items:
            described = ecs_revisions.newest(self.client, item["name"])
            if not described and self.params["state"] == "absent":
                described = self.deregistered(item["name"])
            if described:
                found[item["name"]] = self.from_aws(described)
                self.refuse_foreign(found[item["name"]])
        return found

    def deregistered(self, family):
        """A revision that was deregistered, and not deleted when a run was killed."""
        arns = api.list_task_definitions(self.client, family, "INACTIVE")
        return api.describe_task_definition(self.client, arns[0]) if arns else None

    def from_aws(self, described):
        return {
            "name": described["family"],
            "family": described["family"],
            "arn": described["taskDefinitionArn"],
            "revision": described["revision"],
            "containers": definitions.images(described),
            "tags": api.tags_of(described),
            **definitions.comparable(described),
        }

    def planned(self, item):
        region, account_id = self.module.region or "", self.params["account_id"]
        return {
            "family": item["name"],
            "arn": planned.arn("ecs", region, account_id, f"task-definition/{item['name']}:1"),
            "revision": 1,
            "containers": {container["name"]: container["image"] for container in item["containers"] or []},
        }

    def request(self, item):
        return definitions.request(item, self.module.region or "")

    def desired(self, item):
        form = definitions.comparable(self.request(item))
        resource = self.resources[item["name"]]
        current = {key: value for key, value in resource.items() if key not in SHOWN}
        self.equal = {**self.equal, **definitions.equal({**current, **form})}
        return definitions.wanted(current, form)

    def create(self, item):
        return self.register(item, self.tags(item) or {})

    def register(self, item, tags):
        registered = api.register_task_definition(self.client, item["name"], tags, **self.request(item))
        return {**self.from_aws(registered), "tags": tags}

    def update(self, resource, changes):
        if set(changes) == {"tags"}:
            self.update_tags(resource, *changes["tags"])
            return
        item = next(item for item in self.params["task_definitions"] if item["name"] == resource["name"])
        tags = changes["tags"].after if "tags" in changes else resource["tags"]
        resource.update(self.register(item, {key: tags[key] for key in tags if not key.startswith("aws:")}))

    def set_tags(self, resource, tags):
        api.tag_resource(self.client, resource["arn"], tags)

    def remove_tags(self, resource, keys):
        api.untag_resource(self.client, resource["arn"], keys)

    def delete(self, resource):
        ecs_revisions.remove(self.client, resource["family"])


def main():
    lifecycle.run(TaskDefinition, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
