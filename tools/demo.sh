#!/usr/bin/env bash
# The demo: converge one platform in an empty account, delegate its zone, release an image, look at what is there.
# `make demo` runs it inside `python -m sandbox run`, which brings the account, the endpoint and the
# credentials; it refuses to run against anything else.
set -euo pipefail

cd "$(dirname "$0")/.."
platform=dougust-production

case ${AWS_ENDPOINT_URL:-} in
    http://127.0.0.1:* | http://localhost:*) ;;
    *) echo "The demo only talks to the local AWS. Run: make demo" >&2 && exit 1 ;;
esac

run() {
    local title=$1 begin=$SECONDS
    shift
    echo "== $title"
    ansible-playbook -i inventories/production --limit "$platform" "$@"
    echo "== $title: $((SECONDS - begin)) s"
}

run "First run: everything is created" site.yml
python tools/prepare_demo.py
run "Second run: the zone is delegated, so HTTPS follows" site.yml
run "Third run: nothing changes" site.yml
run "Release: an image that was pushed goes live" playbooks/deploy.yml -e deploy_image=v1 \
    -e releases_smoke_test_url="$AWS_ENDPOINT_URL/_sandbox/site/api.dougust.com"
run "Status" playbooks/status.yml
echo "== What is in the account"
python tools/show_account.py
cat <<'NEXT'

Try next:
  make plan ENV=production          what a converge would do, against AWS or the local AWS
  make sandbox                      keep a local AWS running; it prints the AWS_ENDPOINT_URL to export
  less docs/operate.md              what can be done with a platform
NEXT
