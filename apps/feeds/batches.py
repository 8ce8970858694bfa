"""A batch of packed events and levels, read only where the feeds need it.

Kinds and accounts are read as columns; a record is unpacked only when its kind or account asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import numpy as np

from matcher.protocol.codec import EVENT_BYTES, EVENT_KIND_AT
from matcher.protocol.enums import EventFlag
from matcher.protocol.events import (
    EVENTS,
    Event,
    FundingSampled,
    FundingSettled,
    InstrumentDefined,
    InsuranceChanged,
    LevelChanged,
    LiquidationStep,
    MarketRulesDefined,
    MarkPriceChanged,
    OrderFilled,
    PositionMoved,
    TradingStateChanged,
)

_HEADER: np.dtype[np.void] = np.dtype(cast("Any", Event.LAYOUT.numpy_spec()))
_FILL = OrderFilled.LAYOUT.struct
_SELL, _MAKER = int(EventFlag.SELL), int(EventFlag.MAKER)
_MARKET_KINDS = frozenset(
    event.KIND
    for event in (
        FundingSampled,
        FundingSettled,
        InstrumentDefined,
        InsuranceChanged,
        MarketRulesDefined,
        MarkPriceChanged,
        PositionMoved,
        TradingStateChanged,
    )
)
_NOTHING: frozenset[int] = frozenset()
iter_levels = LevelChanged.LAYOUT.struct.iter_unpack


class Fill(NamedTuple):
    """What the market needs of an OrderFilled; `position_lots` is the party's after it."""

    seq: int
    time_ns: int
    instrument: int
    flags: int
    trade_id: int
    price_ticks: int
    quantity_lots: int
    position_lots: int

    @property
    def is_sell(self) -> bool:
        return bool(self.flags & _SELL)

    @property
    def is_maker(self) -> bool:
        return bool(self.flags & _MAKER)


_FILL_FIELDS = [OrderFilled._fields.index(name) for name in Fill._fields]  # type: ignore[attr-defined]


class Forced:
    """A liquidation's order: what it was to trade at what worst price, and what it has."""

    __slots__ = (
        "account",
        "filled_lots",
        "filled_value",
        "instrument",
        "is_sell",
        "last_lots",
        "price_ticks",
        "quantity_lots",
        "seq",
        "time_ns",
    )

    def __init__(self, step: LiquidationStep) -> None:
        self.seq, self.time_ns = step.seq, step.time_ns
        self.account, self.instrument = step.account, step.instrument
        self.is_sell = step.position_lots > 0
        self.price_ticks, self.quantity_lots = step.bankruptcy_ticks, step.quantity_lots
        self.filled_lots = self.filled_value = self.last_lots = 0

    def take(self, fill: OrderFilled) -> None:
        """Count a fill when it is one of this order; `filled_value` is price_ticks x lots."""
        if fill.flags & _MAKER or not fill.flags & EventFlag.LIQUIDATION or fill.account != self.account:
            return
        self.last_lots = fill.quantity_lots
        self.filled_lots += fill.quantity_lots
        self.filled_value += fill.price_ticks * fill.quantity_lots


class Batch:
    """What one EVENTS frame holds; `first_seq` and `last_seq` are its commands'. Of the journal's no levels are known."""

    __slots__ = ("_traded", "events", "first_seq", "kinds", "last_seq", "levels")

    def __init__(self, first_seq: int, last_seq: int, events: bytes, levels: bytes | None) -> None:
        self.first_seq, self.last_seq = first_seq, last_seq
        self.events, self.levels = bytes(events), levels
        self.kinds = self.events[EVENT_KIND_AT::EVENT_BYTES]
        self._traded: frozenset[int] | None = None

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.events) + len(self.kinds) + len(self.levels or b"")

    @property
    def time_ns(self) -> int:
        """Engine time of the last event; 0 in an empty batch."""
        if not self.kinds:
            return 0
        return Event.unpack(self.events, len(self.events) - EVENT_BYTES).time_ns

    def accounts(self) -> tuple[list[int], list[int]]:
        """The account and the sequence of every event."""
        rows = np.frombuffer(self.events, _HEADER)
        return rows["account"].tolist(), rows["seq"].tolist()

    @property
    def traded(self) -> frozenset[int]:
        """Instruments that traded; looked for once, so that a long history is searched for one of them in no time."""
        if self._traded is None:
            self._traded = _NOTHING
            if OrderFilled.KIND in self.kinds:
                fills = np.frombuffer(self.kinds, np.uint8) == OrderFilled.KIND
                self._traded = frozenset(np.frombuffer(self.events, _HEADER)["instrument"][fills].tolist())
        return self._traded

    def count_of(self, account: int) -> int:
        """Events of an account, those aside in which it is the other one."""
        return int(np.count_nonzero(np.frombuffer(self.events, _HEADER)["account"] == account))

    def other_accounts(self) -> dict[int, int]:
        """By place: the second account of events that move money between two."""
        found: dict[int, int] = {}
        at = self.kinds.find(InsuranceChanged.KIND)
        while at >= 0:
            source: int = InsuranceChanged.unpack(self.events, at * EVENT_BYTES).source_account
            if source:
                found[at] = source
            at = self.kinds.find(InsuranceChanged.KIND, at + 1)
        return found

    def forced(self) -> Iterator[Forced]:
        """Every liquidation step that traded, with what its order did, in order."""
        if LiquidationStep.KIND not in self.kinds:
            return
        step: Forced | None = None
        for at, kind in enumerate(self.kinds):
            if kind == LiquidationStep.KIND:
                if step is not None and step.filled_lots:
                    yield step
                step = Forced(LiquidationStep.unpack(self.events, at * EVENT_BYTES))
            elif kind == OrderFilled.KIND and step is not None:
                step.take(OrderFilled.unpack(self.events, at * EVENT_BYTES))
        if step is not None and step.filled_lots:
            yield step

    def fills(self) -> Iterator[Fill]:
        """Every OrderFilled, both halves of each trade, in order."""
        at = self.kinds.find(OrderFilled.KIND)
        while at >= 0:
            row = _FILL.unpack_from(self.events, at * EVENT_BYTES)
            yield Fill(*[row[field] for field in _FILL_FIELDS])
            at = self.kinds.find(OrderFilled.KIND, at + 1)

    def of_kinds(self, kinds: frozenset[int]) -> Iterator[Event]:
        """The events of these kinds, in order."""
        if kinds.isdisjoint(self.kinds):
            return
        for at, kind in enumerate(self.kinds):
            if kind in kinds:
                yield EVENTS[kind].unpack(self.events, at * EVENT_BYTES)

    def market_events(self) -> Iterator[Event]:
        """Marks, definitions, trading states, funding, insurance and moved positions, in order."""
        return self.of_kinds(_MARKET_KINDS)

    def event(self, at: int) -> Event:
        """The `at`-th event, whole."""
        return EVENTS[self.kinds[at]].unpack(self.events, at * EVENT_BYTES)
