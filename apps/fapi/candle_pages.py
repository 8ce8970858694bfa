"""Pages of candles out of memory: a closed candle never changes, so it is read and encoded once.

Closed candles come from rows, and of trades from the hub as they close; only what may still change is added to each
page: the hub's open candle of trades, the rows' newest candles of prices, asked again when a newer price was seen.
A page this memory does not reach is None: then the rows answer. Bounded in series and in candles of each.
"""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from apps.common.intervals import INTERVALS, next_open, open_of
from apps.common.lane import Encode, LaneResponse
from apps.common.rows import ask
from apps.feeds.candles import CandleSeries
from apps.feeds.hub import FeedHub, get_hub
from apps.feeds.market import Market
from apps.instruments.types import InstrumentSpec
from apps.marketdata.selectors import get_candles, get_premium_candles, get_price_candles
from apps.projection.selectors import get_position

Kind = Literal["trade", "mark", "index", "premium"]
DEPTHS = (100, 500, 1500)  # candles a series is filled with
KEPT_MAX, DROPPED = 2000, 500
SERIES_MAX = 128
TRUSTED_S = 300.0  # then the rows are read anew: somebody may have rebuilt them
NS_PER_MS = 1_000_000


class Asked(NamedTuple):
    """A question for candles; `start_ms` wins over the newest."""

    spec: InstrumentSpec
    interval: str
    start_ms: int | None
    end_ms: int | None
    limit: int

    def depth(self, newest_ms: int) -> int:
        """How many candles back from the one that opens at `newest_ms` the page reaches, at most the deepest."""
        span_ms = INTERVALS[self.interval]
        if self.start_ms is not None:
            reach = (newest_ms - self.start_ms) // span_ms + 2
        else:
            end_ms = newest_ms if self.end_ms is None else min(self.end_ms, newest_ms)
            reach = self.limit + (newest_ms - end_ms) // span_ms + 2
        return next((depth for depth in DEPTHS if depth >= reach), DEPTHS[-1])


class Form(NamedTuple):
    """How a surface writes a candle: `pack` gives what is encoded, `name` tells forms apart."""

    name: str
    pack: Callable[[InstrumentSpec, Any], Any]


class Piece(NamedTuple):
    """One encoded candle."""

    open_ms: int
    body: bytes


class Series:
    """Closed candles of one instrument, kind, interval and form, ascending, without holes; and the tail read last."""

    __slots__ = ("asked_s", "bodies", "depth", "filled_s", "lock", "next_ms", "opens", "tail", "tail_of", "whole")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.opens: list[int] = []
        self.bodies: list[bytes] = []
        self.next_ms = 0  # where the candle after the last closed one opens; 0: nothing closed is held
        self.depth = 0
        self.whole = False  # nothing older exists
        self.filled_s = self.asked_s = float("-inf")
        self.tail: list[Piece] = []
        self.tail_of = (-1, -1)  # (sequence of the rows, open of the newest candle)

    def holds(self, depth: int) -> bool:
        return (self.whole or self.depth >= depth) and time.monotonic() - self.filled_s < TRUSTED_S

    def put(self, pieces: Sequence[Piece], next_ms: int) -> None:
        """Add closed candles that follow the last one."""
        self.opens += [piece.open_ms for piece in pieces]
        self.bodies += [piece.body for piece in pieces]
        self.next_ms = next_ms
        if len(self.opens) > KEPT_MAX:
            surplus = len(self.opens) - KEPT_MAX + DROPPED
            del self.opens[:surplus], self.bodies[:surplus]
            self.whole = False

    def refill(self, pieces: Sequence[Piece], next_ms: int, depth: int, *, whole: bool) -> None:
        self.opens, self.bodies = [], []
        self.depth, self.whole, self.filled_s = depth, whole, time.monotonic()
        self.put(pieces, next_ms)

    def page(self, asked: Asked, tail: Sequence[Piece]) -> list[bytes] | None:
        """The candles asked for; `tail` follows the closed ones. None for a page that begins before them."""
        start_ms, end_ms, limit = asked.start_ms, asked.end_ms, asked.limit
        stop = len(self.opens)
        if end_ms is not None:
            stop = bisect_right(self.opens, end_ms)
            tail = [piece for piece in tail if piece.open_ms <= end_ms]
        if start_ms is None:
            first = stop + len(tail) - limit
            if first < 0 and not self.whole:
                return None
            return [*self.bodies[max(0, first) : stop], *(piece.body for piece in tail)][-limit:]
        if not self.whole and (not self.opens or start_ms < self.opens[0]):
            return None
        first = bisect_left(self.opens, start_ms)
        found = self.bodies[first : min(stop, first + limit)]
        return [*found, *(piece.body for piece in tail if piece.open_ms >= start_ms)][:limit]


