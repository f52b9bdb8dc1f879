# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Streams of metrics, which moto does not have."""

import time

from ...errors import AwsError
from .. import answer, backend

PAGE = 500
WRITTEN = (
    "Name", "FirehoseArn", "RoleArn", "OutputFormat", "IncludeFilters", "ExcludeFilters", "StatisticsConfigurations",
    "IncludeLinkedAccountsMetrics",
)  # fmt: skip
LISTED = ("Arn", "CreationDate", "LastUpdateDate", "Name", "FirehoseArn", "State", "OutputFormat")


def streams(state):
    """The streams of a region, by name."""
    return vars(state).setdefault("sandbox_streams", {})


@answer("cloudwatch", "PutMetricStream")
def put_stream(call):
    """A stream that is written again keeps its state, and its tags."""
    parameters, state = call.parameters, backend(call)
    _check(parameters)
    name, now = parameters["Name"], time.time()
    before = streams(state).get(name, {"CreationDate": now, "State": "running"})
    arn = f"arn:aws:cloudwatch:{call.region}:{call.account}:metric-stream/{name}"
    written = {member: parameters[member] for member in WRITTEN if parameters.get(member) not in (None, [])}
    kept = {"CreationDate": before["CreationDate"], "State": before["State"], "LastUpdateDate": now}
    if name not in streams(state) and parameters.get("Tags"):
        state.tagger.tag_resource(arn, parameters["Tags"])
    streams(state)[name] = {"IncludeLinkedAccountsMetrics": False, **written, **kept, "Arn": arn}
    return {"Arn": arn}


def _check(parameters):
    if parameters.get("IncludeFilters") and parameters.get("ExcludeFilters"):
        message = "IncludeFilters and ExcludeFilters cannot be used together."
        raise AwsError("InvalidParameterCombination", message, 400)
    for member, service in (("FirehoseArn", "firehose"), ("RoleArn", "iam")):
        if parameters[member].split(":")[2:3] != [service]:
            raise AwsError("InvalidParameterValue", f"{member} {parameters[member]} is not valid.", 400)


@answer("cloudwatch", "GetMetricStream")
def get_stream(call):
    """Everything that was written."""
    name = call.parameters["Name"]
    if name not in streams(backend(call)):
        raise AwsError("ResourceNotFoundException", f"Metric stream {name} does not exist.", 404)
    return streams(backend(call))[name]


@answer("cloudwatch", "ListMetricStreams")
def list_streams(call):
    """In the order of their names."""
    found = [stream for _name, stream in sorted(streams(backend(call)).items())]
    first, size = int(call.parameters.get("NextToken") or 0), call.parameters.get("MaxResults") or PAGE
    views = [{member: stream[member] for member in LISTED} for stream in found[first : first + size]]
    return {"Entries": views, **({"NextToken": str(first + size)} if first + size < len(found) else {})}


@answer("cloudwatch", "StartMetricStreams", "StopMetricStreams")
def switch_streams(call):
    """What is not there is passed over."""
    for name in call.parameters["Names"]:
        if name in streams(backend(call)):
            streams(backend(call))[name]["State"] = "running" if call.operation.startswith("Start") else "stopped"
    return {}


@answer("cloudwatch", "DeleteMetricStream")
def delete_stream(call):
    """What is not there is gone already."""
    state = backend(call)
    stream = streams(state).pop(call.parameters["Name"], None)
    if stream:
        state.tagger.delete_all_tags_for_resource(stream["Arn"])
    return {}
