"""Rows asked from the event loop: blocking selectors run in a small pool of their own.

A flood of history reads waits here and never in front of an order.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connections

P = ParamSpec("P")
R = TypeVar("R")

_pool = ThreadPoolExecutor(max_workers=int(os.environ.get("EXCHANGE_ROW_THREADS", "4")), thread_name_prefix="rows")


async def ask(selector: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The selector's answer. A connection found dead is opened again once; then its error is raised."""
    return await asyncio.get_running_loop().run_in_executor(_pool, lambda: _run(lambda: selector(*args, **kwargs)))


def _run(question: Callable[[], R]) -> R:
    close_old_connections()
    try:
        return question()
    except (OperationalError, InterfaceError):
        connections.close_all()
        return question()
