# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one run of Ansible packs, the next one takes as it is."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# AWS is not reached: these fail for want of credentials, after they were packed.
MODULES = ("amazon.aws.aws_caller_info", "groundwork.aws.iam_roles", "ansible.builtin.ping")
PLAYBOOK = """
- hosts: here
  gather_facts: false
  ignore_errors: true
  tasks:
    - amazon.aws.aws_caller_info: {region: eu-west-1}
    - groundwork.aws.iam_roles: {roles: [], state: gathered, region: eu-west-1}
    - ansible.builtin.ping:
"""
INVENTORY = "here ansible_connection=groundwork.aws.warm ansible_python_interpreter={{ansible_playbook_python}}\n"


def packed(folder: pathlib.Path) -> list[str]:
    """The modules that a run packs, by Ansible's own account of it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AWS_"))}
    environment |= {"ANSIBLE_HOME": str(folder / "home"), "HOME": str(folder), "ANSIBLE_DEBUG": "1"}
    environment |= {"AWS_EC2_METADATA_DISABLED": "true", "GROUNDWORK_WARM_PAYLOAD_DIRECTORY": str(folder / "kept")}
    command = [f"{sys.prefix}/bin/ansible-playbook", "-i", str(folder / "inventory"), str(folder / "playbook.yml")]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout[-3000:]
    assert "no warm process is available" not in run.stderr
    return re.findall(r"ANSIBALLZ: Creating module", run.stdout + run.stderr)


def test_the_second_run_packs_nothing(tmp_path):
    (tmp_path / "playbook.yml").write_text(PLAYBOOK)
    (tmp_path / "inventory").write_text(INVENTORY)
    assert len(packed(tmp_path)) == len(MODULES)
    assert len(list((tmp_path / "kept").glob("*/*-none"))) == len(MODULES)
    assert packed(tmp_path) == []
