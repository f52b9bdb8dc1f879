#!/usr/bin/env python3
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures how fast the collection is, in the local AWS, and prints Markdown: benchmarks/run.py [part ...]"""

import argparse
import importlib
import os
import sys
import time

from common import table

PARTS = ("overhead", "unchanged", "makespan", "platforms", "converge", "local_aws")


def main(arguments=None):
    """Measure the parts that are asked for, all of them by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"one of {', '.join(PARTS)}")
    parts = parser.parse_args(arguments).parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))} (there are {', '.join(PARTS)})")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start", flush=True)
    for part in parts:
        module, begin = importlib.import_module(part), time.monotonic()
        lines = module.measure()
        if isinstance(lines[0], tuple):
            lines = table(("What", "Value"), lines)
        print(f"\n{module.__doc__}\n", *lines, f"\n({time.monotonic() - begin:.0f} s)", sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
