# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Elastic Load Balancing refuses."""

from tests.unit.sandbox.rule import Rule

SERVICE = "elbv2"
API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application"
FIXED = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
PATH = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}]
UNKNOWN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012"


def _subnets(world):
    """A VPC with a subnet in each of three zones, a small one in a fourth network, and a VPC elsewhere."""
    vpc = world.vpc()
    subnets = world.subnets(vpc, "abc")
    small = world.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.99.0/28", AvailabilityZone="eu-central-1c")
    elsewhere = world.vpc("10.7.0.0/16")
    group = world.ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    stranger = world.ec2.create_security_group(GroupName="g", Description="d", VpcId=elsewhere)["GroupId"]
    return {
        "vpc": vpc, "subnets": subnets, "small": small["Subnet"]["SubnetId"], "elsewhere": elsewhere, "group": group,
        "stranger": stranger,
    }  # fmt: skip


def _balanced(world):
    """The same with a load balancer, two target groups and a listener on port 80."""
    given = world.given = _subnets(world)
    given["balancer"] = _balancer(world)
    given["groups"] = [_group(world, name) for name in ("one", "two")]
    given["far"] = _group(world, "far", VpcId=given["elsewhere"])
    given["tcp"] = _group(world, "tcp", Protocol="TCP")
    answer = world.elbv2.create_listener(
        LoadBalancerArn=given["balancer"], Protocol="HTTP", Port=80, DefaultActions=_forward(given["groups"][0])
    )
    given["listener"] = answer["Listeners"][0]["ListenerArn"]
    answer = world.elbv2.create_rule(ListenerArn=given["listener"], Priority=10, Conditions=PATH, Actions=FIXED)
    given["rule"] = answer["Rules"][0]["RuleArn"]
    rules = world.elbv2.describe_rules(ListenerArn=given["listener"])["Rules"]
    given["default"] = next(rule["RuleArn"] for rule in rules if rule["IsDefault"])
    return given


def _wanted(world, **more):
    return {"Name": "web", "Scheme": "internal", "Subnets": world.given["subnets"][:2]} | more


def _balancer(world, **more):
    return world.elbv2.create_load_balancer(**_wanted(world, **more))["LoadBalancers"][0]["LoadBalancerArn"]


def _target_group(world, **more):
    return {"Name": "app", "Protocol": "HTTP", "Port": 80, "VpcId": world.given["vpc"], "TargetType": "ip"} | more


def _group(world, name, **more):
    answer = world.elbv2.create_target_group(**_target_group(world, Name=name, **more))
    return answer["TargetGroups"][0]["TargetGroupArn"]


def _forward(*groups):
    if len(groups) == 1:
        return [{"Type": "forward", "TargetGroupArn": groups[0]}]
    config = {"TargetGroups": [{"TargetGroupArn": group, "Weight": weight} for group, weight in groups]}
    return [{"Type": "forward", "ForwardConfig": config}]


def _new(**more):
    """A load balancer with something else; a function gets ``given``."""
    return lambda world: _wanted(
        world, **{key: item(world.given) if callable(item) else item for key, item in more.items()}
    )


def _of_group(**more):
    return lambda world: _target_group(world, **more)


def _listener(world, **more):
    return {
        "LoadBalancerArn": world.given["balancer"], "Protocol": "HTTP", "Port": 81, "DefaultActions": FIXED
    } | more  # fmt: skip


def _listening(**more):
    return lambda world: _listener(
        world, **{key: item(world.given) if callable(item) else item for key, item in more.items()}
    )


def _rule(**more):
    return lambda world: {
        "ListenerArn": world.given["listener"], "Priority": 20, "Conditions": PATH, "Actions": FIXED,
        **{key: item(world.given) if callable(item) else item for key, item in more.items()},
    }  # fmt: skip


def _paths(count):
    return [{"Field": "path-pattern", "PathPatternConfig": {"Values": [f"/{number}" for number in range(count)]}}]


