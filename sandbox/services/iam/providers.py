# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenID Connect providers and their clients; passwords."""

from ...errors import AwsError
from .. import answer, backend, check
from .shared import exceeded

CLIENTS = 100
CLASSES = {
    "require_lowercase_characters": (str.islower, "lowercase letter"),
    "require_numbers": (str.isdigit, "number"),
    "require_symbols": (lambda letter: letter in "!@#$%^&*()_+-=[]{}|'", "symbol"),
    "require_uppercase_characters": (str.isupper, "uppercase letter"),
}


@check("iam", "CreateOpenIDConnectProvider")
def check_url(call):
    """An issuer is asked for its keys by TLS."""
    if not call.parameters["Url"].startswith("https://"):
        raise AwsError("ValidationError", "Invalid Open ID Connect Provider URL", 400)


@answer("iam", "AddClientIDToOpenIDConnectProvider")
def add_client(call):
    """moto does not have it; a client twice is no error."""
    clients = _provider(call).client_id_list
    if call.parameters["ClientID"] not in clients:
        if len(clients) >= CLIENTS:
            raise exceeded("ClientIdsPerOpenIdConnectProvider", CLIENTS)
        clients.append(call.parameters["ClientID"])
    return {}


@answer("iam", "RemoveClientIDFromOpenIDConnectProvider")
def remove_client(call):
    """A client that is not there is no error."""
    clients = _provider(call).client_id_list
    if call.parameters["ClientID"] in clients:
        clients.remove(call.parameters["ClientID"])
    return {}


def _provider(call):
    return backend(call).get_open_id_connect_provider(call.parameters["OpenIDConnectProviderArn"])


@check("iam", "CreateLoginProfile", "UpdateLoginProfile")
def check_password(call):
    """moto keeps the account's policy and does not apply it."""
    policy, password = backend(call).account_password_policy, call.parameters.get("Password")
    if policy is None or password is None:
        return
    if len(password) < policy.minimum_password_length:
        raise _violation(f"have length greater than or equal to {policy.minimum_password_length}")
    for setting, (is_one, name) in CLASSES.items():
        if getattr(policy, setting) and not any(map(is_one, password)):
            raise _violation(f"have at least one {name}")


def _violation(rule):
    return AwsError(
        "PasswordPolicyViolation", f"Password does not conform to the account password policy: must {rule}", 400
    )
