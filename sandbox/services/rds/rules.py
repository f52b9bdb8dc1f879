# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What RDS refuses in the settings of an instance, whether it is new, modified, restored or a replica."""

import re

from ...errors import AwsError
from .. import backend
from .catalog import CERTIFICATES, CLASSES, LOG_TYPES, STORAGE, family_of
from .parameters import require_group
from .subnets import require_subnet_group
from .windows import check_maintenance, check_windows

GP3_STRIPED = 400  # GiB from which on gp3 has more, and adjustable, performance
GP3_BASELINES = {False: (3000, 125), True: (12000, 500)}  # by whether it is striped
MONITORING = (0, 1, 5, 10, 15, 30, 60)
INSIGHTS_ADVANCED_DAYS = 465
RESERVED_USERS = {"admin", "rdsadmin", "rdsrepladmin", "rds_superuser", "pg_monitor", "public", "user", "none"}


def invalid(message):
    """A value that AWS refuses."""
    return AwsError("InvalidParameterValue", message)


def clash(message):
    """Values that AWS refuses together."""
    return AwsError("InvalidParameterCombination", message)


def check_settings(call, settings):
    """Refuse settings of an instance that AWS refuses."""
    if settings["DBInstanceClass"] not in CLASSES:
        raise invalid(f"Invalid DB Instance class: {settings['DBInstanceClass']}")
    for rule in (_check_storage, check_windows, _check_backups, _check_insights, _check_small):
        rule(settings)
    for rule in (_check_monitoring, _check_network, _check_groups, _check_keys):
        rule(call, settings)


def check_cluster(call, settings):
    """Refuse settings of a cluster that AWS refuses."""
    if not settings["BackupRetentionPeriod"]:
        raise invalid("Invalid backup retention period: 0. Must be between 1 and 35")
    for rule in (check_windows, _check_backups, _check_insights, _check_logs, _check_port):
        rule(settings)
    for rule in (_check_monitoring, _check_network, _check_keys):
        rule(call, settings)


def check_member(call, settings):
    """Refuse settings of an instance of a cluster that AWS refuses."""
    for rule in (check_maintenance, _check_insights, _check_certificate):
        rule(settings)
    for rule in (_check_monitoring, _check_groups):
        rule(call, settings)


def _check_storage(settings):
    kind, size = settings["StorageType"], settings["AllocatedStorage"]
    if kind not in STORAGE:
        raise invalid(f"Invalid storage type: {kind}")
    minimum, maximum = STORAGE[kind]
    if not minimum <= size <= maximum:
        message = f"Invalid storage size for engine name postgres and storage type {kind}: {size}"
        raise clash(message)
    if kind in ("io1", "io2") and not 1000 <= (settings.get("Iops") or 0) <= 256000:
        raise clash(f"You must specify an Iops value between 1000 and 256000 for storage type {kind}.")
    if kind == "gp3":
        low_iops, low_throughput = GP3_BASELINES[size >= GP3_STRIPED]
        if not low_iops <= settings["Iops"] <= 64000 or not low_throughput <= settings["StorageThroughput"] <= 4000:
            raise clash(f"Invalid iops or storage throughput for {size} GiB of storage type gp3.")


def check_performance(parameters, settings):
    """What may be asked of a kind of storage, which its settings no longer show."""
    asked = [name for name in ("Iops", "StorageThroughput") if parameters.get(name)]
    if asked and settings["StorageType"] == "gp3" and settings["AllocatedStorage"] < GP3_STRIPED:
        message = "You can't specify IOPS or storage throughput for engine postgres and a storage size less than 400."
        raise clash(message)
    if asked and settings["StorageType"] in ("gp2", "standard"):
        raise clash(f"You can't specify IOPS or storage throughput for storage type {settings['StorageType']}.")


def complete_storage(settings, asked):
    """What AWS fills in: the baseline of gp3, and nothing where there is nothing to adjust."""
    if settings["StorageType"] == "gp3":
        iops, throughput = GP3_BASELINES[settings["AllocatedStorage"] >= GP3_STRIPED]
        settings["Iops"] = asked.get("Iops") or max(settings.get("Iops") or 0, iops)
        settings["StorageThroughput"] = asked.get("StorageThroughput") or max(
            settings.get("StorageThroughput") or 0, throughput
        )
        return
    settings["StorageThroughput"] = None
    if settings["StorageType"] not in ("io1", "io2"):
        settings["Iops"] = None


def _check_backups(settings):
    days = settings["BackupRetentionPeriod"]
    if not 0 <= days <= 35:
        raise invalid(f"Invalid backup retention period: {days}. Must be between 0 and 35")


def _check_insights(settings):
    days = settings.get("PerformanceInsightsRetentionPeriod")
    if not settings["EnablePerformanceInsights"]:
        if days or settings.get("PerformanceInsightsKMSKeyId"):
            raise clash("Performance Insights must be enabled to set its retention period or its KMS key.")
    elif days not in (7, 731) and (days % 31 or not 31 <= days <= 713):
        raise invalid(f"Invalid Performance Insights Retention period. Valid values are: [7, 731, month * 31]: {days}")
    if settings["DatabaseInsightsMode"] not in ("standard", "advanced"):
        raise invalid(f"Invalid DatabaseInsightsMode: {settings['DatabaseInsightsMode']}")
    if settings["DatabaseInsightsMode"] == "advanced" and (days or 0) < INSIGHTS_ADVANCED_DAYS:
        message = (
            "To enable the Advanced mode of Database Insights, modify your DB instance to enable Performance Insights"
            " and set the retention period for Performance Insights to at least 465 days."
        )
        raise clash(message)


