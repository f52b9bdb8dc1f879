# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which kinds of things Inspector scans, and how; activation takes some time."""

from ... import delays
from .. import answer
from ..governance import chosen, given, kept, now

# Resource types, and what they are called in a description.
KINDS = {
    "EC2": "ec2", "ECR": "ecr", "LAMBDA": "lambda", "LAMBDA_CODE": "lambdaCode", "CODE_REPOSITORY": "codeRepository",
}  # fmt: skip


@answer("inspector2", "Enable")
def enable(call):
    """Without accounts, the caller's own; moto crashes."""
    return _switched(call, call.parameters["resourceTypes"], True)


@answer("inspector2", "Disable")
def disable(call):
    """Without types, everything; moto crashes."""
    return _switched(call, call.parameters.get("resourceTypes") or list(KINDS), False)


def _switched(call, kinds, wanted):
    scans = kept(call, "scans")
    mine, failed = _split(call)
    for account in mine:
        for kind in kinds:
            if _is_on(scans, account, kind) != wanted:
                scans[account, kind] = wanted, delays.ready_at("inspector-enable")
    accounts = [{"accountId": account, **_summary(scans, account)} for account in mine]
    return {"accounts": accounts, "failedAccounts": failed}


def _split(call):
    """The accounts of a call that the caller has a say in, and what is answered about the others."""
    wanted = call.parameters.get("accountIds") or [call.account]
    message = "Invoking account does not have access to the account."
    failed = [
        {"accountId": account, "errorCode": "ACCESS_DENIED", "errorMessage": message}
        for account in wanted
        if account != call.account
    ]
    return [account for account in wanted if account == call.account], failed


def _is_on(scans, account, kind):
    return scans.get((account, kind), (False, 0))[0]


def status_of(scans, account, kind):
    """The state of scanning a kind of thing."""
    wanted, settled_at = scans.get((account, kind), (False, 0))
    if delays.is_past(settled_at):
        return "ENABLED" if wanted else "DISABLED"
    return "ENABLING" if wanted else "DISABLING"


def _summary(scans, account):
    status = {name: status_of(scans, account, kind) for kind, name in KINDS.items()}
    return {"resourceStatus": status, "status": _overall(status)}


def _overall(status):
    """Whichever is the furthest from being off."""
    for state in ("ENABLED", "ENABLING", "DISABLING"):
        if state in status.values():
            return state
    return "DISABLED"


@answer("inspector2", "BatchGetAccountStatus")
def account_status(call):
    """moto knows nothing of accounts in which nothing was ever enabled."""
    scans, (mine, failed) = kept(call, "scans"), _split(call)
    accounts = []
    for account in mine:
        status = {name: status_of(scans, account, kind) for kind, name in KINDS.items()}
        parts = {name: {"status": state} for name, state in status.items()}
        accounts.append({"accountId": account, "state": {"status": _overall(status)}, "resourceState": parts})
    return {"accounts": accounts, "failedAccounts": failed}


# --- how ------------------------------------------------------------------------------------------------------------

ECR_USUAL = {"rescanDuration": "DAYS_14", "pullDateRescanDuration": "DAYS_14", "pullDateRescanMode": "LAST_IN_USE_AT"}


@answer("inspector2", "UpdateConfiguration")
def update_configuration(call):
    """moto does not have it."""
    settings = kept(call, "settings")
    for name in ("ecrConfiguration", "ec2Configuration"):
        if call.parameters.get(name):
            written = {**settings.get(name, {}).get("written", {}), **given(call.parameters[name])}
            moments = {"updated": now(), "settled_at": delays.ready_at("inspector-enable")}
            settings[name] = {"written": written, **moments}
    return {}


@answer("inspector2", "GetConfiguration")
def get_configuration(call):
    """moto does not have it."""
    settings = kept(call, "settings")
    ecr, ec2 = (settings.get(name, {}) for name in ("ecrConfiguration", "ec2Configuration"))
    duration = {**ECR_USUAL, **ecr.get("written", {}), "status": _progress(ecr)}
    mode = ec2.get("written", {}).get("scanMode", "EC2_HYBRID")
    return {
        "ecrConfiguration": {"rescanDurationState": {**duration, **_updated(ecr)}},
        "ec2Configuration": {"scanModeState": {"scanMode": mode, "scanModeStatus": _progress(ec2)}},
    }


def _progress(setting):
    return "SUCCESS" if delays.is_past(setting.get("settled_at", 0)) else "PENDING"


def _updated(setting):
    return {"updatedAt": setting["updated"]} if "updated" in setting else {}


@answer("inspector2", "UpdateEc2DeepInspectionConfiguration")
def update_deep_inspection(call):
    """moto does not have it."""
    deep = kept(call, "deep")
    deep.update(chosen(call.parameters, "packagePaths"))
    if call.parameters.get("activateDeepInspection") is not None:
        deep["active"] = call.parameters["activateDeepInspection"]
    return _deep(call)


@answer("inspector2", "GetEc2DeepInspectionConfiguration")
def get_deep_inspection(call):
    """moto does not have it."""
    return _deep(call)


def _deep(call):
    """It comes with the scans of EC2, unless it was told otherwise."""
    deep = kept(call, "deep")
    active = deep.get("active", _is_on(kept(call, "scans"), call.account, "EC2"))
    status = {"status": "ACTIVATED" if active else "DEACTIVATED"}
    return {"packagePaths": deep.get("packagePaths", []), "orgPackagePaths": [], **status}
