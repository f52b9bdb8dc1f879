# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whichever playbook is started, and from wherever, a host has the same variables.

Ansible looks for group_vars beside the playbook that was started, so this depends on the link playbooks/group_vars. The
playbooks themselves are started, with every task's tags skipped; a callback says what each play's hosts would see.
"""

import concurrent.futures
import json

import pytest

from tests.integration.harness import ROOT, Ansible

ENTRY_POINTS = ["site.yml", *sorted(f"playbooks/{path.name}" for path in (ROOT / "playbooks").glob("*.yml"))]
PROBE = """
import json, os
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, "aggregate", "probe"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_play_start(self, play):
        manager = play.get_variable_manager()
        with open(os.environ["PROBE_FILE"], "a") as stream:
            for host in manager._inventory.get_hosts():
                seen = manager.get_vars(play=play, host=host, include_hostvars=False)
                stream.write(json.dumps([host.name, play.vars, seen], default=str) + "\\n")
"""
# What a playbook, and not an inventory, is asked for.
OF_THE_PLAYBOOK = {
    "playbook_dir",
    "ansible_check_mode",
    "ansible_run_tags",
    "ansible_skip_tags",
    "role_names",
    "omit",
    "vars",
    "platform_undeclared",  # a teardown deletes what a converge would only list
}


class Probe:
    """Starts playbooks without running their tasks."""

    def __init__(self, ansible, folder):
        self.ansible, self.folder = ansible, folder
        (folder / "probe.py").write_text(PROBE)

    def variables(self, playbook, inventory, **options):
        """{host: variables} of every play of a playbook; all plays have to agree."""
        path = self.folder / f"{playbook}-{inventory}".replace("/", "-")
        environment = {
            "PROBE_FILE": str(path),
            "ANSIBLE_CALLBACK_PLUGINS": str(self.folder),
            "ANSIBLE_CALLBACKS_ENABLED": "probe",
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        }
        nothing = ("--check", "--tags", "nothing", "--skip-tags", "all,always")
        with self.ansible.start(playbook, inventory, *nothing, environment=environment, **options) as process:
            output = process.communicate()[0]
        assert process.returncode == 0, output
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        magic = OF_THE_PLAYBOOK.union(*(of_the_play for _host, of_the_play, _seen in lines))
        hosts = {}
        for host, _of_the_play, seen in lines:
            seen = {name: value for name, value in seen.items() if name not in magic and "ansible_play" not in name}
            assert hosts.setdefault(host, seen) == seen, f"the plays of {playbook} disagree"
        return hosts


def differing(hosts, expected):
    """The variables that are not the same, by host."""
    assert hosts.keys() == expected.keys()
    unequal = {
        host: {name for name in seen.keys() | expected[host].keys() if seen.get(name) != expected[host].get(name)}
        for host, seen in hosts.items()
    }
    return {host: names for host, names in unequal.items() if names}


@pytest.mark.parametrize("inventory", ["development", "staging", "production"])
def test_every_entry_point_sees_the_same_variables(inventory, shared_sandbox, tmp_path, subtests):
    probe = Probe(Ansible(shared_sandbox, tmp_path), tmp_path)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        from_root = {entry: pool.submit(probe.variables, entry, inventory) for entry in ENTRY_POINTS}
    expected = from_root["site.yml"].result()
    for entry, future in from_root.items():
        with subtests.test(entry):
            assert differing(future.result(), expected) == {}
    elsewhere = probe.variables(f"{ROOT}/playbooks/plan.yml", inventory, cwd=tmp_path)
    assert differing(elsewhere, expected) == {}

    variables = expected[f"dougust-{inventory}"]
    # One of each file that says something about a host.
    assert variables["platform_environment"] == inventory  # inventories/<environment>/group_vars
    assert variables["platform_name"] == "dougust"  # group_vars/<platform>.yml
    assert {"platform_prefix", "networking_prefix"} <= variables.keys()  # group_vars/all
