"""Engine records in the native socket's words: one rule a field, told by its name's unit.

`_ticks` are prices, `_lots` quantities, `_units` money (8 decimals), `_ns` become `_ms`, `_ppb` and `_ppm`
rates; numbers are text, ids of orders and trades too, enums lower case (time in force and self-trade
prevention upper case), flags booleans. A price, a rate or a time of 0 is null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

import msgspec

from matcher.protocol.enums import (
    AccountState,
    BalanceCause,
    EventFlag,
    InsuranceCause,
    MarginMode,
    MoveCause,
    OrderFlag,
    OrderStatus,
    OrderType,
    PositionMode,
    PositionSide,
    SelfTradePrevention,
    Side,
    TimeInForce,
    TradingState,
    WorkingType,
)
from matcher.protocol.events import (
    AccountOpened,
    AssetConverted,
    BalanceChanged,
    CountdownChanged,
    Event,
    FundingPaid,
    FundingSampled,
    FundingSettled,
    InstrumentSettled,
    InsuranceChanged,
    IsolatedMarginChanged,
    LeverageChanged,
    LiquidationEnded,
    LiquidationStarted,
    LiquidationStep,
    MarginModeChanged,
    MultiAssetsChanged,
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderTerms,
    OrderTriggered,
    PositionModeChanged,
    PositionMoved,
    TradingStateChanged,
)
from matcher.protocol.records import Record
from matcher.protocol.rejects import EndReason, RejectReason
from matcher.protocol.units import format_scaled

PRIVATE_EVENTS: tuple[type[Event], ...] = (
    AccountOpened, AssetConverted, BalanceChanged, CountdownChanged, FundingPaid, InsuranceChanged,
    IsolatedMarginChanged, LeverageChanged, LiquidationEnded, LiquidationStarted, LiquidationStep,
    MarginModeChanged, MultiAssetsChanged, OrderAccepted, OrderAmended, OrderCanceled, OrderExpired, OrderFilled,
    OrderTerms, OrderTriggered, PositionModeChanged, PositionMoved,
)  # fmt: skip
PUBLIC_EVENTS: tuple[type[Event], ...] = (
    FundingSampled, FundingSettled, InstrumentSettled, InsuranceChanged, TradingStateChanged,
)  # fmt: skip
PRIVATE_KINDS = frozenset(event.KIND for event in PRIVATE_EVENTS)
ENUMS: dict[str, type[IntEnum]] = {
    "side": Side,
    "order_type": OrderType,
    "time_in_force": TimeInForce,
    "position_side": PositionSide,
    "working_type": WorkingType,
    "self_trade_prevention": SelfTradePrevention,
    "status": OrderStatus,
    "margin_mode": MarginMode,
    "position_mode": PositionMode,
    "account_state": AccountState,
    "trading_state": TradingState,
}
_UPPER = frozenset({"time_in_force", "self_trade_prevention"})
_CAUSES: dict[type[Record], type[IntEnum]] = {
    BalanceChanged: BalanceCause,
    InsuranceChanged: InsuranceCause,
    PositionMoved: MoveCause,
}
_LEGS: tuple[type[Event], ...] = (
    FundingPaid, IsolatedMarginChanged, LiquidationStarted, LiquidationStep, OrderFilled, PositionMoved,
)  # fmt: skip
_HEADER = frozenset(Event._fields)  # type: ignore[attr-defined]
_HIDDEN = frozenset({"account", "instrument", "kind", "counterparty", "source_account", "group", "seq", "command_id"})
_IDS = frozenset({"order_id", "trade_id", "linked_order_id"})
_ASSETS = frozenset({"asset", "sold_asset", "bought_asset"})


class Envelope(msgspec.Struct):
    """A data message. `type` is snapshot, update or replay; `prev` is null where nothing came before."""

    channel: str
    type: str
    prev: int | None
    seq: int
    time_ms: int
    data: Any


class Terms:
    """How an instrument's integers are written; without one (cross groups, money) there are no prices or lots."""

    def __init__(self, price: Callable[[int], str], quantity: Callable[[int], str], symbol: str | None) -> None:
        self.price, self.quantity, self.symbol = price, quantity, symbol


