"""A benchmark's other half: a process of its own over a fresh store, whose last line is what it measured."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.chaos.projector import stores

Row = dict[str, Any]


def main_of(
    program: str, measure: Callable[[int, str], Row], print_table: Callable[[dict[str, Row]], None], runs: int
) -> int:
    """The whole of such a program: `measure(runs, journal)` in a child for each store, then the table or its JSON."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.load.{program}")
    parser.add_argument("--runs", type=int, default=runs)
    parser.add_argument("--stores", default="postgresql,sqlite")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measure(options.runs, options.child)))
        return 0
    found = {store: run_in_child(program, store, options.runs) for store in options.stores.split(",")}
    if options.json:
        print(json.dumps(found))
    else:
        print_table(found)
    return 0


def run_in_child(program: str, store: str, runs: int) -> Row:
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
        found: Row = json.loads(output.splitlines()[-1])
        return found
