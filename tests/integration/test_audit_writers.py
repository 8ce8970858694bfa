"""Many processes write to the trail and press the same buttons at once, on each store: nothing lost, no gap, done once."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.pace import PATIENCE_S
from tests.support.postgres_server import PostgresServer

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.stores


class Store:
    """A migrated database, the environment of its processes, and plain SQL."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.environ = {**os.environ, "DATABASE_URL": url, "EXCHANGE_DATA": str(folder), "LOG_LEVEL": "CRITICAL"}
        self.environ["DJANGO_SETTINGS_MODULE"] = "exchange.settings.test"
        self.run("manage.py", "migrate", "--verbosity", "0")

    def run(self, *argv: str) -> str:
        command = [sys.executable, *argv]
        done = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def together(self, people: list[int]) -> list[list[int]]:
        """Workers that begin when all are ready: what each wrote, and how many buttons each pressed first."""
        workers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.support.audit_worker", "work", str(person)],
                cwd=ROOT, env=self.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for person in people
        ]  # fmt: skip
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        results = []
        for worker in workers:
            out, _ = worker.communicate(timeout=PATIENCE_S)
            assert worker.returncode == 0
            results.append(json.loads(out.splitlines()[-1]))
        return results

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        if self.url.startswith("sqlite"):
            link = sqlite3.connect(self.url.removeprefix("sqlite:///"))
            rows = link.execute(sql).fetchall()
            link.close()
            return rows
        with psycopg.connect(self.url) as connection:
            return connection.execute(sql).fetchall()  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    url = f"sqlite:///{tmp_path / 'trail.sqlite3'}"
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.create(f"trail_{os.getpid()}")
    return Store(url, tmp_path / "data")


def test_many_writers_and_many_hands_on_one_button(store: Store) -> None:
    people = json.loads(store.run("-m", "tests.support.audit_worker", "prepare").splitlines()[-1])
    done = store.together(people)
    verdict = store.run("manage.py", "audit_verify")
    assert "The trail is whole." in verdict
    kept = dict(store.rows("SELECT action, count(*) FROM audit_auditrecord GROUP BY action"))
    assert kept["test.written"] == sum(written for written, _ in done) == 3 * 40, "what was rolled back left no record"
    places = [seq for (seq,) in store.rows("SELECT seq FROM audit_auditlink ORDER BY seq")]
    assert places == list(range(1, sum(kept.values()) + 1)), "each record has one place, and no place is left out"
    assert store.rows("SELECT count(*) FROM audit_auditpending") == [(0,)]
    assert sum(won for _, won in done) == 10
    assert kept["test.done"] == kept["approval.approved"] == kept["approval.executed"] == 10, "each was done once"
    doers = store.rows("SELECT subject, count(*) FROM audit_auditrecord WHERE action = 'test.done' GROUP BY subject")
    assert {count for _, count in doers} == {1}
