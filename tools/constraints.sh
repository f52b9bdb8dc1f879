#!/usr/bin/env bash
# Renews constraints.txt from a clean environment. Called by `make constraints`.
set -euo pipefail

cd "$(dirname "$0")/.."
python=${1:-python3}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

tools/venv.sh "$python" "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --no-compile \
    -r requirements.txt -r sandbox/requirements.txt -r tests/requirements.txt
{
    cat <<'HEADER'
# Exact versions of everything that requirements.txt, sandbox/requirements.txt and
# tests/requirements.txt bring along. `make setup` and `make test` install with `-c constraints.txt`.
# Written by `make constraints` (pip freeze in a clean Python 3.11 environment): do not edit.
HEADER
    "$scratch/venv/bin/python" -m pip list --format=freeze --exclude pip --exclude wheel
} > "$scratch/constraints.txt"
mv "$scratch/constraints.txt" constraints.txt
