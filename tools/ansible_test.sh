#!/usr/bin/env bash
# tools/ansible_test.sh sanity|units: ansible-test in the unpacked artifact, see tools/artifact.sh.
# Its downloads and environments stay in the HOME that tools/run.py gives it.
set -euo pipefail

cd "$(dirname "$0")/../.cache/artifact/ansible_collections/groundwork/aws"
python=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
ANSIBLE_COLLECTIONS_PATH=$(cd ../../.. && pwd)
export ANSIBLE_COLLECTIONS_PATH

# ansible-test fetches a get-pip script from a host of its own to fill the environments it makes.
# This one does the same with the pip wheel from the package index.
pip_version=24.2
cache=$HOME/.ansible/test/cache
mkdir -p "$cache"
if [[ ! -e $cache/pip-$pip_version-py3-none-any.whl ]]; then
    python -m pip download --quiet --no-deps --dest "$cache" "pip==$pip_version"
fi
cat > "$cache/get_pip_${pip_version//./_}.py" <<GET_PIP
import runpy, sys
wheel = "$cache/pip-$pip_version-py3-none-any.whl"
packages = [a for a in sys.argv[1:] if a not in ("--no-setuptools", "--no-wheel") and not a.startswith("pip")]
sys.argv[:] = ["pip", "install", "--upgrade", *packages, wheel]
sys.path.insert(0, wheel)
runpy.run_module("pip", run_name="__main__")
GET_PIP

# What is left of pip's chatter would bury the findings.
chatter='^(Looking in|Collecting|Processing|Using cached|Requirement already|Installing (req|coll)|Successfully inst)'
chatter+='|^ +(Downloading|Using cached|━)|^WARNING: Location|^Running sanity test'

case $1 in
    sanity) command=(sanity --local --lint) ;;
    units) command=(units --local) ;;
    *) echo "ansible_test.sh: sanity or units, not $1" >&2 && exit 2 ;;
esac
ansible-test "${command[@]}" --color no --python "$python" "${@:2}" 2>&1 | { grep -Ev "$chatter" || true; }
