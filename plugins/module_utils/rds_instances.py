# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known about RDS instances without asking AWS: versions, classes, windows, requests. Pure functions."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Tuple

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from ansible_collections.groundwork.aws.plugins.module_utils.compare import Change, split

GIB = 1024**3
DEFAULT_PORTS = {"postgres": 5432, "mysql": 3306, "mariadb": 3306}
# The database that clients of an instance without one of its own connect to.
DEFAULT_DATABASES = {"postgres": "postgres", "mysql": "", "mariadb": ""}
LOGS = {
    "postgres": ("postgresql", "upgrade", "iam-db-auth-error"),
    "mysql": ("audit", "error", "general", "slowquery", "iam-db-auth-error"),
    "mariadb": ("audit", "error", "general", "slowquery", "iam-db-auth-error"),
}

# Options that AWS calls the same in a description, a creation and a modification.
SETTINGS = {
    "engine_version": "EngineVersion",
    "instance_class": "DBInstanceClass",
    "allocated_storage": "AllocatedStorage",
    "max_allocated_storage": "MaxAllocatedStorage",
    "storage_type": "StorageType",
    "iops": "Iops",
    "storage_throughput": "StorageThroughput",
    "multi_az": "MultiAZ",
    "publicly_accessible": "PubliclyAccessible",
    "backup_retention_days": "BackupRetentionPeriod",
    "backup_window": "PreferredBackupWindow",
    "maintenance_window": "PreferredMaintenanceWindow",
    "auto_minor_version_upgrade": "AutoMinorVersionUpgrade",
    "copy_tags_to_snapshot": "CopyTagsToSnapshot",
    "deletion_protection": "DeletionProtection",
    "monitoring_interval": "MonitoringInterval",
    "monitoring_role_arn": "MonitoringRoleArn",
    "ca_certificate": "CACertificateIdentifier",
    "engine_lifecycle_support": "EngineLifecycleSupport",
}
REQUESTED = {
    **SETTINGS,
    "security_group_ids": "VpcSecurityGroupIds",
    "parameter_group_name": "DBParameterGroupName",
    "performance_insights": "EnablePerformanceInsights",
}
CREATED = {
    **REQUESTED,
    "port": "Port",
    "subnet_group_name": "DBSubnetGroupName",
    "cloudwatch_logs_exports": "EnableCloudwatchLogsExports",
    "performance_insights_kms_key_arn": "PerformanceInsightsKMSKeyId",
}
ONLY_PRIMARIES = {
    "engine": "Engine",
    "username": "MasterUsername",
    "database_name": "DBName",
    "kms_key_arn": "KmsKeyId",
}
# CreateDBInstanceReadReplica has no such parameters: a replica gets them in a modification, or from its source.
NOT_FOR_REPLICAS = ("engine_version", "backup_retention_days", "backup_window", "maintenance_window") + (
    "engine_lifecycle_support",
)
# How max_connections is computed, by engine: bytes a connection, and the most.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
CONNECTIONS = {"postgres": (9531392, 5000), "mysql": (12582880, 16000), "mariadb": (25165760, 12000)}

BURSTABLE_MEMORY = {"micro": 1.0, "small": 2.0, "medium": 4.0, "large": 8.0, "xlarge": 16.0, "2xlarge": 32.0}
# GiB for each virtual processor, by how the family begins; the first that fits counts.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
MEMORY_PER_CPU = (
    ("x2iedn", 32.0),
    ("x2", 16.0),
    ("x1e", 30.5),
    ("x1", 15.25),
    ("z1", 8.0),
    ("r3", 7.625),
    ("r4", 7.625),
    ("r", 8.0),
    ("m3", 3.75),
    ("m", 4.0),
    ("c", 2.0),
)


# Versions


def version(text: str) -> Tuple[int, ...]:
    """A version as numbers: 15.4 is (15, 4)."""
    return tuple(int(part) for part in re.findall(r"\d+", text))


def major(engine: str, text: str) -> Tuple[int, ...]:
    """The part of a version that only a major upgrade changes."""
    return version(text)[: 1 if engine == "postgres" else 2]


def not_older(before: Optional[str], after: str) -> bool:
    """Whether a version is as new as one that is asked for; AWS installs minor versions, and nothing goes back."""
    return bool(before) and version(before or "") >= version(after)


# Classes


