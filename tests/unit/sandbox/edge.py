# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of CloudFront, Route 53 and ACM begin with: the least that a distribution has, a certificate."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
BUCKET = {
    "Id": "site",
    "DomainName": "site.s3.eu-central-1.amazonaws.com",
    "S3OriginConfig": {"OriginAccessIdentity": ""},
}


def listed(*names):
    """A list as CloudFront writes it."""
    return {"Quantity": len(names), "Items": list(names)}


def distribution_config(origin=(), behavior=(), **more):
    """A bucket, and how to cache it; with more, in its origin, its default behavior or beside them."""
    usual = {"TargetOriginId": "site", "ViewerProtocolPolicy": "redirect-to-https", "CachePolicyId": CACHING_OPTIMIZED}
    return {
        "CallerReference": "one",
        "Comment": "site",
        "Enabled": True,
        "Origins": listed(BUCKET | dict(origin)),
        "DefaultCacheBehavior": usual | dict(behavior),
        **more,
    }


def certificate(sandbox, name="*.example.com", region="us-east-1", valid=True, **more):
    """The ARN of a certificate, which is issued if its record is in a delegated zone."""
    acm, route53 = sandbox.client("acm", region), sandbox.client("route53")
    arn = acm.request_certificate(DomainName=name, ValidationMethod="DNS", **more)["CertificateArn"]
    if valid:
        domain = name.removeprefix("*.")
        sandbox.delegate(domain)
        zone = route53.create_hosted_zone(Name=domain, CallerReference=arn)["HostedZone"]["Id"]
        option = acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"][0]
        put_record(route53, zone, option["ResourceRecord"])
    return arn


def put_record(route53, zone, record):
    """A record with one value in a zone."""
    wanted = {
        "Name": record["Name"],
        "Type": record["Type"],
        "TTL": 60,
        "ResourceRecords": [{"Value": record["Value"]}],
    }
    change = {"Action": "UPSERT", "ResourceRecordSet": wanted}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})


def identified(made):
    """What a change to something that CloudFront has just made begins with."""
    (name,) = set(made) - {"ETag", "Location", "ResponseMetadata"}
    return {"Id": made[name]["Id"], "IfMatch": made["ETag"]}


def make_distribution(world, **parts):
    """A distribution."""
    return world.cloudfront.create_distribution(DistributionConfig=distribution_config(**parts))


def first(world):
    """The first of what was given."""
    return world.given[0]


def second(world):
    """The second of what was given."""
    return world.given[1]


def key_pair(name, days=90):
    """What ImportCertificate needs: a certificate that signs itself, and its key."""
    key, today = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.timezone.utc)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(today - datetime.timedelta(days=100))
    made = builder.not_valid_after(today + datetime.timedelta(days=days)).sign(key, hashes.SHA256())
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return {"Certificate": made.public_bytes(serialization.Encoding.PEM), "PrivateKey": key.private_bytes(*form)}


def internal_balancer(sandbox):
    """A new internal load balancer, as it is described."""
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"eu-central-1{zone}")
        for number, zone in enumerate("ab")
    ]
    ids = [item["Subnet"]["SubnetId"] for item in subnets]
    elbv2 = sandbox.client("elbv2")
    return elbv2.create_load_balancer(Name="internal", Subnets=ids, Scheme="internal")["LoadBalancers"][0]


def created(cloudfront, **parts):
    """A new distribution, as it is described."""
    return cloudfront.create_distribution(DistributionConfig=distribution_config(**parts))["Distribution"]


def delete_distribution(cloudfront, number):
    """Disable a distribution, and delete it."""
    found = cloudfront.get_distribution_config(Id=number)
    disabled = found["DistributionConfig"] | {"Enabled": False}
    etag = cloudfront.update_distribution(Id=number, IfMatch=found["ETag"], DistributionConfig=disabled)["ETag"]
    cloudfront.delete_distribution(Id=number, IfMatch=etag)


def control_config(name="site", **more):
    """An origin access control for buckets."""
    usual = {"SigningProtocol": "sigv4", "SigningBehavior": "always", "OriginAccessControlOriginType": "s3"}
    return {"Name": name, "Description": f"for {name}", **usual, **more}
