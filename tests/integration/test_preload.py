# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the repository's ansible.cfg loads in the main process, no task loads for itself."""

from __future__ import annotations

import collections
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLAYBOOK = """
- hosts: here
  gather_facts: false
  tasks:
    - ansible.builtin.set_fact: {name: "{{ 'a' | groundwork.aws.resource_name('b') }}"}
    - ansible.builtin.set_fact: {name: "{{ 'a' | groundwork.aws.resource_name('b') }}"}
    - ansible.builtin.ping:
"""
INVENTORY = "here ansible_connection=groundwork.aws.warm ansible_python_interpreter={{ansible_playbook_python}}\n"


LOADED = re.compile(
    r"Loading \w+ '\S+\.plugins\.(filter\.resource_name|connection\.warm)' from (?!.*found_in_cache=True)"
)


def loads(folder: pathlib.Path, **own: str) -> collections.Counter[str]:
    """How often a filter and the connection are loaded from their files, by Ansible's own account of it."""
    (folder / "playbook.yml").write_text(PLAYBOOK)
    (folder / "inventory").write_text(INVENTORY)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment |= {"ANSIBLE_HOME": str(folder / "home"), "HOME": str(folder), "ANSIBLE_DEBUG": "1", **own}
    command = [f"{sys.prefix}/bin/ansible-playbook", "-i", str(folder / "inventory"), str(folder / "playbook.yml")]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout[-3000:]
    return collections.Counter(LOADED.findall(run.stdout + run.stderr))


def test_the_main_process_loads_for_all(tmp_path):
    assert loads(tmp_path) == {"filter.resource_name": 1, "connection.warm": 1}
    without = loads(tmp_path, ANSIBLE_CALLBACKS_ENABLED="groundwork.aws.report")
    assert without == {"filter.resource_name": 2, "connection.warm": 3}
