# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Elastic Load Balancing has."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

TAG = {"Key": "Name", "Value": "one"}
FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain"}}


def _certificate(probe, domain):
    """The ARN of a certificate of our own."""
    key, now = rsa.generate_private_key(65537, 2048), datetime.datetime.now(datetime.timezone.utc)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, domain)])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    return probe.client("acm").import_certificate(Certificate=public, PrivateKey=private)["CertificateArn"]


class _Network:
    """A VPC with subnets and groups, and short ways to make the rest."""

    def __init__(self, probe):
        ec2, self.elbv2 = probe.client("ec2"), probe.client("elbv2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"eu-central-1{zone}")[
                "Subnet"
            ]["SubnetId"]
            for number, zone in enumerate("abc")
        ]
        self.groups = [
            ec2.create_security_group(GroupName=name, Description="d", VpcId=self.vpc)["GroupId"] for name in "ab"
        ]

    def balancer(self, kind="application"):
        answer = self.elbv2.create_load_balancer(Name="web", Subnets=self.subnets[:2], Scheme="internal", Type=kind)
        return answer["LoadBalancers"][0]["LoadBalancerArn"]

    def group(self, name="web", **settings):
        wanted = {"Protocol": "HTTP", "Port": 80, "VpcId": self.vpc, "TargetType": "ip"} | settings
        return self.elbv2.create_target_group(Name=name, **wanted)["TargetGroups"][0]["TargetGroupArn"]

    def listener(self, balancer, action=FIXED, **settings):
        wanted = {"Protocol": "HTTP", "Port": 80, "DefaultActions": [action]} | settings
        return self.elbv2.create_listener(LoadBalancerArn=balancer, **wanted)["Listeners"][0]["ListenerArn"]


def load_balancer(probe):
    network, elbv2 = _Network(probe), probe.client("elbv2")
    wanted = {"Type": "application", "Scheme": "internal", "IpAddressType": "ipv4"}
    answer = probe.does(
        elbv2.create_load_balancer, Name="web", Subnets=network.subnets[:2], SecurityGroups=network.groups[:1],
        Tags=[TAG], **wanted,
    )["LoadBalancers"][0]  # fmt: skip
    arn = {"LoadBalancerArn": answer["LoadBalancerArn"]}
    read = {"LoadBalancerArns": list(arn.values())}
    shown = wanted | {"LoadBalancerName": "web", "VpcId": network.vpc, "SecurityGroups": network.groups[:1]}
    shown |= {"State": {"Code": "active"}, "DNSName": answer["DNSName"]}
    probe.shows(shown, elbv2.describe_load_balancers, "LoadBalancers.0", **read)
    probe.shows([TAG], elbv2.describe_tags, "TagDescriptions.0.Tags", ResourceArns=read["LoadBalancerArns"])
    attributes = [
        {"Key": "deletion_protection.enabled", "Value": "true"}, {"Key": "idle_timeout.timeout_seconds", "Value": "90"}
    ]  # fmt: skip
    probe.does(elbv2.modify_load_balancer_attributes, **arn, Attributes=attributes)
    found = elbv2.describe_load_balancer_attributes(**arn)["Attributes"]
    for attribute in attributes:
        place = f"Attributes.{[item['Key'] for item in found].index(attribute['Key'])}"
        probe.shows(attribute, elbv2.describe_load_balancer_attributes, place, **arn)
    probe.does(elbv2.set_security_groups, **arn, SecurityGroups=network.groups[1:])
    probe.shows({"SecurityGroups": network.groups[1:]}, elbv2.describe_load_balancers, "LoadBalancers.0", **read)
    probe.does(elbv2.set_subnets, **arn, Subnets=network.subnets[1:])
    zones = [{"SubnetId": number, "ZoneName": f"eu-central-1{zone}"} for number, zone in zip(network.subnets[1:], "bc")]
    probe.shows(zones, elbv2.describe_load_balancers, "LoadBalancers.0.AvailabilityZones", **read)
    elbv2.modify_load_balancer_attributes(**arn, Attributes=[attributes[0] | {"Value": "false"}])
    probe.does(elbv2.delete_load_balancer, **arn)
    probe.lacks(elbv2.describe_load_balancers, "LoadBalancerNotFound", **read)


