"""aggTrades: trades of one taker order at one price as one row, the same rows however they are asked for.

An aggregate bears the number of its first trade. A page never begins or ends within one: the trade before the
page is read too, and an aggregate that the last page read may have cut is left to the next page.
"""

from __future__ import annotations

from typing import Any

from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.common.rows import ask
from apps.fapi import formats, values
from apps.fapi.market import trade_tick
from apps.feeds.history import TAPE_TRADES
from apps.feeds.hub import get_hub
from apps.feeds.tape import aggregate
from apps.feeds.types import AggregateTick, TradeTick
from apps.instruments.types import InstrumentSpec
from apps.orders.selectors import get_trade_seqs, get_trades

PAGE_TRADES, PAGES_MAX = 1000, 20
TRADES_MAX = PAGE_TRADES * PAGES_MAX
HELD_MAX = 1_000_000


async def get_aggregate_trades(request: LaneRequest) -> LaneResponse:
    """Ascending: from `fromId` or `startTime` on, else the newest."""
    spec = await values.instrument(request.params)
    limit = values.limit(request.params, 500, 1000)
    start_ms, end_ms = values.window(request.params)
    from_id = values.integer(request.params, "fromId")
    if from_id is not None or start_ms is not None:
        ticks = await _from(spec, from_id, start_ms, end_ms, limit)
    else:
        ticks = await _newest(spec, end_ms, limit)
    return answer([_aggregate_object(spec, tick) for tick in ticks])


async def _newest(spec: InstrumentSpec, end_ms: int | None, limit: int) -> list[AggregateTick]:
    size = 2 * limit
    while True:
        trades = await _newest_trades(spec, end_ms, size)
        ticks = aggregate(await _with_seqs(trades))
        if len(trades) < size:
            return ticks[-limit:]
        whole = ticks[1:]  # the first one may have begun before what was read
        if len(whole) >= limit or size >= TRADES_MAX:
            return whole[-limit:]
        size = min(4 * size, TRADES_MAX)


async def _newest_trades(spec: InstrumentSpec, end_ms: int | None, size: int) -> list[TradeTick]:
    """So many of the tape, and what the tape does not hold from rows; fewer when there are no others."""
    trades: list[TradeTick] = []
    if end_ms is None:
        trades = get_hub().trades(spec.id, size)
        if len(trades) < TAPE_TRADES and get_hub().is_whole(spec.id):
            return trades  # fewer than a process begins with are all there are
    if len(trades) < size:
        to_id = trades[0].trade_id - 1 if trades else None
        missing = size - len(trades)
        rows = await ask(get_trades, spec.id, limit=missing, end_ns=_last_ns(end_ms), to_id=to_id)
        trades = [trade_tick(row) for row in rows] + trades
    return trades


async def _from(
    spec: InstrumentSpec, from_id: int | None, start_ms: int | None, end_ms: int | None, limit: int
) -> list[AggregateTick]:
    held = get_hub().trades(spec.id, HELD_MAX)
    start_ns, end_ns = None if start_ms is None else start_ms * formats.NS_PER_MS, _last_ns(end_ms)
    if held and (
        held[0].trade_id < from_id if from_id is not None else start_ns is not None and held[0].time_ns < start_ns
    ):
        trades, complete = [trade for trade in held if end_ns is None or trade.time_ns <= end_ns], True
    else:
        trades, complete = await _stored(spec, from_id, start_ns, end_ns, limit)
    ticks = aggregate(await _with_seqs(trades))
    wanted = [
        tick
        for tick in (ticks if complete else ticks[:-1])
        if (from_id is None or tick.aggregate_id >= from_id) and (start_ns is None or tick.time_ns >= start_ns)
    ]
    return wanted[:limit]


async def _stored(
    spec: InstrumentSpec, from_id: int | None, start_ns: int | None, end_ns: int | None, limit: int
) -> tuple[list[TradeTick], bool]:
    """Trades enough for the page and the one before it; whether they are all there are."""
    trades: list[TradeTick] = []
    if from_id:
        trades += [trade_tick(row) for row in await ask(get_trades, spec.id, limit=1, to_id=from_id - 1)]
    for _ in range(PAGES_MAX):
        rows = await ask(get_trades, spec.id, limit=PAGE_TRADES, from_id=from_id, start_ns=start_ns, end_ns=end_ns)
        trades += [trade_tick(row) for row in rows]
        if len(rows) < PAGE_TRADES:
            return trades, True
        if len(aggregate(trades)) > limit + 1:
            break
        from_id = rows[-1].trade_id + 1
    return trades, False


async def _with_seqs(trades: list[TradeTick]) -> list[TradeTick]:
    """Trades read from rows do not say which command made them: their fills do."""
    missing = [trade.trade_id for trade in trades if not trade.seq]
    if not missing:
        return trades
    seqs = await ask(get_trade_seqs, missing)
    return [trade if trade.seq else trade._replace(seq=seqs.get(trade.trade_id, 0)) for trade in trades]


def _last_ns(end_ms: int | None) -> int | None:
    return None if end_ms is None else (end_ms + 1) * formats.NS_PER_MS - 1


def _aggregate_object(spec: InstrumentSpec, tick: AggregateTick) -> dict[str, Any]:
    return {
        "a": tick.aggregate_id,
        "p": spec.price_text(tick.price_ticks),
        "q": spec.quantity_text(tick.quantity_lots),
        "f": tick.first_trade_id,
        "l": tick.last_trade_id,
        "T": formats.ms(tick.time_ns),
        "m": tick.buyer_is_maker,
    }
