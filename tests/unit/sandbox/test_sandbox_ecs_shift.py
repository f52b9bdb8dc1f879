# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECS: blue/green, linear and canary deployments, whose traffic goes from one target group to the other."""

import pytest

MINUTE = 60
ROLE = "arn:aws:iam::123456789012:role/balancer"
FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:smoke"


class Site:
    """A load balancer with two target groups, a production and a test listener, and a service behind it."""

    def __init__(self, fargate):
        self.fargate, self.ecs, self.elbv2 = fargate, fargate.ecs, fargate.elbv2
        self.balancer, self.blue = fargate.balancer(listen=False)
        _other, self.green = fargate.balancer("green", listen=False)
        self.production, self.test = self._listen(80), self._listen(8080)

    def _listen(self, port):
        action = {"Type": "forward", "TargetGroupArn": self.blue}
        listener = self.elbv2.create_listener(
            LoadBalancerArn=self.balancer, Protocol="HTTP", Port=port, DefaultActions=[action]
        )["Listeners"][0]["ListenerArn"]  # fmt: skip
        return self.elbv2.describe_rules(ListenerArn=listener)["Rules"][0]["RuleArn"]

    def create(self, **deployment):
        """Create the service, and wait until it is stable."""
        advanced = {"alternateTargetGroupArn": self.green, "productionListenerRule": self.production,
                    "testListenerRule": self.test, "roleArn": ROLE}  # fmt: skip
        behind = {"targetGroupArn": self.blue, "containerName": "web", "containerPort": 80}
        self.fargate.definition()
        self.fargate.service(
            loadBalancers=[{**behind, "advancedConfiguration": advanced}], deploymentConfiguration=deployment
        )
        self.fargate.look()

    def deploy(self, image="nginx:2"):
        """Begin to deploy another revision, in the time of AWS."""
        self.fargate.sandbox.delays(ecs_deployment_minute=MINUTE)
        self.fargate.definition(image)
        self.ecs.update_service(cluster="c", service="web", taskDefinition="web")

    def pass_by(self, minutes):
        """Let time go by."""
        self.fargate.sandbox.advance(minutes * MINUTE)

    def weights(self, rule=None):
        """(weight of blue, weight of green) on a listener's rule."""
        (found,) = self.elbv2.describe_rules(RuleArns=[rule or self.production])["Rules"]
        groups = found["Actions"][0]["ForwardConfig"]["TargetGroups"]
        found = {group["TargetGroupArn"]: group["Weight"] for group in groups}
        return found.get(self.blue, 0), found.get(self.green, 0)

    def targets(self, group):
        """How many targets a group has that are healthy."""
        found = self.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        return sum(item["TargetHealth"]["State"] == "healthy" for item in found)

    def deployment(self):
        """The last service deployment, described."""
        arn = self.ecs.list_service_deployments(cluster="c", service="web")["serviceDeployments"][0]
        arns = [arn["serviceDeploymentArn"]]
        return self.ecs.describe_service_deployments(serviceDeploymentArns=arns)["serviceDeployments"][0]

    def progress(self):
        """(status, lifecycle stage) of the last service deployment."""
        found = self.deployment()
        return found["status"], found["lifecycleStage"]


@pytest.fixture
def site(fargate):
    """A service that can be deployed beside itself."""
    return Site(fargate)


