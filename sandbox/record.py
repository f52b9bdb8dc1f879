# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of every call: what was asked, without its secrets, and what came of it."""

import re
import threading
import time
from datetime import datetime

from botocore.parsers import create_parser

REMOVED = "<removed>"
# Names that carry secrets in models which do not mark them ``sensitive``. Compared without case.
SECRET_NAMES = {
    "authtoken", "clientsecret", "masteruserpassword", "oauthtoken", "password", "plaintext", "privatekey",
    "secretaccesskey", "secretbinary", "secretkey", "secretstring", "sessiontoken", "token",
}  # fmt: skip
# Continuation tokens and idempotency tokens are no secrets, and tests read them.
PUBLIC_NAMES = {"clienttoken", "nexttoken", "idempotencytoken", "creationtoken", "clientrequesttoken"}

# Names of what is created where the operation does not say it.
CREATED_MEMBERS = {
    ("ec2", "AllocateAddress"): ("AllocationId",),
    ("ec2", "AssociateRouteTable"): ("AssociationId",),
    ("ec2", "AuthorizeSecurityGroupEgress"): ("SecurityGroupRuleId",),
    ("ec2", "AuthorizeSecurityGroupIngress"): ("SecurityGroupRuleId",),
    ("ec2", "CreateSecurityGroup"): ("GroupId",),
    ("ec2", "RunInstances"): ("InstanceId",),
}
CREATING = re.compile(r"(Create|Allocate|Run|Authorize|AssociateRouteTable|Register|Request|Import|Start)")


class Record:
    """Calls in the order of their arrival. Thread safe."""

    def __init__(self):
        self._lock = threading.Lock()
        self.clear()

    def clear(self):
        """Forget every call, and where anything was changed."""
        self.forget()
        self.regions = set()
        self._covered = {}

    def forget(self):
        """Forget every call and count from one again. What the calls did is still there, so regions are kept."""
        with self._lock:
            self._calls, self._mutating = [], 0

    def open(self, call):
        """Enter a call on its arrival; ``close`` says later what came of it."""
        entry = {
            "n": None, "mutating_n": None, "service": call.service, "operation": call.operation,
            "region": call.region, "account": call.account, "mutating": call.mutating,
            "parameters": public(call.parameters, call.model and call.model.input_shape),
            "outcome": None, "status": None, "fault": None, "created": [], "seconds": None,
        }  # fmt: skip
        entry["_started"] = time.monotonic()
        with self._lock:
            self._calls.append(entry)
            entry["n"] = len(self._calls)
            if call.mutating:
                self._mutating += 1
                entry["mutating_n"] = self._mutating
                self.regions.add(call.region)
        return entry

    def close(self, entry, call, answer, outcome=None):
        """Say what came of a call; without an answer it was never executed."""
        entry["seconds"] = round(time.monotonic() - entry["_started"], 4)
        self._count(call, answer)
        if answer is None:
            entry["outcome"] = outcome
            return
        entry["status"] = answer.status
        entry["outcome"], entry["created"] = _result(call, answer)

    def _count(self, call, answer):
        with self._lock:
            counted = self._covered.setdefault(call.label, {"calls": 0, "missing": 0})
            counted["calls"] += 1
            counted["missing"] += answer is not None and answer.status == 501

    def coverage(self):
        """How often each operation was called since the last reset, and how often nothing here implements it."""
        with self._lock:
            return {label: dict(counted) for label, counted in sorted(self._covered.items())}

    def calls(self, mutating=None, since=0):
        """The calls after number ``since``, those that change something only if asked."""
        with self._lock:
            calls = self._calls[since:]
        wanted = [entry for entry in calls if mutating is None or entry["mutating"] == mutating]
        return [{name: value for name, value in entry.items() if name[0] != "_"} for entry in wanted]


def public(value, shape=None, name=""):
    """A JSON copy of a parameter without what is secret in it."""
    if _is_secret(name, shape) and value is not None:
        return REMOVED
    if isinstance(value, dict):
        return {key: public(item, _member(shape, key), str(key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [public(item, getattr(shape, "member", None)) for item in value]
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    return value.isoformat() if isinstance(value, datetime) else value


def _is_secret(name, shape):
    if shape is not None and shape.metadata.get("sensitive"):
        return True
    return name.lower() in SECRET_NAMES and name.lower() not in PUBLIC_NAMES


def _member(shape, name):
    if shape is None:
        return None
    if shape.type_name == "map":
        return shape.value
    return shape.members.get(name) if shape.type_name == "structure" else None


def parse(call, answer):
    """An answer as boto3 would return it, through botocore's own parser."""
    response = {"status_code": answer.status, "headers": _Headers(answer.headers), "body": answer.body}
    return create_parser(call.protocol).parse(response, call.model.output_shape)


class _Headers(dict):
    """Headers whatever their case, which botocore's parsers ask for in several."""

    def __init__(self, items):
        super().__init__({name.lower(): value for name, value in items})

    def get(self, name, default=None):
        return super().get(name.lower(), default)

    def __getitem__(self, name):
        return super().__getitem__(name.lower())

    def __contains__(self, name):
        return super().__contains__(name.lower())


def _result(call, answer):
    """(outcome, created) of an answer; answers to reads that worked need no parsing."""
    if call.model is None or (answer.status < 300 and not call.mutating):
        return ("ok" if answer.status < 400 else str(answer.status)), []
    try:
        parsed = parse(call, answer)
    except Exception:  # an answer that botocore cannot read is recorded by its status
        return ("ok" if answer.status < 400 else str(answer.status)), []
    if answer.status >= 300:
        return parsed.get("Error", {}).get("Code") or str(answer.status), []
    return "ok", created(call, parsed)


def created(call, parsed):
    """The ids and ARNs of what a creating call made; its name where AWS answers with nothing."""
    match = CREATING.match(call.operation)
    if not match:
        return []
    wanted = CREATED_MEMBERS.get((call.service, call.operation))
    thing = call.operation[match.end() :].lower().rstrip("s")
    found = []
    _collect(parsed, "", lambda key, parent: _names(key, parent, thing, wanted), found, 0)
    if not found:
        names = [value for key, value in call.parameters.items() if key.lower() == f"{thing}name"]
        found = [name for name in names if isinstance(name, str)]
    return list(dict.fromkeys(found))


def _names(key, parent, thing, wanted):
    if wanted:
        return key in wanted
    lower = key.lower()
    if lower in ("id", "arn"):
        return thing.startswith(parent.lower().rstrip("s")) or parent.lower().startswith(thing)
    # "NatGatewayId" of CreateNatGateway, "FlowLogIds" of CreateFlowLogs, "KeyId" and "Arn" of CreateKey.
    return any(lower == thing + ending for ending in ("id", "arn", "ids", "arns")) or lower == f"{thing}sids"


def _collect(value, parent, wanted, found, depth):
    if depth > 4 or not isinstance(value, dict):
        return
    for key, item in value.items():
        if key == "ResponseMetadata":
            continue
        if isinstance(item, str) and wanted(key, parent):
            found.append(item)
        for element in item if isinstance(item, list) else [item]:
            if isinstance(element, str) and isinstance(item, list) and wanted(key, parent):
                found.append(element)
            _collect(element, key, wanted, found, depth + 1)
