# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every rule in rules/: what breaks it is refused with AWS's code, and its neighbour is taken."""

import importlib
import re
from pathlib import Path

import pytest
from botocore.session import Session

from tests.unit.sandbox.rule import World

FILES = sorted((Path(__file__).parent / "rules").glob("*.py"))
RULES = {
    f"{module.SERVICE}: {rule.says}": (rule.service or module.SERVICE, rule)
    for module in (importlib.import_module(f"tests.unit.sandbox.rules.{path.stem}") for path in FILES)
    for rule in module.RULES
}


@pytest.mark.parametrize("name", RULES)
def test_rule(name, sandbox, refused):
    service, rule, world = _given(name, sandbox)
    request = getattr(sandbox.client(service), rule.operation)
    assert refused(request, **_parameters(rule.refused, world)) == rule.code
    request(**_parameters(rule.accepted, world))


# A snapshot takes longer than all the rest, so it is taken for some rules of each service.
@pytest.mark.parametrize("name", [name for number, name in enumerate(sorted(RULES)) if number % 8 == 0])
def test_what_is_refused_changes_nothing(name, sandbox, refused):
    service, rule, world = _given(name, sandbox)
    before = sandbox.snapshot()
    refused(getattr(sandbox.client(service), rule.operation), **_parameters(rule.refused, world))
    assert sandbox.snapshot() == before


def _given(name, sandbox):
    service, rule = RULES[name]
    world = World(sandbox)
    world.given = rule.given(world)
    return service, rule, world


def _parameters(given, world):
    return given(world) if callable(given) else given


def test_there_are_as_many_as_was_asked_for():
    """Issue 5: 200 rules over 20 services, each with its page; those that models state are in test_sandbox_shapes.py."""
    services = {service for service, _rule in RULES.values()}
    assert len(RULES) >= 200 and len(services) >= 20
    strange = [
        rule.page for _service, rule in RULES.values() if not rule.page.startswith("https://docs.aws.amazon.com/")
    ]
    assert not strange


def test_pages_of_the_api_reference_are_of_operations_and_types_that_exist():
    loader, names, strange = Session().get_component("data_loader"), {}, []
    for service, rule in RULES.values():
        page = re.search(r"/API_(?:[a-z0-9-]+_)?(\w+)\.html", rule.page)
        if service not in names:
            model = loader.load_service_model(service, "service-2")
            names[service] = {*model["operations"], *model["shapes"]}
        if page and not {page[1], page[1].rpartition("_")[2]} & names[service]:
            strange.append(rule.page)
    assert not strange
