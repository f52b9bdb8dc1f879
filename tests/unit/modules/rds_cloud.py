# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of RDS instances share."""

from __future__ import annotations

from moto.rds.models import DBInstance

NAME = "dougust-test"
SECRET_NAME = "test/dougust/database-url"
TAGS = {"Platform": "dougust", "Environment": "test", "ManagedBy": "groundwork.aws", "Component": "database"}


def instance(**changes):
    """A usual instance, with changes; None takes an option out."""
    usual = {
        "name": NAME,
        "engine_version": "15.12",
        "instance_class": "db.t3.medium",
        "allocated_storage": 100,
        "max_allocated_storage": 1000,
        "storage_type": "gp3",
        "database_name": "dougust",
        "username": "dougust",
        "backup_window": "09:00-10:00",
        "maintenance_window": "sun:02:00-sun:04:00",
        "backup_retention_days": 7,
        "credentials": {"secret_name": SECRET_NAME},
    }
    return {option: value for option, value in {**usual, **changes}.items() if value is not None}


def run(cloud, *instances, **params):
    return cloud.run("rds_instances", **{"instances": list(instances) or [instance()], "tags": TAGS, **params})


def fail(cloud, *instances, **params):
    return cloud.run_failing("rds_instances", **{"instances": list(instances) or [instance()], "tags": TAGS, **params})


def described(cloud, name=NAME):
    return cloud.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def secret_text(cloud, name=SECRET_NAME):
    return cloud.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]


class Answers(dict):
    """What AWS says of an instance beside what moto does; its states one after the other, the last one for ever."""

    def __init__(self):
        super().__init__()
        self.states = []
        self.last = {}

    def script(self, *states):
        """The states that the next descriptions show."""
        self.states = list(states)

    def change(self, answer):
        """Change an answer of DescribeDBInstances."""
        for one in answer["DBInstances"]:
            one.update(self)
            if self.states:
                one["DBInstanceStatus"] = self.states.pop(0) if len(self.states) > 1 else self.states[0]
            self.last = one


def teach_moto(cloud, monkeypatch):
    """Let moto remember what it forgets, and a test say what AWS answers: by the returned Answers."""
    create = DBInstance.__init__

    def remember(self, *args, **kwargs):
        create(self, *args, **kwargs)
        self.enable_performance_insights = kwargs.get("enable_performance_insights")
        self.performance_insights_kms_key_id = kwargs.get("performance_insights_kms_key_id")
        self.engine_lifecycle_support = kwargs.get("engine_lifecycle_support")
        self.db_port_number = None

    def port(self):
        return {"Address": self.address, "Port": self.db_port_number or self.port}

    monkeypatch.setattr(DBInstance, "__init__", remember)
    monkeypatch.setattr(DBInstance, "endpoint", property(port))
    enabled = property(lambda self: bool(self.enable_performance_insights))
    monkeypatch.setattr(DBInstance, "performance_insights_enabled", enabled, raising=False)
    answers = Answers()
    cloud.adjust("DescribeDBInstances", answers.change)
    return answers
