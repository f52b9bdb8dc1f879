# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS Certificate Manager refuses."""

from tests.unit.sandbox.edge import certificate, first, key_pair, second
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/acm/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/acm/latest/userguide"

SERVICE = "acm"
AUTHORITY = "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/12345678-1234-1234-1234-123456789012"
ONE, OTHER = key_pair("example.com"), key_pair("example.com")
FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}


def _names(count):
    names = [f"a{number}.example.com" for number in range(count)]
    return {"DomainName": names[0], "SubjectAlternativeNames": names[1:]}


def _mailed(domain):
    option = {"DomainName": "www.example.com", "ValidationDomain": domain}
    return {"DomainName": "www.example.com", "ValidationMethod": "EMAIL", "DomainValidationOptions": [option]}


def _named(arn):
    return {"CertificateArn": arn}


def _two(**more):
    """A certificate that is not issued, and one that is."""

    def make(world):
        waiting = certificate(world.sandbox, "*.example.org", "eu-central-1", valid=False)
        return [_named(arn) for arn in (waiting, certificate(world.sandbox, region="eu-central-1", **more))]

    return make


def _used_and_not(world):
    """A certificate that a listener has, and one that none has."""
    arns = [certificate(world.sandbox, name, "eu-central-1") for name in ("*.example.com", "*.example.org")]
    balancer = world.elbv2.create_load_balancer(Name="lb", Subnets=world.subnets(), Scheme="internal")
    world.elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancers"][0]["LoadBalancerArn"], Protocol="HTTPS", Port=443,
        DefaultActions=[FIXED], Certificates=[_named(arns[0])], SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
    )  # fmt: skip
    return [_named(arn) for arn in arns]


def _private(world):
    """A private certificate that was not exported, and one that was."""
    arns = [
        world.acm.request_certificate(DomainName="internal.example.com", CertificateAuthorityArn=AUTHORITY)
        for _number in range(2)
    ]
    world.acm.export_certificate(CertificateArn=arns[1]["CertificateArn"], Passphrase=b"correct horse")
    return [_named(answer["CertificateArn"]) for answer in arns]


def _public(world):
    """A public certificate that was not exported, and one that was."""
    arns = [
        certificate(world.sandbox, name, "eu-central-1", Options={"Export": "ENABLED"})
        for name in ("*.example.com", "*.example.org")
    ]
    world.acm.export_certificate(CertificateArn=arns[1], Passphrase=b"correct horse")
    return [_named(arn) for arn in arns]


def _closed_and_open(world):
    """A certificate that must not be exported, and one that may."""
    closed = certificate(world.sandbox, "*.example.org", "eu-central-1")
    return closed, certificate(world.sandbox, region="eu-central-1", Options={"Export": "ENABLED"})


def _imported(world):
    return world.acm.import_certificate(**ONE, Tags=[{"Key": "a", "Value": "b"}])


def _revoked(number):
    return lambda world: {**world.given[number], "RevocationReason": "KEY_COMPROMISE"}


def _exported(number):
    return lambda world: {"CertificateArn": world.given[number], "Passphrase": b"correct horse"}


def _optional(number):
    off = {"CertificateTransparencyLoggingPreference": "DISABLED"}
    return lambda world: {**world.given[number], "Options": off}


def _tagged(key):
    return lambda world: {**world.given, "Tags": [{"Key": key, "Value": "web"}]}


RULES = [
    Rule(
        "a name has a dot", f"{API}/API_RequestCertificate.html", "request_certificate", "ValidationException",
        {"DomainName": "localhost"}, {"DomainName": "host.example.com"},
    ),
    Rule(
        "an asterisk is the first label", f"{GUIDE}/acm-certificate-characteristics.html", "request_certificate",
        "ValidationException", {"DomainName": "www.*.example.com"}, {"DomainName": "*.www.example.com"},
    ),
    Rule(
        "a certificate has at most 10 names", f"{GUIDE}/acm-limits.html", "request_certificate",
        "LimitExceededException", _names(11), _names(10),
    ),
    Rule(
        "who is asked by mail owns a domain above", f"{API}/API_DomainValidationOption.html", "request_certificate",
        "InvalidDomainValidationOptionsException", _mailed("example.org"), _mailed("example.com"),
    ),
    Rule(
        "only some keys can be requested", f"{GUIDE}/acm-certificate-characteristics.html", "request_certificate",
        "InvalidParameterException", {"DomainName": "example.com", "KeyAlgorithm": "RSA_4096"},
        {"DomainName": "example.com", "KeyAlgorithm": "RSA_2048"},
    ),
    Rule(
        "a certificate that waits cannot be fetched", f"{API}/API_GetCertificate.html", "get_certificate",
        "RequestInProgressException", first, second, _two(),
    ),
    Rule(
        "the options of a certificate that waits stay", f"{API}/API_UpdateCertificateOptions.html",
        "update_certificate_options", "InvalidStateException", _optional(0), _optional(1), _two(),
    ),
    Rule(
        "a certificate in use stays", f"{API}/API_DeleteCertificate.html", "delete_certificate",
        "ResourceInUseException", first, second, _used_and_not,
    ),
    Rule(
        "a key is that of its certificate", f"{API}/API_ImportCertificate.html", "import_certificate",
        "ValidationException", ONE | {"PrivateKey": OTHER["PrivateKey"]}, ONE,
    ),
    Rule(
        "a certificate that is imported has not expired", f"{API}/API_ImportCertificate.html", "import_certificate",
        "ValidationException", key_pair("example.com", days=-1), ONE,
    ),
    Rule(
        "what is imported again has its tags", f"{API}/API_ImportCertificate.html", "import_certificate",
        "ValidationException", lambda world: {**OTHER, **_named(world.given["CertificateArn"]), "Tags": [{"Key": "c"}]},
        lambda world: {**OTHER, **_named(world.given["CertificateArn"])}, _imported,
    ),
    Rule(
        "only what was imported is imported again", f"{GUIDE}/import-reimport.html", "import_certificate",
        "ValidationException", lambda world: {**OTHER, **world.given[1]}, OTHER, _two(),
    ),
    Rule(
        "a private certificate is exported before it is renewed", f"{API}/API_RenewCertificate.html",
        "renew_certificate", "ValidationException", first, second, _private,
    ),
    Rule(
        "a public certificate is exported before it is revoked", f"{API}/API_RevokeCertificate.html",
        "revoke_certificate", "ValidationException", _revoked(0), _revoked(1), _public,
    ),
    Rule(
        "only what may be exported is", f"{API}/API_ExportCertificate.html", "export_certificate",
        "ValidationException", _exported(0), _exported(1), _closed_and_open,
    ),
    Rule(
        "tags of AWS are not for users", f"{API}/API_Tag.html", "add_tags_to_certificate", "InvalidTagException",
        _tagged("aws:team"), _tagged("team"),
        lambda world: _named(certificate(world.sandbox, region="eu-central-1", valid=False)),
    ),
]  # fmt: skip
