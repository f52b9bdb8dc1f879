# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The items of a database and of a web ACL."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.plugin_utils import database, waf

WANTED = {
    "engine": "postgres",
    "engine_version": "15",
    "instance_class": "db.t3.large",
    "allocated_storage": 100,
    "max_allocated_storage": 1000,
    "storage_type": "gp3",
    "iops": 0,
    "storage_throughput": 0,
    "database_name": "x",
    "username": "x",
    "port": 5432,
    "max_connections": 0,
    "multi_az": True,
    "backup_retention_days": 7,
    "backup_window": "00:00-01:00",
    "maintenance_window": "sun:02:00-sun:04:00",
    "deletion_protection": True,
    "final_snapshot": True,
    "performance_insights": True,
    "cloudwatch_logs_exports": ["postgresql"],
    "parameters": {"rds.force_ssl": "1"},
    "credentials": {},
    "secret_prefix": "prod/x",
    "kms_key_arn": "arn:key",
    "security_group_ids": ["sg-1"],
}


@pytest.mark.parametrize(
    "engine, version, family",
    [("postgres", "15.12", "postgres15"), ("postgres", 17, "postgres17"), ("mysql", "8.0.40", "mysql8.0")],
)
def test_the_family_comes_from_engine_and_version(engine, version, family):
    assert database.family(engine, version) == family


def test_another_major_version_has_another_parameter_group():
    old, new = (database.parameter_group_items("x", {**WANTED, "engine_version": v})[0] for v in ("15", "16"))
    assert (old["name"], new["name"]) == ("x-postgres15", "x-postgres16")
    (item,) = database.parameter_group_items("x", {**WANTED, "engine": "mysql", "engine_version": "8.0.1"})
    assert item["name"] == "x-mysql8-0"


def test_an_instance_is_private_encrypted_and_keeps_its_password_in_one_secret():
    (item,) = database.instance_items("x", WANTED, [])
    assert (item["publicly_accessible"], item["kms_key_arn"], item["parameter_group_name"]) == (
        False,
        "arn:key",
        "x-postgres15",
    )
    assert item["performance_insights_kms_key_arn"] == "arn:key"
    assert item["credentials"] == {
        "managed_by": "module",
        "secret_kms_key_arn": "arn:key",
        "secret_name": "prod/x/database-url",
        "secret_format": "url",
    }
    assert "iops" not in item and "max_connections" not in item


def test_credentials_may_be_json_or_rds_own():
    keys = {"username": "DB_USERNAME"}
    kept = database.credentials({**WANTED, "credentials": {"secret": "db", "format": "json", "json_keys": keys}})
    assert (kept["secret_name"], kept["secret_format"], kept["json_keys"]) == ("prod/x/db", "json", keys)
    rds = database.credentials({**WANTED, "kms_key_arn": "", "credentials": {"managed_by": "rds"}})
    assert rds == {"managed_by": "rds"}


def test_a_replica_shares_what_it_can_and_has_no_credentials():
    source, replica = database.instance_items("x", WANTED, [{"name": "reader", "instance_class": "db.t3.small"}])
    assert (replica["name"], replica["replica_of"], replica["instance_class"]) == ("x-reader", "x", "db.t3.small")
    assert not {"credentials", "username", "backup_window", "subnet_group_name", "allocated_storage"} & set(replica)
    assert replica["final_snapshot"] is False and source["final_snapshot"] is True
    assert replica["parameter_group_name"] == source["parameter_group_name"]


def test_outputs_are_null_where_there_is_nothing():
    outputs = database.outputs("x", {}, WANTED, [{"name": "reader"}])
    assert (outputs["identifier"], outputs["endpoint"], outputs["secret_arns"]) == ("x", None, {"database-url": None})
    assert outputs["replicas"] == {"reader": None}
    found = {"x": {"endpoint": "h", "secret_arn": "arn:s"}, "x-reader": {"endpoint": "r"}}
    outputs = database.outputs("x", found, {**WANTED, "credentials": {"secret": "db"}}, [{"name": "reader"}])
    assert (outputs["endpoint"], outputs["secret_arns"], outputs["replicas"]) == ("h", {"db": "arn:s"}, {"reader": "r"})


def test_log_groups_have_retention_and_a_key_where_there_is_one():
    (item,) = database.log_group_items("x", ["postgresql"], 7, "arn:key")
    assert item == {"name": "/aws/rds/instance/x/postgresql", "retention_days": 7, "kms_key_arn": "arn:key"}
    assert "kms_key_arn" not in database.log_group_items("x", ["postgresql"], 7, "")[0]


def test_the_identifier_is_the_prefix_or_what_is_given():
    assert database.identifier("", "dougust-production") == "dougust-production"
    assert database.identifier("mine", "x") == "mine"
    assert len(database.identifier("", "p" * 80)) == 63


ACL = {
    "resource_arns": ["arn:lb", None],
    "rate_limit": 2000,
    "evaluation_window_seconds": 300,
    "managed_groups": ["AWSManagedRulesCommonRuleSet", "AWSManagedRulesSQLiRuleSet"],
    "count_rules": {"AWSManagedRulesCommonRuleSet": ["SizeRestrictions_BODY"]},
}
PLACE = {"account_id": "1", "region": "us-east-1", "partition": "aws"}


def test_a_web_acl_limits_the_rate_before_the_managed_groups_look():
    (item,) = waf.web_acl_items(ACL, "x", PLACE)
    assert [(rule["name"], rule["priority"]) for rule in item["rules"]] == [
        ("rate", 0),
        ("AWSManagedRulesCommonRuleSet", 1),
        ("AWSManagedRulesSQLiRuleSet", 2),
    ]
    assert item["rules"][1]["count_rules"] == ["SizeRestrictions_BODY"] and "count_rules" not in item["rules"][2]
    assert item["associated_arns"] == ["arn:lb"]
    assert item["logging"]["destination_arn"] == "arn:aws:logs:us-east-1:1:log-group:aws-waf-logs-x"
    assert {"authorization", "cookie"} <= set(item["logging"]["redacted_headers"])


def test_a_web_acl_without_a_limit_has_no_such_rule():
    (item,) = waf.web_acl_items({**ACL, "rate_limit": 0}, "x", PLACE)
    assert "rate" not in [rule["name"] for rule in item["rules"]]
