# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Amazon Route 53 has."""

import json

ALIAS = {"HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": "d1234.cloudfront.net.", "EvaluateTargetHealth": False}
WRITE = {
    "Effect": "Allow",
    "Principal": {"Service": "route53.amazonaws.com"},
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": "*",
}


def _zone(probe, name="example.com", **more):
    route53 = probe.client("route53")
    return route53.create_hosted_zone(Name=name, CallerReference=name, **more)["HostedZone"]["Id"].rpartition("/")[2]


def _vpc(probe, block="10.0.0.0/16"):
    return probe.client("ec2").create_vpc(CidrBlock=block)["Vpc"]["VpcId"]


def zone(probe):
    route53 = probe.client("route53")
    wanted = {"Name": "example.com.", "CallerReference": "one"}
    made = probe.does(route53.create_hosted_zone, **wanted, HostedZoneConfig={"Comment": "ours"})
    number, servers = made["HostedZone"]["Id"], made["DelegationSet"]["NameServers"]
    shown = wanted | {"Config": {"Comment": "ours", "PrivateZone": False}, "ResourceRecordSetCount": 2}
    shown = {"HostedZone": shown, "DelegationSet": {"NameServers": servers}}
    probe.shows(shown, route53.get_hosted_zone, Id=number)
    probe.shows({"Id": number, "Name": "example.com."}, route53.list_hosted_zones, "HostedZones.0")
    probe.shows({"Id": number}, route53.list_hosted_zones_by_name, "HostedZones.0", DNSName="example.com")
    probe.shows({"HostedZoneCount": 1}, route53.get_hosted_zone_count)
    probe.does(route53.update_hosted_zone_comment, Id=number, Comment="theirs")
    probe.shows({"Comment": "theirs"}, route53.get_hosted_zone, "HostedZone.Config", Id=number)
    change = probe.does(route53.delete_hosted_zone, Id=number)["ChangeInfo"]["Id"]
    probe.shows({"Id": change, "Status": "INSYNC"}, route53.get_change, "ChangeInfo", Id=change)
    probe.lacks(route53.get_hosted_zone, "NoSuchHostedZone", Id=number)


