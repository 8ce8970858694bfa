"""The words a story uses for margin and risk: what is asked, and what the engine tells of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matcher.protocol import events
from matcher.protocol.commands import (
    AdjustIsolatedMargin,
    Command,
    SampleFunding,
    SetInsuranceFund,
    SetMarginMode,
    SetMultiAssets,
    SetPositionMode,
    SettleFunding,
    SettleInstrument,
    Sweep,
    Transfer,
)
from matcher.protocol.enums import EventFlag, InsuranceCause, MarginMode, PositionMode
from tests.scenarios.order_words import LEGS

HOURS_8_NS = 8 * 3600 * 10**9


def _instrument(words: list[str]) -> int:
    return 2 if "on=eth" in words else 1


def _margin_mode(account: int, words: list[str], options: dict[str, str]) -> Command:
    """`isolated`, `cross`."""
    return SetMarginMode(account=account, instrument=_instrument(words), margin_mode=MarginMode[words[0].upper()])


def _position_mode(account: int, words: list[str], options: dict[str, str]) -> Command:
    """`hedge`, `one_way`."""
    return SetPositionMode(account=account, position_mode=PositionMode[words[0].upper()])


def _pooling(account: int, words: list[str], options: dict[str, str]) -> Command:
    """`pools`, `parts`: multi-asset mode on and off."""
    return SetMultiAssets(account=account, multi_assets=int(words[0] == "pools"))


def _adjust(account: int, words: list[str], options: dict[str, str]) -> Command:
    """`margin +100 leg=long`."""
    leg = LEGS[options.get("leg", "both")]
    amount = int(words[1])
    return AdjustIsolatedMargin(account=account, instrument=_instrument(words), amount_units=amount, position_side=leg)


def _fund(account: int, words: list[str], options: dict[str, str]) -> Command:
    """`insures 1`: becomes the fund of asset 1."""
    return SetInsuranceFund(account=account, asset=int(words[1]))


def transfer(account: int, to_account: int, words: list[str], options: dict[str, str]) -> Command:
    """`gives 100 to=bob ref=a asset=1`."""
    return Transfer(
        account=account,
        to_account=to_account,
        amount_units=int(words[1]),
        asset=int(options.get("asset", "1")),
        reference=options.get("ref", "").encode(),
    )


ACTIONS: dict[str, Callable[[int, list[str], dict[str, str]], Command]] = {
    "isolated": _margin_mode,
    "cross": _margin_mode,
    "hedge": _position_mode,
    "one_way": _position_mode,
    "pools": _pooling,
    "parts": _pooling,
    "margin": _adjust,
    "insures": _fund,
}


def _funding(words: list[str], now_ns: int) -> Command:
    return SettleFunding(instrument=_instrument(words), funding_ns=now_ns, next_funding_ns=now_ns + HOURS_8_NS)


# lines without an account: `sample`, `funding`, `sweep`, `settle 950`
MARKET_ACTIONS: dict[str, Callable[[list[str], int], Command]] = {
    "sample": lambda words, now_ns: SampleFunding(instrument=_instrument(words), sample_ns=now_ns),
    "funding": _funding,
    "sweep": lambda words, now_ns: Sweep(instrument=int(words[1]) if len(words) > 1 else 0),
    "settle": lambda words, now_ns: SettleInstrument(instrument=_instrument(words), price_ticks=int(words[1])),
}


def _leg(event: events.Event) -> str:
    sides = {EventFlag.LONG: " long", EventFlag.SHORT: " short"}
    return "".join(word for flag, word in sides.items() if event.flags & flag)


def _moved(event: events.PositionMoved, name: str) -> str:
    sign = "-" if event.flags & EventFlag.SELL else "+"
    rank = f" rank {event.rank}" if event.rank else ""
    return f"{name}{_leg(event)} moved {sign}{event.quantity_lots}@{event.price_ticks}{rank}"


def _insured(event: events.InsuranceChanged, name: str) -> str:
    return f"{name} insured {event.amount_units:+} {InsuranceCause(event.detail).name}"


def _settled(event: events.FundingSettled, name: str) -> str:
    return f"funding {event.rate_ppb} paid {event.paid_units} received {event.received_units}"


def _converted(event: events.AssetConverted, name: str) -> str:
    return f"{name} gave {event.sold_units} of {event.sold_asset} for {event.bought_units} of {event.bought_asset}"


# an event and its account's name in words
WORDS: dict[type, Callable[[Any, str], str]] = {
    events.MarginModeChanged: lambda e, name: MarginMode(e.margin_mode).name,
    events.PositionModeChanged: lambda e, name: PositionMode(e.position_mode).name,
    events.MultiAssetsChanged: lambda e, name: "pooled" if e.multi_assets else "apart",
    events.IsolatedMarginChanged: lambda e, name: f"{name}{_leg(e)} margin {e.amount_units:+} is {e.isolated_units}",
    events.CollateralDefined: lambda e, name: f"asset {e.asset} at {e.price_units}",
    events.InsuranceFundDefined: lambda e, name: f"{name} insures {e.asset}",
    events.InsuranceChanged: _insured,
    events.FundingSampled: lambda e, name: f"premium {e.premium_ppb}",
    events.FundingPaid: lambda e, name: f"{name}{_leg(e)} funding {e.amount_units:+}",
    events.FundingSettled: _settled,
    events.LiquidationStarted: lambda e, name: f"{name}{_leg(e)} liquidated {e.equity_units}/{e.maintenance_units}",
    events.LiquidationStep: lambda e, name: f"step{_leg(e)} {e.quantity_lots}/{e.position_lots}@{e.bankruptcy_ticks}",
    events.LiquidationEnded: lambda e, name: f"{name}{_leg(e)} ended {e.equity_units}/{e.maintenance_units}",
    events.PositionMoved: _moved,
    events.AssetConverted: _converted,
    events.MarketRulesDefined: lambda e, name: "rules",
    events.InstrumentSettled: lambda e, name: f"settled {e.positions} at {e.price_ticks}",
    events.SweepDone: lambda e, name: f"swept {e.liquidated} {e.converted} {e.unwound_lots}",
}
