# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How AWS describes a certificate that was requested."""

from datetime import timedelta

from ... import delays

VALIDITY = timedelta(days=198)
KEY_USAGES = ("DIGITAL_SIGNATURE", "KEY_ENCIPHERMENT")
EXTENDED_USAGES = {
    "TLS_WEB_SERVER_AUTHENTICATION": "1.3.6.1.5.5.7.3.1",
    "TLS_WEB_CLIENT_AUTHENTICATION": "1.3.6.1.5.5.7.3.2",
}


def view_of(certificate, used):
    """A certificate, which has most of its members only once it is issued."""
    names, issued = certificate.sandbox_names, certificate.sandbox_issued_at
    view = {
        "CertificateArn": certificate.arn,
        "DomainName": names[0],
        "SubjectAlternativeNames": names,
        "DomainValidationOptions": [_validation(certificate, name) for name in names],
        "Subject": f"CN={names[0]}",
        "Issuer": "Amazon",
        "CreatedAt": certificate.sandbox_created_at,
        "Status": certificate.status,
        "KeyAlgorithm": spelt(certificate.sandbox_key),
        "SignatureAlgorithm": "SHA256WITHRSA",
        "InUseBy": used,
        "Type": "AMAZON_ISSUED",
        "KeyUsages": [],
        "ExtendedKeyUsages": [],
        "RenewalEligibility": "ELIGIBLE" if issued and used else "INELIGIBLE",
        "Options": certificate.cert_options,
    }
    return view | (_issued(certificate) if issued else {})


def spelt(key):
    """AWS describes keys of RSA with a hyphen, and filters by an underscore."""
    return key.replace("RSA_", "RSA-")


def _issued(certificate):
    issued = certificate.sandbox_issued_at
    return {
        "Serial": ":".join(f"{byte:02x}" for byte in certificate._cert.serial_number.to_bytes(20, "big")[:16]),
        "IssuedAt": issued,
        "NotBefore": issued.replace(hour=0, minute=0, second=0, microsecond=0),
        "NotAfter": issued.replace(hour=23, minute=59, second=59, microsecond=0) + VALIDITY,
        "KeyUsages": [{"Name": name} for name in KEY_USAGES],
        "ExtendedKeyUsages": [{"Name": name, "OID": number} for name, number in EXTENDED_USAGES.items()],
    }


def _validation(certificate, name):
    record = certificate.sandbox_records[name]
    valid = certificate.sandbox_issued_at or record["Name"] in certificate.sandbox_valid
    option = {
        "DomainName": name,
        "ValidationDomain": name.removeprefix("*."),
        "ValidationStatus": "SUCCESS" if valid else "PENDING_VALIDATION",
        "ValidationMethod": certificate.sandbox_method,
    }
    if certificate.sandbox_method == "EMAIL":
        option["ValidationEmails"] = [f"admin@{name.removeprefix('*.')}"]
    elif delays.is_past(certificate.sandbox_records_at):
        option["ResourceRecord"] = record
    return option


def summary_of(certificate, used):
    """(a certificate as a list has it, its key as filters spell it)."""
    if getattr(certificate, "sandbox_names", None):
        view, key = view_of(certificate, used), certificate.sandbox_key
    else:
        view = certificate.describe()["Certificate"]
        key = view["KeyAlgorithm"]
    kept = (
        "CertificateArn", "DomainName", "Status", "Type", "KeyAlgorithm", "RenewalEligibility", "NotBefore",
        "NotAfter", "CreatedAt", "IssuedAt", "ImportedAt",
    )  # fmt: skip
    summary = {name: view[name] for name in kept if name in view}
    return (
        summary
        | {
            "SubjectAlternativeNameSummaries": view["SubjectAlternativeNames"],
            "HasAdditionalSubjectAlternativeNames": False,
            "KeyUsages": [usage["Name"] for usage in view.get("KeyUsages", [])],
            "ExtendedKeyUsages": [usage["Name"] for usage in view["ExtendedKeyUsages"]],
            "ExportOption": certificate.cert_options.get("Export") or "DISABLED",
            "InUse": bool(used),
            "Exported": getattr(certificate, "sandbox_exported", False),
        },
        key,
    )
