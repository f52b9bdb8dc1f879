#!/usr/bin/env bash
# The demo: converge one platform in an empty account, converge it again, look at what is there.
# `make demo` runs it inside `python -m sandbox run`, which brings the account, the endpoint and the
# credentials; it refuses to run against anything else.
set -euo pipefail

cd "$(dirname "$0")/.."
platform=dougust-production

case ${AWS_ENDPOINT_URL:-} in
    http://127.0.0.1:* | http://localhost:*) ;;
    *) echo "The demo only talks to the local AWS. Run: make demo" >&2 && exit 1 ;;
esac

converge() {
    local begin=$SECONDS
    ansible-playbook site.yml -i inventories/production --limit "$platform"
    echo "== $1: $((SECONDS - begin)) s"
}

echo "== $platform in an empty account"
converge "First run, everything is created"
converge "Second run, nothing changes"
echo "== What is in the account"
python tools/show_account.py
cat <<'NEXT'

Try next:
  make plan ENV=production          what a converge would do, against AWS or the local AWS
  make sandbox                      keep a local AWS running; it prints the AWS_ENDPOINT_URL to export
  less roles/networking/README.md   what can be set
NEXT
