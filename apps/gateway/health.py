"""/health/live: the process answers. /health/ready: it can do its work, with the reasons where it cannot."""

from __future__ import annotations

import asyncio

from django.db import DatabaseError, connection

from apps.bridge.services import get_async_client
from apps.common.lane import LaneRequest, LaneResponse, Route, Routes, answer
from apps.common.rows import ask_first
from apps.feeds.hub import get_hub

DATABASE_WAIT_S = 2.0


async def get_live(_: LaneRequest) -> LaneResponse:
    return answer({"status": "live"})


async def get_ready(_: LaneRequest) -> LaneResponse:
    """200 when matcher, feeds and database are there, else 503."""
    checks = {
        "matcher": get_async_client().connected,
        "feeds": get_hub().is_ready,
        "database": await _database_answers(),
    }
    ready = all(checks.values())
    return answer({"status": "ready" if ready else "not_ready", "checks": checks}, 200 if ready else 503)


async def _database_answers() -> bool:
    try:
        await asyncio.wait_for(ask_first(_select_one), DATABASE_WAIT_S)
    except (DatabaseError, TimeoutError):
        return False
    return True


def _select_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


ROUTES: Routes = {
    ("GET", "/health/live"): Route(get_live, 0),
    ("GET", "/health/ready"): Route(get_ready, 0),
}
