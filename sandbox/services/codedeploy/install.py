# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a deployment prepares and installs the task set that replaces another one."""

from moto.core.utils import utcnow

from ...errors import AwsError
from .. import backend
from ..ecs.foreign import controller
from ..ecs.network import check_network
from ..ecs.service_checks import check_placement, check_service
from ..ecs.shared import usable_definition
from ..ecs.task_set_model import TaskSet
from . import revisions, traffic
from .group_checks import find_service


class Impossible(Exception):
    """A deployment that cannot begin: the code and the message of its error."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.message = code, message


def begin(run):
    """It has started."""
    run.status, run.dates["startTime"] = "InProgress", utcnow()


def prepare(call, run):
    """Find everything that a deployment is about."""
    service = find_service(call, run.settings["ecsServices"][0])
    if service is None or controller(service.settings) != "CODE_DEPLOY":
        raise Impossible("INVALID_ECS_SERVICE", "The ECS service could not be found, or is not CodeDeploy's to deploy.")
    try:
        run.spec, hooks = revisions.read(revisions.text(call, run.revision))
    except revisions.Invalid:
        message = "The AppSpec file does not describe one service of Amazon ECS to deploy to."
        raise Impossible("INVALID_REVISION", message) from None
    except AwsError as error:
        raise Impossible("REVISION_MISSING", error.message) from None
    run.service = service
    run.blue = next(item for item in service.task_sets if item.status == "PRIMARY")
    try:
        run.pair = traffic.find_pair(call, run)
    except traffic.Unbalanced as error:
        raise Impossible("ELASTIC_LOAD_BALANCING_INVALID", str(error)) from None
    except AwsError as error:
        raise Impossible("ELASTIC_LOAD_BALANCING_INVALID", error.message) from None
    run.plan(hooks)


def install(call, run):
    """Start the task set that replaces the one that is there; AwsError for what ECS refuses."""
    for other in run.service.task_sets:
        if other is not run.blue and other.status != "DRAINING":
            other.turn(status="DRAINING")  # what a deployment left that was stopped
    for listener in filter(None, (run.prod_listener, run.test_listener)):
        traffic.shift(call, run, listener, 0)  # which puts the target group behind the load balancer
    state = backend(call, "ecs")
    definition = usable_definition(state, run.spec["TaskDefinition"])
    settings = _settings(run)
    check_placement(state.clusters[run.service.cluster_name], definition, settings)
    check_service(call, definition, settings)
    check_network(call, definition, settings.get("networkConfiguration"))
    run.green = TaskSet(run.service, definition, settings, external_id=run.id, started_by="CODE_DEPLOY")
    run.service.task_sets.append(run.green)
    run.service.steady = False


def _settings(run):
    """What the task set that is there is made of, but for what the AppSpec file says."""
    spec, settings = run.spec, {**run.service.settings, **run.blue.settings}
    balancer = spec["LoadBalancerInfo"]
    settings["loadBalancers"] = [
        {
            "targetGroupArn": run.pair["green"],
            "containerName": balancer["ContainerName"],
            "containerPort": int(balancer["ContainerPort"]),
        }
    ]
    if spec.get("PlatformVersion"):
        settings["platformVersion"] = spec["PlatformVersion"]
    network = (spec.get("NetworkConfiguration") or {}).get("AwsvpcConfiguration")
    if network:
        settings["networkConfiguration"] = {"awsvpcConfiguration": _lowered(network)}
    if spec.get("CapacityProviderStrategy"):
        settings.pop("launchType", None)
        strategy = [{"weight": 0, "base": 0, **_lowered(item)} for item in spec["CapacityProviderStrategy"]]
        settings["capacityProviderStrategy"] = strategy
    return settings


def _lowered(given):
    """Members of an AppSpec file as the API of ECS spells them."""
    return {name[0].lower() + name[1:]: value for name, value in given.items()}


def has_function(call, name):
    """Whether the function of a hook is there; it is not run, its result is what a call says."""
    known = backend(call, "lambda")
    return any(name in (item.function_name, item.function_arn) for item in known.list_functions())
