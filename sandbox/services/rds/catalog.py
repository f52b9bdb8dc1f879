# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What RDS offers for PostgreSQL and Aurora PostgreSQL: versions, upgrades between them, classes and storage."""

from ...errors import AwsError
from .. import answer

ENGINE = "postgres"
MINORS = {
    13: (10, 11, 12, 13, 14, 15, 16, 18, 20, 21, 22, 23),
    14: (7, 8, 9, 10, 11, 12, 13, 15, 17, 18, 19, 20),
    15: (2, 3, 4, 5, 6, 7, 8, 10, 12, 13, 14, 15),
    16: (1, 2, 3, 4, 6, 8, 9, 10, 11),
    17: (1, 2, 4, 5, 6, 7),
    18: (1,),
}
VERSIONS = tuple(f"{major}.{minor}" for major, minors in MINORS.items() for minor in minors)
AURORA = "aurora-postgresql"
AURORA_MINORS = {
    13: (9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 21, 22),
    14: (6, 7, 8, 9, 10, 11, 12, 13, 15, 17, 18, 19),
    15: (3, 4, 5, 6, 7, 8, 10, 12, 13, 14, 15),
    16: (1, 2, 3, 4, 6, 8, 9, 10, 11),
    17: (4, 5, 6, 7),
}
ALL_MINORS = {ENGINE: MINORS, AURORA: AURORA_MINORS}
SIZES = {
    "t3": "micro small medium large xlarge 2xlarge",
    "t4g": "micro small medium large xlarge 2xlarge",
    "m5": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge",
    "m6g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "m6i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge",
    "m7g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "m7i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "m8g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "r5": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge",
    "r6g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "r6i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge",
    "r7g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "r7i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "r8g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "x2g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
}
CLASSES = tuple(f"db.{family}.{size}" for family, sizes in SIZES.items() for size in sizes.split())
STORAGE = {"standard": (5, 3072), "gp2": (20, 65536), "gp3": (20, 65536), "io1": (100, 65536), "io2": (100, 65536)}
SERVERLESS = "db.serverless"
AURORA_FAMILIES = ("r5", "r6g", "r6i", "r7g", "r7i", "r8g", "x2g")
AURORA_CLASSES = (
    SERVERLESS,
    *(f"db.{family}.{size}" for family in ("t3", "t4g") for size in ("medium", "large")),
    *(name for name in CLASSES if name.split(".")[1] in AURORA_FAMILIES),
)
CERTIFICATES = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")
LOG_TYPES = ("iam-db-auth-error", "postgresql", "upgrade")


def major_of(version):
    """The major version of a version."""
    return int(version.split(".")[0])


def versions_of(engine):
    """The versions of an engine, oldest first."""
    return tuple(f"{major}.{minor}" for major, minors in ALL_MINORS[engine].items() for minor in minors)


def family_of(version, engine=ENGINE):
    """The family of parameter groups that a version takes."""
    return f"{engine}{major_of(version)}"


def full_version(wanted, engine=ENGINE):
    """The version that AWS makes of a wanted one: the newest of a major version, or of the usual one."""
    minors = ALL_MINORS[engine]
    if not wanted:
        return f"17.{minors[17][-1]}"
    if wanted.isdigit() and int(wanted) in minors:
        return f"{wanted}.{minors[int(wanted)][-1]}"
    if wanted not in versions_of(engine):
        raise AwsError("InvalidParameterCombination", f"Cannot find version {wanted} for {engine}")
    return wanted


def upgrades(version, engine=ENGINE):
    """The versions that an instance of a version can be upgraded to."""
    current = number_of(version)
    return [target for target in versions_of(engine) if number_of(target) > current]


def number_of(version):
    """A version as something that can be compared."""
    return tuple(int(part) for part in version.split("."))


def page_of(call, items, default=100):
    """The items of a page, and the marker of the next one."""
    parameters = call.parameters
    size = parameters.get("MaxRecords") or default
    if not 20 <= size <= 100:
        message = f"Invalid value {size} for MaxRecords. Must be between 20 and 100"
        raise AwsError("InvalidParameterValue", message)
    start = int(parameters.get("Marker") or 0)
    following = {"Marker": str(start + size)} if start + size < len(items) else {}
    return items[start : start + size], following


