#!/usr/bin/env python3
"""Runs the parts of `make lint` and `make test`, some at a time, and says first what failed.

    tools/run.py lint              every check
    tools/run.py test              every check and every test
    tools/run.py yamllint unit     these parts alone

Each part's output goes to .cache/log/<part>.log and is shown when the part failed. Every part runs without
the user's AWS and Ansible settings and with a home of its own below .cache.
"""

import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"
CPUS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
WORKERS = os.environ.get("WORKERS") or str(max(2, CPUS))
UNRESOLVED = r"couldn't resolve|unknown-module|[Uu]nable to (load|resolve)|load-failure|not found in collection"


@dataclasses.dataclass(frozen=True)
class Part:
    """A command. Its output must contain `demand` and must not contain `forbid`, whatever it returns."""

    name: str
    command: str
    demand: str = ""
    forbid: str = ""


def pytest(name, paths):
    options = f"-n {WORKERS} --dist worksteal --failed-first -o cache_dir=.cache/pytest-{name}"
    return Part(name, f"python -m pytest {options} {paths}", demand=r"\d+ passed")


BUILD = [Part("artifact", "tools/artifact.sh")]
# The slow ones first: the pool is filled in this order.
LINT = [
    Part("sanity", "tools/ansible_test.sh sanity"),
    Part("importer", "tools/importer.py"),
    Part("ansible-lint", "ansible-lint -c .ansible-lint --nocolor", demand=r"Passed: 0 failure", forbid=UNRESOLVED),
    Part("units-in-artifact", "tools/ansible_test.sh units", demand=r"\d+ passed"),
    Part("plugin-docs", "tools/plugin_docs.sh"),
    Part("mypy", "python -m mypy"),
    Part("black", "black --check --quiet --diff ."),
    Part("workflows", "tools/workflows.sh"),
    Part("generated-docs", "tools/generate_docs.py --check"),
    Part("changelog", "antsibull-changelog lint"),
    Part("yamllint", "yamllint -s ."),
]
UNIT = [pytest("unit", "tests/unit")]
# The other unit tests run in the artifact: units-in-artifact.
OUTSIDE = ["tests/unit/sandbox", "tests/unit/preflight/capabilities", "tests/unit/preflight/test_action.py"]
OUTSIDE += sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/unit/test_*.py"))
UNIT_OUTSIDE = [pytest("units-outside-artifact", " ".join(OUTSIDE))]
# A missing playbook is only a warning to molecule, hence the demand.
MOLECULE = [
    Part("molecule", "molecule test --all", demand=r"(?s)verify.*PLAY RECAP", forbid=r"playbook.*(missing|not found)")
]
INTEGRATION = [pytest("integration", "tests/integration")]

STAGES = {
    "lint": [BUILD, LINT],
    "unit": [UNIT],
    "integration": [INTEGRATION],
    "molecule": [MOLECULE],
    "test": [BUILD, LINT + UNIT_OUTSIDE, MOLECULE, INTEGRATION],
}
PARTS = {part.name: part for part in BUILD + LINT + UNIT + UNIT_OUTSIDE + MOLECULE + INTEGRATION}


@dataclasses.dataclass
class Result:
    part: Part
    reason: str
    seconds: float
    output: str

    @property
    def tests(self):
        """What pytest counted: (passed, failed), or None for a part that is no test run."""
        closing = re.findall(r"^=*\s*((?:\d+ [a-z]+,? ?)+) in [\d.]+s", self.output, re.MULTILINE)
        if not closing:
            return None
        counts = {word: int(number) for number, word in re.findall(r"(\d+) ([a-z]+)", closing[-1])}
        return counts.get("passed", 0), counts.get("failed", 0) + counts.get("error", 0) + counts.get("errors", 0)

    def line(self):
        tests = "" if self.tests is None else "  %d passed, %d failed" % self.tests
        verdict = "FAILED" if self.reason else "ok"
        return f"{verdict:6}  {self.part.name:18} {self.seconds:6.1f} s{tests}  {self.reason}".rstrip()


