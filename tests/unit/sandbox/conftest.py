# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One sandbox for all tests of a worker, emptied before each."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from sandbox.client import Sandbox  # noqa: E402


@pytest.fixture(scope="session")
def running_sandbox():
    """A sandbox for the whole run, not emptied."""
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox):
    """An empty sandbox."""
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture
def ec2(sandbox):
    """EC2 in the usual region."""
    return sandbox.client("ec2")


@pytest.fixture
def vpc(ec2):
    """The id of a new VPC with DNS host names."""
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})
    return vpc_id


@pytest.fixture
def subnet(ec2, vpc):
    """The id of a subnet in the VPC."""
    return ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]


@pytest.fixture
def refused():
    """refused(function, **arguments): the code of the error that AWS answers with."""
    from botocore.exceptions import ClientError

    def call(function, **arguments):
        with pytest.raises(ClientError) as error:
            function(**arguments)
        return error.value.response["Error"]["Code"]

    return call


class Fargate:
    """A cluster named ``c`` with a network, and short ways to run something in it."""

    def __init__(self, sandbox, vpc):
        self.sandbox, self.vpc = sandbox, vpc
        self.ecs, self.elbv2, self.ec2 = sandbox.client("ecs"), sandbox.client("elbv2"), sandbox.client("ec2")
        self.subnets = [
            self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"eu-central-1{zone}")[
                "Subnet"
            ]["SubnetId"]
            for number, zone in enumerate("ab", start=10)
        ]
        self.network = {"awsvpcConfiguration": {"subnets": self.subnets}}
        sandbox.client("logs").create_log_group(logGroupName="/app")
        self.ecs.create_cluster(clusterName="c")

    def definition(self, image="nginx:1", family="web", container=None, **settings):
        """The ARN of a new task definition with one container that listens on port 80 and writes to /app."""
        options = {"awslogs-group": "/app", "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "app"}
        usual = {
            "name": "web", "image": image, "portMappings": [{"containerPort": 80}],
            "logConfiguration": {"logDriver": "awslogs", "options": options},
        }  # fmt: skip
        wanted = {
            "family": family, "cpu": "256", "memory": "512", "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"], "executionRoleArn": "arn:aws:iam::123456789012:role/execution",
            "containerDefinitions": [usual | (container or {})],
        }  # fmt: skip
        answer = self.ecs.register_task_definition(**(wanted | settings))
        return answer["taskDefinition"]["taskDefinitionArn"]

    def balancer(self, name="web", listen=True):
        """(ARN of a new internal load balancer, ARN of a target group that it forwards port 80 to)."""
        group = self.elbv2.create_target_group(
            Name=name, Protocol="HTTP", Port=80, VpcId=self.vpc, TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]  # fmt: skip
        balancer = self.elbv2.create_load_balancer(Name=name, Subnets=self.subnets, Scheme="internal")
        arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]
        if listen:
            action = {"Type": "forward", "TargetGroupArn": group}
            self.elbv2.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=[action])
        return arn, group

    def service(self, **settings):
        """Create a service named ``web`` with two tasks; AWS's first answer about it."""
        wanted = {
            "cluster": "c", "serviceName": "web", "taskDefinition": "web", "desiredCount": 2,
            "launchType": "FARGATE", "networkConfiguration": self.network,
        }  # fmt: skip
        return self.ecs.create_service(**(wanted | settings))["service"]

    def look(self, name="web"):
        """The service as it is now."""
        return self.ecs.describe_services(cluster="c", services=[name], include=["TAGS"])["services"][0]

    def run(self, **settings):
        """Run a task on its own; its ARN."""
        wanted = {
            "cluster": "c", "taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": self.network
        }  # fmt: skip
        return self.ecs.run_task(**(wanted | settings))["tasks"][0]["taskArn"]

    def task(self, arn):
        """A task as it is now."""
        return self.ecs.describe_tasks(cluster="c", tasks=[arn], include=["TAGS"])["tasks"][0]


@pytest.fixture
def fargate(sandbox, vpc):
    """A cluster to run things in."""
    return Fargate(sandbox, vpc)
