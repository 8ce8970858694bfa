"""The order object of the compatible surface, from whatever we know of an order."""

from __future__ import annotations

from typing import Any

from apps.fapi import formats, words
from apps.instruments.types import InstrumentSpec
from apps.orders.results import OrderResult
from matcher.protocol.enums import OrderType


def order_object(spec: InstrumentSpec, order: OrderResult) -> dict[str, Any]:
    """Every field clients decode, with the types they expect."""
    executed = spec.quantity_text(order.filled_lots)
    order_type = words.TYPE_NAMES[order.order_type]
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
        "timeInForce": "GTC"
        if order.order_type == OrderType.MARKET
        else words.TIME_IN_FORCE_NAMES[order.time_in_force],
        "type": order_type,
        "reduceOnly": order.reduce_only,
        "closePosition": False,
        "side": words.SIDE_NAMES[order.side],
        "positionSide": words.POSITION_SIDES[order.position_side],
        "stopPrice": "0",
        "workingType": "CONTRACT_PRICE",
        "priceProtect": False,
        "origType": order_type,
        "priceMatch": "NONE",
        "selfTradePreventionMode": words.SELF_TRADE_NAMES[order.self_trade_prevention],
        "goodTillDate": 0,
        "time": order.created_ns // formats.NS_PER_MS if order.created_ns else updated_ms,
        "updateTime": updated_ms,
    }
