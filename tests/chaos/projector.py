"""R6: kill the projector again and again while the journal grows; its rows must be those of a fresh rebuild.

    python -m tests.chaos.projector --kills 50 [--store postgresql|sqlite] [--seed 1]

Method: `manage.py project` is a process of its own and dies by SIGKILL at a random moment, mostly with
work left to do. At the end rows are compared with the engine's state, with a rebuild from zero, and with
each other. Exit status 0 when nothing differs.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.reference.engine import ReferenceEngine
from tests.support.journals import JournalWriter
from tests.support.pace import PATIENCE_S
from tests.support.postgres_server import PostgresServer
from tests.support.story import Story

COMMANDS_A_SECOND = 1000
BATCH_MAX = 20
AHEAD_MAX = 20_000  # commands that the rows may be behind: a slow machine has to catch up in the end
KILL_AFTER_SECONDS_MAX = 0.5
PROJECT = [sys.executable, "manage.py", "project"]


@contextmanager
def stores(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """URLs of rows and journal."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/rows.sqlite3", f"sqlite:///{folder}/rows-journal.sqlite3"
        return
    server = PostgresServer(folder / "postgres")
    server.start()
    try:
        url = server.create("rows")
        yield url, url
    finally:
        server.stop()


class Feeder(threading.Thread):
    """Tells the story and appends it to the journal, at a steady pace, until stopped."""

    def __init__(self, url: str, seed: int) -> None:
        super().__init__(daemon=True)
        self._url = url
        self.story = Story(ReferenceEngine(), seed=seed, step_ns=2_000_000)
        self._enough = threading.Event()
        self.told_seq = self.reached_seq = 0

    def run(self) -> None:
        writer = JournalWriter(self._url)
        writer.append([self.story.open()])
        started = time.monotonic()
        while not self._enough.is_set():
            self.story.go_on(1, BATCH_MAX)
            writer.append([self.story.batches.pop()])
            self.told_seq = self.story.seq
            ahead = self.story.seq / COMMANDS_A_SECOND - (time.monotonic() - started)
            if ahead > 0:
                time.sleep(ahead)
            while self.told_seq - self.reached_seq > AHEAD_MAX and not self._enough.is_set():
                time.sleep(0.01)
        writer.close()

    def finish(self) -> None:
        self._enough.set()
        self.join()


def kill_again_and_again(feeder: Feeder, kills: int, seed: int) -> int:
    """Returns how many kills found the projector with work left."""
    from apps.projection.selectors import get_cursor

    dice = random.Random(seed)
    busy = 0
    for number in range(1, kills + 1):
        before = feeder.reached_seq = get_cursor()
        projector = subprocess.Popen(PROJECT, stdout=subprocess.DEVNULL)
        # A few die while they start; the others at or soon after their first transaction, with a backlog.
        deadline = time.monotonic() + (dice.random() if dice.random() < 0.1 else PATIENCE_S)
        early = deadline < time.monotonic() + 1
        while get_cursor() == before and not (early and time.monotonic() > deadline):
            assert projector.poll() is None, f"the projector ended by itself: {projector.returncode}"
            assert time.monotonic() < deadline, "the projector does not move"
            time.sleep(0.002)
        time.sleep(dice.choice([0.0, 0.02, 0.1, KILL_AFTER_SECONDS_MAX]) * dice.random())
        busy += get_cursor() < feeder.told_seq
        projector.send_signal(signal.SIGKILL)
        projector.wait()
        if number % 10 == 0:
            print(f"  {number} kills, rows at {get_cursor()} of {feeder.told_seq}", flush=True)
    return busy


def differences(feeder: Feeder) -> list[str]:
    """What is not as it should be, now that the journal has ended."""
    from apps.projection.reconciliation import reconcile
    from apps.projection.selectors import get_cursor
    from tests.support.engine_rows import table_images
    from tests.support.projection import assert_rows_equal

    subprocess.run([*PROJECT, "--once"], check=True)
    found = list(reconcile().findings)
    if get_cursor() != feeder.told_seq:
        found.append(f"rows at {get_cursor()}, journal at {feeder.told_seq}")
    try:
        assert_rows_equal(feeder.story)
    except AssertionError as error:
        found.append(f"rows are not the engine's state: {str(error)[:500]}")
    killed = table_images()
    subprocess.run([*PROJECT, "--rebuild"], check=True)
    rebuilt = table_images()
    found += [f"table {name} differs from a rebuild" for name in killed if killed[name] != rebuilt[name]]
    print({name: len(rows) for name, rows in rebuilt.items()})
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.projector")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--store", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chaos-") as name, stores(options.store, Path(name)) as (rows, journal):
        os.environ |= {"DATABASE_URL": rows, "JOURNAL_URL": journal, "EXCHANGE_DATA": name}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "exchange.settings.test", "MATCHER_URL": f"unix://{name}/none.sock"}
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        feeder = Feeder(journal, options.seed)
        feeder.start()
        started = time.monotonic()
        try:
            busy = kill_again_and_again(feeder, options.kills, options.seed)
        finally:
            feeder.finish()
        found = differences(feeder)
        connections.close_all()
        seconds = time.monotonic() - started
        print(
            f"{options.store}: {options.kills} kills ({busy} with work left), {feeder.told_seq} commands, {seconds:.0f} s"
        )
        for difference in found:
            print(f"DIFFERENT: {difference}")
        print("rows = fresh rebuild = engine" if not found else "FAILED")
        return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
