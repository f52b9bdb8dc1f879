# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates, which are issued when the zones of the account validate them, and not by age."""

import hashlib
import re
from datetime import datetime, timedelta, timezone

from moto.backends import get_backend

from ... import delays
from ...errors import AwsError
from .. import after, answer, backend, before, check, correct
from ..cloudfront.shared import distributions
from ..route53.zones import resolves
from .views import spelt, summary_of, view_of

DOMAIN = re.compile(r"(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])")
REQUESTABLE = ("RSA_2048", "EC_prime256v1", "EC_secp384r1")
USUAL_KEYS = ("RSA_1024", "RSA_2048")  # what a list without filters is about
MOST_NAMES = 10  # https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html
NEVER = timedelta(days=36500)


@before("acm")
def settle(call):
    """Issue what is validated by now."""
    settle_certificates(call.account, call.region)


def settle_certificates(account, region):
    """Issue the certificates of a region whose records can be resolved; listeners ask for it too."""
    zones = get_backend("route53")[account]["aws"].zones
    for certificate in get_backend("acm")[account][region]._certificates.values():
        if getattr(certificate, "sandbox_names", None) and not certificate.sandbox_issued_at:
            _settle(certificate, zones)


def _settle(certificate, zones):
    if certificate.sandbox_method != "DNS" or not delays.is_past(certificate.sandbox_records_at):
        return
    records = certificate.sandbox_records.values()
    certificate.sandbox_valid = {
        record["Name"] for record in records if resolves(zones, record["Name"], record["Type"], record["Value"])
    }
    if any(record["Name"] not in certificate.sandbox_valid for record in records):
        certificate.sandbox_issue_at = None
        return
    certificate.sandbox_issue_at = certificate.sandbox_issue_at or delays.ready_at("certificate-issue")
    if delays.is_past(certificate.sandbox_issue_at):
        certificate.status, certificate.sandbox_issued_at = "ISSUED", datetime.now(timezone.utc)


@check("acm", "RequestCertificate")
def check_request(call):
    """moto takes any name and any key."""
    parameters = call.parameters
    names = [parameters["DomainName"], *(parameters.get("SubjectAlternativeNames") or [])]
    for name in names:
        if not DOMAIN.fullmatch(name) or len(name) > 253:
            message = f"1 validation error detected: Value '{name}' at 'domainName' failed to satisfy constraint: "
            raise AwsError("ValidationException", f"{message}Member must satisfy regular expression pattern")
    token, key = parameters.get("IdempotencyToken"), parameters.get("KeyAlgorithm")
    if token and not re.fullmatch(r"\w{1,32}", token):
        raise AwsError("ValidationException", f"Value '{token}' at 'idempotencyToken' failed to satisfy constraint")
    if key and key not in REQUESTABLE:
        raise AwsError("InvalidParameterException", f"The key algorithm {key} cannot be requested.")
    if len(_names(parameters)) > MOST_NAMES:
        raise AwsError("LimitExceededException", f"A certificate has at most {MOST_NAMES} names.")
    _check_validation(parameters)
    _forget_token(backend(call), token, _names(parameters))


def _check_validation(parameters):
    """Who is asked by mail owns the domain or one above it."""
    names = _names(parameters)
    for option in parameters.get("DomainValidationOptions") or []:
        name, domain = option["DomainName"].lower(), option["ValidationDomain"].lower()
        if name not in names or not f".{name.removeprefix('*.')}".endswith(f".{domain}"):
            message = f"{domain} is not {name}, nor a domain above it, or that is not in the request."
            raise AwsError("InvalidDomainValidationOptionsException", message)


def _forget_token(state, token, names):
    """A token stands for the same certificate only: moto crashes where that is deleted, and ignores its names."""
    known = state._idempotency_tokens.get(token)
    certificate = state._certificates.get(known["arn"]) if known else None
    if known and getattr(certificate, "sandbox_names", None) != names:
        del state._idempotency_tokens[token]


def _names(parameters):
    others = parameters.get("SubjectAlternativeNames") or []
    return list(dict.fromkeys(name.lower() for name in (parameters["DomainName"], *others)))


@correct("acm", "RequestCertificate")
def start_certificate(call, parsed):
    """A new certificate waits for its validation."""
    certificate, parameters = backend(call)._certificates[parsed["CertificateArn"]], call.parameters
    if getattr(certificate, "sandbox_names", None) or certificate.type != "AMAZON_ISSUED":
        return False
    certificate.sandbox_created_at = datetime.now(timezone.utc)
    certificate.created_at += NEVER  # moto issues by age
    certificate.sandbox_names, certificate.sandbox_valid = _names(parameters), set()
    certificate.sandbox_records = {name: _record(call.account, name) for name in certificate.sandbox_names}
    certificate.sandbox_key = parameters.get("KeyAlgorithm") or "RSA_2048"
    certificate.sandbox_method = parameters.get("ValidationMethod") or "EMAIL"
    certificate.sandbox_issued_at = certificate.sandbox_issue_at = None
    certificate.sandbox_records_at = delays.ready_at("certificate-records")
    return False


