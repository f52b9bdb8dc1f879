# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module run costs beyond its own API calls, stock and warm."""

import datetime
import statistics
from pathlib import Path

import yaml
from common import account, alternate, is_module, median_ratio, play, table

ROUNDS, REPEATS = 3, 12
REGION = {"region": "us-east-1"}
MODULES = {
    "ansible.builtin.ping": {},
    "amazon.aws.ec2_vpc_net_info": REGION,
    "groundwork.aws.ecs_clusters": REGION | {"state": "gathered", "clusters": [{"name": "nobody"}]},
}


def measure():
    """The lines to print."""
    with account() as (sandbox, folder):
        playbook = _write_playbook(folder)
        contenders = {
            connection: lambda connection=connection: _overheads(sandbox, folder, playbook, connection)
            for connection in ("stock", "warm")
        }
        found = alternate(ROUNDS, **contenders)
    rows = []
    for name in MODULES:
        stock, warm = ([overheads[name] for overheads in found[connection]] for connection in ("stock", "warm"))
        seconds = [f"{statistics.median(values) * 1000:.0f} ms" for values in (stock, warm)]
        rows.append((f"`{name}`", *seconds, f"{median_ratio(stock, warm):.1f}"))
    return table(["Module", "Stock", "Warm", "Stock / warm"], rows)


def _write_playbook(folder):
    tasks = [{"name": name, name: arguments} for name, arguments in MODULES.items() for _run in range(REPEATS)]
    variables = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    play_ = {"name": "Overhead", "hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}
    path = Path(folder) / "overhead.yml"
    path.write_text(yaml.safe_dump([play_]))
    return path


def _overheads(sandbox, folder, playbook, connection):
    """{module: median seconds of its tasks, less the time in which AWS answered}."""
    sandbox.forget_calls()
    run = play(sandbox, folder, playbook, "localhost,", connection=connection)
    api = {service: [] for service in ("ec2", "ecs")}
    for call in sandbox.calls():
        api[call["service"]].append(call["seconds"])
    answered = {"amazon": api["ec2"], "groundwork": api["ecs"]}
    tasks = {name: [] for name in MODULES}
    for task, result in run.results:
        if is_module(result):
            tasks[task["task"]["name"]].append(_seconds(task["task"]["duration"]))
    return {
        name: statistics.median(seconds) - sum(answered.get(name.split(".")[0], ())) / REPEATS
        for name, seconds in tasks.items()
    }


def _seconds(duration):
    start, end = (datetime.datetime.fromisoformat(duration[key]) for key in ("start", "end"))
    return (end - start).total_seconds()
