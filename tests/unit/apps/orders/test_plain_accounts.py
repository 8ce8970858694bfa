"""Whose plain cancels need no look at the order before them, as one gateway hears it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from apps.orders import plain_accounts
from apps.orders.plain_accounts import PlainAccounts
from apps.orders.results import OrderResult, fold
from matcher.protocol.enums import OrderStatus, OrderType
from matcher.protocol.events import OrderAccepted

ACCOUNT = 7


def accepted(order_type: int) -> OrderAccepted:
    return OrderAccepted(
        kind=OrderAccepted.KIND,
        account=ACCOUNT,
        instrument=1,
        order_id=5,
        order_type=order_type,
        status=OrderStatus.NEW,
    )


class Gateway:
    """The engine's open orders of the account, and what was asked of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open: list[OrderResult] = []
        self.asked: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.accounts = PlainAccounts()
        monkeypatch.setattr(plain_accounts, "list_open_orders", self._list)
        monkeypatch.setattr(plain_accounts, "find_open_order", self._find)
        self.accounts.follow(self)  # type: ignore[arg-type]

    def on_batch(self, callback: Callable[[int, int, bytes, bytes], None]) -> None:
        self._batch = callback

    def on_gap(self, callback: Callable[[int], None]) -> None:
        self.gap = callback

    def hear(self, order_type: int) -> None:
        self._batch(1, 1, accepted(order_type).pack(), b"")

    async def _list(self, *_: Any) -> list[OrderResult]:
        self.asked.append("all")
        found = list(self.open)
        self.meanwhile()
        return found

    async def _find(self, *_: Any, **__: Any) -> OrderResult | None:
        self.asked.append("one")
        return self.open[0] if self.open else None

    def waits(self) -> bool:
        return asyncio.run(self.accounts.waits(ACCOUNT, 1, order_id=5, client_order_id=""))


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    return Gateway(monkeypatch)


def test_a_plain_account_is_asked_about_once(gateway: Gateway) -> None:
    for _ in range(3):
        assert not gateway.waits()
        gateway.hear(OrderType.LIMIT)
    assert gateway.asked == ["all"]
    gateway.gap(9)
    assert not gateway.waits()
    assert gateway.asked == ["all", "all"]


def test_an_order_that_waits_ends_that(gateway: Gateway) -> None:
    assert not gateway.waits()
    gateway.hear(OrderType.STOP_MARKET)
    gateway.open = [fold([accepted(OrderType.STOP_MARKET)])]
    assert [gateway.waits(), gateway.waits()] == [True, True]
    gateway.open = []
    assert not gateway.waits()
    assert gateway.asked == ["all", "one", "one", "one"]


def test_an_order_that_waited_before_is_found(gateway: Gateway) -> None:
    gateway.open = [fold([accepted(OrderType.TRAILING_STOP_MARKET)])]
    assert [gateway.waits(), gateway.waits()] == [True, True]
    assert gateway.asked == ["all", "one", "one"]


@pytest.mark.parametrize("what", ["order", "gap"])
def test_what_is_heard_while_asking_counts(gateway: Gateway, what: str) -> None:
    gateway.meanwhile = (lambda: gateway.hear(OrderType.STOP)) if what == "order" else (lambda: gateway.gap(9))
    assert not gateway.waits()
    assert not gateway.waits()
    assert gateway.asked == (["all", "one", "one"] if what == "order" else ["all", "all"])
