# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of what exists; moto answers for anything."""

from ...errors import AwsError
from .. import backend, check

MISSING = {
    "cluster": ("DBClusterNotFoundFault", "DBCluster"),
    "cluster-snapshot": ("DBClusterSnapshotNotFoundFault", "DBClusterSnapshot"),
    "db": ("DBInstanceNotFound", "DBInstance"),
    "pg": ("DBParameterGroupNotFound", "DBParameterGroup"),
    "snapshot": ("DBSnapshotNotFound", "DBSnapshot"),
    "subgrp": ("DBSubnetGroupNotFoundFault", "DB subnet group"),
}


@check("rds", "AddTagsToResource", "ListTagsForResource", "RemoveTagsFromResource")
def require_resource(call):
    """An ARN is that of something in the region."""
    arn = call.parameters["ResourceName"]
    kind = arn.split(":")[5] if arn.count(":") > 5 else None
    if kind in MISSING and backend(call)._get_resource_for_tagging(arn) is None:
        code, name = MISSING[kind]
        raise AwsError(code, f"{name} not found: {arn}")


@check(
    "rds",
    "AddTagsToResource",
    "CreateDBCluster",
    "CreateDBClusterSnapshot",
    "CreateDBInstance",
    "CreateDBParameterGroup",
    "CreateDBSnapshot",
)
def check_tags(call):
    """Keys of AWS's own, and more than fifty tags, are refused."""
    tags = call.parameters.get("Tags") or []
    if any(tag["Key"].startswith("aws:") for tag in tags) or len(tags) > 50:
        message = "System tags cannot be added or modified, and a resource has at most 50 tags."
        raise AwsError("InvalidParameterValue", message)
