"""What a new or amended order may bind: exposure, cost and margin before it is accepted."""

from __future__ import annotations

from dataclasses import replace

from matcher.protocol.rejects import RejectReason
from tests.reference import limits, positions
from tests.reference.groups import Shift, cross_group, standing
from tests.reference.margin import exposure_cap_units, exposure_units, holding
from tests.reference.state import Account, Instrument, Position, RefusedError, State

COST_MAX_UNITS = 4 * 10**18
Joining = tuple[int, int, int]  # side, price in ticks, lots of an order that joins the holding


def check_margin(
    state: State, account: Account, instrument: Instrument, position_side: int, *, old: Joining, new: Joining
) -> None:
    """The pre-trade check: the state after the worst-case fill must be allowed and covered.

    The order counts together with all others and also alone: another order's better price is not set
    off against this one's open loss. [MAR-005] Of an isolated leg its orders' margin alone is cross.
    """
    before = holding(account, instrument, position_side)
    side, old_price, old_lots = old
    after = before.with_order(side, old_price, -old_lots).with_order(*new)
    limits.check_holding(state, account, (instrument.number, position_side), before, after)
    cap = exposure_cap_units(instrument, before.leverage)
    exposure = exposure_units(account, instrument) - before.exposure + after.exposure
    if after.exposure > before.exposure and exposure > cap:
        raise RefusedError(RejectReason.POSITION_LIMIT_EXCEEDED)
    if abs(after.cost) + after.value(side) * after.k > COST_MAX_UNITS:
        raise RefusedError(RejectReason.POSITION_LIMIT_EXCEEDED)
    is_isolated = account.is_isolated(instrument.number)
    name = "order_margin" if is_isolated else "requirement"
    had = max(getattr(holding, name) for holding in (before, before.with_order_alone(*old)))
    need = max(getattr(holding, name) for holding in (after, before.with_order_alone(*new)))
    asset = instrument.terms.settlement_asset
    what_if = Shift(
        requirement_asset=asset,
        requirement=need - getattr(before, name),
        losses_only=not instrument.rules.profit_opens,  # [MAR-006]
    )
    then = standing(state, cross_group(account, asset), what_if)
    if need > had and then.requirement > then.equity:
        raise RefusedError(RejectReason.MARGIN_INSUFFICIENT)
    if is_isolated and not _stands_alone(state, account, instrument, position_side, new):
        raise RefusedError(RejectReason.MARGIN_INSUFFICIENT)


def _stands_alone(state: State, account: Account, instrument: Instrument, position_side: int, order: Joining) -> bool:
    """[MAR-005] Whether the isolated leg is flat or above maintenance once this order alone is filled at its price."""
    side, price, lots = order
    position = replace(account.positions.get((instrument.number, position_side), Position()))
    positions.fill_isolated(state, account, instrument, position, positions.Deal(side, lots, price))
    filled = holding(account, instrument, position_side).but(q=position.lots, cost=position.cost_units)
    return not position.lots or position.isolated_units + filled.unrealized_pnl > filled.maintenance
