# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans with their versions, and what they select."""

import re
import uuid

from ...errors import AwsError
from .. import answer, backend
from ..governance import chosen, clean, kept, now, page, role_of, trusts
from .vaults import missing, not_now, wrong

SERVICE = "backup.amazonaws.com"
SCHEDULE = re.compile(r"cron\(\S+( \S+){5}\)|rate\(\d+ \w+\)")
USUAL = {
    "ScheduleExpression": "cron(0 5 ? * * *)",
    "ScheduleExpressionTimezone": "Etc/UTC",
    "StartWindowMinutes": 480,
    "CompletionWindowMinutes": 10080,
    "EnableContinuousBackup": False,
}
LEAST_START, LEAST_COLD, MOST_CONTINUOUS = 60, 90, 35


def plan_of(call):
    """The plan that a call names."""
    plan = kept(call, "plans").get(call.parameters["BackupPlanId"])
    if plan is None or plan["deleted"]:
        raise missing("Failed reading Backup plan with provided version")
    return plan


@answer("backup", "CreateBackupPlan")
def create_plan(call):
    """moto checks nothing, and takes two plans of one name for the same."""
    written = _checked(call)
    plans = kept(call, "plans")
    if any(_current(plan)["written"] == written for plan in plans.values() if not plan["deleted"]):
        raise AwsError("AlreadyExistsException", "Backup plan with the same plan document already exists")
    number = str(uuid.uuid4())
    arn = f"arn:aws:backup:{call.region}:{call.account}:backup-plan:{number}"
    plans[number] = {"BackupPlanId": number, "BackupPlanArn": arn, "versions": [], "selections": {}, "deleted": None}
    plans[number].update(chosen(call.parameters, "CreatorRequestId"))
    backend(call).tag_resource(arn, call.parameters.get("BackupPlanTags") or {})
    return _add_version(plans[number], written)


def _add_version(plan, written):
    rules = [{**USUAL, **rule, "RuleId": str(uuid.uuid4())} for rule in written["Rules"]]
    version = {"VersionId": str(uuid.uuid4()), "CreationDate": now(), "written": written}
    plan["versions"].append({**version, "BackupPlan": {**written, "Rules": rules}})
    return _summary(plan, plan["versions"][-1])


def _current(plan):
    return plan["versions"][-1]


def _summary(plan, version):
    settings = chosen(version["BackupPlan"], "AdvancedBackupSettings")
    return {**chosen(plan, "BackupPlanId", "BackupPlanArn"), **chosen(version, "VersionId", "CreationDate"), **settings}


def _checked(call):
    written = clean(call.parameters["BackupPlan"])
    if not written["Rules"]:
        raise wrong("A backup plan has at least one rule.")
    for rule in written["Rules"]:
        if rule["TargetBackupVaultName"] not in backend(call).vaults:
            raise wrong(f"Backup vault {rule['TargetBackupVaultName']} does not exist.")
        _check_rule(rule)
    return written


def _check_rule(rule):
    lifecycle = rule.get("Lifecycle") or {}
    check_lifecycle(lifecycle)
    if "ScheduleExpression" in rule and not SCHEDULE.fullmatch(rule["ScheduleExpression"]):
        raise wrong(f"Invalid schedule expression {rule['ScheduleExpression']}")
    if rule.get("StartWindowMinutes", LEAST_START) < LEAST_START:
        raise wrong(f"StartWindowMinutes must be at least {LEAST_START} minutes.")
    if rule.get("EnableContinuousBackup"):
        days = lifecycle.get("DeleteAfterDays")
        if not days or days > MOST_CONTINUOUS or "MoveToColdStorageAfterDays" in lifecycle:
            raise wrong(f"Continuous backups are kept for 1 to {MOST_CONTINUOUS} days, and not in cold storage.")


def check_lifecycle(lifecycle):
    """What moves to cold storage stays there for 90 days."""
    cold, delete = lifecycle.get("MoveToColdStorageAfterDays"), lifecycle.get("DeleteAfterDays")
    if cold is not None and delete is not None and delete < cold + LEAST_COLD:
        raise wrong("Invalid lifecycle. DeleteAfterDays must be at least 90 days after MoveToColdStorageAfterDays.")


