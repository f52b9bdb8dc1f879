# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of secrets, and secrets whose recovery window ends."""

from ... import delays
from ...errors import AwsError
from .. import after, backend, before, check, correct
from .shared import secret_of

DAY = 86400
CLASSES = ("ExcludeLowercase", "ExcludeUppercase", "ExcludeNumbers", "ExcludePunctuation")


@before("secretsmanager")
def settle(call):
    """Forget the secrets that have waited long enough."""
    state = backend(call)
    for name, secret in list(dict.items(state.secrets)):
        if secret.is_deleted() and delays.is_past(getattr(secret, "sandbox_deleted_at", float("inf"))):
            dict.pop(state.secrets, name)


@after("secretsmanager", "DeleteSecret")
def start_window(call):
    """The window begins."""
    secret = secret_of(call)
    if secret is not None:
        days = call.parameters.get("RecoveryWindowInDays") or 30
        secret.sandbox_deleted_at = delays.now() + days * DAY


@check("secretsmanager", "GetRandomPassword")
def check_classes(call):
    """A password has some letters."""
    if all(call.parameters.get(name) for name in CLASSES) and not call.parameters.get("IncludeSpace"):
        raise AwsError("InvalidParameterException", "The password has no characters to choose from.")


@correct("secretsmanager", "ListSecretVersionIds")
def list_versions(call, parsed):
    """moto says the name for the ARN, and lists versions without labels to those who did not ask."""
    parsed["ARN"] = secret_of(call).arn
    if not call.parameters.get("IncludeDeprecated"):
        parsed["Versions"] = [one for one in parsed["Versions"] if one.get("VersionStages")]
    parsed.pop("NextToken", None)
