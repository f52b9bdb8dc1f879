# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small platform with one service, and what tests of its releases ask and change."""

import contextlib
import dataclasses
import http.server
import os
import re
import signal
import threading

from tests.integration.harness import REGION, TIMEOUT, Ansible, Run, environment_policy, inventory
from tests.integration.leftovers import await_end

HOST = "shop-development"
SERVICE = f"{HOST}-api"
REPOSITORY = f"{HOST}-api"
MIGRATION = "migrate --all"
PREFIX = "groundwork:release-"
SINCE = "2026-01-01T00:00:00Z"
# What preflight says of a platform without a domain; any other complaint counts.
PLAIN_HTTP = re.compile(r"^\[WARNING\]: load_balancer_domains: .*$", re.MULTILINE)

CAPABILITIES = ["registry", "secrets", "load_balancer", "ecs"]
API = {
    "name": "api",
    "cpu": 256,
    "memory": 512,
    "port": 3000,
    "target_group": "api",
    "repository": "api",
    "desired_count": 2,
    "min_count": 2,
    "max_count": 4,
    "command": ["node", "main.js"],
    "container_health_check": ["CMD", "true"],
    "environment": {"MODE": "testing"},
    "secrets": {"TOKEN": "token"},
    "migration": {"command": MIGRATION.split()},
    "smoke_tests": [{"path": "/health", "contains": "well"}],
}
PLATFORM = {
    "platform_name": "shop",
    "platform_capabilities": CAPABILITIES,
    "registry_repositories": [{"name": "api"}],
    "registry_tag_mutability": "MUTABLE",
    "secrets_secrets": [{"name": name, "description": "A token", "generate": {}} for name in ("token", "other")],
    "load_balancer_default_target_group": "api",
    "load_balancer_target_groups": [{"name": "api", "port": 3000, "health_check_path": "/health"}],
    "ecs_services": [API],
}


def surroundings(sandbox):
    """The inputs that other capabilities would return: a platform may take them from elsewhere, and runs are short."""
    ec2 = sandbox.client("ec2", REGION, recorded=False)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"][
            "SubnetId"
        ]
        for n, zone in enumerate("ab")
    ]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(VpcId=vpc, InternetGatewayId=gateway)
    group = ec2.create_security_group(VpcId=vpc, GroupName="tasks", Description="Tasks")["GroupId"]
    return {
        "registry_kms_key_arn": "",
        "secrets_kms_key_arn": "",
        "load_balancer_vpc_id": vpc,
        "load_balancer_subnet_ids": subnets,
        "load_balancer_security_group_ids": [group],
        "ecs_subnet_ids": subnets,
        "ecs_security_group_ids": [group],
        "ecs_kms_key_arn": "",
        "ecs_logs_kms_key_arn": "",
    }


class Site:
    """What answers the smoke tests: its ``status`` and ``text`` are the test's to set."""

    def __init__(self):
        self.status, self.text, self.asked = 200, "all is well", []
        self.arrived, self.answering = threading.Event(), threading.Event()
        self.answering.set()

    @contextlib.contextmanager
    def open(self):
        """Answer on a free port of loopback; its URL."""
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append(self.path)
                site.arrived.set()
                site.answering.wait(60)
                body = site.text.encode()
                with contextlib.suppress(ConnectionError):
                    self.send_response(site.status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_arguments):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                yield f"http://127.0.0.1:{server.server_port}"
            finally:
                self.answering.set()
                server.shutdown()


