# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the internet meets: names, certificates, load balancers, firewalls."""

TAGS_AT_ONCE = 20  # DescribeTags of load balancing takes no more
KEY_TYPES = (
    "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1",
)  # fmt: skip


def read_certificates(view):
    """Certificates of all key types; without being asked, AWS lists only some."""
    for listed in view.all("list_certificates", "CertificateSummaryList", Includes={"keyTypes": list(KEY_TYPES)}):
        arn = {"CertificateArn": listed["CertificateArn"]}
        certificate = view.client.describe_certificate(**arn)["Certificate"]
        certificate["Tags"] = view.part("list_tags_for_certificate", "Tags", **arn)
        view.add("acm/certificate", listed["CertificateArn"].rpartition("/")[2], certificate)


def read_balancers(view):
    """Load balancers with their listeners and rules, and target groups."""
    balancers = view.all("describe_load_balancers", "LoadBalancers")
    groups = view.all("describe_target_groups", "TargetGroups")
    for balancer in balancers:
        arn = {"LoadBalancerArn": balancer["LoadBalancerArn"]}
        balancer["Attributes"] = view.part("describe_load_balancer_attributes", "Attributes", **arn)
    for group in groups:
        arn = {"TargetGroupArn": group["TargetGroupArn"]}
        group["Attributes"] = view.part("describe_target_group_attributes", "Attributes", **arn)
    _add_tagged(view, "load-balancer", balancers, "LoadBalancerArn")
    _add_tagged(view, "target-group", groups, "TargetGroupArn")
    for balancer in balancers:
        _read_listeners(view, balancer["LoadBalancerArn"])


def _read_listeners(view, balancer):
    listeners = view.all("describe_listeners", "Listeners", LoadBalancerArn=balancer)
    for listener in listeners:
        arn = {"ListenerArn": listener["ListenerArn"]}
        listener["Attributes"] = view.part("describe_listener_attributes", "Attributes", **arn)
        listener["Certificates"] = view.all("describe_listener_certificates", "Certificates", **arn)
        rules = [rule for rule in view.all("describe_rules", "Rules", **arn) if not rule["IsDefault"]]
        _add_tagged(view, "rule", rules, "RuleArn")
    _add_tagged(view, "listener", listeners, "ListenerArn")


def _add_tagged(view, kind, items, member):
    tags = {}
    for first in range(0, len(items), TAGS_AT_ONCE):
        arns = [item[member] for item in items[first : first + TAGS_AT_ONCE]]
        described = view.client.describe_tags(ResourceArns=arns)["TagDescriptions"]
        tags.update((entry["ResourceArn"], entry["Tags"]) for entry in described)
    for item in items:
        item["Tags"] = tags.get(item[member], [])
        view.add(f"elbv2/{kind}", item[member].split("/", 1)[1], item)


def read_firewalls(view, scope="REGIONAL"):
    """Web ACLs and IP sets of a scope."""
    for listed in view.client.list_web_acls(Scope=scope)["WebACLs"]:
        acl = view.client.get_web_acl(Name=listed["Name"], Scope=scope, Id=listed["Id"])["WebACL"]
        acl["Tags"] = _firewall_tags(view, acl["ARN"])
        acl["Logging"] = view.part("get_logging_configuration", "LoggingConfiguration", ResourceArn=acl["ARN"])
        if scope == "REGIONAL":
            acl["Resources"] = view.part("list_resources_for_web_acl", "ResourceArns", WebACLArn=acl["ARN"])
        view.add("wafv2/web-acl", f"{listed['Name']}/{listed['Id']}", acl)
    for listed in view.client.list_ip_sets(Scope=scope)["IPSets"]:
        addresses = view.client.get_ip_set(Name=listed["Name"], Scope=scope, Id=listed["Id"])["IPSet"]
        addresses["Tags"] = _firewall_tags(view, addresses["ARN"])
        view.add("wafv2/ip-set", f"{listed['Name']}/{listed['Id']}", addresses)


def _firewall_tags(view, arn):
    return view.client.list_tags_for_resource(ResourceARN=arn)["TagInfoForResource"].get("TagList", [])


def read_global_firewalls(view):
    """Web ACLs of CloudFront."""
    read_firewalls(view, "CLOUDFRONT")


def read_zones(view):
    """Zones with their records."""
    for listed in view.all("list_hosted_zones", "HostedZones"):
        number = listed["Id"].rpartition("/")[2]
        zone = view.get("get_hosted_zone", Id=number)
        zone["Records"] = view.all("list_resource_record_sets", "ResourceRecordSets", HostedZoneId=number)
        tags = view.client.list_tags_for_resource(ResourceType="hostedzone", ResourceId=number)
        zone["Tags"] = tags["ResourceTagSet"].get("Tags", [])
        view.add_global("route53/zone", f"global/{number}", zone)


def read_names(view):
    """Zones and health checks."""
    read_zones(view)
    for check in view.all("list_health_checks", "HealthChecks"):
        tags = view.client.list_tags_for_resource(ResourceType="healthcheck", ResourceId=check["Id"])
        check["Tags"] = tags["ResourceTagSet"].get("Tags", [])
        view.add_global("route53/health-check", f"global/{check['Id']}", check)


READERS = {"acm": read_certificates, "elbv2": read_balancers, "wafv2": read_firewalls}
GLOBAL_READERS = {"route53": read_names, "wafv2": read_global_firewalls}
