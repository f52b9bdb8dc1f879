# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Maintenance windows and patch baselines, of which moto has no updates."""

from datetime import datetime, timezone

from ...errors import AwsError
from .. import answer, backend, correct

# Member of a request: attribute of moto's window.
WINDOW = {
    "Name": "name", "Description": "description", "Duration": "duration", "Cutoff": "cutoff", "Schedule": "schedule",
    "ScheduleTimezone": "schedule_timezone", "ScheduleOffset": "schedule_offset", "StartDate": "start_date",
    "EndDate": "end_date",
}  # fmt: skip
BASELINE = {
    "Name": "name", "Description": "description", "GlobalFilters": "global_filters", "ApprovalRules": "approval_rules",
    "ApprovedPatches": "approved_patches", "ApprovedPatchesComplianceLevel": "approved_patches_compliance_level",
    "ApprovedPatchesEnableNonSecurity": "approved_patches_enable_non_security", "Sources": "sources",
    "RejectedPatches": "rejected_patches", "RejectedPatchesAction": "rejected_patches_action",
}  # fmt: skip


def _update(call, thing, members):
    for member, attribute in members.items():
        given = call.parameters.get(member)
        if given is not None or call.parameters.get("Replace"):
            setattr(thing, attribute, given)


@answer("ssm", "UpdateMaintenanceWindow")
def update_window(call):
    """What is given changes; with Replace the rest is gone."""
    window = backend(call).get_maintenance_window(call.parameters["WindowId"])
    _update(call, window, WINDOW)
    for member, attribute in (("Enabled", "sandbox_enabled"), ("AllowUnassociatedTargets", "sandbox_unassociated")):
        if call.parameters.get(member) is not None:
            setattr(window, attribute, call.parameters[member])
    return _window(window)


def _window(window):
    shown = {name: value for name, value in window.to_json().items() if value is not None}
    shown["Enabled"] = getattr(window, "sandbox_enabled", True)
    return {**shown, "AllowUnassociatedTargets": getattr(window, "sandbox_unassociated", False)}


@correct("ssm", "CreateMaintenanceWindow")
def keep_unassociated(call, parsed):
    """moto forgets whether tasks may run without targets."""
    window = backend(call).get_maintenance_window(parsed["WindowId"])
    window.sandbox_unassociated = call.parameters["AllowUnassociatedTargets"]
    return False


@answer("ssm", "GetMaintenanceWindow")
def get_window(call):
    """The same later."""
    return _window(backend(call).get_maintenance_window(call.parameters["WindowId"]))


@answer("ssm", "GetPatchBaseline")
def get_baseline(call):
    """moto lists baselines and gets none."""
    return _baseline(_find(call))


@answer("ssm", "UpdatePatchBaseline")
def update_baseline(call):
    """What is given changes."""
    baseline = _find(call)
    _update(call, baseline, BASELINE)
    baseline.sandbox_modified = datetime.now(timezone.utc)
    return _baseline(baseline)


def _find(call):
    baseline = backend(call).baselines.get(call.parameters["BaselineId"])
    if baseline is None:
        message = f"Patch baseline {call.parameters['BaselineId']} does not exist"
        raise AwsError("DoesNotExistException", message)
    return baseline


def _baseline(baseline):
    shown = {member: getattr(baseline, attribute) for member, attribute in BASELINE.items()}
    shown.update(
        BaselineId=baseline.id, OperatingSystem=baseline.operating_system,
        ModifiedDate=getattr(baseline, "sandbox_modified", None),
    )  # fmt: skip
    return {name: value for name, value in shown.items() if value is not None}
