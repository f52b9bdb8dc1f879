# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS of the integration tests. Tests may run anywhere at the same time: nothing here has a fixed port or path.

Tests are spread over processes one by one, so tests never build on each other: what does is one test with steps.
"""

import pytest

from sandbox.client import Sandbox
from tests.integration.harness import Ansible


@pytest.fixture(scope="session")
def shared_sandbox():
    """The sandbox of this test process."""
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox):
    """An empty account."""
    shared_sandbox.reset()
    return shared_sandbox


@pytest.fixture
def own_sandbox():
    """An empty account in a process of its own, for tests that leave runs behind which still talk to it."""
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def ansible(sandbox, tmp_path):
    """Runs playbooks in that account."""
    return Ansible(sandbox, tmp_path)
