"""Price-time matching, fills and the reduce_only rule of docs/engine.md."""

from __future__ import annotations

from matcher.protocol.enums import EventFlag, OrderStatus, SelfTradePrevention, Side
from matcher.protocol.events import OrderAmended, OrderCanceled, OrderExpired, OrderFilled
from matcher.protocol.rejects import EndReason
from matcher.protocol.units import PPB, PPM
from tests.reference.keys import order_ended
from tests.reference.margin import ceil_div, fee_rate_ppb
from tests.reference.state import Account, Instrument, Order, State
from tests.reference.turn import Turn

STOPS_TAKER = (SelfTradePrevention.EXPIRE_TAKER, SelfTradePrevention.EXPIRE_BOTH)
EXPIRES_MAKER = (SelfTradePrevention.EXPIRE_MAKER, SelfTradePrevention.EXPIRE_BOTH)


def crosses(side: int, limit_ticks: int, opposite_ticks: int) -> bool:
    """Whether an order of `side` limited at `limit_ticks` may trade at `opposite_ticks`."""
    return opposite_ticks <= limit_ticks if side == Side.BUY else opposite_ticks >= limit_ticks


def reachable(instrument: Instrument, side: int, limit_ticks: int) -> list[Order]:
    """Resting orders an order of `side` may trade with, best first."""
    return [o for o in instrument.resting(1 - side) if crosses(side, limit_ticks, o.price_ticks)]


def market_bound_ticks(instrument: Instrument, side: int) -> int:
    mark = instrument.mark_ticks
    away = mark * instrument.terms.market_band_ppm // PPM
    return mark + away if side == Side.BUY else max(1, mark - away)


def market_reach_ticks(instrument: Instrument, side: int, lots: int) -> int:
    """Price of the last level a MARKET order of `lots` would reach within its bound; 0 for an empty side."""
    price = 0
    for order in reachable(instrument, side, market_bound_ticks(instrument, side)):
        if lots <= 0:
            break
        price = order.price_ticks
        lots -= order.leaves_lots
    return price


def same_group(state: State, one: Order, other: Order) -> bool:
    return state.accounts[one.account].group == state.accounts[other.account].group


def is_fillable(state: State, instrument: Instrument, taker: Order) -> bool:
    """FOK's test: enough lots up to the limit that neither self-trade prevention nor a reduce_only cut can take away."""
    found = 0
    for maker in reachable(instrument, taker.side, taker.price_ticks):
        if taker.self_trade_prevention != SelfTradePrevention.NONE and same_group(state, taker, maker):
            if taker.self_trade_prevention in STOPS_TAKER:
                break
            continue
        if not maker.is_reduce_only:
            found += maker.leaves_lots
    return found >= taker.quantity_lots


def rest(turn: Turn, instrument: Instrument, order: Order) -> None:
    """Put the order behind all orders of the same or a better price."""
    queue = instrument.resting(order.side)
    at = sum(1 for o in queue if crosses(1 - order.side, order.price_ticks, o.price_ticks))
    queue.insert(at, order)
    turn.level_changed(instrument, order.side, order.price_ticks)


def unrest(turn: Turn, instrument: Instrument, order: Order) -> None:
    instrument.resting(order.side).remove(order)
    turn.level_changed(instrument, order.side, order.price_ticks)


def cancel(turn: Turn, instrument: Instrument, order: Order, reason: int = 0) -> None:
    unrest(turn, instrument, order)
    turn.emit_image(OrderCanceled, order, OrderStatus.CANCELED, reason)
    order_ended(turn, order, OrderStatus.CANCELED)


def match(turn: Turn, instrument: Instrument, taker: Order, limit_ticks: int) -> bool:
    """Trade the taker against the book up to its limit; True when self-trade prevention stopped it."""
    while taker.leaves_lots:
        makers = reachable(instrument, taker.side, limit_ticks)
        if not makers:
            break
        maker = makers[0]
        if taker.self_trade_prevention != SelfTradePrevention.NONE and same_group(turn.state, taker, maker):
            if taker.self_trade_prevention in EXPIRES_MAKER:
                unrest(turn, instrument, maker)
                _expire(turn, maker, OrderStatus.EXPIRED_IN_MATCH, EndReason.SELF_TRADE)
            if taker.self_trade_prevention in STOPS_TAKER:
                return True
        else:
            _trade(turn, instrument, taker, maker)
    return False


def finish(turn: Turn, instrument: Instrument, taker: Order, may_rest: bool, self_trade: bool) -> None:
    """What becomes of the taker after matching."""
    if not taker.leaves_lots:
        order_ended(turn, taker, OrderStatus.FILLED)
    elif self_trade:
        _expire(turn, taker, OrderStatus.EXPIRED_IN_MATCH, EndReason.SELF_TRADE)
    elif may_rest:
        rest(turn, instrument, taker)
    else:
        _expire(turn, taker, OrderStatus.EXPIRED, EndReason.UNFILLED_REST)


