"""What the feeds let out: frozen facts of the market, in ticks, lots, units and milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

Level = tuple[int, int]  # price_ticks, quantity_lots


class TradeTick(NamedTuple):
    """One match as the tape shows it; `seq` is its command's (0 when read from rows)."""

    trade_id: int
    price_ticks: int
    quantity_lots: int
    time_ns: int
    buyer_is_maker: bool
    seq: int = 0


class AggregateTick(NamedTuple):
    """One taker order's consecutive trades at one price; its id is that of the first trade."""

    aggregate_id: int
    price_ticks: int
    quantity_lots: int
    first_trade_id: int
    last_trade_id: int
    time_ns: int
    buyer_is_maker: bool


@dataclass(frozen=True, slots=True)
class Depth:
    """The top of a book, best first; `last_update_id` is the engine's sequence it contains."""

    last_update_id: int
    event_ms: int
    bids: list[Level]
    asks: list[Level]


@dataclass(frozen=True, slots=True)
class Best:
    """Best bid and ask; 0 and 0 where a side is empty."""

    update_id: int
    event_ms: int
    bid_ticks: int
    bid_lots: int
    ask_ticks: int
    ask_lots: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Mark and index price and the funding that is announced."""

    mark_ticks: int
    index_ticks: int
    next_funding_ms: int
    funding_rate_ppb: int
    event_ms: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The last 24 hours by whole minutes; ids are -1 and prices the last known one without trades.

    `quote_units` is the money traded; `last_lots` the quantity of the last trade.
    """

    open_ms: int
    close_ms: int
    open_ticks: int
    high_ticks: int
    low_ticks: int
    last_ticks: int
    last_lots: int
    volume_lots: int
    quote_units: int
    first_trade_id: int
    last_trade_id: int
    trade_count: int

    @property
    def change_ticks(self) -> int:
        return self.last_ticks - self.open_ticks
