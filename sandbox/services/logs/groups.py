# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log groups: encryption after creation, deletion protection, and retention that AWS knows."""

from ...errors import AwsError
from .. import answer, backend, check, correct

RETENTION = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip


@check("logs", "PutRetentionPolicy")
def check_retention(call):
    """Only some numbers of days exist."""
    days = call.parameters.get("retentionInDays")
    if days not in RETENTION:
        values = ", ".join(str(number) for number in RETENTION)
        message = (
            f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{values}]"
        )
        raise AwsError("InvalidParameterException", message)


@check("logs", "CreateLogGroup")
def check_group(call):
    """The key of a group is there, and lets CloudWatch Logs use it."""
    if call.parameters.get("kmsKeyId"):
        _check_key(call)


def _check_key(call):
    arn = call.parameters["kmsKeyId"]
    key = backend(call, "kms").keys.get(arn.rpartition("/")[2]) if arn.split(":")[4:5] == [call.account] else None
    foreign = arn.split(":")[4:5] not in ([call.account], [])
    if not foreign and (key is None or "logs." not in str(key.policy)):
        message = f"The specified KMS key does not exist or is not allowed to be used with log groups: {arn}"
        raise AwsError("InvalidParameterException", message)


@answer("logs", "AssociateKmsKey")
def associate_key(call):
    """moto does not have it."""
    group = group_of(call)
    _check_key(call)
    group.kms_key_id = call.parameters["kmsKeyId"]
    return {}


@answer("logs", "DisassociateKmsKey")
def disassociate_key(call):
    """moto does not have it."""
    group_of(call).kms_key_id = None
    return {}


@answer("logs", "PutLogGroupDeletionProtection")
def protect(call):
    """moto does not have it."""
    group_of(call).sandbox_protected = call.parameters["deletionProtectionEnabled"]
    return {}


@correct("logs", "CreateLogGroup")
def keep_settings(call, _parsed):
    """moto forgets the class and the protection of a group."""
    group = group_of(call)
    group.sandbox_class = call.parameters.get("logGroupClass") or "STANDARD"
    group.sandbox_protected = bool(call.parameters.get("deletionProtectionEnabled"))
    return False


@check("logs", "DeleteLogGroup")
def refuse_protected(call):
    """A protected group stays."""
    group = backend(call).groups.get(call.parameters["logGroupName"])
    if group is not None and getattr(group, "sandbox_protected", False):
        message = "Log group cannot be deleted because deletion protection is enabled"
        raise AwsError("ValidationException", message, 400)


@correct("logs", "DescribeLogGroups")
def describe_settings(call, parsed):
    """What moto does not keep, and the pattern that it does not match."""
    groups, pattern = backend(call).groups, call.parameters.get("logGroupNamePattern")
    if pattern:
        parsed["logGroups"] = [view for view in parsed["logGroups"] if pattern in view["logGroupName"]]
    for view in parsed["logGroups"]:
        group = groups[view["logGroupName"]]
        view["logGroupClass"] = getattr(group, "sandbox_class", "STANDARD")
        view["deletionProtectionEnabled"] = getattr(group, "sandbox_protected", False)


def group_of(call):
    """The log group that a call names; ResourceNotFoundException where there is none."""
    parameters = call.parameters
    name = (
        parameters.get("logGroupName") or parameters.get("logGroupIdentifier") or parameters.get("resourceIdentifier")
    )
    name = name.split(":log-group:", 1)[-1].removesuffix(":*") if name else name
    group = backend(call).groups.get(name)
    if group is None:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return group
