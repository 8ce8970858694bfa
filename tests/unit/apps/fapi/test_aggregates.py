"""aggTrades: whole aggregates, and as many as were asked for, however short this process's tape is."""

from __future__ import annotations

from typing import Any

import pytest

from apps.fapi import aggregates
from apps.feeds.types import TradeTick
from apps.instruments.types import InstrumentSpec
from apps.orders.types import TradeRow

# Five takers, three trades each: numbers 1-15, commands 100-500.
TRADES = [TradeTick(n, 50_000, 1, 10**9 * (1 + (n - 1) // 3), False, 100 * (1 + (n - 1) // 3)) for n in range(1, 16)]


class Hub:
    """A tape of the newest trades; `whole` says that nothing before them is on its way."""

    def __init__(self, kept: int, *, whole: bool) -> None:
        self.tape, self.whole = TRADES[len(TRADES) - kept :], whole

    def trades(self, instrument_id: int, limit: int) -> list[TradeTick]:
        return self.tape[-limit:]

    def is_whole(self, instrument_id: int) -> bool:
        return self.whole


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    async def ask(selector: Any, *args: Any, **bounds: Any) -> Any:
        asked.append(selector.__name__)
        if selector.__name__ == "get_trade_seqs":
            return {tick.trade_id: tick.seq for tick in TRADES if tick.trade_id in args[0]}
        to_id = bounds["to_id"]
        found = [tick for tick in TRADES if to_id is None or tick.trade_id <= to_id]
        return [
            TradeRow(
                trade_id=tick.trade_id, instrument_id=1, price_ticks=tick.price_ticks, quantity_lots=1, quote_units=1,
                taker_side=0, time_ns=tick.time_ns,
            )
            for tick in found[-bounds["limit"] :]
        ]  # fmt: skip

    monkeypatch.setattr(aggregates, "ask", ask)
    monkeypatch.setattr(aggregates, "TAPE_TRADES", 5)
    return asked


async def newest(monkeypatch: pytest.MonkeyPatch, spec: InstrumentSpec, hub: Hub, limit: int) -> list[tuple[int, int]]:
    monkeypatch.setattr(aggregates, "get_hub", lambda: hub)
    found = await aggregates._newest(spec, None, limit)
    return [(tick.first_trade_id, tick.last_trade_id) for tick in found]


async def test_a_tape_that_is_long_enough_asks_nobody(
    monkeypatch: pytest.MonkeyPatch, spec: InstrumentSpec, questions: list[str]
) -> None:
    """Twice one trade lie within the newest aggregate: it is told all the same, and whole."""
    assert await newest(monkeypatch, spec, Hub(15, whole=True), 1) == [(13, 15)]
    assert questions == []


async def test_as_many_as_were_asked_for_are_told_whatever_an_aggregate_is_made_of(
    monkeypatch: pytest.MonkeyPatch, spec: InstrumentSpec, questions: list[str]
) -> None:
    assert await newest(monkeypatch, spec, Hub(15, whole=True), 2) == [(10, 12), (13, 15)]
    assert len(await newest(monkeypatch, spec, Hub(15, whole=True), 5)) == 5
    assert len(await newest(monkeypatch, spec, Hub(15, whole=True), 1000)) == 5


async def test_the_rows_have_what_came_before_the_tape(
    monkeypatch: pytest.MonkeyPatch, spec: InstrumentSpec, questions: list[str]
) -> None:
    """The tape begins within the aggregate of trades 10 to 12."""
    assert await newest(monkeypatch, spec, Hub(5, whole=True), 3) == [(7, 9), (10, 12), (13, 15)]
    assert questions[:2] == ["get_trades", "get_trade_seqs"]


async def test_a_market_with_few_trades_has_no_others(
    monkeypatch: pytest.MonkeyPatch, spec: InstrumentSpec, questions: list[str]
) -> None:
    assert await newest(monkeypatch, spec, Hub(3, whole=True), 6) == [(13, 15)]
    assert questions == []
    assert len(await newest(monkeypatch, spec, Hub(3, whole=False), 6)) == 5
