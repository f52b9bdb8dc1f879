# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions with instances and with the containers of tasks."""

import re
import secrets
from datetime import datetime, timezone

from moto.backends import get_backend

from ...errors import AwsError
from .. import answer, backend
from ..sts import caller_of

# https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
TASK = re.compile(r"ecs:(?P<cluster>[\w-]+)_(?P<task>[0-9a-f]{32})_[0-9a-f]{32}-\d+")
USUAL = "SSM-SessionManagerRunShell"
OURS = ("AWS-", USUAL)


def _sessions(call):
    return vars(backend(call)).setdefault("sandbox_sessions", {})


@answer("ssm", "StartSession")
def start(call):
    """A session with what runs; nobody answers at its stream."""
    target, document = call.parameters["Target"], call.parameters.get("DocumentName") or USUAL
    if not _is_connected(call, target):
        raise AwsError("TargetNotConnected", f"{target} is not connected.")
    if not document.startswith(OURS) and document not in backend(call)._documents:
        raise AwsError("InvalidDocument", f"Document with name {document} does not exist.")
    owner = caller_of(call)
    number = f"{owner.rpartition('/')[2]}-{secrets.token_hex(9)[:17]}"
    _sessions(call)[number] = {
        "SessionId": number, "Target": target, "Status": "Connected", "Owner": owner, "DocumentName": document,
        "StartDate": datetime.now(timezone.utc), "AccessType": "Standard",
        **({"Reason": call.parameters["Reason"]} if call.parameters.get("Reason") else {}),
    }  # fmt: skip
    return _stream(call, number)


def _stream(call, number):
    host = f"wss://ssmmessages.{call.region}.amazonaws.com"
    return {
        "SessionId": number, "TokenValue": secrets.token_urlsafe(48),
        "StreamUrl": f"{host}/v1/data-channel/{number}?role=publish_subscribe",
    }  # fmt: skip


def _is_connected(call, target):
    task = TASK.fullmatch(target)
    if task:
        tasks = get_backend("ecs")[call.account][call.region].tasks.get(task["cluster"], {})
        return any(one.id == task["task"] and one.last_status == "RUNNING" for one in tasks.values())
    reservations = get_backend("ec2")[call.account][call.region].reservations.values()
    instances = [one for reservation in reservations for one in reservation.instances]
    return any(one.id == target and one._state.name == "running" for one in instances)


@answer("ssm", "ResumeSession")
def resume(call):
    """A session that is there gets another stream."""
    number = call.parameters["SessionId"]
    if _sessions(call).get(number, {}).get("Status") != "Connected":
        raise AwsError("DoesNotExistException", f"Session {number} does not exist.")
    return _stream(call, number)


@answer("ssm", "TerminateSession")
def terminate(call):
    """A session ends; one that is not there has ended."""
    session = _sessions(call).get(call.parameters["SessionId"])
    if session is not None and session["Status"] == "Connected":
        session.update(Status="Terminated", EndDate=datetime.now(timezone.utc))
    return {"SessionId": call.parameters["SessionId"]}


@answer("ssm", "DescribeSessions")
def describe(call):
    """The sessions that are there, or those that have been."""
    active = call.parameters["State"] == "Active"
    found = [one for one in _sessions(call).values() if (one["Status"] == "Connected") == active]
    for wanted in call.parameters.get("Filters") or []:
        name = {"Target": "Target", "Owner": "Owner", "SessionId": "SessionId", "Status": "Status"}.get(wanted["key"])
        found = [one for one in found if name is None or one[name] == wanted["value"]]
    return {"Sessions": found[::-1]}
