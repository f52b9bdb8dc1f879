#!/usr/bin/env python3
"""Lists what is in the account that boto3 reaches, for the end of the demo: kind, name, id and a detail."""

import boto3


def name_of(resource):
    return next((tag["Value"] for tag in resource.get("Tags", []) if tag["Key"] == "Name"), "-")


def of_ec2(ec2):
    vpcs = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"]
    inside = [{"Name": "vpc-id", "Values": [vpc["VpcId"] for vpc in vpcs] or ["none"]}]
    for vpc in vpcs:
        yield "VPC", name_of(vpc), vpc["VpcId"], vpc["CidrBlock"]
    for subnet in ec2.describe_subnets(Filters=inside)["Subnets"]:
        yield "subnet", name_of(subnet), subnet["SubnetId"], f"{subnet['CidrBlock']} {subnet['AvailabilityZone']}"
    for gateway in ec2.describe_nat_gateways(Filters=inside)["NatGateways"]:
        yield "NAT gateway", name_of(gateway), gateway["NatGatewayId"], gateway["State"]
    for route_table in ec2.describe_route_tables(Filters=inside)["RouteTables"]:
        yield "route table", name_of(route_table), route_table["RouteTableId"], f"{len(route_table['Routes'])} routes"
    for acl in ec2.describe_network_acls(Filters=inside)["NetworkAcls"]:
        yield "network ACL", name_of(acl), acl["NetworkAclId"], f"{len(acl['Entries'])} entries"
    for group in ec2.describe_security_groups(Filters=inside)["SecurityGroups"]:
        rules = len(group["IpPermissions"]) + len(group["IpPermissionsEgress"])
        yield "security group", group["GroupName"], group["GroupId"], f"{rules} rules"
    for endpoint in ec2.describe_vpc_endpoints(Filters=inside)["VpcEndpoints"]:
        yield "VPC endpoint", name_of(endpoint), endpoint["VpcEndpointId"], endpoint["ServiceName"]
    for log in ec2.describe_flow_logs()["FlowLogs"]:
        yield "flow log", name_of(log), log["FlowLogId"], log["FlowLogStatus"]


def of_others(kms, ecr):
    for alias in kms.list_aliases()["Aliases"]:
        if "TargetKeyId" in alias and not alias["AliasName"].startswith("alias/aws/"):
            yield "KMS key", alias["AliasName"], alias["TargetKeyId"], ""
    for repository in ecr.describe_repositories()["repositories"]:
        yield "repository", repository["repositoryName"], repository["repositoryUri"], repository["imageTagMutability"]


def of_data(rds, secrets, s3):
    for instance in rds.describe_db_instances()["DBInstances"]:
        size = f"{instance['Engine']} {instance['EngineVersion']}, {instance['DBInstanceClass']}"
        yield "database", instance["DBInstanceIdentifier"], instance["DBInstanceStatus"], size
    for secret in secrets.list_secrets()["SecretList"]:
        yield "secret", secret["Name"], secret["ARN"].rpartition("-")[2], secret.get("Description", "")
    for bucket in s3.list_buckets()["Buckets"]:
        yield "bucket", bucket["Name"], "", ""


def of_compute(elbv2, ecs):
    for balancer in elbv2.describe_load_balancers()["LoadBalancers"]:
        arn = balancer["LoadBalancerArn"]
        ports = sorted(listener["Port"] for listener in elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"])
        yield "load balancer", balancer["LoadBalancerName"], balancer["State"]["Code"], f"listens on {ports}"
    for cluster in ecs.list_clusters()["clusterArns"]:
        arns = ecs.list_services(cluster=cluster)["serviceArns"]
        for service in ecs.describe_services(cluster=cluster, services=arns)["services"] if arns else ():
            tasks = f"{service['runningCount']} of {service['desiredCount']} tasks"
            yield "service", service["serviceName"], service["taskDefinition"].rpartition("/")[2], tasks


def of_watch(cloudwatch, scheduler):
    for alarm in cloudwatch.describe_alarms()["MetricAlarms"]:
        if not alarm["AlarmName"].startswith("TargetTracking-"):
            yield "alarm", alarm["AlarmName"], alarm["StateValue"], alarm.get("AlarmDescription", "")
    for schedule in scheduler.list_schedules()["Schedules"]:
        yield "schedule", schedule["Name"], schedule["State"], schedule["GroupName"]


def main():
    session = boto3.Session(region_name="us-east-1")
    rows = list(of_ec2(session.client("ec2")))
    rows += of_others(session.client("kms"), session.client("ecr"))
    rows += of_data(session.client("rds"), session.client("secretsmanager"), session.client("s3"))
    rows += of_compute(session.client("elbv2"), session.client("ecs"))
    rows += of_watch(session.client("cloudwatch"), session.client("scheduler"))
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0])).rstrip())


if __name__ == "__main__":
    main()
