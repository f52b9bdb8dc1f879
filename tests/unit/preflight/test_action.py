# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugin in one real run of ansible-playbook, with roles and an inventory of its own."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[3]

SPECS = {
    "network": {
        "network_size": {"type": "int", "required": True},
        "network_mode": {"type": "str", "choices": ["a", "b"]},
        "network_secret": {"type": "str", "no_log": True},
    },
    "network_app": {
        "network_app_id": {"type": "str", "required": True},
        "network_app_alias": {"type": "str"},
        "network_app_items": {
            "type": "list",
            "elements": "dict",
            "options": {"name": {"type": "str", "required": True}, "id": {"type": "str"}, "count": {"type": "int"}},
        },
        "network_app_engine_version": {"type": "str"},
    },
}
DEFAULTS = {"network": {"network_mode": "a"}, "network_app": {"network_app_engine_version": "17"}}

CONVENTIONS = {
    "platform_name": "shop",
    "platform_environment": "test",
    "platform_prefix": "{{ platform_name }}-{{ platform_environment }}",
    "platform_region": "us-east-1",
    "platform_regions": ["us-east-1"],
    "platform_account_ids": ["123456789012"],
    "platform_deletion_protection": False,
    "platform_capabilities": ["network", "network_app"],
    "network_size": 3,
    "network_app_id": "{{ network_outputs.id }}",
}


# The variables of each host, beyond CONVENTIONS.
HOSTS = {
    "sound": {"network_secret": "swordfish-271828"},
    "wrong": {
        "platform_region": "us-esat-1",
        "platform_account_ids": [123456789012],
        "network_size": "3",
        "network_mode": "c",
        "network_secret": "{{ swordfish_271828 }}",
        "network_szie": 3,
        "network__state": "absent",
        "network_app_alias": "{{ nowhere }}",
        "network_app_items": [{"name": "a", "id": "{{ network_outputs.id }}", "count": "many"}, {"nam": "b"}],
        "network_app_engine_version": "13.4",
        "preflight_versions": [
            {
                "product": "rds-postgresql",
                "version": "{{ network_app_engine_version }}",
                "source": "network_app_engine_version",
            }
        ],
    },
    "null": {
        "platform_name": None,
        "platform_prefix": "x",
        "platform_capabilities": ["network_app"],
        "network_app_id": "x",
    },
    "producer-missing": {"platform_capabilities": ["network_app"]},
    "producer-late": {"platform_capabilities": ["network_app", "network"]},
    "role-unknown": {"platform_capabilities": ["network", "netwrok_app"]},
    "literal": {"via": "{{ network_outputs.id }}", "network_app_id": "{{ via }}"},
    "literal-missing": {
        "via": "{{ network_outputs.id }}",
        "network_app_id": "{{ via }}",
        "platform_capabilities": ["network_app"],
    },
    "twin-a": {"platform_name": "twin"},
    "twin-b": {"platform_name": "twin"},
    "allowed": {
        "preflight_allow_unknown": ["network_x.*"],
        "preflight_accept_retired": ["kubernetes 1.28"],
        "preflight_versions": [
            {"product": "kubernetes", "version": "1.28"},
            {"product": "kubernetes", "version": "{{ nowhere }}", "source": "elsewhere_version"},
        ],
        "network_xyz": 1,
        "elsewhere_version": "{{ nowhere }}",
    },
    "later": {"today": "2039-01-01"},
    "caller-right": {"caller": {"account": "123456789012", "arn": "arn:aws:iam::123456789012:user/x"}},
    "caller-wrong": {"caller": {"account": "210987654321", "arn": "arn:aws:iam::210987654321:user/x"}},
}
TASKS = [
    {"ansible.builtin.set_fact": {"network__run_time": 1}},
    {
        "groundwork.aws.preflight": {
            "roles": "{{ platform_capabilities }}",
            "roles_path": ["{{ playbook_dir }}/roles"],
            "today": "{{ today | default('2026-11-21') }}",
            "allow_unknown": "{{ preflight_allow_unknown | default([]) }}",
            "accept_retired": "{{ preflight_accept_retired | default([]) }}",
            "caller": "{{ caller | default(omit) }}",
            "account_ids": "{{ platform_account_ids }}",
            "region": "us-east-1",
        }
    },
]


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, sort_keys=False))


