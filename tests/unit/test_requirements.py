# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same versions wherever a version is named."""

import importlib.metadata
import json
import pathlib
import re

import pytest
import yaml
from packaging.specifiers import SpecifierSet

ROOT = pathlib.Path(__file__).resolve().parents[2]
REQUIREMENT_FILES = ["requirements.txt", "sandbox/requirements.txt", "tests/requirements.txt"]


def pins(path):
    found = re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", (ROOT / path).read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def installed_collection(name):
    package = importlib.metadata.distribution("ansible").locate_file("ansible_collections")
    manifest = pathlib.Path(package, *name.split("."), "MANIFEST.json")
    return json.loads(manifest.read_text())["collection_info"]["version"]


def galaxy_requirements():
    return {c["name"]: c["version"] for c in yaml.safe_load((ROOT / "requirements.yml").read_text())["collections"]}


def test_galaxy_installs_what_the_ansible_package_brings():
    named = galaxy_requirements()
    assert named == {name: installed_collection(name) for name in named}


def test_galaxy_yml_accepts_the_tested_versions_and_no_others_major():
    ranges = yaml.safe_load((ROOT / "galaxy.yml").read_text())["dependencies"]
    assert ranges.keys() == galaxy_requirements().keys()
    for name, version in galaxy_requirements().items():
        accepted = SpecifierSet(ranges[name])
        assert version in accepted
        assert f"{int(version.split('.')[0]) + 1}.0.0" not in accepted


@pytest.mark.parametrize("path", REQUIREMENT_FILES)
def test_every_requirement_is_pinned_as_in_the_constraints(path):
    named = [line for line in (ROOT / path).read_text().splitlines() if line and not line.startswith("#")]
    wanted = pins(path)
    assert len(wanted) == len(named), "a requirement without =="
    constraints = pins("constraints.txt")
    assert wanted == {name: constraints.get(name) for name in wanted}, "run make constraints"


def test_constraints_name_neither_places_nor_hashes():
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert line.startswith("#") or re.fullmatch(r"[\w.-]+==[\w.+!]+", line), line


def test_what_runs_here_is_what_is_pinned():
    different = {
        name: (version, importlib.metadata.version(name))
        for name, version in {**pins("requirements.txt"), **pins("sandbox/requirements.txt")}.items()
        if importlib.metadata.version(name) != version
    }
    assert different == {}


def test_ansible_core_is_one_that_the_collection_says_it_supports():
    supported = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())["requires_ansible"]
    assert importlib.metadata.version("ansible-core") in SpecifierSet(supported)


def test_the_execution_environment_accepts_the_tested_versions():
    tested = pins("requirements.txt")
    for line in (ROOT / "meta/ee-requirements.txt").read_text().splitlines():
        name, accepted = re.fullmatch(r"([\w-]+)(.*)", line).groups()
        assert tested[name] in SpecifierSet(accepted)
