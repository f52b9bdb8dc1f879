# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that CodeDeploy deploys, with its load balancer, and short ways to deploy it: for rules, probes and tests."""

import io
import json
import zipfile

from tests.unit.sandbox.conftest import Fargate

STYLE = {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}
NAMES = {"applicationName": "shop", "deploymentGroupName": "web"}


class CodeDeploy:
    """A service ``web`` in cluster ``c``, an application ``shop``, a role; the deployment group comes with ``group()``."""

    def __init__(self, sandbox):
        vpc = sandbox.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.fargate = fargate = Fargate(sandbox, vpc)
        self.sandbox, self.client, self.ecs = sandbox, sandbox.client("codedeploy"), fargate.ecs
        self.definition = fargate.definition()
        self.balancer, self.blue = fargate.balancer()
        self.green = self.target_group("green")
        self.prod = self.elbv2.describe_listeners(LoadBalancerArn=self.balancer)["Listeners"][0]["ListenerArn"]
        self.test = self.listener(8080, self.green)
        fargate.service(deploymentController={"type": "CODE_DEPLOY"}, loadBalancers=self.balancers(self.blue))
        self.role = self.new_role("codedeploy")
        self.client.create_application(applicationName="shop", computePlatform="ECS")

    @property
    def elbv2(self):
        """The load balancers."""
        return self.fargate.elbv2

    def target_group(self, name):
        """The ARN of a new target group."""
        wanted = {"Protocol": "HTTP", "Port": 80, "VpcId": self.fargate.vpc, "TargetType": "ip"}
        return self.elbv2.create_target_group(Name=name, **wanted)["TargetGroups"][0]["TargetGroupArn"]

    def listener(self, port, group):
        """The ARN of a new listener that forwards to a target group."""
        action = {"Type": "forward", "TargetGroupArn": group}
        wanted = {"LoadBalancerArn": self.balancer, "Protocol": "HTTP", "Port": port, "DefaultActions": [action]}
        return self.elbv2.create_listener(**wanted)["Listeners"][0]["ListenerArn"]

    def balancers(self, group):
        """The load balancers of a service or a task set."""
        return [{"targetGroupArn": group, "containerName": "web", "containerPort": 80}]

    def new_role(self, service):
        """The ARN of a new role that a service may assume."""
        trusted = {"Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **trusted}]})
        iam = self.sandbox.client("iam")
        return iam.create_role(RoleName=service, AssumeRolePolicyDocument=policy)["Role"]["Arn"]

    def function(self, name):
        """The ARN of a new function for a hook."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("index.py", "def handler(event, context): pass")
        return self.sandbox.client("lambda").create_function(
            FunctionName=name, Runtime="python3.12", Handler="index.handler", Role=self.new_role("lambda"),
            Code={"ZipFile": content.getvalue()},
        )["FunctionArn"]  # fmt: skip

    def pair(self, **settings):
        """The target groups of a deployment group, and their listeners."""
        usual = {
            "targetGroups": [{"name": "web"}, {"name": "green"}],
            "prodTrafficRoute": {"listenerArns": [self.prod]}, "testTrafficRoute": {"listenerArns": [self.test]},
        }  # fmt: skip
        return {"targetGroupPairInfoList": [usual | settings]}

    def wanted(self, **settings):
        """What a deployment group is made of."""
        usual = {
            **NAMES, "serviceRoleArn": self.role, "deploymentStyle": STYLE, "loadBalancerInfo": self.pair(),
            "ecsServices": [{"clusterName": "c", "serviceName": "web"}],
        }  # fmt: skip
        return usual | settings

    def group(self, **settings):
        """Create the deployment group; itself."""
        self.client.create_deployment_group(**self.wanted(**settings))
        return self

    def revision(self, definition=None, hooks=None, **properties):
        """A revision that deploys a task definition."""
        properties = {
            "TaskDefinition": definition or self.definition,
            "LoadBalancerInfo": {"ContainerName": "web", "ContainerPort": 80}, **properties,
        }  # fmt: skip
        target = {"TargetService": {"Type": "AWS::ECS::Service", "Properties": properties}}
        spec = {"version": 0.0, "Resources": [target]}
        spec |= {"Hooks": [{event: function} for event, function in hooks.items()]} if hooks else {}
        return {"revisionType": "AppSpecContent", "appSpecContent": {"content": json.dumps(spec)}}

    def deploy(self, revision=None, **settings):
        """Begin a deployment; its id."""
        revision = revision or self.revision(self.fargate.definition("nginx:2"))
        return self.client.create_deployment(**NAMES, revision=revision, **settings)["deploymentId"]

    def look(self, number):
        """A deployment as it is now."""
        return self.client.get_deployment(deploymentId=number)["deploymentInfo"]

    def target(self, number):
        """What a deployment deploys to, as it is now."""
        answer = self.client.get_deployment_target(deploymentId=number, targetId="c:web")
        return answer["deploymentTarget"]["ecsTarget"]

    def weights(self, listener=None):
        """(weight of the first target group, weight of the second) on a listener."""
        (shown,) = self.elbv2.describe_listeners(ListenerArns=[listener or self.prod])["Listeners"]
        groups = shown["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
        known = {item["TargetGroupArn"]: item["Weight"] for item in groups}
        return known.get(self.blue, 0), known.get(self.green, 0)

    def alarm(self, state="OK"):
        """Bring the alarm ``errors`` to a state."""
        cloudwatch = self.sandbox.client("cloudwatch")
        cloudwatch.put_metric_alarm(
            AlarmName="errors", Namespace="AWS/ApplicationELB", MetricName="HTTPCode_Target_5XX_Count", Period=60,
            Statistic="Sum", EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold",
        )  # fmt: skip
        cloudwatch.set_alarm_state(AlarmName="errors", StateValue=state, StateReason="test")
