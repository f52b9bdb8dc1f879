# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a converge of Dougust makes in each environment, row by row of PLATFORMS, as boto3 shows it."""

import os
import pkgutil
from unittest import mock

import pytest

from sandbox.client import ACCOUNT, Sandbox
from sandbox.server import Server
from tests.integration.account import make_delegated_zone
from tests.integration.harness import Ansible
from tests.integration.rows import data, edge, general, network, observe, services
from tests.integration.rows.dougust import EXPECTED, Dougust


@pytest.fixture
def sandbox():
    """An empty account in this very process: a row compares a secret with what RDS was told, which no call shows."""
    with mock.patch.dict(os.environ), Server(ACCOUNT) as server:
        sandbox = Sandbox(server.endpoint)
        sandbox.reset()
        yield sandbox
        sandbox.stop()


@pytest.fixture
def passwords(sandbox):
    """The passwords that RDS was given for new instances, as arguments of calls."""
    check = "sandbox.services.rds.lifecycle.check_password"
    with mock.patch(check, side_effect=pkgutil.resolve_name(check)) as checked:
        yield checked.call_args_list


@pytest.fixture
def ansible(sandbox, tmp_path):
    """Runs playbooks in that account."""
    return Ansible(sandbox, tmp_path)


@pytest.mark.parametrize("environment", sorted(EXPECTED, reverse=True))
def test_rows(environment, sandbox, ansible, passwords, subtests):
    make_delegated_zone(sandbox)
    ansible.converge(environment).ok()
    (given,) = passwords
    dougust = Dougust(sandbox, environment, *given.args)
    for rows in (general, network, data, edge, services, observe):
        for row in rows.ROWS:
            with subtests.test(f"{rows.__name__.rpartition('.')[2]}.{row.__name__}"):
                row(dougust)
