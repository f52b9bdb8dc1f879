#!/usr/bin/env python3
"""Runs galaxy-importer on the built artifact and reads what it found.

galaxy-importer returns 0 when it could not read a module's documentation and when it warns, so its log
and its result file decide here.
"""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
PLACE = ROOT / ".cache" / "importer"
# Filters are in one file, which is none; tests/unit/filter/test_filters.py holds that each has its documentation.
DOCUMENTED = {"module", "lookup", "inventory", "callback", "connection"}

# ansible-lint has its own check, on the clone, with more rules and the playbooks.
CONFIG = "[galaxy-importer]\nRUN_ANSIBLE_LINT = False\nCHECK_REQUIRED_TAGS = True\nREQUIRE_V1_OR_GREATER = True\n"


def run_importer(artifact):
    PLACE.mkdir(parents=True, exist_ok=True)
    result = PLACE / "importer_result.json"
    result.unlink(missing_ok=True)
    (PLACE / "galaxy-importer.cfg").write_text(CONFIG)
    command = ["env", "GALAXY_IMPORTER_CONFIG=galaxy-importer.cfg"]
    command += [sys.executable, "-m", "galaxy_importer.main", str(artifact)]
    run = subprocess.run(command, cwd=PLACE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(run.stdout, end="")
    if run.returncode or not result.exists():
        sys.exit("galaxy-importer refused the artifact")
    return run.stdout, json.loads(result.read_text())


def complaints(log):
    return [line for line in log.splitlines() if re.match(r"(WARNING|ERROR|CRITICAL)\b", line)]


def undocumented(result):
    blobs = result["docs_blob"]["contents"]
    for blob in blobs:
        if blob["content_type"] in DOCUMENTED and not (blob["doc_strings"] or {}).get("doc"):
            yield f"{blob['content_type']} {blob['content_name']} has no documentation that ansible-doc can read"
        if blob["content_type"] == "role" and not blob["readme_html"]:
            yield f"role {blob['content_name']} has no README"


def main():
    artifacts = list((ROOT / ".cache" / "artifact").glob("groundwork-aws-*.tar.gz"))
    if len(artifacts) != 1:
        sys.exit(f"expected one artifact in .cache/artifact, found {len(artifacts)}: run tools/artifact.sh")
    log, result = run_importer(artifacts[0])
    findings = complaints(log) + list(undocumented(result))
    if findings:
        sys.exit("galaxy-importer would accept this, we do not:\n" + "\n".join(findings))


if __name__ == "__main__":
    main()
