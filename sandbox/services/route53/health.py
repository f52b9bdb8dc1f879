# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Health checks of endpoints, of alarms, and of other health checks; moto drops half of them."""

import ipaddress
import uuid
from dataclasses import dataclass

from moto.backends import get_backend

from ...errors import AwsError
from .. import answer, backend, check

MOST = 200  # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
REGIONS = (
    "ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-west-1", "sa-east-1", "us-east-1", "us-west-1",
    "us-west-2",
)  # fmt: skip
# What goes without an endpoint.
WITHOUT = {
    "CALCULATED": ("IPAddress", "Port", "FullyQualifiedDomainName", "ResourcePath", "SearchString"),
    "CLOUDWATCH_METRIC": ("IPAddress", "Port", "FullyQualifiedDomainName", "ResourcePath", "SearchString"),
    "TCP": ("ResourcePath", "SearchString"),
    "HTTP": ("SearchString",),
    "HTTPS": ("SearchString",),
}
NEEDED = {
    "CALCULATED": ("HealthThreshold",),
    "CLOUDWATCH_METRIC": ("AlarmIdentifier",),
    "RECOVERY_CONTROL": ("RoutingControlArn",),
}
FIXED = ("Type", "RequestInterval", "MeasureLatency")


@dataclass
class HealthCheck:
    """What moto's backend keeps by id."""

    id: str
    caller_reference: str
    given: dict
    health_check_config: dict
    health_check_version: int = 1


def find(call, number):
    """A health check by its id."""
    known = backend(call, "route53").health_checks.get(number)
    if known is None:
        raise AwsError("NoSuchHealthCheck", f"A health check with id {number} does not exist.")
    return known


def _used(call):
    """References of what there was, for a reference is used once."""
    return backend(call).__dict__.setdefault("sandbox_health_references", set())


@answer("route53", "CreateHealthCheck")
def create(call):
    """The same request again is answered with the same health check, as long as there is one."""
    given = {name: value for name, value in call.parameters["HealthCheckConfig"].items() if value not in (None, [])}
    reference, checks = call.parameters["CallerReference"], backend(call).health_checks
    known = [item for item in checks.values() if item.caller_reference == reference]
    if known and known[0].given == given:
        return _answer(known[0])
    if known or reference in _used(call):
        message = "A health check has already been created with the specified caller reference."
        raise AwsError("HealthCheckAlreadyExists", message)
    if len(checks) >= MOST:
        raise AwsError("TooManyHealthChecks", f"This account has {MOST} health checks already.")
    _check(call, given)
    number = str(uuid.uuid4())
    checks[number] = HealthCheck(number, reference, given, _complete(given))
    _used(call).add(reference)
    return _answer(checks[number])


def _complete(given):
    kind, config = given["Type"], {"Inverted": False, "Disabled": False, **given}
    if kind in ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"):
        return config
    usual = {
        "RequestInterval": 30,
        "FailureThreshold": 3,
        "MeasureLatency": False,
        "EnableSNI": kind.startswith("HTTPS"),
    }
    ports = {"Port": 443 if kind.startswith("HTTPS") else 80} if kind != "TCP" else {}
    return {**usual, **ports, **config}


def _check(call, config):
    kind = config["Type"]
    for name in WITHOUT.get(kind, ()):
        _refuse(config.get(name) is not None, f"{name} is not valid with the type {kind}.")
    for name in NEEDED.get(kind, ()):
        _refuse(config.get(name) is None, f"{name} is required with the type {kind}.")
    if kind not in NEEDED:
        _check_endpoint(kind, config)
    for child in config.get("ChildHealthChecks") or []:
        _refuse(child not in backend(call).health_checks, f"The health check {child} does not exist.")
    _check_alarm(call, config.get("AlarmIdentifier"))


def _check_endpoint(kind, config):
    address = config.get("IPAddress")
    _refuse(not address and not config.get("FullyQualifiedDomainName"), "An address or a domain name is required.")
    _refuse(address and not ipaddress.ip_address(address).is_global, f"The address {address} is not a public one.")
    searching = kind.endswith("_STR_MATCH")
    _refuse(searching and not config.get("SearchString"), f"SearchString is required with the type {kind}.")
    _refuse(config.get("RequestInterval") not in (None, 10, 30), "RequestInterval must be 10 or 30.")


