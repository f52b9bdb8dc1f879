# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape that every role, module and link in this repository has: docs/architecture.md, CONTRIBUTING.md."""

import ast
import os
import pathlib
import re
import subprocess
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py") if path.stem != "__init__")
# Roles that touch no AWS have nothing to discover and nothing to remove.
WITHOUT_AWS = {"preflight"}
HEADINGS = ["Capabilities", "IAM actions", "Rollback", "Outputs"]
MAX_TASK_LINES = 100
BLOCKS = ("block", "rescue", "always")
REFUSED_KEYS = {
    "ignore_errors": "say what may fail with failed_when",
    "ansible.builtin.shell": "use a module",
    "shell": "use a module",
    "ansible.builtin.raw": "use a module",
}

# Its verbs change what other roles own.
WITHOUT_RESOURCES = {"releases"}
each_role = pytest.mark.parametrize("role", ROLES)
each_aws_role = pytest.mark.parametrize("role", sorted(set(ROLES) - WITHOUT_AWS))


def load(path):
    return yaml.safe_load((ROOT / path).read_text())


def spec_of(role):
    return load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]


def task_files(role):
    return sorted(path for folder in ("tasks", "handlers") for path in (ROOT / "roles" / role / folder).rglob("*.yml"))


def flatten(tasks):
    for task in tasks or []:
        yield task
        for part in BLOCKS:
            yield from flatten(task.get(part))


def tasks_of(role):
    for path in task_files(role):
        for task in flatten(yaml.safe_load(path.read_text())):
            yield path.relative_to(ROOT), task


# Roles


@each_role
@pytest.mark.parametrize("path", ["README.md", "meta/main.yml", "meta/argument_specs.yml", "tasks/main.yml"])
def test_role_has(role, path):
    assert (ROOT / "roles" / role / path).is_file()


@each_role
def test_role_readme_has_the_headings(role):
    found = re.findall(r"^## (.*)$", (ROOT / "roles" / role / "README.md").read_text(), re.MULTILINE)
    assert [heading for heading in HEADINGS if heading not in found] == []


@each_role
def test_role_depends_on_no_other_by_meta(role):
    assert not load(f"roles/{role}/meta/main.yml").get("dependencies"), "the order stands in the playbook"


@pytest.mark.parametrize("role", sorted(set(ROLES) - WITHOUT_AWS - WITHOUT_RESOURCES))
def test_role_has_its_entry_points(role):
    assert {"main", "discover", "absent"} <= spec_of(role).keys()


@each_role
def test_every_entry_point_has_a_task_file_and_a_description(role):
    for entry, content in spec_of(role).items():
        assert (ROOT / "roles" / role / "tasks" / f"{entry}.yml").is_file(), entry
        assert content.get("short_description"), entry


@each_role
def test_every_option_has_a_type_and_a_description(role):
    def incomplete(options, prefix):
        for name, option in (options or {}).items():
            if not option.get("description") or "type" not in option:
                yield prefix + name
            yield from incomplete(option.get("options"), f"{prefix}{name}.")

    assert [name for entry in spec_of(role).values() for name in incomplete(entry.get("options"), "")] == []


@each_role
def test_defaults_are_those_of_the_spec(role):
    """Ansible does not take defaults from the spec, and the spec is what the documentation shows."""
    options = spec_of(role)["main"].get("options", {})
    specified = {name: option["default"] for name, option in options.items() if "default" in option}
    path = f"roles/{role}/defaults/main.yml"
    defaults = load(path) or {} if (ROOT / path).exists() else {}
    assert defaults == specified
    # 1 and true are equal to Python.
    assert {name: type(value) for name, value in defaults.items()} == {n: type(v) for n, v in specified.items()}


@each_role
def test_an_option_is_the_same_at_every_entry_point(role):
    spec = spec_of(role)
    main = spec["main"].get("options", {})
    for entry, content in spec.items():
        for name, option in content.get("options", {}).items():
            if name in main:
                assert {k: v for k, v in option.items() if k != "required"} == {
                    k: v for k, v in main[name].items() if k != "required"
                }, f"{entry}: {name}"


@each_role
def test_options_begin_with_the_role(role):
    # What a platform is belongs to no role; preflight is the one that checks it.
    prefixes = (f"{role}_", "platform_") if role == "preflight" else (f"{role}_",)
    names = [name for entry in spec_of(role).values() for name in entry.get("options", {})]
    assert [name for name in names if not name.startswith(prefixes)] == []


@each_role
def test_task_files_fit_on_a_page(role):
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in task_files(role)}
    assert {path: count for path, count in long.items() if count > MAX_TASK_LINES} == {}


@each_role
def test_task_names_say_the_role(role):
    wrong = []
    for path, task in tasks_of(role):
        name = task.get("name")
        if name is None and not any(part in task for part in BLOCKS):
            wrong.append(f"{path}: a task without a name")
        elif name is not None and not re.match(rf"{role} \| [A-Z{{]", name):
            wrong.append(f"{path}: {name}")
    assert wrong == []


@each_role
def test_tasks_hide_nothing(role):
    found = [
        f"{path}: {key}: {REFUSED_KEYS[key]}" for path, task in tasks_of(role) for key in task if key in REFUSED_KEYS
    ]
    assert found == []