def address_type(probe):
    network, elbv2 = _Network(probe), probe.client("elbv2")
    arn = network.balancer()
    blocks = probe.client("ec2").associate_vpc_cidr_block(VpcId=network.vpc, AmazonProvidedIpv6CidrBlock=True)
    prefix = blocks["Ipv6CidrBlockAssociation"]["Ipv6CidrBlock"].removesuffix("00::/56")
    for number, subnet in enumerate(network.subnets):
        probe.client("ec2").associate_subnet_cidr_block(SubnetId=subnet, Ipv6CidrBlock=f"{prefix}0{number}::/64")
    probe.does(elbv2.set_ip_address_type, LoadBalancerArn=arn, IpAddressType="dualstack")
    shown = {"IpAddressType": "dualstack"}
    probe.shows(shown, elbv2.describe_load_balancers, "LoadBalancers.0", LoadBalancerArns=[arn])


def target_group(probe):
    network, elbv2 = _Network(probe), probe.client("elbv2")
    wanted = {
        "Protocol": "HTTP", "Port": 3000, "VpcId": network.vpc, "TargetType": "ip", "HealthCheckPath": "/health",
        "HealthCheckIntervalSeconds": 15, "HealthCheckTimeoutSeconds": 5, "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 3, "Matcher": {"HttpCode": "200-299"}, "ProtocolVersion": "HTTP1",
    }  # fmt: skip
    answer = probe.does(elbv2.create_target_group, Name="web", Tags=[TAG], **wanted)["TargetGroups"][0]
    arn = {"TargetGroupArn": answer["TargetGroupArn"]}
    read = {"TargetGroupArns": list(arn.values())}
    probe.shows(wanted | {"TargetGroupName": "web"}, elbv2.describe_target_groups, "TargetGroups.0", **read)
    probe.shows([TAG], elbv2.describe_tags, "TagDescriptions.0.Tags", ResourceArns=read["TargetGroupArns"])
    changed = {"HealthCheckPath": "/ready", "HealthCheckIntervalSeconds": 20, "Matcher": {"HttpCode": "204"}}
    probe.does(elbv2.modify_target_group, **arn, **changed)
    probe.shows(changed, elbv2.describe_target_groups, "TargetGroups.0", **read)
    attribute = {"Key": "deregistration_delay.timeout_seconds", "Value": "30"}
    probe.does(elbv2.modify_target_group_attributes, **arn, Attributes=[attribute])
    probe.shows(attribute, elbv2.describe_target_group_attributes, "Attributes.0", **arn)
    target = {"Id": "10.0.0.77", "Port": 3000}
    network.listener(network.balancer(), {"Type": "forward", **arn})
    probe.does(elbv2.register_targets, **arn, Targets=[target])
    shown = {"Target": target, "TargetHealth": {"State": "healthy"}}
    probe.shows(shown, elbv2.describe_target_health, "TargetHealthDescriptions.0", **arn)
    probe.does(elbv2.deregister_targets, **arn, Targets=[target])
    probe.lacks(elbv2.describe_target_health, path="TargetHealthDescriptions", **arn)
    probe.does(elbv2.delete_target_group, TargetGroupArn=network.group("spare"))
    probe.lacks(elbv2.describe_target_groups, "TargetGroupNotFound", Names=["spare"])


