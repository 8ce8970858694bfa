"""What a caller may ask for: request weight by address, by user and by key, order counts by account.

Windows are fixed by the clock and shared by all gateways (windows.py). Who goes on regardless after many
refusals is banned, on every gateway.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable

import msgspec

from apps.common.lane import Caller, LaneError
from apps.gateway.shared_store import SharedStore, StoreDownError
from apps.gateway.windows import Lender, OneGateway, SharedLender, Window, Windows
from apps.risk.order_rates import get_rates

MINUTE_MS = 60_000
TEN_SECONDS_MS = 10_000
BAN_MS = 120_000
BAN_MAX_MS = 3 * 24 * 3600 * 1000
STUBBORN_REQUESTS = 200  # refused requests in one minute before a ban
GATEWAY_ALIVE_MS = 5000

Headers = tuple[tuple[bytes, bytes], ...]


class LimitTerms(msgspec.Struct, frozen=True):
    """The numbers, as exchangeInfo shows them; those of user and key are the house's own."""

    weight_1m: int = 2400
    orders_10s: int = 300
    orders_1m: int = 1200
    user_weight_1m: int = 4800
    key_weight_1m: int = 2400

    @classmethod
    def from_environment(cls) -> LimitTerms:
        """`EXCHANGE_LIMITS=weight_1m,orders_10s,orders_1m[,user_weight_1m,key_weight_1m]`, or the numbers above.

        Left out, a user has twice the weight of an address and a key the same.
        """
        text = os.environ.get("EXCHANGE_LIMITS", "")
        if not text:
            return cls()
        numbers = [int(part) for part in text.split(",")]
        if len(numbers) == 3:
            numbers += [2 * numbers[0], numbers[0]]
        return cls(*numbers)


