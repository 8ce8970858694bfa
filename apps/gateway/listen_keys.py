"""Listen keys: which user stream a socket may read. Kept in Redis for 60 minutes, or in this process.

One key an account at a time; asking again returns the same one and extends it.
"""

from __future__ import annotations

import os
import re
import secrets
import time

import msgspec
from redis.asyncio import Redis

LIFETIME_S = 3600
CHANNEL = "identity"
_is_key = re.compile(r"[A-Za-z0-9]{32,128}", re.ASCII).fullmatch


class _LocalStore:
    """The few Redis verbs used here, for a family without Redis."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[str, float]] = {}

    async def get(self, name: str) -> str | None:
        value, until = self._values.get(name, ("", 0.0))
        if until <= time.monotonic():
            self._values.pop(name, None)
            return None
        return value

    async def set(self, name: str, value: str, ex: int, nx: bool = False) -> bool:
        if nx and await self.get(name) is not None:
            return False
        self._values[name] = (value, time.monotonic() + ex)
        return True

    async def expire(self, name: str, seconds: int) -> bool:
        value = await self.get(name)
        if value is not None:
            self._values[name] = (value, time.monotonic() + seconds)
        return value is not None

    async def delete(self, *names: str) -> int:
        return sum(self._values.pop(name, None) is not None for name in names)

    async def publish(self, channel: str, message: bytes) -> int:  # noqa: ARG002 -- Redis has them
        return 0


_store: Redis | _LocalStore | None = None


def _get_store() -> Redis | _LocalStore:
    global _store
    if _store is None:
        url = os.environ.get("REDIS_URL", "")
        _store = Redis.from_url(url, decode_responses=True) if url else _LocalStore()
    return _store


def reset() -> None:
    """Forget the connection: a new event loop begins."""
    global _store
    _store = None


async def shut() -> None:
    """Close the connection."""
    global _store
    store, _store = _store, None
    if isinstance(store, Redis):
        await store.aclose()


async def open_key(account_id: int) -> str:
    """The account's listen key, made if there is none, good for another 60 minutes."""
    store = _get_store()
    fresh = secrets.token_hex(32)
    if await store.set(f"listen_key:of:{account_id}", fresh, ex=LIFETIME_S, nx=True):
        await store.set(f"listen_key:{fresh}", str(account_id), ex=LIFETIME_S)
        return fresh
    current = await store.get(f"listen_key:of:{account_id}")
    if current is None:
        return await open_key(account_id)
    key = str(current)
    await store.expire(f"listen_key:of:{account_id}", LIFETIME_S)
    await store.set(f"listen_key:{key}", str(account_id), ex=LIFETIME_S)
    return key


async def extend(account_id: int) -> str | None:
    """The account's key, good for another 60 minutes; None when there is none."""
    store = _get_store()
    current = await store.get(f"listen_key:of:{account_id}")
    if current is None:
        return None
    key = str(current)
    await store.expire(f"listen_key:of:{account_id}", LIFETIME_S)
    await store.set(f"listen_key:{key}", str(account_id), ex=LIFETIME_S)
    return key


async def close(account_id: int) -> None:
    """End the account's key; sockets that read by it are told through channel `identity`."""
    store = _get_store()
    current = await store.get(f"listen_key:of:{account_id}")
    if current is None:
        return
    key = str(current)
    await store.delete(f"listen_key:of:{account_id}", f"listen_key:{key}")
    notice = {"kind": "listen_key", "id": key, "account_id": account_id}
    await store.publish(CHANNEL, msgspec.json.encode(notice))


async def resolve(listen_key: str) -> int | None:
    """The account a key belongs to, or None."""
    if _is_key(listen_key) is None:
        return None
    value = await _get_store().get(f"listen_key:{listen_key}")
    return int(value) if value is not None else None
