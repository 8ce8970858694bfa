"""`manage.py project` as a process: follows, is woken, says that it is ready, ends on SIGTERM, survives SIGKILL."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.journals import JournalWriter
from tests.support.pace import PATIENCE_S
from tests.support.projection import told

ROOT = Path(__file__).resolve().parents[2]


class Projector:
    """A projector over SQLite files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.rows = folder / "rows.sqlite3"
        self.journal_url = f"sqlite:///{folder}/rows-journal.sqlite3"
        self.ready = folder / "run" / "projector.ready"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in {"JOURNAL_URL", "REDIS_URL"}},
            "DATABASE_URL": f"sqlite:///{self.rows}",
            "EXCHANGE_DATA": str(folder),
            "MATCHER_URL": f"unix://{folder}/matcher.sock",
            "DJANGO_SETTINGS_MODULE": "exchange.settings.test",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def manage(self, *words: str) -> None:
        subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, check=True)

    def start(self) -> None:
        command = [sys.executable, "manage.py", "project"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment)

    def end(self, number: int) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE_S)

    def seq(self) -> int:
        try:
            link = sqlite3.connect(f"file:{self.rows}?mode=ro", uri=True)
            found = link.execute("SELECT seq FROM projection_cursor").fetchone()
            link.close()
        except sqlite3.OperationalError:
            return 0
        return int(found[0]) if found else 0


@pytest.fixture
def projector(tmp_path: Path) -> Iterator[Projector]:
    made = Projector(tmp_path)
    made.manage("migrate", "--verbosity=0")
    yield made
    if made.process is not None and made.process.poll() is None:
        made.end(signal.SIGKILL)


def until(condition: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


def test_it_follows_tells_and_ends_cleanly(projector: Projector) -> None:
    """It starts before there is a journal, follows what comes, and leaves no ready file behind."""
    story = told(seed=70, batches=10)
    projector.start()
    until(projector.ready.exists)
    writer = JournalWriter(projector.journal_url)
    writer.append(story.batches)
    until(lambda: projector.seq() == story.seq)
    story.go_on(5)
    writer.append(story.batches[-5:])
    until(lambda: projector.seq() == story.seq)
    writer.close()
    assert projector.end(signal.SIGTERM) == 0
    assert not projector.ready.exists()


def test_a_damaged_journal_ends_it_with_a_status(projector: Projector) -> None:
    story = told(seed=71, batches=3)
    writer = JournalWriter(projector.journal_url)
    writer.append(story.batches[1:])
    writer.close()
    projector.start()
    assert projector.process is not None
    assert projector.process.wait(timeout=PATIENCE_S) == 3
    assert not projector.ready.exists()


def test_rows_that_cannot_be_written_are_written_later(projector: Projector) -> None:
    """The table is away for a while, as it is with a store that is being restored."""
    story = told(seed=72, batches=3)
    projector.start()
    until(projector.ready.exists)
    holder = sqlite3.connect(projector.rows, isolation_level=None)
    holder.execute("ALTER TABLE projection_cursor RENAME TO projection_cursor_away")
    writer = JournalWriter(projector.journal_url)
    writer.append(story.batches)
    writer.close()
    time.sleep(0.5)
    assert projector.process is not None
    assert projector.process.poll() is None
    holder.execute("ALTER TABLE projection_cursor_away RENAME TO projection_cursor")
    holder.close()
    until(lambda: projector.seq() == story.seq)
    assert projector.end(signal.SIGTERM) == 0


def test_killed_four_times_its_rows_are_a_fresh_rebuild() -> None:
    """R6 in short; the long form is the same program with --kills 50."""
    command = [sys.executable, "-m", "tests.chaos.projector", "--kills", "4", "--store", "sqlite"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "rows = fresh rebuild = engine" in result.stdout