Key = tuple[str, Kind, int, str]
_shelf: tuple[FeedHub, OrderedDict[Key, Series]] | None = None


def _series(hub: FeedHub, key: Key) -> Series:
    """The series of that name; the one longest unread makes room for a new one. Another hub begins empty."""
    global _shelf
    if _shelf is None or _shelf[0] is not hub:
        _shelf = (hub, OrderedDict())
    kept = _shelf[1]
    found = kept.get(key)
    if found is None:
        found = kept[key] = Series()
        if len(kept) > SERIES_MAX:
            kept.popitem(last=False)
    else:
        kept.move_to_end(key)
    return found


def listed(bodies: Sequence[bytes]) -> LaneResponse:
    """A JSON array of encoded candles."""
    return LaneResponse(b"[" + b",".join(bodies) + b"]")


# trades


async def trade_page(asked: Asked, form: Form) -> list[bytes] | None:
    """Candles of trades with the open one. Raises as FeedHub.market does, and LaneError as `ask` does."""
    hub, spec, interval = get_hub(), asked.spec, asked.interval
    series = _series(hub, (form.name, "trade", spec.id, interval))
    for last in (False, True):
        live, market = hub.candle(spec.id, interval), hub.market(spec.id)
        if live is None or not market.is_whole:
            return None
        depth = asked.depth(live.open_ms)
        if series.holds(depth) and _continue(series, market.candles.series[interval], spec, form):
            return series.page(asked, [_piece(spec, live, form)])
        if last:
            break
        async with series.lock:
            if not (series.holds(depth) and _continue(series, market.candles.series[interval], spec, form)):
                await _fill_trades(series, asked, form, depth, live.open_ms)
    return None


def _piece(spec: InstrumentSpec, row: Any, form: Form) -> Piece:
    return Piece(row.open_ms, Encode(form.pack(spec, row)))


def _continue(series: Series, told: CandleSeries, spec: InstrumentSpec, form: Form) -> bool:
    """Take what closed in the hub since; whether the open candle follows now.

    A candle of which the hub itself read a part from rows is left to the rows.
    """
    assert told.current is not None
    live_ms = told.current.open_ms
    if series.next_ms == live_ms:
        return True
    if series.next_ms > live_ms or series.next_ms <= told.loaded_ms:
        return False
    fresh = []
    for candle in reversed(told.closed):
        if candle.open_ms < series.next_ms:
            break
        fresh.append(candle)
    fresh.reverse()
    opens = [*(candle.open_ms for candle in fresh), live_ms]
    if opens[0] != series.next_ms or any(
        next_open(INTERVALS[told.interval], one) != two for one, two in pairwise(opens)
    ):
        return False
    series.put([_piece(spec, candle.image(), form) for candle in fresh], live_ms)
    return True


