#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_instances
version_added: 1.0.0
short_description: Manage RDS instances and the secrets with their logins
description:
  - Creates, changes, deletes or reads instances of RDS for PostgreSQL, MySQL and MariaDB. Storage is always encrypted.
  - The password is made inside the module run and kept in Secrets Manager only. The secret comes first, so that a run
    that was killed before the instance exists uses the same password again; once the instance is available the secret
    gets its endpoint. Every run holds the content of the secret against the instance. A secret that was lost gives the
    instance a new password. No parameter, result, difference or message contains one.
  - Everything that differs is changed in one call. What AWS was asked for already counts as done. Storage that grew and
    minor versions that AWS installed are no differences. A reboot that a parameter needs is reported, not done.
  - Exists beside M(amazon.aws.rds_instance) because that module takes the password as a parameter, cannot hand it to RDS
    to manage, asks AWS to shrink storage that grew, and returns no endpoint in check mode on an empty account.
options:
  instances:
    description:
      - The instances. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, of small letters, digits and single hyphens, beginning with a letter, at most 63.
        type: str
        required: true
      replica_of:
        description:
          - The name of the instance in this region that a new one is a read replica of. Cannot be changed.
        type: str
      engine:
        description: The engine. Cannot be changed.
        type: str
        choices: [postgres, mysql, mariadb]
        default: postgres
      engine_version:
        description:
          - The version. V(15) takes AWS's newest 15 for a new instance and accepts every 15; V(15.12) also every newer
            one of the same major version. Nothing goes back.
        type: str
      instance_class:
        description: The class, such as V(db.t3.medium). Required to create.
        type: str
      allocated_storage:
        description: GiB of storage. Required to create; smaller than what there is is no difference.
        type: int
      max_allocated_storage:
        description: Up to how many GiB AWS lets the storage grow, at least 10 % above O(instances[].allocated_storage).
        type: int
      storage_type:
        description: The type of the storage.
        type: str
        choices: [gp2, gp3, io1, io2, standard]
      iops:
        description: Provisioned IOPS, for V(io1), V(io2), and V(gp3) from 400 GiB on.
        type: int
      storage_throughput:
        description: Provisioned throughput in MiB a second, for V(gp3) from 400 GiB on.
        type: int
      kms_key_arn:
        description: The KMS key of the storage. Without one AWS's key for RDS. Cannot be changed.
        type: str
      database_name:
        description: The database that AWS creates in the instance. Cannot be changed.
        type: str
      port:
        description: The port. AWS takes the usual one of the engine.
        type: int
      username:
        description: The name of the master user. Required to create; cannot be changed.
        type: str
      subnet_group_name:
        description: The subnet group. Cannot be changed.
        type: str
      security_group_ids:
        description: The security groups.
        type: list
        elements: str
      parameter_group_name:
        description: The parameter group.
        type: str
      multi_az:
        description: Whether a standby in another zone takes over when the instance fails.
        type: bool
      publicly_accessible:
        description: Whether the instance has a public address.
        type: bool
        default: false
      backup_retention_days:
        description: How many days automated backups are kept, V(0) to V(35). V(0) makes none.
        type: int
      backup_window:
        description: When AWS makes backups, in UTC, such as V(03:00-04:00).
        type: str
      maintenance_window:
        description: When AWS may maintain the instance, in UTC, such as V(sun:04:00-sun:05:00).
        type: str
      auto_minor_version_upgrade:
        description: Whether AWS installs minor versions.
        type: bool
      copy_tags_to_snapshot:
        description: Whether snapshots get the tags of the instance.
        type: bool
      deletion_protection:
        description: Whether the instance refuses to be deleted.
        type: bool
      performance_insights:
        description: Whether Performance Insights keeps seven days of what the database did.
        type: bool
      performance_insights_kms_key_arn:
        description: The KMS key of Performance Insights. Cannot be changed while that is on.
        type: str
      monitoring_interval:
        description: Seconds between two measurements of enhanced monitoring. V(0) switches it off.
        type: int
        choices: [0, 1, 5, 10, 15, 30, 60]
      monitoring_role_arn:
        description: The role that enhanced monitoring writes with. Required with O(instances[].monitoring_interval).
        type: str
      cloudwatch_logs_exports:
        description: The logs that go to CloudWatch Logs. V([]) for none.
        type: list
        elements: str
      ca_certificate:
        description: The certificate authority of the server's certificate, such as V(rds-ca-rsa2048-g1).
        type: str
      engine_lifecycle_support:
        description: Whether AWS keeps an outdated major version running for an additional charge, or upgrades it.
        type: str
        choices: [open-source-rds-extended-support, open-source-rds-extended-support-disabled]
        default: open-source-rds-extended-support-disabled
      credentials:
        description:
          - How the password of the master user is kept. Required to create, except for a replica.
        type: dict
        suboptions:
          managed_by:
            description:
              - V(module) makes a password once and keeps the whole login in O(instances[].credentials.secret_name).
              - V(rds) leaves it to RDS, which keeps user and password in a secret of its own and rotates them.
            type: str
            choices: [module, rds]
            default: module
          secret_name:
            description: The name of the secret. Required with V(module).
            type: str
          secret_kms_key_arn:
            description: The KMS key of the secret.
            type: str
          secret_format:
            description: What the secret contains, a URL or a JSON object.
            type: str
            choices: [url, json]
            default: url
          url_scheme:
            description: How the URL begins.
            type: str
            default: postgresql
          url_parameters:
            description: What the URL ends with.
            type: dict
            default: {sslmode: require}
          json_keys:
            description: Other names for the keys username, password, host, port, dbname and engine of the JSON object.
            type: dict
      max_connections:
        description: What to return as RV(instances) max_connections, where the parameter group sets another value.
        type: int
      final_snapshot:
        description:
          - Whether a deletion makes a snapshot first. Its name is that of the instance, C(-final-) and the time. A
            replica has none.
        type: bool
        default: true
      tags:
        description: Tags of this instance and its secret beside O(tags).
        type: dict
  apply_immediately:
    description: Whether changes wait for no maintenance window. Some interrupt the service.
    type: bool
    default: true
  allow_major_version_upgrade:
    description: Whether a higher major version in O(instances[].engine_version) upgrades an instance, with an interruption.
    type: bool
    default: false
  force:
    description: Whether O(state=absent) also deletes instances with deletion protection.
    type: bool
    default: false
  recovery_window_days:
    description:
      - How many days the secret of a deleted instance can still be taken back; an instance created anew in that time gets
        the same password. V(0) deletes the secret at once.
    type: int
    choices: [0, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]
    default: 30
  account_id:
    description: The account, for ARNs of what check mode would create.
    type: str
    default: "000000000000"
  wait_timeout:
    description: How long to wait, in seconds. A new instance takes ten to twenty minutes, a big change longer.
    type: int
    default: 3600
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Start a database whose URL only its tasks read
  groundwork.aws.rds_instances:
    instances:
      - name: dougust-production
        engine_version: "15"
        instance_class: db.t3.large
        allocated_storage: 100
        max_allocated_storage: 1000
        storage_type: gp3
        database_name: dougust
        username: dougust
        subnet_group_name: dougust-production
        security_group_ids: [sg-0123456789abcdef0]
        multi_az: true
        credentials:
          secret_name: prod/dougust/database-url
    wait: false