@answer("backup", "UpdateBackupPlan")
def update_plan(call):
    """moto does not have it. Every change is a version."""
    plan = plan_of(call)
    return _add_version(plan, _checked(call))


@answer("backup", "GetBackupPlan")
def get_plan(call):
    """moto knows one version."""
    plan, wanted = plan_of(call), call.parameters.get("VersionId")
    version = next((item for item in plan["versions"] if item["VersionId"] == wanted), None)
    if wanted and version is None:
        raise missing("Failed reading Backup plan with provided version")
    version = version or _current(plan)
    more = chosen(plan, "CreatorRequestId")
    return {**_summary(plan, version), **more, "BackupPlan": version["BackupPlan"]}


@answer("backup", "ListBackupPlans")
def list_plans(call):
    """Those that were deleted only on demand."""
    everything = call.parameters.get("IncludeDeleted")
    plans = [plan for plan in kept(call, "plans").values() if everything or not plan["deleted"]]
    found = [_listed(plan, _current(plan)) for plan in plans]
    return page(call, "BackupPlansList", found, refusal="InvalidParameterValueException")


@answer("backup", "ListBackupPlanVersions")
def list_versions(call):
    """moto does not have it."""
    plan = plan_of(call)
    found = [_listed(plan, version) for version in plan["versions"]]
    return page(call, "BackupPlanVersionsList", found, refusal="InvalidParameterValueException")


def _listed(plan, version):
    deleted = {"DeletionDate": plan["deleted"]} if plan["deleted"] else {}
    name = {"BackupPlanName": version["BackupPlan"]["BackupPlanName"]}
    return {**_summary(plan, version), **chosen(plan, "CreatorRequestId"), **name, **deleted}


@answer("backup", "DeleteBackupPlan")
def delete_plan(call):
    """Selections go first."""
    plan = plan_of(call)
    if plan["selections"]:
        raise not_now("Related backup plan selections must be deleted prior to backup plan deletion")
    plan["deleted"] = now()
    backend(call).tagger.delete_all_tags_for_resource(plan["BackupPlanArn"])
    version = chosen(_current(plan), "VersionId")
    return {**chosen(plan, "BackupPlanId", "BackupPlanArn"), **version, "DeletionDate": plan["deleted"]}


# --- selections ----------------------------------------------------------------------------------------------------


def check_role(call, arn):
    """Refuse a role that AWS Backup cannot assume."""
    role = role_of(call, arn)
    if role is None or not trusts(role, SERVICE):
        raise wrong(f"IAM Role {arn} cannot be assumed by AWS Backup")


@answer("backup", "CreateBackupSelection")
def create_selection(call):
    """moto does not have it."""
    plan, parameters = plan_of(call), call.parameters
    written = clean(parameters["BackupSelection"])
    check_role(call, written["IamRoleArn"])
    if any(item["BackupSelection"] == written for item in plan["selections"].values()):
        raise AwsError("AlreadyExistsException", "Backup selection with the same selection document already exists")
    made = {"SelectionId": str(uuid.uuid4()), "BackupPlanId": plan["BackupPlanId"], "CreationDate": now()}
    more = {**chosen(parameters, "CreatorRequestId"), "BackupSelection": written}
    plan["selections"][made["SelectionId"]] = {**made, **more}
    return made


@answer("backup", "GetBackupSelection")
def get_selection(call):
    """moto does not have it."""
    return _selection(call)


def _selection(call):
    found = plan_of(call)["selections"].get(call.parameters["SelectionId"])
    if found is None:
        raise missing("Cannot find Backup selection")
    return found


@answer("backup", "ListBackupSelections")
def list_selections(call):
    """moto does not have it."""
    found = [
        {
            **chosen(item, "SelectionId", "BackupPlanId", "CreationDate", "CreatorRequestId"),
            **chosen(item["BackupSelection"], "SelectionName", "IamRoleArn"),
        }
        for item in plan_of(call)["selections"].values()
    ]
    return page(call, "BackupSelectionsList", found, refusal="InvalidParameterValueException")


@answer("backup", "DeleteBackupSelection")
def delete_selection(call):
    """moto does not have it."""
    found = _selection(call)
    del plan_of(call)["selections"][found["SelectionId"]]
    return {}
