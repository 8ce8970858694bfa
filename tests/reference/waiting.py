"""Conditional orders: placed to wait, watched at the working price, fired in a fixed order [ORD-003 to ORD-008]."""

from __future__ import annotations

from matcher.protocol.enums import OrderFlag, OrderStatus, OrderType, Side, WorkingType
from matcher.protocol.events import OrderTriggered
from matcher.protocol.rejects import RejectReason
from matcher.protocol.units import PPM
from tests.reference import checks, lifecycle, limits, links, matching
from tests.reference.shape import STOP_TYPES, TRIGGER_TYPES
from tests.reference.state import Account, Instrument, Order, RefusedError, State
from tests.reference.turn import Turn

CLOSE_POSITION = int(OrderFlag.CLOSE_POSITION)
PRICE_PROTECT = int(OrderFlag.PRICE_PROTECT)


def check_new(state: State, account: Account, instrument: Instrument, order: Order) -> None:
    """[ORD-003] What is asked of a conditional order beyond market and mark."""
    if checks.is_limit(order):
        checks.limit_price(instrument, order.price_ticks)
    else:
        checks.require(order.price_ticks == 0, RejectReason.PRICE_TOO_HIGH)
    if order.flags & CLOSE_POSITION:
        closes = links.closing_side(account.lots(order.leg)) == order.side
        checks.require(closes, RejectReason.REDUCE_ONLY_REJECTED)
    else:
        checks.quantity(instrument, order)
        checks.notional(instrument, order)
    waiting = state.waiting_orders_of(account.number, instrument.number)
    is_room = len(waiting) < instrument.rules.max_conditional_orders
    checks.require(is_room, RejectReason.TOO_MANY_CONDITIONAL_ORDERS)
    checks.require(not _trigger_is_reached(instrument, order), RejectReason.WOULD_TRIGGER)
    limits.check_open_orders(state, account, order)
    checks.capacity(state)


def _fires_rising(order: Order) -> bool:
    """Whether a rising price reaches the trigger: STOP buys and TAKE_PROFIT sells."""
    return (order.order_type in STOP_TYPES) == (order.side == Side.BUY)


def _trigger_is_reached(instrument: Instrument, order: Order) -> bool:
    """[ORD-004] For STOP and TAKE_PROFIT types."""
    if order.order_type not in TRIGGER_TYPES:
        return False
    price = checks.working_price(instrument, order)
    return price >= order.trigger_ticks if _fires_rising(order) else price <= order.trigger_ticks


def _callback_is_reached(instrument: Instrument, order: Order) -> bool:
    """[ORD-005] For an active trailing order."""
    if order.order_type != OrderType.TRAILING_STOP_MARKET or not order.watermark_ticks:
        return False
    price = checks.working_price(instrument, order) * PPM
    if order.side == Side.SELL:
        return price <= order.watermark_ticks * (PPM - order.callback_ppm)
    return price >= order.watermark_ticks * (PPM + order.callback_ppm)


def _move_watermark(instrument: Instrument, order: Order) -> None:
    """[ORD-005] The best price since the order became active; the activating one is the first."""
    if order.order_type != OrderType.TRAILING_STOP_MARKET:
        return
    price = checks.working_price(instrument, order)
    best = max if order.side == Side.SELL else min
    if order.watermark_ticks:
        order.watermark_ticks = best(order.watermark_ticks, price)
    elif order.trigger_ticks == 0 or best(price, order.trigger_ticks) == price:
        order.watermark_ticks = price


def _is_held_back(instrument: Instrument, order: Order) -> bool:
    """[ORD-006]"""
    last, mark = instrument.last_price_ticks, instrument.mark_ticks
    if not order.flags & PRICE_PROTECT or not last:
        return False
    return abs(last - mark) * PPM > mark * instrument.rules.price_protect_ppm


def may_fire(instrument: Instrument, order: Order) -> bool:
    is_reached = _trigger_is_reached if order.order_type in TRIGGER_TYPES else _callback_is_reached
    return is_reached(instrument, order) and not _is_held_back(instrument, order)


def _turn_of(order: Order) -> tuple[int, int, int]:
    """[ORD-008] Its place among the orders of its instrument that may fire."""
    if order.order_type not in TRIGGER_TYPES:
        return 4, 0, order.order_id
    queue = 0 if order.working_type == WorkingType.MARK_PRICE else 2
    if _fires_rising(order):
        return queue, order.trigger_ticks, order.order_id
    return queue + 1, -order.trigger_ticks, order.order_id


def next_to_fire(state: State) -> Order | None:
    """[ORD-008] Watermarks of every open market first, then the first order that may fire."""
    markets = [i for _, i in sorted(state.instruments.items()) if i.trading_state in checks.OPEN_STATES]
    for instrument in markets:
        for order in instrument.waiting:
            _move_watermark(instrument, order)
    for instrument in markets:
        ready = [order for order in instrument.waiting if may_fire(instrument, order)]
        if ready:
            return min(ready, key=_turn_of)
    return None


def fire_all(turn: Turn) -> None:
    """After a command of version 2: fire until nothing fires."""
    while (order := next_to_fire(turn.state)) is not None:
        _fire(turn, turn.state.instruments[order.instrument], order)


def _fire(turn: Turn, instrument: Instrument, order: Order) -> None:
    """[ORD-007] The order becomes LIMIT or MARKET, is checked like a new one and executes or expires."""
    state, sent_lots = turn.state, order.quantity_lots
    instrument.waiting.remove(order)
    sibling = lifecycle.find_open(state, order.linked_order_id)
    if not state.is_third or sibling not in instrument.waiting:
        lifecycle.end_sibling(turn, order)  # ORD-016 spares one that waits
    order.updated_ns = turn.header.time_ns
    try:
        limit = _check_fired(state, state.accounts[order.account], instrument, order)
    except RefusedError as refusal:
        order.quantity_lots = sent_lots
        turn.emit_image(OrderTriggered, order, OrderStatus.NEW)
        lifecycle.part_siblings(state, order)
        lifecycle.expire(turn, instrument, order, OrderStatus.EXPIRED, refusal.reason)
        return
    turn.emit_image(OrderTriggered, order, OrderStatus.NEW)
    matching.execute(turn, instrument, order, limit, may_rest=checks.may_rest(order))


def _check_fired(state: State, account: Account, instrument: Instrument, order: Order) -> int:
    checks.may_open(account, instrument, order)
    checks.mark_is_good(state, account, instrument, order)
    checks.band(instrument, order)
    if order.flags & CLOSE_POSITION:
        lots = account.lots(order.leg)
        order.quantity_lots = abs(lots) if links.closing_side(lots) == order.side else 0
        checks.require(order.quantity_lots > 0, RejectReason.REDUCE_ONLY_REJECTED)
    else:
        checks.cut_to_position(account, instrument, order)
    return checks.book_and_margin(state, account, instrument, order)
