"""Candles made anew from the stored trades, to hold the projected ones against, or to replace them.

Candles come from the event stream and are never corrected; the trades stand in other rows of the same stream, so
both must say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction

from apps.marketdata.models import CANDLE_KEY_BITS, MINUTE_NS, Candle, HourCandle, TradedCandle
from apps.orders.selectors import get_trades
from apps.orders.types import TradeRow
from matcher.protocol.enums import Side
from matcher.protocol.units import HOUR_NS

PAGE = 5000
SPANS: tuple[tuple[type[TradedCandle], int], ...] = ((Candle, MINUTE_NS), (HourCandle, HOUR_NS))


@dataclass(frozen=True, slots=True)
class Difference:
    """A candle that its trades do not make: what stands there, and what should (None: nothing)."""

    table: str
    candle_id: int
    stands: dict[str, int] | None
    should: dict[str, int] | None


def candles_of(instrument_id: int, span_ns: int) -> Iterator[dict[str, int]]:
    """Every candle that holds a trade, oldest first, as columns."""
    for span, trades in groupby(_trades(instrument_id), key=lambda trade: trade.time_ns // span_ns):
        yield _candle(instrument_id, span, span_ns, list(trades))


def _candle(instrument_id: int, span: int, span_ns: int, trades: list[TradeRow]) -> dict[str, int]:
    prices = [trade.price_ticks for trade in trades]
    bought = [trade for trade in trades if trade.taker_side == Side.BUY]
    return {
        "candle_id": instrument_id << CANDLE_KEY_BITS | span,
        "instrument_id": instrument_id,
        "open_ns": span * span_ns,
        "open_ticks": prices[0],
        "high_ticks": max(prices),
        "low_ticks": min(prices),
        "close_ticks": prices[-1],
        "volume_lots": sum(trade.quantity_lots for trade in trades),
        "quote_units": sum(trade.quote_units for trade in trades),
        "taker_buy_lots": sum(trade.quantity_lots for trade in bought),
        "taker_buy_quote_units": sum(trade.quote_units for trade in bought),
        "trade_count": len(trades),
        "first_trade_id": trades[0].trade_id,
        "last_trade_id": trades[-1].trade_id,
    }


def _trades(instrument_id: int) -> Iterator[TradeRow]:
    """All of an instrument, by number, a page at a time."""
    from_id = 0
    while True:
        page = get_trades(instrument_id, limit=PAGE, from_id=from_id)
        yield from page
        if len(page) < PAGE:
            return
        from_id = page[-1].trade_id + 1


def differences(instrument_id: int) -> Iterator[Difference]:
    """Where the stored candles and the trades disagree."""
    for model, span_ns in SPANS:
        table, names = model._meta.db_table, [field.name for field in model._meta.concrete_fields]  # noqa: SLF001
        stored = _stored(model, instrument_id, names)
        made = candles_of(instrument_id, span_ns)
        stands, should = next(stored, None), next(made, None)
        while stands is not None or should is not None:
            key = min(row["candle_id"] for row in (stands, should) if row is not None)
            left = stands if stands is not None and stands["candle_id"] == key else None
            right = should if should is not None and should["candle_id"] == key else None
            if left != right:
                yield Difference(table, key, left, right)
            stands = next(stored, None) if left is not None else stands
            should = next(made, None) if right is not None else should


def _stored(model: type[TradedCandle], instrument_id: int, names: list[str]) -> Iterator[dict[str, int]]:
    base = instrument_id << CANDLE_KEY_BITS
    rows = model._default_manager.filter(candle_id__gte=base, candle_id__lt=base + (1 << CANDLE_KEY_BITS))  # noqa: SLF001
    yield from rows.order_by("candle_id").values(*names).iterator(chunk_size=PAGE)


def rebuild(instrument_id: int) -> int:
    """Replace the instrument's candles by those its trades make; how many rows were wrong.

    Run it while no projector writes: what is traded meanwhile would be counted in one of the two only.
    """
    with transaction.atomic():
        wrong = list(differences(instrument_id))
        for model, _ in SPANS:
            mine = [found for found in wrong if found.table == model._meta.db_table]  # noqa: SLF001
            model._default_manager.filter(candle_id__in=[found.candle_id for found in mine]).delete()  # noqa: SLF001
            model._default_manager.bulk_create(  # noqa: SLF001
                [model(**found.should) for found in mine if found.should is not None], batch_size=PAGE
            )
    return len(wrong)
