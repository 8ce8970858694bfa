"""Which candles a question means, and how small ones become a big one. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from apps.common.intervals import INTERVALS, back, next_open, open_of
from apps.marketdata.types import CandleRow, PremiumCandleRow, PriceCandleRow

C = TypeVar("C", CandleRow, PriceCandleRow, PremiumCandleRow)


@dataclass(frozen=True, slots=True)
class Window:
    """Whole candles of one interval: the first opens at `first_ms`, the last at `last_ms`."""

    interval_ms: int
    first_ms: int
    last_ms: int

    @property
    def end_ms(self) -> int:
        return next_open(self.interval_ms, self.last_ms)


def window(
    *, interval_ms: int, start_ms: int | None, end_ms: int | None, limit: int, earliest_ms: int, now_ms: int
) -> Window | None:
    """The candles a question means: the first `limit` that open at or after `start_ms`, else the newest `limit`.

    None opens before `earliest_ms` (the instrument's first) or after the smaller of `end_ms` and `now_ms`.
    Returns None when none is left. Raises ValueError for an interval nobody offers.
    """
    if interval_ms not in INTERVALS.values():
        raise ValueError(f"no such candle interval: {interval_ms} ms")
    last_ms = open_of(interval_ms, now_ms if end_ms is None else min(end_ms, now_ms))
    floor_ms = open_of(interval_ms, earliest_ms)
    if start_ms is None:
        first_ms = max(floor_ms, back(interval_ms, last_ms, limit - 1))
    else:
        first_ms = open_of(interval_ms, start_ms)
        first_ms = max(floor_ms, first_ms if first_ms >= start_ms else next_open(interval_ms, first_ms))
        last_ms = min(last_ms, back(interval_ms, first_ms, 1 - limit))
    return Window(interval_ms, first_ms, last_ms) if first_ms <= last_ms else None


def fold(candles: Iterable[CandleRow], interval_ms: int) -> list[CandleRow]:
    """Smaller candles with trades, oldest first, as candles of `interval_ms`."""
    return _fold(candles, interval_ms, _join_trades)


def fold_prices(candles: Iterable[PriceCandleRow], interval_ms: int) -> list[PriceCandleRow]:
    """Smaller price candles, oldest first, as candles of `interval_ms`."""
    return _fold(candles, interval_ms, _join_prices)


def fold_premiums(candles: Iterable[PremiumCandleRow], interval_ms: int) -> list[PremiumCandleRow]:
    """Smaller premium candles, oldest first, as candles of `interval_ms`."""
    return _fold(candles, interval_ms, _join_premiums)


def _fold(candles: Iterable[C], interval_ms: int, join: Callable[[C, C], C]) -> list[C]:
    folded: list[C] = []
    for part in candles:
        open_ms = open_of(interval_ms, part.open_ms)
        if folded and folded[-1].open_ms == open_ms:
            folded[-1] = join(folded[-1], part)
        else:
            folded.append(replace(part, open_ms=open_ms, close_ms=next_open(interval_ms, open_ms) - 1))
    return folded


def _join_trades(whole: CandleRow, part: CandleRow) -> CandleRow:
    return replace(
        whole,
        high_ticks=max(whole.high_ticks, part.high_ticks),
        low_ticks=min(whole.low_ticks, part.low_ticks),
        close_ticks=part.close_ticks,
        volume_lots=whole.volume_lots + part.volume_lots,
        quote_units=whole.quote_units + part.quote_units,
        taker_buy_lots=whole.taker_buy_lots + part.taker_buy_lots,
        taker_buy_quote_units=whole.taker_buy_quote_units + part.taker_buy_quote_units,
        trade_count=whole.trade_count + part.trade_count,
        last_trade_id=part.last_trade_id,
    )


def _join_prices(whole: PriceCandleRow, part: PriceCandleRow) -> PriceCandleRow:
    return replace(
        whole,
        high_ticks=max(whole.high_ticks, part.high_ticks),
        low_ticks=min(whole.low_ticks, part.low_ticks),
        close_ticks=part.close_ticks,
        change_count=whole.change_count + part.change_count,
    )


def _join_premiums(whole: PremiumCandleRow, part: PremiumCandleRow) -> PremiumCandleRow:
    return replace(
        whole,
        high_ppb=max(whole.high_ppb, part.high_ppb),
        low_ppb=min(whole.low_ppb, part.low_ppb),
        close_ppb=part.close_ppb,
        sample_count=whole.sample_count + part.sample_count,
    )


def flat(open_ms: int, interval_ms: int, ticks: int) -> CandleRow:
    """A candle in which nothing was traded."""
    close_ms = next_open(interval_ms, open_ms) - 1
    return CandleRow(open_ms, close_ms, ticks, ticks, ticks, ticks, 0, 0, 0, 0, 0, -1, -1)


def flat_price(open_ms: int, interval_ms: int, ticks: int) -> PriceCandleRow:
    """A candle in which the price stood still."""
    return PriceCandleRow(open_ms, next_open(interval_ms, open_ms) - 1, ticks, ticks, ticks, ticks, 0)


def flat_premium(open_ms: int, interval_ms: int, ppb: int) -> PremiumCandleRow:
    """A candle in which no sample was taken."""
    return PremiumCandleRow(open_ms, next_open(interval_ms, open_ms) - 1, ppb, ppb, ppb, ppb, 0)


def _close(candle: CandleRow | PriceCandleRow | PremiumCandleRow) -> int:
    return candle.close_ppb if isinstance(candle, PremiumCandleRow) else candle.close_ticks


def without_gaps(candles: Iterable[C], wanted: Window, close: int, make_flat: Callable[[int, int, int], C]) -> list[C]:
    """Every candle of the window: those given, and flat ones at the last close (`close` before the first)."""
    by_open = {candle.open_ms: candle for candle in candles}
    filled: list[C] = []
    open_ms = wanted.first_ms
    while open_ms <= wanted.last_ms:
        candle = by_open.get(open_ms) or make_flat(open_ms, wanted.interval_ms, close)
        filled.append(candle)
        close = _close(candle)
        open_ms = next_open(wanted.interval_ms, open_ms)
    return filled
