# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon RDS refuses of subscriptions, backups in other regions and reservations."""

from tests.unit.sandbox.rule import Rule
from tests.unit.sandbox.rules.rds import API, CLASH, VALUE, made

SERVICE = "rds"
OFFERING = {"DBInstanceClass": "db.m7g.large", "MultiAZ": False}
NOWHERE = "00000000-0000-0000-0000-000000000000"


def _subscription(topic, **settings):
    return {"SubscriptionName": "alerts", "SnsTopicArn": topic, "SourceType": "db-instance"} | settings


def _topic(world):
    return world.sns.create_topic(Name="alerts")["TopicArn"]


def _two_regions(world):
    """The ARNs of an instance of the region, and of one of another."""
    made()(world)
    vpc = world.sandbox.client("ec2", "eu-west-1").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    here = world.rds.describe_db_instances()["DBInstances"][0]["DBInstanceArn"]
    return here, _instance_elsewhere(world, vpc)


def _instance_elsewhere(world, vpc):
    rds, ec2 = (world.sandbox.client(service, "eu-west-1") for service in ("rds", "ec2"))
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"eu-west-1{zone}")
        for number, zone in enumerate("ab")
    ]
    numbers = [subnet["Subnet"]["SubnetId"] for subnet in subnets]
    rds.create_db_subnet_group(DBSubnetGroupName="p", DBSubnetGroupDescription="p", SubnetIds=numbers)
    wanted = {"DBInstanceClass": "db.t4g.medium", "Engine": "postgres", "AllocatedStorage": 20}
    wanted |= {"MasterUsername": "app", "MasterUserPassword": "correct-horse-9", "DBSubnetGroupName": "p"}
    return rds.create_db_instance(DBInstanceIdentifier="db", **wanted)["DBInstance"]["DBInstanceArn"]


def _offering(world):
    found = world.rds.describe_reserved_db_instances_offerings(**OFFERING)["ReservedDBInstancesOfferings"]
    return found[0]["ReservedDBInstancesOfferingId"]


RULES = [
    Rule(
        says="a subscription's topic is there",
        page=f"{API}/API_CreateEventSubscription.html",
        operation="create_event_subscription",
        code="SNSTopicArnNotFound",
        given=_topic,
        refused=lambda world: _subscription(f"{world.given}s"),
        accepted=lambda world: _subscription(world.given),
    ),
    Rule(
        says="a subscription's sources are of a kind",
        page=f"{API}/API_CreateEventSubscription.html",
        operation="create_event_subscription",
        code=VALUE,
        given=_topic,
        refused=lambda world: _subscription(world.given, SourceType="instance"),
        accepted=lambda world: _subscription(world.given, SourceType="db-instance"),
    ),
    Rule(
        says="sources of events are named with their kind",
        page=f"{API}/API_DescribeEvents.html",
        operation="describe_events",
        code=CLASH,
        refused={"SourceIdentifier": "db"},
        accepted={"SourceIdentifier": "db", "SourceType": "db-instance"},
    ),
    Rule(
        says="backups are replicated from another region",
        page=f"{API}/API_StartDBInstanceAutomatedBackupsReplication.html",
        operation="start_db_instance_automated_backups_replication",
        code=CLASH,
        given=_two_regions,
        refused=lambda world: {"SourceDBInstanceArn": world.given[0]},
        accepted=lambda world: {"SourceDBInstanceArn": world.given[1]},
    ),
    Rule(
        says="a reservation is of an offering",
        page=f"{API}/API_PurchaseReservedDBInstancesOffering.html",
        operation="purchase_reserved_db_instances_offering",
        code="ReservedDBInstancesOfferingNotFound",
        given=_offering,
        refused={"ReservedDBInstancesOfferingId": NOWHERE},
        accepted=lambda world: {"ReservedDBInstancesOfferingId": world.given},
    ),
]
