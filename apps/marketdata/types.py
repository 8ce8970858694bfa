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


@dataclass(frozen=True, slots=True)
class PremiumCandleRow:
    """One candle of the premium index, parts per billion; `sample_count` is 0 where none was taken."""

    open_ms: int
    close_ms: int
    open_ppb: int
    high_ppb: int
    low_ppb: int
    close_ppb: int
    sample_count: int


@dataclass(frozen=True, slots=True)
class InterestRow:
    """Open interest and its holders at a step of five minutes; top holders are the fifth with the largest positions."""

    instrument_id: int
    time_ns: int
    taken_ns: int
    open_interest_lots: int
    mark_ticks: int
    long_accounts: int
    short_accounts: int
    top_long_accounts: int
    top_short_accounts: int
    top_long_lots: int
    top_short_lots: int


@dataclass(frozen=True, slots=True)
class IndexRow:
    """The index of one second in units of 1e-8; `index_units` 0: too few sources lived."""

    instrument_id: int
    time_ns: int
    index_units: int
    live_sources: int
    minimum_sources: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What one source said last and what the index used of it; `state` is an index.SourceState."""

    instrument_id: int
    time_ns: int
    source: str
    price_units: int
    used_units: int
    weight: int
    told_ns: int
    state: int


@dataclass(frozen=True, slots=True)
class SourceTerms:
    """One source as configured; `kind` is a SourceKind."""

    name: str
    kind: str
    weight: int
    interval_ms: int = 1000
    address: str = ""
    json_path: str = ""
    exchange: str = ""
    market: str = ""
    options: str = "{}"
