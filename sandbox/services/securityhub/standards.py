# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Standards and the state of their controls; whether they can work depends on AWS Config."""

from moto.backends import get_backend

from ... import delays
from ...errors import AwsError
from .. import answer
from ..governance import now, page
from .catalog import CONTROLS, FSBP, STANDARDS, USUAL_STANDARDS, standard_arn
from .hub import arn_of, hub_of, missing, part_of, subscribe, wrong

REMEDIATION = "https://docs.aws.amazon.com/console/securityhub"


def _names(call):
    return {standard_arn(call.region, name): name for name in STANDARDS}


def _subscriptions(call):
    """{ARN: subscription} of what is enabled or about to be; what is gone by now is forgotten."""
    found = part_of(call, "standards")
    for arn in [arn for arn, item in found.items() if "gone_at" in item and delays.is_past(item["gone_at"])]:
        del found[arn]
    return found


def _view(call, arn, item):
    status, reason = _status(call, item)
    shown = {
        "StandardsSubscriptionArn": arn,
        "StandardsArn": item["standard"],
        "StandardsInput": item["input"],
        "StandardsStatus": status,
        "StandardsControlsUpdatable": "NOT_READY_FOR_UPDATES" if status == "PENDING" else "READY_FOR_UPDATES",
    }
    return {**shown, "StandardsStatusReason": {"StatusReasonCode": reason}} if reason else shown


def _status(call, item):
    """A standard is complete where AWS Config records."""
    if "gone_at" in item:
        return "DELETING", None
    if not delays.is_past(item["ready_at"]):
        return "PENDING", None
    recorders = get_backend("config")[call.account][call.region].recorders.values()
    if not any(recorder.status.recording for recorder in recorders):
        return "INCOMPLETE", "NO_AVAILABLE_CONFIGURATION_RECORDER"
    return "READY", None


@answer("securityhub", "DescribeStandards")
def describe_standards(call):
    """moto does not have it."""
    hub_of(call)
    found = [
        {"StandardsArn": arn, "Name": STANDARDS[name], "EnabledByDefault": name in USUAL_STANDARDS}
        for arn, name in _names(call).items()
    ]
    return page(call, "Standards", found)


@answer("securityhub", "BatchEnableStandards")
def enable_standards(call):
    """moto does not have it. What is enabled already stays as it is."""
    _subscriptions(call)
    wanted = call.parameters["StandardsSubscriptionRequests"]
    for request in wanted:
        if request["StandardsArn"] not in _names(call):
            raise wrong(f"Invalid standards ARN {request['StandardsArn']}")
    views = []
    for request in wanted:
        name = _names(call)[request["StandardsArn"]]
        item, arn = subscribe(call, name, request.get("StandardsInput") or {})
        views.append(_view(call, arn, item))
    return {"StandardsSubscriptions": views}


@answer("securityhub", "BatchDisableStandards")
def disable_standards(call):
    """moto does not have it."""
    found, wanted = _subscriptions(call), call.parameters["StandardsSubscriptionArns"]
    for arn in wanted:
        if arn not in found:
            raise wrong(f"Invalid standards subscription ARN {arn}")
    for arn in wanted:
        found[arn].setdefault("gone_at", delays.ready_at("securityhub-standard-disable"))
    return {"StandardsSubscriptions": [_view(call, arn, found[arn]) for arn in wanted]}


@answer("securityhub", "GetEnabledStandards")
def enabled_standards(call):
    """moto does not have it."""
    wanted = call.parameters.get("StandardsSubscriptionArns")
    found = {arn: item for arn, item in _subscriptions(call).items() if not wanted or arn in wanted}
    return page(call, "StandardsSubscriptions", [_view(call, arn, item) for arn, item in found.items()])


# --- controls of a standard ----------------------------------------------------------------------------------------


@answer("securityhub", "DescribeStandardsControls")
def describe_controls(call):
    """moto does not have it."""
    arn = call.parameters["StandardsSubscriptionArn"]
    item = _subscriptions(call).get(arn)
    if item is None:
        raise missing(arn)
    names = CONTROLS if arn.endswith(FSBP) else ()
    return page(call, "Controls", [_control(call, item, name) for name in names])


def _control(call, item, name):
    severity, title = CONTROLS[name]
    state = item["controls"].get(name) or {"ControlStatus": "ENABLED", "ControlStatusUpdatedAt": now()}
    return {
        **state,
        "StandardsControlArn": arn_of(call, f"control/{FSBP}/{name}"),
        "ControlId": name,
        "Title": title,
        "Description": title,
        "RemediationUrl": f"{REMEDIATION}/{name}/remediation",
        "SeverityRating": severity,
    }


