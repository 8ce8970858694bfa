"""The tests of the rows once more, on a private PostgreSQL: COPY, array upserts, triggers, kills.

Method: the same test files run in a child whose DATABASE_URL names the private server.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres_server import PostgresServer

ROOT = Path(__file__).resolve().parents[2]
FILES = (
    "test_projection_rows.py",
    "test_projection_journal.py",
    "test_projection_ledger.py",
    "test_history_selectors.py",
    "test_candle_selectors.py",
)

pytestmark = pytest.mark.stores


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PostgresServer]:
    made = PostgresServer(tmp_path / "pg")
    made.start()
    yield made
    made.stop()


def test_everything_holds_on_postgresql(server: PostgresServer, tmp_path: Path) -> None:
    files = [str(Path("tests/integration") / name) for name in FILES]
    environment = {**os.environ, "DATABASE_URL": server.create("rows"), "EXCHANGE_DATA": str(tmp_path / "data")}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *files]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-5000:] + result.stderr[-2000:]


def test_killed_four_times_its_rows_are_a_fresh_rebuild() -> None:
    command = [sys.executable, "-m", "tests.chaos.projector", "--kills", "4", "--store", "postgresql"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
