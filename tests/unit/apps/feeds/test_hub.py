"""The hub's picture: whole or not served; holes are filled and whoever missed something is sent away."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError

from apps.bridge.errors import OutcomeUnknown
from apps.feeds import hub as hubs
from apps.feeds.book import Head
from apps.feeds.candles import Candle
from apps.feeds.errors import FeedsUnavailableError, UnknownInstrumentError
from apps.feeds.hub import FeedHub
from apps.feeds.market import History, Market
from apps.feeds.types import TradeTick
from matcher.protocol.codec import EVENT_BYTES
from matcher.protocol.commands import DefineInstrument, SetTradingState
from matcher.protocol.enums import Side, TradingState
from matcher.protocol.views import Query, QueryKind
from tests.support.feeds import (
    ALICE,
    BOB,
    INSTRUMENT,
    SPEC,
    START_NS,
    EngineMatcher,
    ListedRows,
    RememberingSocket,
    open_hub,
    tick,
)
from tests.support.market import opening
from tests.support.pace import PATIENCE_S

NOW_MS = START_NS // 1_000_000


async def until(condition: Callable[[], bool], timeout_s: float = PATIENCE_S) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():  # what is awaited is a state, not an event
            await asyncio.sleep(0.005)


def same_book(hub: FeedHub, matcher: EngineMatcher, instrument: int = INSTRUMENT) -> bool:
    header, bids, asks = matcher.answer(Query(kind=QueryKind.DEPTH, instrument=instrument))
    depth = hub.book(instrument).depth(0)
    return (
        depth.last_update_id == header.seq
        and depth.bids == [(v.price_ticks, v.quantity_lots) for v in bids]
        and depth.asks == [(v.price_ticks, v.quantity_lots) for v in asks]
    )


async def test_it_serves_nothing_before_it_is_whole() -> None:
    hub = FeedHub(ListedRows([SPEC]))
    with pytest.raises(FeedsUnavailableError):
        hub.book(INSTRUMENT)
    assert not hub.knows(INSTRUMENT)
    with pytest.raises(FeedsUnavailableError):
        await hub.wait_ready(0.02)


async def test_it_starts_from_what_is_there() -> None:
    matcher = EngineMatcher()
    matcher.limit(ALICE, Side.BUY, 49_990, 5)
    matcher.limit(BOB, Side.SELL, 49_990, 2)
    hub = await open_hub(matcher)
    assert same_book(hub, matcher)
    assert hub.open_interest(INSTRUMENT) == 2
    assert hub.mark(INSTRUMENT).mark_ticks == 50_000
    assert hub.statistics(INSTRUMENT).last_ticks == 49_990
    with pytest.raises(UnknownInstrumentError):
        hub.book(99)
    await hub.stop()


async def test_batches_during_the_load_are_neither_lost_nor_doubled() -> None:
    matcher = EngineMatcher()
    matcher.limit(ALICE, Side.BUY, 49_990, 5)
    answer = matcher.answer

    def busy_answer(query: Query) -> Any:
        matcher.limit(BOB, Side.SELL, 49_990, 1)
        result = answer(query)
        matcher.limit(BOB, Side.SELL, 49_990, 1)
        return result

    matcher.answer = busy_answer
    hub = await open_hub(matcher)
    matcher.answer = answer
    assert same_book(hub, matcher)
    assert hub.open_interest(INSTRUMENT) == 5, "three questions, two sells around each, five lots to meet them"
    assert [trade.trade_id for trade in hub.trades(INSTRUMENT, 9)] == [1, 2, 3, 4, 5][-len(hub.trades(INSTRUMENT, 9)) :]
    await hub.stop()


async def test_what_is_held_during_a_long_load_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine trades on while the rows are away: the load that comes in the end is newer than what was let go."""
    monkeypatch.setattr(hubs, "HELD_BYTES", 10 * EVENT_BYTES)
    matcher, rows = EngineMatcher(), ListedRows([SPEC])
    hub = await open_hub(matcher, rows)
    away = asyncio.Event()
    read = rows.get_instruments

    async def late() -> Any:
        await away.wait()
        return await read()

    monkeypatch.setattr(rows, "get_instruments", late)
    hub.on_gap(hub.head.seq)
    for lots in range(1, 40):
        matcher.limit(ALICE, Side.BUY, 49_000 + lots, lots)
        assert sum(batch.size for batch in hub._held) <= 12 * EVENT_BYTES
    away.set()
    await hub.wait_ready(PATIENCE_S)
    matcher.limit(ALICE, Side.BUY, 49_992, 5)
    assert same_book(hub, matcher)
    await hub.stop()


