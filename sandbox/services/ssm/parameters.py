# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters: their names, tiers, patterns and keys."""

import json
import re

from ...errors import AwsError
from .. import backend, check
from ..kms.shared import key_in
from .settings import TIER, value_of

LEVELS, LONGEST = 15, 1011
# https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
SIZES = {"Standard": 4096, "Advanced": 8192}


@check("ssm", "PutParameter")
def check_name(call):
    """A name of few levels, whole when it has any."""
    name = call.parameters["Name"].removeprefix(_prefix(call))
    if "/" in name and not name.startswith("/"):
        raise _invalid("Parameter name must be a fully qualified name.")
    if not re.fullmatch(r"[A-Za-z0-9_.\-/]+", name) or name.endswith("/") or "//" in name:
        raise _invalid("Only a mix of letters, numbers and the following 4 symbols .-_/ are allowed.")
    if name.count("/") > LEVELS:
        message = f"A parameter name can have at most {LEVELS} levels."
        raise AwsError("HierarchyLevelLimitExceededException", message)
    if len(_prefix(call)) + len(name) > LONGEST:
        raise _invalid(f"The name of a parameter and its ARN have at most {LONGEST} characters.")


def _prefix(call):
    return f"arn:aws:ssm:{call.region}:{call.account}:parameter"


@check("ssm", "PutParameter")
def check_tier(call):
    """How much a parameter holds; moto keeps the wish instead of the tier that it comes to."""
    parameters = call.parameters
    old = _current(call)
    wanted = parameters.get("Tier") or (old.tier if old else value_of(call, TIER))
    size = len(parameters["Value"].encode())
    if wanted == "Intelligent-Tiering":
        advanced = size > SIZES["Standard"] or parameters.get("Policies") or (old and old.tier == "Advanced")
        wanted = "Advanced" if advanced else "Standard"
    if old is not None and old.tier == "Advanced" and wanted == "Standard":
        raise _invalid("This parameter uses the advanced-parameter tier. You can't downgrade a parameter from it.")
    if size > SIZES[wanted]:
        message = f"{wanted} tier parameters support a maximum parameter value of {SIZES[wanted]} characters."
        raise _invalid(message)
    call.body = json.dumps({**json.loads(call.body), "Tier": wanted}).encode()


def _current(call):
    versions = dict.get(backend(call)._parameters, call.parameters["Name"])
    return versions[-1] if versions else None


@check("ssm", "PutParameter")
def check_pattern(call):
    """moto keeps patterns and does not apply them."""
    pattern = call.parameters.get("AllowedPattern")
    if not pattern:
        return
    try:
        fits = re.fullmatch(pattern, call.parameters["Value"])
    except re.error:
        message = f"The request doesn't meet the regular expression requirement: {pattern}"
        raise AwsError("InvalidAllowedPatternException", message) from None
    if not fits:
        message = f"Parameter value, cannot be validated against allowedPattern: {pattern}"
        raise AwsError("ParameterPatternMismatchException", message)


@check("ssm", "PutParameter")
def check_key(call):
    """A key of a parameter that is encrypted."""
    key_id, old = call.parameters.get("KeyId"), _current(call)
    if not key_id:
        return
    if (call.parameters.get("Type") or (old and old.parameter_type)) != "SecureString":
        raise _invalid("KeyId is required for SecureString type parameter only.")
    if key_id.startswith("arn:") and key_id.split(":")[4] != call.account:
        return  # another account's key is for that account to give
    key = key_in(backend(call, "kms"), key_id)
    if key is None or key.key_state != "Enabled":
        raise AwsError("InvalidKeyId", f"Invalid keyId {key_id}")


@check("ssm", "GetParametersByPath")
def check_path(call):
    """A path begins at the root."""
    if not call.parameters["Path"].startswith("/"):
        raise _invalid("The parameter doesn't meet the parameter name requirements. The name must begin with a slash.")


def _invalid(message):
    return AwsError("ValidationException", message)
