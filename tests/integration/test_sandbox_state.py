# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A local AWS that was saved and killed: another goes on with it, and a converge there changes nothing."""

from sandbox.client import Sandbox

from tests.integration.account import make_delegated_zone
from tests.integration.harness import Ansible


def test_a_converge_after_a_restart_changes_nothing(tmp_path):
    with Sandbox.start() as killed:
        make_delegated_zone(killed)
        Ansible(killed, tmp_path).converge("production").ok()
        killed.save(tmp_path / "state")
    with Sandbox.start() as sandbox:
        sandbox.restore(tmp_path / "state")
        Ansible(sandbox, tmp_path).converge("production").unchanged()
