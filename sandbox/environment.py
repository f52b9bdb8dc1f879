# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment in which a command talks to the sandbox, and to nothing else."""

import ipaddress
import os
from urllib.parse import urlsplit

# Full length: Ansible's no_log masks every occurrence of a credential, so "test" would mangle the output.
ACCESS_KEY_ID = "AKIA" + "SANDBOX7LOCALAWS"
SECRET_ACCESS_KEY = "sandbox+only/" + "this+opens+nothing+at+all/0"

REMOVED_PREFIXES = ("AWS_", "BOTO_", "EC2_")
# The names under which amazon.aws and old boto also look for endpoints and credentials.
REMOVED_NAMES = ("S3_URL", "BOTO3_PROFILE", "BOTOCORE_DEFAULT_SESSION_VARIABLES")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def environment(endpoint, base=os.environ):
    """``base`` without a trace of the user's AWS, pointed at ``endpoint``; ValueError unless that is local."""
    require_loopback(endpoint)
    env = {name: value for name, value in base.items() if not _belongs_to_aws(name)}
    env.update(
        AWS_ACCESS_KEY_ID=ACCESS_KEY_ID,
        AWS_SECRET_ACCESS_KEY=SECRET_ACCESS_KEY,
        AWS_ENDPOINT_URL=endpoint,
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
    )
    for name in ("no_proxy", "NO_PROXY"):
        env[name] = _without_proxy(env.get(name, ""))
    return env


def credentials(account=None):
    """boto3's arguments for the usual account, or for the account of this number."""
    return {"aws_access_key_id": account or ACCESS_KEY_ID, "aws_secret_access_key": SECRET_ACCESS_KEY}


def require_loopback(endpoint):
    """Refuse an endpoint that could be a real AWS, or anything else beyond this machine."""
    url = urlsplit(endpoint)
    if url.scheme != "http":
        raise ValueError(f"the sandbox speaks http, so {endpoint!r} is not a sandbox")
    if url.username or url.password or not _is_loopback(url.hostname):
        raise ValueError(f"{endpoint!r} is not on a loopback address, so it is not a sandbox")
    if not url.port:
        raise ValueError(f"{endpoint!r} has no port, so it is not a sandbox")


def without_aws(base):
    """``base`` without the user's AWS variables: what the sandbox process itself runs with."""
    env = {name: value for name, value in base.items() if not _belongs_to_aws(name)}
    return env | {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def _belongs_to_aws(name):
    return name.upper().startswith(REMOVED_PREFIXES) or name.upper() in REMOVED_NAMES


def _is_loopback(host):
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _without_proxy(current):
    hosts = [host for host in current.split(",") if host]
    return ",".join(hosts + [host for host in LOOPBACK if host not in hosts])