def test_blue_green_shifts_at_once_and_bakes(site):
    site.create(strategy="BLUE_GREEN", bakeTimeInMinutes=10)
    assert site.weights() == (100, 0) and site.targets(site.blue) == 2
    site.deploy()
    assert site.progress() == ("IN_PROGRESS", "BAKE_TIME")
    assert site.weights() == site.weights(site.test) == (0, 100)
    assert (site.targets(site.blue), site.targets(site.green)) == (2, 2)
    found = site.deployment()
    assert found["targetServiceRevision"]["requestedProductionTrafficWeight"] == 100.0
    assert found["sourceServiceRevisions"][0]["runningTaskCount"] == 2
    site.pass_by(11)
    assert site.progress() == ("SUCCESSFUL", "CLEAN_UP")
    assert (site.targets(site.blue), site.targets(site.green)) == (0, 2)
    assert [item["rolloutState"] for item in site.fargate.look()["deployments"]] == ["COMPLETED"]
    arn = site.deployment()["targetServiceRevision"]["arn"]
    (revision,) = site.ecs.describe_service_revisions(serviceRevisionArns=[arn])["serviceRevisions"]
    assert revision["resolvedConfiguration"]["loadBalancers"] == [
        {"targetGroupArn": site.green, "productionListenerRule": site.production}
    ]


def test_sides_take_turns(site):
    site.create(strategy="BLUE_GREEN", bakeTimeInMinutes=0)
    site.deploy()
    assert site.progress() == ("SUCCESSFUL", "CLEAN_UP") and site.weights() == (0, 100)
    site.deploy("nginx:3")
    assert site.progress() == ("SUCCESSFUL", "CLEAN_UP") and site.weights() == (100, 0)
    assert (site.targets(site.blue), site.targets(site.green)) == (2, 0)


def test_canary_waits_before_the_rest(site):
    site.create(
        strategy="CANARY", canaryConfiguration={"canaryPercent": 20.0, "canaryBakeTimeInMinutes": 5},
        bakeTimeInMinutes=10,
    )  # fmt: skip
    site.deploy()
    assert site.progress() == ("IN_PROGRESS", "PRODUCTION_TRAFFIC_SHIFT") and site.weights() == (80, 20)
    site.pass_by(6)
    assert site.progress() == ("IN_PROGRESS", "BAKE_TIME") and site.weights() == (0, 100)
    site.pass_by(11)
    assert site.progress() == ("SUCCESSFUL", "CLEAN_UP")


def test_parts_of_a_percent(site):
    site.create(strategy="CANARY", canaryConfiguration={"canaryPercent": 0.5, "canaryBakeTimeInMinutes": 5})
    site.deploy()
    site.progress()
    assert site.weights() == (994, 5)


def test_linear_goes_by_steps(site):
    site.create(
        strategy="LINEAR", linearConfiguration={"stepPercent": 30.0, "stepBakeTimeInMinutes": 2}, bakeTimeInMinutes=0
    )
    site.deploy()
    seen = []
    while site.progress()[0] == "IN_PROGRESS":
        seen.append(site.weights()[1])
        site.pass_by(2.1)
    assert seen == [30, 60, 90] and site.weights() == (0, 100)


def test_alarm_brings_the_traffic_back(site):
    cloudwatch = site.fargate.sandbox.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="errors", Namespace="n", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    alarms = {"alarmNames": ["errors"], "enable": True, "rollback": True}
    site.create(strategy="CANARY", alarms=alarms, bakeTimeInMinutes=0)
    site.deploy()
    assert site.progress()[0] == "IN_PROGRESS" and site.weights() == (95, 5)
    before = site.ecs.list_tasks(cluster="c", serviceName="web")["taskArns"]
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    assert site.progress() == ("ROLLBACK_SUCCESSFUL", "CLEAN_UP")
    assert site.weights() == site.weights(site.test) == (100, 0)
    assert (site.targets(site.blue), site.targets(site.green)) == (2, 0)
    service = site.fargate.look()
    assert service["taskDefinition"].endswith("web:1") and service["runningCount"] == 2
    assert set(site.ecs.list_tasks(cluster="c", serviceName="web")["taskArns"]) < set(before)
    assert site.deployment()["alarms"]["triggeredAlarmNames"] == ["errors"]


