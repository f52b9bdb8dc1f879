# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance refreshes: every instance of a group gives way to a new one, which takes time and can be stopped."""

import datetime
import uuid

from ... import delays
from ...errors import AwsError
from .. import answer, backend, before, check
from .groups import check_template
from .shared import find_group, invalid

ACTIVE = ("Pending", "InProgress", "Cancelling", "RollbackInProgress")
USUAL = {
    "MinHealthyPercentage": 90, "InstanceWarmup": 0, "SkipMatching": False, "AutoRollback": False,
    "ScaleInProtectedInstances": "Wait", "StandbyInstances": "Wait",
}  # fmt: skip


def _now():
    return datetime.datetime.now(datetime.timezone.utc)


def _refreshes(group):
    """Of a group, the oldest first."""
    return vars(group).setdefault("sandbox_refreshes", [])


def _active(group):
    return next((item for item in _refreshes(group) if item["Status"] in ACTIVE), None)


@before("autoscaling")
def settle(call):
    """Finish the refreshes whose time has come."""
    for group in backend(call).autoscaling_groups.values():
        refresh = _active(group)
        if refresh and delays.is_past(refresh["ready_at"]):
            _finish(group, refresh)


def _finish(group, refresh):
    template = (refresh.get("DesiredConfiguration") or {}).get("LaunchTemplate")
    if refresh["Status"] in ("Pending", "InProgress"):
        if template:
            group._set_launch_configuration(None, template, None)
        _replace(group)
        refresh.update(Status="Successful", PercentageComplete=100, InstancesToUpdate=0)
    else:
        refresh["Status"] = "Cancelled" if refresh["Status"] == "Cancelling" else "RollbackSuccessful"
    refresh["EndTime"] = _now()


def _replace(group):
    """New instances for all that are not protected."""
    old = [state for state in group.instance_states if not state.protected_from_scale_in]
    if old:
        group.autoscaling_backend.ec2_backend.terminate_instances([state.instance.id for state in old])
        group.instance_states = [state for state in group.instance_states if state not in old]
        group.set_desired_capacity(group.desired_capacity)


@check("autoscaling", "UpdateAutoScalingGroup")
def refuse_change(call):
    """A refresh to another configuration would not know which one to end with."""
    refresh = _active(find_group(call))
    changes = any(call.parameters.get(name) for name in ("LaunchTemplate", "MixedInstancesPolicy"))
    if changes and refresh and refresh.get("DesiredConfiguration"):
        message = "An active instance refresh with a desired configuration exists. All configuration options derived "
        raise AwsError("ValidationError", f"{message}from the desired configuration are not available for update.", 400)


@answer("autoscaling", "StartInstanceRefresh")
def start(call):
    """One at a time."""
    group, parameters = find_group(call), call.parameters
    if _active(group):
        message = "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh."
        raise AwsError("InstanceRefreshInProgress", message, 400)
    if parameters.get("DesiredConfiguration"):
        check_template(call, parameters["DesiredConfiguration"].get("LaunchTemplate") or {})
    preferences = {name: value for name, value in (parameters.get("Preferences") or {}).items() if value is not None}
    if preferences.get("AutoRollback") and not parameters.get("DesiredConfiguration"):
        raise invalid("AutoRollback cannot be set to true without a desired configuration")
    made = {
        "InstanceRefreshId": str(uuid.uuid4()), "AutoScalingGroupName": group.name, "Status": "Pending",
        "StartTime": _now(), "PercentageComplete": 0, "InstancesToUpdate": len(group.instance_states),
        "Strategy": parameters.get("Strategy") or "Rolling", "Preferences": USUAL | preferences,
        "ready_at": delays.ready_at("instance-refresh"),
    }  # fmt: skip
    if parameters.get("DesiredConfiguration"):
        made["DesiredConfiguration"] = parameters["DesiredConfiguration"]
    _refreshes(group).append(made)
    return {"InstanceRefreshId": made["InstanceRefreshId"]}


@answer("autoscaling", "DescribeInstanceRefreshes")
def describe(call):
    """The newest first. What has begun is in progress as of the first look."""
    wanted, shown = call.parameters.get("InstanceRefreshIds"), []
    for refresh in reversed(_refreshes(find_group(call))):
        if not wanted or refresh["InstanceRefreshId"] in wanted:
            shown.append({name: value for name, value in refresh.items() if name != "ready_at"})
            if refresh["Status"] == "Pending":
                refresh["Status"] = "InProgress"
    first, size = int(call.parameters.get("NextToken") or 0), call.parameters.get("MaxRecords") or 50
    following = {"NextToken": str(first + size)} if first + size < len(shown) else {}
    return {"InstanceRefreshes": shown[first : first + size], **following}


@answer("autoscaling", "CancelInstanceRefresh", "RollbackInstanceRefresh")
def stop(call):
    """What was replaced stays, or goes back."""
    refresh = _active(find_group(call))
    if refresh is None:
        message = "No in progress or pending Instance Refresh found for Auto Scaling group"
        raise AwsError("ActiveInstanceRefreshNotFound", message, 400)
    back = call.operation == "RollbackInstanceRefresh"
    if back and not refresh.get("DesiredConfiguration"):
        message = "The instance refresh has no desired configuration, so that it cannot be rolled back"
        raise AwsError("IrreversibleInstanceRefresh", message, 400)
    refresh.update(
        Status="RollbackInProgress" if back else "Cancelling", ready_at=delays.ready_at("instance-terminate")
    )
    return {"InstanceRefreshId": refresh["InstanceRefreshId"]}
