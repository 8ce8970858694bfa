"""The compatible surface's words for the protocol's enums, in both directions."""

from __future__ import annotations

from matcher.protocol.enums import OrderStatus, OrderType, SelfTradePrevention, Side, TimeInForce, TradingState

SIDES = {s.name: int(s) for s in Side}
SIDE_NAMES = tuple(s.name for s in Side)
PLAIN_TYPES = {"LIMIT": int(OrderType.LIMIT), "MARKET": int(OrderType.MARKET)}
CONDITIONAL_TYPES = frozenset(t.name for t in OrderType if t.name not in PLAIN_TYPES)
TYPE_NAMES = tuple(t.name for t in OrderType)
TIMES_IN_FORCE = {t.name: int(t) for t in TimeInForce}
TIME_IN_FORCE_NAMES = tuple(t.name for t in TimeInForce)
OFFERED_TIMES_IN_FORCE = ("GTC", "IOC", "FOK", "GTX")
SELF_TRADE_MODES = {m.name: int(m) for m in SelfTradePrevention}
SELF_TRADE_NAMES = tuple(m.name for m in SelfTradePrevention)
STATUS_NAMES = tuple(s.name for s in OrderStatus)
POSITION_SIDES = ("BOTH", "LONG", "SHORT")
MARGIN_TYPES = ("CROSSED", "ISOLATED")

SYMBOL_STATUS = {
    TradingState.PRE_OPEN: "PENDING_TRADING",
    TradingState.ACTIVE: "TRADING",
    TradingState.REDUCE_ONLY: "TRADING",
    TradingState.HALTED: "TRADING_HALT",
    TradingState.SETTLING: "SETTLING",
    TradingState.DELISTED: "CLOSE",
}
