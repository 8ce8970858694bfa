"""S7: schemathesis sends what the OpenAPI document allows and what it forbids, to a real family.

No answer may be a 5xx, and none may have a status, a content type or a body the document does not tell.
The caller is a demo trader; operations that end a session get one of their own (api_hooks.py).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.support.family import ROOT, Family, clean_environment

CASES_MIN = 5000
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
PER_OPERATION = 30


def main(cases_min: int, seed: int) -> int:
    """0 when at least `cases_min` cases ran and every check held."""
    with tempfile.TemporaryDirectory(prefix="security-") as scratch:
        print("security api: starting a family of its own ...", flush=True)
        with Family(Path(scratch) / "data", EXCHANGE_THROTTLE_TIMES="1000") as family:
            code, ran = run(family.facts, Path(scratch), cases_min, seed)
    print(f"security api: {ran} cases, {'all checks held' if code == 0 else f'schemathesis ended with {code}'}")
    if ran < cases_min:
        print(f"security api: fewer than the {cases_min} cases asked for: raise PER_OPERATION")
        return 1
    return code


def run(facts: dict[str, Any], scratch: Path, cases_min: int, seed: int) -> tuple[int, int]:
    """Schemathesis against the family; (its exit code, cases sent)."""
    trader = facts["accounts"][0]
    report = scratch / "report.json"
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "run", f"{facts['base_url']}/api/v1/schema",
        "--url", facts["base_url"], "--checks", ",".join(CHECKS), "--continue-on-failure",
        "--phases", "examples,coverage,fuzzing", "--max-examples", str(PER_OPERATION), "--seed", str(seed),
        "--generation-database", "none", "--no-shrink", "--suppress-health-check", "all", "--workers", "2",
        "--report-json-path", str(report), "--request-timeout", "20", "--warnings", "off",
    ]  # fmt: skip
    environment = clean_environment(
        SCHEMATHESIS_HOOKS="tests.security.api_hooks",
        SECURITY_BASE=facts["base_url"],
        SECURITY_EMAIL=trader["email"],
        SECURITY_PASSWORD=trader["password"],
        SECURITY_KEY=trader["api_key"],
        SECURITY_SECRET=trader["api_secret"],
        SECURITY_COUNT=str(scratch / "count"),
    )
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    print(f"security api: the report names {len(json.loads(report.read_text()))} parts" if report.exists() else "")
    return done.returncode, int((scratch / "count").read_text() or 0)
