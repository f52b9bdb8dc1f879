# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotation: who does it, when, and what it leaves."""

import json
import re
import secrets
import string
import time

from moto.backends import get_backend

from ...errors import AwsError
from .. import answer, backend, check, correct
from .shared import secret_of

DAY = 86400
RATE, CRON = re.compile(r"rate\((\d+) (hour|day)s?\)"), re.compile(r"cron\(0 .+\)")
LETTERS = string.ascii_letters + string.digits
PRINCIPAL = "secretsmanager.amazonaws.com"
RULES = ("AutomaticallyAfterDays", "Duration", "ScheduleExpression")


@check("secretsmanager", "RotateSecret")
def check_rotation(call):
    """A function that is there and may be called, and one way to say when."""
    secret = secret_of(call)
    rules = call.parameters.get("RotationRules") or {}
    if rules.get("AutomaticallyAfterDays") and rules.get("ScheduleExpression"):
        raise AwsError("InvalidParameterException", "AutomaticallyAfterDays and ScheduleExpression are exclusive.")
    expression = rules.get("ScheduleExpression")
    if expression and not _is_schedule(expression):
        raise AwsError("InvalidParameterException", f"Invalid schedule expression: {expression}")
    if secret is None or secret.owning_service:
        return
    arn = call.parameters.get("RotationLambdaARN") or secret.rotation_lambda_arn
    if not arn:
        raise AwsError("InvalidRequestException", "No Lambda rotation function ARN is associated with this secret.")
    _check_function(call, arn)


def _is_schedule(expression):
    rate = RATE.fullmatch(expression)
    if rate:
        return int(rate[1]) >= (4 if rate[2] == "hour" else 1)
    return bool(CRON.fullmatch(expression))


def _check_function(call, arn):
    try:
        function = get_backend("lambda")[call.account][call.region].get_function(arn)
    except Exception as error:  # moto has several
        raise AwsError("ResourceNotFoundException", "Lambda does not exist.") from error
    if PRINCIPAL not in json.dumps(function.policy.statements):
        message = "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants"
        raise AwsError("AccessDeniedException", f"{message} access to the principal {PRINCIPAL}.")


@answer("secretsmanager", "RotateSecret")
def rotate(call):
    """moto runs the function in a container. Here the secret has what such a function leaves: another password."""
    secret, rules = secret_of(call), call.parameters.get("RotationRules")
    if secret is None or secret.owning_service or not hasattr(secret, "rotation_requested"):
        return None
    secret.rotation_requested = secret.rotation_enabled = True
    secret.rotation_lambda_arn = call.parameters.get("RotationLambdaARN") or secret.rotation_lambda_arn
    if rules is not None:
        secret.sandbox_rules = {name: rules[name] for name in RULES if rules.get(name)}
    secret.auto_rotate_after_days = getattr(secret, "sandbox_rules", {}).get("AutomaticallyAfterDays", 0)
    secret.next_rotation_date = _next(getattr(secret, "sandbox_rules", {}))
    if call.parameters.get("RotateImmediately", True) and secret.versions:
        _renew(call, secret)
    return json.loads(secret.to_short_dict())


def _next(rules):
    days = rules.get("AutomaticallyAfterDays")
    rate = RATE.fullmatch(rules.get("ScheduleExpression", ""))
    if rate:
        days = int(rate[1]) / (24 if rate[2] == "hour" else 1)
    return int(time.time() + days * DAY) if days else None


def _renew(call, secret):
    version = secret.versions[secret.default_version_id]
    value = {name: version[name] for name in ("secret_string", "secret_binary") if name in version}
    if "secret_string" in value:
        value["secret_string"] = _with_password(value["secret_string"])
    backend(call)._add_secret(
        secret.name, **value, description=secret.description, tags=secret.tags,
        version_id=call.parameters.get("ClientRequestToken"),
    )  # fmt: skip
    secret.last_rotation_date = int(time.time())


def _with_password(text):
    """The value that AWS's own functions leave, which know JSON with a password."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    if not isinstance(value, dict) or "password" not in value:
        return text
    return json.dumps({**value, "password": "".join(secrets.choice(LETTERS) for _ in range(32))})


@correct("secretsmanager", "DescribeSecret")
def show_rules(call, parsed):
    """moto knows days only, and describes what has never been rotated as not to be."""
    secret = secret_of(call)
    rules = getattr(secret, "sandbox_rules", None)
    if rules is None:
        return False
    parsed["RotationRules"] = rules
    return True
