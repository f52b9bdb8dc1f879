# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing: listeners and rules."""

import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


@pytest.fixture
def elbv2(fargate):
    """Elastic Load Balancing in the usual region."""
    return fargate.elbv2


@pytest.fixture
def create(fargate):
    """create(**settings): the answer about a new internal load balancer named ``web``."""

    def call(**settings):
        wanted = {"Name": "web", "Subnets": fargate.subnets, "Scheme": "internal"} | settings
        return fargate.elbv2.create_load_balancer(**wanted)["LoadBalancers"][0]

    return call


def _forward(group):
    return [{"Type": "forward", "TargetGroupArn": group}]


def _certificate(fargate, status="ISSUED"):
    """The ARN of a certificate; a request that nothing validates stays pending."""
    acm = fargate.sandbox.client("acm")
    if status != "ISSUED":
        return acm.request_certificate(DomainName="x.example.com", ValidationMethod="DNS")["CertificateArn"]
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x.example.com")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    return acm.import_certificate(Certificate=public, PrivateKey=private)["CertificateArn"]


def test_secure_listener(fargate, elbv2, create, refused):
    arn = create()["LoadBalancerArn"]
    action = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
    wanted = {"LoadBalancerArn": arn, "Protocol": "HTTPS", "Port": 443, "DefaultActions": action}
    assert refused(elbv2.create_listener, **wanted) == "ValidationError"
    missing = [{"CertificateArn": "arn:aws:acm:eu-central-1:123456789012:certificate/x"}]
    assert refused(elbv2.create_listener, **wanted, Certificates=missing) == "CertificateNotFound"
    pending = [{"CertificateArn": _certificate(fargate, "PENDING_VALIDATION")}]
    assert refused(elbv2.create_listener, **wanted, Certificates=pending) == "UnsupportedCertificate"
    issued = [{"CertificateArn": _certificate(fargate)}]
    policy = refused(elbv2.create_listener, **wanted, Certificates=issued, SslPolicy="x")
    assert policy == "SSLPolicyNotFound"
    elbv2.create_listener(**wanted, Certificates=issued)
    (listener,) = elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    assert listener["SslPolicy"] == "ELBSecurityPolicy-2016-08" and listener["Certificates"] == issued
    assert listener["MutualAuthentication"]["Mode"] == "off"
    newer = "ELBSecurityPolicy-TLS13-1-2-2021-06"
    elbv2.modify_listener(ListenerArn=listener["ListenerArn"], SslPolicy=newer)
    (listener,) = elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    assert (listener["SslPolicy"], listener["Certificates"], listener["DefaultActions"]) == (newer, issued, action)
    assert refused(elbv2.create_listener, **wanted, Certificates=issued) == "DuplicateListener"


def test_redirecting_listener(elbv2, create):
    arn = create()["LoadBalancerArn"]
    redirect = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
    answer = elbv2.create_listener(
        LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=[redirect], Tags=[{"Key": "a", "Value": "b"}]
    )
    (listener,) = elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    assert listener["DefaultActions"][0]["RedirectConfig"] == {
        "Protocol": "HTTPS", "Port": "443", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}",
        "StatusCode": "HTTP_301",
    }  # fmt: skip
    assert "SslPolicy" not in listener and answer["Listeners"][0]["DefaultActions"] == listener["DefaultActions"]
    tags = elbv2.describe_tags(ResourceArns=[listener["ListenerArn"]])["TagDescriptions"][0]["Tags"]
    assert tags == [{"Key": "a", "Value": "b"}]


def test_forwarding(fargate, elbv2, create, refused):
    balancer, group = fargate.balancer()
    (listener,) = elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
    assert listener["DefaultActions"][0] == {
        "Type": "forward", "TargetGroupArn": group,
        "ForwardConfig": {
            "TargetGroups": [{"TargetGroupArn": group, "Weight": 1}], "TargetGroupStickinessConfig": {"Enabled": False}
        },
    }  # fmt: skip
    assert elbv2.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]["LoadBalancerArns"] == [balancer]
    other = create(Name="other")["LoadBalancerArn"]
    wanted = {"LoadBalancerArn": other, "Protocol": "HTTP", "Port": 80}
    assert refused(elbv2.create_listener, **wanted, DefaultActions=_forward(group)) == "TargetGroupAssociationLimit"
    assert refused(elbv2.create_listener, **wanted, DefaultActions=_forward(group + "x")) == "TargetGroupNotFound"
    vpc = fargate.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    foreign = elbv2.create_target_group(Name="x", Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip")
    actions = _forward(foreign["TargetGroups"][0]["TargetGroupArn"])
    assert refused(elbv2.create_listener, **wanted, DefaultActions=actions) == "InvalidConfigurationRequest"
    assert refused(elbv2.delete_target_group, TargetGroupArn=group) == "ResourceInUse"
    elbv2.delete_listener(ListenerArn=listener["ListenerArn"])
    assert not elbv2.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]["LoadBalancerArns"]
    elbv2.delete_target_group(TargetGroupArn=group)


def test_rules(fargate, elbv2, refused):
    balancer, group = fargate.balancer()
    listener = elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"][0]["ListenerArn"]
    condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}
    weighted = {
        "Type": "forward",
        "ForwardConfig": {
            "TargetGroups": [{"TargetGroupArn": group, "Weight": 10}],
            "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 60},
        },
    }
    wanted = {"ListenerArn": listener, "Conditions": [condition], "Actions": [weighted]}
    made = elbv2.create_rule(**wanted, Priority=10, Tags=[{"Key": "a", "Value": "b"}])["Rules"][0]
    assert refused(elbv2.create_rule, **wanted, Priority=10) == "PriorityInUse"
    assert refused(elbv2.create_rule, **wanted, Priority=50001) == "ValidationError"
    rule, default = elbv2.describe_rules(ListenerArn=listener)["Rules"]
    assert rule["Priority"] == "10" and default["IsDefault"]
    assert rule["Conditions"] == [{**condition, "Values": ["/api/*"]}] == made["Conditions"]
    assert rule["Actions"] == [{**weighted, "TargetGroupArn": group}]
    tags = elbv2.describe_tags(ResourceArns=[rule["RuleArn"]])["TagDescriptions"][0]["Tags"]
    assert tags == [{"Key": "a", "Value": "b"}]
    elbv2.modify_rule(RuleArn=rule["RuleArn"], Conditions=[{"Field": "host-header", "Values": ["a.example.com"]}])
    (condition,) = elbv2.describe_rules(RuleArns=[rule["RuleArn"]])["Rules"][0]["Conditions"]
    assert condition["HostHeaderConfig"]["Values"] == ["a.example.com"] == condition["Values"]
    elbv2.delete_rule(RuleArn=rule["RuleArn"])
    assert refused(elbv2.delete_rule, RuleArn=rule["RuleArn"]) == "RuleNotFound"
    assert refused(elbv2.delete_rule, RuleArn=default["RuleArn"]) == "OperationNotPermitted"
