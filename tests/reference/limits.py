"""What single accounts are held to [RISK-001]: the most they may come to hold, and to keep open."""

from __future__ import annotations

from matcher.protocol.commands import SetAccountLimits
from matcher.protocol.events import AccountLimitsChanged
from matcher.protocol.rejects import RejectReason
from tests.reference.margin import Holding, holding
from tests.reference.state import Account, Leg, Order, RefusedError, State
from tests.reference.turn import Turn

LIMIT_MAX = 10**18
EVERYWHERE = 0
NO_LIMIT = SetAccountLimits()
LIMITS = ("max_position_notional_units", "max_position_lots", "max_open_orders")


def set_account_limits(turn: Turn, command: SetAccountLimits) -> None:
    """[RISK-001] Nothing that is open or held is touched."""
    state: State = turn.state
    state.account(command.account)
    if command.instrument:
        state.instrument(command.instrument)
    amounts = (command.max_position_notional_units, command.max_position_lots)
    if not all(0 <= amount <= LIMIT_MAX for amount in amounts):
        raise RefusedError(RejectReason.INVALID_CONFIGURATION)
    state.limits.pop((command.account, command.instrument), None)
    told = {name: getattr(command, name) for name in LIMITS}
    if any(told.values()):
        state.limits[command.account, command.instrument] = command
    turn.emit(AccountLimitsChanged, **told)


def check_open_orders(state: State, account: Account, order: Order) -> None:
    """[RISK-002] Before one more order that may open stays open."""
    if order.is_closing:
        return
    for instrument in (order.instrument, EVERYWHERE):
        most = state.limits.get((account.number, instrument), NO_LIMIT).max_open_orders
        others = [o for o in state.open_orders_of(account.number, instrument) if o is not order]
        if most and len(others) >= most:
            raise RefusedError(RejectReason.ACCOUNT_ORDERS_EXCEEDED)


def check_holding(state: State, account: Account, leg: Leg, before: Holding, after: Holding) -> None:
    """[RISK-003] What grows by an order must stay within the account's limits, of the instrument and of all."""
    held = {key: holding(account, state.instruments[key[0]], key[1]) for key in account.positions}
    held[leg] = after
    here = [h for key, h in held.items() if key[0] == leg[0]]
    alike = [h for key, h in held.items() if _asset(state, key[0]) == _asset(state, leg[0])]
    mine, all_mine = (state.limits.get((account.number, n), NO_LIMIT) for n in (leg[0], EVERYWHERE))
    if _worst_lots(after) > _worst_lots(before):
        for most, legs in ((mine.max_position_lots, here), (all_mine.max_position_lots, held.values())):
            if most and sum(_worst_lots(h) for h in legs) > most:
                raise RefusedError(RejectReason.ACCOUNT_LOTS_EXCEEDED)
    if after.exposure > before.exposure:
        for most, legs in (
            (mine.max_position_notional_units, here),
            (all_mine.max_position_notional_units, alike),
        ):
            if most and sum(h.exposure for h in legs) > most:
                raise RefusedError(RejectReason.ACCOUNT_NOTIONAL_EXCEEDED)


def _asset(state: State, instrument: int) -> int:
    return state.instruments[instrument].terms.settlement_asset


def _worst_lots(leg: Holding) -> int:
    """The most lots that resting orders can lead to."""
    return max(abs(leg.q), abs(leg.q + leg.buy_lots), abs(leg.q - leg.sell_lots))
