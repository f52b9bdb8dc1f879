# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle hooks of deployments: Lambda functions, whose answers a test says, and pauses that a caller ends."""

import fnmatch
import secrets
from datetime import timedelta

from moto.core.utils import utcnow

from ... import delays
from .. import store

STATUSES = ("SUCCEEDED", "FAILED", "IN_PROGRESS")
DAY = 1440

_told = store()  # "answers": list of (function, status), the latest last


def tell(function, status):
    """Say what a function answers; ValueError for what no function can."""
    if status not in STATUSES:
        raise ValueError(f"{status} is none of {', '.join(STATUSES)}")
    _told.setdefault("answers", []).append((function, status))


class Hook:
    """One lifecycle hook at one stage of one deployment."""

    def __init__(self, settings):
        limit = settings.get("timeoutConfiguration") or {}
        self.kind = settings.get("targetType") or "AWS_LAMBDA"
        self.id = f"ecs-{'pause' if self.kind == 'PAUSE' else 'lambda'}-{secrets.token_urlsafe(32)}"
        self.arn, self.action = settings.get("hookTargetArn"), limit.get("action") or "ROLLBACK"
        minutes = limit.get("timeoutInMinutes") or DAY
        self.ends_at, self.expires = delays.now() + minutes * 60, utcnow() + timedelta(minutes=minutes)
        self.decided = None  # CONTINUE or ROLLBACK

    def outcome(self):
        """CONTINUE or ROLLBACK once that is known."""
        if self.decided is None and self.kind == "AWS_LAMBDA":
            told = [status for name, status in _told.get("answers", []) if fnmatch.fnmatch(self.arn, f"*{name}")]
            self.decided = {"FAILED": "ROLLBACK", "IN_PROGRESS": None}.get(told[-1] if told else "", "CONTINUE")
        if self.decided is None and delays.is_past(self.ends_at):
            self.decided = self.action
        return self.decided

    def view(self):
        """The hook as AWS shows it."""
        waiting = "AWAITING_ACTION" if self.kind == "PAUSE" else "IN_PROGRESS"
        shown = {
            "hookId": self.id, "targetType": self.kind, "expiresAt": self.expires, "timeoutAction": self.action,
            "status": {"CONTINUE": "SUCCEEDED", "ROLLBACK": "FAILED"}.get(self.decided, waiting),
        }  # fmt: skip
        return shown | ({"targetArn": self.arn} if self.arn else {})
