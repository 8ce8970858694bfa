"""Events in the words of a story."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matcher.protocol import events
from matcher.protocol.enums import AccountState, EventFlag, OrderStatus, TradingState
from matcher.protocol.rejects import EndReason, RejectReason
from tests.scenarios import risk_words

CAST = {"alice": 1, "bob": 2, "carol": 3, "maker": 4}
NOBODY = 2**32 - 1
_NAMES = {number: name for name, number in CAST.items()}


def reason_name(number: int) -> str:
    return EndReason(number).name if number >= min(EndReason) else RejectReason(number).name


def say(event: Any) -> str:
    """One event as a few words."""
    if type(event) in risk_words.WORDS:
        return risk_words.WORDS[type(event)](event, _NAMES.get(event.account, "nobody"))
    words = _WORDS.get(type(event))
    return words(event) if words else f"{type(event).__name__}{_because(event)}"


def _because(event: Any) -> str:
    return f" {reason_name(event.reason)}" if event.reason else ""


def _filled(event: events.OrderFilled) -> str:
    verb = "makes" if event.flags & EventFlag.MAKER else "takes"
    return f"{_NAMES[event.account]} {verb} {event.quantity_lots}@{event.price_ticks}"


def _ended(verb: str) -> Callable[[Any], str]:
    return lambda event: f"{verb} #{event.order_id}{_because(event)}"


def _amended(event: events.OrderAmended) -> str:
    return f"amended #{event.order_id} {event.quantity_lots}@{event.price_ticks}{_because(event)}"


def _linked(event: events.OrderTerms) -> str:
    return f" with #{event.linked_order_id}" if event.linked_order_id else ""


def _replayed(event: events.OrderReplayed) -> str:
    filled = f"{event.filled_lots}/{event.quantity_lots}"
    return f"replayed #{event.order_id} {filled}@{event.price_ticks} {OrderStatus(event.status).name}"


_WORDS: dict[type, Callable[[Any], str]] = {
    events.CommandRejected: lambda e: f"refused {reason_name(e.reason)}",
    events.OrderRejected: lambda e: f"refused {reason_name(e.reason)}",
    events.OrderAccepted: lambda e: f"accepted #{e.order_id}",
    events.OrderFilled: _filled,
    events.OrderCanceled: _ended("canceled"),
    events.OrderExpired: _ended("expired"),
    events.OrderAmended: _amended,
    events.OrderReplayed: _replayed,
    events.OrdersCanceled: lambda e: f"{e.count} canceled{_because(e)}",
    events.BalanceChanged: lambda e: f"{e.amount_units:+} wallet {e.wallet_units}",
    events.BalanceReplayed: lambda e: f"again {e.amount_units:+} wallet {e.wallet_units}",
    events.AccountOpened: lambda e: f"{AccountState(e.account_state).name} group {e.group}",
    events.LeverageChanged: lambda e: f"leverage {e.leverage} up to {e.max_notional_units}",
    events.MarkPriceChanged: lambda e: f"mark {e.mark_ticks}",
    events.AssetDefined: lambda e: f"asset {e.asset}",
    events.InstrumentDefined: lambda e: f"instrument {TradingState(e.trading_state).name}",
    events.RiskTierDefined: lambda e: f"tier {e.tier} of {e.tier_count}",
    events.TradingStateChanged: lambda e: (
        f"{TradingState(e.detail).name} to {TradingState(e.trading_state).name}{_because(e)}"
    ),
    events.OrderTerms: lambda e: f"terms #{e.order_id}{_linked(e)}",
    events.OrderTriggered: lambda e: f"triggered #{e.order_id} {e.quantity_lots}@{e.price_ticks}",
    events.AccountLimitsChanged: lambda e: (
        f"limits {e.max_position_lots} {e.max_position_notional_units} {e.max_open_orders}"
    ),
    events.CountdownChanged: lambda e: "countdown" if e.deadline_ns else "countdown off",
}
