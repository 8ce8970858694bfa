"""Candles are what the trades say, at every interval, whatever the batches they came in."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from apps.common.intervals import DAY_MS, INTERVALS, MINUTE_MS, next_open, open_of
from apps.feeds.candles import Candles, CandleSeries, minute_bars
from apps.feeds.rolling import RollingDay
from apps.feeds.types import TradeTick

K = 10_000
T0 = 1_795_181_000_000


def ms(*date: int) -> int:
    return int(datetime(*date, tzinfo=UTC).timestamp()) * 1000


def tick(at: int, price: int, lots: int = 1, *, buyer_is_maker: bool = False, after_ms: int = 0) -> TradeTick:
    return TradeTick(at, price, lots, (T0 + after_ms) * 1_000_000, buyer_is_maker)


def test_weeks_open_on_monday_and_months_on_the_first() -> None:
    moment = ms(2026, 11, 21, 7, 30)
    assert open_of(INTERVALS["1w"], moment) == ms(2026, 11, 16)
    assert open_of(INTERVALS["1M"], moment) == ms(2026, 11, 1)
    assert next_open(INTERVALS["1M"], ms(2026, 12, 1)) == ms(2027, 1, 1)
    assert next_open(INTERVALS["1M"], ms(2027, 1, 1)) == ms(2027, 2, 1)
    assert open_of(INTERVALS["4h"], moment) == ms(2026, 11, 21, 4)


def test_every_interval_opens_at_a_minute_and_follows_without_a_hole() -> None:
    for interval in INTERVALS:
        opens = open_of(INTERVALS[interval], T0)
        assert opens % MINUTE_MS == 0
        assert opens <= T0 < next_open(INTERVALS[interval], opens)
        assert open_of(INTERVALS[interval], next_open(INTERVALS[interval], opens)) == next_open(
            INTERVALS[interval], opens
        )


def test_one_candle_counts_all_there_is() -> None:
    candles = Candles()
    trades = [tick(1, 100, 2), tick(2, 104, 1, buyer_is_maker=True), tick(3, 98, 3)]
    for bar in minute_bars(trades, K):
        candles.merge(bar)
    image = candles.series["1m"].current.image()
    assert (image.open_ticks, image.high_ticks, image.low_ticks, image.close_ticks) == (100, 104, 98, 98)
    assert image.volume_lots == 6
    assert image.quote_units == (200 + 104 + 294) * K
    assert (image.taker_buy_lots, image.taker_buy_quote_units) == (5, (200 + 294) * K)
    assert (image.trade_count, image.first_trade_id, image.last_trade_id) == (3, 1, 3)
    assert image.close_ms == image.open_ms + MINUTE_MS - 1


def test_an_interval_without_trades_is_flat_and_named_so() -> None:
    series = CandleSeries("1m")
    for bar in minute_bars([tick(1, 100)], K):
        series.merge(bar)
    series.roll(T0 + 3 * MINUTE_MS)
    assert [candle.trade_count for candle in series.closed] == [1, 0, 0]
    flat = series.closed[-1]
    assert {flat.open_ticks, flat.high_ticks, flat.low_ticks, flat.close_ticks} == {100}
    assert (flat.first_trade_id, flat.last_trade_id, flat.volume_lots) == (-1, -1, 0)
    assert series.current.open_ms == open_of(INTERVALS["1m"], T0) + 3 * MINUTE_MS


def test_a_candle_closes_only_after_its_last_millisecond() -> None:
    series = CandleSeries("1m")
    for bar in minute_bars([tick(1, 100)], K):
        series.merge(bar)
    last_ms = series.current.close_ms
    series.roll(last_ms)
    assert not series.closed
    series.roll(last_ms + 1)
    assert len(series.closed) == 1


def test_a_very_long_silence_costs_no_memory() -> None:
    series = CandleSeries("1m")
    for bar in minute_bars([tick(1, 100)], K):
        series.merge(bar)
    series.roll(T0 + 3650 * DAY_MS)
    assert len(series.closed) == 1
    assert series.current.open_ms == open_of(INTERVALS["1m"], T0 + 3650 * DAY_MS)


tapes = st.lists(st.tuples(st.integers(0, 90_000), st.integers(1, 50), st.integers(1, 5), st.booleans()), min_size=1)


@given(tapes, st.integers(1, 7))
def test_batches_make_no_difference(steps: list[tuple[int, int, int, bool]], size: int) -> None:
    trades, after = [], 0
    for at, (gap, price, lots, maker) in enumerate(steps, 1):
        after += gap
        trades.append(tick(at, price, lots, buyer_is_maker=maker, after_ms=after))
    whole, parts = Candles(), Candles()
    for bar in minute_bars(trades, K):
        whole.merge(bar)
    for start in range(0, len(trades), size):
        for bar in minute_bars(trades[start : start + size], K):
            parts.merge(bar)
    for interval in INTERVALS:
        one, other = whole.series[interval], parts.series[interval]
        assert [c.image() for c in one.closed] == [c.image() for c in other.closed]
        assert one.current.image() == other.current.image()
        counted = [*one.closed, one.current]
        assert sum(c.trade_count for c in counted) == len(trades)
        assert sum(c.volume_lots for c in counted) == sum(t.quantity_lots for t in trades)


@given(tapes)
def test_the_day_is_what_its_minutes_hold(steps: list[tuple[int, int, int, bool]]) -> None:
    day, trades, after = RollingDay(), [], 0
    for at, (gap, price, lots, maker) in enumerate(steps, 1):
        after += gap * 40
        trades.append(tick(at, price, lots, buyer_is_maker=maker, after_ms=after))
        for bar in minute_bars(trades[-1:], K):
            day.add(bar, lots)
    now_ms = trades[-1].time_ns // 1_000_000
    opens = (now_ms // MINUTE_MS + 1) * MINUTE_MS - DAY_MS
    inside = [t for t in trades if t.time_ns // 1_000_000 >= opens]
    seen = day.read(now_ms)
    assert (seen.high_ticks, seen.low_ticks) == (max(t.price_ticks for t in inside), min(t.price_ticks for t in inside))
    assert seen.volume_lots == sum(t.quantity_lots for t in inside)
    assert seen.quote_units == sum(t.quantity_lots * t.price_ticks for t in inside) * K
    assert (seen.first_trade_id, seen.last_trade_id) == (inside[0].trade_id, inside[-1].trade_id)
    assert (seen.trade_count, seen.open_ticks) == (len(inside), inside[0].price_ticks)
    assert (seen.last_ticks, seen.last_lots) == (trades[-1].price_ticks, trades[-1].quantity_lots)


def test_an_extreme_leaves_the_day_with_its_minute() -> None:
    day = RollingDay()
    for at, (price, after_ms) in enumerate([(150, 0), (90, 60_000), (100, 120_000), (101, DAY_MS)], 1):
        for bar in minute_bars([tick(at, price, after_ms=after_ms)], K):
            day.add(bar, 1)
    now_ms = T0 + DAY_MS
    assert (day.read(now_ms).high_ticks, day.read(now_ms).low_ticks) == (101, 90)
    assert (day.read(now_ms + 60_000).high_ticks, day.read(now_ms + 60_000).low_ticks) == (101, 100)


def test_a_day_without_trades_keeps_the_last_price() -> None:
    day = RollingDay()
    for bar in minute_bars([tick(1, 100, 7)], K):
        day.add(bar, 7)
    empty = day.read(T0 + 2 * DAY_MS)
    assert (empty.last_ticks, empty.open_ticks, empty.high_ticks, empty.low_ticks) == (100, 100, 100, 100)
    assert (empty.trade_count, empty.volume_lots, empty.quote_units, empty.first_trade_id) == (0, 0, 0, -1)
