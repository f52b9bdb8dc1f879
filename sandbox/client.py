# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox as tests use it: start one, talk to it, ask what it was told."""

import contextlib
import functools
import hashlib
import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from . import environment as env
from .snapshot import snapshot

ACCOUNT = "123456789012"
LINE = "AWS_ENDPOINT_URL="
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class Sandbox:
    """A running sandbox, in a process of its own that ends with this one."""

    def __init__(self, endpoint, process=None, account=ACCOUNT):
        env.require_loopback(endpoint)
        self.endpoint, self.account = endpoint, account
        self._process, self._clients = process, {}
        # A proxy of the user's must not see, or refuse, what never leaves the machine.
        self._opener = build_opener(ProxyHandler({}))

    @classmethod
    @contextlib.contextmanager
    def start(cls, account=ACCOUNT):
        """A new sandbox on a free port, stopped on the way out."""
        sandbox = cls.launch(account)
        try:
            yield sandbox
        finally:
            sandbox.stop()

    @classmethod
    def launch(cls, account=ACCOUNT):
        """A new sandbox on a free port; ``stop`` is the caller's to call."""
        root = str(Path(__file__).resolve().parent.parent)
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--account", account, "--until-eof"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=root,
            env=env.without_aws(os.environ) | {"PYTHONPATH": root},
            text=True,
        )
        line = process.stdout.readline().strip()
        if not line.startswith(LINE):
            process.kill()
            raise RuntimeError(f"the sandbox did not start: {line or process.wait()!r}")
        return cls(line.removeprefix(LINE), process, account)

    def stop(self):
        """Stop the process, if this object started it; its exit status."""
        for client in self._clients.values():
            client.close()
        self._clients = {}
        if self._process is None:
            return None
        with self._process as process:
            process.terminate()
            try:
                return process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                raise

    def environment(self, base=os.environ):
        """The environment for a command that is to use this sandbox."""
        return env.environment(self.endpoint, base)

    def client(self, service, region="eu-central-1", recorded=True, account=None, credentials=None, **config):
        """A boto3-like client of this sandbox; it does not retry unless ``config`` says so.

        It is the usual account's, unless another is named or ``credentials`` (boto3's arguments) are those of a role.
        """
        key = (service, region, recorded, account, repr(credentials), repr(sorted(config.items())))
        if key not in self._clients:
            given = credentials or env.credentials(account)
            self._clients[key] = self._new_client(service, region, recorded, given, config)
        return self._clients[key]

    def _new_client(self, service, region, recorded, credentials, config):
        from botocore.config import Config

        # A test sees each call once, unless it is about retries and says so.
        settings = {"retries": {"total_max_attempts": 1}, "read_timeout": 30, "proxies": {}, **config}
        client = _session().create_client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            **credentials,
            config=Config(**settings),
        )
        if not recorded:
            client.meta.events.register("before-send", _mark_unrecorded)
        return client

    def calls(self, mutating=None, since=0):
        """The record, oldest first: a list of dicts, see Record.open in record.py."""
        query = {"since": since} | ({} if mutating is None else {"mutating": str(mutating).lower()})
        return self._ask("GET", f"calls?{urlencode(query)}")

    def coverage(self):
        """Since the last reset, {"<service>.<operation>": {"calls": 3, "missing": 0}}: missing is what nothing implements."""
        return self._ask("GET", "coverage")

    def forget_calls(self):
        """Empty the record; numbers start at one again."""
        self._ask("DELETE", "calls")

    def reset(self):
        """Empty the account, the record, faults, refusals and delays."""
        self._ask("POST", "reset")

    def save(self, path):
        """Write everything that is in the accounts to a file."""
        self._ask("POST", "save", {"path": str(path)})

    def restore(self, path):
        """Put what a file holds in the place of everything that is there; ValueError if that cannot be."""
        self._ask("POST", "restore", {"path": str(path)})

    def fault(self, action, *, times=1, error=None, seconds=0, rate=1, seed=0, **match):
        """Arm a fault for a ``service``, an ``operation``, the call number ``n``, the mutating call number ``mutating_n``.

        Numbers count the matching calls from now on; names may be patterns. A ``rate`` strikes that share of the calls,
        the same ones with the same ``seed``.
        """
        match = {name: value for name, value in match.items() if value is not None}
        wanted = {"action": action, "match": match, "times": times, "error": error or {}, "seconds": seconds}
        wanted |= {"rate": rate, "seed": seed}
        return Fault(self, self._ask("POST", "faults", wanted)["id"])

    def hide_new(self, seconds):
        """Answer calls about what is created from now on as if it were not there, for this long."""
        self._ask("POST", "unseen", {"seconds": seconds})

    def clear_faults(self):
        """Disarm every fault and let go of the calls that they hold."""
        self._ask("DELETE", "faults")

    def refuse_credentials(self, credentials=True):
        """Refuse every access key, the given ones, or with False none."""
        self._ask("POST", "refuse", {"credentials": credentials})

    def delays(self, scale=None, **seconds):
        """Set how long things take, such as ``nat_gateway_create=2``, and the scale of all others; returns what applies."""
        wanted = {name.replace("_", "-"): value for name, value in seconds.items()}
        return self._ask("POST", "delays", wanted | ({} if scale is None else {"scale": scale}))

    def advance(self, seconds):
        """Let time pass in the sandbox: what takes time there is that much further."""
        return self._ask("POST", "advance", {"seconds": seconds})["advanced"]

    def alarm(self, name, state="ALARM", after_seconds=0, region="eu-central-1"):
        """Let an alarm of CloudWatch come to a state, now or when so much time has passed in the sandbox."""
        self._ask("POST", "alarm", {"name": name, "state": state, "seconds": after_seconds, "region": region})

    def delegate(self, zone_name):
        """Let the parent domain point to the hosted zones of this name, which makes their records public."""
        self._ask("POST", "delegations", {"zone": zone_name, "delegated": True})

    def undelegate(self, zone_name):
        """Take back what ``delegate`` did."""
        self._ask("POST", "delegations", {"zone": zone_name, "delegated": False})

    def grow_storage(self, instance, gib, region="eu-central-1"):
        """Let storage autoscaling grow an RDS instance, as it does when the instance runs full."""
        self._ask("POST", "storage", {"instance": instance, "gib": gib, "region": region})

    def database_status(self, instance, status, region="eu-central-1"):
        """Let an RDS instance come to a state such as storage-full; it leaves it by another call of this only."""
        self._ask("POST", "database-status", {"instance": instance, "status": status, "region": region})

    def raise_quotas(self, factor):
        """Let every region hold this many times AWS's defaults of whatever can be raised, until a reset."""
        self._ask("POST", "quotas", {"factor": factor})

    def task_behaviour(self, image="*", command="", *, exit_code=None, healthy=True, log_lines=(), seconds=0):
        """How containers of ECS tasks behave whose image is, contains or matches this; what is said last counts.

        With an exit code a service's task ends after some seconds, and is replaced; a one-off task ends in any case.
        """
        told = {"image": image, "command": command, "exit_code": exit_code, "healthy": healthy}
        self._ask("POST", "task-behaviours", told | {"log_lines": list(log_lines), "seconds": seconds})

    def task_capacity(self, available, provider="*", zone="*"):
        """Whether AWS has room for new tasks of a capacity provider, such as ``FARGATE_SPOT``, in an Availability Zone."""
        self._ask("POST", "task-capacity", {"available": available, "provider": provider, "zone": zone})

    def lifecycle_hook(self, function, status):
        """What a function says that a deployment of ECS calls: SUCCEEDED (the usual), FAILED or IN_PROGRESS."""
        self._ask("POST", "lifecycle-hooks", {"function": function, "status": status})

    def waiting_hooks(self, region="eu-central-1"):
        """What CodeDeploy would ask Lambda: the events that wait for PutLifecycleEventHookExecutionStatus, with its ids."""
        self.client("codedeploy", region, recorded=False).list_deployments()  # so that they go on as far as they can
        return self._ask("GET", f"hooks?{urlencode({'region': region})}")

    def push_image(self, repository, tag="v1", digest=None, region="eu-central-1"):
        """Put a new image into a repository of ECR, or with a digest give the image that has it a tag; its digest."""
        ecr = self.client("ecr", region, recorded=False)
        if digest:
            found = ecr.batch_get_image(repositoryName=repository, imageIds=[{"imageDigest": digest}])["images"]
            manifest = found[0]["imageManifest"]
        else:
            content = f"sha256:{hashlib.sha256(uuid.uuid4().bytes).hexdigest()}"
            blob = {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 1000, "digest": content}
            manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": blob, "layers": [blob]})
        image = ecr.put_image(
            repositoryName=repository, imageManifest=manifest, imageManifestMediaType=MANIFEST, imageTag=tag
        )
        return image["image"]["imageId"]["imageDigest"]

    def confirm_subscription(self, topic_arn, endpoint):
        """Agree to a subscription as the reader of an email does; its ARN."""
        return self._ask("POST", "confirm", {"topic": topic_arn, "endpoint": endpoint})["SubscriptionArn"]

    def snapshot(self, regions=None, defaults=False):
        """Everything in the account, see snapshot. Without regions: those in which anything was changed."""
        regions = self._ask("GET", "regions") if regions is None else regions
        # What AWS provides is there without anybody's having used the service.
        used = None if defaults else self._ask("GET", "used")
        return snapshot(lambda service, region: self.client(service, region, recorded=False), regions, defaults, used)

    def _ask(self, method, page, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = Request(f"{self.endpoint}/_sandbox/{page}", data=data, method=method)
        try:
            with self._opener.open(request, timeout=60) as response:
                return json.load(response)
        except HTTPError as error:
            raise ValueError(json.load(error)["error"]) from error


class Fault:
    """An armed fault."""

    def __init__(self, sandbox, number):
        self._sandbox, self.id = sandbox, number

    def wait(self, seconds=30):
        """Wait until it struck; its view, with ``hits`` and the record numbers of the ``calls``."""
        return self._sandbox._ask("GET", f"faults/{self.id}?wait={seconds}")

    @property
    def hits(self):
        """How often it struck."""
        return self.wait(0)["hits"]

    def release(self):
        """Let go of the calls that it holds."""
        self._sandbox._ask("POST", f"faults/{self.id}/release")


@functools.cache
def _session():
    """One session for all, because models take long to load, and one that sees nothing of the user's."""
    import botocore.session

    nothing = (None, None, os.devnull, None)
    profile = (None, None, None, None)
    return botocore.session.Session({"profile": profile, "config_file": nothing, "credentials_file": nothing})


def _mark_unrecorded(request, **_kwargs):
    request.headers["X-Sandbox-Unrecorded"] = "1"
