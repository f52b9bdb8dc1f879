#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_services
version_added: 1.0.0
short_description: Manage ECS services on Fargate, with their task definitions
description:
  - Creates, changes, deletes or reads services with rolling deployments, found by their name in the cluster.
  - The image of O(services[].release_container) belongs to releases and is never changed. Before the first release the
    service runs O(services[].bootstrap); afterwards the image that is live. Everything else that differs - environment,
    secrets, size, roles, the images of other containers, network - is rolled out with it, as one revision of the task
    definition and one update of the service. Tags that begin with C(groundwork:) belong to releases as well.
  - Waits until all services run what they should, with as many tasks as they should. A deployment that AWS takes back
    fails with what AWS says about it and why tasks stopped.
  - O(state=absent) also deletes the revisions of the task definition, if their tags say that they are the platform's.
  - A service whose Platform or Environment tag differs from the one in O(tags) belongs to somebody else; the module fails
    and changes nothing.
  - Exists beside M(community.aws.ecs_service) because that module resets the count that autoscaling chose, does not wait
    for a deployment, compares only some fields, changes no tags, and returns no ARN in check mode on an empty account.
options:
  cluster:
    description: The name of the cluster that the services are in.
    type: str
    required: true
  services:
    description:
      - The services. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name. Letters, digits, C(_) and C(-), at most 255.
        type: str
        required: true
      task_definition:
        description:
          - What the tasks are. A task definition is a whole; what is not named is what AWS takes as default. Required with
            O(state=present).
        type: dict
        suboptions:
          family:
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
                description: The image. Required, but for the container that is released.
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
      release_container:
        description: The container whose image belongs to releases. Required with O(state=present).
        type: str
      bootstrap:
        description:
          - What this container runs before the first release; the docker label C(groundwork.bootstrap) marks it. Required
            with O(state=present).
        type: dict
        suboptions:
          image:
            description: The image.
            type: str
            required: true
          command:
            description: The command, word by word; without it the image's.
            type: list
            elements: str
          health_check:
            description: The health check in place of the container's own.
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
      desired_count:
        description: How many tasks a new service starts with. Afterwards the count belongs to autoscaling and is left alone.
        type: int
        default: 1
      platform_version:
        description: The version of Fargate's platform.
        type: str
        default: LATEST
      subnet_ids:
        description: The subnets that tasks run in, at most 16. Required with O(state=present).
        type: list
        elements: str
      security_group_ids:
        description: The security groups of the tasks, at most 5. Required with O(state=present).
        type: list
        elements: str
      assign_public_ip:
        description: Whether tasks get public addresses.
        type: bool
        default: false
      load_balancers:
        description: The target groups that tasks are registered with. An empty list removes them.
        type: list
        elements: dict
        suboptions:
          target_group_arn:
            description: The target group.
            type: str
            required: true
          container:
            description: The container that answers.
            type: str
            required: true
          port:
            description: Its port.
            type: int
            required: true
      health_check_grace_period_seconds:
        description: For how long after its start a task may fail health checks.
        type: int
      minimum_healthy_percent:
        description: How many tasks run at least during a deployment, in percent of the desired count. AWS takes 100.
        type: int
      maximum_percent:
        description: How many tasks run at most during a deployment, in percent of the desired count. AWS takes 200.
        type: int
      circuit_breaker:
        description: What happens to a deployment whose tasks do not come up.
        type: dict
        suboptions:
          enable:
            description: Whether it is given up.
            type: bool
            default: true
          rollback:
            description: Whether the last one that was complete takes its place.
            type: bool
            default: true
      alarm_names:
        description: CloudWatch alarms that take a deployment back when they go off during it. An empty list removes them.
        type: list
        elements: str
      enable_execute_command:
        description: Whether ECS Exec can open sessions in containers. A change replaces the running tasks.
        type: bool
      propagate_tags:
        description: Whose tags new tasks get.
        type: str
        choices: [SERVICE, TASK_DEFINITION, NONE]
        default: SERVICE
      enable_ecs_managed_tags:
        description: Whether new tasks are tagged with cluster and service.
        type: bool
      availability_zone_rebalancing:
        description: Whether AWS moves tasks when they are unevenly spread over zones.
        type: str
        choices: [ENABLED, DISABLED]
      capacity_provider_strategy:
        description:
          - Where tasks run, such as on C(FARGATE) and C(FARGATE_SPOT), in place of the launch type Fargate. A change
            replaces the running tasks.
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
        description: Tags of this service beside O(tags). New revisions of its task definition get them, too.
        type: dict
  wait_timeout:
    description: For how many seconds to wait for all services together.
    type: int
    default: 1200
  account_id:
    description:
      - The account, for the ARNs of services that check mode would create.
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
  - module: groundwork.aws.ecs_clusters
  - module: groundwork.aws.ecs_release
  - module: groundwork.aws.application_autoscaling_targets
  - name: UpdateService in the ECS API reference
    description: What AWS can change, and what starts a new deployment.
    link: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
