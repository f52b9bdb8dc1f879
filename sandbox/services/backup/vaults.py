# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vaults with their policies, notifications and locks, and the settings of a region."""

import json

from ...errors import AwsError
from .. import after, answer, backend, check
from ..governance import given, kept, key_of, page

# https://docs.aws.amazon.com/aws-backup/latest/devguide/whatisbackup.html: supported resources
TYPES = (
    "Aurora", "CloudFormation", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "Redshift",
    "Redshift Serverless", "S3", "SAP HANA on Amazon EC2", "Storage Gateway", "Timestream", "VirtualMachine",
)  # fmt: skip


def missing(message):
    """What AWS Backup says of what is not there."""
    return AwsError("ResourceNotFoundException", message)


def wrong(message):
    """What AWS Backup says of values that it does not take."""
    return AwsError("InvalidParameterValueException", message)


def not_now(message):
    """What AWS Backup says of requests that do not fit what is there."""
    return AwsError("InvalidRequestException", message)


def vault_of(call, name=None):
    """The vault that a call names."""
    name = name or call.parameters["BackupVaultName"]
    vault = backend(call).vaults.get(name)
    if vault is None:
        raise missing(f"Backup vault {name} not found")
    return vault


def points_of(call, name):
    """{ARN: recovery point} of a vault; jobs put them there."""
    return {arn: point for arn, point in kept(call, "points").items() if point["BackupVaultName"] == name}


@check("backup", "CreateBackupVault")
def check_key(call):
    """A vault is encrypted with a key that is there."""
    key = call.parameters.get("EncryptionKeyArn")
    if key and key_of(call, key) is None:
        raise wrong(f"The KMS key {key} does not exist or cannot be used.")


@after("backup", "CreateBackupVault")
def fill_key(call):
    """Without a key, the one that AWS has for the service."""
    vault = vault_of(call)
    if not vault.encryption_key_arn:
        vault.encryption_key_arn = f"arn:aws:kms:{call.region}:{call.account}:key/aws-managed-key-of-backup"


@answer("backup", "DescribeBackupVault")
def describe_vault(call):
    """moto does not count what is in a vault."""
    return _view(call, vault_of(call))


@answer("backup", "ListBackupVaults")
def list_vaults(call):
    """The same in lists."""
    found = [_view(call, vault) for vault in backend(call).vaults.values()]
    return page(call, "BackupVaultList", found, refusal="InvalidParameterValueException")


def _view(call, vault):
    count = len(points_of(call, vault.backup_vault_name))
    own = {"VaultType": "BACKUP_VAULT", "VaultState": "AVAILABLE", "NumberOfRecoveryPoints": count}
    return {**vault.to_list_dict(), **own}


@check("backup", "DeleteBackupVault")
def refuse_filled(call):
    """Only an empty vault goes."""
    name = vault_of(call).backup_vault_name
    if points_of(call, name):
        raise not_now(f"Backup vault {name} cannot be deleted because it contains recovery points.")


@after("backup", "DeleteBackupVault")
def forget_vault(call):
    """Its tags go with it."""
    arn = f"arn:aws:backup:{call.region}:{call.account}:backup-vault:{call.parameters['BackupVaultName']}"
    backend(call).tagger.delete_all_tags_for_resource(arn)


# --- what hangs on a vault -----------------------------------------------------------------------------------------


@answer("backup", "PutBackupVaultAccessPolicy")
def put_policy(call):
    """moto does not have it."""
    vault, policy = vault_of(call), call.parameters.get("Policy")
    try:
        sound = isinstance(json.loads(policy)["Statement"], (dict, list))
    except (ValueError, TypeError, KeyError):
        sound = False
    if not sound:
        raise wrong("The specified policy is invalid JSON.")
    vault.sandbox_policy = policy
    return {}


@answer("backup", "GetBackupVaultAccessPolicy")
def get_policy(call):
    """moto does not have it."""
    vault = vault_of(call)
    if not getattr(vault, "sandbox_policy", None):
        raise missing(f"Backup vault {vault.backup_vault_name} has no associated policy")
    return {**_names(vault), "Policy": vault.sandbox_policy}


def _names(vault):
    return {"BackupVaultName": vault.backup_vault_name, "BackupVaultArn": vault.backup_vault_arn}


@answer("backup", "DeleteBackupVaultAccessPolicy")
def delete_policy(call):
    """moto does not have it."""
    vault_of(call).sandbox_policy = None
    return {}


@answer("backup", "PutBackupVaultNotifications")
def put_notifications(call):
    """moto does not have it."""
    parameters = call.parameters
    if not parameters["BackupVaultEvents"]:
        raise wrong("BackupVaultEvents must not be empty.")
    names = ("SNSTopicArn", "BackupVaultEvents")
    vault_of(call).sandbox_notifications = {name: parameters[name] for name in names}
    return {}


@answer("backup", "GetBackupVaultNotifications")
def get_notifications(call):
    """moto does not have it."""
    vault = vault_of(call)
    if not getattr(vault, "sandbox_notifications", None):
        raise missing(f"Failed reading notifications from database for vault {vault.backup_vault_name}")
    return {**_names(vault), **vault.sandbox_notifications}


@answer("backup", "DeleteBackupVaultNotifications")
def delete_notifications(call):
    """moto does not have it."""
    vault_of(call).sandbox_notifications = None
    return {}


# --- settings ------------------------------------------------------------------------------------------------------


@answer("backup", "GetSupportedResourceTypes")
def supported(_call):
    """moto does not have it."""
    return {"ResourceTypes": list(TYPES)}


@answer("backup", "DescribeRegionSettings")
def region_settings(call):
    """moto does not have it."""
    settings = kept(call, "settings")
    return {
        "ResourceTypeOptInPreference": {**dict.fromkeys(TYPES, True), **settings.get("opt_in", {})},
        "ResourceTypeManagementPreference": {"DynamoDB": True, "EFS": True, **settings.get("management", {})},
    }


@answer("backup", "UpdateRegionSettings")
def update_region_settings(call):
    """moto does not have it. A type that is not named stays as it is."""
    parameters, settings = call.parameters, kept(call, "settings")
    told = {
        "opt_in": given(parameters.get("ResourceTypeOptInPreference") or {}),
        "management": given(parameters.get("ResourceTypeManagementPreference") or {}),
    }
    unknown = sorted({kind for kinds in told.values() for kind in kinds} - set(TYPES))
    if unknown:
        raise wrong(f"Invalid resource types: {', '.join(unknown)}")
    for name, kinds in told.items():
        settings[name] = {**settings.get(name, {}), **kinds}
    return {}
