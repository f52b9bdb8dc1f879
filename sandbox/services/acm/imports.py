# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that come from elsewhere, go elsewhere, or end before their time."""

from datetime import datetime, timezone

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from moto.acm.models import CertBundle

from ...errors import AwsError
from .. import after, answer, backend, check, correct
from .certificates import names_of, users_of

LONGEST_KEY = 5120
MOST_DAYS = 45  # before a certificate expires


def find(call):
    """The certificate of a call."""
    arn = call.parameters["CertificateArn"]
    certificate = backend(call)._certificates.get(arn)
    if certificate is None:
        raise AwsError("ResourceNotFoundException", f"Could not find certificate {arn}.")
    return certificate


def _invalid(wrong, message):
    if wrong:
        raise AwsError("ValidationException", message)


@check("acm", "ImportCertificate")
def check_import(call):
    """moto takes any key with any certificate, and forgets the tags of what is replaced."""
    parameters = call.parameters
    _invalid(len(parameters["PrivateKey"]) > LONGEST_KEY, "The private key is larger than 5 KB.")
    try:
        certificate = load_pem_x509_certificate(parameters["Certificate"])
        key = load_pem_private_key(parameters["PrivateKey"], None)
    except TypeError as error:
        raise AwsError("ValidationException", "The private key is encrypted.") from error
    except ValueError:
        return  # moto names what is wrong
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    other = certificate.public_key().public_bytes(*form) != key.public_key().public_bytes(*form)
    _invalid(other, "The certificate body and the private key do not match.")
    if not parameters.get("CertificateArn"):
        return
    known = find(call)
    _invalid(known.type != "IMPORTED", "Only an imported certificate can be replaced by an imported one.")
    _invalid(parameters.get("Tags"), "Tagging is not permitted on re-import.")
    call.sandbox_tags = known.tags


@after("acm", "ImportCertificate")
def keep_tags(call):
    """What is replaced keeps its tags."""
    if call.parameters.get("CertificateArn"):
        find(call).tags = call.sandbox_tags


@correct("acm", "DescribeCertificate")
def tell_end(call, parsed):
    """How a certificate ended or went on."""
    certificate, view = find(call), parsed["Certificate"]
    if getattr(certificate, "sandbox_revoked", None):
        view["RevokedAt"], view["RevocationReason"] = certificate.sandbox_revoked
    if getattr(certificate, "sandbox_renewed_at", None):
        summary = {"RenewalStatus": "SUCCESS", "UpdatedAt": certificate.sandbox_renewed_at}
        view["RenewalSummary"] = {**summary, "DomainValidationOptions": []}
    if certificate.type == "PRIVATE" and getattr(certificate, "sandbox_exported", False):
        view["RenewalEligibility"] = "ELIGIBLE"
    return None


@check("acm", "ExportCertificate")
def check_export(call):
    """What is not issued has nothing to give."""
    certificate = find(call)
    if certificate.status != "ISSUED":
        raise AwsError("RequestInProgressException", f"Certificate {certificate.arn} is not issued.")


@after("acm", "ExportCertificate")
def note_export(call):
    """Only what was exported can be renewed or revoked."""
    find(call).sandbox_exported = True


@answer("acm", "RenewCertificate")
def renew(call):
    """A private certificate gets another serial number and another year."""
    known = find(call)
    eligible = known.type == "PRIVATE" and getattr(known, "sandbox_exported", False)
    _invalid(not eligible, f"Certificate {known.arn} is not eligible for renewal.")
    first, *others = names_of(known)
    fresh = CertBundle.generate_cert(first, call.account, call.region, others, known.cert_authority_arn)
    for name in ("cert", "key", "_cert", "_key"):
        setattr(known, name, getattr(fresh, name))
    known.sandbox_renewed_at = datetime.now(timezone.utc)
    return {}


@answer("acm", "RevokeCertificate")
def revoke(call):
    """For good."""
    known = find(call)
    public = known.type == "AMAZON_ISSUED" and getattr(known, "sandbox_exported", False)
    _invalid(not public or known.status != "ISSUED", "Only an exported public certificate can be revoked.")
    if users_of(call, known.arn):
        raise AwsError("ResourceInUseException", f"Certificate {known.arn} is in use.")
    known.status = "REVOKED"
    known.sandbox_revoked = datetime.now(timezone.utc), call.parameters["RevocationReason"]
    return {"CertificateArn": known.arn}


@check("acm", "PutAccountConfiguration")
def check_days(call):
    """Events begin 45 days before a certificate expires, or later."""
    days = (call.parameters.get("ExpiryEvents") or {}).get("DaysBeforeExpiry")
    _invalid(days is not None and days > MOST_DAYS, f"DaysBeforeExpiry must be at most {MOST_DAYS}.")


@check("acm", "AddTagsToCertificate", "ImportCertificate", "RequestCertificate")
def check_tags(call):
    """Keys of AWS's own are not for users."""
    if any(tag["Key"].lower().startswith("aws:") for tag in call.parameters.get("Tags") or []):
        raise AwsError("InvalidTagException", "aws: prefixed tag key names are not allowed for external use.")
