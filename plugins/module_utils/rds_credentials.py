# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The login of a database as a secret holds it: a URL or JSON. Pure functions; no message names what is in it."""

from __future__ import annotations

import json
import secrets
import string
from typing import Any, Dict, NamedTuple, Optional
from urllib.parse import quote, unquote, urlencode, urlsplit

# RDS refuses / " @ and spaces in passwords; these need no encoding in a URL either (RFC 3986, unreserved).
ALPHABET = string.ascii_letters + string.digits + "_.~-"
PASSWORD_LENGTH = 40  # MySQL takes 41, PostgreSQL 128
LONGEST_PASSWORD = {"postgres": 128}
# Hosts that stand for the state of an instance; .invalid is never resolved (RFC 6761).
PENDING_HOST = "pending.invalid"
RESETTING_HOST = "resetting.invalid"
FIELDS = ("username", "password", "host", "port", "dbname", "engine")


class Login(NamedTuple):
    """Everything that a client needs to know."""

    username: str
    password: str
    host: str
    port: int
    dbname: str
    engine: str


class Stored(NamedTuple):
    """What is read back from a secret; the rest is known from the instance."""

    password: str
    host: str


def new_password() -> str:
    """A password that no person has to type."""
    return "".join(secrets.choice(ALPHABET) for _position in range(PASSWORD_LENGTH))


def write(form: Dict[str, Any], login: Login, current: Optional[str] = None) -> str:
    """The content of a secret; keys of JSON that are somebody else's stay."""
    if form["secret_format"] == "json":
        kept = json.loads(current) if current and current.lstrip().startswith("{") else {}
        keys = form["json_keys"] or {}
        values = {keys.get(field, field): str(getattr(login, field)) for field in FIELDS}
        return json.dumps({**kept, **values}, sort_keys=True)
    parameters = form["url_parameters"] or {}
    query = "?" + urlencode({key: parameters[key] for key in sorted(parameters)}, quote_via=quote) if parameters else ""
    user, password, dbname = (quote(text, safe="") for text in (login.username, login.password, login.dbname))
    return f"{form['url_scheme']}://{user}:{password}@{login.host}:{login.port}/{dbname}{query}"


def read(form: Dict[str, Any], text: str) -> Stored:
    """The password and the host, from either format; ValueError says what is wrong and nothing of the content."""
    try:
        return _read_json(form, text) if text.lstrip().startswith("{") else _read_url(text)
    except (AttributeError, KeyError, TypeError, ValueError):
        pass  # its message, or the context of the next one, could show a part of the content
    raise ValueError("is neither a URL with user, password and host nor JSON with these")


def _read_json(form: Dict[str, Any], text: str) -> Stored:
    content, keys = json.loads(text), form["json_keys"] or {}
    password, host = (content.get(keys.get(field, field)) or content[field] for field in ("password", "host"))
    return Stored(str(password), str(host))


def _read_url(text: str) -> Stored:
    parts = urlsplit(text)
    if not parts.password or not parts.hostname:
        raise ValueError
    return Stored(unquote(parts.password), parts.hostname)


def same(before: Optional[str], after: str) -> bool:
    """Whether two contents say the same."""
    if before and before.lstrip().startswith("{") and after.startswith("{"):
        old = {key: str(value) for key, value in json.loads(before).items()}
        return old == {key: str(value) for key, value in json.loads(after).items()}
    return before == after


def password_flaw(password: str, engine: str) -> str:
    """Why RDS would refuse a password; empty when it would not."""
    longest = LONGEST_PASSWORD.get(engine, 41)
    if not 8 <= len(password) <= longest:
        return f"has a password that is not 8 to {longest} characters long"
    if any(not "!" <= character <= "~" or character in '/"@' for character in password):
        return "has a password with a character that RDS refuses"
    return ""
