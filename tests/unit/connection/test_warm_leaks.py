# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run leaves in the warm process, and what the connection leaves in the worker of Ansible: nothing."""

from __future__ import annotations

import ast
import json
import os
import pathlib
import re
import subprocess
import sys
import time

import pytest

from ansible_collections.groundwork.aws.plugins.plugin_utils.warm import aws, client, protocol
from ansible_collections.groundwork.aws.tests.unit.connection.warm_process import make_request, owned_client

ROOT = pathlib.Path(__file__).resolve().parents[3]
COLLECTIONS = client.__file__.partition("/ansible_collections/")[0]
KEY_OF_PAYLOAD, KEY_OF_TASK = "secret+of/the+payload", "secret+of/the+task"

# A run as AWS modules are: a session, a client of a service that the warm process has not read, a signed request.
RUN = """
import boto3, os
session = boto3.session.Session(**{credentials!r})
client = session.client("sqs", region_name="eu-west-1")
url = client.generate_presigned_url("list_queues")
print("Signature" in url)
"""

# Looks at all that a run inherits; what it looks for is written backwards, so as not to find itself.
INSPECTION = """
import gc, json, sys
import boto3, botocore, botocore.client, botocore.credentials, botocore.session
gc.unfreeze()
found, seen, queue = {{"secrets": 0, "objects": [], "filled": []}}, set(), [gc.get_objects()]
secrets = [text[::-1] for text in {secrets!r}]
live = (botocore.session.Session, boto3.session.Session, botocore.client.BaseClient, botocore.credentials.Credentials)
while queue:
    for item in gc.get_referents(queue.pop()):
        if id(item) in seen or item is secrets:
            continue
        seen.add(id(item))
        queue.append(item)
        if isinstance(item, (bytes, bytearray)):
            found["secrets"] += any(text.encode() in item for text in secrets)
        elif isinstance(item, str):
            found["secrets"] += any(text in item for text in secrets)
        elif isinstance(item, live):
            found["objects"].append(repr(item))
        elif type(item).__name__ == "_lru_cache_wrapper" and item.__module__.split(".")[0] in ("boto3", "botocore"):
            found["filled"] += [item.__qualname__] * bool(item.cache_info().currsize)
found["default"] = boto3.DEFAULT_SESSION is not None
models = next(item for item in gc.get_objects() if type(item).__name__ == "Models")
found["read"] = sorted({{key[1] for key in models._warm._cache if key[0] == "load_service_model"}})
fresh = type(models)()
fresh._warm._cache.clear()
for key in models._warm._cache:
    fresh.learn(key)
found["equal"] = fresh._warm._cache == models._warm._cache
found["shared"] = any(fresh._warm._cache[key] is value for key, value in models._warm._cache.items() if value)
print(json.dumps(found))
"""


def run(warm, script: str, **assignments: str) -> str:
    """The output of a script in the warm process, for which Ansible has no AWS variables."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    status, stdout, stderr = warm.run(make_request(environment=environment, assignments=assignments), script.encode())
    assert status == 0, stderr
    return stdout.decode().strip()


def credentials(secret: str) -> dict[str, str]:
    return {"aws_access_key_id": "AKIAEXAMPLE", "aws_secret_access_key": secret}


@pytest.fixture
def used(tmp_path, monkeypatch):
    """A warm process in which modules have had credentials as parameters and in their environment."""
    pytest.importorskip("boto3")
    with owned_client(tmp_path, monkeypatch) as warm:
        assert run(warm, RUN.format(credentials=credentials(KEY_OF_PAYLOAD))) == "True"
        variables = {name.upper(): value for name, value in credentials(KEY_OF_TASK).items()}
        assert run(warm, RUN.format(credentials={}), **variables) == "True"
        yield warm


def test_the_warm_process_keeps_models_and_nothing_else_of_botocore(used):
    script = INSPECTION.format(secrets=[KEY_OF_PAYLOAD[::-1], KEY_OF_TASK[::-1]])
    end = time.monotonic() + 10
    # one it learns in any case, the other from the runs, and that is all
    while not {"ec2", "sqs"} <= set((found := json.loads(run(used, script)))["read"]):
        assert time.monotonic() < end, found
        time.sleep(0.05)
    del found["read"]
    assert found == {"secrets": 0, "objects": [], "filled": [], "default": False, "equal": True, "shared": False}


def test_the_inspection_finds_what_is_there(used):
    """Otherwise the test above would prove nothing."""
    kept = (
        "import boto3, re\nboto3.setup_default_session(**{credentials!r})\nboto3.client('sqs', region_name='x-y-1')\n"
    )
    script = kept.format(credentials=credentials(KEY_OF_TASK)) + INSPECTION.format(secrets=[KEY_OF_TASK[::-1]])
    found = json.loads(run(used, script))
    assert found["secrets"] and found["objects"] and found["default"]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_parameters_never_reach_the_warm_process(used):
    """Payloads go from the worker to the run past it: not a byte of them is in its memory."""
    server = run(used, "import os; print(os.getppid())")
    memory = read_memory(int(server))
    assert b"groundwork_warm" in memory
    assert KEY_OF_PAYLOAD.encode() not in memory


def read_memory(pid: int) -> bytes:
    """All that a process has written or may write."""
    found = []
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
            area = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if area and "[v" not in line:
                start, end = (int(number, 16) for number in area.groups())
                memory.seek(start)
                found.append(memory.read(end - start))
    return b"".join(found)


def test_the_socket_is_private(used):
    directory = pathlib.Path(used._settings.directory)
    assert (directory / protocol.SOCKET).stat().st_mode & 0o177 == directory.stat().st_mode & 0o077 == 0


def test_no_context_is_made_that_writes_its_keys(monkeypatch, tmp_path):
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    contexts = aws.Contexts()
    contexts.build()
    assert contexts._spare == []


# -- Ansible's own code

# Executes a payload with the local connection, so that all is there that Ansible itself makes when it is first needed,
# and then with the warm one.
WORKER = """
import json, pathlib, sys
from ansible.plugins.loader import connection_loader, init_plugin_loader
init_plugin_loader([{collections!r}])
import ansible.cli.playbook, ansible.executor.process.worker, ansible.executor.task_executor
import ansible.plugins.connection.local
from ansible.playbook.play_context import PlayContext

