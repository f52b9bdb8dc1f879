#!/usr/bin/env bash
# The GitHub workflows: their schema, and what an attacker could do with them.
set -euo pipefail

cd "$(dirname "$0")/.."
check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
zizmor --offline --no-progress .github/workflows