"""

RETURN = r"""
instances:
  description:
    - The instances by name, with every option that AWS keeps as it is, or is about to be.
    - C(allocated_storage_bytes) is what there is now; C(endpoint) is null until AWS has made one.
    - C(max_connections) is AWS's default for the class, or what the item says.
    - C(credentials) says how the secret stands to the instance; C(pending_reboot) whether a parameter waits for a reboot.
  returned: always
  type: dict
  sample:
    dougust-production:
      name: dougust-production
      arn: arn:aws:rds:us-east-1:123456789012:db:dougust-production
      status: available
      endpoint: dougust-production.abcdefghijkl.us-east-1.rds.amazonaws.com
      port: 5432
      engine: postgres
      engine_version: "15.12"
      instance_class: db.t3.large
      allocated_storage: 100
      allocated_storage_bytes: 107374182400
      max_connections: 901
      resource_id: db-ABCDEFGHIJKLMNOPQRSTUVWXYZ
      secret_arn: arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/dougust/database-url-a1b2c3
      master_secret_arn: null
      credentials: fits the instance
      multi_az: true
      pending_reboot: false
      tags: {Platform: dougust, Environment: production}
final_snapshots:
  description:
    - The final snapshots that this run made of what it deleted. With O(state=absent) also those that earlier deletions made.
  returned: always
  type: list
  elements: str
  sample: [dougust-production-final-20260131120000]
