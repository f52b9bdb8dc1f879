# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m sandbox: starting, stopping, and around a command."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sandbox.client import Sandbox
from sandbox.environment import ACCESS_KEY_ID

ROOT = Path(__file__).resolve().parents[3]
SANDBOX = [sys.executable, "-m", "sandbox"]


@pytest.fixture
def spawn():
    """Start a process that is gone at the end of the test."""
    processes = []

    def start(*arguments, **options):
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        processes.append(subprocess.Popen([*SANDBOX, *arguments], cwd=ROOT, **streams, **options))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


def port_of(line):
    """The port in the line that the sandbox prints."""
    url = urlsplit(line.strip().removeprefix("AWS_ENDPOINT_URL="))
    assert url.scheme == "http" and url.hostname == "127.0.0.1"
    return url.port


def cpu_seconds(process):
    """What a process has used so far, which says more than the clock on a busy machine."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def answers(port):
    """Whether anything listens on a port."""
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_starts_quickly_and_stops_on_signals(spawn, number):
    process = spawn("--port", "0")
    port = port_of(process.stdout.readline())
    assert cpu_seconds(process) < 3  # 0.4 s
    assert answers(port)
    process.send_signal(number)
    assert process.wait(timeout=60) == 0
    assert not answers(port)


def test_stops_with_its_parent(spawn):
    process = spawn("--until-eof")
    port_of(process.stdout.readline())
    process.stdin.close()
    assert process.wait(timeout=60) == 0


def test_account_of_everything():
    with Sandbox.start(account="210987654321") as sandbox:
        identity = sandbox.client("sts").get_caller_identity()
        assert (identity["Account"], identity["Arn"]) == ("210987654321", "arn:aws:iam::210987654321:user/sandbox")
        assert sandbox.client("sns").create_topic(Name="t")["TopicArn"] == "arn:aws:sns:eu-central-1:210987654321:t"


def test_account_is_twelve_digits(spawn):
    process = spawn("--account", "1234")
    assert process.wait(timeout=60) == 2
    assert "12 digits" in process.stderr.read()


def test_run_returns_the_status_and_hides_the_users_aws(spawn):
    environ = {**os.environ, "AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "x", "MOTO_ACCOUNT_ID": "1"}
    code = "import json, os, sys; print(json.dumps(dict(os.environ))); sys.exit(7)"
    process = spawn("run", "--account", "210987654321", "--", sys.executable, "-c", code, env=environ)
    output, errors = process.communicate(timeout=60)
    seen = json.loads(output)
    assert process.returncode == 7
    assert errors == f"AWS_ENDPOINT_URL={seen['AWS_ENDPOINT_URL']}\n"
    assert not answers(port_of(errors))
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"} & set(seen)
    assert not [name for name in seen if name.startswith("MOTO_")]
    assert seen["AWS_ACCESS_KEY_ID"] == ACCESS_KEY_ID


def test_run_forwards_signals(spawn):
    code = (
        "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(5)); "
        "print('ready', flush=True); signal.pause()"
    )
    process = spawn("run", "--", sys.executable, "-c", code)
    port = port_of(process.stderr.readline())
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    assert process.wait(timeout=60) == 5
    assert not answers(port)


def test_run_without_a_command_that_exists(spawn):
    process = spawn("run", "--", "/nonexistent")
    assert process.wait(timeout=60) == 127
    assert spawn("run").wait(timeout=60) == 2