@answer("rds", "DescribeDBEngineVersions")
def describe_versions(call):
    """moto has none at all; other engines are not in the sandbox."""
    parameters = call.parameters
    wanted, family = parameters.get("EngineVersion"), parameters.get("DBParameterGroupFamily")
    engines = [engine for engine in (AURORA, ENGINE) if parameters.get("Engine") in (None, engine)]
    found = [(engine, version) for engine in engines for version in versions_of(engine)]
    found = [(engine, version) for engine, version in found if wanted in (None, version, version.split(".")[0])]
    found = [(engine, version) for engine, version in found if family in (None, family_of(version, engine))]
    if parameters.get("DefaultOnly"):
        major = wanted.split(".")[0] if wanted else None
        found = [(engine, version) for engine, version in found if version == full_version(major, engine)]
    page, following = page_of(call, found)
    return {"DBEngineVersions": [_version_view(*one) for one in page], **following}


def _version_view(engine, version):
    name = "Aurora PostgreSQL" if engine == AURORA else "PostgreSQL"
    return {
        "Engine": engine,
        "MajorEngineVersion": str(major_of(version)),
        "EngineVersion": version,
        "DBParameterGroupFamily": family_of(version, engine),
        "DBEngineDescription": name,
        "DBEngineVersionDescription": f"{name} {version}" + ("" if engine == AURORA else "-R1"),
        "ValidUpgradeTarget": [_target_view(engine, version, target) for target in upgrades(version, engine)],
        "ExportableLogTypes": list(LOG_TYPES),
        "SupportsLogExportsToCloudwatchLogs": True,
        "SupportsReadReplica": engine == ENGINE,
        "SupportedEngineModes": ["provisioned"] if engine == AURORA else [],
        "SupportedCACertificateIdentifiers": list(CERTIFICATES),
        "SupportsCertificateRotationWithoutRestart": True,
        "Status": "available",
    }


def _target_view(engine, version, target):
    return {
        "Engine": engine,
        "EngineVersion": target,
        "Description": f"{'Aurora ' if engine == AURORA else ''}PostgreSQL {target}",
        "AutoUpgrade": False,
        "IsMajorVersionUpgrade": major_of(version) != major_of(target),
    }


@answer("rds", "DescribeOrderableDBInstanceOptions")
def describe_options(call):
    """moto knows those of Aurora only."""
    parameters = call.parameters
    if parameters["Engine"] != ENGINE:
        return None
    versions = [version for version in VERSIONS if parameters.get("EngineVersion") in (None, version)]
    classes = [name for name in CLASSES if parameters.get("DBInstanceClass") in (None, name)]
    options = [(version, name, kind) for version in versions for name in classes for kind in STORAGE]
    page, following = page_of(call, options)
    return {"OrderableDBInstanceOptions": [_option_view(call.region, *option) for option in page], **following}


def _option_view(region, version, name, kind):
    minimum, maximum = STORAGE[kind]
    return {
        "Engine": ENGINE,
        "EngineVersion": version,
        "DBInstanceClass": name,
        "LicenseModel": "postgresql-license",
        "AvailabilityZones": [{"Name": f"{region}{letter}"} for letter in "abc"],
        "MultiAZCapable": True,
        "ReadReplicaCapable": True,
        "Vpc": True,
        "SupportsStorageEncryption": True,
        "StorageType": kind,
        "SupportsIops": kind in ("gp3", "io1", "io2"),
        "SupportsStorageThroughput": kind == "gp3",
        "SupportsEnhancedMonitoring": True,
        "SupportsIAMDatabaseAuthentication": True,
        "SupportsPerformanceInsights": True,
        "MinStorageSize": minimum,
        "MaxStorageSize": maximum,
        "SupportsStorageAutoscaling": kind != "standard",
        "SupportedNetworkTypes": ["IPV4", "DUAL"],
    }