@pytest.fixture(name="output", scope="module")
def fixture_output(tmp_path_factory):
    """What ansible-playbook prints when preflight is run on all hosts."""
    folder = tmp_path_factory.mktemp("preflight")
    specs = {**SPECS, "elsewhere": {"elsewhere_version": {"type": "str"}}}
    for role, options in specs.items():
        write(
            folder / "roles" / role / "meta" / "argument_specs.yml", {"argument_specs": {"main": {"options": options}}}
        )
        write(folder / "roles" / role / "defaults" / "main.yml", DEFAULTS.get(role, {}))
    hosts = {name: {"platform_name": name, **variables} for name, variables in HOSTS.items()}
    write(folder / "hosts.yml", {"all": {"vars": CONVENTIONS, "hosts": hosts}})
    write(folder / "play.yml", [{"hosts": "all", "gather_facts": False, "tasks": TASKS}])
    (folder / "ansible.cfg").touch()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "AWS_"))}
    environment.update(
        ANSIBLE_COLLECTIONS_PATH=str(ROOT / "collections"),
        ANSIBLE_CONFIG=str(folder / "ansible.cfg"),
        ANSIBLE_HOME=str(folder / "home"),
        ANSIBLE_STDOUT_CALLBACK="ansible.posix.json",
    )
    command = [sys.executable, "-m", "ansible", "playbook", "-i", "hosts.yml", "play.yml", "-e", "network_qqqqqqqq=x"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.fixture(name="results")
def fixture_results(output):
    """The result of preflight by host."""
    report, _end = json.JSONDecoder().raw_decode(output[output.index("{\n") :])
    return report["plays"][-1]["tasks"][-1]["hosts"]


def problems(result):
    """The problems of a host, but for the one that the command line gives every host."""
    lines = [line.strip() for line in result.get("msg", "").splitlines()[1:]]
    return [line for line in lines if not line.startswith("network_qqqqqqqq:")]


def test_a_sound_platform_has_no_problem_but_the_one_from_the_command_line(results):
    assert results["sound"]["msg"].splitlines() == [
        "sound: preflight found 1 problem, nothing was started.",
        "  network_qqqqqqqq: it begins with network_ and is no variable of network."
        " Fix: remove it, or name it in preflight_allow_unknown.",
    ]
    assert results["sound"]["changed"] is False
    assert results["sound"]["roles"] == ["network", "network_app"]


def test_no_variable_is_shown(results, output):
    assert "swordfish" not in output
    assert "invocation" not in output
    for result in results.values():
        assert set(result) <= {
            "action",
            "changed",
            "failed",
            "msg",
            "outputs",
            "roles",
            "warnings",
            "_ansible_no_log",
            "exception",
        }


def test_everything_that_is_wrong_is_said_at_once(results):
    found = {line.split(":")[0]: line for line in problems(results["wrong"])}
    assert set(found) == {
        "platform_region",
        "platform_account_ids[0]",
        "network_size",
        "network_mode",
        "network_secret",
        "network_szie",
        "network__state",
        "network_app_alias",
        "network_app_items[a].count",
        "network_app_items[1].nam",
        "network_app_items[1].name",
        "network_app_engine_version",
    }
    assert "did you mean network_size?" in found["network_szie"]
    assert found["network_secret"].startswith("network_secret: it cannot be rendered (no details: it is secret).")
    assert "'nowhere' is undefined" in found["network_app_alias"]
    assert "rds-postgresql 13 left standard support" in found["network_app_engine_version"]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("null", "platform_name: it is null, and a value is required."),
        ("producer-missing", "network_app_id: it is wired to network_outputs, and role network is not among the roles"),
        ("producer-late", "network_app_id: it is wired to network_outputs, and role network does not run before role"),
        ("role-unknown", "platform_capabilities[2]: there is no role netwrok_app. Fix: did you mean network_app?"),
        ("literal-missing", "network_app_id: it is wired to network_outputs, and role network is not among the roles"),
        ("twin-a", "platform_prefix: host twin-b has the same prefix twin-test in us-east-1 and an account in common."),
        ("twin-b", "platform_prefix: host twin-a has the same prefix twin-test in us-east-1 and an account in common."),
        ("later", "ansible-core of this controller: ansible-core "),
        ("later", "Python of this controller: python "),
        ("caller-wrong", "AWS credentials: they belong to account 210987654321 "),
    ],
)
def test_a_host_is_refused(results, host, expected):
    assert results[host]["failed"]
    assert any(line.startswith(expected) for line in problems(results[host])), problems(results[host])


@pytest.mark.parametrize("host", ["sound", "literal", "allowed"])
def test_a_host_is_accepted(results, host):
    assert problems(results[host]) == []


def test_an_accepted_version_warns(output):
    assert "kubernetes 1.28 left standard support on 2024-11-26 and is accepted" in output


def test_the_right_caller_is_told_to_the_roles(results):
    assert not results["caller-right"].get("failed")
    assert results["caller-right"]["outputs"] == {
        "account_id": "123456789012",
        "caller_arn": "arn:aws:iam::123456789012:user/x",
        "partition": "aws",
        "region": "us-east-1",
        "sandbox": False,
    }
