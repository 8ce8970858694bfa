"""How far the rows are, and waiting until they are far enough."""

from __future__ import annotations

import asyncio
import time

from apps.common.rows import ask
from apps.projection.models import Cursor

LOOK_AGAIN_SECONDS = 0.005
LOOK_AGAIN_SECONDS_MAX = 0.05


def get_cursor() -> int:
    """Sequence number of the last command whose effects are in the rows; 0 before the first."""
    return Cursor.objects.filter(id=1).values_list("seq", flat=True).first() or 0


def get_position() -> tuple[int, int]:
    """Sequence number and engine time of that command; (0, 0) before the first."""
    return Cursor.objects.filter(id=1).values_list("seq", "time_ns").first() or (0, 0)


def get_time_ns() -> int:
    """Engine time of that command; 0 before the first."""
    return Cursor.objects.filter(id=1).values_list("time_ns", flat=True).first() or 0


def wait_seq(seq: int, timeout_s: float) -> bool:
    """Whether the rows reached `seq` within `timeout_s` seconds. Blocks."""
    end, pause = time.monotonic() + timeout_s, LOOK_AGAIN_SECONDS
    while get_cursor() < seq:
        if time.monotonic() + pause > end:
            return False
        time.sleep(pause)
        pause = min(pause * 2, LOOK_AGAIN_SECONDS_MAX)
    return True


async def await_seq(seq: int, timeout_s: float) -> bool:
    """Whether the rows reached `seq` within `timeout_s` seconds. Leaves the event loop free."""
    end, pause = time.monotonic() + timeout_s, LOOK_AGAIN_SECONDS
    while await ask(get_cursor) < seq:
        if time.monotonic() + pause > end:
            return False
        await asyncio.sleep(pause)
        pause = min(pause * 2, LOOK_AGAIN_SECONDS_MAX)
    return True
