# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks: from their network interface to the exit codes of their containers."""

import time
import uuid

from moto.backends import get_backend
from moto.core.utils import utcnow

from ... import delays
from .. import lock
from ..ec2.shared import forget_interface, manage_interface, subnet_address
from ..elbv2 import targets as elbv2_targets
from .behaviour import behaviour, ended
from .shared import make_arn
from .startup import image_digest, log_backend, log_options, problem

OPTIONS = ("capacityProviderName", "enableExecuteCommand", "launchType", "overrides", "platformVersion")


class Task:
    """One task; moto's own code reads some of its attributes, which are therefore named as moto's are."""

    container_instance_arn = None
    protected_until = None  # until then it is not scaled in

    def __init__(self, state, cluster, definition, network, started_by, group, tags, options):
        self.id = uuid.uuid4().hex
        self.account_id, self.region_name = state.account_id, state.region_name
        self.task_arn = make_arn(state, "task", cluster.name, self.id)
        self.cluster_arn, self.cluster_name = cluster.arn, cluster.name
        self.task_definition_arn, self.definition = definition.arn, definition
        self.started_by, self.group, self.tags = started_by, group, list(tags)
        self.options = {name: options[name] for name in OPTIONS if options.get(name) is not None}
        self.last_status, self.desired_status = "PROVISIONING", "RUNNING"
        self.stop_code = self.stopped_reason = self.since = None
        self.failed = self.seen_unhealthy = False
        self.targets = []  # (target group ARN, port)
        self.dates = {"createdAt": utcnow()}
        self.start_at = delays.ready_at("ecs-task-start")
        self.containers = [self._container(item) for item in definition.container_definitions]
        with lock("ec2"):
            self._attach(network)
        state.tasks.setdefault(cluster.name, {})[self.task_arn] = self

    def _container(self, given):
        overrides = (self.options.get("overrides") or {}).get("containerOverrides") or []
        override = next((item for item in overrides if item["name"] == given["name"]), {})
        _known, digest = image_digest(self.account_id, given["image"])
        arn = self.task_arn.replace(":task/", ":container/") + f"/{uuid.uuid4()}"
        command = override.get("command") or given.get("command") or []
        return {**given, "command": command, "imageDigest": digest, "containerArn": arn, "exitCode": None}

    def _attach(self, network):
        state = get_backend("ec2")[self.account_id][self.region_name]
        subnet = state.get_subnet(network["subnets"][0])
        groups = network.get("securityGroups") or [state.get_default_security_group(subnet.vpc_id).id]
        attachment = str(uuid.uuid4())
        interface = state.create_network_interface(subnet, subnet_address(state, subnet.id), group_ids=groups)
        arn = self.task_arn.split(":task/")[0] + f":attachment/{attachment}"
        manage_interface(interface, "interface", arn, [state.get_security_group_from_id(item) for item in groups])
        interface.device_index = 1
        self.interface, self.attachment, self.zone = interface, attachment, subnet.availability_zone

    @property
    def address(self):
        """Its private IP address."""
        return self.interface.private_ip_address

    @property
    def one_off(self):
        """Whether it belongs to no service."""
        return not self.group.startswith("service:")

    @property
    def protected(self):
        """Whether it is not to be scaled in."""
        return self.protected_until is not None and not delays.is_past(self.protected_until)

    def advance(self):
        """Do what the time has come for; whether anything changed."""
        before = self.last_status, self.desired_status
        if self.last_status == "STOPPED":
            return False
        if self.desired_status == "STOPPED":
            self._finish_stop()
        elif self.last_status == "RUNNING":
            self._check_exit()
        elif delays.is_past(self.start_at):
            self._start()
        else:
            self.last_status = "PENDING"
        return before != (self.last_status, self.desired_status)

    def _start(self):
        reason = problem(self.account_id, self.region_name, self.containers)
        if reason:
            self.stop("TaskFailedToStart", reason, failed=True)
            return
        self.last_status, self.since = "RUNNING", delays.now()
        self.dates.update(pullStartedAt=utcnow(), pullStoppedAt=utcnow(), startedAt=utcnow())
        self._log()
        for arn, port in self.targets:
            group = elbv2_targets.group_of(self, arn)
            if group is not None:
                elbv2_targets.register(group, self.address, port, self.zone)

    def _log(self):
        for container in self.containers:
            options = log_options(container)
            if options is None:
                continue
            logs, group = log_backend(self.account_id, self.region_name, options), options["awslogs-group"]
            prefix = options.get("awslogs-stream-prefix")
            stream = f"{prefix}/{container['name']}/{self.id}" if prefix else container["containerArn"].split("/")[-1]
            logs.ensure_log_stream(group, stream)
            moment = int(time.time() * 1000)
            events = [{"timestamp": moment, "message": line} for line in behaviour(container).log_lines]
            if events:
                logs.put_log_events(group, stream, events)

    def _codes(self):
        return [ended(container, self.since, self.one_off) for container in self.containers]

    def _essential_codes(self):
        both = zip(self._codes(), self.containers, strict=True)
        return [code for code, container in both if container.get("essential", True)]

    def _check_exit(self):
        codes = self._codes()
        if all(code is None for code in self._essential_codes()):
            return
        for code, container in zip(codes, self.containers, strict=True):
            container["exitCode"] = code
        self.stop("EssentialContainerExited", "Essential container in task exited", failed=True)

    def well(self):
        """Whether its health checks pass; None while nothing is known yet."""
        if self.last_status != "RUNNING" or self.desired_status != "RUNNING":
            return None
        well = all(behaviour(container).healthy for container in self.containers)
        if any(code is not None for code in self._essential_codes()):
            return None  # it is about to end
        judged = []
        for arn, _port in self.targets:
            group = elbv2_targets.group_of(self, arn)
            judged.append(elbv2_targets.judge(group, self.address, well) if group is not None else None)
        if any(container.get("healthCheck") for container in self.containers):
            judged.append(well)
        return False if False in judged else None if None in judged else True

    def stop(self, code, reason, failed=False):
        """Begin to stop."""
        if self.desired_status == "STOPPED":
            return
        self.desired_status, self.stop_code, self.stopped_reason, self.failed = "STOPPED", code, reason, failed
        self.dates.update(stoppingAt=utcnow())
        # What never ran, or ended itself, needs no time to stop.
        self.stop_at = 0 if failed else delays.ready_at("ecs-task-stop")
        self._drain()

    def _drain(self):
        for arn, _port in self.targets:
            group = elbv2_targets.group_of(self, arn)
            if group is not None:
                elbv2_targets.deregister(group, self.address)

    def _finish_stop(self):
        if not delays.is_past(self.stop_at):
            self.last_status = "DEPROVISIONING"
            return
        for container in self.containers:
            if self.since is not None and container["exitCode"] is None:
                container["exitCode"] = 143  # what SIGTERM ends a container with
        self.last_status = "STOPPED"
        self.dates.update(executionStoppedAt=utcnow(), stoppedAt=utcnow())
        with lock("ec2"):
            forget_interface(get_backend("ec2")[self.account_id][self.region_name], self.interface.id)
