# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a task from starting: its image, its secrets, its log group."""

import hashlib
import json
import re

from moto.backends import get_backend

IMAGE = re.compile(
    r"^(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/"
    r"(?P<repository>[^:@]+)(:(?P<tag>[^@]+))?(@(?P<digest>sha256:.+))?$"
)
PULL_FAILED = "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref"
SECRETS_FAILED = (
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed"
)
LOGS_FAILED = "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times"


def image_digest(account, image):
    """(known, digest) of an image; what is not in this account's registry is always there."""
    match = IMAGE.match(image)
    if match is None or match["account"] != account:
        return True, f"sha256:{hashlib.sha256(image.encode()).hexdigest()}"
    repository = get_backend("ecr")[account][match["region"]].repositories.get(match["repository"])
    tag = match["tag"] or (None if match["digest"] else "latest")
    for item in repository.images if repository else ():
        if match["digest"] in (None, item.get_image_digest()) and (tag is None or tag in item.image_tags):
            return True, item.get_image_digest()
    return False, None


def problem(account, region, containers):
    """Why a task with these containers does not start, or None."""
    for container in containers:
        known, _digest = image_digest(account, container["image"])
        if not known:
            return f"{PULL_FAILED} {container['image']}: {container['image']}: not found"
        logging = container.get("logConfiguration") or {}
        for secret in [*(container.get("secrets") or []), *(logging.get("secretOptions") or [])]:
            reason = _secret_problem(account, region, secret["valueFrom"])
            if reason:
                return f"{SECRETS_FAILED}: {reason}"
        if not _log_group(account, region, container):
            return (
                f"{LOGS_FAILED}: failed to create Cloudwatch log stream: ResourceNotFoundException: "
                "The specified log group does not exist. : exit status 1"
            )
    return None


def _secret_problem(account, region, source):
    parts = source.split(":")
    if len(parts) > 5 and parts[2] == "secretsmanager":
        return _manager_problem(account, parts)
    place = parts[3] if len(parts) > 5 else region
    if get_backend("ssm")[account][place].get_parameter(source) is None:
        return (
            "unable to retrieve secrets from ssm: service call has been retried 1 time(s): "
            f"invalid ssm parameters: {source}"
        )
    return None


def _manager_problem(account, parts):
    arn, options = ":".join(parts[:7]), (parts[7:] + ["", "", ""])[:3]
    key, stage, version = options
    asm = "unable to retrieve secret from asm: service call has been retried 1 time(s)"
    try:
        secrets = get_backend("secretsmanager")[account][parts[3]]
        value = secrets.get_secret_value(arn, version or None, stage or None).get("SecretString")
    except Exception as error:  # moto's refusals have no common class, nor does what its lookups raise
        return f"{asm}: failed to fetch secret {arn} from secrets manager: {type(error).__name__}: {error}"
    if key and key not in _object(value):
        return f"retrieved secret from Secrets Manager did not contain json key {key}"
    return None


def _object(text):
    try:
        value = json.loads(text or "")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def log_options(container):
    """The options of a container that logs to CloudWatch, or None."""
    logging = container.get("logConfiguration") or {}
    return logging.get("options") or {} if logging.get("logDriver") == "awslogs" else None


def log_backend(account, region, options):
    """moto's state of the logs that the options of a container lead to."""
    return get_backend("logs")[account][options.get("awslogs-region") or region]


def _log_group(account, region, container):
    options = log_options(container)
    if options is None:
        return True
    logs, name = log_backend(account, region, options), options.get("awslogs-group")
    if options.get("awslogs-create-group") == "true":
        logs.ensure_log_group(name)
    return name in logs.groups
