# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every function in probes/: what an operation writes is read by another one, and how many operations that shows."""

import importlib
import inspect
from pathlib import Path

import pytest

from tests.unit.sandbox.probe import Probe

# Issue 5 asks for 320. There are more, and a smaller number means that something that worked does not any more.
LEAST = 1500
MODULES = [
    importlib.import_module(f"tests.unit.sandbox.probes.{path.stem}")
    for path in sorted((Path(__file__).parent / "probes").glob("*.py"))
]
PROBES = {
    f"{module.__name__.rpartition('.')[2]}-{name}": function
    for module in MODULES
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__ and not name.startswith("_")
}


def test_operations(sandbox, subtests):
    proved = set()
    for name, function in PROBES.items():
        with subtests.test(msg=name):
            sandbox.reset()
            probe = Probe(sandbox)
            function(probe)
            probe.end()
            proved |= probe.proved
    print(f"{len(proved)} operations of {len({name.partition('.')[0] for name in proved})} services")
    assert len(proved) >= LEAST


def test_a_probe_that_proves_nothing_fails(sandbox):
    probe, ecr = Probe(sandbox), sandbox.client("ecr")
    probe.does(ecr.create_repository, repositoryName="app", imageTagMutability="IMMUTABLE")
    with pytest.raises(AssertionError, match="nothing shows"):
        probe.end()
    with pytest.raises(AssertionError, match="imageTagMutability"):
        probe.shows({"imageTagMutability": "MUTABLE"}, ecr.describe_repositories, "repositories.0")
    with pytest.raises(AssertionError, match="app"):
        probe.lacks(ecr.describe_repositories, path="repositories")
