# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buses, connections and API destinations."""

from moto.core.utils import unix_time

from ... import delays
from ...errors import AwsError
from .. import after, answer, backend, check, correct
from .rules import check_dead_letters, invalid

OF_TYPE = {
    "API_KEY": "ApiKeyAuthParameters", "BASIC": "BasicAuthParameters", "OAUTH_CLIENT_CREDENTIALS": "OAuthParameters",
}  # fmt: skip
SECRETS = {"ApiKeyValue", "ClientSecret", "Password"}
USUAL_RATE = 300


@check("events", "CreateEventBus")
def check_bus(call):
    """Dead letters go to a standard queue."""
    check_dead_letters(call.parameters.get("DeadLetterConfig"))


@after("events", "CreateEventBus")
def keep_log(call):
    """What moto forgets."""
    if call.parameters.get("LogConfig"):
        backend(call).event_buses[call.parameters["Name"]].sandbox_log = call.parameters["LogConfig"]


@answer("events", "UpdateEventBus")
def update_bus(call):
    """moto does not have it; what is not given goes."""
    parameters, name = call.parameters, call.parameters.get("Name") or "default"
    bus = backend(call)._get_event_bus(name)
    check_dead_letters(parameters.get("DeadLetterConfig"))
    bus.description, bus.kms_key_identifier = parameters.get("Description"), parameters.get("KmsKeyIdentifier")
    bus.dead_letter_config, bus.last_modified_time = parameters.get("DeadLetterConfig"), unix_time()
    bus.sandbox_log = parameters.get("LogConfig")
    shown = ("Description", "KmsKeyIdentifier", "DeadLetterConfig", "LogConfig")
    return {"Arn": bus.arn, "Name": name, **{member: parameters[member] for member in shown if parameters.get(member)}}


@correct("events", "DescribeEventBus")
def answer_bus(call, parsed):
    """What moto forgets."""
    log = getattr(backend(call).event_buses[parsed["Name"]], "sandbox_log", None)
    if not log:
        return False
    parsed["LogConfig"] = log
    return True


@check("events", "DeleteEventBus")
def refuse_used(call):
    """A bus goes once its rules are gone."""
    bus = backend(call).event_buses.get(call.parameters["Name"].rpartition("/")[2])
    if bus is not None and bus.name != "default" and bus.rules:
        raise invalid(f"Event bus {bus.name} can't be deleted since it has rules.")


# --- connections ---------------------------------------------------------------------------------------------------


@check("events", "CreateConnection")
def check_connection(call):
    """A new name, and what its type of authorization needs."""
    if call.parameters["Name"] in backend(call).connections:
        raise _exists(f"Connection {call.parameters['Name']} already exists.")
    _check_login(call.parameters["AuthorizationType"], call.parameters["AuthParameters"])


@check("events", "UpdateConnection")
def check_connection_change(call):
    """The same later."""
    connection = backend(call).connections.get(call.parameters["Name"])
    if connection is not None and call.parameters.get("AuthParameters"):
        kind = call.parameters.get("AuthorizationType") or connection.authorization_type
        _check_login(kind, call.parameters["AuthParameters"])


def _check_login(kind, login):
    given = [member for member in OF_TYPE.values() if login.get(member)]
    if given != [OF_TYPE[kind]]:
        raise invalid(f"Parameter AuthParameters is not valid. Reason: {kind} needs {OF_TYPE[kind]}.")


@after("events", "CreateConnection", "UpdateConnection")
def start_connection(call):
    """It takes a while to be authorized."""
    connection = backend(call).connections[call.parameters["Name"]]
    connection.sandbox_ready_at = delays.ready_at("event-connection-authorize")
    connection.sandbox_transition = "CREATING" if call.operation == "CreateConnection" else "UPDATING"


@correct("events", "CreateConnection", "UpdateConnection", "DescribeConnection")
def answer_connection(call, parsed):
    """Nobody is told the secrets."""
    parsed.update(_of_connection(backend(call).connections[call.parameters["Name"]]))
    if parsed.get("AuthParameters"):
        parsed["AuthParameters"] = _public(parsed["AuthParameters"])


@correct("events", "ListConnections")
def answer_connections(call, parsed):
    """The state is that of now."""
    for view in parsed["Connections"]:
        view.update(_of_connection(backend(call).connections[view["Name"]]))


def _of_connection(connection):
    ready = delays.is_past(connection.sandbox_ready_at)
    return {"ConnectionState": "AUTHORIZED" if ready else connection.sandbox_transition}


def _public(value):
    if isinstance(value, list):
        return [_public(item) for item in value]
    if not isinstance(value, dict):
        return value
    hidden = SECRETS | ({"Value"} if value.get("IsValueSecret") else set())
    return {name: _public(item) for name, item in value.items() if name not in hidden}


@check("events", "DeleteConnection")
def refuse_used_connection(call):
    """A destination without its connection is not active any more."""
    connection = backend(call).connections.get(call.parameters["Name"])
    for destination in backend(call).destinations.values() if connection else ():
        if destination.connection_arn == connection.arn:
            destination.state = "INACTIVE"


# --- API destinations ----------------------------------------------------------------------------------------------


@check("events", "CreateApiDestination", "UpdateApiDestination")
def check_destination(call):
    """A new name, a connection that is there, and an endpoint that can be called."""
    parameters, state = call.parameters, backend(call)
    creates = call.operation == "CreateApiDestination"
    if creates and parameters["Name"] in state.destinations:
        raise _exists(f"An api-destination {parameters['Name']} already exists.")
    arn, endpoint = parameters.get("ConnectionArn"), parameters.get("InvocationEndpoint")
    if arn and arn not in {connection.arn for connection in state.connections.values()}:
        raise AwsError("ResourceNotFoundException", f"Connection '{arn}' does not exist.", 400)
    if endpoint and not endpoint.startswith("https://"):
        raise invalid("Parameter InvocationEndpoint is not valid. Reason: It must be an HTTPS endpoint.")


@after("events", "CreateApiDestination")
def keep_rate(call):
    """A rate is there in any case."""
    destination = backend(call).destinations[call.parameters["Name"]]
    destination.invocation_rate_limit_per_second = destination.invocation_rate_limit_per_second or USUAL_RATE


@correct("events", "ListApiDestinations")
def answer_destinations(call, parsed):
    """moto shows half of them."""
    known = {destination.arn: destination for destination in backend(call).destinations.values()}
    for view in parsed["ApiDestinations"]:
        full = known[view["ApiDestinationArn"]].describe()
        view.update({name: value for name, value in full.items() if name != "Description"})


def _exists(message):
    return AwsError("ResourceAlreadyExistsException", message, 400)