def class_memory(instance_class: str) -> Optional[float]:
    """The memory of a class in GiB; V(None) for one that is not known here."""
    match = re.fullmatch(r"db\.([a-z]+\d+[a-z]*)\.(\w+)", instance_class)
    if not match:
        return None
    family, size = match.groups()
    if family.startswith("t"):
        return BURSTABLE_MEMORY.get(size)
    processors = {"medium": 1, "large": 2, "xlarge": 4}.get(size)
    if not processors and re.fullmatch(r"\d+xlarge", size):
        processors = 4 * int(size.removesuffix("xlarge"))
    per_processor = next((memory for prefix, memory in MEMORY_PER_CPU if family.startswith(prefix)), None)
    return processors * per_processor if processors and per_processor else None


def max_connections(engine: str, instance_class: str) -> Optional[int]:
    """AWS's default for max_connections; the live value is a little less, since RDS itself needs memory."""
    memory = class_memory(instance_class)
    if memory is None or engine not in CONNECTIONS:
        return None
    divisor, most = CONNECTIONS[engine]
    return min(int(memory * GIB / divisor), most)


def has_performance_insights(engine: str, instance_class: str) -> bool:
    """Whether a class is big enough for Performance Insights.

    Source: U(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html).
    """
    return engine == "postgres" or not re.fullmatch(r"db\.t(2|3|4g)\.(micro|small)", instance_class)


# Windows

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
WEEK = 7 * DAY
CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
WEEKDAY = rf"({'|'.join(DAYS)})"


def backup_minutes(text: str) -> Optional[Tuple[int, int]]:
    """Start in the day and length of C(hh:mm-hh:mm); V(None) when it is no such window."""
    match = re.fullmatch(rf"{CLOCK}-{CLOCK}", text)
    if not match:
        return None
    hour, minute, end_hour, end_minute = (int(part) for part in match.groups())
    start = 60 * hour + minute
    return start, (60 * end_hour + end_minute - start) % DAY


def maintenance_minutes(text: str) -> Optional[Tuple[int, int]]:
    """Start in the week and length of C(ddd:hh:mm-ddd:hh:mm); V(None) when it is no such window."""
    match = re.fullmatch(rf"{WEEKDAY}:{CLOCK}-{WEEKDAY}:{CLOCK}", text.lower())
    if not match:
        return None
    day, hour, minute, end_day, end_hour, end_minute = match.groups()
    start = DAY * DAYS.index(day) + 60 * int(hour) + int(minute)
    return start, (DAY * DAYS.index(end_day) + 60 * int(end_hour) + int(end_minute) - start) % WEEK


def overlap(backup: Tuple[int, int], maintenance: Tuple[int, int]) -> bool:
    """Whether a daily and a weekly window share a minute; one may begin where the other ends."""
    daily = [(day * DAY + backup[0], backup[1]) for day in range(7)]
    first, length = maintenance
    return any((start - first) % WEEK < length or (first - start) % WEEK < span for start, span in daily)


def window_flaw(item: Dict[str, Any]) -> str:
    """What is wrong with the windows of an item; empty when nothing is."""
    backup = backup_minutes(item["backup_window"]) if item["backup_window"] else (0, 30)
    maintenance = maintenance_minutes(item["maintenance_window"]) if item["maintenance_window"] else (0, 30)
    if not backup or backup[1] < 30:
        return "has no usable backup_window. To fix: hh:mm-hh:mm in UTC, 30 minutes at least"
    if not maintenance or not 30 <= maintenance[1] <= DAY:
        return "has no usable maintenance_window. To fix: such as sun:02:00-sun:04:00 in UTC, 30 minutes to a day"
    if item["backup_window"] and item["maintenance_window"] and overlap(backup, maintenance):
        return "has a backup_window within its maintenance_window. To fix: one may begin where the other ends"
    return ""


# Wishes


def storage_flaw(item: Dict[str, Any]) -> str:
    """What is wrong with the storage of an item; empty when nothing is."""
    size, limit, kind = item["allocated_storage"], item["max_allocated_storage"], item["storage_type"]
    if size is not None and not 5 <= size <= 65536:
        return f"cannot have {size} GiB. To fix: 20 to 65536"
    if size and limit and 10 * limit < 11 * size:
        return f"cannot grow from {size} to {limit} GiB. To fix: max_allocated_storage 10 % above allocated_storage"
    provisioned = item["iops"] or item["storage_throughput"]
    if kind == "gp3" and size and size < 400 and provisioned:
        return "has too little storage for iops and storage_throughput. To fix: 400 GiB, or leave them to AWS"
    if kind in ("io1", "io2") and not item["iops"]:
        return f"has storage of type {kind} without iops. To fix: give iops"
    if kind in ("gp2", "standard") and provisioned:
        return f"has iops or storage_throughput, which {kind} does not have. To fix: take them out, or use gp3"
    return ""


