# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ACM: certificates are issued when DNS validates them."""

import pytest


@pytest.fixture
def acm(sandbox):
    """ACM."""
    return sandbox.client("acm")


@pytest.fixture
def zone(sandbox):
    """The id of a hosted zone that its parent knows."""
    sandbox.delegate("example.com")
    created = sandbox.client("route53").create_hosted_zone(Name="example.com", CallerReference="one")
    return created["HostedZone"]["Id"]


def request(acm, name="example.com", **more):
    """The ARN of a new certificate."""
    return acm.request_certificate(DomainName=name, ValidationMethod="DNS", **more)["CertificateArn"]


def get(acm, arn):
    """A certificate."""
    return acm.describe_certificate(CertificateArn=arn)["Certificate"]


def records(acm, arn):
    """{name: validation record} of a certificate."""
    options = get(acm, arn)["DomainValidationOptions"]
    return {option["DomainName"]: option["ResourceRecord"] for option in options}


def validate(sandbox, zone, found):
    """Put validation records into a zone."""
    unique = {record["Name"]: record for record in found.values()}
    changes = [
        {
            "Action": "UPSERT",
            "ResourceRecordSet": {
                "Name": record["Name"], "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": record["Value"]}],
            },
        }
        for record in unique.values()
    ]  # fmt: skip
    sandbox.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def test_issued_by_dns(sandbox, acm, zone):
    arn = request(acm, SubjectAlternativeNames=["*.example.com", "other.example.com"])
    found = records(acm, arn)
    assert found["example.com"] == found["*.example.com"] != found["other.example.com"]
    validate(sandbox, zone, {"apex": found["example.com"]})
    options = {item["DomainName"]: item["ValidationStatus"] for item in get(acm, arn)["DomainValidationOptions"]}
    assert options == {
        "example.com": "SUCCESS", "*.example.com": "SUCCESS", "other.example.com": "PENDING_VALIDATION",
    }  # fmt: skip
    assert get(acm, arn)["Status"] == "PENDING_VALIDATION" and "NotAfter" not in get(acm, arn)
    validate(sandbox, zone, found)
    issued = get(acm, arn)
    assert issued["Status"] == "ISSUED" and issued["NotAfter"] and issued["IssuedAt"] and issued["Serial"]
    assert issued["SubjectAlternativeNames"] == ["example.com", "*.example.com", "other.example.com"]
    assert records(acm, request(acm)) == {"example.com": found["example.com"]}


def test_not_issued_without_delegation(sandbox, acm, zone):
    arn = request(acm)
    sandbox.undelegate("example.com")
    validate(sandbox, zone, records(acm, arn))
    assert get(acm, arn)["Status"] == "PENDING_VALIDATION"
    sandbox.delegate("other.com")
    assert get(acm, arn)["Status"] == "PENDING_VALIDATION"
    sandbox.delegate("Example.com.")
    assert get(acm, arn)["Status"] == "ISSUED"


def test_delegation_ends_with_the_account(sandbox, acm, zone):
    sandbox.reset()
    created = sandbox.client("route53").create_hosted_zone(Name="example.com", CallerReference="one")
    arn = request(acm)
    validate(sandbox, created["HostedZone"]["Id"], records(acm, arn))
    assert get(acm, arn)["Status"] == "PENDING_VALIDATION"


def test_closest_zone_decides(sandbox, acm, zone):
    arn = request(acm, "a.sub.example.com")
    sandbox.delegate("sub.example.com")
    validate(sandbox, zone, records(acm, arn))
    assert get(acm, arn)["Status"] == "PENDING_VALIDATION"
    route53 = sandbox.client("route53")
    closer = route53.create_hosted_zone(Name="sub.example.com", CallerReference="two")["HostedZone"]["Id"]
    validate(sandbox, closer, records(acm, arn))
    assert get(acm, arn)["Status"] == "ISSUED"


def test_delays(sandbox, acm, zone):
    sandbox.delays(certificate_records=600)
    arn = request(acm)
    assert "ResourceRecord" not in get(acm, arn)["DomainValidationOptions"][0]
    sandbox.delays(certificate_records=0, certificate_issue=600)
    second = request(acm)
    validate(sandbox, zone, records(acm, second))
    found = get(acm, second)
    assert found["Status"] == "PENDING_VALIDATION"
    assert found["DomainValidationOptions"][0]["ValidationStatus"] == "SUCCESS"


