# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Eventual consistency: for some seconds, calls that name what was just created are answered as if it were not there.

https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html: "Changes that I make are not always immediately visible"

A call gets a name that nothing has in place of the hidden one, so the service refuses it in its own words.
"""

import io
import re
import threading
from urllib.parse import quote

from . import delays
from .errors import Answer

# Each character goes to the next of its kind, so an identifier keeps its form.
KINDS = ("0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ")
NEXT = str.maketrans({kind[place]: kind[(place + 1) % len(kind)] for kind in KINDS for place in range(len(kind))})
CHANGED = 8  # of the end of a name
# Who looks up what another service created, and so refuses what it does not see yet. Others, such as CloudWatch with the
# topics of an alarm, keep any name.
LOOKS_UP = {"ec2": ("ecs", "elasticache", "elbv2", "rds"), "elbv2": ("ecs", "wafv2"), "iam": ("lambda", "sts")}
# What may stand beside a name without making it another one.
BEFORE, AFTER = rb"(?<![A-Za-z0-9_.-])", rb"(?![A-Za-z0-9_./-])"


class Unseen:
    """What was created lately. Thread safe."""

    def __init__(self):
        self._lock = threading.Lock()
        self.clear()

    def clear(self):
        """Everything is visible at once again."""
        self.seconds = 0.0
        self._created = {}

    def change(self, seconds):
        """Hide what is created from now on for this long."""
        if not seconds >= 0:
            raise ValueError("seconds are 0 or more")
        self.seconds = seconds

    def note(self, operation, names):
        """Something was created, by this operation."""
        if not self.seconds:
            return
        # Of what has an ARN, most calls say the name in it.
        names = {*names, *(name.rpartition("/")[2] for name in names if name.startswith("arn:"))}
        with self._lock:
            until = delays.now() + self.seconds
            self._created.update({name: (operation, until) for name in names if len(name) > 3})

    def hidden(self, call):
        """The names in a call that are not visible yet: {bytes of the call: bytes that name nothing}."""
        if not self._created or call.operation is None:
            return {}
        with self._lock:
            self._created = {name: one for name, one in self._created.items() if not delays.is_past(one[1])}
            # Created again, it is the same, whether visible or not.
            names = [name for name, (operation, _until) in self._created.items() if _is_looked_up(call, operation)]
        told = b"\n".join((call.body, _text(call.environ, "PATH_INFO"), _text(call.environ, "QUERY_STRING")))
        # The longest first: an ARN before the name in it.
        spellings = {spelling(name).encode() for name in names for spelling in (str, _quoted)}
        found = sorted((one for one in spellings if _pattern(one).search(told)), key=len, reverse=True)
        return {one: _another(one) for one in found}


def without(environ, body, hidden):
    """A request in which what is hidden has another name."""
    changed = {name: replaced(_text(environ, name), hidden).decode() for name in ("PATH_INFO", "QUERY_STRING")}
    for name in ("RAW_URI", "REQUEST_URI"):
        if name in environ:
            changed[name] = replaced(_text(environ, name), hidden).decode()
    told = replaced(body, hidden)
    return {**environ, **changed, "wsgi.input": io.BytesIO(told), "CONTENT_LENGTH": str(len(told))}


def answered(answer, hidden):
    """An answer about the names that were asked for."""
    back = {another: name for name, another in hidden.items()}
    body = replaced(answer.body, back)
    headers = [(name, str(len(body)) if name.lower() == "content-length" else value) for name, value in answer.headers]
    return Answer(answer.status, headers, body)


def replaced(text, names):
    """A text with other names in it."""
    for name, another in names.items():
        text = _pattern(name).sub(lambda _match, another=another: another, text)
    return text


def _is_looked_up(call, operation):
    service = operation.partition(".")[0]
    return operation != call.label and call.service in (service, *LOOKS_UP.get(service, ()))


def _pattern(name):
    return re.compile(BEFORE + re.escape(name) + AFTER)


def _another(name):
    text = name.decode()
    # Of an ARN the last part: another account is another matter.
    kept = max(
        [len(text) - CHANGED] + [text.rfind(mark) + len(mark) for mark in (":", "/", "%3A", "%2F") if mark in text]
    )
    return (text[:kept] + text[kept:].translate(NEXT)).encode()


def _quoted(name):
    return quote(name, safe="")


def _text(environ, name):
    return environ.get(name, "").encode()
