# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ElastiCache offers: engines, their versions and families, and types of nodes."""

from .. import answer
from ..rds.catalog import number_of, page_of
from .shared import clash, invalid, require

# Engine: {family: {version as it is asked for: version as it is described}}, oldest first
ENGINES = {
    "memcached": {
        "memcached1.4": {"1.4.34": "1.4.34"},
        "memcached1.5": {"1.5.10": "1.5.10", "1.5.16": "1.5.16"},
        "memcached1.6": {version: version for version in ("1.6.6", "1.6.12", "1.6.17", "1.6.22")},
    },
    "redis": {
        "redis4.0": {"4.0.10": "4.0.10"},
        "redis5.0": {"5.0.6": "5.0.6"},
        "redis6.x": {"6.0": "6.0.5", "6.2": "6.2.6"},
        "redis7": {"7.0": "7.0.7", "7.1": "7.1.0"},
    },
    "valkey": {"valkey7": {"7.2": "7.2.6"}, "valkey8": {"8.0": "8.0.1", "8.1": "8.1.0", "8.2": "8.2.0"}},
}
NAMES = {"memcached": "memcached", "redis": "Redis", "valkey": "Valkey"}
BURSTABLE = "micro small medium"
LARGE = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"
SIZES = {
    "t2": BURSTABLE, "t3": BURSTABLE, "t4g": BURSTABLE,
    "m4": "large xlarge 2xlarge 4xlarge 10xlarge", "m5": "large xlarge 2xlarge 4xlarge 12xlarge 24xlarge",
    "m6g": LARGE, "m7g": LARGE, "r4": "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge",
    "r5": "large xlarge 2xlarge 4xlarge 12xlarge 24xlarge", "r6g": LARGE, "r7g": LARGE,
    "r6gd": "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge", "c7gn": LARGE,
}  # fmt: skip
NODE_TYPES = tuple(f"cache.{family}.{size}" for family, sizes in SIZES.items() for size in sizes.split())
ORDER = ("micro", "small", "medium", "large", *(f"{number}xlarge" for number in ("", 2, 4, 8, 10, 12, 16, 24)))


def full_version(engine, wanted):
    """The version that AWS makes of a wanted one, and its family; the newest if none is wanted."""
    known = {version: (full, family) for family, all_ in ENGINES[engine].items() for version, full in all_.items()}
    if not wanted:
        return list(known.values())[-1]
    if wanted in ("6.x", "5.0.0"):
        wanted = {"6.x": "6.2", "5.0.0": "5.0.6"}[wanted]
    if wanted in [full for full, _family in known.values()] and wanted not in known:
        raise invalid(
            f"Specific version selection is not allowed for '{wanted}', please use '{wanted.rsplit('.', 1)[0]}'"
        )
    if wanted not in known:
        raise clash(f"Cannot find version {wanted} for {engine}")
    return known[wanted]


def short_version(engine, full):
    """A described version as it is asked for."""
    return next(short for all_ in ENGINES[engine].values() for short, found in all_.items() if found == full)


def check_upgrade(present, wanted):
    """Refuse an older version than the present one."""
    if number_of(wanted) < number_of(present):
        raise clash(f"The engine version {present} cannot be downgraded to {wanted}.")


def families():
    """All families of parameter groups: {family: engine}."""
    return {family: engine for engine, found in ENGINES.items() for family in found}


def check_node_type(node_type):
    """Refuse a type that is none."""
    if not node_type:
        raise invalid("The parameter CacheNodeType must be provided and must not be blank.")
    if node_type not in NODE_TYPES:
        raise invalid(f"Invalid Cache Node Type: {node_type}.")


@answer("elasticache", "DescribeCacheEngineVersions")
def describe_versions(call):
    """moto does not have it."""
    parameters = call.parameters
    found = [
        {
            "Engine": engine,
            "EngineVersion": version,
            "CacheParameterGroupFamily": family,
            "CacheEngineDescription": NAMES[engine],
            "CacheEngineVersionDescription": f"{NAMES[engine]} version {full}",
        }
        for engine, all_ in ENGINES.items()
        for family, versions in all_.items()
        for version, full in versions.items()
    ]
    for name in ("Engine", "EngineVersion", "CacheParameterGroupFamily"):
        found = [item for item in found if parameters.get(name) in (None, item[name])]
    if parameters.get("DefaultOnly"):
        found = list({item["Engine"]: item for item in found}.values())
    found.sort(key=lambda item: (item["Engine"], number_of(item["EngineVersion"])))
    page, following = page_of(call, found)
    return {"CacheEngineVersions": page, **following}


@answer("elasticache", "ListAllowedNodeTypeModifications")
def list_modifications(call):
    """The types to which the nodes can go up and down."""
    named = [kind for kind in ("CacheClusterId", "ReplicationGroupId") if call.parameters.get(kind)]
    if len(named) != 1:
        raise clash("Exactly one of CacheClusterId and ReplicationGroupId must be specified.")
    kind = {"CacheClusterId": "cluster", "ReplicationGroupId": "replicationgroup"}[named[0]]
    present = require(call, kind, call.parameters[named[0]]).view["CacheNodeType"]
    others = [name for name in NODE_TYPES if name != present and not name.startswith("cache.r6gd")]
    up = [name for name in others if _size(name) > _size(present)]
    return {"ScaleUpModifications": up, "ScaleDownModifications": [name for name in others if name not in up]}


def _size(node_type):
    return ORDER.index(node_type.split(".")[-1])
