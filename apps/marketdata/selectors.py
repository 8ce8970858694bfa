"""Questions about candles, prices and the day's statistics, answered from rows.

Big candles are folded in the database, from minutes or from hours, so that a long history costs the
asking process little.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Literal, NamedTuple

from django.db.models import BigIntegerField, ExpressionWrapper, F, Max, Min, Model, QuerySet, Sum, Value

from apps.common.intervals import DAY_MS, FIRST_MONDAY_MS, HOUR_MS, MINUTE_MS, MONTH_MS, WEEK_MS
from apps.marketdata.candles import (
    Window,
    flat,
    flat_premium,
    flat_price,
    fold,
    fold_premiums,
    fold_prices,
    window,
    without_gaps,
)
from apps.marketdata.models import (
    CANDLE_KEY_BITS,
    SAMPLE_KEY_BITS,
    SECOND_NS,
    Candle,
    HourCandle,
    HourPremiumCandle,
    HourPriceCandle,
    PremiumCandle,
    PriceCandle,
    PriceSample,
)
from apps.marketdata.types import CandleRow, DayStatistics, PremiumCandleRow, PriceCandleRow, PriceSampleRow

NS_PER_MS = 1_000_000
_SUMS = ("volume_lots", "quote_units", "taker_buy_lots", "taker_buy_quote_units", "trade_count")
_SAMPLE_FIELDS = tuple(field.name for field in fields(PriceSampleRow))


def get_candles(
    instrument_id: int,
    interval_ms: int,
    start_ms: int | None = None,
    end_ms: int | None = None,
    limit: int = 500,
    *,
    now_ms: int | None = None,
) -> list[CandleRow]:
    """Candles of trades, ascending: the first `limit` from `start_ms` on, else the newest `limit` up to `end_ms`.

    A span without trades has a flat candle; none is older than the first trade. MONTH_MS means calendar
    months. Raises ValueError for an interval that is not one of INTERVALS.
    """
    source = _Source.of(Candle, HourCandle, interval_ms, instrument_id)
    wanted = _window(source, interval_ms, start_ms=start_ms, end_ms=end_ms, limit=limit, now_ms=now_ms)
    if wanted is None:
        return []
    found = [
        CandleRow(
            opens, closes, opened, high, low, closed,
            int(volume), int(quote), int(bought), int(bought_quote), int(count), first_id, last_id,
        )
        for opens, closes, opened, closed, (high, low, first_id, last_id, volume, quote, bought, bought_quote, count)
        in source.groups(
            wanted,
            ("open_ticks", "close_ticks"),
            high=Max("high_ticks"),
            low=Min("low_ticks"),
            first_trade=Min("first_trade_id"),
            last_trade=Max("last_trade_id"),
            **{name: Sum(name) for name in _SUMS},
        )
    ]  # fmt: skip
    if interval_ms == MONTH_MS:
        found = fold(found, MONTH_MS)
    return without_gaps(found, wanted, source.close_before(wanted, found, "close_ticks"), flat)


def get_price_candles(
    instrument_id: int,
    price: Literal["mark", "index"],
    interval_ms: int,
    *,
    start_ms: int | None = None,
    end_ms: int | None = None,
    limit: int = 500,
    now_ms: int | None = None,
) -> list[PriceCandleRow]:
    """Candles of the mark or index price; everything else as in get_candles."""
    source = _Source.of(PriceCandle, HourPriceCandle, interval_ms, instrument_id)
    wanted = _window(source, interval_ms, start_ms=start_ms, end_ms=end_ms, limit=limit, now_ms=now_ms)
    if wanted is None:
        return []
    found = [
        PriceCandleRow(opens, closes, opened, high, low, closed, int(changes))
        for opens, closes, opened, closed, (high, low, changes) in source.groups(
            wanted,
            (f"{price}_open_ticks", f"{price}_close_ticks"),
            high=Max(f"{price}_high_ticks"),
            low=Min(f"{price}_low_ticks"),
            changes=Sum("change_count"),
        )
    ]
    if interval_ms == MONTH_MS:
        found = fold_prices(found, MONTH_MS)
    return without_gaps(found, wanted, source.close_before(wanted, found, f"{price}_close_ticks"), flat_price)


def get_premium_candles(
    instrument_id: int,
    interval_ms: int,
    *,
    start_ms: int | None = None,
    end_ms: int | None = None,
    limit: int = 500,
    now_ms: int | None = None,
) -> list[PremiumCandleRow]:
    """Candles of the premium index over every sample; everything else as in get_candles."""
    source = _Source.of(PremiumCandle, HourPremiumCandle, interval_ms, instrument_id)
    wanted = _window(source, interval_ms, start_ms=start_ms, end_ms=end_ms, limit=limit, now_ms=now_ms)
    if wanted is None:
        return []
    found = [
        PremiumCandleRow(opens, closes, opened, high, low, closed, int(samples))
        for opens, closes, opened, closed, (high, low, samples) in source.groups(
            wanted, ("open_ppb", "close_ppb"), high=Max("high_ppb"), low=Min("low_ppb"), samples=Sum("sample_count")
        )
    ]
    if interval_ms == MONTH_MS:
        found = fold_premiums(found, MONTH_MS)
    return without_gaps(found, wanted, source.close_before(wanted, found, "close_ppb"), flat_premium)


def get_day_statistics(instrument_id: int, now_ms: int) -> DayStatistics:
    """What was traded in the 24 hours up to and including the minute of `now_ms`."""
    close_ms = now_ms // MINUTE_MS * MINUTE_MS + MINUTE_MS - 1
    open_ms = close_ms + 1 - DAY_MS
    source = _Source.of(Candle, HourCandle, MINUTE_MS, instrument_id)
    before = source.newest_before(open_ms)
    last = source.newest_before(close_ms + 1)
    if last is None:
        return DayStatistics(open_ms, close_ms, 0, 0, 0, 0, 0, 0, 0, -1, -1)
    rows = source.rows(open_ms, close_ms + 1)
    first = rows.order_by("candle_id").first()
    if first is None:
        flat_ticks = before.close_ticks if before else 0
        return DayStatistics(open_ms, close_ms, flat_ticks, flat_ticks, flat_ticks, flat_ticks, 0, 0, 0, -1, -1)
    day = rows.aggregate(high=Max("high_ticks"), low=Min("low_ticks"), **{name: Sum(name) for name in _SUMS})
    return DayStatistics(
        open_ms=open_ms,
        close_ms=close_ms,
        open_ticks=first.open_ticks,
        high_ticks=day["high"],
        low_ticks=day["low"],
        last_ticks=last.close_ticks,
        volume_lots=int(day["volume_lots"]),
        quote_units=int(day["quote_units"]),
        trade_count=int(day["trade_count"]),
        first_trade_id=first.first_trade_id,
        last_trade_id=last.last_trade_id,
    )


def get_price_samples(
    instrument_id: int, start_ns: int, end_ns: int, limit: int = 1000, *, newest: bool = False
) -> list[PriceSampleRow]:
    """One sample a second at most, ascending, from `start_ns` to `end_ns` (both included): the first or the newest."""
    base = instrument_id << SAMPLE_KEY_BITS
    rows = PriceSample.objects.filter(
        sample_id__gte=base | start_ns // SECOND_NS,
        sample_id__lte=base | end_ns // SECOND_NS,
        time_ns__gte=start_ns,
        time_ns__lte=end_ns,
    )
    ordered = rows.order_by("-sample_id" if newest else "sample_id").values_list(*_SAMPLE_FIELDS)
    found = [PriceSampleRow(*row) for row in ordered[:limit]]
    return found[::-1] if newest else found


def _window(
    source: _Source, interval_ms: int, *, start_ms: int | None, end_ms: int | None, limit: int, now_ms: int | None
) -> Window | None:
    earliest_ns = source.rows(0, None).order_by("candle_id").values_list("open_ns", flat=True).first()
    if earliest_ns is None or limit < 1:
        return None
    return window(
        interval_ms=interval_ms,
        start_ms=start_ms,
        end_ms=end_ms,
        limit=limit,
        earliest_ms=earliest_ns // NS_PER_MS,
        now_ms=time.time_ns() // NS_PER_MS if now_ms is None else now_ms,
    )


class _Group(NamedTuple):
    """One candle as the database folded it: the first row's open, the last row's close, and what was folded."""

    open_ms: int
    close_ms: int
    opened: int
    closed: int
    folded: tuple[Any, ...]


class _Source:
    """The rows an interval is folded from: minutes below an hour, hours above."""

    def __init__(self, model: type[Model], span_ms: int, interval_ms: int, instrument_id: int) -> None:
        self._rows: QuerySet[Any] = model._default_manager.all()  # noqa: SLF001  Django's documented name
        self._span_ms = span_ms
        self._group_ms = DAY_MS if interval_ms == MONTH_MS else interval_ms
        self._offset_ms = FIRST_MONDAY_MS if interval_ms == WEEK_MS else 0
        self._base = instrument_id << CANDLE_KEY_BITS

    @classmethod
    def of(cls, minutes: type[Model], hours: type[Model], interval_ms: int, instrument_id: int) -> _Source:
        if interval_ms % HOUR_MS:
            return cls(minutes, MINUTE_MS, interval_ms, instrument_id)
        return cls(hours, HOUR_MS, interval_ms, instrument_id)

    def rows(self, start_ms: int, end_ms: int | None) -> QuerySet[Any]:
        """Rows that open in [start_ms, end_ms)."""
        last = (1 << CANDLE_KEY_BITS) - 1 if end_ms is None else -(-end_ms // self._span_ms) - 1
        return self._rows.filter(
            candle_id__gte=self._base + -(-start_ms // self._span_ms), candle_id__lte=self._base + last
        )

    def newest_before(self, open_ms: int) -> Any:
        return self.rows(0, open_ms).order_by("-candle_id").first()

    def close_before(self, wanted: Window, found: Sequence[Any], name: str) -> int:
        """What a flat candle at the window's beginning stands at; asked only when there is one, 0 for nothing."""
        if found and found[0].open_ms == wanted.first_ms:
            return 0
        closes = self.rows(0, wanted.first_ms).order_by("-candle_id").values_list(name, flat=True)
        return closes.first() or 0

    def groups(self, wanted: Window, edge_names: tuple[str, str], **folds: Max | Min | Sum) -> list[_Group]:
        """The window's candles that hold anything, ascending; days where months are wanted."""
        rows = self.rows(wanted.first_ms, wanted.end_ms)
        if self._group_ms == self._span_ms:
            return self._rows_as_groups(rows, edge_names, folds)
        place = (F("open_ns") - Value(self._offset_ms * NS_PER_MS)) / Value(self._group_ms * NS_PER_MS)
        numbered = rows.annotate(place=ExpressionWrapper(place, output_field=BigIntegerField())).values("place")
        folded = numbered.annotate(first=Min("candle_id"), last=Max("candle_id"), **folds).order_by("place")
        found = list(folded.values_list("place", "first", "last", *folds))
        keys = {key for row in found for key in row[1:3]}
        edges = {
            key: (opened, closed)
            for key, opened, closed in self._rows.filter(candle_id__in=keys).values_list("candle_id", *edge_names)
        }
        length_ms, offset_ms = self._group_ms, self._offset_ms
        return [
            _Group(
                place * length_ms + offset_ms,
                (place + 1) * length_ms + offset_ms - 1,
                edges[first][0],
                edges[last][1],
                tuple(values),
            )
            for place, first, last, *values in found
        ]

    def _rows_as_groups(
        self, rows: QuerySet[Any], edge_names: tuple[str, str], folds: dict[str, Max | Min | Sum]
    ) -> list[_Group]:
        """A row is a candle already: read along the key, nothing folded and nothing sorted."""
        columns = [fold.get_source_expressions()[0].name for fold in folds.values()]
        last_ms = self._span_ms - 1
        return [
            _Group(open_ns // NS_PER_MS, open_ns // NS_PER_MS + last_ms, opened, closed, tuple(values))
            for open_ns, opened, closed, *values in rows.order_by("candle_id").values_list(
                "open_ns", *edge_names, *columns
            )
        ]
