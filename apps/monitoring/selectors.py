"""Is this process alive, and can it do its work? The lane serves the answers at /health/live and /health/ready."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from apps.bridge import services as bridge
from apps.common.redis import get_redis
from apps.monitoring.tasks import HEARTBEAT_KEY
from apps.monitoring.types import Check
from matcher.protocol.views import Query, QueryKind

MATCHER_WAIT_S = 1.0


def live_body() -> dict[str, Any]:
    """The process answers, so it lives."""
    return {"status": "live"}


def ready_body() -> tuple[int, dict[str, Any]]:
    """HTTP status (200 or 503) and body. Blocking: call it in a thread."""
    checks = [_check("database", _database), _check("matcher", _matcher)]
    if settings.REDIS_URL:
        checks.append(_check("redis", _redis))
    ok = all(check.ok for check in checks)
    body: dict[str, Any] = {
        "status": "ready" if ok else "unready",
        "checks": {check.name: "ok" if check.ok else check.detail for check in checks},
    }
    return (200 if ok else 503), body


def heartbeat_age_ms() -> int | None:
    """Since beat and worker last showed a sign of life; None when they never did."""
    at_ms = cache.get(HEARTBEAT_KEY)
    return None if at_ms is None else time.time_ns() // 1_000_000 - int(at_ms)


def _check(name: str, ask: Callable[[], object]) -> Check:
    try:
        ask()
    except Exception as error:  # noqa: BLE001 - any failure of a check is its answer
        return Check(name=name, ok=False, detail=type(error).__name__)
    return Check(name=name, ok=True)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _redis() -> None:
    client = get_redis()
    assert client is not None, "asked only where REDIS_URL is set"
    client.ping()


def _matcher() -> None:
    bridge.query(Query(kind=QueryKind.STATS), MATCHER_WAIT_S)
