# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one run of Ansible packs, the next one takes as it is."""

from __future__ import annotations

from tests.integration.warm_bench import debug_output

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


def test_the_second_run_packs_nothing(tmp_path):
    kept = tmp_path / "kept"
    packed = [
        debug_output(tmp_path, PLAYBOOK, GROUNDWORK_WARM_PAYLOAD_DIRECTORY=str(kept)).count(
            "ANSIBALLZ: Creating module"
        )
        for _run in range(2)
    ]
    assert packed == [len(MODULES), 0]
    assert len(list(kept.glob("*/*-none"))) == len(MODULES)