def test_tasks_that_fail_get_no_traffic(site):
    breaker = {"enable": True, "rollback": True}
    site.create(strategy="BLUE_GREEN", deploymentCircuitBreaker=breaker, bakeTimeInMinutes=0)
    site.fargate.sandbox.task_behaviour("nginx:2", exit_code=1)
    site.deploy()
    assert site.progress()[0] == "ROLLBACK_SUCCESSFUL" and site.weights() == (100, 0)
    assert site.fargate.look()["taskDefinition"].endswith("web:1")


def test_alarm_without_rollback_ends_the_deployment(site):
    cloudwatch = site.fargate.sandbox.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="errors", Namespace="n", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    alarms = {"alarmNames": ["errors"], "enable": True, "rollback": False}
    site.create(strategy="CANARY", alarms=alarms)
    site.deploy()
    assert site.progress()[0] == "IN_PROGRESS" and site.weights() == (95, 5)
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    assert site.progress()[0] == "STOPPED" and site.weights() == (100, 0)
    assert [item["rolloutState"] for item in site.fargate.look()["deployments"]] == ["FAILED", "COMPLETED"]
    assert (site.targets(site.blue), site.targets(site.green)) == (2, 0)


def test_stopped_by_hand(site, refused):
    site.create(strategy="BLUE_GREEN", bakeTimeInMinutes=10)
    site.deploy()
    arn = site.deployment()["serviceDeploymentArn"]
    assert site.weights() == (0, 100)
    site.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    assert site.progress()[0] == "ROLLBACK_SUCCESSFUL" and site.weights() == (100, 0)
    assert refused(site.ecs.stop_service_deployment, serviceDeploymentArn=arn) == "ConflictException"


def test_left_where_it_is(site):
    site.create(strategy="CANARY", bakeTimeInMinutes=10)
    site.deploy()
    arn = site.deployment()["serviceDeploymentArn"]
    site.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ABORT")
    assert site.deployment()["status"] == "STOPPED" and site.weights() == (95, 5)
    site.deploy("nginx:3")
    assert site.progress()[0] == "IN_PROGRESS" and site.targets(site.green) == 2


def test_superseded_by_a_newer_one(site):
    site.create(strategy="CANARY", bakeTimeInMinutes=0)
    site.deploy()
    assert site.progress()[0] == "IN_PROGRESS" and site.weights() == (95, 5)
    site.deploy("nginx:3")
    assert site.progress() == ("IN_PROGRESS", "PRODUCTION_TRAFFIC_SHIFT")
    site.pass_by(11)
    assert site.progress() == ("SUCCESSFUL", "CLEAN_UP") and site.weights() == (0, 100)
    images = {
        container["image"]
        for task in site.ecs.list_tasks(cluster="c", serviceName="web")["taskArns"]
        for container in site.fargate.task(task)["containers"]
    }
    assert images == {"nginx:3"}


