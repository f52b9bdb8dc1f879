# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS refuses in a deployment group."""

from .. import backend
from ..ecs.foreign import controller
from ..ecs.shared import short
from .configs import find_config
from .shared import refused

ALARMS, TRIGGERS = 50, 10  # https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
LONGEST = 2880
TRAFFIC = {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}


def check_group(call, group):
    """Refuse what AWS refuses in what is written of a group."""
    written, platform = group.written, group.application.platform
    config = find_config(call, written["deploymentConfigName"])
    if config["computePlatform"] != platform:
        message = f"The deployment configuration is for {config['computePlatform']}, the application for {platform}."
        raise refused("InvalidDeploymentConfigNameException", message)
    _check_role(call, written["serviceRoleArn"])
    check_alarms(written.get("alarmConfiguration"))
    check_rollback(written.get("autoRollbackConfiguration"))
    _check_triggers(written.get("triggerConfigurations") or [])
    if written.get("ec2TagFilters") and written.get("ec2TagSet"):
        message = "Either ec2TagFilters or ec2TagSet can be specified."
        raise refused("InvalidEC2TagCombinationException", message)
    if platform == "ECS":
        if written["autoScalingGroups"]:
            message = "For ECS deployment group, autoScalingGroups can not be specified"
            raise refused("InvalidAutoScalingGroupException", message)
        _check_style(written)
        _check_waits(written.get("blueGreenDeploymentConfiguration") or {})
        _check_service(call, group)
        _check_pair(written.get("loadBalancerInfo") or {})


def _check_role(call, arn):
    roles = backend(call, "iam").roles.values()
    role = next((item for item in roles if item.arn == arn), None)
    if role is None or "codedeploy." not in str(role.assume_role_policy_document):
        message = f"AWS CodeDeploy does not have the permissions required to assume the role {arn}."
        raise refused("InvalidRoleException", message)


def check_alarms(configuration):
    """Alarms that a deployment is to heed; whether they exist is seen when it runs."""
    alarms = (configuration or {}).get("alarms") or []
    names = [alarm.get("name") for alarm in alarms]
    if len(names) > ALARMS:
        message = f"The maximum number of alarms for a deployment group ({ALARMS}) was exceeded."
        raise refused("AlarmsLimitExceededException", message)
    if not all(names) or len(set(names)) < len(names):
        raise refused("InvalidAlarmConfigException", "Each alarm needs a name of its own.")
    if (configuration or {}).get("enabled") and not names:
        message = "The alarm configuration is enabled, but the alarm list is empty."
        raise refused("InvalidAlarmConfigException", message)


def check_rollback(configuration):
    """When a deployment is rolled back."""
    if (configuration or {}).get("enabled") and not configuration.get("events"):
        message = "Automatic rollback is enabled, but no event types were listed."
        raise refused("InvalidAutoRollbackConfigException", message)


def _check_triggers(triggers):
    if len(triggers) > TRIGGERS:
        raise refused("TriggerTargetsLimitExceededException", "The maximum allowed number of triggers was exceeded.")
    for trigger in triggers:
        if not trigger.get("triggerName") or not trigger.get("triggerEvents"):
            raise refused("InvalidTriggerConfigException", "A trigger needs a name, a target and events.")
        if ":sns:" not in (trigger.get("triggerTargetArn") or ""):
            raise refused("InvalidTriggerConfigException", "The target of a trigger must be the ARN of an SNS topic.")


def _check_style(written):
    if written.get("deploymentStyle") != TRAFFIC:
        message = "For ECS deployment groups, the deployment style must be BLUE_GREEN and WITH_TRAFFIC_CONTROL."
        raise refused("InvalidDeploymentStyleException", message)


def _check_waits(options):
    old = options.get("terminateBlueInstancesOnDeploymentSuccess") or {}
    ready = options.get("deploymentReadyOption") or {}
    waits = old.get("terminationWaitTimeInMinutes") or 0, ready.get("waitTimeInMinutes") or 0
    if any(not 0 <= minutes <= LONGEST for minutes in waits):
        raise _bad_waits(f"The wait times must be between 0 and {LONGEST} minutes.")
    if old.get("action") == "KEEP_ALIVE":
        raise _bad_waits("For ECS deployment group, the original task set can only be terminated.")
    if ready.get("actionOnTimeout") == "CONTINUE_DEPLOYMENT" and ready.get("waitTimeInMinutes"):
        raise _bad_waits("Deployment ready action cannot be set to 'CONTINUE_DEPLOYMENT' when timeout is specified")


def _bad_waits(message):
    return refused("InvalidBlueGreenDeploymentConfigurationException", message)


def _check_service(call, group):
    services = group.written.get("ecsServices") or []
    if len(services) != 1 or not services[0].get("serviceName"):
        raise refused("InvalidECSServiceException", "An ECS deployment group needs exactly one ECS service.")
    service = find_service(call, services[0])
    if service is None or controller(service.settings) != "CODE_DEPLOY":
        message = "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller."
        raise refused("InvalidECSServiceException", message)
    for groups in backend(call).deployment_groups.values():
        for other in groups.values():
            if other is not group and service is _service_of(call, other):
                message = f"The ECS service {service.name} is already associated with a deployment group."
                raise refused("ECSServiceMappingLimitExceededException", message)


def _service_of(call, group):
    services = group.written.get("ecsServices")
    return find_service(call, services[0]) if services else None


def find_service(call, given):
    """A service of ECS that is there, by its name and its cluster's; None if it is not."""
    state = backend(call, "ecs")
    service = state.services.get(f"{short(given.get('clusterName'))}:{short(given['serviceName'])}")
    return service if service is not None and service.status == "ACTIVE" else None


def _check_pair(balancing):
    pairs = balancing.get("targetGroupPairInfoList") or []
    if not pairs:
        message = "The load balancer of an ECS deployment group is given as a target group pair."
        raise refused("InvalidLoadBalancerInfoException", message)
    pair = pairs[0]
    names = [item.get("name") for item in pair.get("targetGroups") or []]
    if len(pairs) > 1 or len(names) != 2 or not all(names) or len(set(names)) < 2:
        raise _bad_pair("Exactly one pair of two target groups must be specified.")
    if len((pair.get("prodTrafficRoute") or {}).get("listenerArns") or []) != 1:
        raise _bad_pair("The production traffic route must have exactly one listener.")
    if len((pair.get("testTrafficRoute") or {}).get("listenerArns") or []) > 1:
        raise _bad_pair("The test traffic route can have one listener only.")


def _bad_pair(message):
    return refused("InvalidTargetGroupPairException", message)
