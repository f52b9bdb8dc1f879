# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What boto3 shows of the account at one moment."""

# The member that names a resource where it is not the tag Name.
NAME = {
    "application-autoscaling/policy": "PolicyName",
    "application-autoscaling/target": "ResourceId",
    "cloudwatch/alarm": "AlarmName",
    "cloudwatch/dashboard": "DashboardName",
    "ec2/security-group": "GroupName",
    "ecr/repository": "repositoryName",
    "ecs/cluster": "clusterName",
    "ecs/service": "serviceName",
    "ecs/task-definition": "family",
    "elbv2/load-balancer": "LoadBalancerName",
    "elbv2/target-group": "TargetGroupName",
    "iam/role": "RoleName",
    "kms/alias": "AliasName",
    "logs/log-group": "logGroupName",
    "logs/metric-filter": "filterName",
    "rds/db": "DBInstanceIdentifier",
    "rds/parameter-group": "DBParameterGroupName",
    "rds/snapshot": "DBSnapshotIdentifier",
    "rds/subnet-group": "DBSubnetGroupName",
    "s3/bucket": "Name",
    "scheduler/group": "Name",
    "scheduler/schedule": "Name",
    "secretsmanager/pending-deletion": "Name",
    "secretsmanager/secret": "Name",
    "sns/topic": "DisplayName",
    "wafv2/web-acl": "Name",
}
# What AWS makes beside what it is asked for: it has no name and no tags.
BESIDE = {"ec2/network-interface", "ecs/task"}
# What a teardown leaves: what waits for its deletion, which nothing can hurry, and what is meant to stay.
KEPT = {"kms/pending-deletion", "rds/snapshot", "route53/zone", "secretsmanager/pending-deletion"}


class Account:
    """What is there: {kind: {name: description}}, see sandbox/snapshot."""

    def __init__(self, sandbox, region=None):
        self.snapshot = sandbox.snapshot(region and [region])

    def names(self, kind):
        """The names of a kind, sorted; what AWS makes beside what it is asked for has none."""
        return sorted(self.of(kind))

    def every(self, kind):
        """(name, description) of the resources of a kind; the name of some is empty."""
        return [(name_of(kind, item), item) for item in self.snapshot.get(kind, {}).values()]

    def of(self, kind):
        """The named resources of a kind by name. A name that is there twice fails, but for what every VPC has."""
        found = {}
        for name, item in self.every(kind):
            assert name not in found or name == "default", f"{kind} {name} is there twice"
            if name:
                found[name] = item
        return found

    def one(self, kind, name=None):
        """A resource by name, or the only one of its kind."""
        named = self.of(kind)
        if name is None:
            assert len(named) == 1, f"{kind}: {sorted(named)}"
            return next(iter(named.values()))
        assert name in named, f"no {kind} {name}, there are {sorted(named)}"
        return named[name]


def name_of(kind, item):
    """What a resource is called; empty where it has no name."""
    if kind == "route53/zone":
        return item["HostedZone"]["Name"]
    return item.get(NAME[kind], "") if kind in NAME else tags_of(item).get("Name", "")


def tags_of(item):
    """The tags of a resource as a dict, whatever its service calls them."""
    for member in ("Tags", "TagSet", "TagList", "tags"):
        tags = item.get(member)
        if isinstance(tags, dict):
            return tags
        if tags:
            lower = [{member.lower(): value for member, value in tag.items()} for tag in tags]
            return {tag.get("key", tag.get("tagkey")): tag.get("value", tag.get("tagvalue", "")) for tag in lower}
    return {}


def without_kept(snapshot):
    """A snapshot without what a teardown leaves."""
    return {kind: items for kind, items in snapshot.items() if kind not in KEPT}


def make_delegated_zone(sandbox, name="dougust.com"):
    """A zone of somebody else that the whole internet finds: certificates of its names are issued at once."""
    route53 = sandbox.client("route53", recorded=False)
    route53.create_hosted_zone(Name=name, CallerReference=name)
    sandbox.delegate(name)