def environment():
    """The caller's environment without what would make a run on another machine differ."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "ANSIBLE_", "MOLECULE_"))}
    home = CACHE / "home"
    home.mkdir(parents=True, exist_ok=True)
    for pip_conf in (".config/pip/pip.conf", ".pip/pip.conf"):
        source = pathlib.Path.home() / pip_conf
        if source.is_file() and not (home / pip_conf).exists():
            (home / pip_conf).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, home / pip_conf)
    path = [str(ROOT / ".venv" / "bin"), str(pathlib.Path(os.path.realpath(sys.executable)).parent)]
    # A shim answers for interpreters that are not installed; ansible-test asks every one it finds.
    path += [folder for folder in env.get("PATH", os.defpath).split(os.pathsep) if not folder.endswith("/shims")]
    env.update(
        HOME=str(home),
        XDG_CACHE_HOME=str(home / ".cache"),
        XDG_CONFIG_HOME=str(home / ".config"),
        PATH=os.pathsep.join(path),
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
        ANSIBLE_NOCOLOR="1",
        NO_COLOR="1",
        PY_COLORS="0",
    )
    return env


class Runner:
    def __init__(self):
        self.env = environment()
        self.running = set()
        self.started = time.monotonic()
        (CACHE / "log").mkdir(parents=True, exist_ok=True)

    def run(self, part):
        log = CACHE / "log" / f"{part.name}.log"
        begin = time.monotonic()
        with log.open("wb") as out:
            status = self.execute(part.command.split(), out)
        output = log.read_text(errors="replace")
        result = Result(part, self.reason(part, status, output), time.monotonic() - begin, output)
        print(result.line(), flush=True)
        if result.reason:
            print("\n".join("    " + line for line in output.splitlines()[-60:]), flush=True)
        return result

    def execute(self, command, out):
        options = {
            "cwd": ROOT,
            "env": self.env,
            "stdin": subprocess.DEVNULL,
            "stdout": out,
            "stderr": subprocess.STDOUT,
        }
        try:
            process = subprocess.Popen(command, start_new_session=True, **options)
        except OSError as error:
            out.write(f"{error}\n".encode())
            return 127
        self.running.add(process)
        try:
            return process.wait()
        finally:
            self.running.discard(process)

    @staticmethod
    def reason(part, status, output):
        if status:
            return f"(exit {status}, .cache/log/{part.name}.log)"
        if part.forbid and (found := re.search(part.forbid, output)):
            return f"(says {found.group(0)!r}, .cache/log/{part.name}.log)"
        if part.demand and not re.search(part.demand, output):
            return f"(never says {part.demand!r}, .cache/log/{part.name}.log)"
        return ""

    def stop(self, signum, _frame):
        for process in list(self.running):
            os.killpg(process.pid, signal.SIGTERM)
        os._exit(128 + signum)

    def stages(self, stages):
        results = []
        for stage in stages:
            with concurrent.futures.ThreadPoolExecutor(max_workers=max(2, CPUS)) as pool:
                results += pool.map(self.run, stage)
            if stage is BUILD and results[-1].reason:
                break
        return results

    def close(self, results):
        failed = [result for result in results if result.reason]
        print(f"\n{len(results)} parts in {time.monotonic() - self.started:.0f} s: ", end="")
        print("failed: " + ", ".join(r.part.name for r in failed) if failed else "all ok")
        counts = [result.tests or ((0, 1) if result.reason else (1, 0)) for result in results]
        # A part may fail without a failing test: then it counts itself.
        lost = sum(1 for result in failed if result.tests and not result.tests[1])
        print("%d passed, %d failed" % (sum(c[0] for c in counts), sum(c[1] for c in counts) + lost))
        return 1 if failed else 0


def main(names):
    unknown = [name for name in names if name not in STAGES and name not in PARTS]
    if unknown or not names:
        sys.exit(f"unknown: {' '.join(unknown) or 'nothing'}; there are {' '.join([*STAGES, *PARTS])}")
    stages = [stage for name in names for stage in STAGES.get(name) or [[PARTS[name]]]]
    runner = Runner()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, runner.stop)
    return runner.close(runner.stages(stages))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
