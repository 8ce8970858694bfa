"""Runs the acceptance clients, all unmodified, against a fresh family.

    python -m tests.acceptance FOLDER [name ...]

FOLDER holds ccxt_sync.py and ccxt_pro.py; the programs for python-binance, the official SDK and the older
connector stand beside this module. All learn where to go from the environment. With names, only those run.
Exit status 0 when no step failed and every program gave a verdict.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.family import ROOT, Family, clean_environment

CCXT = ("ccxt_sync.py", "ccxt_pro.py")
# They give a subscription a second and a change two, whatever the machine, and that is theirs to say.
CCXT_TRIES_MORE = 4
STEP_S = 30
OWN = ("python_binance_client", "official_sdk_client", "connector_client")


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
        "STEP_TIMEOUT": f"{STEP_S}",
    }


@dataclass
class Outcome:
    """What one program reported, step by step."""

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    code: int = 0

    @property
    def is_silent(self) -> bool:
        return not self.passed or (self.code != 0 and not self.failed)

    @property
    def is_good(self) -> bool:
        return not self.failed and not self.is_silent


def run(argv: list[str], folder: Path, environment: dict[str, str]) -> Outcome:
    """Run a program, passing its lines on as they come."""
    outcome = Outcome()
    argv = [sys.executable, "-u", *argv]
    with subprocess.Popen(argv, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            verdict, _, rest = line.rstrip().partition(" ")
            if verdict in {"PASS", "FAIL"}:
                (outcome.passed if verdict == "PASS" else outcome.failed).append(rest.partition("  [")[0].strip())
    outcome.code = process.returncode
    return outcome


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/acceptance").resolve()
    wanted = sys.argv[2:] or [*CCXT, *OWN]
    unknown = set(wanted) - {*CCXT, *OWN}
    missing = [name for name in CCXT if name in wanted and not (folder / name).exists()]
    if missing or unknown:
        print(f"accept: {', '.join([*missing, *unknown])} not found (folder {folder}: ACCEPTANCE=...)")
        return 2
    outcomes: dict[str, Outcome] = {}
    for name in wanted:
        outcomes[name] = visit(name, folder)
        for _ in range(CCXT_TRIES_MORE if name in CCXT else 0):
            if not outcomes[name].is_good:
                print(
                    f"\n== {name}: failed: {', '.join(outcomes[name].failed) or 'no verdict'}; tried again", flush=True
                )
                outcomes[name] = visit(name, folder)
    return verdict_of(outcomes)


def visit(name: str, folder: Path) -> Outcome:
    """One program against a fresh family."""
    with tempfile.TemporaryDirectory(prefix="accept-") as scratch:
        print(f"\n== {name}: starting a fresh family ...", flush=True)
        with Family(Path(scratch) / "data") as family:
            environment = clean_environment(PYTHONDONTWRITEBYTECODE="1", **directions(family.facts))
            program = [str(folder / name)] if name in CCXT else ["-m", f"tests.acceptance.{name}"]
            return run(program, folder if name in CCXT else ROOT, environment)


def verdict_of(outcomes: dict[str, Outcome]) -> int:
    """Say what every program reported; the exit status."""
    print()
    good = True
    for name, outcome in outcomes.items():
        good = good and outcome.is_good
        said = f"failed: {', '.join(outcome.failed) or 'none'}"
        if outcome.is_silent:
            said = f"ended with {outcome.code} and no verdict"
        print(f"accept: {name}: {len(outcome.passed)} passed, {len(outcome.failed)} failed; {said}")
    passed, failed = (
        sum(map(len, found)) for found in zip(*((o.passed, o.failed) for o in outcomes.values()), strict=True)
    )
    print(f"{passed} passed, {failed} failed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