def _redirect(**config):
    return [{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301", **config}}]


def _attributes(key, value):
    return lambda world: {
        "LoadBalancerArn": world.given["balancer"], "Attributes": [{"Key": key, "Value": value}]
    }  # fmt: skip


def _group_attributes(**attributes):
    wanted = [{"Key": key.replace("__", "."), "Value": value} for key, value in attributes.items()]
    return lambda world: {"TargetGroupArn": world.given["groups"][0], "Attributes": wanted}


def _protected(world):
    given = _balanced(world)
    given["free"] = _balancer(world, Name="free")
    attribute = {"Key": "deletion_protection.enabled", "Value": "true"}
    world.elbv2.modify_load_balancer_attributes(LoadBalancerArn=given["balancer"], Attributes=[attribute])
    return given


def _logged(world):
    """Two buckets, one of which lets Elastic Load Balancing write."""
    given = _balanced(world)
    for bucket in ("open", "closed"):
        world.s3.create_bucket(
            Bucket=f"elb-logs-{bucket}", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
    world.s3.put_bucket_policy(Bucket="elb-logs-open", Policy=(
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource":'
        ' "arn:aws:s3:::elb-logs-open/*", "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}}]}'
    ))  # fmt: skip
    return given


def _logs(bucket):
    values = {"access_logs.s3.enabled": "true", "access_logs.s3.bucket": f"elb-logs-{bucket}"}
    wanted = [{"Key": key, "Value": value} for key, value in values.items()]
    return lambda world: {"LoadBalancerArn": world.given["balancer"], "Attributes": wanted}


def _stores(world):
    world.s3.create_bucket(Bucket="trusted", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    world.s3.put_object(Bucket="trusted", Key="ca.pem", Body="-----BEGIN CERTIFICATE-----")
    world.s3.put_object(Bucket="trusted", Key="readme.txt", Body="nothing")
    return world.elbv2.create_trust_store(**_store("one"))


def _store(name, key="ca.pem"):
    return {"Name": name, "CaCertificatesBundleS3Bucket": "trusted", "CaCertificatesBundleS3Key": key}


def _targets(*ids):
    return lambda world: {
        "TargetGroupArn": world.given["groups"][0], "Targets": [{"Id": number, "Port": 80} for number in ids]
    }  # fmt: skip


RULES = [
    Rule("a load balancer's name has 32 characters", f"{API}/API_CreateLoadBalancer.html", "create_load_balancer",
         "ValidationError", given=_subnets, refused=_new(Name="w" * 33), accepted=_new(Name="w" * 32)),
    Rule("a load balancer's name does not begin with a hyphen", f"{API}/API_CreateLoadBalancer.html",
         "create_load_balancer", "ValidationError", given=_subnets, refused=_new(Name="-web"), accepted=_new(Name="w-eb")),
    Rule("a load balancer's name does not begin with internal-", f"{API}/API_CreateLoadBalancer.html",
         "create_load_balancer", "ValidationError", given=_subnets, refused=_new(Name="internal-web"),
         accepted=_new(Name="web-internal")),
    Rule("a load balancer's name is taken", f"{API}/API_CreateLoadBalancer.html", "create_load_balancer",
         "DuplicateLoadBalancerName", given=_balanced, refused=_new(Subnets=lambda given: given["subnets"][1:]),
         accepted=_new(Name="other")),
    Rule("an application load balancer has two zones", f"{GUIDE}/load-balancer-subnets.html", "create_load_balancer",
         "ValidationError", given=_subnets, refused=_new(Subnets=lambda given: given["subnets"][:1]),
         accepted=_new(Subnets=lambda given: given["subnets"][:2])),
    Rule("a load balancer has one subnet a zone", f"{API}/API_CreateLoadBalancer.html", "create_load_balancer",
         "InvalidConfigurationRequest", given=_subnets,
         refused=_new(Subnets=lambda given: [*given["subnets"], given["small"]]),
         accepted=_new(Subnets=lambda given: given["subnets"])),
    Rule("a load balancer's subnets have 32 addresses", f"{GUIDE}/load-balancer-subnets.html", "create_load_balancer",
         "InvalidSubnet", given=_subnets, refused=_new(Subnets=lambda given: [given["subnets"][0], given["small"]]),
         accepted=_new(Subnets=lambda given: [given["subnets"][0], given["subnets"][2]])),
    Rule("a load balancer's subnets exist", f"{API}/API_CreateLoadBalancer.html", "create_load_balancer",
         "SubnetNotFound", given=_subnets, refused=_new(Subnets=lambda given: [given["subnets"][0], "subnet-0"]),
         accepted=_new()),
    Rule("a load balancer's security groups are of its VPC", f"{API}/API_CreateLoadBalancer.html",
         "create_load_balancer", "InvalidConfigurationRequest", given=_subnets,
         refused=_new(SecurityGroups=lambda given: [given["stranger"]]),
         accepted=_new(SecurityGroups=lambda given: [given["group"]])),
    Rule("a public load balancer's VPC has an internet gateway", f"{API}/API_CreateLoadBalancer.html",
         "create_load_balancer", "InvalidSubnet", given=_subnets, refused=_new(Scheme="internet-facing"), accepted=_new()),
    Rule("a protected load balancer stays", f"{GUIDE}/load-balancer-delete.html", "delete_load_balancer",
         "OperationNotPermitted", given=_protected, refused=lambda world: {"LoadBalancerArn": world.given["balancer"]},
         accepted=lambda world: {"LoadBalancerArn": world.given["free"]}),
    Rule("a load balancer's attributes are known", f"{API}/API_LoadBalancerAttribute.html",
         "modify_load_balancer_attributes", "ValidationError", given=_balanced, refused=_attributes("idle.timeout", "60"),
         accepted=_attributes("idle_timeout.timeout_seconds", "60")),
    Rule("an idle connection stays for 4000 seconds", f"{GUIDE}/edit-load-balancer-attributes.html",
         "modify_load_balancer_attributes", "ValidationError", given=_balanced,
         refused=_attributes("idle_timeout.timeout_seconds", "4001"),
         accepted=_attributes("idle_timeout.timeout_seconds", "4000")),
    Rule("access logs go to a bucket whose policy lets them in", f"{GUIDE}/enable-access-logging.html",
         "modify_load_balancer_attributes", "InvalidConfigurationRequest", given=_logged, refused=_logs("closed"),
         accepted=_logs("open")),
    Rule("IPv6 needs subnets that have it", f"{API}/API_SetIpAddressType.html", "set_ip_address_type", "InvalidSubnet",
         given=_balanced,
         refused=lambda world: {"LoadBalancerArn": world.given["balancer"], "IpAddressType": "dualstack"},
         accepted=lambda world: {"LoadBalancerArn": world.given["balancer"], "IpAddressType": "ipv4"}),
    Rule("a target group's name has 32 characters", f"{API}/API_CreateTargetGroup.html", "create_target_group",
         "ValidationError", given=_subnets, refused=_of_group(Name="a" * 33), accepted=_of_group(Name="a" * 32)),
    Rule("a target group's name has no underscores", f"{API}/API_CreateTargetGroup.html", "create_target_group",
         "ValidationError", given=_subnets, refused=_of_group(Name="my_app"), accepted=_of_group(Name="my-app")),
    Rule("a target group's name is taken", f"{API}/API_CreateTargetGroup.html", "create_target_group",
         "DuplicateTargetGroupName", given=_balanced, refused=_of_group(Name="one", Port=81),
         accepted=_of_group(Name="three", Port=81)),
    Rule("a target group's VPC exists", f"{API}/API_CreateTargetGroup.html", "create_target_group", "ValidationError",
         given=_subnets, refused=_of_group(VpcId="vpc-0123456789abcdef0"), accepted=_of_group()),
    Rule("a health check ends before the next", f"{GUIDE}/target-group-health-checks.html", "create_target_group",
         "ValidationError", given=_subnets,
         refused=_of_group(HealthCheckIntervalSeconds=10, HealthCheckTimeoutSeconds=10),
         accepted=_of_group(HealthCheckIntervalSeconds=10, HealthCheckTimeoutSeconds=9)),
    Rule("a health check's path begins with a slash", f"{API}/API_CreateTargetGroup.html", "create_target_group",
         "ValidationError", given=_subnets, refused=_of_group(HealthCheckPath="health"),
         accepted=_of_group(HealthCheckPath="/health")),
    Rule("a target group in use stays", f"{API}/API_DeleteTargetGroup.html", "delete_target_group", "ResourceInUse",
         given=_balanced, refused=lambda world: {"TargetGroupArn": world.given["groups"][0]},
         accepted=lambda world: {"TargetGroupArn": world.given["groups"][1]}),
    Rule("a target leaves within an hour", f"{GUIDE}/edit-target-group-attributes.html",
         "modify_target_group_attributes", "ValidationError", given=_balanced,
         refused=_group_attributes(deregistration_delay__timeout_seconds="3601"),
         accepted=_group_attributes(deregistration_delay__timeout_seconds="3600")),
    Rule("slow start goes with round robin", f"{GUIDE}/edit-target-group-attributes.html",
         "modify_target_group_attributes", "InvalidConfigurationRequest", given=_balanced,
         refused=_group_attributes(
             slow_start__duration_seconds="30", load_balancing__algorithm__type="least_outstanding_requests"),
         accepted=_group_attributes(slow_start__duration_seconds="30", load_balancing__algorithm__type="round_robin")),
    Rule("a target is an address that is not public", f"{API}/API_RegisterTargets.html", "register_targets",
         "InvalidTarget", given=_balanced, refused=_targets("198.51.100.7"), accepted=_targets("10.0.0.7")),
    Rule("a port has one listener", f"{API}/API_CreateListener.html", "create_listener", "DuplicateListener",
         given=_balanced, refused=_listening(Port=80), accepted=_listening(Port=81)),
    Rule("an application load balancer listens to HTTP", f"{API}/API_CreateListener.html", "create_listener",
         "ValidationError", given=_balanced, refused=_listening(Protocol="TCP"), accepted=_listening()),
    Rule("a secure listener has a certificate", f"{GUIDE}/create-https-listener.html", "create_listener",
         "ValidationError", given=_balanced, refused=_listening(Protocol="HTTPS"), accepted=_listening()),
    Rule("a plain listener has no certificate", f"{API}/API_CreateListener.html", "create_listener", "ValidationError",
         given=_balanced, refused=_listening(Certificates=[{"CertificateArn": "arn:aws:acm:eu-central-1:123456789012:x"}]),
         accepted=_listening()),
    Rule("a listener forwards to a group that exists", f"{API}/API_CreateListener.html", "create_listener",
         "TargetGroupNotFound", given=_balanced,
         refused=_listening(DefaultActions=_forward(f"{UNKNOWN}:targetgroup/none/0123456789abcdef")),
         accepted=_listening(DefaultActions=lambda given: _forward(given["groups"][1]))),
    Rule("a listener forwards within its VPC", f"{API}/API_CreateListener.html", "create_listener",
         "InvalidConfigurationRequest", given=_balanced,
         refused=_listening(DefaultActions=lambda given: _forward(given["far"])),
         accepted=_listening(DefaultActions=lambda given: _forward(given["groups"][1]))),
    Rule("a listener forwards to a group of its protocol", f"{API}/API_CreateListener.html", "create_listener",
         "IncompatibleProtocols", given=_balanced,
         refused=_listening(DefaultActions=lambda given: _forward(given["tcp"])),
         accepted=_listening(DefaultActions=lambda given: _forward(given["groups"][1]))),
    Rule("a redirect leads elsewhere", f"{API}/API_RedirectActionConfig.html", "create_listener",
         "InvalidLoadBalancerAction", given=_balanced, refused=_listening(DefaultActions=_redirect()),
         accepted=_listening(DefaultActions=_redirect(Protocol="HTTPS", Port="443"))),
    Rule("weights end at 999", f"{API}/API_TargetGroupTuple.html", "create_listener", "ValidationError", given=_balanced,
         refused=_listening(DefaultActions=lambda given: _forward((given["groups"][0], 1000), (given["groups"][1], 1))),
         accepted=_listening(DefaultActions=lambda given: _forward((given["groups"][0], 999), (given["groups"][1], 1)))),
    Rule("a request is verified with a trust store that exists", f"{GUIDE}/mutual-authentication.html",
         "create_trust_store", "CaCertificatesBundleNotFound", given=_stores, refused=_store("two", "none.pem"),
         accepted=_store("two")),
    Rule("a trust store holds certificates", f"{GUIDE}/mutual-authentication.html", "create_trust_store",
         "InvalidCaCertificatesBundle", given=_stores, refused=_store("two", "readme.txt"), accepted=_store("two")),
    Rule("a trust store's name is taken", f"{API}/API_CreateTrustStore.html", "create_trust_store",
         "DuplicateTrustStoreName", given=_stores, refused=_store("one"), accepted=_store("two")),
    Rule("a listener verifies with HTTPS only", f"{GUIDE}/mutual-authentication.html", "create_listener",
         "ValidationError", given=_balanced, refused=_listening(MutualAuthentication={"Mode": "passthrough"}),
         accepted=_listening(MutualAuthentication={"Mode": "off"})),
    Rule("a rule's priority is its own", f"{API}/API_CreateRule.html", "create_rule", "PriorityInUse", given=_balanced,
         refused=_rule(Priority=10), accepted=_rule(Priority=11)),
    Rule("a rule's priority ends at 50000", f"{API}/API_CreateRule.html", "create_rule", "ValidationError",
         given=_balanced, refused=_rule(Priority=50001), accepted=_rule(Priority=50000)),
    Rule("a rule answers the request last", f"{API}/API_CreateRule.html", "create_rule", "InvalidLoadBalancerAction",
         given=_balanced, refused=_rule(Actions=FIXED + FIXED), accepted=_rule(Actions=FIXED)),
    Rule("a rule looks at five values", f"{GUIDE}/load-balancer-limits.html", "create_rule",
         "ValidationError", given=_balanced,
         refused=_rule(Conditions=_paths(6)),
         accepted=_rule(Conditions=_paths(5))),
    Rule("a path has 128 characters", f"{API}/API_RuleCondition.html", "create_rule", "ValidationError", given=_balanced,
         refused=_rule(Conditions=[{"Field": "path-pattern", "Values": ["/" + "a" * 128]}]),
         accepted=_rule(Conditions=[{"Field": "path-pattern", "Values": ["/" + "a" * 127]}])),
    Rule("the default rule stays", f"{API}/API_DeleteRule.html", "delete_rule", "OperationNotPermitted", given=_balanced,
         refused=lambda world: {"RuleArn": world.given["default"]}, accepted=lambda world: {"RuleArn": world.given["rule"]}),
    Rule("a priority that is taken is not set", f"{API}/API_SetRulePriorities.html", "set_rule_priorities",
         "PriorityInUse", given=lambda world: _second_rule(world),
         refused=lambda world: {"RulePriorities": [{"RuleArn": world.given["rule"], "Priority": 11}]},
         accepted=lambda world: {"RulePriorities": [{"RuleArn": world.given["rule"], "Priority": 12}]}),
    Rule("a tag's key comes once", f"{API}/API_AddTags.html", "add_tags", "DuplicateTagKeys", given=_balanced,
         refused=lambda world: {"ResourceArns": [world.given["balancer"]], "Tags": [{"Key": "a"}, {"Key": "a"}]},
         accepted=lambda world: {"ResourceArns": [world.given["balancer"]], "Tags": [{"Key": "a"}, {"Key": "b"}]}),
    Rule("a resource has fifty tags", f"{GUIDE}/load-balancer-tags.html", "add_tags", "TooManyTags", given=_balanced,
         refused=lambda world: {"ResourceArns": [world.given["balancer"]], "Tags": _tags(51)},
         accepted=lambda world: {"ResourceArns": [world.given["balancer"]], "Tags": _tags(50)}),
]  # fmt: skip


def _second_rule(world):
    given = _balanced(world)
    world.elbv2.create_rule(ListenerArn=given["listener"], Priority=11, Conditions=PATH, Actions=FIXED)
    return given


def _tags(count):
    return [{"Key": str(number), "Value": "v"} for number in range(count)]
