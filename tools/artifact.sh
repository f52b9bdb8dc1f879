#!/usr/bin/env bash
# Builds the collection and unpacks it below .cache/artifact, as ansible-test, galaxy-importer and
# antsibull-docs want to see it. The clone itself has links to directories, which they refuse.
set -euo pipefail

cd "$(dirname "$0")/.."
place=.cache/artifact
collection=$place/ansible_collections/groundwork/aws

# With it goes the copy that ansible-lint has installed for itself, and never renews.
rm -rf "$place" .cache/home/.ansible/collections/ansible_collections/groundwork
mkdir -p "$collection"
ansible-galaxy collection build --force --output-path "$place" .
tar -xzf "$place"/groundwork-aws-*.tar.gz -C "$collection"

if links=$(find "$collection" -type l | grep .); then
    echo "Links in the artifact, which sanity refuses: add them to build_ignore in galaxy.yml"
    echo "$links"
    exit 1
fi
# What installs from Galaxy has no use for these; naming them here catches a lost build_ignore line.
for unwanted in .cache .ci .git .github .venv ansible.cfg collections group_vars inventories \
    molecule sandbox tests/integration tools; do
    if [[ -e $collection/$unwanted ]]; then
        echo "$unwanted is in the artifact: add it to build_ignore in galaxy.yml"
        exit 1
    fi
done
# ansible-test wants a git work tree of its own, or it asks the clone's git, which ignores .cache.
git -C "$collection" init --quiet

# ansible-test looks for collections beside this one and nowhere else.
site_packages=$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
for dependency in amazon/aws community/aws; do
    mkdir -p "$place/ansible_collections/$dependency"
    cp -R "$site_packages/ansible_collections/$dependency/." "$place/ansible_collections/$dependency"
done