def records(probe):
    route53, number = probe.client("route53"), _zone(probe)
    check = _health_check(route53, "one", Type="TCP", IPAddress="192.0.46.8", Port=443)["Id"]
    plain = {"Name": "a.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    primary = plain | {"Name": "b.example.com.", "SetIdentifier": "1", "Failover": "PRIMARY", "HealthCheckId": check}
    alias = {"Name": "c.example.com.", "Type": "A", "AliasTarget": ALIAS}
    text = {"Name": "d.example.com.", "Type": "TXT", "TTL": 5, "ResourceRecords": [{"Value": '"v=spf1 -all"'}]}
    for wanted in (plain, primary, alias, text):
        _change(probe, number, "CREATE", wanted)
        begin = {"StartRecordName": wanted["Name"], "StartRecordType": wanted["Type"]}
        probe.shows(wanted, route53.list_resource_record_sets, "ResourceRecordSets.0", HostedZoneId=number, **begin)
    changed = plain | {"ResourceRecords": [{"Value": "192.0.2.2"}]}
    _change(probe, number, "UPSERT", changed)
    asked = {"HostedZoneId": number, "RecordName": "a.example.com", "RecordType": "A"}
    probe.shows({"RecordData": ["192.0.2.2"], "ResponseCode": "NOERROR"}, route53.test_dns_answer, **asked)
    _change(probe, number, "DELETE", changed)
    probe.shows({"ResponseCode": "NXDOMAIN"}, route53.test_dns_answer, **asked)
    limit = {"Limit": {"Type": "MAX_RRSETS_BY_ZONE", "Value": 10000}, "Count": 5}
    probe.shows(limit, route53.get_hosted_zone_limit, HostedZoneId=number, Type="MAX_RRSETS_BY_ZONE")


def _change(probe, number, action, record):
    batch = {"Comment": "c", "Changes": [{"Action": action, "ResourceRecordSet": record}]}
    probe.does(probe.client("route53").change_resource_record_sets, HostedZoneId=number, ChangeBatch=batch)


def private_zone(probe):
    route53, first, second = probe.client("route53"), _vpc(probe), _vpc(probe, "10.1.0.0/16")
    one, two = ({"VPCRegion": "eu-central-1", "VPCId": vpc} for vpc in (first, second))
    number = _zone(probe, "internal", VPC=one)
    probe.does(route53.associate_vpc_with_hosted_zone, HostedZoneId=number, VPC=two)
    shown = {"HostedZone": {"Config": {"PrivateZone": True}}, "VPCs": [one, two]}
    probe.shows(shown, route53.get_hosted_zone, Id=number)
    summary = {"HostedZoneId": number, "Name": "internal.", "Owner": {"OwningAccount": "123456789012"}}
    probe.shows(summary, route53.list_hosted_zones_by_vpc, "HostedZoneSummaries.0", **two)
    probe.does(route53.disassociate_vpc_from_hosted_zone, HostedZoneId=number, VPC=one)
    probe.shows([two], route53.get_hosted_zone, "VPCs", Id=number)


def vpc_of_another_account(probe):
    route53, number = probe.client("route53"), _zone(
        probe, "internal", VPC={"VPCRegion": "eu-central-1", "VPCId": _vpc(probe)}
    )
    other = {"VPCRegion": "eu-central-1", "VPCId": "vpc-0123456789abcdef0"}
    probe.does(route53.create_vpc_association_authorization, HostedZoneId=number, VPC=other)
    probe.shows([other], route53.list_vpc_association_authorizations, "VPCs", HostedZoneId=number)
    probe.does(route53.delete_vpc_association_authorization, HostedZoneId=number, VPC=other)
    probe.lacks(route53.list_vpc_association_authorizations, path="VPCs", HostedZoneId=number)


def _health_check(route53, reference, **config):
    return route53.create_health_check(CallerReference=reference, HealthCheckConfig=config)["HealthCheck"]


def health_check(probe):
    route53 = probe.client("route53")
    wanted = {
        "Type": "HTTPS_STR_MATCH", "FullyQualifiedDomainName": "www.example.com", "Port": 8443, "ResourcePath": "/up",
        "SearchString": "fine", "RequestInterval": 10, "FailureThreshold": 2, "MeasureLatency": True,
        "Inverted": True, "Disabled": False, "EnableSNI": True, "Regions": ["eu-west-1", "us-east-1", "us-west-2"],
    }  # fmt: skip
    number = probe.does(route53.create_health_check, CallerReference="one", HealthCheckConfig=wanted)["HealthCheck"][
        "Id"
    ]
    shown = {"CallerReference": "one", "HealthCheckVersion": 1, "HealthCheckConfig": wanted}
    probe.shows(shown, route53.get_health_check, "HealthCheck", HealthCheckId=number)
    probe.shows({"Id": number, "HealthCheckConfig": wanted}, route53.list_health_checks, "HealthChecks.0")
    probe.shows({"HealthCheckCount": 1}, route53.get_health_check_count)
    limit = {"Limit": {"Type": "MAX_HEALTH_CHECKS_BY_OWNER", "Value": 200}, "Count": 1}
    probe.shows(limit, route53.get_account_limit, Type="MAX_HEALTH_CHECKS_BY_OWNER")
    new = {"ResourcePath": "/health", "FailureThreshold": 5, "Inverted": False}
    probe.does(route53.update_health_check, HealthCheckId=number, HealthCheckVersion=1, **new)
    shown = {"HealthCheckVersion": 2, "HealthCheckConfig": wanted | new}
    probe.shows(shown, route53.get_health_check, "HealthCheck", HealthCheckId=number)
    tags = [{"Key": "a", "Value": "b"}]
    tagged = {"ResourceType": "healthcheck", "ResourceId": number}
    probe.does(route53.change_tags_for_resource, **tagged, AddTags=tags)
    probe.shows(tags, route53.list_tags_for_resource, "ResourceTagSet.Tags", **tagged)
    probe.does(route53.change_tags_for_resource, **tagged, RemoveTagKeys=["a"])
    probe.lacks(route53.list_tags_for_resource, path="ResourceTagSet.Tags", **tagged)
    probe.does(route53.delete_health_check, HealthCheckId=number)
    probe.lacks(route53.get_health_check, "NoSuchHealthCheck", HealthCheckId=number)


def other_health_checks(probe):
    route53, cloudwatch = probe.client("route53"), probe.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="down", MetricName="m", Namespace="n", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    alarm = {"Region": "eu-central-1", "Name": "down"}
    wanted = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": alarm, "InsufficientDataHealthStatus": "Unhealthy"}
    one = probe.does(route53.create_health_check, CallerReference="one", HealthCheckConfig=wanted)["HealthCheck"]["Id"]
    probe.shows(wanted, route53.get_health_check, "HealthCheck.HealthCheckConfig", HealthCheckId=one)
    wanted = {"Type": "CALCULATED", "HealthThreshold": 1, "ChildHealthChecks": [one]}
    two = probe.does(route53.create_health_check, CallerReference="two", HealthCheckConfig=wanted)["HealthCheck"]["Id"]
    probe.shows(wanted, route53.get_health_check, "HealthCheck.HealthCheckConfig", HealthCheckId=two)


def tags(probe):
    route53, number = probe.client("route53"), _zone(probe)
    wanted = [{"Key": "a", "Value": "b"}]
    tagged = {"ResourceType": "hostedzone"}
    probe.does(route53.change_tags_for_resource, **tagged, ResourceId=number, AddTags=wanted)
    shown = {"ResourceId": number, "Tags": wanted}
    probe.shows(shown, route53.list_tags_for_resources, "ResourceTagSets.0", **tagged, ResourceIds=[number])


def query_logging(probe):
    route53, logs, number = probe.client("route53"), probe.client("logs", "us-east-1"), _zone(probe)
    logs.create_log_group(logGroupName="/dns")
    document = json.dumps({"Version": "2012-10-17", "Statement": WRITE})
    logs.put_resource_policy(policyName="dns", policyDocument=document)
    wanted = {
        "HostedZoneId": number,
        "CloudWatchLogsLogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:/dns",
    }
    made = probe.does(route53.create_query_logging_config, **wanted)["QueryLoggingConfig"]["Id"]
    probe.shows(wanted, route53.get_query_logging_config, "QueryLoggingConfig", Id=made)
    probe.shows({"Id": made} | wanted, route53.list_query_logging_configs, "QueryLoggingConfigs.0")
    probe.does(route53.delete_query_logging_config, Id=made)
    probe.lacks(route53.get_query_logging_config, "NoSuchQueryLoggingConfig", Id=made)


def reusable_delegation_set(probe):
    route53 = probe.client("route53")
    made = probe.does(route53.create_reusable_delegation_set, CallerReference="one")["DelegationSet"]
    probe.shows(made, route53.get_reusable_delegation_set, "DelegationSet", Id=made["Id"])
    probe.shows(made, route53.list_reusable_delegation_sets, "DelegationSets.0")
    number = _zone(probe, DelegationSetId=made["Id"])
    assert route53.get_hosted_zone(Id=number)["DelegationSet"]["NameServers"] == made["NameServers"]
    kind = {"Type": "MAX_ZONES_BY_REUSABLE_DELEGATION_SET"}
    shown = {"Limit": {**kind, "Value": 100}, "Count": 1}
    probe.shows(shown, route53.get_reusable_delegation_set_limit, DelegationSetId=made["Id"], **kind)
    route53.delete_hosted_zone(Id=number)
    probe.does(route53.delete_reusable_delegation_set, Id=made["Id"])
    probe.lacks(route53.get_reusable_delegation_set, "NoSuchDelegationSet", Id=made["Id"])