"""

EXAMPLES = r"""
- name: Run the API of a platform
  groundwork.aws.ecs_services:
    cluster: dougust-production
    services:
      - name: api
        task_definition:
          family: dougust-production-api
          cpu: 1024
          memory: 2048
          execution_role_arn: arn:aws:iam::123456789012:role/dougust-production-execution
          task_role_arn: arn:aws:iam::123456789012:role/dougust-production-api
          containers:
            - name: api
              port: 3000
              environment:
                NODE_ENV: production
                PORT: "3000"
              secrets:
                DATABASE_URL: arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/dougust/database-url-AbCdEf
              log_group: /ecs/dougust-production-api
        release_container: api
        bootstrap:
          image: public.ecr.aws/docker/library/busybox:1.37
          command: [sh, -c, mkdir -p /tmp/www/api && touch /tmp/www/api/health && httpd -f -p 3000 -h /tmp/www]
        desired_count: 4
        subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
        security_group_ids: [sg-0123456789abcdef0]
        load_balancers:
          - target_group_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api/0123456789abcdef
            container: api
            port: 3000
        health_check_grace_period_seconds: 60
    tags:
      Platform: dougust
      Environment: production

- name: See what is live
  groundwork.aws.ecs_services:
    cluster: dougust-production
    services:
      - name: api
        release_container: api
    state: gathered
"""

RETURN = r"""
services:
  description: The services by name.
  returned: always
  type: dict
  sample:
    api:
      name: api
      arn: arn:aws:ecs:us-east-1:123456789012:service/dougust-production/api
      status: ACTIVE
      cluster: dougust-production
      task_definition: arn:aws:ecs:us-east-1:123456789012:task-definition/dougust-production-api:12
      family: dougust-production-api
      revision: 12
      image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/dougust-production:v1.4.0
      bootstrap: false
      desired_count: 4
      running_count: 4
      pending_count: 0
      deployments:
        - status: PRIMARY
          rollout_state: COMPLETED
          task_definition: dougust-production-api:12
          failed_tasks: 0
          since: "2026-11-21T09:30:00+00:00"
      stable: true
      release:
        live: dougust-production-api:12
        live_since: "2026-11-21T09:30:00Z"
        previous: dougust-production-api:9
        pending: null
      last_event: (service api) has reached a steady state.
      tags: {Platform: dougust, Environment: production}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import ecs_services, lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.ecs_service_kind import Service

ARGUMENT_SPEC = {
    "cluster": {"type": "str", "required": True},
    "services": {"type": "list", "elements": "dict", "required": True, "options": ecs_services.OPTIONS},
    "wait_timeout": {"type": "int", "default": 1200},
    "account_id": {"type": "str", "default": "000000000000"},
}


def main():
    lifecycle.run(Service, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
