"""Runs the acceptance clients (unmodified ccxt, sync and pro) against a fresh family.

    python -m tests.acceptance FOLDER

FOLDER holds ccxt_sync.py and ccxt_pro.py; they learn where to go from the environment. Exit status 0
when both programs end with 0.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.support.family import Family, clean_environment

PROGRAMS = ("ccxt_sync.py", "ccxt_pro.py")


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


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/acceptance").resolve()
    missing = [name for name in PROGRAMS if not (folder / name).exists()]
    if missing:
        print(f"accept: {', '.join(missing)} not found in {folder}: name their folder with ACCEPTANCE=...")
        return 2
    codes: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="accept-") as scratch:
        print("accept: starting a fresh family ...", flush=True)
        with Family(Path(scratch) / "data") as family:
            environment = clean_environment(PYTHONDONTWRITEBYTECODE="1", **directions(family.facts))
            for name in PROGRAMS:
                print(f"\n== {name}", flush=True)
                codes[name] = subprocess.run(
                    [sys.executable, str(folder / name)], cwd=folder, env=environment, check=False, timeout=900
                ).returncode
    good = sum(1 for code in codes.values() if code == 0)
    print(f"\naccept: {', '.join(f'{name} exit {code}' for name, code in codes.items())}")
    print(f"{good} passed, {len(codes) - good} failed")
    return 0 if good == len(codes) else 1


if __name__ == "__main__":
    sys.exit(main())
