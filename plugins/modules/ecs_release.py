#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_release
version_added: 1.0.0
short_description: Take one step of a release of an ECS service
description:
  - A release has steps, so that a migration can come before the switch and a smoke test after it. Each run takes one of
    them, and can be repeated after the controller died.
  - What is live, what was live before and what is about to be is recorded in tags of the service,
    C(groundwork:release-live), C(groundwork:release-previous) and C(groundwork:release-pending). A converge keeps them.
  - A release that fails ends with the revision that passed last, whether ECS's circuit breaker returns to it or this
    module does. Before the first release that is the bootstrap revision of M(groundwork.aws.ecs_services).
  - Exists because M(community.aws.ecs_service) does not wait for a deployment, does not say why one failed, and
    records nothing that a rollback could use.
options:
  state:
    description:
      - V(prepared) registers the O(task_definition) with the O(image), or finds the revision that is equal already.
        Nothing changes for the service.
      - V(live) switches the service to the O(revision) and waits until it runs. Where the deployment fails or takes too
        long, the service returns to the revision that passed last, and the module fails.
      - V(passed) records that the O(revision), which the service runs, is good.
      - V(returned) returns to the revision that passed last, after a test of the new one failed.
      - V(previous) is the rollback. It ends a release that never passed like V(returned); otherwise it returns to the
        release before the live one, and a second time back again.
    type: str
    choices: [prepared, live, passed, returned, previous]
    required: true
  cluster:
    description: The name or ARN of the cluster.
    type: str
    required: true
  service:
    description: The name of the service.
    type: str
    required: true
  task_definition:
    description:
      - What to register, an item of O(groundwork.aws.ecs_task_definitions#module:task_definitions). The containers need
        their images, but for O(container). Required with O(state=prepared).
    type: dict
  container:
    description:
      - The container that the release is about. Required with O(state=prepared); otherwise it says which image is
        returned, without it that of the first container.
    type: str
  image:
    description: The image with its digest, C(<repository>@sha256:<digest>). Required with O(state=prepared).
    type: str
  revision:
    description: Family and revision of a task definition, or its ARN. Required with O(state=live) and O(state=passed).
    type: str
  tags:
    description: Tags of a revision that O(state=prepared) registers.
    type: dict
  wait_timeout:
    description: How long a deployment may take, in seconds; so does a return.
    type: int
    default: 900
  account_id:
    description: The account, for the ARN of a revision that check mode would register.
    type: str
    default: "000000000000"
author:
  - groundwork.aws contributors (@groundwork-aws)
attributes:
  check_mode:
    description: Reads, and predicts the step. A service that does not exist yet is no error then.
    support: full
  diff_mode:
    description: The result says which revision takes the place of which.
    support: none
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: groundwork.aws.ecs_services
  - module: groundwork.aws.ecs_task_run
  - name: The circuit breaker in the ECS developer guide
    description: When ECS gives up a deployment.
    link: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
"""

EXAMPLES = r"""
- name: Prepare the revision
  groundwork.aws.ecs_release:
    state: prepared
    cluster: dougust-production
    service: dougust-production-api
    task_definition: "{{ api_task_definition }}"
    container: api
    image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/dougust-backend@sha256:{{ digest }}
  register: prepared

- name: Switch the service to it
  groundwork.aws.ecs_release:
    state: live
    cluster: dougust-production
    service: dougust-production-api
    revision: "{{ prepared.revision }}"

- name: Record that it passed the smoke test
  groundwork.aws.ecs_release:
    state: passed
    cluster: dougust-production
    service: dougust-production-api
    revision: "{{ prepared.revision }}"

- name: Roll back
  groundwork.aws.ecs_release:
    state: previous
    cluster: dougust-production
    service: dougust-production-api
"""

RETURN = r"""
service:
  description: The name of the service.
  returned: always
  type: str
  sample: dougust-production-api
revision:
  description: The ARN of the prepared revision.
  returned: O(state=prepared)
  type: str
  sample: arn:aws:ecs:us-east-1:123456789012:task-definition/dougust-production-api:12
already_live:
  description: Whether the service runs an equal revision already, and it passed.
  returned: O(state=prepared)
  type: bool
  sample: false
running:
  description: Family and revision that the service runs or deploys. Null for one that does not exist yet.
  returned: always
  type: str
  sample: dougust-production-api:12
live:
  description:
    - The release that passed last; before the first one, what the service runs.
    - With O(state=previous) in check mode, the one that would be live.
  returned: always
  type: dict
  contains:
    task_definition:
      description: Family and revision.
      type: str
      sample: dougust-production-api:12
    image:
      description: The image of O(container).
      type: str
      sample: 123456789012.dkr.ecr.us-east-1.amazonaws.com/dougust-backend@sha256:0123456789abcdef
    since:
      description: When it passed. Null before the first release.
      type: str
      sample: "2026-11-21T09:30:00Z"
previous:
  description: Family and revision that V(state=previous) returns to. Null where there is none.
  returned: always
  type: str
  sample: dougust-production-api:11
pending:
  description: Family and revision that were switched to and have not passed, perhaps by a run that was killed.
  returned: always
  type: str
  sample: null
actions:
  description: What was done, or in check mode would be, for the plan.
  returned: always
  type: list
  elements: dict
  sample: [{service: ecs, type: release, name: dougust-production-api, action: update, fields: [task_definition]}]
"""

import contextlib
import re

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.groundwork.aws.plugins.module_utils import ecs_revisions, lifecycle, planned
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definition_rules as rules
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definitions as definitions
from ansible_collections.groundwork.aws.plugins.module_utils.api import ecs as api
from ansible_collections.groundwork.aws.plugins.module_utils.ecs_release_steps import Service
from ansible_collections.groundwork.aws.plugins.module_utils.ecs_releases import LIVE, PENDING, PREVIOUS, Release
from ansible_collections.groundwork.aws.plugins.module_utils.ecs_releases import now, revision_of
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

IMAGE = r"[^@\s]+@sha256:[0-9a-f]{64}"
NEEDED = {"prepared": ("task_definition", "container", "image"), "live": ("revision",), "passed": ("revision",)}
NOTHING = {"task_definition": None, "image": None, "since": None}

ARGUMENT_SPEC = {
    "state": {"choices": ["prepared", "live", "passed", "returned", "previous"], "required": True},
    "cluster": {"type": "str", "required": True},
    "service": {"type": "str", "required": True},
    "task_definition": {"type": "dict"},
    "container": {"type": "str"},
    "image": {"type": "str"},
    "revision": {"type": "str"},
    "tags": {"type": "dict"},
    "wait_timeout": {"type": "int", "default": 900},
    "account_id": {"type": "str", "default": "000000000000"},
}


def released(params):
    """The task definition with the image of the release, every option filled in; refuses an impossible one."""
    spec = {"name": {"type": "str", "required": True}, **definitions.DEFINITION_OPTIONS, "tags": {"type": "dict"}}
    checked = ArgumentSpecValidator(spec).validate(params["task_definition"])
    label = f"task definition {params['task_definition'].get('name')}"
    if checked.error_messages:
        flaws = "; ".join(checked.error_messages).rstrip(".")
        raise UserError(f"{label} is none of ecs_task_definitions: {flaws}. To fix: correct it.")
    item = checked.validated_parameters
    if params["container"] not in [container["name"] for container in item["containers"] or []]:
        raise UserError(f"{label} has no container {params['container']}. To fix: name one of its containers.")
    if not re.fullmatch(IMAGE, params["image"]):
        raise UserError(f"image {params['image']} has no digest. To fix: <repository>@sha256:<64 hexadecimal digits>.")
    item = definitions.with_image(item, params["container"], params["image"])
    if rules.flaw(item):
        raise UserError(f"{label} {rules.flaw(item)}.")
    return item


class ReleaseStep:
    """One step. C(result) also says what was done before a failure."""

    def __init__(self, module):
        self.module = module
        self.params = module.params
        self.check_mode = module.check_mode
        self.service = None
        self.goal = None  # what check mode would let be live
        self.result = {"service": self.params["service"], "changed": False, "actions": [], "live": dict(NOTHING)}
        self.result.update(running=None, previous=None, pending=None)

    def run(self):
        # Ansible's own required_if takes null for a value.
        absent = [name for name in NEEDED.get(self.params["state"], ()) if not self.params[name]]
        if absent:
            raise UserError(f"state {self.params['state']} needs {', '.join(absent)}. To fix: give what is missing.")
        item = released(self.params) if self.params["state"] == "prepared" else None
        if planned.is_planned(self.params) and not self.check_mode:
            raise UserError(
                f"release of {self.params['service']}: a planned id of a --check run was passed to a real one. "
                "To fix: converge the role that creates it first, or run without its tag's restriction."
            )
        client = lifecycle.make_client(self.module, "ecs")
        self.service = Service(client, self.params["cluster"], self.params["service"], self.params["wait_timeout"])
        self.service.read()
        if not self.service.described:
            self.missing(item)
            return
        if item:
            self.prepared(item)
        else:
            getattr(self, self.params["state"])()
        self.report()

    def missing(self, item):
        """A service that a converge would create is released to it as far as check mode can tell."""
        if not self.check_mode:
            raise UserError(
                f"ECS service {self.params['service']} does not exist in cluster {self.params['cluster']}. "
                "To fix: converge the platform first, or correct the name."
            )
        if item:
            self.result.update(revision=self.predicted(item["name"], 0), already_live=False)
        self.note("create" if item else "update")

    def report(self):
        """What the service runs and its tags say after the step, or before it in check mode and after a failure."""
        if not self.service or not self.service.described:
            return
        service, live, previous = self.service, self.goal or self.service.live, self.service.recorded(PREVIOUS)
        self.result.update(running=service.running, pending=self.pending(), previous=previous and previous.revision)
        images = definitions.images({"containerDefinitions": [], **service.definition(live.revision)})
        image = images.get(self.params["container"] or next(iter(images), None))
        since = live.time if service.recorded(LIVE) and not self.goal else None
        self.result["live"] = {"task_definition": live.revision, "image": image, "since": since}

    def note(self, action, *fields):
        entry = {"service": "ecs", "type": "release", "name": self.params["service"], "action": action}
        self.result.update(changed=True, actions=[{**entry, "fields": list(fields)}])

    def predicted(self, family, newest):
        resource = f"task-definition/{family}:{newest + 1}"
        return planned.arn("ecs", self.module.region or "", self.params["account_id"], resource)

    # The states.

    def prepared(self, item):
        request, service = definitions.request(item, self.module.region or ""), self.service
        form = definitions.comparable(request)
        running = service.definition(service.running)
        newest = ecs_revisions.newest(service.client, item["name"])
        equal = [one for one in (running, newest) if one and definitions.same(definitions.comparable(one), form)]
        if equal:
            revision = equal[0]["taskDefinitionArn"]
        elif self.check_mode:
            revision = self.predicted(item["name"], newest["revision"] if newest else 0)
        else:
            tags = {key: str(value) for key, value in {**(self.params["tags"] or {}), **(item["tags"] or {})}.items()}
            registered = api.register_task_definition(service.client, item["name"], tags, **request)
            revision = registered["taskDefinitionArn"]
        if not equal:
            self.note("create")
        self.result.update(revision=revision, already_live=self.is_live(revision_of(revision)))

    def is_live(self, revision):
        """Whether a revision is what the service runs and what passed, and nothing else is under way."""
        recorded = self.service.recorded(LIVE)
        return bool(recorded) and recorded.revision == revision and self.service.runs(revision) and not self.pending()

    def pending(self):
        """The revision that was switched to and has not passed; its tag may outlive that by a call."""
        pending, live = self.service.recorded(PENDING), self.service.recorded(LIVE)
        return pending.revision if pending and (not live or pending.revision != live.revision) else None

    def live(self):
        revision, service = revision_of(self.params["revision"]), self.service
        if self.is_live(revision) or (service.runs(revision) and self.pending() == revision):
            return
        if self.pending() not in (None, revision):
            self.module.warn(f"The release of {self.pending()} never passed; {revision} takes its place.")
        self.note("update", "task_definition")
        if self.check_mode:
            return
        # Before the switch, so that every later run knows what passed and what did not.
        service.record({LIVE: service.live, PENDING: Release(revision, now())})
        service.switch(revision)
        if not service.described["desiredCount"]:
            self.module.warn(f"{service.name} has a desired count of 0: {revision} is live, but nothing runs it yet.")

    def passed(self):
        revision, service = revision_of(self.params["revision"]), self.service
        if not self.check_mode and service.running != revision:
            raise UserError(
                f"ECS service {service.name} runs {service.running}, not {revision}: nothing was recorded. "
                "To fix: release the revision first (state live)."
            )
        changes = service.passed(revision)
        if self.check_mode and self.is_live(revision):
            return
        if self.check_mode or service.record(changes):
            self.note("update", "live")

    def returned(self):
        service = self.service
        target = service.live.revision
        if service.runs(target):
            if PENDING in service.tags:
                self.note("update", "pending")
        else:
            self.note("update", "task_definition")
        if self.result["changed"] and not self.check_mode:
            if not service.runs(target):
                service.switch(target)
            service.record({PENDING: None})

    def previous(self):
        service, target = self.service, self.service.recorded(PREVIOUS)
        if self.pending():
            self.returned()
            return
        if not target:
            raise UserError(
                f"ECS service {service.name} has no release before {service.live.revision}: nothing to roll back to. "
                "To fix: release the image that you want."
            )
        self.note("update", "task_definition")
        if self.check_mode:
            self.goal = target
            return
        former = service.live
        service.switch(target.revision)
        service.record({LIVE: Release(target.revision, now()), PREVIOUS: former})


def main():
    module = AnsibleAWSModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    step = ReleaseStep(module)
    try:
        step.run()
    except AnsibleAWSError as error:
        with contextlib.suppress(AnsibleAWSError):
            step.report()
        module.fail_json(msg=str(error.message), **step.result)
    module.exit_json(**step.result)


if __name__ == "__main__":
    main()
