# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file says happens by itself, at its moment."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sandbox import delays, script
from sandbox.client import Sandbox

ROOT = Path(__file__).resolve().parents[3]
PAGES = ("faults", "unseen")


@pytest.fixture
def file(tmp_path):
    """Writes a script and returns its path."""

    def write(text):
        (tmp_path / "script.yml").write_text(text)
        return str(tmp_path / "script.yml")

    return write


@pytest.mark.parametrize(
    "text, problem",
    [
        ("faults: {}", "a list of steps"),
        ("- {faults: {}, unseen: {}}", "step 1"),
        ("- faults: {}\n- vault: {}", "step 2"),
        ("- faults: {}\n  at: soon", "step 1"),
        ("- faults: {}\n  at: -1", "step 1"),
        ("- [", "while parsing"),
        ("- 7", "step 1"),
    ],
)
def test_what_is_no_script_is_refused(file, text, problem):
    with pytest.raises(script.BadScript, match=problem):
        script.read(file(text), PAGES)


def test_steps_happen_at_their_moment_and_one_that_is_refused_stops_no_other(file, capsys):
    steps = script.read(file("- unseen: {seconds: 9}\n  at: 60\n- faults:\n- unseen: {seconds: 2}\n  at: 30"), PAGES)
    seen, posted, stopped = threading.Event(), [], threading.Event()

    def post(page, body):
        posted.append((page, body))
        if body == {"seconds": 2}:
            raise ValueError("no")
        if body == {"seconds": 9}:
            seen.set()

    delays.reset()
    script.follow(steps, post, stopped)
    assert posted == [("faults", {})]
    delays.advance(100)
    assert seen.wait(10)
    delays.reset()
    assert posted == [("faults", {}), ("unseen", {"seconds": 2}), ("unseen", {"seconds": 9})]
    assert "unseen {'seconds': 2}: ValueError('no')" in capsys.readouterr().err


def test_a_sandbox_follows_a_script_from_its_first_call_on(file):
    path = file("- faults: {action: error, match: {operation: DescribeVpcs}, error: {code: Unavailable, status: 503}}")
    command = [sys.executable, "-m", "sandbox", "--script", path, "--until-eof"]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **streams) as process:
        sandbox = Sandbox(process.stdout.readline().strip().removeprefix("AWS_ENDPOINT_URL="), process)
        ec2 = sandbox.client("ec2")
        with pytest.raises(ec2.exceptions.ClientError, match="Unavailable"):
            ec2.describe_vpcs()
        ec2.describe_vpcs()
        sandbox.stop()


def test_a_bad_script_ends_the_start_with_its_reason(file):
    command = [sys.executable, "-m", "sandbox", "--script", file("- vault: {}"), "--until-eof"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
    assert ended.returncode == 2 and "step 1 needs one page of" in ended.stderr
