# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flow logs: where they go, and in which form."""

from ...errors import AwsError
from .. import after, answer, backend, check, correct

PLAIN = {"FileFormat": "plain-text", "HiveCompatiblePartitions": False, "PerHourPartition": False}


@check("ec2", "CreateFlowLogs")
def check_destination(call):
    """Each kind of destination has its own parameters."""
    parameters = call.parameters
    kind = parameters.get("LogDestinationType") or "cloud-watch-logs"
    if kind == "cloud-watch-logs" and parameters.get("DestinationOptions"):
        message = "DestinationOptions is only applicable to the destination type s3"
        raise AwsError("InvalidParameter", message, 400)
    if kind != "cloud-watch-logs" and not parameters.get("LogDestination"):
        raise AwsError("InvalidParameter", f"LogDestination is required for the destination type {kind}", 400)
    if parameters.get("ResourceType") in ("VPC", "Subnet", "NetworkInterface") and not parameters.get("TrafficType"):
        raise AwsError("InvalidParameter", "TrafficType is required for this type of resource", 400)


@after("ec2", "CreateFlowLogs")
def keep_options(call):
    """moto forgets the form of the files."""
    if call.parameters.get("LogDestinationType") == "s3":
        for log in backend(call).flow_logs.values():
            if log.resource_id in call.parameters["ResourceIds"] and not hasattr(log, "sandbox_options"):
                log.sandbox_options = PLAIN | (call.parameters.get("DestinationOptions") or {})


@correct("ec2", "DescribeFlowLogs")
def show_options(call, parsed):
    """As they were written."""
    for view in parsed["FlowLogs"]:
        options = getattr(backend(call).flow_logs[view["FlowLogId"]], "sandbox_options", None)
        if options:
            view["DestinationOptions"] = options


@answer("ec2", "DeleteFlowLogs")
def delete_logs(call):
    """moto deletes those before the first that is not there, and then fails; AWS says which ones it has not found."""
    state, missing = backend(call), []
    for number in call.parameters["FlowLogIds"]:
        if state.flow_logs.pop(number, None) is None:
            message = f"The specified flow log ID '{number}' does not exist"
            error = {"Code": "InvalidFlowLogId.NotFound", "Message": message}
            missing.append({"ResourceId": number, "Error": error})
        state.tags.pop(number, None)
    return {"Unsuccessful": missing}
