"""The projector's life: follow until told to stop, and outlive a store that goes away for a while."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable

import psycopg
import structlog
from django.db import DatabaseError, InterfaceError, connections

from apps.projection.errors import CursorMovedError
from apps.projection.follower import Follower
from apps.projection.journal import Journal
from apps.projection.wakeup import HeadListener

log = structlog.get_logger(__name__)

# A store out of reach, in all the ways the libraries say it.
STORE_LOST = (DatabaseError, InterfaceError, psycopg.Error, sqlite3.OperationalError, OSError)
BACKOFF_SECONDS = 0.1
BACKOFF_SECONDS_MAX = 5.0


def follow(*, journal: Journal, listener: HeadListener, stop: threading.Event, on_level: Callable[[], None]) -> None:
    """Follow `journal` until `stop` is set; `on_level` is called each time the rows have caught up.

    Raises JournalError when the journal does not fit the rows: that is never repaired by waiting.
    """
    backoff = BACKOFF_SECONDS
    while not stop.is_set():
        follower = Follower(journal)
        try:
            follower.attach()
            while not stop.is_set():
                if not follower.step():
                    on_level()
                    listener.wait()
                backoff = BACKOFF_SECONDS
        except CursorMovedError as error:
            log.warning("projector.another_writer", error=str(error))
            stop.wait(BACKOFF_SECONDS)
        except STORE_LOST as error:
            log.warning("projector.store_lost", error=str(error), retry_in_s=backoff)
            journal.close()
            connections["default"].close()
            stop.wait(backoff)
            backoff = min(backoff * 2, BACKOFF_SECONDS_MAX)