@answer("securityhub", "UpdateStandardsControl")
def update_control(call):
    """moto does not have it. Who disables a control says why."""
    parameters = call.parameters
    prefix, _, name = parameters["StandardsControlArn"].rpartition("/")
    item = _subscriptions(call).get(prefix.replace(":control/", ":subscription/"))
    if item is None or name not in CONTROLS:
        raise missing(parameters["StandardsControlArn"])
    if parameters.get("ControlStatus") == "DISABLED" and not parameters.get("DisabledReason"):
        raise wrong("DisabledReason is required to disable a control.")
    _switch(item, name, parameters.get("ControlStatus") or "ENABLED", parameters.get("DisabledReason"))
    return {}


def _switch(item, name, status, reason):
    state = {"ControlStatus": status, "ControlStatusUpdatedAt": now()}
    item["controls"][name] = {**state, "DisabledReason": reason} if status == "DISABLED" and reason else state


# --- controls of all standards -------------------------------------------------------------------------------------


def _definition(name):
    severity, title = CONTROLS[name]
    url = f"{REMEDIATION}/{name}/remediation"
    return {
        "SecurityControlId": name, "Title": title, "Description": title, "RemediationUrl": url,
        "SeverityRating": severity,
    }  # fmt: skip


@answer("securityhub", "ListSecurityControlDefinitions")
def list_definitions(call):
    """moto does not have it."""
    hub_of(call)
    wanted = call.parameters.get("StandardsArn")
    if wanted is not None and wanted not in _names(call):
        raise wrong(f"Invalid standards ARN {wanted}")
    names = CONTROLS if wanted in (None, standard_arn(call.region, FSBP)) else ()
    found = [{**_definition(name), "CurrentRegionAvailability": "AVAILABLE"} for name in names]
    return page(call, "SecurityControlDefinitions", found)


@answer("securityhub", "BatchGetSecurityControls")
def get_controls(call):
    """moto does not have it."""
    found, unknown = [], []
    subscriptions = _subscriptions(call)
    for name in call.parameters["SecurityControlIds"]:
        if name not in CONTROLS:
            unknown.append({"SecurityControlId": name, "ErrorCode": "NOT_FOUND"})
            continue
        item = subscriptions.get(arn_of(call, f"subscription/{FSBP}"))
        disabled = item is None or item["controls"].get(name, {}).get("ControlStatus") == "DISABLED"
        status = {"SecurityControlStatus": "DISABLED" if disabled else "ENABLED", "UpdateStatus": "READY"}
        found.append({**_definition(name), **status, "SecurityControlArn": arn_of(call, f"security-control/{name}")})
    return {"SecurityControls": found, "UnprocessedIds": unknown}


@answer("securityhub", "BatchUpdateStandardsControlAssociations")
def update_associations(call):
    """moto does not have it. What cannot be done is answered, not refused."""
    failed = []
    for update in call.parameters["StandardsControlAssociationUpdates"]:
        try:
            _update_association(call, update)
        except AwsError as error:
            code = "NOT_FOUND" if error.code == "ResourceNotFoundException" else "INVALID_INPUT"
            reason = {"ErrorCode": code, "ErrorReason": error.message}
            failed.append({"StandardsControlAssociationUpdate": update, **reason})
    return {"UnprocessedAssociationUpdates": failed}


def _update_association(call, update):
    item, name = _association(call, update), update["SecurityControlId"]
    if update["AssociationStatus"] == "DISABLED" and not update.get("UpdatedReason"):
        raise wrong("UpdatedReason is required to disable a control.")
    _switch(item, name, update["AssociationStatus"], update.get("UpdatedReason"))


def _association(call, wanted):
    name = _names(call).get(wanted["StandardsArn"])
    item = _subscriptions(call).get(arn_of(call, f"subscription/{name}"))
    if item is None or name != FSBP or wanted["SecurityControlId"] not in CONTROLS:
        raise missing(f"{wanted['StandardsArn']} {wanted['SecurityControlId']}")
    return item


@answer("securityhub", "BatchGetStandardsControlAssociations")
def get_associations(call):
    """moto does not have it."""
    found, failed = [], []
    for wanted in call.parameters["StandardsControlAssociationIds"]:
        try:
            control = _control(call, _association(call, wanted), wanted["SecurityControlId"])
        except AwsError as error:
            if error.code != "ResourceNotFoundException":
                raise
            failed.append({"StandardsControlAssociationId": wanted, "ErrorCode": "NOT_FOUND"})
            continue
        shown = {"AssociationStatus": control["ControlStatus"], "UpdatedAt": control["ControlStatusUpdatedAt"]}
        if "DisabledReason" in control:
            shown["UpdatedReason"] = control["DisabledReason"]
        arn = arn_of(call, f"security-control/{wanted['SecurityControlId']}")
        found.append({**wanted, **shown, "SecurityControlArn": arn, "StandardsControlTitle": control["Title"]})
    return {"StandardsControlAssociationDetails": found, "UnprocessedAssociations": failed}
