"""Runs the acceptance clients (unmodified ccxt, sync and pro) against a fresh family.

    python -m tests.acceptance FOLDER

FOLDER holds ccxt_sync.py and ccxt_pro.py; they learn where to go from the environment. Steps that need
what the exchange does not offer yet are named in NOT_YET (none now); exit status 0 when no other step fails.
One of those that passes is named at the end, so that the list can shrink.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.family import Family, clean_environment

# Program -> steps that need what is not offered yet.
NOT_YET: dict[str, set[str]] = {"ccxt_sync.py": set(), "ccxt_pro.py": set()}


def directions(facts: dict[str, Any]) -> dict[str, str]:
    """The variables the programs read."""
    first, second = facts["accounts"][:2]
    return {
        "BASE_URL": facts["base_url"],
        "WS_URL": facts["ws_url"],
        "API_KEY": first["api_key"],
        "API_SECRET": first["api_secret"],
        "API_KEY2": second["api_key"],
        "API_SECRET2": second["api_secret"],
        "SYMBOL": facts["quiet_symbol"],
    }


@dataclass
class Outcome:
    """What one program reported, step by step."""

    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    code: int = 0


def run(program: Path, environment: dict[str, str]) -> Outcome:
    """Run it, passing its lines on as they come."""
    outcome = Outcome()
    argv = [sys.executable, "-u", str(program)]
    with subprocess.Popen(argv, cwd=program.parent, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            verdict, _, rest = line.rstrip().partition(" ")
            step = rest.partition("  [")[0].strip()
            if verdict in {"PASS", "FAIL"}:
                (outcome.passed if verdict == "PASS" else outcome.failed).add(step)
    outcome.code = process.returncode
    return outcome


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/acceptance").resolve()
    missing = [name for name in NOT_YET if not (folder / name).exists()]
    if missing:
        print(f"accept: {', '.join(missing)} not found in {folder}: name their folder with ACCEPTANCE=...")
        return 2
    bad: list[str] = []
    early: list[str] = []
    passed = expected = 0
    with tempfile.TemporaryDirectory(prefix="accept-") as scratch:
        print("accept: starting a fresh family ...", flush=True)
        with Family(Path(scratch) / "data") as family:
            environment = clean_environment(PYTHONDONTWRITEBYTECODE="1", **directions(family.facts))
            for name, not_yet in NOT_YET.items():
                print(f"\n== {name}", flush=True)
                outcome = run(folder / name, environment)
                passed += len(outcome.passed)
                expected += len(outcome.failed & not_yet)
                bad += sorted(outcome.failed - not_yet)
                early += sorted(outcome.passed & not_yet)
                if not outcome.passed or (outcome.code != 0 and not outcome.failed):
                    bad.append(f"{name} ended with {outcome.code} and no verdict")
    if early:
        print(f"\naccept: listed as not offered yet, but passed: {', '.join(early)}")
    print(f"\naccept: {expected} steps need what is not offered yet; failed: {', '.join(bad) or 'none'}")
    print(f"{passed} passed, {len(bad)} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