NO_INSTRUMENT = Terms(str, str, None)


def event_name(event: type[Event]) -> str:
    """`OrderFilled` is `order_filled` on the wire."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


def describe_event(event: Event, terms: Terms, assets: Mapping[int, str]) -> dict[str, Any]:
    """One event of an account or a market."""
    kind = type(event)
    told: dict[str, Any] = {"event": event_name(kind), "time_ms": event.time_ns // 1_000_000}
    if terms.symbol is not None:
        told["symbol"] = terms.symbol
    if event.reason:
        told["reason"] = reason_name(event.reason)
    if kind in _CAUSES:
        told["cause"] = _CAUSES[kind](event.detail).name.lower()
    flags = event.flags
    if kind in _LEGS:
        told["position_side"] = "long" if flags & EventFlag.LONG else "short" if flags & EventFlag.SHORT else "both"
    if kind in (OrderFilled, PositionMoved):
        told["side"] = "sell" if flags & EventFlag.SELL else "buy"
    if kind is OrderFilled:
        told["maker"] = bool(flags & EventFlag.MAKER)
        told["liquidation"] = bool(flags & EventFlag.LIQUIDATION)
    for name in event._fields:  # type: ignore[attr-defined]
        if name not in _HEADER:
            _put(told, name, getattr(event, name), terms, assets)
    return told


def describe_view(view: Record, terms: Terms, assets: Mapping[int, str]) -> dict[str, Any]:
    """One row of an answer of the engine: an order, a position, a balance."""
    told: dict[str, Any] = {} if terms.symbol is None else {"symbol": terms.symbol}
    for name in view._fields:  # type: ignore[attr-defined]
        _put(told, name, getattr(view, name), terms, assets)
    return told


def reason_name(number: int) -> str:
    """Why: an EndReason or, of an order refused when it fired, the RejectReason."""
    reasons: type[IntEnum] = EndReason if number >= EndReason.SELF_TRADE else RejectReason
    return reasons(number).name.lower()


def _put(told: dict[str, Any], name: str, value: Any, terms: Terms, assets: Mapping[int, str]) -> None:
    """Write one field under its word."""
    if name in _HIDDEN or name.endswith("_value"):
        return
    stem, _, unit = name.rpartition("_")
    if unit == "ticks":
        told[wire_name(name)] = terms.price(value) if value else None
    elif unit == "microticks":
        told[wire_name(name)] = terms.price(value // 10**6) if value else None
    elif unit == "lots":
        told[wire_name(name)] = terms.quantity(value)
    elif unit == "units":
        told[stem] = format_scaled(value, 8)
    elif unit == "ppb":
        told[stem] = format_scaled(value, 9)
    elif unit == "ppm":
        told[stem] = format_scaled(value, 6) if value else None
    elif unit == "ns":
        told[f"{stem}_ms"] = value // 1_000_000 or None
    elif name in ENUMS:
        word = ENUMS[name](value).name
        told[name] = word if name in _UPPER else word.lower()
    elif name in _IDS:
        told[name] = str(value) if value else None
    elif name in _ASSETS:
        told[name] = assets.get(value, str(value))
    elif name == "order_flags":
        told["reduce_only"] = bool(value & OrderFlag.REDUCE_ONLY)
        told["close_position"] = bool(value & OrderFlag.CLOSE_POSITION)
        told["price_protect"] = bool(value & OrderFlag.PRICE_PROTECT)
        told["liquidation"] = bool(value & OrderFlag.LIQUIDATION)
    elif name in {"waiting", "multi_assets"}:
        told[name] = bool(value)
    else:
        told[name] = value.decode() if isinstance(value, bytes) else value


def wire_name(name: str) -> str:
    """`price_ticks` is `price`, `mark_ticks` `mark_price`, `quantity_lots` `quantity`, `filled_lots` `filled_quantity`."""
    stem, _, unit = name.rpartition("_")
    if unit in {"ticks", "microticks"}:
        return stem if stem == "price" else f"{stem}_price"
    if unit == "lots":
        return stem if stem in {"quantity", "position"} else f"{stem}_quantity"
    return stem
