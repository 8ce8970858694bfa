"""The compatible surface's words for the protocol's enums, in both directions."""

from __future__ import annotations

from matcher.protocol.enums import (
    OrderStatus,
    OrderType,
    PositionSide,
    SelfTradePrevention,
    Side,
    TimeInForce,
    WorkingType,
)

SIDES = {s.name: int(s) for s in Side}
SIDE_NAMES = tuple(s.name for s in Side)
PLAIN_TYPES = {"LIMIT": int(OrderType.LIMIT), "MARKET": int(OrderType.MARKET)}
CONDITIONAL_TYPES = frozenset(t.name for t in OrderType if t.name not in PLAIN_TYPES)
TYPE_NAMES = tuple(t.name for t in OrderType)
TIMES_IN_FORCE = {t.name: int(t) for t in TimeInForce}
TIME_IN_FORCE_NAMES = tuple(t.name for t in TimeInForce)
SELF_TRADE_MODES = {m.name: int(m) for m in SelfTradePrevention}
SELF_TRADE_NAMES = tuple(m.name for m in SelfTradePrevention)
STATUS_NAMES = tuple(s.name for s in OrderStatus)
POSITION_SIDES = tuple(s.name for s in PositionSide)
POSITION_SIDE_NUMBERS = {s.name: int(s) for s in PositionSide}
WORKING_TYPES = {w.name: int(w) for w in WorkingType}
WORKING_TYPE_NAMES = tuple(w.name for w in WorkingType)
MARGIN_TYPES = ("CROSSED", "ISOLATED")
MARGIN_TYPE_NUMBERS = {"CROSSED": 0, "CROSS": 0, "ISOLATED": 1}