def execute(name):
    connection = connection_loader.get(name, PlayContext())
    connection.set_options()
    connection.is_pipelining_enabled()
    command = "/bin/sh -c '%s && sleep 0'" % sys.executable
    return connection.exec_command(command, pathlib.Path({payload!r}).read_bytes())[1].decode()

def is_code(value):
    return callable(value) or isinstance(value, (property, classmethod, staticmethod))

def anatomy():
    found = {{}}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "ansible":
            found.update({{f"{{name}}.{{key}}": value for key, value in vars(module).items() if is_code(value)}})
            classes = [value for value in vars(module).values() if isinstance(value, type)]
            for owner in [value for value in classes if str(value.__module__).startswith("ansible.")]:
                own = {{f"{{name}}.{{owner.__qualname__}}.{{key}}": v for key, v in vars(owner).items() if is_code(v)}}
                found.update(own)
    return found

answers = [execute("ansible.builtin.local")]
before = anatomy()
owners = {{key.rpartition(".")[0] for key in before}}
answers.append(execute("groundwork.aws.warm"))
after = anatomy()
print(json.dumps({{
    "answers": answers,
    "parts": len(before),
    "changed": sorted(key for key in before if after.get(key) is not before[key]),
    "added": sorted(key for key in set(after) - set(before) if key.rpartition(".")[0] in owners),
}}))
"""


def test_nothing_of_ansible_is_replaced_in_a_worker(tmp_path):
    """Every function, class and property is the same object after a run with the warm connection."""
    payload = tmp_path / "payload"
    payload.write_text(
        "#!/usr/bin/python\n_ANSIBALLZ_WRAPPER = True\nimport sys\n"
        "def _ansiballz_main(\n): print('groundwork_warm' in sys.modules)\n"
        '\nif __name__ == "__main__":\n    _ansiballz_main(\n)\n'
    )
    places = {name: str(tmp_path) for name in ("ANSIBLE_HOME", "ANSIBLE_LOCAL_TEMP")}
    told = subprocess.run(
        [sys.executable, "-c", WORKER.format(collections=COLLECTIONS, payload=str(payload))],
        env={name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")} | places,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        check=True,
    )
    found = json.loads(told.stdout.splitlines()[-1])
    assert found.pop("parts") > 10_000
    assert found == {"answers": ["False\n", "True\n"], "changed": [], "added": []}


SOURCES = [
    ROOT / "plugins" / "connection" / "warm.py",
    *(ROOT / "plugins" / "plugin_utils" / "warm").glob("*.py"),
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_source_assigns_to_what_it_has_from_ansible(path):
    """Neither by an assignment nor by setattr, which would also work in the warm process."""
    tree = ast.parse(path.read_text())
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
        if (getattr(node, "module", None) or alias.name).partition(".")[0] == "ansible"
    }
    targets = [
        node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
    ]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    targets += [node.args[0] for node in calls if getattr(node.func, "id", "") in ("setattr", "delattr")]
    roots = {name.id for node in targets for name in ast.walk(node) if isinstance(name, ast.Name)}
    assert not roots & imported