def _expire(turn: Turn, order: Order, status: int, reason: int) -> None:
    turn.emit_image(OrderExpired, order, status, reason)
    order_ended(turn, order, status)


def _trade(turn: Turn, instrument: Instrument, taker: Order, maker: Order) -> None:
    lots = min(taker.leaves_lots, maker.leaves_lots)
    price = maker.price_ticks
    turn.state.last_trade_id += 1
    instrument.last_trade_id = turn.state.last_trade_id
    instrument.last_price_ticks = price
    _fill(turn, instrument, taker, lots, price, is_maker=False)
    _fill(turn, instrument, maker, lots, price, is_maker=True)
    if not maker.leaves_lots:
        instrument.resting(maker.side).remove(maker)
    turn.level_changed(instrument, maker.side, price)
    for account in dict.fromkeys((taker.account, maker.account)):
        hold_to_position(turn, instrument, turn.state.accounts[account])


def _fill(turn: Turn, instrument: Instrument, order: Order, lots: int, price: int, *, is_maker: bool) -> None:
    """One party's half of a trade: position, wallet, house totals, event."""
    state, k, now = turn.state, instrument.terms.tick_lot_units, turn.header.time_ns
    account = state.accounts[order.account]
    house = state.houses[instrument.terms.settlement_asset]
    balance = account.balances[instrument.terms.settlement_asset]
    realized = _move_position(account, instrument, order.side, lots, price)
    fee = ceil_div(lots * price * k * fee_rate_ppb(account, instrument, is_maker), PPB)
    balance.wallet_units += realized - fee
    house.fee_income_units += fee
    house.clearing_units -= realized
    order.filled_lots += lots
    order.filled_quote_units += lots * price * k
    position = account.positions[instrument.number]
    order.updated_ns = position.updated_ns = balance.updated_ns = now
    flags = (EventFlag.MAKER if is_maker else 0) | (EventFlag.SELL if order.side == Side.SELL else 0)
    turn.emit(
        OrderFilled,
        account.number,
        instrument.number,
        flags=flags,
        order_id=order.order_id,
        trade_id=state.last_trade_id,
        price_ticks=price,
        quantity_lots=lots,
        leaves_lots=order.leaves_lots,
        filled_quote_units=order.filled_quote_units,
        fee_units=fee,
        realized_pnl_units=realized,
        position_lots=position.lots,
        position_cost_units=position.cost_units,
        wallet_units=balance.wallet_units,
    )
    if is_maker and not order.leaves_lots:
        order_ended(turn, order, OrderStatus.FILLED)


def _move_position(account: Account, instrument: Instrument, side: int, lots: int, price: int) -> int:
    """Close what the fill closes, open what it opens; the realized profit."""
    position = account.positions[instrument.number]
    sign = 1 if side == Side.BUY else -1
    value = price * instrument.terms.tick_lot_units
    closing = min(lots, abs(position.lots)) if position.lots * sign < 0 else 0
    realized = 0
    if closing:
        removed = abs(position.cost_units) * closing // abs(position.lots)
        realized = closing * value - removed if position.lots > 0 else removed - closing * value
        position.cost_units += removed * sign
    position.cost_units += sign * (lots - closing) * value
    position.lots += sign * lots
    position.realized_pnl_units += realized
    return realized


def closing_side(lots: int) -> int | None:
    """The side of orders that reduce a position of `lots`."""
    if lots == 0:
        return None
    return Side.SELL if lots > 0 else Side.BUY


def resting_reduce_only(instrument: Instrument, account: int, side: int) -> list[Order]:
    """The account's resting reduce_only orders of one side, youngest first."""
    mine = [o for o in instrument.resting(side) if o.account == account and o.is_reduce_only]
    return sorted(mine, key=lambda o: -o.order_id)


def hold_to_position(turn: Turn, instrument: Instrument, account: Account) -> None:
    """The reduce_only rule: nothing resting may reduce more than the position, oldest kept."""
    lots = account.positions[instrument.number].lots
    for side in (Side.BUY, Side.SELL):
        orders = resting_reduce_only(instrument, account.number, side)
        allowed = abs(lots) if side == closing_side(lots) else 0
        excess = sum(o.leaves_lots for o in orders) - allowed
        for order in orders:
            if excess <= 0:
                break
            if excess >= order.leaves_lots:
                excess -= order.leaves_lots
                cancel(turn, instrument, order, EndReason.REDUCE_ONLY_CUT)
                continue
            order.quantity_lots -= excess
            excess = 0
            order.updated_ns = turn.header.time_ns
            turn.level_changed(instrument, side, order.price_ticks)
            turn.emit_image(OrderAmended, order, status_of(order), EndReason.REDUCE_ONLY_CUT)


def status_of(order: Order) -> int:
    return OrderStatus.PARTIALLY_FILLED if order.filled_lots else OrderStatus.NEW