def _check_alarm(call, alarm):
    if alarm:
        alarms = get_backend("cloudwatch")[call.account][alarm["Region"]].alarms
        _refuse(alarm["Name"] not in alarms, f"The CloudWatch alarm {alarm['Name']} was not found.")


def _refuse(wrong, message):
    if wrong:
        raise AwsError("InvalidInput", message)


def _view(known):
    return {
        "Id": known.id,
        "CallerReference": known.caller_reference,
        "HealthCheckConfig": known.health_check_config,
        "HealthCheckVersion": known.health_check_version,
    }


def _answer(known):
    location = f"https://route53.amazonaws.com/2013-04-01/healthcheck/{known.id}"
    return {"HealthCheck": _view(known), "Location": location}


@answer("route53", "GetHealthCheck")
def get(call):
    """Everything that was written."""
    return _answer(find(call, call.parameters["HealthCheckId"]))


@answer("route53", "ListHealthChecks")
def list_all(call):
    """A page of them, from the marker on."""
    checks, marker = list(backend(call).health_checks.values()), call.parameters.get("Marker")
    size = min(int(call.parameters.get("MaxItems") or 100), 1000)
    numbers = [item.id for item in checks]
    if marker and marker not in numbers:
        raise AwsError("InvalidInput", f"The marker {marker} is not valid.")
    start = numbers.index(marker) if marker else 0
    following = {"NextMarker": numbers[start + size]} if start + size < len(checks) else {}
    found = {"HealthChecks": [_view(item) for item in checks[start : start + size]], **following}
    return {**found, "Marker": marker or "", "IsTruncated": bool(following), "MaxItems": str(size)}


@answer("route53", "UpdateHealthCheck")
def update(call):
    """What is given changes; who says which version that is of must be right."""
    known = find(call, call.parameters["HealthCheckId"])
    wanted = {name: value for name, value in call.parameters.items() if value not in (None, [])}
    version = wanted.pop("HealthCheckVersion", known.health_check_version)
    if version != known.health_check_version:
        raise AwsError("HealthCheckVersionMismatch", f"The health check has the version {known.health_check_version}.")
    del wanted["HealthCheckId"]
    reset = wanted.pop("ResetElements", [])
    given = {name: value for name, value in known.given.items() if name not in reset} | wanted
    _check(call, given)
    known.given, known.health_check_config = given, _complete(given)
    known.health_check_version += 1
    return _answer(known)


@answer("route53", "DeleteHealthCheck")
def delete(call):
    """Records may go on naming it; that is how AWS has it."""
    number = find(call, call.parameters["HealthCheckId"]).id
    del backend(call).health_checks[number]
    backend(call).resource_tags.pop(number, None)
    return {}


@answer("route53", "GetHealthCheckCount")
def count(call):
    """How many there are."""
    return {"HealthCheckCount": len(backend(call).health_checks)}


@check("route53", "GetHealthCheckStatus", "GetHealthCheckLastFailureReason")
def require_endpoint(call):
    """Only what asks an endpoint has observations."""
    kind = find(call, call.parameters["HealthCheckId"]).health_check_config["Type"]
    _refuse(kind in NEEDED, f"The status of a health check of the type {kind} cannot be asked for.")


@check("route53", "ListTagsForResource", "ListTagsForResources", "ChangeTagsForResource")
def require_tagged(call):
    """moto keeps tags of health checks that do not exist."""
    if call.parameters["ResourceType"] == "healthcheck":
        for number in call.parameters.get("ResourceIds") or [call.parameters["ResourceId"]]:
            find(call, number)
    if len(call.parameters.get("AddTags") or []) > 10 or len(call.parameters.get("RemoveTagKeys") or []) > 10:
        raise AwsError("InvalidInput", "At most 10 tags can be added, and 10 removed, at once.")
