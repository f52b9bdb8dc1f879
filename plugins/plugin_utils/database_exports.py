# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task that exports a PostgreSQL database to a bucket: one container dumps, the next one uploads. Pure functions."""

from __future__ import annotations

from typing import Any, Dict, List

from ansible_collections.groundwork.aws.plugins.plugin_utils import fargate

FOLDER = "/export"
# The user of the PostgreSQL image; the other container has to read what it writes.
USER = "999"
DUMP, UPLOAD = "dump", "upload"

# libpq knows the settings of a connection from the environment, so that no argument shows the password. Of the URL's
# parameters only sslmode is libpq's; modes that it cannot check here, or does not know, become "require".
DUMP_SCRIPT = """\
set -eu
umask 077
url=${DATABASE_URL#*://}
parameters=
case $url in *\\?*) parameters=${url#*\\?} url=${url%%\\?*} ;; esac
login=${url%@*} place=${url##*@}
server=${place%%/*}
PGUSER=${login%%:*} PGPASSWORD=${login#*:} PGDATABASE=${place#*/} PGHOST=${server%:*} PGPORT=5432
case $server in *:*) PGPORT=${server##*:} ;; esac
case \\&$parameters\\& in
  *\\&sslmode=disable\\&*) PGSSLMODE=disable ;;
  *\\&sslmode=allow\\&*) PGSSLMODE=allow ;;
  *\\&sslmode=prefer\\&*) PGSSLMODE=prefer ;;
  *) PGSSLMODE=require ;;
esac
unset DATABASE_URL
export PGUSER PGPASSWORD PGDATABASE PGHOST PGPORT PGSSLMODE
exec pg_dump --format=custom --no-password --file="$EXPORT_FILE"
"""
UPLOAD_SCRIPT = """\
set -eu
exec aws s3 cp --no-progress "$EXPORT_FILE" "$EXPORT_TARGET-$(date -u +%Y-%m-%dT%H%M%SZ).dump"
"""


def containers(export: Dict[str, Any], place: Dict[str, str], images: Dict[str, str], secret: Any) -> List[dict]:
    """The two containers; the second begins when the first has succeeded.

    :param export: C(name), C(bucket_name), C(prefix) and C(log_group).
    :param secret: what ECS is given for the URL.
    """
    shared = {"user": USER, "read_only_root_filesystem": True, "log_group": export["log_group"]}
    file = f"{FOLDER}/{export['name']}.dump"
    target = f"s3://{export['bucket_name']}/{export['prefix']}/{export['name']}"
    return [
        {
            **shared,
            "name": DUMP,
            "image": images[DUMP],
            "essential": False,
            "entry_point": ["sh", "-c"],
            "command": [DUMP_SCRIPT],
            "environment": {"EXPORT_FILE": file},
            "secrets": {"DATABASE_URL": secret},
        },
        {
            **shared,
            "name": UPLOAD,
            "image": images[UPLOAD],
            "entry_point": ["sh", "-c"],
            "command": [UPLOAD_SCRIPT],
            # The command line keeps a cache in the home folder.
            "environment": {
                "AWS_REGION": place["region"],
                "EXPORT_FILE": file,
                "EXPORT_TARGET": target,
                "HOME": FOLDER,
            },
            "depends_on": {DUMP: "SUCCESS"},
        },
    ]


def statements(bucket_arn: str, prefix: str, place: Dict[str, str], key_arn: str) -> List[fargate.Statement]:
    """What the upload may do: write below the prefix, with the bucket's key.

    Source: U(https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuAndPermissions.html): parts need both key actions.
    """
    write = {"Action": ["s3:AbortMultipartUpload", "s3:PutObject"], "Resource": f"{bucket_arn}/{prefix}/*"}
    key = [fargate.use_of_key(place, key_arn, "s3", ["kms:Decrypt", "kms:GenerateDataKey"])] if key_arn else []
    return [{"Sid": "Write", "Effect": "Allow", **write}, *key]
