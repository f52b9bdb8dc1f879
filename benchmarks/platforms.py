# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""1, 5 and 20 platforms like Dougust production in one run: time and memory."""

import shutil
import statistics
from pathlib import Path

import yaml
from common import ROOT, ZONE, account, is_unchanged, play, table

# The time of one alone is the median of runs between the others: what else the machine does changes meanwhile.
SIZES = (1, 5, 1, 20, 1)
HEADS = ["Platforms in one run", "Seconds", "Seconds a platform", "Against one alone", "Peak memory"]


def measure():
    """The lines to print."""
    with account() as (sandbox, folder):
        sandbox.raise_quotas(max(SIZES))  # as whoever runs so many platforms in a region has asked AWS to
        inventory = write_inventory(Path(folder) / "inventory", max(SIZES))
        first = play(sandbox, folder, inventory=inventory, memory=True)
        runs = [(size, _converge(sandbox, folder, inventory, size)) for size in SIZES]
    alone = statistics.median(run.seconds for size, run in runs if size == 1)
    rows = [(f"{size}, nothing to change", *_columns(run, size, alone)) for size, run in runs]
    rows.append((f"{max(SIZES)}, first converge", *_columns(first, max(SIZES), None)))
    return table(HEADS, rows)


def write_inventory(folder, count):
    """Dougust production ``count`` times over: each with names, secrets and a domain of its own."""
    hosts = [f"dougust{number:02}-production" for number in range(1, count + 1)]
    shutil.copytree(ROOT / "inventories/production/group_vars", folder / "group_vars")
    groups = {name: {"hosts": dict.fromkeys(hosts)} for name in ("production", "dougust")}
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"children": groups}}))
    variables = yaml.safe_load((ROOT / "inventories/production/host_vars/dougust-production.yml").read_text())
    (folder / "host_vars").mkdir()
    for host in hosts:
        name = host.removesuffix("-production")
        own = {"platform_name": name, "platform_secret_prefix": f"prod/{name}", "dougust_domain": f"{name}.{ZONE}"}
        (folder / "host_vars" / f"{host}.yml").write_text(yaml.safe_dump(variables | own))
    return folder


def _converge(sandbox, folder, inventory, size):
    sandbox.forget_calls()
    hosts = ",".join(f"dougust{number:02}-production" for number in range(1, size + 1))
    run = play(sandbox, folder, inventory=inventory, options=["--limit", hosts], memory=True)
    is_unchanged(sandbox)
    return run


def _columns(run, size, alone):
    each = run.seconds / size
    against = f"{each / alone:.2f}" if alone else "-"
    return f"{run.seconds:.1f}", f"{each:.1f}", against, f"{run.peak_mib:.0f} MiB"
