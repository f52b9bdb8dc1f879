# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A converge of Dougust production that has nothing to change, stock and warm, and Terraform's plan of the same."""

import contextlib
import functools
import os
import re
import shutil
import statistics
import subprocess
from pathlib import Path

from common import ROOT, account, alternate, is_unchanged, median_ratio, play, run, table

ROUNDS = 3
CONFIGURATION = ROOT / "benchmarks/terraform"
HEADS = ["Nothing to change", "Seconds", "Ratio", "Mark"]
# Numerator, denominator and mark of the ratio in each contender's line.
RATIOS = {"stock": ("stock", "warm", "at least 6"), "terraform": ("warm", "terraform", "at most 3")}
LABELS = {"stock": "converge, stock", "warm": "converge, warm", "terraform": "terraform plan"}


def measure():
    """The lines to print."""
    with account() as (sandbox, folder), applied() as (terraform, missing):
        play(sandbox, folder)
        # Warm between the two that it is compared with: what else runs on the machine changes in minutes.
        contenders = {name: functools.partial(_converge, sandbox, folder, name) for name in ("stock", "warm")}
        if terraform:
            is_the_same(sandbox, terraform.sandbox)
            contenders["terraform"] = terraform.plan
        found = alternate(ROUNDS, **contenders)
    return table(HEADS, rows(found)) + ([f"\nterraform plan is left out: {missing}"] if missing else [])


def rows(found):
    """A line for each contender: its median, and its ratio beside the mark that this has to meet."""
    for name, seconds in found.items():
        told = ("-", "-")
        if name in RATIOS:
            above, below, mark = RATIOS[name]
            told = (f"{above} / {below}: {median_ratio(found[above], found[below]):.2f}", mark)
        yield LABELS[name], f"{statistics.median(seconds):.1f}", *told


def _converge(sandbox, folder, connection):
    sandbox.forget_calls()
    seconds = play(sandbox, folder, connection=connection, results=False).seconds
    is_unchanged(sandbox)
    return seconds


@contextlib.contextmanager
def applied():
    """Terraform and None, in an account that has its Dougust production, or None and why there is no such thing."""
    if not shutil.which("terraform"):
        yield None, "there is no terraform on PATH"
        return
    with account() as (sandbox, folder):
        terraform = Terraform(sandbox, folder)
        missing = terraform.init()
        if not missing:
            terraform.run("apply", "-auto-approve")
        yield (None, missing) if missing else (terraform, None)


def is_the_same(sandbox, other):
    """Two accounts have the same number of resources of each kind, or the contenders do not: AssertionError."""
    ours, theirs = ({kind: len(found) for kind, found in one.snapshot().items()} for one in (sandbox, other))
    assert ours == theirs, f"ours and Terraform's platform differ in {sorted(ours.items() ^ theirs.items())}"


class Terraform:
    """Terraform in a sandbox; configuration, state and what init leaves are in a folder of its own."""

    def __init__(self, sandbox, folder):
        self.sandbox = sandbox
        self._folder = shutil.copytree(CONFIGURATION, Path(folder) / "terraform")
        # Of the user's Terraform only where it finds providers.
        foreign = {name for name in os.environ if name.startswith("TF_")} - {"TF_CLI_CONFIG_FILE"}
        base = {name: value for name, value in os.environ.items() if name not in foreign}
        self._environment = sandbox.environment(base) | {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}

    def init(self):
        """Get the provider from TF_PLUGIN_DIR, or else where Terraform looks itself; what it says if that fails."""
        directory = os.environ.get("TF_PLUGIN_DIR")
        command = self._command("init", *(["-plugin-dir", directory] if directory else []))
        settings = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "check": False}
        done = subprocess.run(command, cwd=self._folder, env=self._environment, **settings)
        errors = re.findall("Error: (.+)", done.stdout) or [done.stdout.strip()]
        return f"terraform init: {errors[0]}" if done.returncode else None

    def run(self, *words):
        """Run a command of Terraform to its end, see common.run."""
        return run(self._command(*words), self._environment, self._folder)

    def plan(self):
        """How long a plan took that found nothing to change; CalledProcessError if it found something."""
        self.sandbox.forget_calls()
        seconds = self.run("plan", "-detailed-exitcode").seconds
        is_unchanged(self.sandbox)
        return seconds

    @staticmethod
    def _command(verb, *options):
        return ["terraform", verb, "-input=false", "-no-color", *options]
