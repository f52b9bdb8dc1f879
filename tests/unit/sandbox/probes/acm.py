# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what AWS Certificate Manager has."""

from tests.unit.sandbox.edge import certificate, key_pair

AUTHORITY = "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/12345678-1234-1234-1234-123456789012"


def requested(probe):
    acm = probe.client("acm")
    wanted = {
        "DomainName": "example.com", "SubjectAlternativeNames": ["*.example.com"], "KeyAlgorithm": "EC_prime256v1",
        "Options": {"CertificateTransparencyLoggingPreference": "DISABLED"},
    }  # fmt: skip
    tags = [{"Key": "a", "Value": "b"}]
    arn = probe.does(acm.request_certificate, **wanted, ValidationMethod="DNS", Tags=tags)["CertificateArn"]
    shown = wanted | {"SubjectAlternativeNames": ["example.com", "*.example.com"], "Status": "PENDING_VALIDATION"}
    probe.shows(shown, acm.describe_certificate, "Certificate", CertificateArn=arn)
    probe.shows(tags, acm.list_tags_for_certificate, "Tags", CertificateArn=arn)
    path = "CertificateSummaryList.0"
    probe.shows({"CertificateArn": arn}, acm.list_certificates, path, Includes={"keyTypes": ["EC_prime256v1"]})
    probe.does(acm.delete_certificate, CertificateArn=arn)
    probe.lacks(acm.describe_certificate, "ResourceNotFoundException", CertificateArn=arn)


def issued(probe):
    acm, arn = probe.client("acm"), certificate(probe.sandbox, region="eu-central-1")
    off = {"CertificateTransparencyLoggingPreference": "DISABLED"}
    acm.describe_certificate(CertificateArn=arn)
    probe.does(acm.update_certificate_options, CertificateArn=arn, Options=off)
    shown = {"Status": "ISSUED", "Options": off, "Type": "AMAZON_ISSUED"}
    probe.shows(shown, acm.describe_certificate, "Certificate", CertificateArn=arn)


def tags(probe):
    acm = probe.client("acm")
    arn = acm.request_certificate(DomainName="example.com", ValidationMethod="DNS")["CertificateArn"]
    probe.does(acm.add_tags_to_certificate, CertificateArn=arn, Tags=[{"Key": "a", "Value": "b"}])
    tagging = probe.client("resourcegroupstaggingapi")
    probe.shows({"ResourceARN": arn}, tagging.get_resources, "ResourceTagMappingList.0")
    probe.does(acm.remove_tags_from_certificate, CertificateArn=arn, Tags=[{"Key": "a"}])
    probe.lacks(acm.list_tags_for_certificate, path="Tags", CertificateArn=arn)


def imported(probe):
    acm, pair = probe.client("acm"), key_pair("example.com")
    tags = [{"Key": "a", "Value": "b"}]
    arn = probe.does(acm.import_certificate, **pair, Tags=tags)["CertificateArn"]
    shown = {"DomainName": "example.com", "Type": "IMPORTED", "Status": "ISSUED", "KeyAlgorithm": "EC_prime256v1"}
    probe.shows(shown, acm.describe_certificate, "Certificate", CertificateArn=arn)
    probe.shows({"Certificate": pair["Certificate"].decode()}, acm.get_certificate, CertificateArn=arn)
    other = key_pair("example.com")
    probe.does(acm.import_certificate, **other, CertificateArn=arn)
    probe.shows({"Certificate": other["Certificate"].decode()}, acm.get_certificate, CertificateArn=arn)
    probe.shows(tags, acm.list_tags_for_certificate, "Tags", CertificateArn=arn)


def private(probe):
    acm = probe.client("acm")
    arn = acm.request_certificate(DomainName="internal.example.com", CertificateAuthorityArn=AUTHORITY)[
        "CertificateArn"
    ]
    probe.does(acm.export_certificate, CertificateArn=arn, Passphrase=b"correct horse")
    shown = {"Type": "PRIVATE", "RenewalEligibility": "ELIGIBLE", "CertificateAuthorityArn": AUTHORITY}
    serial = probe.shows(shown, acm.describe_certificate, "Certificate", CertificateArn=arn)["Serial"]
    probe.does(acm.renew_certificate, CertificateArn=arn)
    renewed = {"RenewalSummary": {"RenewalStatus": "SUCCESS"}}
    assert probe.shows(renewed, acm.describe_certificate, "Certificate", CertificateArn=arn)["Serial"] != serial


def revoked(probe):
    acm = probe.client("acm")
    arn = certificate(probe.sandbox, region="eu-central-1", Options={"Export": "ENABLED"})
    acm.export_certificate(CertificateArn=arn, Passphrase=b"correct horse")
    probe.does(acm.revoke_certificate, CertificateArn=arn, RevocationReason="KEY_COMPROMISE")
    shown = {"Status": "REVOKED", "RevocationReason": "KEY_COMPROMISE"}
    probe.shows(shown, acm.describe_certificate, "Certificate", CertificateArn=arn)


def account(probe):
    acm = probe.client("acm")
    wanted = {"DaysBeforeExpiry": 30}
    probe.does(acm.put_account_configuration, ExpiryEvents=wanted, IdempotencyToken="one")
    probe.shows(wanted, acm.get_account_configuration, "ExpiryEvents")