# Playbooks


@pytest.mark.parametrize("path", sorted(path.name for path in (ROOT / "playbooks").glob("*.yml")))
def test_plays_and_their_tasks_have_names_that_begin_with_a_capital(path):
    plays = load(f"playbooks/{path}")
    parts = ("pre_tasks", "tasks", "post_tasks", "handlers")
    named = plays + [
        task for play in plays for part in parts for task in flatten(play.get(part)) if "block" not in task
    ]
    assert [item for item in named if not re.match(r"[A-Z]", item.get("name", ""))] == []


def test_a_converge_enters_every_capability_once_and_by_entry_points_that_exist():
    (play,) = (play for play in load("playbooks/converge.yml") if "tasks" in play)
    steps = [step for value in play["vars"].values() if isinstance(value, list) for step in value]
    entered = [(step["capability"], step.get("entry", "main")) for step in steps]
    mains = [capability for capability, entry in entered if entry == "main"]
    assert sorted(mains) == sorted(set(ROLES) - WITHOUT_AWS - WITHOUT_RESOURCES)
    assert {(role, entry) for role, entry in entered if entry not in spec_of(role)} == set()
    (tags,) = (task["tags"] for task in play["tasks"] if task["tags"] != ["always"])
    assert tags == mains, "what refuses a run without preflight has to run with any tag"


# The collection


def test_links_are_relative_and_stay_out_of_the_artifact():
    links = {"collections/ansible_collections/groundwork/aws": "../../..", "playbooks/group_vars": "../group_vars"}
    assert {link: os.readlink(ROOT / link) for link in links} == links
    ignored = load("galaxy.yml")["build_ignore"]
    assert {"collections", "playbooks"} <= set(ignored)


def test_yaml_files_have_one_suffix():
    tracked = subprocess.run(["git", "ls-files", "*.yaml"], cwd=ROOT, capture_output=True, text=True, check=True)
    # antsibull-changelog knows its two files by these names, ansible-builder and Molecule take .yml.
    assert set(tracked.stdout.split()) <= {"changelogs/config.yaml", "changelogs/changelog.yaml"}


def test_the_action_groups_have_every_module_and_both_aws_collections():
    groups = load("meta/runtime.yml")["action_groups"]
    on_the_life_cycle = {module for module in MODULES if "groundwork.aws.lifecycle" in fragments(module)}
    assert groups["lifecycle"] == sorted(on_the_life_cycle)
    extended, *others = groups["roles"]
    assert extended["metadata"]["extend_group"] == ["groundwork.aws.lifecycle"]
    assert others == sorted(modules_of_others_in_roles()) + sorted(set(MODULES) - WITHOUT_AWS - on_the_life_cycle)
    extends = ["groundwork.aws.roles", "amazon.aws.aws", "community.aws.aws"]
    assert groups["aws"] == [{"metadata": {"extend_group": extends}}]


def modules_of_others_in_roles():
    """The modules of the two AWS collections that get their region and profile from module_defaults."""
    found = set()
    for path in (ROOT / "roles").glob("*/tasks/*.yml"):
        found |= set(re.findall(r"\b(?:amazon|community)\.aws\.\w+(?=:)", path.read_text()))
    return found - {"amazon.aws.aws_caller_info"}  # preflight finds out what the defaults are to be


def documented(module):
    """The documentation of one of our modules."""
    source = ast.parse((ROOT / f"plugins/modules/{module}.py").read_text())
    strings = {node.targets[0].id: node.value for node in source.body if isinstance(node, ast.Assign)}
    return yaml.safe_load(strings["DOCUMENTATION"].value)


def fragments(module):
    """The documentation fragments of one of our modules."""
    documentation = documented(module)
    return documentation.get("extends_documentation_fragment") or []


def smallest_arguments(module):
    """A value for every required option of one of our modules, so that nothing else is wrong with the call."""
    values = {"list": [], "dict": {}, "bool": True, "int": 1}
    options = documented(module).get("options") or {}
    required = {name: option for name, option in options.items() if option.get("required")}
    return {name: (o.get("choices") or [values.get(o.get("type"), "x")])[0] for name, o in required.items()}


def test_module_defaults_reach_the_modules_of_all_three_collections(tmp_path):
    """A default that no module knows is refused by each module that the group reaches, before any AWS call."""
    calls = {"amazon.aws.ec2_vpc_net_info": {}, "community.aws.sns_topic_info": {}}
    calls |= {f"groundwork.aws.{name}": smallest_arguments(name) for name in sorted(set(MODULES) - WITHOUT_AWS)[:1]}
    play = {
        "name": "Probe",
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "module_defaults": {"group/groundwork.aws.aws": {"probe": True}},
        "tasks": [{"name": name, name: arguments, "ignore_errors": True} for name, arguments in calls.items()],
    }
    (tmp_path / "probe.yml").write_text(yaml.safe_dump([play], sort_keys=False))
    command = [sys.executable, "-m", "ansible", "playbook", str(tmp_path / "probe.yml"), "-i", "localhost,"]
    command += ["-e", f"ansible_python_interpreter={sys.executable}"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    reached = re.findall(r"Unsupported parameters for \(([\w.]+)\) module: probe", run.stdout)
    assert set(calls) == set(reached), run.stdout + run.stderr
