# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What says how distributions do: additional metrics, and logs in real time."""

from ...errors import AwsError
from .. import answer, check
from .distributions import find, summary
from .shared import behaviors, cleaned, distributions, kept, page, refuse

SERVICE = "cloudfront"


@answer(SERVICE, "CreateMonitoringSubscription")
def subscribe(call):
    """One for each distribution."""
    distribution, known = find(call, call.parameters["DistributionId"]), kept(call, "monitoring")
    message = "A monitoring subscription already exists for the specified distribution."
    refuse(distribution.id in known, message, "MonitoringSubscriptionAlreadyExists")
    known[distribution.id] = cleaned(call.parameters["MonitoringSubscription"])
    return {"MonitoringSubscription": known[distribution.id]}


@answer(SERVICE, "GetMonitoringSubscription")
def get_subscription(call):
    """What was written."""
    return {"MonitoringSubscription": _subscriptions(call)[call.parameters["DistributionId"]]}


@answer(SERVICE, "DeleteMonitoringSubscription")
def unsubscribe(call):
    """Back to the usual metrics."""
    del _subscriptions(call)[call.parameters["DistributionId"]]
    return {}


def _subscriptions(call):
    """All of them, if the call's is among them."""
    number, known = find(call, call.parameters["DistributionId"]).id, kept(call, "monitoring")
    message = "A monitoring subscription does not exist for the specified distribution."
    refuse(number not in known, message, "NoSuchMonitoringSubscription")
    return known


# --- logs ----------------------------------------------------------------------------------------------------------


@check(SERVICE, "CreateRealtimeLogConfig", "UpdateRealtimeLogConfig")
def check_logs(call):
    """One stream, and a share of the requests."""
    rate, ends = call.parameters.get("SamplingRate"), call.parameters.get("EndPoints")
    refuse(rate is not None and not 1 <= rate <= 100, "The parameter SamplingRate must be from 1 to 100.")
    wrong = ends and (len(ends) != 1 or ends[0]["StreamType"] != "Kinesis" or not ends[0].get("KinesisStreamConfig"))
    refuse(wrong, "The parameter EndPoints must be one Kinesis data stream.")
    refuse(call.parameters.get("Fields") == [], "The parameter Fields must have at least one field.")


@answer(SERVICE, "CreateRealtimeLogConfig")
def create_logs(call):
    """By name, of which the ARN is made."""
    known, name = kept(call, "RealtimeLogConfig"), call.parameters["Name"]
    arn = f"arn:aws:cloudfront::{call.account}:realtime-log-config/{name}"
    message = "A real-time log configuration with this name already exists."
    refuse(arn in known, message, "RealtimeLogConfigAlreadyExists")
    known[arn] = {"ARN": arn, **cleaned(call.parameters)}
    return {"RealtimeLogConfig": known[arn]}


def _logs(call, name="Name", arn="ARN"):
    given = call.parameters
    refuse(not given.get(name) and not given.get(arn), "A name or an ARN is required.")
    for known in kept(call, "RealtimeLogConfig").values():
        if given.get(arn, known["ARN"]) == known["ARN"] and given.get(name, known["Name"]) == known["Name"]:
            return known
    raise AwsError("NoSuchRealtimeLogConfig", "The real-time log configuration does not exist.")


@answer(SERVICE, "GetRealtimeLogConfig")
def get_logs(call):
    """What was written."""
    return {"RealtimeLogConfig": _logs(call)}


@answer(SERVICE, "UpdateRealtimeLogConfig")
def update_logs(call):
    """What is given takes the place of what was; names stay."""
    known = _logs(call)
    known.update(
        {name: call.parameters[name] for name in ("EndPoints", "Fields", "SamplingRate") if call.parameters.get(name)}
    )
    return {"RealtimeLogConfig": known}


@answer(SERVICE, "DeleteRealtimeLogConfig")
def delete_logs(call):
    """A configuration stays while a behavior has it."""
    known = _logs(call)
    message = "Cannot delete the real-time log configuration because it is attached to one or more cache behaviors."
    refuse(users(call, known["ARN"]), message, "RealtimeLogConfigInUse")
    del kept(call, "RealtimeLogConfig")[known["ARN"]]
    return {}


@answer(SERVICE, "ListRealtimeLogConfigs")
def list_logs(call):
    """All of the account."""
    found = kept(call, "RealtimeLogConfig").values()
    return {"RealtimeLogConfigs": page(call, found, name=lambda item: item["Name"])}


@answer(SERVICE, "ListDistributionsByRealtimeLogConfig")
def list_users(call):
    """The distributions whose behaviors have one."""
    known = _logs(call, "RealtimeLogConfigName", "RealtimeLogConfigArn")
    return {"DistributionList": page(call, users(call, known["ARN"]), summary)}


def users(call, arn):
    """The distributions with a behavior whose requests are logged so."""
    return [
        item
        for item in distributions(call)
        if any(behavior.get("RealtimeLogConfigArn") == arn for behavior in behaviors(item.config))
    ]
