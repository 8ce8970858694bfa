"""Counts in fixed windows of the clock, exact over any number of gateways.

A gateway does not ask the shared store for each request: it leases a block of the window's tokens by one atomic
script and spends it from memory; the block shrinks with what is left, and what lies unspent goes back. The sum of
all leases never passes the limit. Without the store a gateway gives out its strict share of the limit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from redis.asyncio import Redis

from apps.gateway.shared_store import SharedStore, StoreDownError

LEASE_PART = 16  # a lease is this part of what is left, or what is needed
ASK_AGAIN_MS = 250  # a dry window is asked again no sooner: another gateway may have given back
_LEASE = """
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local left = tonumber(ARGV[1]) - used
local need = tonumber(ARGV[2])
if left < need then return {0, used} end
local grant = math.max(need, math.floor(left / tonumber(ARGV[3])))
used = redis.call('INCRBY', KEYS[1], grant)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return {grant, used}
"""
_RETURN = "if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('DECRBY', KEYS[1], ARGV[1]) end return 0"


class Lender(Protocol):
    """Where windows get their tokens."""

    async def lease(self, name: str, limit: int, need: int, length_ms: int) -> tuple[int, int]:
        """(granted, leased by all together). Raises StoreDownError."""

    def share(self, limit: int) -> int:
        """What one gateway may give out by itself while the lender does not answer."""


class OneGateway:
    """The lender of a gateway that is alone."""

    async def lease(self, name: str, limit: int, need: int, length_ms: int) -> tuple[int, int]:  # noqa: ARG002 -- the protocol's
        raise StoreDownError

    def share(self, limit: int) -> int:
        return limit


class SharedLender:
    """Leases from the store of all gateways; `gateways` says how many share a limit when it is gone."""

    def __init__(self, store: SharedStore, gateways: Callable[[], int]) -> None:
        self._store, self._gateways = store, gateways
        self._lease = store.redis.register_script(_LEASE)
        self._return = store.redis.register_script(_RETURN)

    async def lease(self, name: str, limit: int, need: int, length_ms: int) -> tuple[int, int]:
        arguments = [limit, need, LEASE_PART, 2 * length_ms]
        granted, used = await self._store.ask(lambda: self._lease(keys=[f"limit:{name}"], args=arguments))
        return int(granted), int(used)

    def share(self, limit: int) -> int:
        return limit // max(1, self._gateways())

    async def give_back(self, unspent: list[tuple[str, int]]) -> None:
        """Tokens of windows by name. Raises StoreDownError."""

        async def send() -> None:
            async with self._store.redis.pipeline(transaction=False) as line:
                for name, tokens in unspent:
                    await self._return(keys=[f"limit:{name}"], args=[tokens], client=_bare(line))
                await line.execute()

        await self._store.ask(send)


def _bare(line: Any) -> Redis:
    return line  # type: ignore[no-any-return]  # a pipeline stands for a client here


class Window:
    """What this gateway leased and spent of one count in one stretch of time."""

    __slots__ = (
        "dry_until_ms",
        "from_ms",
        "granted",
        "idle",
        "leasing",
        "name",
        "refused",
        "total",
        "until_ms",
        "used",
    )

    def __init__(self, name: str, from_ms: int, until_ms: int) -> None:
        self.name, self.from_ms, self.until_ms = name, from_ms, until_ms
        self.used = self.granted = self.total = self.refused = 0
        self.dry_until_ms = 0.0
        self.idle = False
        self.leasing: asyncio.Future[None] | None = None

    @property
    def spent_by_all(self) -> int:
        """As far as this gateway knows; exact while it is alone."""
        others = self.total - self.granted
        return others + self.used if others > 0 else self.used

    def holds(self, tokens: int) -> bool:
        """Whether so many are leased and unspent."""
        return self.used + tokens <= self.granted

    def take(self, tokens: int) -> bool:
        """Spend what is leased already: nothing is waited for."""
        used = self.used + tokens
        if used > self.granted:
            return False
        self.used = used
        self.idle = False
        return True


class Windows:
    """Windows of one kind: the same limit and length for every name."""

    def __init__(self, kind: str, limit: int, length_ms: int, lender: Lender, now_ms: Callable[[], float]) -> None:
        self.limit, self.length_ms = limit, length_ms
        self._kind, self._lender, self._now_ms = kind, lender, now_ms
        self._windows: dict[str | int, Window] = {}
        self._swept_ms = 0

    def of(self, name: str | int, now_ms: float) -> Window:
        """The window of now."""
        window = self._windows.get(name)
        if window is None or not window.from_ms <= now_ms < window.until_ms:
            start = int(now_ms) // self.length_ms
            from_ms = start * self.length_ms
            if from_ms != self._swept_ms:
                self._swept_ms = from_ms
                self._windows = {n: w for n, w in self._windows.items() if w.from_ms == from_ms}
            window = Window(f"{self._kind}:{name}:{start}", from_ms, from_ms + self.length_ms)
            self._windows[name] = window
        return window

    async def spend(self, window: Window, tokens: int, limit: int = 0) -> bool:
        """Take the tokens, or nothing when the limit (the window's own, else that of its kind) does not hold them."""
        while not window.take(tokens):
            if window.leasing is not None:
                await asyncio.shield(window.leasing)
            elif not await self._lease(window, tokens, limit or self.limit):
                return False
        return True

    async def _lease(self, window: Window, tokens: int, limit: int) -> bool:
        """Whether the window may hold the tokens now."""
        need, now = window.used + tokens - window.granted, self._now_ms()
        if window.dry_until_ms > now:
            return False
        window.leasing = asyncio.get_running_loop().create_future()
        try:
            granted, window.total = await self._lender.lease(window.name, limit, need, self.length_ms)
            window.granted += granted
        except StoreDownError:
            window.granted = max(window.granted, self._lender.share(limit))
            window.total = max(window.total, window.granted)
        finally:
            leasing, window.leasing = window.leasing, None
            leasing.set_result(None)
        if window.used + tokens > window.granted:
            window.dry_until_ms = now + ASK_AGAIN_MS
            return False
        return True

    def unspent(self) -> list[tuple[str, int]]:
        """What nobody spent from since the last asking, taken from the windows: (name, tokens) to give back."""
        found = []
        now_ms = self._now_ms()
        for window in self._windows.values():
            spare = window.granted - window.used
            if spare > 0 and window.idle and window.from_ms <= now_ms < window.until_ms and window.leasing is None:
                window.granted -= spare
                window.total -= spare
                found.append((window.name, spare))
            window.idle = True
        return found