def engine_flaw(item: Dict[str, Any]) -> str:
    """What is wrong with the engine of an item and what depends on it; empty when nothing is."""
    engine = item["engine"]
    if item["engine_version"] and not re.fullmatch(r"\d+(\.\d+)*(-[\w.]+)?", item["engine_version"]):
        return f"has engine_version {item['engine_version']}. To fix: a number such as 15 or 15.12"
    unknown = sorted(set(item["cloudwatch_logs_exports"] or []) - set(LOGS[engine]))
    if unknown:
        return f"has no log {unknown[0]}. To fix: {', '.join(LOGS[engine])}"
    longest = 63 if engine == "postgres" else 16
    if item["username"] and not re.fullmatch(rf"[A-Za-z]\w{{0,{longest - 1}}}", item["username"], re.ASCII):
        return f"has no usable username. To fix: a letter, then letters, digits and _, at most {longest}"
    if (item["username"] or "").lower() in ("rdsadmin",) + (("admin",) if engine == "postgres" else ()):
        return f"cannot have the username {item['username']}, which AWS reserves. To fix: choose another"
    if item["database_name"] and not re.fullmatch(r"[A-Za-z]\w{0,62}", item["database_name"], re.ASCII):
        return "has no usable database_name. To fix: a letter, then letters, digits and _, at most 63"
    if item["port"] is not None and not 1150 <= item["port"] <= 65535:
        return f"cannot listen on port {item['port']}. To fix: 1150 to 65535"
    return ""


def care_flaw(item: Dict[str, Any]) -> str:
    """What is wrong with backups, monitoring and credentials of an item; empty when nothing is."""
    if not 0 <= (item["backup_retention_days"] or 0) <= 35:
        return f"cannot keep backups for {item['backup_retention_days']} days. To fix: 0 to 35"
    if bool(item["monitoring_interval"]) != bool(item["monitoring_role_arn"]):
        return "needs both or neither: a monitoring_interval above 0 and a monitoring_role_arn. To fix: add the other"
    if item["performance_insights"] and not has_performance_insights(item["engine"], item["instance_class"] or ""):
        return f"has no Performance Insights as {item['instance_class']}. To fix: a bigger class, or switch it off"
    credentials = item["credentials"]
    if credentials and item["replica_of"]:
        return "is a replica and has the credentials of its source. To fix: take out credentials"
    if credentials and credentials["managed_by"] == "module" and not credentials["secret_name"]:
        return "has credentials without secret_name. To fix: name the secret, or set managed_by: rds"
    if credentials and not re.fullmatch(r"[A-Za-z0-9/_+=.@-]{1,512}", credentials["secret_name"] or "unused"):
        return "has a secret_name that AWS refuses. To fix: only letters, digits and /_+=.@-, at most 512 of them"
    return ""


def flaw(item: Dict[str, Any]) -> str:
    """What is wrong with an item; empty when nothing is."""
    return engine_flaw(item) or storage_flaw(item) or window_flaw(item) or care_flaw(item)


def lacking(item: Dict[str, Any]) -> List[str]:
    """What an instance cannot be created without."""
    needed = ["instance_class"]
    if not item["replica_of"]:
        needed += ["allocated_storage", "credentials", "username"]
    return [option for option in needed if not item[option]]


# Requests


def creation(item: Dict[str, Any]) -> Dict[str, Any]:
    """The parameters that create an instance or a replica, without name, tags and password."""
    replica = bool(item["replica_of"])
    names = CREATED if replica else {**CREATED, **ONLY_PRIMARIES}
    wanted = {api: item[option] for option, api in names.items() if not (replica and option in NOT_FOR_REPLICAS)}
    request = {api: value for api, value in wanted.items() if value is not None}
    if item["performance_insights"]:
        request["PerformanceInsightsRetentionPeriod"] = 7
    else:
        request.pop("PerformanceInsightsKMSKeyId", None)
    return {
        **request,
        **({"SourceDBInstanceIdentifier": item["replica_of"]} if replica else {"StorageEncrypted": True}),
    }


def granted(item: Dict[str, Any]) -> Dict[str, Any]:
    """The options that the creation asks for; AWS's first answers lack some of them, but never the version."""
    left_out = NOT_FOR_REPLICAS if item["replica_of"] else ("engine_version",)
    return {option: item[option] for option in CREATED if item[option] is not None and option not in left_out}


