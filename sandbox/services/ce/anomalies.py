# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Monitors of anomalies, and who hears of those."""

import uuid

from ...errors import AwsError
from .. import answer, backend
from ..governance import chosen, clean, kept, now, page

# How often subscribers of a kind may hear of anomalies.
FREQUENCIES = {"EMAIL": ("DAILY", "WEEKLY"), "SNS": ("IMMEDIATE",)}
THRESHOLDS = ("Threshold", "ThresholdExpression")


def wrong(message):
    """What Cost Explorer says of values that it does not take."""
    return AwsError("ValidationException", message, 400)


def _arn(call, kind):
    return f"arn:aws:ce::{call.account}:{kind}/{uuid.uuid4()}"


def _moment():
    return now().strftime("%Y-%m-%dT%H:%M:%SZ")


def _listed(call, member, items):
    return page(call, member, items, token="NextPageToken", refusal="InvalidNextTokenException")


def _tag(call, arn):
    backend(call).tag_resource(arn, clean(call.parameters.get("ResourceTags") or []))


# --- monitors ------------------------------------------------------------------------------------------------------


def _monitor(call, arn):
    if arn not in kept(call, "monitors"):
        raise AwsError("UnknownMonitorException", f"No anomaly monitor found with {arn}.")
    return kept(call, "monitors")[arn]


@answer("ce", "CreateAnomalyMonitor")
def create_monitor(call):
    """moto does not have it."""
    written, monitors = clean(call.parameters["AnomalyMonitor"]), kept(call, "monitors")
    _check_monitor(written, monitors.values())
    arn = _arn(call, "anomalymonitor")
    moments = {"CreationDate": _moment(), "LastUpdatedDate": _moment()}
    monitors[arn] = {**written, **moments, "MonitorArn": arn}
    if written["MonitorType"] == "DIMENSIONAL":
        monitors[arn]["DimensionalValueCount"] = 0
    _tag(call, arn)
    return {"MonitorArn": arn}


def _check_monitor(written, others):
    needed, other = "MonitorDimension", "MonitorSpecification"
    if written["MonitorType"] == "CUSTOM":
        needed, other = other, needed
    # A monitor of the dimension TAG has a specification that names the key.
    if needed not in written or (written["MonitorType"] == "CUSTOM" and other in written):
        raise wrong(f"A monitor of type {written['MonitorType']} needs {needed}.")
    dimension = written.get("MonitorDimension")
    if dimension == "SERVICE" and any(item.get("MonitorDimension") == dimension for item in others):
        raise wrong("Limit exceeded on dimensional spend monitor creation")


@answer("ce", "GetAnomalyMonitors")
def get_monitors(call):
    """moto does not have it."""
    arns = call.parameters.get("MonitorArnList") or kept(call, "monitors")
    return _listed(call, "AnomalyMonitors", [_monitor(call, arn) for arn in arns])


@answer("ce", "UpdateAnomalyMonitor")
def update_monitor(call):
    """moto does not have it."""
    found = _monitor(call, call.parameters["MonitorArn"])
    found.update(chosen(call.parameters, "MonitorName"), LastUpdatedDate=_moment())
    return chosen(found, "MonitorArn")


@answer("ce", "DeleteAnomalyMonitor")
def delete_monitor(call):
    """moto does not have it. Subscriptions to a monitor forget it."""
    arn = _monitor(call, call.parameters["MonitorArn"])["MonitorArn"]
    del kept(call, "monitors")[arn]
    backend(call).tagger.delete_all_tags_for_resource(arn)
    for item in kept(call, "subscriptions").values():
        item["MonitorArnList"] = [one for one in item["MonitorArnList"] if one != arn]
    return {}


@answer("ce", "GetAnomalies")
def get_anomalies(call):
    """moto does not have it. Nothing costs anything, so nothing is unusual."""
    if call.parameters.get("MonitorArn"):
        _monitor(call, call.parameters["MonitorArn"])
    return {"Anomalies": []}


# --- subscriptions -------------------------------------------------------------------------------------------------


def _subscription(call, arn):
    if arn not in kept(call, "subscriptions"):
        raise AwsError("UnknownSubscriptionException", f"No anomaly subscription found with {arn}.")
    return kept(call, "subscriptions")[arn]


def _check_subscription(call, written):
    for arn in written["MonitorArnList"]:
        _monitor(call, arn)
    given = [name for name in THRESHOLDS if name in written]
    if not given:
        raise wrong("Threshold and ThresholdExpression cannot both be null")
    if len(given) > 1:
        raise wrong("Threshold and ThresholdExpression cannot both be specified")
    for item in written["Subscribers"]:
        if written["Frequency"] not in FREQUENCIES[item["Type"]]:
            raise wrong(f"Subscribers of type {item['Type']} hear of anomalies {', '.join(FREQUENCIES[item['Type']])}.")


def _confirmed(written):
    subscribers = [{"Status": "CONFIRMED", **item} for item in written["Subscribers"]]
    return {**written, "Subscribers": subscribers}


@answer("ce", "CreateAnomalySubscription")
def create_subscription(call):
    """moto does not have it."""
    written = clean(call.parameters["AnomalySubscription"])
    _check_subscription(call, written)
    arn = _arn(call, "anomalysubscription")
    own = {"SubscriptionArn": arn, "AccountId": call.account}
    kept(call, "subscriptions")[arn] = {**_confirmed(written), **own}
    _tag(call, arn)
    return {"SubscriptionArn": arn}


@answer("ce", "GetAnomalySubscriptions")
def get_subscriptions(call):
    """moto does not have it."""
    arns, monitor = call.parameters.get("SubscriptionArnList"), call.parameters.get("MonitorArn")
    found = [_subscription(call, arn) for arn in arns or kept(call, "subscriptions")]
    found = [item for item in found if not monitor or monitor in item["MonitorArnList"]]
    return _listed(call, "AnomalySubscriptions", found)


@answer("ce", "UpdateAnomalySubscription")
def update_subscription(call):
    """moto does not have it. One kind of threshold takes the place of the other."""
    found, told = _subscription(call, call.parameters["SubscriptionArn"]), clean(call.parameters)
    before = {name: value for name, value in found.items() if name not in THRESHOLDS or not set(THRESHOLDS) & set(told)}
    changed = {**before, **told}
    _check_subscription(call, changed)
    kept(call, "subscriptions")[found["SubscriptionArn"]] = _confirmed(changed)
    return chosen(found, "SubscriptionArn")


@answer("ce", "DeleteAnomalySubscription")
def delete_subscription(call):
    """moto does not have it."""
    arn = _subscription(call, call.parameters["SubscriptionArn"])["SubscriptionArn"]
    del kept(call, "subscriptions")[arn]
    backend(call).tagger.delete_all_tags_for_resource(arn)
    return {}