def listener(probe):
    network, elbv2 = _Network(probe), probe.client("elbv2")
    balancer, group = network.balancer(), network.group()
    first, second = (_certificate(probe, f"{name}.example.com") for name in "ab")
    wanted = {"Protocol": "HTTPS", "Port": 443, "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}
    answer = probe.does(
        elbv2.create_listener, LoadBalancerArn=balancer, Certificates=[{"CertificateArn": first}], Tags=[TAG],
        DefaultActions=[FIXED], **wanted,
    )["Listeners"][0]  # fmt: skip
    arn = {"ListenerArn": answer["ListenerArn"]}
    read = {"ListenerArns": list(arn.values())}
    shown = wanted | {"Certificates": [{"CertificateArn": first}], "DefaultActions": [FIXED]}
    probe.shows(shown, elbv2.describe_listeners, "Listeners.0", **read)
    probe.does(elbv2.add_listener_certificates, **arn, Certificates=[{"CertificateArn": second}])
    more = [{"CertificateArn": first, "IsDefault": True}, {"CertificateArn": second, "IsDefault": False}]
    probe.shows(more, elbv2.describe_listener_certificates, "Certificates", **arn)
    probe.does(elbv2.remove_listener_certificates, **arn, Certificates=[{"CertificateArn": second}])
    probe.shows(more[:1], elbv2.describe_listener_certificates, "Certificates", **arn)
    changed = {"Port": 8443, "SslPolicy": "ELBSecurityPolicy-TLS13-1-3-2021-06"}
    probe.does(elbv2.modify_listener, **arn, **changed, DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
    shown = changed | {"DefaultActions": [{"Type": "forward", "TargetGroupArn": group}]}
    probe.shows(shown, elbv2.describe_listeners, "Listeners.0", **read)
    attribute = {"Key": "routing.http.response.server.enabled", "Value": "false"}
    probe.does(elbv2.modify_listener_attributes, **arn, Attributes=[attribute])
    found = elbv2.describe_listener_attributes(**arn)["Attributes"]
    place = f"Attributes.{[item['Key'] for item in found].index(attribute['Key'])}"
    probe.shows(attribute, elbv2.describe_listener_attributes, place, **arn)
    probe.does(elbv2.delete_listener, **arn)
    probe.lacks(elbv2.describe_listeners, "ListenerNotFound", **read)


def rule(probe):
    network, elbv2 = _Network(probe), probe.client("elbv2")
    listener, blue, green = network.listener(network.balancer()), network.group("blue"), network.group("green")
    conditions = [
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}},
        {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Test", "Values": ["yes"]}},
    ]
    groups = [{"TargetGroupArn": blue, "Weight": 90}, {"TargetGroupArn": green, "Weight": 10}]
    action = {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}
    answer = probe.does(
        elbv2.create_rule, ListenerArn=listener, Priority=10, Conditions=conditions, Actions=[action], Tags=[TAG]
    )["Rules"][0]  # fmt: skip
    arn, read = {"RuleArn": answer["RuleArn"]}, {"RuleArns": [answer["RuleArn"]]}
    shown = {"Priority": "10", "Conditions": conditions, "Actions": [action], "IsDefault": False}
    probe.shows(shown, elbv2.describe_rules, "Rules.0", **read)
    groups[0]["Weight"], groups[1]["Weight"] = 0, 100
    probe.does(elbv2.modify_rule, **arn, Conditions=conditions[:1], Actions=[action])
    probe.shows({"Conditions": conditions[:1], "Actions": [action]}, elbv2.describe_rules, "Rules.0", **read)
    probe.does(elbv2.set_rule_priorities, RulePriorities=[arn | {"Priority": 20}])
    probe.shows({"Priority": "20"}, elbv2.describe_rules, "Rules.0", **read)
    probe.does(elbv2.add_tags, ResourceArns=list(arn.values()), Tags=[{"Key": "Owner", "Value": "me"}])
    place = "TagDescriptions.0.Tags"
    probe.shows([TAG, {"Key": "Owner", "Value": "me"}], elbv2.describe_tags, place, ResourceArns=list(arn.values()))
    probe.does(elbv2.remove_tags, ResourceArns=list(arn.values()), TagKeys=["Owner"])
    probe.shows([TAG], elbv2.describe_tags, place, ResourceArns=list(arn.values()))
    probe.does(elbv2.delete_rule, **arn)
    probe.lacks(elbv2.describe_rules, "RuleNotFound", **read)


def trust_store(probe):
    network, elbv2, s3 = _Network(probe), probe.client("elbv2"), probe.client("s3")
    s3.create_bucket(Bucket="trusted", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    bundle, revoked = (f"-----BEGIN {kind}-----\nMIIB\n-----END {kind}-----\n" for kind in ("CERTIFICATE", "X509 CRL"))
    for key, body in {"one.pem": bundle, "two.pem": bundle * 2, "revoked.crl": revoked}.items():
        s3.put_object(Bucket="trusted", Key=key, Body=body)
    place = {"CaCertificatesBundleS3Bucket": "trusted", "CaCertificatesBundleS3Key": "one.pem"}
    answer = probe.does(elbv2.create_trust_store, Name="partners", **place, Tags=[TAG])["TrustStores"][0]
    arn = {"TrustStoreArn": answer["TrustStoreArn"]}
    read = {"TrustStoreArns": list(arn.values())}
    shown = {"Name": "partners", "Status": "ACTIVE", "NumberOfCaCertificates": 1, "TotalRevokedEntries": 0}
    probe.shows(shown, elbv2.describe_trust_stores, "TrustStores.0", **read)
    probe.shows([TAG], elbv2.describe_tags, "TagDescriptions.0.Tags", ResourceArns=list(arn.values()))
    probe.does(elbv2.modify_trust_store, **arn, **(place | {"CaCertificatesBundleS3Key": "two.pem"}))
    probe.shows({"NumberOfCaCertificates": 2}, elbv2.describe_trust_stores, "TrustStores.0", **read)
    revoked = {"S3Bucket": "trusted", "S3Key": "revoked.crl", "RevocationType": "CRL"}
    probe.does(elbv2.add_trust_store_revocations, **arn, RevocationContents=[revoked])
    revocations = elbv2.describe_trust_store_revocations
    found = probe.shows({"RevocationType": "CRL", "RevocationId": 1}, revocations, "TrustStoreRevocations.0", **arn)
    probe.does(elbv2.remove_trust_store_revocations, **arn, RevocationIds=[found["RevocationId"]])
    probe.lacks(revocations, path="TrustStoreRevocations", **arn)
    certificate = [{"CertificateArn": _certificate(probe, "a.example.com")}]
    verify = {"Mode": "verify", "IgnoreClientCertificateExpiry": False, **arn}
    listener = network.listener(
        network.balancer(), Protocol="HTTPS", Port=443, Certificates=certificate, MutualAuthentication=verify
    )
    probe.shows({"MutualAuthentication": verify}, elbv2.describe_listeners, "Listeners.0", ListenerArns=[listener])
    associations, path = elbv2.describe_trust_store_associations, "TrustStoreAssociations"
    probe.shows({"ResourceArn": listener}, associations, f"{path}.0", **arn)
    probe.does(elbv2.modify_listener, ListenerArn=listener, MutualAuthentication={"Mode": "off"})
    probe.lacks(associations, path=path, **arn)
    probe.does(elbv2.delete_trust_store, **arn)
    probe.lacks(elbv2.describe_trust_stores, "TrustStoreNotFound", **read)


def limits_and_policies(probe):
    elbv2 = probe.client("elbv2")
    limits = {item["Name"]: item["Max"] for item in elbv2.describe_account_limits()["Limits"]}
    place = f"Limits.{list(limits).index('listeners-per-application-load-balancer')}.Max"
    probe.shows("50", elbv2.describe_account_limits, place)
    name = "ELBSecurityPolicy-TLS13-1-2-2021-06"
    probe.shows({"SslProtocols": ["TLSv1.3", "TLSv1.2"]}, elbv2.describe_ssl_policies, "SslPolicies.0", Names=[name])