async def _fill_trades(series: Series, asked: Asked, form: Form, depth: int, live_ms: int) -> None:
    """Closed candles from rows, as far as the rows have come for sure."""
    spec, interval = asked.spec, asked.interval

    def read() -> tuple[list[Piece], bool, int]:
        end_ms = min(open_of(INTERVALS[interval], get_position()[1] // NS_PER_MS), live_ms)
        rows = get_candles(spec.id, INTERVALS[interval], None, live_ms - 1, depth)
        closed = [_piece(spec, row, form) for row in rows if row.open_ms < end_ms]
        return closed, len(rows) < depth, next_open(INTERVALS[interval], closed[-1].open_ms) if closed else end_ms

    closed, whole, next_ms = await ask(read)
    series.refill(closed, next_ms, depth, whole=whole)


# prices


async def price_page(kind: Literal["mark", "index", "premium"], asked: Asked, form: Form) -> list[bytes] | None:
    """Candles of a price up to this moment. Raises LaneError as `ask` does."""
    hub, interval = get_hub(), asked.interval
    if not hub.knows(asked.spec.id):
        return None
    market = hub.market(asked.spec.id)
    series = _series(hub, (form.name, kind, asked.spec.id, interval))
    arrived_s, now_ms = time.monotonic(), time.time_ns() // NS_PER_MS
    newest_ms = open_of(INTERVALS[interval], now_ms)
    depth = asked.depth(newest_ms)
    if not _is_current(series, kind, market, depth, newest_ms):
        async with series.lock:
            read_since = series.asked_s >= arrived_s and series.holds(depth) and series.tail_of[1] >= newest_ms
            if not read_since and not _is_current(series, kind, market, depth, newest_ms):
                await _read_prices(series, kind, asked, form, depth)
    return series.page(asked, series.tail)


def _is_current(series: Series, kind: Kind, market: Market, depth: int, newest_ms: int) -> bool:
    """Whether the rows, when they were read, had everything the hub has seen since."""
    seen_seq = market.rules_seq if kind == "premium" else market.price_seq
    seq, tail_ms = series.tail_of
    return series.holds(depth) and seq >= seen_seq and tail_ms == newest_ms


async def _read_prices(series: Series, kind: Kind, asked: Asked, form: Form, depth: int) -> None:
    """The newest candles from rows: all of them, or those behind the closed ones held."""
    spec, interval = asked.spec, asked.interval
    from_ms = series.next_ms if series.next_ms and series.holds(depth) and len(series.tail) < DEPTHS[0] else None
    now_ms = time.time_ns() // NS_PER_MS

    def read() -> tuple[int, int, list[Piece]]:
        seq, time_ns = get_position()
        rows = _price_rows(kind, spec.id, INTERVALS[interval], from_ms, DEPTHS[-1] if from_ms else depth, now_ms)
        sealed_ms = open_of(INTERVALS[interval], time_ns // NS_PER_MS)
        if kind == "premium":  # slots rise, but one may be sampled late
            sealed_ms = max((row.open_ms for row in rows if row.sample_count), default=0)
        return seq, sealed_ms, [_piece(spec, row, form) for row in rows]

    series.asked_s = time.monotonic()
    seq, sealed_ms, pieces = await ask(read)
    closed = [piece for piece in pieces[:-1] if piece.open_ms < sealed_ms]
    next_ms = next_open(INTERVALS[interval], closed[-1].open_ms) if closed else from_ms or 0
    if from_ms is None:
        series.refill(closed, next_ms, depth, whole=len(pieces) < depth)
    else:
        series.put(closed, next_ms)
    series.tail, series.tail_of = pieces[len(closed) :], (seq, open_of(INTERVALS[interval], now_ms))


def _price_rows(  # noqa: PLR0917 -- the words of a candle question, in their usual order
    kind: Kind, instrument_id: int, span_ms: int, start_ms: int | None, limit: int, now_ms: int
) -> Sequence[Any]:
    if kind == "premium":
        return get_premium_candles(instrument_id, span_ms, start_ms=start_ms, limit=limit, now_ms=now_ms)
    price: Literal["mark", "index"] = "mark" if kind == "mark" else "index"
    return get_price_candles(instrument_id, price, span_ms, start_ms=start_ms, limit=limit, now_ms=now_ms)