def _record(account, name):
    """The same for a name and its wildcard, and for every certificate of an account."""
    domain = name.removeprefix("*.")
    first, second = (hashlib.md5(f"{account}{half}{domain}".encode()).hexdigest() for half in (1, 2))
    value = f"_{second}.{first[:10]}.acm-validations.aws."
    return {"Name": f"_{first}.{domain}.", "Type": "CNAME", "Value": value}


@correct("acm", "DescribeCertificate")
def describe(call, parsed):
    """Ours for what was requested; imported ones lack only what uses them."""
    certificate = backend(call)._certificates[call.parameters["CertificateArn"]]
    used = users_of(call, certificate.arn)
    if getattr(certificate, "sandbox_names", None):
        parsed["Certificate"] = view_of(certificate, used)
    else:
        view, number = parsed["Certificate"], certificate._cert.serial_number
        size = (number.bit_length() + 7) // 8
        view["Serial"] = ":".join(f"{byte:02x}" for byte in number.to_bytes(size, "big"))
        view |= {"InUseBy": used, "KeyAlgorithm": spelt(view["KeyAlgorithm"])}


@answer("acm", "ListCertificates")
def list_certificates(call):
    """Without a filter for keys a list is about the usual ones only."""
    parameters = call.parameters
    statuses, wanted = parameters.get("CertificateStatuses"), parameters.get("Includes") or {}
    found = []
    for certificate in backend(call)._certificates.values():
        summary, key = summary_of(certificate, users_of(call, certificate.arn))
        exported = certificate.cert_options.get("Export") or "DISABLED"
        if (
            (not statuses or summary["Status"] in statuses)
            and key in (wanted.get("keyTypes") or USUAL_KEYS)
            and wanted.get("exportOption") in (None, exported)
        ):
            found.append(summary)
    start, size = int(parameters.get("NextToken") or 0), parameters.get("MaxItems") or 1000
    following = {"NextToken": str(start + size)} if start + size < len(found) else {}
    return {"CertificateSummaryList": found[start : start + size], **following}


def names_of(certificate):
    """The names that a certificate is for."""
    own = getattr(certificate, "sandbox_names", None)
    return own or list(dict.fromkeys([certificate.common_name, *certificate.sans]))


def users_of(call, arn):
    """The load balancers whose listeners have a certificate, and the distributions whose viewers see it."""
    balancers = backend(call, "elbv2").load_balancers.values()
    behind = [
        balancer.arn
        for balancer in balancers
        if any(arn in (listener.certificates or []) for listener in balancer.listeners.values())
    ]
    edges = distributions(call)
    return behind + [item.arn for item in edges if item.config["ViewerCertificate"].get("ACMCertificateArn") == arn]


@check("acm", "DeleteCertificate")
def refuse_used(call):
    """A certificate stays while a listener or a distribution has it."""
    arn = call.parameters["CertificateArn"]
    if arn in backend(call)._certificates and users_of(call, arn):
        message = f"Certificate {arn} in account {call.account} is in use."
        raise AwsError("ResourceInUseException", message)


@check("acm", "GetCertificate")
def require_issued(call):
    """What is not issued yet cannot be fetched."""
    certificate = backend(call)._certificates.get(call.parameters["CertificateArn"])
    if certificate is not None and certificate.status != "ISSUED":
        raise AwsError("RequestInProgressException", f"Certificate {certificate.arn} is not issued yet.")


@answer("acm", "UpdateCertificateOptions")
def update_options(call):
    """moto does not have it."""
    arn = call.parameters["CertificateArn"]
    certificate = backend(call)._certificates.get(arn)
    if certificate is None:
        raise AwsError("ResourceNotFoundException", f"Could not find certificate {arn}.")
    if certificate.status != "ISSUED":
        raise AwsError("InvalidStateException", f"Certificate {arn} is {certificate.status}.")
    certificate.cert_options.update(call.parameters["Options"])
    return {}


@after("acm", "DeleteCertificate")
def forget_token(call):
    """moto would answer with the deleted certificate."""
    tokens, arn = backend(call)._idempotency_tokens, call.parameters["CertificateArn"]
    for token in [token for token, known in tokens.items() if known["arn"] == arn]:
        del tokens[token]