async def test_a_hole_sends_lossless_readers_away_and_is_filled() -> None:
    matcher = EngineMatcher()
    hub = await open_hub(matcher)
    lossless, other = RememberingSocket(), RememberingSocket()
    hub.subscribe("btcusdt@depth@100ms", lossless, combined=False)
    hub.subscribe("btcusdt@bookTicker", other, combined=False)
    matcher.mute = True
    matcher.limit(ALICE, Side.BUY, 49_990, 5)
    matcher.mute = False
    matcher.limit(ALICE, Side.BUY, 49_991, 5)
    assert lossless.closed == (1012, "updates were missed: connect again")
    assert other.closed is None
    assert not hub.is_ready
    await hub.wait_ready(PATIENCE_S)
    assert same_book(hub, matcher)
    await hub.stop()


@pytest.mark.parametrize("name", ["kline_1m", "markPriceKline_1m", "trade", "aggTrade", "depth"])
async def test_a_hole_sends_readers_away_whose_stream_tells_everything_once(name: str) -> None:
    """A candle that closed in the hole would never be told as final."""
    matcher = EngineMatcher()
    hub = await open_hub(matcher)
    reader = RememberingSocket()
    hub.subscribe(f"btcusdt@{name}", reader, combined=False)
    hub.on_gap(hub.head.seq)
    assert reader.closed is not None
    await hub.stop()


async def test_who_comes_while_a_hole_is_filled_does_not_begin_at_the_old_picture() -> None:
    """Its first difference would claim to hold the hole, and the book it was shown stands before it."""
    matcher, rows = EngineMatcher(), ListedRows([SPEC])
    hub = await open_hub(matcher, rows)
    matcher.mute = True
    matcher.limit(ALICE, Side.BUY, 49_990, 5)
    matcher.mute = False
    matcher.limit(ALICE, Side.BUY, 49_991, 5)
    assert not hub.is_ready
    reader, native = RememberingSocket(), RememberingSocket()
    assert hub.subscribe("btcusdt@depth@0ms", reader, combined=False)
    hub.native.join("book.BTCUSDT", native, None)
    await hub.wait_ready(PATIENCE_S)
    assert reader.closed == (1012, "updates were missed: connect again")
    assert native.closed is not None
    await hub.stop()


async def test_a_hole_the_bridge_reports_is_filled_too() -> None:
    matcher = EngineMatcher()
    hub = await open_hub(matcher)
    matcher.mute = True
    matcher.limit(ALICE, Side.BUY, 49_990, 5)
    matcher.mute = False
    matcher._on_gap[0](hub.head.seq)
    await hub.wait_ready(PATIENCE_S)
    assert same_book(hub, matcher)
    matcher.limit(ALICE, Side.BUY, 49_992, 5)
    assert same_book(hub, matcher)
    await hub.stop()


async def test_trades_of_a_hole_come_from_the_rows() -> None:
    matcher, rows = EngineMatcher(), ListedRows([SPEC])
    hub = await open_hub(matcher, rows)
    matcher.limit(ALICE, Side.SELL, 50_000, 5)
    matcher.limit(BOB, Side.BUY, 50_000, 1)
    matcher.mute = True
    matcher.limit(BOB, Side.BUY, 50_000, 1)
    matcher.mute = False
    rows.history = History([TradeTick(n, 50_000, 1, START_NS, False) for n in (1, 2)], [], {}, 2)
    matcher.limit(BOB, Side.BUY, 50_000, 1)
    await hub.wait_ready(PATIENCE_S)
    matcher.limit(BOB, Side.BUY, 50_000, 1)
    assert [trade.trade_id for trade in hub.trades(INSTRUMENT, 9)][:2] == [1, 2]
    assert hub.trades(INSTRUMENT, 9)[-1].trade_id == 4
    await hub.stop()


def test_a_trade_that_the_rows_had_already_is_not_taken_again() -> None:
    market = Market(SPEC, Head())
    stored = [TradeTick(n, 50_000, 1, START_NS, False) for n in (1, 2)]
    market.load_history(History(stored, [], {}, 2))
    market.add_trade(TradeTick(2, 50_000, 1, START_NS, False), START_NS)
    market.add_trade(TradeTick(3, 50_000, 1, START_NS, False), START_NS)
    assert [trade.trade_id for trade in market.trades] == [1, 2, 3]


async def test_a_batch_that_comes_again_changes_nothing() -> None:
    matcher = EngineMatcher()
    kept = []
    matcher.on_batch(lambda *batch: kept.append(batch))
    hub = await open_hub(matcher)
    matcher.limit(ALICE, Side.SELL, 50_000, 5)
    matcher.limit(BOB, Side.BUY, 50_000, 5)
    hub.apply(*kept[-1])
    assert (hub.open_interest(INSTRUMENT), len(hub.trades(INSTRUMENT, 5))) == (5, 1)
    await hub.stop()


async def test_an_instrument_defined_later_joins_without_a_hole() -> None:
    matcher = EngineMatcher()
    rows = ListedRows([SPEC])
    hub = await open_hub(matcher, rows)
    reader = RememberingSocket()
    hub.subscribe("btcusdt@depth@0ms", reader, combined=False)
    terms = next(c for c in opening(0) if isinstance(c, DefineInstrument))
    rows.specs = [SPEC, replace(SPEC, id=2, symbol="ETHUSDT")]
    matcher.send(terms.replace(instrument=2))
    matcher.limit(ALICE, Side.BUY, 49_990, 5)
    await until(lambda: hub.knows(2))
    matcher.limit(ALICE, Side.BUY, 49_991, 5)
    assert reader.closed is None
    first, second = reader.take()
    assert first["u"] == second["pu"]
    assert same_book(hub, matcher)
    assert hub.has_stream("ethusdt@depth")
    await hub.stop()


