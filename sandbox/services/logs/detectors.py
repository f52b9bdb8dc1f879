# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Detectors of anomalies in logs, which moto does not have."""

import time
import uuid

from ... import delays
from ...errors import AwsError
from .. import answer, backend

PAGE, USUAL_DAYS = 50, 21
OPTIONAL = ("detectorName", "filterPattern", "kmsKeyId")
CHANGED = ("evaluationFrequency", "filterPattern", "anomalyVisibilityTime")


def _detectors(call):
    return vars(backend(call)).setdefault("sandbox_detectors", {})


@answer("logs", "CreateLogAnomalyDetector")
def create_detector(call):
    """A detector of one group."""
    parameters, now = call.parameters, int(time.time() * 1000)
    groups = parameters["logGroupArnList"]
    if len(groups) != 1:
        raise AwsError("InvalidParameterException", "A detector watches one log group.")
    name = groups[0].split(":log-group:")[-1].removesuffix(":*")
    if name not in backend(call).groups:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    arn = f"arn:aws:logs:{call.region}:{call.account}:anomaly-detector:{uuid.uuid4()}"
    _detectors(call)[arn] = {
        "anomalyDetectorArn": arn,
        "logGroupArnList": groups,
        "evaluationFrequency": parameters.get("evaluationFrequency") or "FIVE_MIN",
        "anomalyVisibilityTime": parameters.get("anomalyVisibilityTime") or USUAL_DAYS,
        "creationTimeStamp": now,
        "lastModifiedTimeStamp": now,
        "trained": delays.ready_at("log-anomaly-training"),
        "enabled": True,
        **{member: parameters[member] for member in OPTIONAL if parameters.get(member)},
    }
    if parameters.get("tags"):
        backend(call).tag_resource(arn, parameters["tags"])
    return {"anomalyDetectorArn": arn}


@answer("logs", "GetLogAnomalyDetector")
def get_detector(call):
    """As it was written."""
    return {name: value for name, value in _view(_detector(call)).items() if name != "anomalyDetectorArn"}


@answer("logs", "ListLogAnomalyDetectors")
def list_detectors(call):
    """All of them, or those of a group."""
    group = call.parameters.get("filterLogGroupArn")
    found = [_view(item) for item in _detectors(call).values() if group is None or group in item["logGroupArnList"]]
    first, size = int(call.parameters.get("nextToken") or 0), call.parameters.get("limit") or PAGE
    more = {"nextToken": str(first + size)} if first + size < len(found) else {}
    return {"anomalyDetectors": found[first : first + size], **more}


@answer("logs", "UpdateLogAnomalyDetector")
def update_detector(call):
    """What is not given stays; whether it works is always said."""
    given = {name: call.parameters[name] for name in CHANGED if call.parameters.get(name) is not None}
    now = int(time.time() * 1000)
    _detector(call).update(given, enabled=call.parameters["enabled"], lastModifiedTimeStamp=now)
    return {}


@answer("logs", "DeleteLogAnomalyDetector")
def delete_detector(call):
    """What is there."""
    arn = _detector(call)["anomalyDetectorArn"]
    del _detectors(call)[arn]
    backend(call).tagger.delete_all_tags_for_resource(arn)
    return {}


def _detector(call):
    found = _detectors(call).get(call.parameters["anomalyDetectorArn"])
    if found is None:
        raise AwsError("ResourceNotFoundException", "The specified anomaly detector does not exist.")
    return found


def _view(detector):
    status = "ANALYZING" if delays.is_past(detector["trained"]) else "INITIALIZING"
    view = {name: value for name, value in detector.items() if name not in ("enabled", "trained")}
    return {**view, "anomalyDetectorStatus": status if detector["enabled"] else "PAUSED"}
