# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions, classes, windows and requests of RDS instances."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import rds_instances as known
from ansible_collections.groundwork.aws.plugins.module_utils.compare import Change
from ansible_collections.groundwork.aws.plugins.modules.rds_instances import ARGUMENT_SPEC

BLANK = {option: spec.get("default") for option, spec in ARGUMENT_SPEC["instances"]["options"].items()}
RESOURCE = {
    "engine": "postgres",
    "engine_version": "15.12",
    "storage_type": "gp3",
    "allocated_storage": 100,
    "iops": 3000,
}


@pytest.mark.parametrize(
    "before, after, fits",
    [
        ("15.4", "15", True),
        ("15.12", "15.4", True),
        ("15.4", "15.4", True),
        ("15.4", "15.12", False),
        ("15.12", "16", False),
        ("8.0.36", "8.0", True),
        ("8.0.36", "8.4", False),
        (None, "15", False),
    ],
)
def test_versions(before, after, fits):
    assert known.not_older(before, after) is fits


@pytest.mark.parametrize(
    "engine, text, major",
    [("postgres", "15.12", (15,)), ("mysql", "8.0.36", (8, 0)), ("mariadb", "10.11.6", (10, 11)), ("mysql", "8", (8,))],
)
def test_major_versions(engine, text, major):
    assert known.major(engine, text) == major


@pytest.mark.parametrize(
    "instance_class, memory",
    [
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
        ("db.t3.micro", 1),
        ("db.t3.medium", 4),
        ("db.t3.large", 8),
        ("db.t4g.2xlarge", 32),
        ("db.m5.large", 8),
        ("db.m6gd.16xlarge", 256),
        ("db.m8g.48xlarge", 768),
        ("db.m3.medium", 3.75),
        ("db.r4.large", 15.25),
        ("db.r5.large", 16),
        ("db.r6i.32xlarge", 1024),
        ("db.r7g.4xlarge", 128),
        ("db.c6gd.large", 4),
        ("db.x1.16xlarge", 976),
        ("db.x1e.xlarge", 122),
        ("db.x2g.large", 32),
        ("db.x2idn.16xlarge", 1024),
        ("db.x2iedn.xlarge", 128),
        ("db.z1d.large", 16),
        ("db.t3.huge", None),
        ("db.q9.large", None),
        ("db.r5.large.tpc2", None),
        ("t3.medium", None),
    ],
)
def test_the_memory_of_classes(instance_class, memory):
    assert known.class_memory(instance_class) == memory


@pytest.mark.parametrize(
    "engine, instance_class, connections",
    [
        ("postgres", "db.t3.medium", 450),
        ("postgres", "db.t3.large", 901),
        ("postgres", "db.r5.24xlarge", 5000),
        ("mysql", "db.t3.medium", 341),
        ("mariadb", "db.t3.medium", 170),
        ("postgres", "db.unknown", None),
    ],
)
def test_connections(engine, instance_class, connections):
    assert known.max_connections(engine, instance_class) == connections