pending_deletion:
  description: The secrets of deleted instances that can still be taken back.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      returned: always
      type: str
      sample: prod/dougust/database-url
    arn:
      description: The ARN.
      returned: always
      type: str
      sample: arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/dougust/database-url-a1b2c3
    deletion_date:
      description: The date that AWS gives for the deletion.
      returned: always
      type: str
      sample: "2026-01-31T12:00:00+00:00"
"""

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.rds_instance_kind import Instance

LIFECYCLE_SUPPORT = ["open-source-rds-extended-support", "open-source-rds-extended-support-disabled"]

CREDENTIALS = {
    "managed_by": {"type": "str", "choices": ["module", "rds"], "default": "module"},
    "secret_name": {"type": "str", "no_log": False},
    "secret_kms_key_arn": {"type": "str", "no_log": False},
    "secret_format": {"type": "str", "choices": ["url", "json"], "default": "url", "no_log": False},
    "url_scheme": {"type": "str", "default": "postgresql"},
    "url_parameters": {"type": "dict", "default": {"sslmode": "require"}},
    "json_keys": {"type": "dict", "no_log": False},
}

ARGUMENT_SPEC = {
    "instances": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "replica_of": {"type": "str"},
            "engine": {"type": "str", "choices": ["postgres", "mysql", "mariadb"], "default": "postgres"},
            "engine_version": {"type": "str"},
            "instance_class": {"type": "str"},
            "allocated_storage": {"type": "int"},
            "max_allocated_storage": {"type": "int"},
            "storage_type": {"type": "str", "choices": ["gp2", "gp3", "io1", "io2", "standard"]},
            "iops": {"type": "int"},
            "storage_throughput": {"type": "int"},
            "kms_key_arn": {"type": "str", "no_log": False},
            "database_name": {"type": "str"},
            "port": {"type": "int"},
            "username": {"type": "str"},
            "subnet_group_name": {"type": "str"},
            "security_group_ids": {"type": "list", "elements": "str"},
            "parameter_group_name": {"type": "str"},
            "multi_az": {"type": "bool"},
            "publicly_accessible": {"type": "bool", "default": False},
            "backup_retention_days": {"type": "int"},
            "backup_window": {"type": "str"},
            "maintenance_window": {"type": "str"},
            "auto_minor_version_upgrade": {"type": "bool"},
            "copy_tags_to_snapshot": {"type": "bool"},
            "deletion_protection": {"type": "bool"},
            "performance_insights": {"type": "bool"},
            "performance_insights_kms_key_arn": {"type": "str", "no_log": False},
            "monitoring_interval": {"type": "int", "choices": [0, 1, 5, 10, 15, 30, 60]},
            "monitoring_role_arn": {"type": "str"},
            "cloudwatch_logs_exports": {"type": "list", "elements": "str"},
            "ca_certificate": {"type": "str"},
            "engine_lifecycle_support": {
                "type": "str",
                "choices": LIFECYCLE_SUPPORT,
                "default": "open-source-rds-extended-support-disabled",
            },
            "credentials": {"type": "dict", "no_log": False, "options": CREDENTIALS},
            "max_connections": {"type": "int"},
            "final_snapshot": {"type": "bool", "default": True},
            "tags": {"type": "dict"},
        },
    },
    "apply_immediately": {"type": "bool", "default": True},
    "allow_major_version_upgrade": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
    "recovery_window_days": {"type": "int", "choices": [0, *range(7, 31)], "default": 30},
    "account_id": {"type": "str", "default": "000000000000"},
    "wait_timeout": {"type": "int", "default": 3600},
}


def main():
    lifecycle.run(Instance, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
