#!/usr/bin/env bash
# tools/venv.sh PYTHON DIRECTORY: creates a virtual environment, also where Debian's python3-venv
# (ensurepip) is not installed: then the pip of PYTHON itself puts a pip into the environment.
set -euo pipefail

# By its path: a half-made environment may come first on PATH from here on.
python=$(command -v "${1:-python3}" || true) directory=$2
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if [[ -z $python ]] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "groundwork.aws needs Python 3.11 or newer; ${python:-${1:-python3}} is older or missing." >&2
    echo "Fix: install Python 3.11, or name one: make setup PYTHON=/path/to/python3.11" >&2
    exit 1
fi
if "$python" -m venv --clear "$directory" > "$log" 2>&1; then
    exit 0
fi
if "$python" -m venv --clear --without-pip "$directory" >> "$log" 2>&1 \
    && "$python" -m pip --python "$directory/bin/python" install --quiet pip >> "$log" 2>&1; then
    exit 0
fi
rm -rf "$directory"
cat "$log" >&2
echo "No virtual environment could be created with $python." >&2
echo "Fix: apt-get install python3-venv, or pip install --upgrade pip (22.3 or newer)." >&2
exit 1
