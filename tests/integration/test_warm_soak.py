# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hundreds of module runs in one warm process leave nothing behind; benchmarks/soak.py does two thousand."""

import json
import os
import pathlib
import subprocess
import sys
import time

SOAK = pathlib.Path(__file__).resolve().parents[2] / "benchmarks" / "soak.py"
RUNS, MARK = 400, 200


def test_module_runs_leave_nothing(tmp_path):
    places = {name: tmp_path / name for name in ("tmp", "home")}
    for place in places.values():
        place.mkdir(mode=0o700)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AWS_", "COV_"))
    }
    environment |= {"TMPDIR": str(places["tmp"]), "HOME": str(places["home"]), "ANSIBLE_HOME": str(places["home"])}
    told = subprocess.run(
        [sys.executable, str(SOAK), "--runs", str(RUNS), "--mark", str(MARK)],
        env=environment,
        stdout=subprocess.PIPE,
        timeout=300,
        check=True,
    )
    found = json.loads(told.stdout)
    early, late = found["early"], found["late"]
    assert late["rss"] <= 1.1 * early["rss"], found
    # One child waits for the next run.
    assert late["files"] == early["files"] and len(late["children"]) == 1 and late["threads"] == 1, found
    end = time.monotonic() + 5
    while pathlib.Path(f"/proc/{found['server']}").exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert not pathlib.Path(f"/proc/{found['server']}").exists()
    assert list(places["tmp"].iterdir()) == []
