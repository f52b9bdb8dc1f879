# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the variables of the database role to the items of its modules. Pure functions."""

from __future__ import annotations

from typing import Any, Dict, List

from ansible_collections.groundwork.aws.plugins.plugin_utils.names import resource_name, shortened

# U(https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html),
# U(https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html).
IDENTIFIER_LIMIT = 63
GROUP_LIMIT = 255
DEFAULT_SECRET = "database-url"

# What an instance and its replicas share.
COMMON = (
    "engine engine_version max_allocated_storage storage_type port security_group_ids maintenance_window "
    "deletion_protection performance_insights cloudwatch_logs_exports final_snapshot"
).split()


def identifier(given: str, prefix: str) -> str:
    """The identifier of the instance."""
    return given or shortened(prefix, IDENTIFIER_LIMIT)


def family(engine: str, version: str) -> str:
    """The family of parameter groups: postgres15 for PostgreSQL 15.12, mysql8.0 for MySQL 8.0.40."""
    parts = str(version).split(".")
    return f"{engine}{parts[0] if engine == 'postgres' else '.'.join(parts[:2])}"


def parameter_group_items(name: str, wanted: Dict[str, Any]) -> List[dict]:
    """The item of rds_parameter_groups, as a list. Another major version has another group."""
    group_family = family(wanted["engine"], wanted["engine_version"])
    return [
        {
            "name": resource_name(name, group_family.replace(".", "-"), GROUP_LIMIT),
            "family": group_family,
            "description": f"Parameters of {name}",
            "parameters": wanted["parameters"],
        }
    ]


def log_group_items(name: str, logs: List[str], retention_days: int, kms_key_arn: str) -> List[dict]:
    """Items for logs_log_groups: where RDS delivers exported logs."""
    key = {"kms_key_arn": kms_key_arn} if kms_key_arn else {}
    return [{"name": f"/aws/rds/instance/{name}/{log}", "retention_days": retention_days, **key} for log in logs]


def instance_items(name: str, wanted: Dict[str, Any], replicas: List[dict]) -> List[dict]:
    """Items for rds_instances: the instance first, then its replicas."""
    group = parameter_group_items(name, wanted)[0]["name"]
    common = {key: wanted[key] for key in COMMON if wanted.get(key) not in (None, "")}
    common.update(
        {
            "parameter_group_name": group,
            "publicly_accessible": False,
            "auto_minor_version_upgrade": True,
            "copy_tags_to_snapshot": True,
        }
    )
    if wanted["performance_insights"] and wanted["kms_key_arn"]:
        common["performance_insights_kms_key_arn"] = wanted["kms_key_arn"]
    return [_primary(name, wanted, common)] + [_replica(name, one, wanted, common) for one in replicas]


def _primary(name: str, wanted: Dict[str, Any], common: Dict[str, Any]) -> dict:
    own = ("instance_class", "allocated_storage", "database_name", "username", "multi_az")
    optional = {key: wanted[key] for key in ("iops", "storage_throughput", "max_connections") if wanted.get(key)}
    return {
        "name": name,
        **common,
        **{key: wanted[key] for key in own},
        **optional,
        **({"kms_key_arn": wanted["kms_key_arn"]} if wanted["kms_key_arn"] else {}),
        "subnet_group_name": name,
        "backup_retention_days": wanted["backup_retention_days"],
        "backup_window": wanted["backup_window"],
        "credentials": credentials(wanted),
    }


def _replica(name: str, replica: dict, wanted: Dict[str, Any], common: Dict[str, Any]) -> dict:
    return {
        "name": resource_name(name, replica["name"], IDENTIFIER_LIMIT),
        "replica_of": name,
        **common,
        "instance_class": replica.get("instance_class") or wanted["instance_class"],
        "multi_az": replica.get("multi_az", False),
        "final_snapshot": False,
    }


def credentials(wanted: Dict[str, Any]) -> dict:
    """How the password is kept, as rds_instances takes it."""
    given = wanted["credentials"]
    kept: Dict[str, Any] = {"managed_by": given.get("managed_by", "module")}
    if wanted["kms_key_arn"]:
        kept["secret_kms_key_arn"] = wanted["kms_key_arn"]
    if kept["managed_by"] == "rds":
        return kept
    kept["secret_name"] = f"{wanted['secret_prefix']}/{given.get('secret') or DEFAULT_SECRET}"
    kept["secret_format"] = given.get("format", "url")
    for key in ("url_parameters", "json_keys"):
        if given.get(key):
            kept[key] = given[key]
    return kept


def outputs(name: str, found: Dict[str, dict], wanted: Dict[str, Any], replicas: List[dict]) -> Dict[str, Any]:
    """What other roles may know of the database; null where there is none."""
    instance = found.get(name) or {}
    fields = ("arn", "resource_id", "endpoint", "port", "engine_version", "status", "allocated_storage_bytes")
    secret = wanted["credentials"].get("secret") or DEFAULT_SECRET
    arn = instance.get("secret_arn") or instance.get("master_secret_arn")
    return {
        "identifier": name,
        **{field: instance.get(field) for field in (*fields, "max_connections", "multi_az", "pending_reboot")},
        "database_name": wanted["database_name"],
        "managed_by": wanted["credentials"].get("managed_by", "module"),
        "secret_arns": {secret: arn},
        "replicas": {
            one["name"]: (found.get(resource_name(name, one["name"], IDENTIFIER_LIMIT)) or {}).get("endpoint")
            for one in replicas
        },
    }
