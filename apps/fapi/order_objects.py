"""The order object of the compatible surface, from whatever we know of an order."""

from __future__ import annotations

from typing import Any

from apps.fapi import formats, words
from apps.instruments.types import InstrumentSpec
from apps.orders.results import OrderResult
from matcher.protocol.enums import OrderStatus, OrderType
from matcher.protocol.units import format_scaled

LIMIT_TYPES = frozenset((OrderType.LIMIT, OrderType.STOP, OrderType.TAKE_PROFIT))
REFUSED_BELOW = 200  # an EndReason is above, a RejectReason below
_ENDED_UNTRIGGERED = {OrderStatus.CANCELED: "CANCELED", OrderStatus.EXPIRED: "EXPIRED"}


def order_object(spec: InstrumentSpec, order: OrderResult, price_match: str = "NONE") -> dict[str, Any]:
    """Every field clients decode, with the types they expect; `price_match` is known while the order is asked for."""
    executed = spec.quantity_text(order.filled_lots)
    updated_ms = order.updated_ns // formats.NS_PER_MS
    return {
        "orderId": order.order_id,
        "symbol": spec.symbol,
        "status": words.STATUS_NAMES[order.status],
        "clientOrderId": order.client_order_id,
        "price": spec.price_text(order.price_ticks),
        "avgPrice": formats.average(spec, order.filled_quote_units, order.filled_lots),
        "origQty": spec.quantity_text(order.quantity_lots),
        "executedQty": executed,
        "cumQty": executed,
        "cumQuote": formats.quote(spec, order.filled_quote_units),
        "timeInForce": time_in_force(order),
        "type": _worked_type(order),
        "reduceOnly": order.reduce_only,
        "closePosition": order.close_position,
        "side": words.SIDE_NAMES[order.side],
        "positionSide": words.POSITION_SIDES[order.position_side],
        "stopPrice": spec.price_text(order.trigger_ticks) if order.trigger_ticks else "0",
        "workingType": words.WORKING_TYPE_NAMES[order.working_type],
        "priceProtect": order.price_protect,
        "origType": words.TYPE_NAMES[order.order_type],
        "priceMatch": price_match,
        "selfTradePreventionMode": words.SELF_TRADE_NAMES[order.self_trade_prevention],
        "goodTillDate": order.good_till_ns // formats.NS_PER_MS,
        "time": order.created_ns // formats.NS_PER_MS if order.created_ns else updated_ms,
        "updateTime": updated_ms,
    }


def time_in_force(order: OrderResult) -> str:
    """Market orders are told as GTC, whatever was asked."""
    return "GTC" if order.order_type == OrderType.MARKET else words.TIME_IN_FORCE_NAMES[order.time_in_force]


def _worked_type(order: OrderResult) -> str:
    """What a conditional order became in the market; others as they are."""
    if not order.is_conditional:
        return words.TYPE_NAMES[order.order_type]
    return "LIMIT" if order.order_type in LIMIT_TYPES else "MARKET"


def algo_object(spec: InstrumentSpec, order: OrderResult) -> dict[str, Any]:
    """A conditional order; once triggered it is an order of the market under the same number."""
    triggered, trailing = bool(order.triggered_ns), order.order_type == OrderType.TRAILING_STOP_MARKET
    created_ns = order.created_ns or order.updated_ns
    return {
        "algoId": order.order_id,
        "clientAlgoId": order.client_order_id,
        "algoType": "CONDITIONAL",
        "orderType": words.TYPE_NAMES[order.order_type],
        "symbol": spec.symbol,
        "side": words.SIDE_NAMES[order.side],
        "positionSide": words.POSITION_SIDES[order.position_side],
        "timeInForce": time_in_force(order),
        "quantity": spec.quantity_text(order.quantity_lots),
        "algoStatus": algo_status(order),
        "actualOrderId": str(order.order_id) if triggered else "",
        "actualPrice": formats.average(spec, order.filled_quote_units, order.filled_lots),
        "actualQty": spec.quantity_text(order.filled_lots),
        "triggerPrice": spec.price_text(0 if trailing else order.trigger_ticks),
        "price": spec.price_text(order.price_ticks),
        "icebergQuantity": None,
        "selfTradePreventionMode": words.SELF_TRADE_NAMES[order.self_trade_prevention],
        "workingType": words.WORKING_TYPE_NAMES[order.working_type],
        "priceMatch": "NONE",
        "closePosition": order.close_position,
        "priceProtect": order.price_protect,
        "reduceOnly": order.reduce_only,
        "activatePrice": spec.price_text(order.trigger_ticks) if trailing and order.trigger_ticks else None,
        "callbackRate": formats.plain(format_scaled(order.callback_ppm, 4)) if trailing else None,
        "createTime": formats.ms(created_ns),
        "updateTime": formats.ms(order.updated_ns),
        "triggerTime": formats.ms(order.triggered_ns),
        "goodTillDate": formats.ms(order.good_till_ns),
    }


def algo_status(order: OrderResult) -> str:
    """NEW while it waits, TRIGGERED while what it became is open, FINISHED when that has ended.

    REJECTED: its price was reached and the market refused it.
    """
    if order.triggered_ns:
        if order.is_open:
            return "TRIGGERED"
        return (
            "REJECTED" if order.status == OrderStatus.EXPIRED and 0 < order.end_reason < REFUSED_BELOW else "FINISHED"
        )
    return _ENDED_UNTRIGGERED.get(OrderStatus(order.status), "NEW")