def _check_small(settings):
    for rule in (_check_logs, _check_certificate, _check_port):
        rule(settings)
    if settings["MultiAZ"] and settings.get("AvailabilityZone"):
        raise clash("Requesting a specific availability zone is not valid for Multi-AZ instances.")


def _check_logs(settings):
    unknown = [name for name in settings["EnableCloudwatchLogsExports"] if name not in LOG_TYPES]
    if unknown:
        version = settings["EngineVersion"]
        raise clash(f"You cannot use the log types '{unknown[0]}' with engine version {settings['Engine']} {version}.")


def _check_certificate(settings):
    if settings["CACertificateIdentifier"] not in CERTIFICATES:
        raise AwsError("CertificateNotFound", f"Certificate not found: {settings['CACertificateIdentifier']}")


def _check_port(settings):
    if not 1150 <= settings["Port"] <= 65535:
        raise invalid(f"Invalid endpoint port {settings['Port']}, valid range is 1150 - 65535.")
    if settings["NetworkType"] not in ("IPV4", "DUAL"):
        raise invalid(f"Invalid NetworkType: {settings['NetworkType']}")


def _check_monitoring(call, settings):
    interval, role = settings["MonitoringInterval"], settings.get("MonitoringRoleArn")
    if interval not in MONITORING:
        raise invalid(f"Invalid value {interval} for MonitoringInterval. Valid values are 0, 1, 5, 10, 15, 30, 60.")
    if interval and not role:
        message = "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0."
        raise clash(message)
    if role and not interval:
        message = "You must specify a MonitoringInterval value other than 0 when you specify a MonitoringRoleARN value."
        raise clash(message)
    roles = {item.arn: str(item.assume_role_policy_document) for item in backend(call, "iam").roles.values()}
    if role and "monitoring.rds.amazonaws.com" not in roles.get(role, ""):
        message = "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING"
        raise invalid(message)


def _check_network(call, settings):
    vpc_id = require_subnet_group(backend(call), settings["DBSubnetGroupName"]).vpc_id
    network = backend(call, "ec2")
    for number in settings["VpcSecurityGroupIds"]:
        group = network.get_security_group_from_id(number)
        if group is None:
            raise invalid(f"Invalid security group , groupId= {number}, groupName=.")
        if group.vpc_id != vpc_id:
            message = (
                f"The DB instance and EC2 security group are in different VPCs. The DB instance is in {vpc_id} and"
                f" the EC2 security group is in {group.vpc_id}"
            )
            raise clash(message)
    if settings["PubliclyAccessible"] and not has_gateway(network, vpc_id):
        message = (
            "Cannot create a publicly accessible DBInstance. The specified VPC has no internet gateway attached."
            " Update the VPC and then try again"
        )
        raise AwsError("InvalidVPCNetworkStateFault", message)


def has_gateway(network, vpc_id):
    """Whether a VPC has an internet gateway."""
    return any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in network.internet_gateways.values())


def _check_groups(call, settings):
    group = require_group(backend(call), settings["DBParameterGroupName"])
    family = family_of(settings["EngineVersion"], settings["Engine"])
    if group.family != family:
        message = (
            f"The parameter group {group.name} with DBParameterGroupFamily {group.family} can't be used for this"
            f" instance. Please use a parameter group with DBParameterGroupFamily {family}"
        )
        raise clash(message)
    options = settings["OptionGroupName"]
    if not options.startswith("default:") and options not in backend(call).option_groups:
        raise AwsError("OptionGroupNotFoundFault", f"Specified OptionGroupName: {options} not found.")


def _check_keys(call, settings):
    if settings.get("KmsKeyId") and not settings["StorageEncrypted"]:
        raise clash("You can't specify a KMS key for an instance whose storage is not encrypted.")
    for name in ("KmsKeyId", "PerformanceInsightsKMSKeyId", "MasterUserSecretKmsKeyId"):
        if settings.get(name):
            settings[name] = key_arn(call, settings[name])


def key_arn(call, key_id):
    """The ARN of a key that RDS may use."""
    state = backend(call, "kms")
    try:
        key = state.describe_key(key_id)
    except (KeyError, AttributeError):
        key = None
    if key is None or key.key_state != "Enabled":
        message = f"The specified KMS key [{key_id}] does not exist, is not enabled or you do not have permissions."
        raise AwsError("KMSKeyNotAccessibleFault", message)
    if key_id.startswith("alias/aws/"):
        key.key_manager = "AWS"  # moto makes it when it is first named, as a key of the customer
    return key.arn


def check_password(password):
    """The rules for the password of the master user."""
    if not 8 <= len(password) <= 128:
        size = "shorter than 8" if len(password) < 8 else "longer than 128"
        raise invalid(f"The parameter MasterUserPassword is not a valid password because it is {size} characters.")
    if any(character in '/@" ' or not 32 < ord(character) < 127 for character in password):
        message = (
            "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides"
            " '/', '@', '\"', ' ' may be used."
        )
        raise invalid(message)


def check_names(parameters):
    """The rules for the names of the master user and of the database."""
    user, database = parameters.get("MasterUsername"), parameters.get("DBName")
    if not user:
        raise invalid("The parameter MasterUsername must be provided and must not be blank.")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", user):
        raise invalid("The parameter MasterUsername is not a valid user name.")
    if user.lower() in RESERVED_USERS or user.lower().startswith("pg_"):
        raise invalid(f"MasterUsername {user} cannot be used as it is a reserved word used by the engine")
    if database is not None and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,62}", database):
        raise invalid("DBName must begin with a letter and contain only alphanumeric characters.")
    if database is not None and database.lower() in ("db", "template0", "template1", "rdsadmin"):
        raise invalid(f"DBName {database} cannot be used.  It is a reserved word for this engine")
