"""One Redis client per process; None where no REDIS_URL is set and in-process means have to do."""

from __future__ import annotations

import functools

import redis
from django.conf import settings


def get_redis() -> redis.Redis | None:
    """The shared client, or None without REDIS_URL. It connects on first use."""
    return _client(settings.REDIS_URL) if settings.REDIS_URL else None


@functools.cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=2.0, socket_connect_timeout=2.0)