@pytest.mark.parametrize("fault", [OutcomeUnknown("late"), OperationalError("gone")])
async def test_a_new_instrument_that_could_not_be_loaded_is_loaded_again(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """Nothing is served meanwhile, of no instrument: it must not stay so."""
    matcher, rows = EngineMatcher(), ListedRows([SPEC])
    hub = await open_hub(matcher, rows)
    ask, failed = matcher.query, []

    async def fails_once(query: Query, timeout_s: float = 5.0) -> Any:
        if query.kind == QueryKind.DEPTH and not failed:
            failed.append(query)
            raise fault
        return await ask(query, timeout_s)

    monkeypatch.setattr(matcher, "query", fails_once)
    terms = next(c for c in opening(0) if isinstance(c, DefineInstrument))
    rows.specs = [SPEC, replace(SPEC, id=2, symbol="ETHUSDT")]
    matcher.send(terms.replace(instrument=2))
    await until(lambda: hub.knows(2))
    assert failed
    matcher.limit(ALICE, Side.BUY, 49_990, 5)
    assert same_book(hub, matcher)
    await hub.stop()


async def test_the_trading_state_is_followed() -> None:
    matcher = EngineMatcher()
    hub = await open_hub(matcher)
    matcher.send(SetTradingState(instrument=INSTRUMENT, trading_state=TradingState.HALTED))
    assert hub.trading_state(INSTRUMENT) == TradingState.HALTED
    await hub.stop()


async def test_history_goes_under_what_was_seen_live(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are behind at first; trades seen meanwhile are counted once when the rows have caught up.

    Until then no candle and no day is told: it would be a part of one. Rows that fail once are read again.
    """
    matcher = EngineMatcher()
    rows = ListedRows([SPEC])
    rows.reached = False
    read, failed = rows.get_history, []

    async def fails_once(instrument_id: int, now_ms: int) -> History:
        if not failed:
            failed.append(instrument_id)
            raise OperationalError("gone")
        return await read(instrument_id, now_ms)

    monkeypatch.setattr(rows, "get_history", fails_once)
    hub = FeedHub(rows)
    await hub.start(matcher)
    await hub.wait_ready(PATIENCE_S)
    hub._pulse.stop()
    reader, native = RememberingSocket(), RememberingSocket()
    for name in ("btcusdt@kline_1m", "btcusdt@ticker", "!miniTicker@arr"):
        hub.subscribe(name, reader, combined=False)
    hub.native.join("candles.BTCUSDT.1m", native, None)
    matcher.limit(ALICE, Side.SELL, 50_000, 5)
    for _ in range(3):
        matcher.limit(BOB, Side.BUY, 50_000, 1)
    tick(hub, 40)
    assert (reader.take(), native.take()) == ([], [])
    with pytest.raises(FeedsUnavailableError):
        hub.statistics(INSTRUMENT)
    stored = [TradeTick(n, 50_000, 1, START_NS - 1, False) for n in (1, 2)]
    minute = Candle.of_trades(stored, SPEC.tick_lot_units)
    minute.open_ms = NOW_MS // 60_000 * 60_000
    minute.close_ms = minute.open_ms + 59_999
    opened = Candle(minute.open_ms, minute.close_ms, 50_000)
    opened.merge(minute)
    rows.history = History(stored, [minute], {"1m": opened}, 2)
    rows.reached = True
    await until(lambda: hub.markets[INSTRUMENT].since_load is None)
    assert [trade.trade_id for trade in hub.trades(INSTRUMENT, 9)] == [1, 2, 3]
    assert hub.candle(INSTRUMENT, "1m").trade_count == 3
    assert hub.market(INSTRUMENT).statistics(NOW_MS).trade_count == 3
    assert failed == [INSTRUMENT]
    tick(hub, 40)
    assert sorted(one["e"] if isinstance(one, dict) else "array" for one in reader.take()) == [
        "24hrTicker", "array", "kline",
    ]  # fmt: skip
    (candle,) = native.take()[0]["data"]
    assert candle["trade_count"] == 3
    await hub.stop()


async def test_the_pulse_beats_by_itself() -> None:
    matcher = EngineMatcher()
    hub = FeedHub(ListedRows([SPEC]))
    await hub.start(matcher)
    await hub.wait_ready(PATIENCE_S)
    reader = RememberingSocket()
    hub.subscribe("btcusdt@depth@100ms", reader, combined=False)
    matcher.limit(ALICE, Side.BUY, 49_990, 5)
    await until(lambda: reader.messages)
    await hub.stop()
