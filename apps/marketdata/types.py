"""What may leave the app: candles, samples and statistics, integers all through."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CandleRow:
    """One candle in ticks, lots and units. Without trades: flat at the close before it, ids -1."""

    open_ms: int
    close_ms: int
    open_ticks: int
    high_ticks: int
    low_ticks: int
    close_ticks: int
    volume_lots: int
    quote_units: int
    taker_buy_lots: int
    taker_buy_quote_units: int
    trade_count: int
    first_trade_id: int
    last_trade_id: int


@dataclass(frozen=True, slots=True)
class PriceCandleRow:
    """One candle of a mark or index price; `change_count` is 0 where it stood still."""

    open_ms: int
    close_ms: int
    open_ticks: int
    high_ticks: int
    low_ticks: int
    close_ticks: int
    change_count: int


@dataclass(frozen=True, slots=True)
class PriceSampleRow:
    """The last mark of a second, with the index and the funding terms told with it."""

    instrument_id: int
    time_ns: int
    mark_ticks: int
    index_ticks: int
    funding_rate_ppb: int
    next_funding_ns: int


@dataclass(frozen=True, slots=True)
class DayStatistics:
    """The last 24 hours by whole minutes; all 0 and ids -1 when nothing was ever traded."""

    open_ms: int
    close_ms: int
    open_ticks: int
    high_ticks: int
    low_ticks: int
    last_ticks: int
    volume_lots: int
    quote_units: int
    trade_count: int
    first_trade_id: int
    last_trade_id: int