class Platform:
    """A platform that was converged, and its service."""

    def __init__(self, sandbox, folder, site, url, **variables):
        self.sandbox, self.site = sandbox, site
        self.ansible = Ansible(sandbox, folder)
        self.ecs = sandbox.client("ecs", REGION, recorded=False)
        policy = environment_policy("development", secrets_recovery_window_days=7)
        files = {"group_vars/development": policy, f"host_vars/{HOST}": PLATFORM | surroundings(sandbox) | variables}
        self.inventory = inventory(folder / "inventory", {HOST: ("development",)}, **files)
        self.quick = {
            "releases_smoke_test_url": url,
            "releases_smoke_test_retries": 1,
            "releases_smoke_test_delay": 0,
        }

    # What an operator does

    def converge(self, *arguments, **variables):
        """Run site.yml."""
        return expected(self.ansible.converge(self.inventory, *arguments, extra=variables or None))

    def plan(self, **variables):
        """Run the plan: (run, plan.json)."""
        run, plan = self.ansible.plan(self.inventory, extra=variables)
        return expected(run), plan

    def verb(self, name, *arguments, **variables):
        """Run the playbook of a verb."""
        extra = self.quick | variables
        return expected(self.ansible.run(f"playbooks/{name}.yml", self.inventory, *arguments, extra=extra))

    def deploy(self, image, *arguments, **variables):
        """Release an image."""
        return self.verb("deploy", *arguments, deploy_image=image, **variables)

    def rollback(self, *arguments, **variables):
        """Return to the release before."""
        return self.verb("rollback", *arguments, **variables)

    def start(self, image):
        """Start a deployment."""
        return self.ansible.start("playbooks/deploy.yml", self.inventory, extra=self.quick | {"deploy_image": image})

    def ended(self, process, output):
        """What a started deployment did until its end."""
        return expected(Run(process.args, process.returncode, output, self.sandbox.calls()))

    def kill(self, image, wait):
        """Kill a deployment with everything that it started, once ``wait`` returns; what it did until then."""
        self.sandbox.forget_calls()
        with self.start(image) as process:
            try:
                wait()
            finally:
                os.killpg(process.pid, signal.SIGKILL)
            output, _nothing = process.communicate(timeout=TIMEOUT)
        await_end(self.ansible.folder)
        self.sandbox.clear_faults()
        return self.ended(process, output)

    # What is there

    def push(self, tag, **behaviour):
        """Push an image, and say how its containers behave; its URI with the digest."""
        digest = self.sandbox.push_image(REPOSITORY, tag, region=REGION)
        if behaviour:
            self.sandbox.task_behaviour(digest, **behaviour)
        return f"{self.sandbox.account}.dkr.ecr.{REGION}.amazonaws.com/{REPOSITORY}@{digest}"

    def service(self):
        """The service as AWS shows it."""
        (service,) = self.ecs.describe_services(cluster=HOST, services=[SERVICE], include=["TAGS"])["services"]
        return service

    def tags(self):
        """What the record says: {"live": "family:1 time"}."""
        tags = {tag["key"]: tag["value"] for tag in self.service()["tags"]}
        return {key.removeprefix(PREFIX): value for key, value in tags.items() if key.startswith(PREFIX)}

    def record(self):
        """The revisions that the record names, without their times; an empty tag says nothing."""
        return {key: value.partition(" ")[0] for key, value in self.tags().items() if value}

    def definition(self, revision=None):
        """A revision, without a name the one that the service runs."""
        revision = revision or self.service()["taskDefinition"]
        return self.ecs.describe_task_definition(taskDefinition=revision)["taskDefinition"]

    def container(self, revision=None, name="api"):
        """A container of a revision."""
        return next(one for one in self.definition(revision)["containerDefinitions"] if one["name"] == name)

    def running(self):
        """The images that the service's tasks run, each once."""
        arns = self.ecs.list_tasks(cluster=HOST, serviceName=SERVICE, desiredStatus="RUNNING")["taskArns"]
        tasks = self.ecs.describe_tasks(cluster=HOST, tasks=arns)["tasks"] if arns else []
        return {one["image"] for task in tasks for one in task["containers"] if one["name"] == "api"}

    def state(self):
        """Everything that a release may change."""
        service = self.service()
        families = self.ecs.list_task_definitions(familyPrefix=SERVICE)["taskDefinitionArns"]
        return service["taskDefinition"], service["desiredCount"], self.tags(), families

    def is_live(self, image):
        """Make sure that an image is live and nothing else, that the record says so and nothing is under way."""
        service = self.service()
        assert self.container()["image"] == image
        assert self.running() == {image}
        assert [one["rolloutState"] for one in service["deployments"]] == ["COMPLETED"]
        record = self.record()
        assert record["live"] == short(service["taskDefinition"]) and "pending" not in record, record

    def restore(self, revision, tags):
        """Let the service run a revision with this record, and nothing disturb it, whatever a test before left."""
        self.sandbox.clear_faults()
        await_end(self.ansible.folder, seconds=60)
        self.site.status, self.site.text, self.site.asked = 200, "all is well", []
        self.site.arrived.clear()
        self.site.answering.set()
        arn = self.service()["serviceArn"]
        self.ecs.untag_resource(
            resourceArn=arn, tagKeys=[f"{PREFIX}{name}" for name in ("live", "previous", "pending")]
        )
        self.ecs.tag_resource(
            resourceArn=arn, tags=[{"key": f"{PREFIX}{name}", "value": value} for name, value in tags.items()]
        )
        self.ecs.update_service(
            cluster=HOST,
            service=SERVICE,
            taskDefinition=revision,
            desiredCount=API["desired_count"],
            forceNewDeployment=True,
        )
        self.ecs.get_waiter("services_stable").wait(cluster=HOST, services=[SERVICE], WaiterConfig={"Delay": 0.05})


def short(revision):
    """Family and number of a revision."""
    return revision.rpartition("/")[2]


def expected(run):
    """A run without the warning that is expected of all of them."""
    return dataclasses.replace(run, output=PLAIN_HTTP.sub("", run.output))


def operations(run):
    """What a run asked AWS to change, in order."""
    return [call["operation"] for call in run.mutating]


def count(run, operation):
    """How often a run asked AWS for something."""
    return operations(run).count(operation)
