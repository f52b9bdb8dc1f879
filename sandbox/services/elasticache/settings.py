# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What clusters and replication groups have in common: settings that are completed, and refused as AWS refuses them."""

import re

from ...errors import AwsError
from .. import backend
from ..rds.windows import BACKUP, DAYS, MAINTENANCE
from .catalog import ENGINES, check_node_type, full_version
from .parameters import is_clustered, require_group
from .shared import clash, invalid
from .subnets import require_group as require_subnet_group

NAME = re.compile(r"[A-Za-z](-?[A-Za-z0-9])*")
TOKEN = re.compile(r"[A-Za-z0-9!&#$^<>-]{16,128}")
SHORTEST_WINDOW = 60  # minutes
MOST_RETAINED = 35  # days
PORTS = {"memcached": 11211, "redis": 6379, "valkey": 6379}


def check_name(name, longest, member):
    """Refuse a name that AWS does not allow."""
    if not NAME.fullmatch(name) or len(name) > longest:
        message = (
            f"The parameter {member} is not a valid identifier. Identifiers must begin with a letter; must contain only"
            " ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens."
        )
        raise invalid(message)


def settings_of(call, parameters, clustered=None):
    """What a node is described with, from the parameters of a call that makes it."""
    engine = parameters.get("Engine") or "redis"
    if engine not in ENGINES:
        raise invalid(f"Invalid cache engine: {engine}")
    version, family = full_version(engine, parameters.get("EngineVersion"))
    check_node_type(parameters.get("CacheNodeType"))
    check_times(parameters)
    subnets = require_subnet_group(call, parameters.get("CacheSubnetGroupName"))
    usual = f"default.{family}{'.cluster.on' if clustered else ''}"
    group = parameter_group(call, parameters.get("CacheParameterGroupName") or usual, family)
    check_token(parameters.get("AuthToken"), parameters.get("TransitEncryptionEnabled"))
    return {
        "CacheNodeType": parameters["CacheNodeType"],
        "Engine": engine,
        "EngineVersion": version,
        "CacheParameterGroup": group_view(group),
        "CacheSubnetGroupName": subnets.id,
        "SecurityGroups": security_groups(call, parameters.get("SecurityGroupIds"), subnets.view["VpcId"]),
        "PreferredMaintenanceWindow": parameters.get("PreferredMaintenanceWindow") or "sun:23:00-mon:01:30",
        "SnapshotWindow": parameters.get("SnapshotWindow") or "05:00-06:00",
        "SnapshotRetentionLimit": parameters.get("SnapshotRetentionLimit") or 0,
        "AutoMinorVersionUpgrade": parameters.get("AutoMinorVersionUpgrade") is not False,
        "TransitEncryptionEnabled": bool(parameters.get("TransitEncryptionEnabled")),
        "AtRestEncryptionEnabled": bool(parameters.get("AtRestEncryptionEnabled")),
        "AuthTokenEnabled": bool(parameters.get("AuthToken")),
        "NetworkType": parameters.get("NetworkType") or "ipv4",
        "IpDiscovery": parameters.get("IpDiscovery") or "ipv4",
        "LogDeliveryConfigurations": logs_of(parameters),
        "CacheSecurityGroups": [],
        "PendingModifiedValues": {},
    } | _topic(parameters)


def _topic(parameters):
    topic = parameters.get("NotificationTopicArn")
    return {"NotificationConfiguration": {"TopicArn": topic, "TopicStatus": "active"}} if topic else {}


def group_view(group):
    """How a node describes its parameter group."""
    return {"CacheParameterGroupName": group.id, "ParameterApplyStatus": "in-sync", "CacheNodeIdsToReboot": []}


def parameter_group(call, name, family):
    """A parameter group by its name, which must be of the family of the engine."""
    group = require_group(call, name)
    found = group.view["CacheParameterGroupFamily"]
    if found != family:
        raise clash(f"Expected a parameter group of family {family} but found one of family {found}")
    return group


def check_mode(group, clustered):
    """Shards need a parameter group that lets nodes form clusters."""
    if clustered and not is_clustered(group):
        raise clash(
            f"The parameter group {group.id} has cluster-enabled no, and more than one node group is asked for."
        )


def check_times(parameters):
    """Refuse windows that are malformed or too short, and snapshots that are kept too long."""
    days = parameters.get("SnapshotRetentionLimit")
    if days is not None and not 0 <= days <= MOST_RETAINED:
        raise invalid(f"Invalid snapshot retention limit: {days}. Must be between 0 and {MOST_RETAINED}.")
    window = parameters.get("SnapshotWindow")
    if window and _length(BACKUP.fullmatch(window), (1, 3), 24 * 60) < SHORTEST_WINDOW:
        raise invalid(
            f"Invalid snapshot window: {window}. It is hh24:mi-hh24:mi of at least {SHORTEST_WINDOW} minutes."
        )
    window = parameters.get("PreferredMaintenanceWindow")
    if window and _length(MAINTENANCE.fullmatch(window.lower()), (2, 5), 7 * 24 * 60) < SHORTEST_WINDOW:
        message = f"Invalid maintenance window: {window}. It is ddd:hh24:mi-ddd:hh24:mi of at least {SHORTEST_WINDOW}"
        raise invalid(f"{message} minutes.")


def _length(match, places, whole):
    if not match:
        return 0
    start, end = (int(match[place]) * 60 + int(match[place + 1]) for place in places)
    if places[0] > 1:
        start, end = (time + DAYS.index(match[place - 1]) * 24 * 60 for time, place in ((start, 2), (end, 5)))
    return (end - start) % whole


def check_token(token, encrypted):
    """The rules for the password of the engine."""
    if not token:
        return
    if not encrypted:
        raise clash("The AUTH token is only supported when encryption-in-transit is enabled.")
    if not TOKEN.fullmatch(token):
        raise invalid("Invalid AuthToken provided: it has 16 to 128 characters, letters, digits and !&#$^<>- only.")


def security_groups(call, numbers, vpc_id):
    """How the security groups of a node are described: those of the VPC, by default its own."""
    network = backend(call, "ec2")
    if not numbers:
        usual = network.get_security_group_from_name("default", vpc_id)
        return [{"SecurityGroupId": usual.id, "Status": "active"}] if usual else []
    for number in numbers:
        group = network.get_security_group_from_id(number)
        if group is None or group.vpc_id != vpc_id:
            raise invalid(f"Some security group Ids are invalid: {number}")
    return [{"SecurityGroupId": number, "Status": "active"} for number in numbers]


def logs_of(parameters):
    """How the delivery of logs is described; a type of log goes to one place."""
    given = parameters.get("LogDeliveryConfigurations") or []
    if len({item.get("LogType") for item in given}) < len(given):
        raise clash("Each log type may be specified once.")
    described = []
    for item in given:
        if item.get("Enabled") is not False:
            kept = {name: value for name, value in item.items() if name != "Enabled"}
            described.append(kept | {"Status": "active"})
    return described


def merged_logs(present, parameters):
    """The delivery of logs after a change, which is about some types only."""
    changed = {item.get("LogType") for item in parameters.get("LogDeliveryConfigurations") or []}
    return [item for item in present if item["LogType"] not in changed] + logs_of(parameters)


def key_arn(call, key_id):
    """The ARN of a key that ElastiCache may use."""
    try:
        key = backend(call, "kms").describe_key(key_id)
    except (KeyError, AttributeError):
        key = None
    if key is None or key.key_state != "Enabled":
        raise AwsError("InvalidKMSKeyFault", f"The KMS key supplied is not valid: {key_id}")
    return key.arn
