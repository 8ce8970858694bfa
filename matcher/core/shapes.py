"""What a PlaceOrder may look like by itself, before anything it would meet [ORD-001] [ORD-002].

Rules: [ORD-102], [ENG-005].
"""

import cython
from cython.cimports.libc.stdint import int64_t
from cython.cimports.matcher.core.accounts import is_leg_of
from cython.cimports.matcher.core.client_ids import is_client_id
from cython.cimports.matcher.core.orders import is_closing
from cython.cimports.matcher.core.records import (
    FLAG_CLOSE_POSITION,
    FLAG_PRICE_PROTECT,
    FLAG_REDUCE_ONLY,
    POSITION_SIDE_BOTH,
    REJECT_INVALID_CLIENT_ORDER_ID,
    REJECT_INVALID_FLAGS,
    REJECT_INVALID_GOOD_TILL,
    REJECT_INVALID_LINK,
    REJECT_INVALID_ORDER_TYPE,
    REJECT_INVALID_POSITION_SIDE,
    REJECT_INVALID_SELF_TRADE_PREVENTION,
    REJECT_INVALID_SIDE,
    REJECT_INVALID_TIME_IN_FORCE,
    REJECT_INVALID_TRIGGER_PRICE,
    REJECT_INVALID_WORKING_TYPE,
    REJECT_NONE,
    SIDE_SELL,
    STP_EXPIRE_BOTH,
    TIF_GTC,
    TIF_GTD,
    TIF_GTX,
    TIF_IOC,
    TYPE_LIMIT,
    TYPE_MARKET,
    TYPE_STOP,
    TYPE_STOP_MARKET,
    TYPE_TAKE_PROFIT,
    TYPE_TAKE_PROFIT_MARKET,
    TYPE_TRAILING_STOP_MARKET,
    WORKING_MARK_PRICE,
)


def is_conditional(order_type):
    """Whether orders of this type wait for a price first."""
    return order_type >= TYPE_STOP


def is_market_type(order_type):
    return order_type not in (TYPE_LIMIT, TYPE_STOP, TYPE_TAKE_PROFIT)


def type_becomes(order_type):
    """LIMIT or MARKET: what an order is once it executes."""
    return TYPE_MARKET if is_market_type(order_type) else TYPE_LIMIT


def check_shape(state, account, instrument, command):
    """The enums, flags and texts of the order by themselves; a RejectReason."""
    is_old: cython.bint = command.version == 1
    reason: cython.int
    if command.side > SIDE_SELL:
        return REJECT_INVALID_SIDE
    if command.order_type > (TYPE_MARKET if is_old else TYPE_TRAILING_STOP_MARKET):
        return REJECT_INVALID_ORDER_TYPE
    if is_market_type(command.order_type):
        if command.time_in_force not in (TIF_GTC, TIF_IOC) and (is_old or command.time_in_force != TIF_GTD):
            return REJECT_INVALID_TIME_IN_FORCE
    elif command.time_in_force > (TIF_GTX if is_old else TIF_GTD):
        return REJECT_INVALID_TIME_IN_FORCE
    if not is_leg_of(account, command.position_side) or (is_old and command.position_side):
        return REJECT_INVALID_POSITION_SIDE
    if command.working_type > WORKING_MARK_PRICE:
        return REJECT_INVALID_WORKING_TYPE
    if command.self_trade_prevention > STP_EXPIRE_BOTH:
        return REJECT_INVALID_SELF_TRADE_PREVENTION
    reason = _check_old_fields(command) if is_old else _check_flags(command)
    if reason == REJECT_NONE and not is_old:
        reason = _check_terms(state, instrument, command)
    if reason:
        return reason
    return REJECT_NONE if is_client_id(command.client_order_id) else REJECT_INVALID_CLIENT_ORDER_ID


def _check_old_fields(command):
    """Version 1 knows one flag and none of the later fields."""
    if command.flags & ~FLAG_REDUCE_ONLY or command.trigger_ticks or command.good_till_ns:
        return REJECT_INVALID_FLAGS
    if command.callback_ppm or command.take_profit_ticks or command.stop_loss_ticks or command.linked_order_id:
        return REJECT_INVALID_FLAGS
    return REJECT_NONE


def _check_flags(command):
    if command.flags & ~(FLAG_REDUCE_ONLY | FLAG_CLOSE_POSITION | FLAG_PRICE_PROTECT):
        return REJECT_INVALID_FLAGS
    if command.flags & FLAG_PRICE_PROTECT and not is_conditional(command.order_type):
        return REJECT_INVALID_FLAGS
    if command.flags & FLAG_REDUCE_ONLY and command.position_side != POSITION_SIDE_BOTH:
        return REJECT_INVALID_FLAGS  # [MAR-002] in hedge mode the side alone says what closes
    if command.flags & FLAG_CLOSE_POSITION and (
        command.order_type not in (TYPE_STOP_MARKET, TYPE_TAKE_PROFIT_MARKET)
        or command.flags & FLAG_REDUCE_ONLY
        or command.quantity_lots
    ):
        return REJECT_INVALID_FLAGS
    return REJECT_NONE


def _check_terms(state, instrument, command):
    """Trigger and callback, good-till time, attachments and link."""
    if not _is_trigger_right(instrument, command):
        return REJECT_INVALID_TRIGGER_PRICE
    if command.time_in_force == TIF_GTD:
        if command.good_till_ns <= state.time_ns:
            return REJECT_INVALID_GOOD_TILL
    elif command.good_till_ns:
        return REJECT_INVALID_GOOD_TILL
    if command.take_profit_ticks or command.stop_loss_ticks:
        if is_conditional(command.order_type) or command.linked_order_id:
            return REJECT_INVALID_LINK
        if is_closing(command.position_side, command.side, command.flags):
            return REJECT_INVALID_LINK
        if max(command.take_profit_ticks, command.stop_loss_ticks) > instrument.max_price_ticks:
            return REJECT_INVALID_LINK
    return REJECT_NONE


def _is_trigger_right(instrument, command):
    trigger: int64_t = command.trigger_ticks
    if not is_conditional(command.order_type):
        return trigger == 0 and command.callback_ppm == 0
    if trigger < 0 or trigger > instrument.max_price_ticks:
        return False
    if command.order_type == TYPE_TRAILING_STOP_MARKET:
        return 1_000 <= command.callback_ppm <= 100_000
    return trigger > 0 and command.callback_ppm == 0