class Limits:
    """The counts of one gateway. Each `spend_*` raises LaneError when the caller is over a limit."""

    def __init__(
        self, terms: LimitTerms, clock_ms: Callable[[], float] | None = None, store: SharedStore | None = None
    ) -> None:
        self.terms, self._store, self._rates = terms, store, get_rates()
        self._now_ms = clock_ms or (lambda: time.time() * 1000)
        self._gateways = int(os.environ.get("EXCHANGE_GATEWAYS", "1"))
        lender: Lender = OneGateway()
        self._lender: SharedLender | None = None
        if store is not None:
            lender = self._lender = SharedLender(store, lambda: self._gateways)

        def windows(kind: str, limit: int, length_ms: int = MINUTE_MS) -> Windows:
            return Windows(kind, limit, length_ms, lender, self._now_ms)

        self._addresses = windows("ip", terms.weight_1m)
        self._users = windows("user", terms.user_weight_1m)
        self._keys = windows("key", terms.key_weight_1m)
        self._short_orders = windows("orders10s", terms.orders_10s, TEN_SECONDS_MS)
        self._long_orders = windows("orders1m", terms.orders_1m)
        self._bans: dict[str, tuple[int, int]] = {}  # address -> (until_ms, length_ms)

    # What is leased already is spent without waiting; what is not, and every refusal, is `spend_`'s.

    def take_weight(self, address: str, weight: int) -> Headers | None:
        """`spend_weight` from the lease, or None and nothing is spent."""
        if self._bans:
            return None
        window = self._addresses.of(address, self._now_ms())
        return _weight_headers(window.spent_by_all) if window.take(weight) else None

    def take_order(self, caller: Caller, weight: int, short_orders: int, long_orders: int) -> Headers | None:
        """`spend_caller` and `spend_orders` of one key from its leases, or None and nothing is spent."""
        now, account = self._now_ms(), caller.account_id
        key, user = self._keys.of(caller.key, now), self._users.of(caller.user_id, now)
        short, long = self._short_orders.of(account, now), self._long_orders.of(account, now)
        if not (key.holds(weight) and user.holds(weight) and short.holds(short_orders) and long.holds(long_orders)):
            return None
        for window, tokens in ((key, weight), (user, weight), (short, short_orders), (long, long_orders)):
            window.used += tokens
            window.idle = False
        return _order_headers(short, long)

    async def spend_weight(self, address: str, weight: int) -> Headers:
        """Count a request of an address; the headers tell the count."""
        if self._bans:
            self._refuse_banned(address)
        window = self._addresses.of(address, self._now_ms())
        if not await self._addresses.spend(window, weight):
            window.refused += 1
            if window.refused >= STUBBORN_REQUESTS:
                await self._ban(address)
            raise self._too_much(window, self.terms.weight_1m)
        return _weight_headers(window.spent_by_all)

    async def spend_caller(self, caller: Caller, weight: int) -> None:
        """Count it for the person and, where it came with one, for the API key."""
        now = self._now_ms()
        if caller.key:
            window = self._keys.of(caller.key, now)
            if not await self._keys.spend(window, weight):
                raise self._too_much(window, self.terms.key_weight_1m)
        window = self._users.of(caller.user_id, now)
        if not await self._users.spend(window, weight):
            raise self._too_much(window, self.terms.user_weight_1m)

    async def spend_orders(self, account_id: int, short_orders: int, long_orders: int) -> Headers:
        """`short_orders` count in the ten seconds, `long_orders` in the minute; the headers tell both."""
        now = self._now_ms()
        short, long = self._short_orders.of(account_id, now), self._long_orders.of(account_id, now)
        short_most, long_most = self._rates.of(account_id, self.terms.orders_10s, self.terms.orders_1m)
        if not await self._short_orders.spend(short, short_orders, short_most):
            raise _too_many_orders(short_most, "10 SECOND", short, long)
        if not await self._long_orders.spend(long, long_orders, long_most):
            short.used -= short_orders
            raise _too_many_orders(long_most, "1 MINUTE", short, long)
        return _order_headers(short, long)

    def weight_of(self, address: str) -> int:
        """Weight used in this minute, as far as this gateway knows."""
        return self._addresses.of(address, self._now_ms()).spent_by_all

    def _too_much(self, window: Window, limit: int) -> LaneError:
        wait_s = (MINUTE_MS - int(self._now_ms()) % MINUTE_MS + 999) // 1000
        used = _weight_headers(min(window.spent_by_all, limit))
        return LaneError(
            -1003,
            f"Too many requests; current limit is {limit} requests per minute.",
            429,
            name="TOO_MANY_REQUESTS",
            headers=((b"retry-after", b"%d" % wait_s), *used),
        )

    # bans

    async def _ban(self, address: str) -> None:
        """Longer each time. The others hear of it on channel `identity`; those that start later do not."""
        _, before = self._bans.get(address, (0, BAN_MS // 2))
        length = min(before * 2, BAN_MAX_MS)
        until = int(self._now_ms()) + length
        self._bans[address] = (until, length)
        if self._store is not None:
            notice = msgspec.json.encode({"kind": "ban", "id": f"{until} {length} {address}"})
            redis = self._store.redis
            with contextlib.suppress(StoreDownError):
                await self._store.ask(lambda: redis.publish("identity", notice))
        self._refuse_banned(address)

    def hear(self, kind: str, name: str, _: int = 0) -> None:
        """A notice of channel `identity`: another gateway banned an address."""
        if kind != "ban":
            return
        until, length, address = name.split(" ", 2)
        if int(until) > self._bans.get(address, (0, 0))[0]:
            self._bans[address] = (int(until), int(length))

    def _refuse_banned(self, address: str) -> None:
        until, _ = self._bans.get(address, (0, 0))
        now = int(self._now_ms())
        if until > now:
            raise LaneError(
                -1003,
                f"Too many requests; IP banned until {until}.",
                418,
                name="ADDRESS_BANNED",
                headers=((b"retry-after", b"%d" % ((until - now + 999) // 1000)),),
            )

    # upkeep

    async def tend(self, gateway: str) -> None:
        """Once in half a second: give back what lies idle, count the gateways, forget old bans. Never raises."""
        now = int(self._now_ms())
        self._bans = {a: ban for a, ban in self._bans.items() if ban[0] > now - BAN_MAX_MS}
        if self._lender is None or self._store is None:
            return
        try:
            self._gateways = await self._count_gateways(gateway, now)
            unspent = [
                one
                for windows in (self._addresses, self._users, self._keys, self._short_orders, self._long_orders)
                for one in windows.unspent()
            ]
            if unspent:
                await self._lender.give_back(unspent)
        except StoreDownError:
            pass

    async def _count_gateways(self, gateway: str, now: int) -> int:
        assert self._store is not None
        redis = self._store.redis

        async def count() -> int:
            async with redis.pipeline(transaction=False) as line:
                line.zadd("gateways", {gateway: now})
                line.zremrangebyscore("gateways", 0, now - GATEWAY_ALIVE_MS)
                line.zcard("gateways")
                return int((await line.execute())[2])

        return max(1, await self._store.ask(count))


def _weight_headers(used: int) -> Headers:
    return ((b"x-mbx-used-weight-1m", b"%d" % used),)


def _order_headers(short: Window, long: Window) -> Headers:
    return (
        (b"x-mbx-order-count-10s", b"%d" % short.spent_by_all),
        (b"x-mbx-order-count-1m", b"%d" % long.spent_by_all),
    )


def _too_many_orders(limit: int, span: str, short: Window, long: Window) -> LaneError:
    text = f"Too many new orders; current limit is {limit} orders per {span}."
    return LaneError(-1015, text, 429, name="TOO_MANY_ORDERS", headers=_order_headers(short, long))
