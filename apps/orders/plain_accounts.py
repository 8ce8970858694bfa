"""Accounts none of whose orders waits for a price: a plain cancel of theirs needs no look at the order before it.

A gateway looks at an account's open orders once and hears from then on, with every batch of the engine, whether
one came that waits. The orders of an account that had such a one are looked at one by one; after a gap all begin anew.
"""

from __future__ import annotations

from apps.bridge.client import AsyncMatcherClient
from apps.orders.live_state import find_open_order, list_open_orders
from matcher.protocol.codec import EVENT_BYTES, EVENT_KIND_AT
from matcher.protocol.enums import OrderType
from matcher.protocol.events import OrderAccepted

_TYPE_AT = next(field.offset for field in OrderAccepted.LAYOUT.fields if field.name == "order_type")


class PlainAccounts:
    """What one process knows. Nothing is plain before it follows a client."""

    def __init__(self) -> None:
        self._follows = False
        self._plain: set[int] = set()
        self._others: set[int] = set()

    def follow(self, client: AsyncMatcherClient) -> None:
        """Hear a mode 1 client."""
        self._follows = True
        self.forget()
        client.on_batch(self._take)
        client.on_gap(lambda _: self.forget())

    def forget(self) -> None:
        """Know nothing of anybody."""
        self._plain, self._others = set(), set()

    def _take(self, _: int, __: int, events: bytes, ___: bytes) -> None:
        kinds, types = events[EVENT_KIND_AT::EVENT_BYTES], events[_TYPE_AT::EVENT_BYTES]
        at = kinds.find(OrderAccepted.KIND)
        while at >= 0:
            if types[at] >= OrderType.STOP:
                account_id = OrderAccepted.unpack(events, at * EVENT_BYTES).account
                self._plain.discard(account_id)
                self._others.add(account_id)
            at = kinds.find(OrderAccepted.KIND, at + 1)

    async def waits(self, account_id: int, instrument_id: int, *, order_id: int, client_order_id: str) -> bool:
        """Whether the open order of that name waits for a price; of a plain account's nobody is asked."""
        if account_id in self._plain:
            return False
        if self._follows and account_id not in self._others:
            plain, others = self._plain, self._others
            if any(order.waiting for order in await list_open_orders(account_id)):
                others.add(account_id)
            elif account_id not in others:  # nor was one heard of meanwhile
                plain.add(account_id)  # for nobody, when everything was forgotten meanwhile
                return False
        order = await find_open_order(account_id, instrument_id, order_id=order_id, client_order_id=client_order_id)
        return order is not None and order.waiting


_accounts = PlainAccounts()


def get_plain_accounts() -> PlainAccounts:
    """The one of this process."""
    return _accounts
