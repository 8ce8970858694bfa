"""A benchmark's other half: a process of its own over a fresh store, whose last line is what it measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.chaos.projector import stores


def run_in_child(program: str, store: str, runs: int) -> dict[str, Any]:
    """What `tests.load.<program> --child JOURNAL` prints, with rows and journal in a store of that kind."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, stores(store, Path(name)) as (rows, journal):
        environment = {
            **os.environ,
            "DATABASE_URL": rows,
            "JOURNAL_URL": journal,
            "EXCHANGE_DATA": name,
            "DJANGO_SETTINGS_MODULE": "exchange.settings.test",
            "LOG_LEVEL": "CRITICAL",
        }
        command = [sys.executable, "-m", f"tests.load.{program}", "--child", journal, "--runs", str(runs)]
        output = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
        found: dict[str, Any] = json.loads(output.splitlines()[-1])
        return found
