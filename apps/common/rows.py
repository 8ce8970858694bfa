"""Rows asked from the event loop: blocking selectors run in small pools of their own, no statement longer than 2 s.

A flood of history reads waits here and never in front of an order; when too many wait, or the gateway is under
pressure, the next are refused (503 -1008). What must not wait behind anybody's history asks first.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.db.backends.signals import connection_created

from apps.common.lane import LaneError

P = ParamSpec("P")
R = TypeVar("R")

STATEMENT_S = 2.0
WAITING_MAX = 64
_SQLITE_STEPS = 20_000  # virtual machine steps between two looks at the clock
_POOL_NAME = "rows"
_pool = ThreadPoolExecutor(max_workers=int(os.environ.get("EXCHANGE_ROW_THREADS", "4")), thread_name_prefix=_POOL_NAME)
_first_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix=f"{_POOL_NAME}-first")
_waiting = 0
_shedding = False
_deadline = threading.local()


class StatementTooLongError(Exception):
    """A statement was stopped at `STATEMENT_S`."""


def set_shedding(on: bool) -> None:
    """While on, `ask` refuses everybody."""
    global _shedding
    _shedding = on


def busy() -> LaneError:
    """Not read: safe to repeat in a moment."""
    text = "Request throttled by system-level protection. Please try again."
    return LaneError(-1008, text, 503, name="UNAVAILABLE", headers=((b"retry-after", b"1"),))


async def ask_first(selector: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Like `ask` for what must not wait behind anybody's history: who is asking, and is everything there.

    Refuses nobody, and no statement is too long.
    """
    return await asyncio.get_running_loop().run_in_executor(
        _first_pool, lambda: _run(lambda: selector(*args, **kwargs), float("inf"))
    )


async def ask(selector: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The selector's answer. A connection found dead is opened again once; then its error is raised.

    Raises LaneError (503 -1008) when too many wait, and for a statement that took too long.
    """
    global _waiting
    if _shedding or _waiting >= WAITING_MAX:
        raise busy()
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_pool, lambda: _run(lambda: selector(*args, **kwargs)))
    except StatementTooLongError:
        raise busy() from None
    finally:
        _waiting -= 1


def _run(question: Callable[[], R], patience_s: float = STATEMENT_S) -> R:
    close_old_connections()
    _deadline.at = time.monotonic() + patience_s
    try:
        return question()
    except (OperationalError, InterfaceError) as error:
        if _was_too_long(error):
            raise StatementTooLongError("a statement took too long") from error
        connections.close_all()
        return question()
    finally:
        _deadline.at = float("inf")


def _was_too_long(error: Exception) -> bool:
    cause = error.__cause__
    return (
        getattr(cause, "sqlstate", "") == "57014" or "interrupted" in str(error) or "max_statement_time" in str(error)
    )


def limit_statements(**_: Any) -> None:
    """Every connection this process opens from now on stops a statement at `STATEMENT_S`. For gateways only."""
    connection_created.connect(_limit, dispatch_uid="rows.statement_limit")


def _limit(connection: Any, **_: Any) -> None:
    if threading.current_thread().name.startswith(f"{_POOL_NAME}-first"):
        return  # whole histories are loaded there when a gateway starts
    milliseconds = int(STATEMENT_S * 1000)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {milliseconds}")
    elif connection.vendor == "mysql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET SESSION max_statement_time = {STATEMENT_S}")
    elif connection.vendor == "sqlite":
        connection.connection.set_progress_handler(_is_late, _SQLITE_STEPS)


def _is_late() -> bool:
    return time.monotonic() > getattr(_deadline, "at", float("inf"))