def modification(changes: Dict[str, Change], item: Dict[str, Any], resource: Dict[str, Any]) -> Dict[str, Any]:
    """The parameters of the one call that changes all fields."""
    request = {REQUESTED[field]: change.after for field, change in changes.items() if field in REQUESTED}
    if "port" in changes:
        request["DBPortNumber"] = changes["port"].after
    if "cloudwatch_logs_exports" in changes:
        enable, disable = split(*changes["cloudwatch_logs_exports"])
        request["CloudwatchLogsExportConfiguration"] = {"EnableLogTypes": enable, "DisableLogTypes": disable}
    if request.get("EnablePerformanceInsights"):
        key = item["performance_insights_kms_key_arn"]
        request.update(
            {"PerformanceInsightsRetentionPeriod": 7, **({"PerformanceInsightsKMSKeyId": key} if key else {})}
        )
    if "MonitoringInterval" in request and item["monitoring_role_arn"]:
        request["MonitoringRoleArn"] = item["monitoring_role_arn"]
    if "EngineVersion" in request:
        steps = (major(resource["engine"], text) for text in (resource["engine_version"], request["EngineVersion"]))
        request.update({"AllowMajorVersionUpgrade": True} if next(steps) != next(steps) else {})
    return {**request, **_companions(request, item, resource)}


def _companions(request: Dict[str, Any], item: Dict[str, Any], resource: Dict[str, Any]) -> Dict[str, Any]:
    # AWS wants the provisioned IOPS with every change of the storage, also when they stay.
    kind = request.get("StorageType", resource["storage_type"])
    big = kind == "gp3" and resource["storage_type"] == "gp3" and resource["allocated_storage"] >= 400
    iops = item["iops"] or (resource["iops"] if kind == resource["storage_type"] else None)
    changed = {"AllocatedStorage", "StorageType", "StorageThroughput"} & set(request)
    if not changed or not iops or not (kind in ("io1", "io2") or big):
        return {}
    return {"Iops": iops, "AllocatedStorage": request.get("AllocatedStorage", resource["allocated_storage"])}


# Answers


def view(described: Dict[str, Any]) -> Dict[str, Any]:
    """An instance as the module returns it; what AWS was asked for already and has not done yet counts as done."""
    pending = {key: value for key, value in (described.get("PendingModifiedValues") or {}).items() if value is not None}
    asked = {**described, **{key: pending[key] for key in SETTINGS.values() if key in pending}}
    endpoint = described.get("Endpoint") or {}
    groups = described.get("DBParameterGroups") or [{}]
    members = [one for one in described.get("VpcSecurityGroups") or [] if one.get("Status") != "removing"]
    return {
        "name": described["DBInstanceIdentifier"],
        "arn": described["DBInstanceArn"],
        "status": described["DBInstanceStatus"],
        "engine": described["Engine"],
        **{option: asked.get(key) for option, key in SETTINGS.items()},
        "endpoint": endpoint.get("Address"),
        "port": pending.get("Port") or endpoint.get("Port") or described.get("DbInstancePort") or None,
        "allocated_storage_bytes": described["AllocatedStorage"] * GIB,
        "kms_key_arn": described.get("KmsKeyId"),
        "database_name": described.get("DBName"),
        "username": described.get("MasterUsername"),
        "subnet_group_name": (described.get("DBSubnetGroup") or {}).get("DBSubnetGroupName"),
        "security_group_ids": sorted(one["VpcSecurityGroupId"] for one in members),
        "parameter_group_name": groups[0].get("DBParameterGroupName"),
        "pending_reboot": any(one.get("ParameterApplyStatus") == "pending-reboot" for one in groups),
        "performance_insights": bool(described.get("PerformanceInsightsEnabled")),
        "performance_insights_kms_key_arn": described.get("PerformanceInsightsKMSKeyId"),
        "cloudwatch_logs_exports": _logs(described, pending.get("PendingCloudwatchLogsExports") or {}),
        "resource_id": described.get("DbiResourceId"),
        "replica_of": described.get("ReadReplicaSourceDBInstanceIdentifier"),
        "master_secret_arn": (described.get("MasterUserSecret") or {}).get("SecretArn"),
        "tags": boto3_tag_list_to_ansible_dict(described.get("TagList") or []),
    }


def _logs(described: Dict[str, Any], pending: Dict[str, Any]) -> List[str]:
    enabled = set(described.get("EnabledCloudwatchLogsExports") or []) | set(pending.get("LogTypesToEnable") or [])
    return sorted(enabled - set(pending.get("LogTypesToDisable") or []))
