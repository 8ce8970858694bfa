"""Candles and price history of one batch of events. Owned rows: candles, price candles, price samples."""

from __future__ import annotations

import numpy as np

from apps.common.event_rows import EventRows, IntArray, Terms, last_of_each
from apps.common.row_sink import Merge, RowSink
from apps.marketdata.models import (
    CANDLE_KEY_BITS,
    MINUTE_NS,
    SAMPLE_KEY_BITS,
    SECOND_NS,
    Candle,
    HourCandle,
    HourPremiumCandle,
    HourPriceCandle,
    PremiumCandle,
    PremiumCandleBase,
    PriceCandle,
    PriceCandleBase,
    PriceSample,
    TradedCandle,
)
from matcher.protocol.enums import EventFlag
from matcher.protocol.units import HOUR_NS

_CANDLE_MERGE = {
    "high_ticks": Merge.GREATEST,
    "low_ticks": Merge.LEAST,
    "close_ticks": Merge.REPLACE,
    "volume_lots": Merge.ADD,
    "quote_units": Merge.ADD,
    "taker_buy_lots": Merge.ADD,
    "taker_buy_quote_units": Merge.ADD,
    "trade_count": Merge.ADD,
    "last_trade_id": Merge.REPLACE,
}
_PRICE_MERGE = {
    "mark_high_ticks": Merge.GREATEST,
    "mark_low_ticks": Merge.LEAST,
    "mark_close_ticks": Merge.REPLACE,
    "index_high_ticks": Merge.GREATEST,
    "index_low_ticks": Merge.LEAST,
    "index_close_ticks": Merge.REPLACE,
    "change_count": Merge.ADD,
}
_PREMIUM_MERGE = {
    "high_ppb": Merge.GREATEST,
    "low_ppb": Merge.LEAST,
    "close_ppb": Merge.REPLACE,
    "sample_count": Merge.ADD,
}
_SAMPLE_COLUMNS = ("mark_ticks", "index_ticks", "funding_rate_ppb", "next_funding_ns")


