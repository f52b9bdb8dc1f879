# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows: encryption, registry, database, credentials, buckets."""

import json
import re
from urllib.parse import parse_qs, unquote, urlsplit

from tests.integration.harness import REGION

from .dougust import ACCOUNT, ZONES

KEYS = {
    "data": [],
    "logs": [f"logs.{REGION}.amazonaws.com"],
    "alerts": ["cloudwatch.amazonaws.com"],
}


def keys(dougust):
    account = dougust.account
    assert account.names("kms/key") == dougust.prefixed(*KEYS)
    assert account.names("kms/alias") == [f"alias/{name}" for name in dougust.prefixed(*KEYS)]
    for part, services in KEYS.items():
        key = dougust.one("kms/key", part)
        assert key["KeyState"] == "Enabled"
        assert key["Rotation"] == {"KeyRotationEnabled": True, "RotationPeriodInDays": 365}
        assert account.one("kms/alias", f"alias/{dougust.host}-{part}")["TargetKeyId"] == key["KeyId"]
        iam, *others = json.loads(key["Policy"])["Statement"]
        assert iam["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        assert [statement["Principal"] for statement in others] == [{"Service": service} for service in services]
        # Confused deputies: a service may use a key for this account only.
        assert all(ACCOUNT in json.dumps(statement["Condition"]) for statement in others)
    _iam, of_logs = json.loads(dougust.one("kms/key", "logs")["Policy"])["Statement"]
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*"
    assert of_logs["Condition"] == {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arn}}


def repository(dougust):
    found = dougust.one("ecr/repository", "api")
    assert found["imageScanningConfiguration"] == {"scanOnPush": True}
    assert found["encryptionConfiguration"] == {"encryptionType": "KMS", "kmsKey": dougust.key("data")}
    untagged, newest = json.loads(found["lifecyclePolicy"])["rules"]
    assert (untagged["selection"]["tagStatus"], untagged["selection"]["countNumber"]) == ("untagged", 7)
    assert (newest["selection"]["countType"], newest["selection"]["countNumber"]) == ("imageCountMoreThan", 10)
    assert found["imageTagMutability"] == dougust.expected.mutability
    excluded = [item["filter"] for item in found.get("imageTagMutabilityExclusionFilters", [])]
    assert excluded == (["latest"] if dougust.environment == "production" else [])


def database(dougust):
    found, expected = dougust.one("rds/db"), dougust.expected
    assert found["DBInstanceStatus"] == "available" and found["PendingModifiedValues"] == {}
    assert (found["Engine"], found["EngineVersion"].partition(".")[0]) == ("postgres", "15")
    assert found["EngineLifecycleSupport"] == "open-source-rds-extended-support-disabled"
    assert found["AutoMinorVersionUpgrade"] is True
    assert (found["DBInstanceClass"], found["MultiAZ"]) == (expected.instance_class, expected.multi_az)
    assert (found["StorageType"], found["AllocatedStorage"], found["MaxAllocatedStorage"]) == ("gp3", 100, 1000)
    assert found["PubliclyAccessible"] is False
    assert (found["StorageEncrypted"], found["KmsKeyId"]) == (True, dougust.key("data"))
    assert (found["DBName"], found["MasterUsername"]) == ("dougust", "dougust")
    assert found["DeletionProtection"] is expected.protected
    assert [group["VpcSecurityGroupId"] for group in found["VpcSecurityGroups"]] == [dougust.group("database")]
    subnets = found["DBSubnetGroup"]["Subnets"]
    assert {subnet["SubnetIdentifier"] for subnet in subnets} == dougust.subnets("database")
    assert {subnet["SubnetAvailabilityZone"]["Name"] for subnet in subnets} == {f"{REGION}{zone}" for zone in ZONES}
    assert found["ReadReplicaDBInstanceIdentifiers"] == []


