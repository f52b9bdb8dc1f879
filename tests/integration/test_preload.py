# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the repository's ansible.cfg loads in the main process, no task loads for itself."""

from __future__ import annotations

import collections
import pathlib
import re

from tests.integration.warm_bench import debug_output

PLAYBOOK = """
- hosts: here
  gather_facts: false
  tasks:
    - ansible.builtin.set_fact: {name: "{{ 'a' | groundwork.aws.resource_name('b') }}"}
    - ansible.builtin.set_fact: {name: "{{ 'a' | groundwork.aws.resource_name('b') }}"}
    - ansible.builtin.ping:
"""


LOADED = re.compile(r"Loading \w+ '\S+\.plugins\.(filter\.filters|connection\.warm)' from (?!.*found_in_cache=True)")


def loads(folder: pathlib.Path, **own: str) -> collections.Counter[str]:
    """How often a filter and the connection are loaded from their files, by Ansible's own account of it."""
    return collections.Counter(LOADED.findall(debug_output(folder, PLAYBOOK, **own)))


def test_the_main_process_loads_for_all(tmp_path):
    assert loads(tmp_path) == {"filter.filters": 1, "connection.warm": 1}
    without = loads(tmp_path, ANSIBLE_CALLBACKS_ENABLED="groundwork.aws.report")
    assert without == {"filter.filters": 2, "connection.warm": 3}
