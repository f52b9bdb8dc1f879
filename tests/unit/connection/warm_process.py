# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A warm process for tests, which take the place of Ansible's worker."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time

import ansible
from ansible.release import __author__, __version__

from ansible_collections.groundwork.aws.plugins.plugin_utils.warm import client


def make_client(tmp_path, main_pid: int) -> client.Client:
    directory = tmp_path / ("a-long-name-" * 12)
    directory.mkdir(mode=0o700)
    settings = client.Settings(
        directory=str(directory),
        main_pid=main_pid,
        executable="/bin/sh",
        shell="/bin/sh",
        ansible=os.path.dirname(ansible.__file__),
        version=__version__,
        author=__author__,
        collections={"test.coll": str(tmp_path / "coll")},
        preload=["test.coll"],
        start_timeout=60,
        payload_cache="",
    )
    return client.Client(settings)


def make_request(**changes):
    request = {"cwd": "/", "umask": 0o22, "environment": dict(os.environ), "assignments": {}}
    return {**request, "interpreter": sys.executable, "shell": "/bin/sh", **changes}


@contextlib.contextmanager
def owned_client(tmp_path, monkeypatch):
    """A client whose warm process belongs to a process that ends here, and leaves nothing."""
    main = subprocess.Popen(["sleep", "300"])
    monkeypatch.setattr(client.Client, "main_is_alive", lambda self: main.poll() is None)
    try:
        yield make_client(tmp_path, main.pid)
    finally:
        main.kill()
        main.wait()
    end = time.monotonic() + 10
    while list(tmp_path.rglob("warm.*")) and time.monotonic() < end:
        time.sleep(0.01)
    assert list(tmp_path.rglob("warm.*")) == []