@pytest.mark.parametrize("status, expected, weights", [
    ("FAILED", "ROLLBACK_SUCCESSFUL", (100, 0)), ("IN_PROGRESS", "IN_PROGRESS", (100, 0)),
    ("SUCCEEDED", "SUCCESSFUL", (0, 100)),
])  # fmt: skip
def test_function_decides(site, status, expected, weights):
    hook = {"hookTargetArn": FUNCTION, "roleArn": ROLE, "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]}
    site.create(strategy="BLUE_GREEN", bakeTimeInMinutes=0, lifecycleHooks=[hook])
    site.fargate.sandbox.lifecycle_hook("smoke", status)
    site.deploy()
    assert (site.deployment()["status"], site.weights()) == (expected, weights)


def test_pause_waits_for_a_caller(site, refused):
    hook = {"targetType": "PAUSE", "lifecycleStages": ["PRE_PRODUCTION_TRAFFIC_SHIFT"]}
    site.create(strategy="BLUE_GREEN", bakeTimeInMinutes=0, lifecycleHooks=[hook])
    site.deploy()
    assert site.progress() == ("IN_PROGRESS", "PRE_PRODUCTION_TRAFFIC_SHIFT")
    assert site.weights() == (100, 0) and site.weights(site.test) == (0, 100)
    found = site.deployment()
    (waiting,) = found["lifecycleHookDetails"]
    assert waiting["status"] == "AWAITING_ACTION" and waiting["timeoutAction"] == "ROLLBACK"
    resume, arn = site.ecs.continue_service_deployment, found["serviceDeploymentArn"]
    assert refused(resume, serviceDeploymentArn=arn, hookId="x") == "InvalidParameterException"
    resume(serviceDeploymentArn=arn, hookId=waiting["hookId"], action="CONTINUE")
    assert site.progress()[0] == "SUCCESSFUL" and site.weights() == (0, 100)


def test_pause_ends_by_itself(site):
    limit = {"timeoutInMinutes": 30, "action": "ROLLBACK"}
    hook = {"targetType": "PAUSE", "lifecycleStages": ["PRE_SCALE_UP"], "timeoutConfiguration": limit}
    site.create(strategy="LINEAR", bakeTimeInMinutes=0, lifecycleHooks=[hook])
    site.deploy()
    assert site.progress() == ("IN_PROGRESS", "PRE_SCALE_UP") and site.targets(site.green) == 0
    site.pass_by(31)
    assert site.progress()[0] == "ROLLBACK_SUCCESSFUL"


def test_what_a_strategy_has_without_being_told(site):
    site.create(strategy="LINEAR", bakeTimeInMinutes=3)
    found = site.fargate.look()["deploymentConfiguration"]
    assert found["linearConfiguration"] == {"stepPercent": 10.0, "stepBakeTimeInMinutes": 6}
    site.ecs.update_service(cluster="c", service="web", deploymentConfiguration={"strategy": "ROLLING"})
    assert "linearConfiguration" not in site.fargate.look()["deploymentConfiguration"]
    site.deploy()
    assert site.fargate.look()["deployments"][0]["rolloutState"] == "COMPLETED" and site.targets(site.blue) == 2


def test_without_a_load_balancer(fargate):
    fargate.definition()
    fargate.service(deploymentConfiguration={"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5})
    fargate.look()
    fargate.sandbox.delays(ecs_deployment_minute=MINUTE)
    fargate.definition("nginx:2")
    fargate.ecs.update_service(cluster="c", service="web", taskDefinition="web")
    service = fargate.look()
    assert [item["runningCount"] for item in service["deployments"]] == [2, 2]
    fargate.sandbox.advance(6 * MINUTE)
    service = fargate.look()
    assert service["runningCount"] == 2 and len(service["deployments"]) == 1


def test_scaled_and_deleted_on_the_way(site):
    site.create(strategy="BLUE_GREEN", bakeTimeInMinutes=10)
    site.deploy()
    assert site.progress() == ("IN_PROGRESS", "BAKE_TIME")
    site.ecs.update_service(cluster="c", service="web", desiredCount=3)
    assert (site.targets(site.blue), site.targets(site.green)) == (2, 2)
    assert [item["runningCount"] for item in site.fargate.look()["deployments"]] == [3, 3]
    site.ecs.delete_service(cluster="c", service="web", force=True)
    assert site.fargate.look()["status"] == "INACTIVE" and site.targets(site.green) == 0


def test_a_shift_outlives_a_restart(site, tmp_path):
    site.create(strategy="CANARY", bakeTimeInMinutes=0)
    site.fargate.sandbox.lifecycle_hook("smoke", "FAILED")
    site.deploy()
    assert site.progress()[0] == "IN_PROGRESS" and site.weights() == (95, 5)
    site.fargate.sandbox.save(tmp_path / "state")
    site.fargate.sandbox.reset()
    site.fargate.sandbox.restore(tmp_path / "state")
    site.fargate.sandbox.delays(ecs_deployment_minute=MINUTE)
    assert site.weights() == (95, 5)
    site.pass_by(11)
    assert site.progress() == ("SUCCESSFUL", "CLEAN_UP") and site.weights() == (0, 100)
