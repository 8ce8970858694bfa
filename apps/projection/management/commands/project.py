"""`manage.py project`: keeps the rows level with the matcher's journal."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.common.readiness import mark_ready, mark_starting
from apps.projection.errors import JournalError
from apps.projection.follower import Follower, clear_rows
from apps.projection.journal import open_journal
from apps.projection.locations import journal_url, matcher_url
from apps.projection.services import follow
from apps.projection.wakeup import HeadListener

NAME = "projector"


class Command(BaseCommand):
    help = "Write the journal's events into rows, and go on doing so until SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="catch up and end")
        parser.add_argument("--rebuild", action="store_true", help="drop all projected rows, make them again, and end")

    def handle(self, *args: Any, once: bool, rebuild: bool, **options: Any) -> None:
        try:
            if once or rebuild:
                self._catch_up(rebuild=rebuild)
            else:
                self._follow()
        except JournalError as error:
            raise CommandError(f"{type(error).__name__}: {error}", returncode=3) from error

    def _catch_up(self, *, rebuild: bool) -> None:
        journal = open_journal(journal_url())
        try:
            if rebuild:
                clear_rows()
            follower = Follower(journal)
            follower.attach()
            events = follower.catch_up()
        finally:
            journal.close()
        self.stdout.write(f"{events} events, rows at command {follower.seq}")

    def _follow(self) -> None:
        mark_starting(NAME)
        stop, wake, level = threading.Event(), threading.Event(), threading.Event()

        def on_signal(*_: object) -> None:
            stop.set()
            wake.set()

        def on_level() -> None:
            if not level.is_set():
                level.set()
                mark_ready(NAME)
                self.stdout.write("projector: level with the journal")

        signal.signal(signal.SIGTERM, on_signal)
        signal.signal(signal.SIGINT, on_signal)
        listener = HeadListener(matcher_url(), wake)
        listener.start()
        journal = open_journal(journal_url())
        try:
            follow(journal=journal, listener=listener, stop=stop, on_level=on_level)
        finally:
            listener.stop()
            journal.close()
