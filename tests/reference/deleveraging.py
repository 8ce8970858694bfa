"""The auto-deleveraging queue of an instrument: who is ranked where, and moves between two legs."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.protocol.enums import MoveCause
from matcher.protocol.events import PositionMoved
from matcher.protocol.rejects import EndReason
from tests.reference import groups, lifecycle, matching, positions
from tests.reference.funding import clamp, legs_in
from tests.reference.positions import Deal
from tests.reference.state import Account, Instrument, Leg, State
from tests.reference.turn import Turn

Party = tuple[Account, Leg]
RETURN_MAX_PPB = 10**12
EFFECTIVE_LEVERAGE_MAX = 10**6


@dataclass(frozen=True)
class Place:
    """A leg's place among those of its sign; rank 1 goes first."""

    account: Account
    leg: Leg
    score: int
    rank: int
    holders: int


def ranking(state: State, instrument: Instrument, *, longs: bool) -> list[Place]:
    """[LIQ-007] The instrument's long or short legs: highest score first, then account, then side."""
    legs = [(a, leg) for a, leg in legs_in(state, instrument) if (a.lots(leg) > 0) == longs]
    scored = sorted(legs, key=lambda held: (-_score(state, *held), held[0].number, held[1]))
    return [Place(a, leg, _score(state, a, leg), rank, len(legs)) for rank, (a, leg) in enumerate(scored, 1)]


def places(state: State, instrument: Instrument) -> list[Place]:
    return ranking(state, instrument, longs=True) + ranking(state, instrument, longs=False)


def _score(state: State, account: Account, leg: Leg) -> int:
    """[LIQ-007] Return on cost times effective leverage; a loss is divided by it."""
    held = groups.held(state, account, leg)
    effective = _effective_leverage(state, account, leg)
    cost = abs(held.cost) or 1
    gain = min(abs(held.unrealized_pnl) * 10**9 // cost, RETURN_MAX_PPB)
    return gain * effective if held.unrealized_pnl > 0 else -(gain * 10**3 // effective)


def _effective_leverage(state: State, account: Account, leg: Leg) -> int:
    """Notional over the group's equity, in thousandths."""
    group = groups.group_of(state, account, leg)
    equity = groups.standing(state, group).equity
    if equity <= 0:
        return EFFECTIVE_LEVERAGE_MAX
    notional = groups.held(state, account, leg).notional
    if group.is_pooled:
        notional = groups.burden_of(state.houses[state.instruments[leg[0]].terms.settlement_asset], notional)
    return clamp(notional * 10**3 // equity, 1, EFFECTIVE_LEVERAGE_MAX)


def deleverage(turn: Turn, account: Account, leg: Leg, lots: int, price: int) -> None:
    """[LIQ-007] The queue of the other sign takes `lots` of the leg at `price`."""
    for place in ranking(turn.state, turn.state.instruments[leg[0]], longs=account.lots(leg) < 0):
        if not lots:
            return
        others = turn.state.resting_orders_of(place.account.number, leg[0])
        lifecycle.cancel_each(turn, others, EndReason.DELEVERAGED)
        moved = min(lots, abs(place.account.lots(place.leg)))
        exchange(turn, (account, leg), (place.account, place.leg), moved, price, place=place)
        lots -= moved
    assert not lots, f"nobody left to deleverage: instrument {leg[0]}"


def exchange(turn: Turn, giver: Party, taker: Party, lots: int, price: int, *, place: Place | None = None) -> None:
    """`lots` of the giver's leg go to the taker's without an order: two moves, then the rules of both legs."""
    side = matching.closing_side(giver[0].lots(giver[1]))
    assert side is not None
    told = {"detail": MoveCause.DELEVERAGED if place else MoveCause.TAKEN_OVER}
    if place:
        told |= {"rank": place.rank, "score": place.score}
    move(turn, giver, Deal(side, lots, price), releases=False, counterparty=taker[0].number, **told)
    move(turn, taker, Deal(1 - side, lots, price), counterparty=giver[0].number, **told)
    for account, leg in (giver, taker):
        matching.leg_changed(turn, turn.state.instruments[leg[0]], account, leg[1])


def move(turn: Turn, party: Party, deal: Deal, *, releases: bool = True, **told: int) -> None:
    """One party's half: PositionMoved, and IsolatedMarginChanged of an isolated leg."""
    account, leg = party
    instrument = turn.state.instruments[leg[0]]
    change = positions.move(turn, account, instrument, leg[1], deal, releases=releases)
    turn.emit(
        PositionMoved,
        account.number,
        instrument.number,
        flags=change.flags,
        price_ticks=deal.price,
        quantity_lots=deal.lots,
        realized_pnl_units=change.realized,
        position_lots=change.position.lots,
        position_cost_units=change.position.cost_units,
        wallet_units=change.wallet,
        isolated_units=change.position.isolated_units,
        **told,
    )
    positions.tell_margins(turn, account, instrument, leg[1], change)
