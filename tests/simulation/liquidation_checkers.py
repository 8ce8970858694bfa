"""Liquidation judged from outside: who had to go went, who was healthy stayed, those after them in their order.

Healths are recomputed by the twin's formulas from the twin's state; events are those both engines agreed on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from matcher.protocol.codec import decode_answer
from matcher.protocol.commands import KNOWN_VERSIONS, SetMarkPrice, Sweep
from matcher.protocol.enums import EventFlag, MoveCause
from matcher.protocol.events import (
    AssetConverted,
    InsuranceChanged,
    LiquidationStarted,
    LiquidationStep,
    OrderFilled,
    OrderTriggered,
    PositionMoved,
    SweepDone,
)
from matcher.protocol.views import Query, QueryKind
from tests.reference.engine import ReferenceEngine
from tests.reference.groups import Group, Shift, group_of, groups_of, legs_held, standing
from tests.reference.liquidation import is_liquidatable
from tests.reference.state import State
from tests.simulation.checkers import own
from tests.simulation.workload import leg_of

VERSION_AT = 31
Name = tuple[int, int, int, int]  # account, asset, instrument, position side: what names a margin group


@dataclass
class LiquidationOfficer:
    """Watches SetMarkPrice and Sweep."""

    liquidated: int = 0
    deleveraged: int = 0
    taken_over: int = 0
    prices: int = 0
    expected: dict[Name, int] | None = field(default=None)

    def before(self, twin: ReferenceEngine, raw: bytes) -> None:
        """Who must go: the same command told to a copy as one of version 1, which liquidates nobody."""
        self.expected = None
        if raw[30] not in (SetMarkPrice.KIND, Sweep.KIND) or raw[VERSION_AT] not in KNOWN_VERSIONS[1:]:
            return
        copy = ReferenceEngine.restore(twin.snapshot())
        quiet = bytearray(raw)
        quiet[VERSION_AT] = 1
        copy.process(bytes(quiet))
        state = copy._state
        groups = [g for account in state.accounts.values() for g in groups_of(state, account)]
        self.expected = {_name(g): standing(state, g).equity for g in groups if is_liquidatable(state, g)}

    def after(self, state: State, events: list[Any]) -> None:
        self._judge_deleveraging(events)
        if self.expected is None:
            return
        self._nobody_healthy_went(own(events))
        self._nobody_is_left(state, own(events))

    def _nobody_healthy_went(self, events: list[Any]) -> None:
        """Untouched so far in this command, a liquidated group must be one of those expected, as poor as expected."""
        assert self.expected is not None
        touched: set[int] = set()
        for event in events:
            if isinstance(event, LiquidationStarted):
                self.liquidated += 1
                assert event.maintenance_units >= event.equity_units, "somebody healthy was liquidated"
                _, _, side = leg_of(event)
                asset = 0 if event.flags & EventFlag.ISOLATED else event.asset
                name = (event.account, asset, event.instrument, side)
                if event.account not in touched:
                    assert self.expected.get(name) == event.equity_units, "somebody was liquidated who had no need to"
            elif isinstance(event, OrderFilled | PositionMoved | AssetConverted):
                touched.add(event.account)
            elif isinstance(event, InsuranceChanged):
                touched |= {event.account, event.source_account}

    def _nobody_is_left(self, state: State, events: list[Any]) -> None:
        if any(isinstance(event, OrderTriggered) for event in events) or not events or events[0].reason:
            return
        number = next((e.instrument for e in events if isinstance(e, SweepDone)), events[0].instrument)
        everyone = [g for account in state.accounts.values() for g in groups_of(state, account)]
        for group in everyone:
            holds = number == 0 or any(leg[0] == number for leg in legs_held(state, group))
            assert not (holds and is_liquidatable(state, group)), f"account {group.account.number} is left liquidatable"

    def _judge_deleveraging(self, events: list[Any]) -> None:
        """Within one step ranks rise one by one and scores fall; both halves of a move say the same."""
        rank, score = 0, 0
        moves: list[PositionMoved] = []
        for event in events:
            if isinstance(event, LiquidationStep):
                rank, score, moves = 0, 2**63, []
            elif isinstance(event, PositionMoved) and event.detail == MoveCause.TAKEN_OVER:
                self.taken_over += 1
            elif isinstance(event, PositionMoved) and event.detail == MoveCause.DELEVERAGED:
                moves.append(event)
                if len(moves) % 2:
                    assert event.rank == rank + 1, "somebody was passed over in deleveraging"
                    assert event.score <= score, "deleveraged against the order of scores"
                    rank, score = event.rank, event.score
                    self.deleveraged += 1
                else:
                    one = moves[-2]
                    same = (one.rank, one.score, one.quantity_lots, one.price_ticks)
                    assert same == (event.rank, event.score, event.quantity_lots, event.price_ticks)
                    assert (one.flags ^ event.flags) & EventFlag.SELL, "both halves of a move have one side"

    def check_prices(self, state: State, engine: Any) -> None:
        """At the liquidation price that is shown the group is liquidatable, one tick better it is not."""
        for number, account in state.accounts.items():
            answer = engine.query(Query(kind=QueryKind.ACCOUNT, account=number).pack())
            for view in decode_answer(answer)[2]:
                if view.position_lots and state.instruments[view.instrument].mark_ticks:
                    self._check_price(state, group_of(state, account, (view.instrument, view.position_side)), view)

    def _check_price(self, state: State, group: Group, view: Any) -> None:
        def is_poor(mark: int) -> bool:
            now = standing(state, group, Shift(instrument=view.instrument, mark=mark))
            return now.maintenance >= now.equity

        self.prices += 1
        most = state.instruments[view.instrument].terms.max_price_ticks
        worst, better = (1, 1) if view.position_lots > 0 else (most, -1)
        shown = view.liquidation_ticks
        if not shown:
            assert not is_poor(worst), "a liquidation price is missing"
            return
        assert is_poor(shown), "not liquidatable at the liquidation price shown"
        beyond = shown + better
        is_bounded = group.is_pooled or view.position_side  # by the mark: when due there it shows the mark [MAR-013]
        if 1 <= beyond <= most and not (is_bounded and shown == view.mark_ticks):
            assert not is_poor(beyond), "liquidatable one tick before the liquidation price shown"


def _name(group: Group) -> Name:
    if group.leg:
        return group.account.number, 0, *group.leg
    return group.account.number, group.asset, 0, 0
