# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resources a run's calls were about, named as plan.json names them.

A call says it by an id, an ARN or a name. Ids of what a service does not know by name are looked up in snapshots of the
account, taken before and after the run, and in what earlier calls created.

Some resources are part of another one, of which the plan speaks; they are all in ``Directory._whole``:

- the secret with a database's login is made by the module of the database, before the instance;
- a service registers its revisions of task definitions;
- rules are their listener's, and are listed with it;
- the record that proves a domain is its certificate's: what it is called is known only once there is a certificate.
"""

import re

import jmespath

from .account import name_of, tags_of

# Services that call what they have by ids of their own.
BY_ID = {"acm", "application-autoscaling", "ec2", "elbv2", "kms", "route53"}
# A kind of the snapshot: the type as the plan calls it, where that is another word.
TYPES = {
    "application-autoscaling/target": "scalable-target",
    "elbv2/load-balancer": "loadbalancer",
    "elbv2/target-group": "targetgroup",
    "kms/pending-deletion": "key",
    "route53/zone": "hostedzone",
}
# EC2's creating calls: the type as the plan calls it. Their names are in the tags.
CREATED = {
    "AllocateAddress": "elastic-ip",
    "CreateFlowLogs": "vpc-flow-log",
    "CreateInternetGateway": "internet-gateway",
    "CreateNatGateway": "natgateway",
    "CreateNetworkAcl": "network-acl",
    "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group",
    "CreateSubnet": "subnet",
    "CreateVpc": "vpc",
    "CreateVpcEndpoint": "vpc-endpoint",
}
# What other calls are about: the type of what is named, and where in the parameters its name, ARN or id is (JMESPath).
# A service's own entry is for those of its operations that have none; EC2 has none of its own, on purpose.
ABOUT = {
    "acm": ("certificate", "CertificateArn"),
    "acm.RequestCertificate": ("certificate", "Tags[?Key=='Name'].Value"),
    "application-autoscaling": ("scalable-target", "ResourceId || ResourceARN"),
    "cloudwatch": ("alarm", "AlarmName || AlarmNames || ResourceARN"),
    "cloudwatch.DeleteDashboards": ("dashboard", "DashboardNames"),
    "cloudwatch.PutDashboard": ("dashboard", "DashboardName"),
    "ec2.AssociateRouteTable": ("", "RouteTableId"),
    "ec2.AttachInternetGateway": ("", "InternetGatewayId"),
    "ec2.AuthorizeSecurityGroupEgress": ("", "GroupId"),
    "ec2.AuthorizeSecurityGroupIngress": ("", "GroupId"),
    "ec2.CreateNetworkAclEntry": ("", "NetworkAclId"),
    "ec2.CreateRoute": ("", "RouteTableId"),
    "ec2.CreateTags": ("", "Resources"),
    "ec2.DeleteFlowLogs": ("", "FlowLogIds"),
    "ec2.DeleteInternetGateway": ("", "InternetGatewayId"),
    "ec2.DeleteNatGateway": ("", "NatGatewayId"),
    "ec2.DeleteNetworkAcl": ("", "NetworkAclId"),
    "ec2.DeleteNetworkAclEntry": ("", "NetworkAclId"),
    "ec2.DeleteRoute": ("", "RouteTableId"),
    "ec2.DeleteRouteTable": ("", "RouteTableId"),
    "ec2.DeleteSecurityGroup": ("", "GroupId"),
    "ec2.DeleteSubnet": ("", "SubnetId"),
    "ec2.DeleteTags": ("", "Resources"),
    "ec2.DeleteVpc": ("", "VpcId"),
    "ec2.DeleteVpcEndpoints": ("", "VpcEndpointIds"),
    "ec2.DetachInternetGateway": ("", "InternetGatewayId"),
    "ec2.DisassociateRouteTable": ("", "AssociationId"),
    "ec2.ModifySecurityGroupRules": ("", "GroupId"),
    "ec2.ModifySubnetAttribute": ("", "SubnetId"),
    "ec2.ModifyVpcAttribute": ("", "VpcId"),
    "ec2.ModifyVpcEndpoint": ("", "VpcEndpointId"),
    "ec2.ReleaseAddress": ("", "AllocationId"),
    "ec2.ReplaceNetworkAclAssociation": ("", "NetworkAclId"),
    "ec2.ReplaceNetworkAclEntry": ("", "NetworkAclId"),
    "ec2.ReplaceRoute": ("", "RouteTableId"),
    "ec2.ReplaceRouteTableAssociation": ("", "RouteTableId"),
    "ec2.RevokeSecurityGroupEgress": ("", "GroupId"),
    "ec2.RevokeSecurityGroupIngress": ("", "GroupId"),
    "ec2.UpdateSecurityGroupRuleDescriptionsEgress": ("", "GroupId"),
    "ec2.UpdateSecurityGroupRuleDescriptionsIngress": ("", "GroupId"),
    "ecr": ("repository", "repositoryName || resourceArn"),
    "ecs": ("service", "service || serviceName || resourceArn"),
    "ecs.CreateCluster": ("cluster", "clusterName"),
    "ecs.DeleteCluster": ("cluster", "cluster"),
    "ecs.DeleteTaskDefinitions": ("task-definition", "taskDefinitions"),
    "ecs.DeregisterTaskDefinition": ("task-definition", "taskDefinition"),
    "ecs.PutClusterCapacityProviders": ("cluster", "cluster"),
    "ecs.RegisterTaskDefinition": ("task-definition", "family"),
    "ecs.RunTask": ("task", "taskDefinition"),
    "ecs.StopTask": ("task", "task"),
    "ecs.UpdateCluster": ("cluster", "cluster"),
    "elbv2": ("", "ListenerArn || RuleArn || TargetGroupArn || LoadBalancerArn || ResourceArns"),
    "elbv2.CreateListener": ("listener", "Tags[?Key=='Name'].Value"),
    "elbv2.CreateLoadBalancer": ("loadbalancer", "Name"),
    "elbv2.CreateTargetGroup": ("targetgroup", "Name"),
    "elbv2.SetRulePriorities": ("", "RulePriorities[].RuleArn"),
    "iam": ("role", "RoleName"),
    "kms": ("", "TargetKeyId || KeyId || AliasName"),
    "kms.CreateKey": ("key", "Tags[?TagKey=='Name'].TagValue"),
    "logs": ("log-group", "logGroupName || resourceArn || resourceIdentifier"),
    "logs.DeleteMetricFilter": ("metric-filter", "filterName"),
    "logs.PutMetricFilter": ("metric-filter", "filterName"),
    "rds": ("db", "DBInstanceIdentifier || ResourceName"),
    "rds.CreateDBParameterGroup": ("pg", "DBParameterGroupName"),
    "rds.CreateDBSnapshot": ("snapshot", "DBSnapshotIdentifier"),
    "rds.CreateDBSubnetGroup": ("subgrp", "DBSubnetGroupName"),
    "rds.DeleteDBParameterGroup": ("pg", "DBParameterGroupName"),
    "rds.DeleteDBSnapshot": ("snapshot", "DBSnapshotIdentifier"),
    "rds.DeleteDBSubnetGroup": ("subgrp", "DBSubnetGroupName"),
    "rds.ModifyDBParameterGroup": ("pg", "DBParameterGroupName"),
    "rds.ModifyDBSubnetGroup": ("subgrp", "DBSubnetGroupName"),
    "rds.ResetDBParameterGroup": ("pg", "DBParameterGroupName"),
    "route53": ("hostedzone", "HostedZoneId || ResourceId || Id"),
    "route53.ChangeResourceRecordSets": (
        "record",
        "ChangeBatch.Changes[].ResourceRecordSet.join(' ', [Name, Type])",
    ),
    "route53.CreateHostedZone": ("hostedzone", "Name"),
    "s3": ("bucket", "Bucket"),
    "scheduler": ("schedule", "Name || ResourceArn"),
    "scheduler.CreateScheduleGroup": ("schedule-group", "Name"),
    "scheduler.DeleteScheduleGroup": ("schedule-group", "Name"),
    "secretsmanager": ("secret", "Name || SecretId"),
    "sns": ("topic", "Name || TopicArn || ResourceArn || SubscriptionArn"),
    "wafv2": ("webacl", "Name || ResourceARN || WebACLArn"),
    "wafv2.DeleteLoggingConfiguration": ("webacl", "ResourceArn"),
    "wafv2.DisassociateWebACL": ("loadbalancer", "ResourceArn"),
    "wafv2.PutLoggingConfiguration": ("webacl", "LoggingConfiguration.ResourceArn"),
}
# How a service's ARN ends: the type, empty where the ARN has none, and the name.
ARN = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:(.*)")
NAME_IN_ARN = {
    "cloudwatch": re.compile(r"(alarm|dashboard)[:/](.+)"),
    "ecr": re.compile(r"(repository)/(.+)"),
    "ecs": re.compile(r"(cluster|service|task|task-definition)/(?:.*/)?([^/:]+)(?::\d+)?"),
    "logs": re.compile(r"(log-group):(.+?)(?::\*)?"),
    "rds": re.compile(r"(db|pg|snapshot|subgrp):(.+)"),
    "scheduler": re.compile(r"(schedule-group|schedule)/(?:.*/)?(.+)"),
    "secretsmanager": re.compile(r"(secret):(.+)-\w{6}"),
    "sns": re.compile(r"()([^:]+)(?::.*)?"),
    "wafv2": re.compile(r"(?:regional|global)/(webacl)/([^/]+)/.*"),
}
REVISION = re.compile(r":\d+$")
PROOF = re.compile(r"_[0-9a-f]+\.(.+?)\.? CNAME")


class Directory:
    """Which resource an id belongs to, from what the account holds at times and what calls create."""

    def __init__(self, *snapshots):
        self.known = {}  # id: resource
        self.owners = {}  # part: the resource that the plan speaks of
        for snapshot in snapshots:
            for kind, items in snapshot.items():
                for key, item in items.items():
                    self._enter(kind, key, item)
            self._enter_parts(snapshot)

    def _enter(self, kind, key, item):
        service, _slash, type_ = kind.partition("/")
        if service not in BY_ID or kind in ("kms/alias", "elbv2/rule"):
            return
        resource = (service, TYPES.get(kind, type_), name_of(kind, item).rstrip("."))
        self.known[last(item.get("ScalableTargetARN", key))] = resource
        for association in item.get("Associations", []):
            for member in ("RouteTableAssociationId", "NetworkAclAssociationId"):
                if member in association:
                    self.known[association[member]] = resource

    def _enter_parts(self, snapshot):
        """Enter what is part of something else; see the top of the file."""
        for alias in snapshot.get("kms/alias", {}).values():
            self.known[last(alias["AliasName"])] = self.known[alias["TargetKeyId"]]
        for rule in snapshot.get("elbv2/rule", {}).values():
            listener = rule["RuleArn"].rpartition("/")[0]
            self.known[last(rule["RuleArn"])] = self.known[last(listener)]
        for acl in snapshot.get("wafv2/web-acl", {}).values():
            for arn in acl["Resources"] or []:
                self.owners["wafv2", "loadbalancer", last(arn)] = ("wafv2", "webacl", acl["Name"])
        for service in snapshot.get("ecs/service", {}).values():
            family = REVISION.sub("", last(service["taskDefinition"]))
            self.owners["ecs", "task-definition", family] = ("ecs", "service", service["serviceName"])
        databases = {_made_by(item): item["DBInstanceIdentifier"] for item in snapshot.get("rds/db", {}).values()}
        for kind in ("secretsmanager/secret", "secretsmanager/pending-deletion"):
            for secret in snapshot.get(kind, {}).values():
                if _made_by(secret) in databases:
                    owner = ("rds", "db", databases[_made_by(secret)])
                    self.owners["secretsmanager", "secret", secret["Name"]] = owner
        for certificate in snapshot.get("acm/certificate", {}).values():
            for proof in certificate["DomainValidationOptions"]:
                self.owners["acm", "proof", proof["DomainName"]] = ("acm", "certificate", tags_of(certificate)["Name"])

    def resources(self, call):
        """The set of (service, type, name) that a mutating call is about; AssertionError if nothing says so."""
        service, operation, parameters = call["service"], call["operation"], call["parameters"]
        if service == "ec2" and operation in CREATED:
            tags = [tag for one in parameters.get("TagSpecifications", []) for tag in one.get("Tags", [])]
            found = {("ec2", CREATED[operation], parameters.get("GroupName") or tags_of({"Tags": tags}).get("Name"))}
        else:
            type_, where = ABOUT.get(f"{service}.{operation}") or ABOUT.get(service) or ("", "''")
            values = jmespath.search(where, parameters)
            values = values if isinstance(values, list) else [values]
            found = {self._resource(service, type_, value) for value in values if value}
        assert found and all(one and one[2] for one in found), f"what is {service}.{operation} about? {parameters}"
        if service in BY_ID and len(found) == 1:
            # Associations and the like that a call makes belong to what it is about.
            self.known.update((last(identifier), *found) for identifier in call["created"])
        return found

    def _resource(self, service, type_, value):
        if service in BY_ID and last(value) in self.known:
            return self.known[last(value)]
        arn = ARN.match(value)
        if arn and service in NAME_IN_ARN:
            found = NAME_IN_ARN[service].fullmatch(arn[1])
            type_, value = (found[1] or type_, found[2]) if found else (type_, last(value))
        return type_ and self._whole((service, type_, value.rstrip(".")))

    def _whole(self, resource):
        """The resource that the plan speaks of."""
        service, type_, name = resource
        if service == "ecs" and type_ in ("task", "task-definition"):
            resource = (service, type_, REVISION.sub("", name))
        proof = PROOF.fullmatch(name) if type_ == "record" else None
        if proof:
            resource = ("acm", "proof", proof[1])
        return self.owners.get(resource, (service, type_, name) if proof else resource)


def last(path):
    """The end of an ARN, an id or a key of a snapshot, which is what makes it different from others."""
    return path.rpartition("/")[2]


def _made_by(item):
    """What the tags of a resource say about who made it."""
    tags = tags_of(item)
    return tuple(tags.get(name) for name in ("Platform", "Environment", "ManagedBy", "Component"))


def resources(calls, *snapshots):
    """The set of (service, type, name) that mutating calls are about.

    The snapshots, before and after the calls, say what was there already and what AWS made by itself.
    """
    directory = Directory(*snapshots)
    done = [call for call in calls if call["mutating"] and call["outcome"] == "ok"]
    return set().union(*(directory.resources(call) for call in done))


def planned_resources(plan):
    """The set of (service, type, name) of a plan.json."""
    return {(change["service"], change["type"], change["name"]) for change in plan["changes"]}
