"""Signs of life of the processes that serve nobody: the gateway answers /health itself."""

from __future__ import annotations

import time

from django.core.cache import cache

from apps.monitoring.tasks import HEARTBEAT_KEY


def heartbeat_age_ms() -> int | None:
    """Since beat and worker last showed a sign of life; None when they never did."""
    at_ms = cache.get(HEARTBEAT_KEY)
    return None if at_ms is None else time.time_ns() // 1_000_000 - int(at_ms)
