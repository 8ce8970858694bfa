"""How often each order was amended, and the end of it: -5026 after `AMENDMENTS_MAX`.

A gateway hears every amendment of the engine, whoever asked for it, and counts. What was before it began to
hear, the rows say, up to the very sequence where hearing began: once for an order, never for one placed since.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from django.db import DatabaseError

from apps.bridge.client import AsyncMatcherClient
from apps.bridge.errors import MatcherUnavailable
from apps.common.lane import LaneError
from apps.common.rows import ask_first
from apps.orders.selectors import count_amendments
from matcher.protocol.codec import EVENT_BYTES, EVENT_KIND_AT
from matcher.protocol.events import OrderAccepted, OrderAmended

AMENDMENTS_MAX = 10_000
REMEMBERED_MAX = 200_000
ROWS_WAIT_S = 2.0

Settle = Callable[[int, float], Awaitable[bool]]  # (seq, seconds): whether the rows reached it
_Order = tuple[int, int]  # account and order


class AmendmentMeter:
    """One process's counts. Hearing begins anew after a gap and when too much is remembered."""

    def __init__(self) -> None:
        self._client: AsyncMatcherClient | None = None
        self._settle: Settle | None = None
        self._under_way: dict[_Order, int] = {}
        self.forget()

    def forget(self) -> None:
        """Begin to hear anew, with the next batch."""
        self._heard: dict[_Order, int] = {}
        self._before: dict[_Order, int] = {}
        self._since_seq: int | None = None
        self._first_order_id = 0  # of those placed since; 0 while there is none

    def follow(self, client: AsyncMatcherClient, settle: Settle) -> None:
        """Hear a mode 1 client; `settle` waits for rows."""
        self._client, self._settle = client, settle
        self.forget()
        client.on_batch(self._take)
        client.on_gap(lambda _: self.forget())

    def _take(self, first_seq: int, _: int, events: bytes, __: bytes) -> None:
        if self._since_seq is None:
            self._since_seq = first_seq - 1
        kinds = events[EVENT_KIND_AT::EVENT_BYTES]
        if not self._first_order_id and (at := kinds.find(OrderAccepted.KIND)) >= 0:
            self._first_order_id = OrderAccepted.unpack(events, at * EVENT_BYTES).order_id
        at = kinds.find(OrderAmended.KIND)
        while at >= 0:
            amended = OrderAmended.unpack(events, at * EVENT_BYTES)
            if not amended.reason:  # a cut by rule is none
                order = amended.account, amended.order_id
                self._heard[order] = self._heard.get(order, 0) + 1
            at = kinds.find(OrderAmended.KIND, at + 1)
        if len(self._heard) + len(self._before) > REMEMBERED_MAX:
            self.forget()

    async def count(self, account_id: int, order_id: int) -> int:
        """Amendments of the order until now. Raises MatcherUnavailable while the rows do not tell."""
        order = account_id, order_id
        if order not in self._before and not 0 < self._first_order_id <= order_id:
            await self._ask_rows(order)
        return self._before.get(order, 0) + self._heard.get(order, 0)

    async def _ask_rows(self, order: _Order) -> None:
        while order not in self._before:
            if self._client is None or self._settle is None:
                raise MatcherUnavailable("amendments are not counted here")
            if self._since_seq is None:
                self._since_seq = self._client.last_seq
            since_seq = self._since_seq
            try:
                if not await self._settle(since_seq, ROWS_WAIT_S):
                    raise MatcherUnavailable("the rows are behind")
                before = await ask_first(count_amendments, *order, since_seq, AMENDMENTS_MAX)
            except DatabaseError as error:
                raise MatcherUnavailable("the rows do not answer") from error
            if since_seq == self._since_seq:  # else hearing began anew meanwhile
                self._before[order] = before

    @asynccontextmanager
    async def one_more(self, account_id: int, order_id: int) -> AsyncIterator[None]:
        """Around the amendment. Raises LaneError -5026 when there were enough, with those under way; MatcherUnavailable."""
        order = account_id, order_id
        made = await self.count(account_id, order_id)
        under_way = self._under_way.get(order, 0)
        if made + under_way >= AMENDMENTS_MAX:
            raise LaneError(-5026, "Exceed maximum modify order limit.", name="TOO_MANY_AMENDMENTS")
        self._under_way[order] = under_way + 1
        try:
            yield
        finally:
            self._under_way[order] -= 1
            if not self._under_way[order]:
                del self._under_way[order]


_meter = AmendmentMeter()


def get_meter() -> AmendmentMeter:
    """The one of this process."""
    return _meter