def test_requests(acm, refused):
    first = request(acm, IdempotencyToken="one", KeyAlgorithm="EC_prime256v1", Tags=[{"Key": "a", "Value": "b"}])
    assert request(acm, IdempotencyToken="one", Tags=[{"Key": "a", "Value": "b"}]) == first
    assert request(acm, "example.org", IdempotencyToken="one", Tags=[{"Key": "a", "Value": "b"}]) != first
    assert acm.list_tags_for_certificate(CertificateArn=first)["Tags"] == [{"Key": "a", "Value": "b"}]
    assert get(acm, first)["KeyAlgorithm"] == "EC_prime256v1"
    for wrong in ("exa mple.com", "example", "-a.example.com", "a.*.example.com"):
        assert refused(request, acm=acm, name=wrong) == "ValidationException"
    assert refused(request, acm=acm, IdempotencyToken="not-a-word") == "ValidationException"
    assert refused(request, acm=acm, KeyAlgorithm="RSA_4096") == "InvalidParameterException"
    assert refused(acm.get_certificate, CertificateArn=first) == "RequestInProgressException"


def test_email(acm):
    arn = acm.request_certificate(DomainName="example.com")["CertificateArn"]
    (option,) = get(acm, arn)["DomainValidationOptions"]
    assert option["ValidationMethod"] == "EMAIL" and "ResourceRecord" not in option


def test_list(sandbox, acm, zone):
    rsa, elliptic = request(acm), request(acm, KeyAlgorithm="EC_prime256v1")

    def arns(**wanted):
        return [item["CertificateArn"] for item in acm.list_certificates(**wanted)["CertificateSummaryList"]]

    assert arns() == [rsa] and arns(Includes={"keyTypes": ["EC_prime256v1"]}) == [elliptic]
    assert arns(CertificateStatuses=["ISSUED"]) == []
    validate(sandbox, zone, records(acm, rsa))
    assert arns(CertificateStatuses=["ISSUED"]) == [rsa]
    request(acm, "example.org")
    pages = acm.get_paginator("list_certificates").paginate(PaginationConfig={"PageSize": 1})
    assert [len(page["CertificateSummaryList"]) for page in pages] == [1, 1]


def test_options(sandbox, acm, zone, refused):
    arn, off = request(acm), {"CertificateTransparencyLoggingPreference": "DISABLED"}
    assert refused(acm.update_certificate_options, CertificateArn=arn, Options=off) == "InvalidStateException"
    validate(sandbox, zone, records(acm, arn))
    get(acm, arn)
    acm.update_certificate_options(CertificateArn=arn, Options=off)
    assert get(acm, arn)["Options"]["CertificateTransparencyLoggingPreference"] == "DISABLED"


def test_in_use(sandbox, acm, zone, ec2, vpc, refused):
    arn = request(acm)
    validate(sandbox, zone, records(acm, arn))
    assert get(acm, arn)["Status"] == "ISSUED"
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"eu-central-1{letter}")
        for number, letter in enumerate("ab")
    ]
    elbv2 = sandbox.client("elbv2")
    ids = [item["Subnet"]["SubnetId"] for item in subnets]
    (balancer,) = elbv2.create_load_balancer(Name="lb", Subnets=ids, Scheme="internal")["LoadBalancers"]
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    listener = elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTPS", Port=443, DefaultActions=[fixed],
        Certificates=[{"CertificateArn": arn}], SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
    )["Listeners"][0]  # fmt: skip
    found = get(acm, arn)
    assert (found["InUseBy"], found["RenewalEligibility"]) == ([balancer["LoadBalancerArn"]], "ELIGIBLE")
    assert refused(acm.delete_certificate, CertificateArn=arn) == "ResourceInUseException"
    elbv2.delete_listener(ListenerArn=listener["ListenerArn"])
    acm.delete_certificate(CertificateArn=arn)
    assert refused(acm.describe_certificate, CertificateArn=arn) == "ResourceNotFoundException"
