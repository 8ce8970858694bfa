"""The shape of a PlaceOrder: what can be judged of it without looking at book, market or money [ORD-001, ORD-002]."""

from __future__ import annotations

from matcher.protocol.commands import PlaceOrder
from matcher.protocol.enums import (
    OrderFlag,
    OrderType,
    PositionMode,
    PositionSide,
    SelfTradePrevention,
    Side,
    TimeInForce,
    WorkingType,
)
from matcher.protocol.rejects import RejectReason
from tests.reference import keys
from tests.reference.state import Account, Instrument, RefusedError, is_closing

LIMIT_TYPES = (OrderType.LIMIT, OrderType.STOP, OrderType.TAKE_PROFIT)
TRIGGER_TYPES = (OrderType.STOP, OrderType.STOP_MARKET, OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_MARKET)
STOP_TYPES = (OrderType.STOP, OrderType.STOP_MARKET)
WAITING_TYPES = (*TRIGGER_TYPES, OrderType.TRAILING_STOP_MARKET)
CLOSE_POSITION_TYPES = (OrderType.STOP_MARKET, OrderType.TAKE_PROFIT_MARKET)
CALLBACKS_PPM = (1_000, 100_000)
REDUCE_ONLY, CLOSE_POSITION = int(OrderFlag.REDUCE_ONLY), int(OrderFlag.CLOSE_POSITION)
PRICE_PROTECT = int(OrderFlag.PRICE_PROTECT)
USER_FLAGS = REDUCE_ONLY | CLOSE_POSITION | PRICE_PROTECT
SIDES, TYPES, WORKING_TYPES = tuple(Side), tuple(OrderType), tuple(WorkingType)
STP_MODES, TIMES = tuple(SelfTradePrevention), tuple(TimeInForce)
MARKET_TIMES = (TimeInForce.GTC, TimeInForce.IOC, TimeInForce.GTD)
Checks = tuple[tuple[bool, RejectReason], ...]


def check(version: int, time_ns: int, account: Account, instrument: Instrument, order: PlaceOrder) -> None:
    """RefusedError with the reason of the first check that fails."""
    rules = _version_1(account, order) if version == 1 else _version_2(time_ns, account, instrument, order)
    for is_fine, reason in rules:
        if not is_fine:
            raise RefusedError(reason)
    keys.require_shape(order.client_order_id)


def _version_1(account: Account, order: PlaceOrder) -> Checks:
    times = (TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTX)
    later = (order.trigger_ticks, order.good_till_ns, order.callback_ppm, order.linked_order_id)
    later += (order.take_profit_ticks, order.stop_loss_ticks)
    return (
        (order.side in SIDES, RejectReason.INVALID_SIDE),
        (order.order_type in (OrderType.LIMIT, OrderType.MARKET), RejectReason.INVALID_ORDER_TYPE),
        (order.time_in_force in (times[:2] if order.order_type else times), RejectReason.INVALID_TIME_IN_FORCE),
        (
            order.position_side == PositionSide.BOTH and account.position_mode == PositionMode.ONE_WAY,
            RejectReason.INVALID_POSITION_SIDE,
        ),
        (order.working_type in WORKING_TYPES, RejectReason.INVALID_WORKING_TYPE),
        (order.self_trade_prevention in STP_MODES, RejectReason.INVALID_SELF_TRADE_PREVENTION),
        (order.flags in (0, REDUCE_ONLY) and not any(later), RejectReason.INVALID_FLAGS),
    )


def _version_2(time_ns: int, account: Account, instrument: Instrument, order: PlaceOrder) -> Checks:
    times = TIMES
    if order.order_type not in LIMIT_TYPES:
        times = MARKET_TIMES
    hedge = account.position_mode == PositionMode.HEDGE
    sides = (PositionSide.LONG, PositionSide.SHORT) if hedge else (PositionSide.BOTH,)
    is_till = order.time_in_force == TimeInForce.GTD
    return (
        (order.side in SIDES, RejectReason.INVALID_SIDE),
        (order.order_type in TYPES, RejectReason.INVALID_ORDER_TYPE),
        (order.time_in_force in times, RejectReason.INVALID_TIME_IN_FORCE),
        (order.position_side in sides, RejectReason.INVALID_POSITION_SIDE),
        (order.working_type in WORKING_TYPES, RejectReason.INVALID_WORKING_TYPE),
        (order.self_trade_prevention in STP_MODES, RejectReason.INVALID_SELF_TRADE_PREVENTION),
        (_flags_are_fine(order, hedge), RejectReason.INVALID_FLAGS),
        (_trigger_is_fine(order, instrument.terms.max_price_ticks), RejectReason.INVALID_TRIGGER_PRICE),
        (order.good_till_ns > time_ns if is_till else order.good_till_ns == 0, RejectReason.INVALID_GOOD_TILL),
        (_attachments_are_fine(order, instrument.terms.max_price_ticks), RejectReason.INVALID_LINK),
    )


def _flags_are_fine(order: PlaceOrder, hedge: bool) -> bool:
    reduce_only = order.flags & REDUCE_ONLY
    close_position = order.flags & CLOSE_POSITION
    return not (
        order.flags & ~USER_FLAGS
        or (hedge and reduce_only)
        or (order.flags & PRICE_PROTECT and order.order_type not in WAITING_TYPES)
        or (
            close_position and (order.order_type not in CLOSE_POSITION_TYPES or reduce_only or order.quantity_lots != 0)
        )
    )


def _trigger_is_fine(order: PlaceOrder, max_price_ticks: int) -> bool:
    if order.order_type in TRIGGER_TYPES:
        return 1 <= order.trigger_ticks <= max_price_ticks and order.callback_ppm == 0
    if order.order_type == OrderType.TRAILING_STOP_MARKET:
        least, most = CALLBACKS_PPM
        return 0 <= order.trigger_ticks <= max_price_ticks and least <= order.callback_ppm <= most
    return order.trigger_ticks == 0 and order.callback_ppm == 0


def _attachments_are_fine(order: PlaceOrder, max_price_ticks: int) -> bool:
    attached = (order.take_profit_ticks, order.stop_loss_ticks)
    if not any(attached):
        return True
    return (
        order.order_type in (OrderType.LIMIT, OrderType.MARKET)
        and not is_closing(order.side, order.position_side, order.flags)
        and max(attached) <= max_price_ticks
        and order.linked_order_id == 0
    )
