# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools themselves: a runner that calls a failure a success would hide everything else."""

import importlib.util
import pathlib

import pytest
import yaml

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"


def load(name):
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


run = load("run")
docs = load("generate_docs")
importer = load("importer")


@pytest.fixture
def runner(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "CACHE", tmp_path)
    return run.Runner()


def part(command, **limits):
    return run.Part("probe", command, **limits)


@pytest.mark.parametrize(
    "probe, fails",
    [
        (part("true"), False),
        (part("false"), True),
        (part("no-such-command-here"), True),
        (part("echo fine", demand="fine"), False),
        (part("echo other", demand="fine"), True),
        (part("echo couldn't resolve", forbid=run.UNRESOLVED), True),
    ],
)
def test_a_part_fails_by_its_status_and_by_what_it_says(runner, probe, fails):
    assert bool(runner.run(probe).reason) is fails


def test_the_closing_line_counts_tests_and_failed_parts(runner, capsys):
    results = [
        runner.run(part("echo 12 passed, 1 skipped in 3.45s")),
        runner.run(part("true")),
        runner.run(part("false")),
    ]
    assert runner.close(results) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "13 passed, 1 failed"


def test_a_failed_part_counts_even_when_all_its_tests_passed(runner, capsys):
    assert runner.close([runner.run(part("echo 5 passed in 3.45s", forbid="passed"))]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 1 failed"


@pytest.mark.parametrize(
    "line, counts",
    [
        ("12 passed in 3.45s", (12, 0)),
        ("====== 1 failed, 12 passed, 2 skipped in 63.45s (0:01:03) ======", (12, 1)),
        ("==== 1 passed, 1 warning, 2 errors in 3.45s ====", (1, 2)),
        ("nothing of the kind", None),
    ],
)
def test_pytest_closing_lines_are_read(line, counts):
    assert run.Result(part("true"), "", 0.0, f"before\n{line}\n").tests == counts


def test_parts_do_not_see_the_users_aws_and_ansible_settings(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("ANSIBLE_CONFIG", "/elsewhere/ansible.cfg")
    env = run.environment()
    assert "AWS_PROFILE" not in env and "ANSIBLE_CONFIG" not in env
    assert env["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"


# generate_docs


def test_markup_becomes_markdown():
    text = r"Set O(state=absent) with V(a\)b), see M(amazon.aws.ec2_vpc_net), I(it), B(bold) and L(here,https://x.y)."
    assert docs.markdown(text) == (
        "Set `state=absent` with `a)b`, see `amazon.aws.ec2_vpc_net`, *it*, **bold** and [here](https://x.y)."
    )


def test_options_of_options_are_rows_of_their_own():
    options = yaml.safe_load("""
        subnets:
          type: list
          elements: dict
          required: true
          description: The subnets.
          options:
            tier: {type: str, choices: [public, private], default: private, description: "Which | one"}
        tags: {type: dict, default: {}, description: [One., Two.]}
        public: {type: bool, default: false, description: Open.}
        suffix: {default: "", description: Empty.}
    """)
    assert list(docs.option_rows(options)) == [
        ["`subnets`", "list of dict", "**required**", "The subnets."],
        ["`subnets[].tier`", "str", "`private`", "Which | one One of `public`, `private`."],
        ["`tags`", "dict", "`{}`", "One. Two."],
        ["`public`", "bool", "`false`", "Open."],
        ["`suffix`", "str", "`''`", "Empty."],
    ]


def test_a_pipe_does_not_end_a_cell():
    assert docs.table(["A"], [["x | y"]])[-1] == "| x \\| y |"


def test_entry_points_say_what_they_take_of_main():
    name = {"type": "str", "description": "A name."}
    spec = {
        "main": {"short_description": "All", "options": {"a": name, "b": name}},
        "absent": {"short_description": "Remove", "options": {"a": name}},
    }
    assert list(docs.role_tables(spec))[-3:] == ["`tasks_from: absent` — Remove", "", "It takes of these: `a`."]


# importer


def test_the_importers_warnings_are_findings():
    log = "Importing\nWARNING: No changelog found.\nERROR: ansible-doc failed\n  a WARNING inside a line\n"
    assert importer.complaints(log) == ["WARNING: No changelog found.", "ERROR: ansible-doc failed"]


def test_a_plugin_without_documentation_is_a_finding():
    contents = [
        {"content_type": "module", "content_name": "good", "doc_strings": {"doc": {"options": []}}},
        {"content_type": "module", "content_name": "bad", "doc_strings": {}},
        {"content_type": "module_utils", "content_name": "none", "doc_strings": None},
        {"content_type": "role", "content_name": "silent", "readme_html": None},
    ]
    found = list(importer.undocumented({"docs_blob": {"contents": contents}}))
    assert [line.split()[:2] for line in found] == [["module", "bad"], ["role", "silent"]]