class Projector:
    """What a batch does to candles and prices."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._fills: EventRows | None = None
        self._marks: EventRows | None = None
        self._premiums: EventRows | None = None

    def on_order_filled(self, events: EventRows) -> None:
        self._fills = events

    def on_mark_price_changed(self, events: EventRows) -> None:
        self._marks = events

    def on_funding_sampled(self, events: EventRows) -> None:
        self._premiums = events

    def write(self, rows: RowSink) -> None:
        if self._fills is not None:
            self._write_candles(self._fills, Candle, MINUTE_NS, rows)
            self._write_candles(self._fills, HourCandle, HOUR_NS, rows)
        if self._marks is not None:
            _write_price_candles(self._marks, PriceCandle, MINUTE_NS, rows)
            _write_price_candles(self._marks, HourPriceCandle, HOUR_NS, rows)
            _write_samples(self._marks, rows)
        if self._premiums is not None:
            _write_premium_candles(self._premiums, PremiumCandle, MINUTE_NS, rows)
            _write_premium_candles(self._premiums, HourPremiumCandle, HOUR_NS, rows)

    def _write_candles(self, fills: EventRows, model: type[TradedCandle], span_ns: int, rows: RowSink) -> None:
        takers = fills.where(~fills.flagged(EventFlag.MAKER))
        groups = _Groups(takers, span_ns)
        prices, lots = groups.sorted(takers.integers("price_ticks")), groups.sorted(takers.integers("quantity_lots"))
        quote = prices * lots * self._terms.tick_lot_units[groups.sorted(takers.integers("instrument"))]
        trade_ids = groups.sorted(takers.integers("trade_id"))
        bought = groups.sorted(1 - takers.flagged(EventFlag.SELL).astype(np.int64))
        columns = {
            **groups.identity(),
            "open_ticks": groups.first(prices),
            "high_ticks": groups.highest(prices),
            "low_ticks": groups.lowest(prices),
            "close_ticks": groups.last(prices),
            "volume_lots": groups.total(lots),
            "quote_units": groups.total(quote),
            "taker_buy_lots": groups.total(lots * bought),
            "taker_buy_quote_units": groups.total(quote * bought),
            "trade_count": groups.counts(),
            "first_trade_id": groups.first(trade_ids),
            "last_trade_id": groups.last(trade_ids),
        }
        rows.upsert(model, columns, _CANDLE_MERGE)


def _write_price_candles(marks: EventRows, model: type[PriceCandleBase], span_ns: int, rows: RowSink) -> None:
    groups = _Groups(marks, span_ns)
    columns = groups.identity()
    for name in ("mark", "index"):
        prices = groups.sorted(marks.integers(f"{name}_ticks"))
        columns[f"{name}_open_ticks"] = groups.first(prices)
        columns[f"{name}_high_ticks"] = groups.highest(prices)
        columns[f"{name}_low_ticks"] = groups.lowest(prices)
        columns[f"{name}_close_ticks"] = groups.last(prices)
    columns["change_count"] = groups.counts()
    rows.upsert(model, columns, _PRICE_MERGE)


def _write_premium_candles(samples: EventRows, model: type[PremiumCandleBase], span_ns: int, rows: RowSink) -> None:
    groups = _Groups(samples, span_ns, moment="sample_ns")
    premiums = groups.sorted(samples.integers("premium_ppb"))
    columns = {
        **groups.identity(),
        "open_ppb": groups.first(premiums),
        "high_ppb": groups.highest(premiums),
        "low_ppb": groups.lowest(premiums),
        "close_ppb": groups.last(premiums),
        "sample_count": groups.counts(),
    }
    rows.upsert(model, columns, _PREMIUM_MERGE)


def _write_samples(marks: EventRows, rows: RowSink) -> None:
    keys = (marks.integers("instrument") << SAMPLE_KEY_BITS) | (marks.integers("time_ns") // SECOND_NS)
    chosen = last_of_each(keys)
    last = marks.where(chosen)
    columns = {
        "sample_id": keys[chosen],
        "instrument_id": last.integers("instrument"),
        "time_ns": last.integers("time_ns"),
        **{name: last.integers(name) for name in _SAMPLE_COLUMNS},
    }
    rows.upsert(PriceSample, columns, dict.fromkeys(("time_ns", *_SAMPLE_COLUMNS), Merge.REPLACE))


class _Groups:
    """Events grouped by instrument and span of time, oldest first within a group."""

    def __init__(self, events: EventRows, span_ns: int, moment: str = "time_ns") -> None:
        self._span_ns = span_ns
        keys = (events.integers("instrument") << CANDLE_KEY_BITS) | (events.integers(moment) // span_ns)
        self._order = np.argsort(keys, kind="stable")
        self._keys, self._starts, self._counts = np.unique(keys[self._order], return_index=True, return_counts=True)

    def sorted(self, values: IntArray) -> IntArray:
        ordered: IntArray = values[self._order]
        return ordered

    def identity(self) -> dict[str, IntArray]:
        spans = self._keys & ((1 << CANDLE_KEY_BITS) - 1)
        return {
            "candle_id": self._keys,
            "instrument_id": self._keys >> CANDLE_KEY_BITS,
            "open_ns": spans * self._span_ns,
        }

    def first(self, values: IntArray) -> IntArray:
        chosen: IntArray = values[self._starts]
        return chosen

    def last(self, values: IntArray) -> IntArray:
        chosen: IntArray = values[self._starts + self._counts - 1]
        return chosen

    def highest(self, values: IntArray) -> IntArray:
        highest: IntArray = np.maximum.reduceat(values, self._starts)
        return highest

    def lowest(self, values: IntArray) -> IntArray:
        lowest: IntArray = np.minimum.reduceat(values, self._starts)
        return lowest

    def total(self, values: IntArray) -> IntArray:
        sums: IntArray = np.add.reduceat(values, self._starts)
        return sums

    def counts(self) -> IntArray:
        counts: IntArray = self._counts.astype(np.int64)
        return counts
