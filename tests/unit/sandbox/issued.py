# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate that is issued, for what refuses others."""


def certificate(sandbox, name="example.com", region="us-east-1"):
    """The ARN of a new certificate that a zone of the account validates."""
    sandbox.delegate(name)
    acm, route53 = sandbox.client("acm", region), sandbox.client("route53")
    zone = route53.create_hosted_zone(Name=name, CallerReference=f"{name}/{region}")["HostedZone"]["Id"]
    names = [f"*.{name}"]
    wanted = {"DomainName": name, "SubjectAlternativeNames": names, "ValidationMethod": "DNS"}
    arn = acm.request_certificate(**wanted)["CertificateArn"]
    described = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    record = described["DomainValidationOptions"][0]["ResourceRecord"]
    entry = {"Name": record["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": record["Value"]}]}
    change = {"Action": "UPSERT", "ResourceRecordSet": entry}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "ISSUED"
    return arn
