#!/usr/bin/env bash
# The plugins' and roles' documentation as the Ansible docsite would build it: markup, references to
# other collections, and the pages themselves.
set -euo pipefail

cd "$(dirname "$0")/.."
# antsibull-docs copies the dependencies as git would, and a clone's git ignores .cache and .venv.
site_packages=$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
export GIT_CEILING_DIRECTORIES="$PWD:$(dirname "$site_packages")"
export ANSIBLE_COLLECTIONS_PATH=$PWD/.cache/artifact

cd .cache/artifact/ansible_collections/groundwork/aws
antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=dependent \
    --disallow-unknown-collection-refs --skip-rstcheck .
pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
antsibull-docs collection --use-current --fail-on-error --squash-hierarchy --dest-dir "$pages" groundwork.aws
