"""Request weights per address and order counts per account, in fixed windows of the clock.

`Limits` is what the lane needs; `LocalLimits` counts in this process. A count shared by several
gateways has the same three methods.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Protocol

import msgspec

from apps.common.lane import LaneError

MINUTE_MS = 60_000
TEN_SECONDS_MS = 10_000
BAN_MS = 120_000
BAN_MAX_MS = 3 * 24 * 3600 * 1000
STUBBORN_REQUESTS = 200  # refused requests in one minute before a ban

Headers = tuple[tuple[bytes, bytes], ...]


class LimitTerms(msgspec.Struct, frozen=True):
    """The numbers, as exchangeInfo shows them."""

    weight_1m: int = 2400
    orders_10s: int = 300
    orders_1m: int = 1200

    @classmethod
    def from_environment(cls) -> LimitTerms:
        """`EXCHANGE_LIMITS=weight_1m,orders_10s,orders_1m`, or the numbers above."""
        text = os.environ.get("EXCHANGE_LIMITS", "")
        return cls(*(int(part) for part in text.split(","))) if text else cls()


class Limits(Protocol):
    """How the lane asks. Each raises LaneError when the caller is over the limit."""

    terms: LimitTerms

    def spend_weight(self, address: str, weight: int) -> Headers:
        """Count a request; the headers tell the count."""

    def spend_orders(self, account_id: int, short_orders: int, long_orders: int) -> Headers:
        """Count new orders; the headers tell both counts."""


class _Window:
    __slots__ = ("refused", "start", "used")

    def __init__(self, start: int) -> None:
        self.start, self.used, self.refused = start, 0, 0


class LocalLimits:
    """Counts of this process."""

    def __init__(self, terms: LimitTerms, clock_ms: Callable[[], float] | None = None) -> None:
        self.terms = terms
        self._now_ms = clock_ms or (lambda: time.time() * 1000)
        self._addresses: dict[str, _Window] = {}
        self._accounts: dict[int, tuple[_Window, _Window]] = {}
        self._bans: dict[str, tuple[int, int]] = {}  # address -> (until_ms, length_ms)
        self._swept_minute = 0

    def spend_weight(self, address: str, weight: int) -> Headers:
        now = int(self._now_ms())
        minute = now // MINUTE_MS
        if self._bans:
            self._refuse_banned(address, now)
        window = self._addresses.get(address)
        if window is None or window.start != minute:
            self._sweep(minute)
            window = self._addresses[address] = _Window(minute)
        if window.used + weight > self.terms.weight_1m:
            self._refuse_weight(address, window, now)
        window.used += weight
        return ((b"x-mbx-used-weight-1m", b"%d" % window.used),)

    def weight_of(self, address: str) -> int:
        """Weight used in this minute."""
        window = self._addresses.get(address)
        return window.used if window is not None and window.start == int(self._now_ms()) // MINUTE_MS else 0

    def _refuse_weight(self, address: str, window: _Window, now: int) -> None:
        window.refused += 1
        if window.refused >= STUBBORN_REQUESTS:
            _, before = self._bans.get(address, (0, BAN_MS // 2))
            length = min(before * 2, BAN_MAX_MS)
            self._bans[address] = (now + length, length)
            self._refuse_banned(address, now)
        wait_s = (MINUTE_MS - now % MINUTE_MS + 999) // 1000
        used = (b"x-mbx-used-weight-1m", b"%d" % window.used)
        raise LaneError(
            -1003,
            f"Too many requests; current limit is {self.terms.weight_1m} requests per minute.",
            429,
            name="TOO_MANY_REQUESTS",
            headers=((b"retry-after", b"%d" % wait_s), used),
        )

    def _refuse_banned(self, address: str, now: int) -> None:
        until, _ = self._bans.get(address, (0, 0))
        if until > now:
            raise LaneError(
                -1003,
                f"Too many requests; IP banned until {until}.",
                418,
                name="ADDRESS_BANNED",
                headers=((b"retry-after", b"%d" % ((until - now + 999) // 1000)),),
            )

    def _sweep(self, minute: int) -> None:
        if minute != self._swept_minute:
            self._swept_minute = minute
            self._addresses = {a: w for a, w in self._addresses.items() if w.start == minute}
            oldest = minute * MINUTE_MS - BAN_MAX_MS
            self._bans = {a: b for a, b in self._bans.items() if b[0] > oldest}

    def spend_orders(self, account_id: int, short_orders: int, long_orders: int) -> Headers:
        """`short_orders` count in the ten seconds, `long_orders` in the minute."""
        now = int(self._now_ms())
        short, long = self._accounts.get(account_id) or self._accounts.setdefault(account_id, (_Window(0), _Window(0)))
        for window, length in ((short, TEN_SECONDS_MS), (long, MINUTE_MS)):
            if window.start != now // length:
                window.start, window.used = now // length, 0
        if short.used + short_orders > self.terms.orders_10s:
            raise _too_many_orders(self.terms.orders_10s, "10 SECOND", short, long)
        if long.used + long_orders > self.terms.orders_1m:
            raise _too_many_orders(self.terms.orders_1m, "1 MINUTE", short, long)
        short.used += short_orders
        long.used += long_orders
        return _order_headers(short, long)


def _order_headers(short: _Window, long: _Window) -> Headers:
    return (b"x-mbx-order-count-10s", b"%d" % short.used), (b"x-mbx-order-count-1m", b"%d" % long.used)


def _too_many_orders(limit: int, span: str, short: _Window, long: _Window) -> LaneError:
    text = f"Too many new orders; current limit is {limit} orders per {span}."
    return LaneError(-1015, text, 429, name="TOO_MANY_ORDERS", headers=_order_headers(short, long))
