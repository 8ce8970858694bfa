"""Candles of every interval equal those made by hand from the trades themselves; so do prices and the day."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from apps.common.intervals import DAY_MS, HOUR_MS, INTERVALS, MINUTE_MS, WEEK_MS, next_open, open_of
from apps.marketdata.selectors import get_candles, get_day_statistics, get_price_candles, get_price_samples
from apps.orders.models import Trade
from matcher.protocol.codec import decode_events
from matcher.protocol.enums import Side
from matcher.protocol.events import MarkPriceChanged
from tests.reference.engine import ReferenceEngine
from tests.support.journals import JournalWriter
from tests.support.projection import follow, journal, journal_url
from tests.support.story import Story

__all__ = ["journal", "journal_url"]

pytestmark = pytest.mark.django_db
MS = 1_000_000


@pytest.fixture
def story(journal: JournalWriter, journal_url: str) -> Story:
    """Three months with gaps of minutes, hours and days, in many transactions."""
    made = Story(ReferenceEngine(), seed=11)
    made.open()
    for pause_ms in (MINUTE_MS, 7 * MINUTE_MS, HOUR_MS, 9 * HOUR_MS, DAY_MS, 2 * WEEK_MS, 40 * DAY_MS, 3 * HOUR_MS):
        made.step_ns = 9_000 * MS
        made.go_on(12)
        made.time_ns += pause_ms * MS
    journal.append(made.batches)
    follow(journal_url, events_a_batch=64)
    return made


def by_hand(interval_ms: int, instrument: int = 1) -> list[dict[str, Any]]:
    """Every candle from the first trade to the last, flat ones included, trade by trade."""
    candles: list[dict[str, Any]] = []
    for trade in Trade.objects.filter(instrument_id=instrument).order_by("trade_id"):
        opens = open_of(interval_ms, trade.time_ns // MS)
        while not candles or candles[-1]["open_ms"] < opens:
            flat = candles[-1]["close"] if candles else trade.price_ticks
            at = next_open(interval_ms, candles[-1]["open_ms"]) if candles else opens
            candles.append({"open_ms": at, "trades": [], "close": flat, "flat": flat})
        candles[-1]["trades"].append(trade)
        candles[-1]["close"] = trade.price_ticks
    return candles


@pytest.mark.parametrize("interval", INTERVALS)
def test_every_interval(interval: str, story: Story) -> None:
    interval_ms = INTERVALS[interval]
    expected = by_hand(interval_ms)[-1500:]
    rows = get_candles(1, interval_ms, None, expected[-1]["open_ms"], 1500, now_ms=story.time_ns // MS)
    assert [row.open_ms for row in rows] == [candle["open_ms"] for candle in expected]
    for row, candle in zip(rows, expected, strict=True):
        trades, flat = candle["trades"], candle["flat"]
        prices = [trade.price_ticks for trade in trades] or [flat]
        bought = [trade for trade in trades if trade.taker_side == Side.BUY]
        assert row.close_ms == next_open(interval_ms, row.open_ms) - 1
        assert (row.open_ticks, row.high_ticks) == (prices[0], max(prices))
        assert (row.low_ticks, row.close_ticks) == (min(prices), prices[-1])
        assert (row.volume_lots, row.trade_count) == (sum(t.quantity_lots for t in trades), len(trades))
        assert row.quote_units == sum(t.quote_units for t in trades)
        assert row.taker_buy_lots == sum(t.quantity_lots for t in bought)
        assert row.taker_buy_quote_units == sum(t.quote_units for t in bought)
        assert row.first_trade_id == (trades[0].trade_id if trades else -1)
        assert row.last_trade_id == (trades[-1].trade_id if trades else -1)


def test_a_start_means_the_first_candles_from_there(story: Story) -> None:
    first = Trade.objects.filter(instrument_id=1).earliest("trade_id").time_ns // MS
    rows = get_candles(1, 5 * MINUTE_MS, first + 1, None, 4, now_ms=story.time_ns // MS)
    assert [row.open_ms for row in rows] == [open_of(5 * MINUTE_MS, first) + n * 5 * MINUTE_MS for n in range(1, 5)]
    rows = get_candles(1, HOUR_MS, 0, None, 1, now_ms=story.time_ns // MS)
    assert rows[0].open_ms == open_of(HOUR_MS, first)


def test_bounds_that_hold_nothing(story: Story) -> None:
    first = Trade.objects.filter(instrument_id=1).earliest("trade_id").time_ns // MS
    assert get_candles(1, MINUTE_MS, None, first - DAY_MS) == []
    assert get_candles(1, MINUTE_MS, first + DAY_MS, first, now_ms=story.time_ns // MS) == []
    assert get_candles(9, MINUTE_MS) == []
    with pytest.raises(ValueError, match="no such candle interval"):
        get_candles(1, 61_000)


def test_the_newest_candles_reach_the_present(story: Story) -> None:
    now_ms = story.time_ns // MS + 3 * HOUR_MS
    rows = get_candles(1, HOUR_MS, limit=2, now_ms=now_ms)
    assert [row.open_ms for row in rows] == [open_of(HOUR_MS, now_ms) - HOUR_MS, open_of(HOUR_MS, now_ms)]
    last = Trade.objects.filter(instrument_id=1).latest("trade_id")
    assert {row.close_ticks for row in rows} == {last.price_ticks}


@pytest.mark.parametrize("interval", ["1m", "15m", "4h", "1d", "1M"])
@pytest.mark.parametrize("price", ["mark", "index"])
def test_price_candles(interval: str, price: Any, story: Story) -> None:
    interval_ms = INTERVALS[interval]
    changes: dict[int, list[int]] = {}
    for batch in story.batches:
        for event in decode_events(batch.events):
            if isinstance(event, MarkPriceChanged) and event.instrument == 2:
                opens = open_of(interval_ms, event.time_ns // MS)
                changes.setdefault(opens, []).append(getattr(event, f"{price}_ticks"))
    rows = get_price_candles(2, price, interval_ms, end_ms=max(changes), limit=200_000, now_ms=story.time_ns // MS)
    moved = {row.open_ms: row for row in rows if row.change_count}
    assert moved.keys() == changes.keys()
    for opens, ticks in changes.items():
        row = moved[opens]
        assert (row.open_ticks, row.high_ticks) == (ticks[0], max(ticks))
        assert (row.low_ticks, row.close_ticks, row.change_count) == (min(ticks), ticks[-1], len(ticks))
    assert all(now.open_ticks == before.close_ticks for before, now in pairwise(rows) if not now.change_count)


def test_samples_are_the_last_mark_of_their_second(story: Story) -> None:
    expected: dict[int, MarkPriceChanged] = {}
    for batch in story.batches:
        for event in decode_events(batch.events):
            if isinstance(event, MarkPriceChanged) and event.instrument == 1:
                expected[event.time_ns // 10**9] = event
    rows = get_price_samples(1, 0, story.time_ns, limit=100_000)
    assert [(row.time_ns, row.mark_ticks, row.index_ticks, row.funding_rate_ppb) for row in rows] == [
        (e.time_ns, e.mark_ticks, e.index_ticks, e.funding_rate_ppb) for e in expected.values()
    ]
    assert get_price_samples(1, rows[3].time_ns, rows[7].time_ns) == rows[3:8]
    assert get_price_samples(1, 0, rows[7].time_ns, 2) == rows[:2]
    assert get_price_samples(1, 0, rows[7].time_ns, 2, newest=True) == rows[6:8]


def test_the_day(story: Story) -> None:
    trade = Trade.objects.filter(instrument_id=1).latest("trade_id")
    now_ms = trade.time_ns // MS + 5 * HOUR_MS
    day = get_day_statistics(1, now_ms)
    trades = [t for t in Trade.objects.filter(instrument_id=1).order_by("trade_id") if t.time_ns // MS >= day.open_ms]
    assert day.trade_count == len(trades) > 0
    assert (day.open_ticks, day.last_ticks) == (trades[0].price_ticks, trade.price_ticks)
    assert (day.high_ticks, day.low_ticks) == (max(t.price_ticks for t in trades), min(t.price_ticks for t in trades))
    assert day.volume_lots == sum(t.quantity_lots for t in trades)
    assert day.quote_units == sum(t.quote_units for t in trades)
    assert (day.first_trade_id, day.last_trade_id) == (trades[0].trade_id, trades[-1].trade_id)
    quiet = get_day_statistics(1, now_ms + 5 * DAY_MS)
    assert (quiet.trade_count, quiet.open_ticks, quiet.last_ticks) == (0, trade.price_ticks, trade.price_ticks)
    assert get_day_statistics(9, now_ms).trade_count == 0