def database_care(dougust):
    found = dougust.one("rds/db")
    assert (found["BackupRetentionPeriod"], found["CopyTagsToSnapshot"]) == (7, True)
    assert found["PreferredMaintenanceWindow"] == "sun:02:00-sun:04:00"
    assert found["PreferredBackupWindow"] == "00:00-01:00"
    assert found["PerformanceInsightsEnabled"] is True and found["PerformanceInsightsRetentionPeriod"] == 7
    assert found["PerformanceInsightsKMSKeyId"] == dougust.key("data")
    assert found["DatabaseInsightsMode"] == "standard"
    assert set(found["EnabledCloudwatchLogsExports"]) == {"postgresql", "upgrade"}
    (group,) = found["DBParameterGroups"]
    assert group["ParameterApplyStatus"] == "in-sync"
    parameters = dougust.account.one("rds/parameter-group", group["DBParameterGroupName"])
    values = {one["ParameterName"]: one["ParameterValue"] for one in parameters["Parameters"]}
    assert parameters["DBParameterGroupFamily"] == "postgres15"
    assert {"rds.force_ssl": "1", "log_connections": "1"}.items() <= values.items()


def secrets(dougust):
    found = dougust.account.of("secretsmanager/secret")
    assert set(found) == {
        f"{dougust.expected.secret_prefix}/{name}" for name in ("database-url", "jwt-secret", "jwt-refresh-secret")
    }
    for name, secret in found.items():
        assert secret["KmsKeyId"] == dougust.key("data"), name
        assert not secret.get("RotationEnabled"), name


def generated_secrets(dougust):
    values = [_value(dougust, name) for name in ("jwt-secret", "jwt-refresh-secret")]
    fits = [bool(re.fullmatch(r"[A-Za-z0-9_-]{64}", value)) for value in values]
    different = len(set(values)) == len(values)
    assert all(fits) and different


def database_url(dougust):
    """The URL is one that PostgreSQL's libraries take, and leads into the instance with its very password."""
    instance = dougust.one("rds/db")
    url = urlsplit(_value(dougust, "database-url"))
    assert url.scheme == "postgresql"
    assert (url.hostname, url.port) == (instance["Endpoint"]["Address"], instance["Endpoint"]["Port"])
    assert (url.username, url.path) == (instance["MasterUsername"], f"/{instance['DBName']}")
    assert parse_qs(url.query) == {"sslmode": ["require"]}
    # No expression with a password is asserted: pytest would show it.
    password = dougust.database_password
    fits = unquote(url.password) == password
    strong = bool(re.fullmatch(r"[^\s/@\"]{30,}", password))
    assert fits and strong


def _value(dougust, name):
    return dougust.client("secretsmanager").get_secret_value(SecretId=dougust.secret(name))["SecretString"]


def buckets(dougust):
    names = {part: f"{dougust.host}-{part}-{ACCOUNT}-{REGION}" for part in ("access-logs", "exports")}
    assert dougust.account.names("s3/bucket") == sorted(names.values())
    for name, bucket in dougust.account.of("s3/bucket").items():
        assert len(bucket["PublicAccessBlock"]) == 4 and all(bucket["PublicAccessBlock"].values()), name
        assert bucket["Ownership"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}], name
        assert {"Bool": {"aws:SecureTransport": "false"}} in [
            statement["Condition"]
            for statement in json.loads(bucket["Policy"])["Statement"]
            if statement["Effect"] == "Deny"
        ], name
    logs, exports = (dougust.account.one("s3/bucket", names[part]) for part in ("access-logs", "exports"))
    # Load balancers write to buckets with keys of S3 only.
    assert _encryption(logs) == {"SSEAlgorithm": "AES256"}
    assert _encryption(exports) == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": dougust.key("data")}
    assert exports["Versioning"]["Status"] == "Enabled"
    assert [rule["Expiration"]["Days"] for rule in logs["Lifecycle"] + exports["Lifecycle"]] == [90, 365]
    assert exports["Lifecycle"][0]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}


def _encryption(bucket):
    return bucket["Encryption"]["Rules"][0]["ApplyServerSideEncryptionByDefault"]


ROWS = [
    keys, repository, database, database_care, secrets, generated_secrets, database_url, buckets,
]  # fmt: skip