@pytest.mark.parametrize(
    "backup, maintenance, message",
    [
        ("03:00-04:00", "mon:04:00-mon:05:00", ""),
        ("04:00-05:00", "sun:02:00-sun:04:00", ""),
        ("03:30-04:30", "mon:04:00-mon:05:00", "within its maintenance_window"),
        ("04:15-04:45", "mon:04:00-mon:05:00", "within its maintenance_window"),
        ("03:00-06:00", "mon:04:00-mon:05:00", "within its maintenance_window"),
        ("23:30-00:30", "mon:00:00-mon:01:00", "within its maintenance_window"),
        ("23:30-00:30", "sun:23:00-mon:00:00", "within its maintenance_window"),
        ("00:30-01:00", "sun:23:30-mon:00:30", ""),
        ("23:00-23:30", "sun:23:30-mon:00:30", ""),
        (None, "Sun:02:00-Sun:04:00", ""),
        ("03:00-03:29", None, "no usable backup_window"),
        ("3:00-4:00", None, "no usable backup_window"),
        ("24:00-25:00", None, "no usable backup_window"),
        (None, "sun:02:00-sun:02:29", "no usable maintenance_window"),
        (None, "sun:02:00-tue:02:00", "no usable maintenance_window"),
        (None, "02:00-04:00", "no usable maintenance_window"),
        (None, None, ""),
    ],
)
def test_windows(backup, maintenance, message):
    flaw = known.window_flaw({"backup_window": backup, "maintenance_window": maintenance})
    assert message in flaw and bool(message) == bool(flaw)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"allocated_storage": 4}, "cannot have 4 GiB"),
        ({"allocated_storage": 100, "max_allocated_storage": 109}, "cannot grow from 100 to 109 GiB"),
        ({"allocated_storage": 100, "max_allocated_storage": 110}, ""),
        ({"storage_type": "gp3", "allocated_storage": 399, "storage_throughput": 500}, "has too little storage"),
        ({"storage_type": "gp3", "allocated_storage": 400, "iops": 12000}, ""),
        ({"storage_type": "io1", "allocated_storage": 100}, "of type io1 without iops"),
        ({"storage_type": "gp2", "iops": 3000}, "which gp2 does not have"),
        ({"engine_version": "latest"}, "has engine_version latest"),
        ({"cloudwatch_logs_exports": ["slowquery"]}, "has no log slowquery"),
        ({"engine": "mysql", "cloudwatch_logs_exports": ["slowquery"]}, ""),
        ({"username": "1st"}, "has no usable username"),
        ({"engine": "mysql", "username": "x" * 17}, "at most 16"),
        ({"username": "rdsadmin"}, "which AWS reserves"),
        ({"engine": "mysql", "username": "admin"}, ""),
        ({"database_name": "a-b"}, "has no usable database_name"),
        ({"port": 80}, "cannot listen on port 80"),
        ({"backup_retention_days": 36}, "cannot keep backups for 36 days"),
        ({"monitoring_interval": 60}, "needs both or neither"),
        ({"monitoring_interval": 0}, ""),
        ({"engine": "mysql", "performance_insights": True, "instance_class": "db.t3.small"}, "no Performance Insights"),
        ({"engine": "mysql", "performance_insights": True, "instance_class": "db.t3.medium"}, ""),
        ({"replica_of": "x", "credentials": {"managed_by": "rds", "secret_name": None}}, "is a replica"),
        ({"credentials": {"managed_by": "module", "secret_name": None}}, "without secret_name"),
        ({"credentials": {"managed_by": "module", "secret_name": "a b"}}, "a secret_name that AWS refuses"),
        ({"credentials": {"managed_by": "rds", "secret_name": None}}, ""),
    ],
)
def test_wishes_that_aws_would_refuse(change, message):
    flaw = known.flaw({**BLANK, **change})
    assert message in flaw and bool(message) == bool(flaw)
    assert not flaw or ". To fix: " in flaw


def request(item=None, resource=None, **after):
    changes = {field: Change(None, value) for field, value in after.items()}
    return known.modification(changes, {**BLANK, **(item or {})}, {**RESOURCE, **(resource or {})})


def test_modifications_bring_their_companions():
    assert request(allocated_storage=200) == {"AllocatedStorage": 200}
    assert request(resource={"allocated_storage": 400, "iops": 12000}, allocated_storage=500) == {
        "AllocatedStorage": 500,
        "Iops": 12000,
    }
    provisioned = {"storage_type": "io1", "iops": 1000}
    assert request(resource=provisioned, allocated_storage=200) == {"AllocatedStorage": 200, "Iops": 1000}
    assert request({"iops": 2000}, storage_type="io1") == {"StorageType": "io1", "Iops": 2000, "AllocatedStorage": 100}
    assert request({"performance_insights_kms_key_arn": "arn"}, performance_insights=True) == {
        "EnablePerformanceInsights": True,
        "PerformanceInsightsRetentionPeriod": 7,
        "PerformanceInsightsKMSKeyId": "arn",
    }
    assert request(performance_insights=False) == {"EnablePerformanceInsights": False}
    assert request({"monitoring_role_arn": "arn"}, monitoring_interval=60)["MonitoringRoleArn"] == "arn"
    assert request(engine_version="15.14") == {"EngineVersion": "15.14"}
    assert request(engine_version="16") == {"EngineVersion": "16", "AllowMajorVersionUpgrade": True}


def test_logs_that_are_about_to_change_count():
    described = {
        "DBInstanceIdentifier": "x",
        "DBInstanceArn": "arn",
        "DBInstanceStatus": "modifying",
        "Engine": "postgres",
        "AllocatedStorage": 20,
        "EnabledCloudwatchLogsExports": ["upgrade"],
        "VpcSecurityGroups": [
            {"VpcSecurityGroupId": "sg-1", "Status": "removing"},
            {"VpcSecurityGroupId": "sg-2", "Status": "adding"},
        ],
        "PendingModifiedValues": {
            "PendingCloudwatchLogsExports": {"LogTypesToEnable": ["postgresql"], "LogTypesToDisable": ["upgrade"]},
            "MasterUserPassword": "****",
            "MultiAZ": False,
        },
        "MultiAZ": True,
    }
    seen = known.view(described)
    assert (seen["cloudwatch_logs_exports"], seen["security_group_ids"]) == (["postgresql"], ["sg-2"])
    assert (seen["multi_az"], seen["endpoint"], seen["port"]) == (False, None, None)
    assert "****" not in str(seen)
