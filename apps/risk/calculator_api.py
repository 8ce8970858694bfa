"""/api/v1/calculator: the exchange's own formulas on numbers the caller brings. Open to all, changes nothing.

The formulas are matcher.protocol.formulas; the engine's integers are these results, rounded. Here they
are exact, or cut at 18 places. Numbers are decimal text; `symbol` stands for that instrument's risk tiers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import msgspec

from apps.common.json_body import read_body
from apps.common.lane import LaneError, LaneRequest, LaneResponse, Route, Routes, answer
from apps.instruments.types import InstrumentSpec
from apps.instruments.wire import find_instrument
from apps.risk import decimals
from apps.risk.decimals import show, show_price
from matcher.protocol import formulas
from matcher.protocol.formulas import Rung
from matcher.protocol.units import ASSET_UNIT, PPB

CALCULATOR = "/api/v1/calculator"
TIERS_MAX = 16
LEVERAGE_MAX = 1000
Direction = Literal["long", "short"]
_SIGNS = {"long": formulas.LONG, "short": formulas.SHORT}


class LiquidationPriceInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Either `symbol`, or `mmr` with `cum` (0 when left out). Isolated: leave the two `other_` out."""

    wallet_balance: str
    side: Direction
    quantity: str
    entry_price: str
    other_maintenance_margin: str = "0"
    other_unrealized_pnl: str = "0"
    symbol: str | None = None
    mmr: str | None = None
    cum: str | None = None


class BankruptcyPriceInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    wallet_balance: str
    side: Direction
    quantity: str
    entry_price: str
    other_unrealized_pnl: str = "0"


class MarginInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Either `symbol`, or `mmr` with `cum` (0 when left out). Both sides need the same."""

    side: Direction
    quantity: str
    entry_price: str
    leverage: str | int
    symbol: str | None = None
    mmr: str | None = None
    cum: str | None = None


class TierInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From this notional on, this maintenance rate."""

    floor: str
    mmr: str


class MaintenanceMarginInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Either `symbol` or `tiers`, the first with floor 0, floors and rates rising."""

    notional: str
    tiers: list[TierInput] | None = None
    symbol: str | None = None


class PnlInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    side: Direction
    quantity: str
    entry_price: str
    exit_price: str


class PremiumIndexInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An impact price of 0 is a side too thin to have one."""

    impact_bid: str
    impact_ask: str
    index_price: str


class FundingRateInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`floor` and `cap` are the instrument's limits, where there are any."""

    premium_avg: str
    interest_rate: str
    interval_hours: int | str
    floor: str | None = None
    cap: str | None = None


class FundingPaymentInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    side: Direction
    quantity: str
    mark_price: str
    funding_rate: str


INPUTS = (
    LiquidationPriceInput,
    BankruptcyPriceInput,
    MarginInput,
    MaintenanceMarginInput,
    PnlInput,
    PremiumIndexInput,
    FundingRateInput,
    FundingPaymentInput,
)


def ladder_of(spec: InstrumentSpec) -> list[Rung]:
    """The instrument's tiers in whole amounts and fractions."""
    return [
        Rung(
            Fraction(tier.notional_floor_units, ASSET_UNIT),
            Fraction(tier.maintenance_rate_ppb, PPB),
            Fraction(tier.maintenance_amount_units, ASSET_UNIT),
        )
        for tier in spec.tiers
    ] or [Rung(0, 0, 0)]


async def _ladder(symbol: str | None, mmr: str | None, cum: str | None) -> list[Rung]:
    """Tiers of the symbol, or the one tier that was told. Raises LaneError for both and for neither."""
    if symbol is None:
        if mmr is None:
            raise _missing("mmr")
        rate = decimals.between("mmr", mmr, 0, below=1)
        return [Rung(0, rate, decimals.between("cum", "0" if cum is None else cum, 0))]
    for name, value in (("mmr", mmr), ("cum", cum)):
        if value is not None:
            raise _not_with_symbol(name)
    return ladder_of(await find_instrument(symbol))


def _missing(name: str) -> LaneError:
    told = f"Either a symbol or {name} is needed."
    return LaneError(-1102, told, name="MISSING_PARAMETER", details={"parameter": name})


def _not_with_symbol(name: str) -> LaneError:
    told = f"A symbol has its own tiers: {name} does not go with it."
    return LaneError(-1106, told, name="PARAMETER_NOT_REQUIRED", details={"parameter": name})


async def post_liquidation_price(request: LaneRequest) -> LaneResponse:
    """Null where no price liquidates, or none leaves the balance at 0."""
    body = read_body(request.body, LiquidationPriceInput)
    sign, quantity = _SIGNS[body.side], decimals.positive("quantity", body.quantity)
    entry = decimals.positive("entry_price", body.entry_price)
    balance = decimals.read("wallet_balance", body.wallet_balance)
    balance += decimals.read("other_unrealized_pnl", body.other_unrealized_pnl)
    owed = decimals.between("other_maintenance_margin", body.other_maintenance_margin, 0)
    ladder = await _ladder(body.symbol, body.mmr, body.cum)
    return answer(
        {
            "liquidation_price": show_price(formulas.liquidation_price(ladder, sign, quantity, entry, balance - owed)),
            "bankruptcy_price": show_price(formulas.bankruptcy_price(sign, quantity, entry, balance)),
        }
    )


async def post_bankruptcy_price(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, BankruptcyPriceInput)
    sign, quantity = _SIGNS[body.side], decimals.positive("quantity", body.quantity)
    entry = decimals.positive("entry_price", body.entry_price)
    balance = decimals.read("wallet_balance", body.wallet_balance)
    balance += decimals.read("other_unrealized_pnl", body.other_unrealized_pnl)
    return answer({"bankruptcy_price": show_price(formulas.bankruptcy_price(sign, quantity, entry, balance))})


async def post_margin(request: LaneRequest) -> LaneResponse:
    """Margin to open and to keep a position, at its entry price."""
    body = read_body(request.body, MarginInput)
    notional = decimals.positive("quantity", body.quantity) * decimals.positive("entry_price", body.entry_price)
    leverage = decimals.between("leverage", str(body.leverage), 1, LEVERAGE_MAX)
    ladder = await _ladder(body.symbol, body.mmr, body.cum)
    return answer(
        {
            "notional": show(notional),
            "initial_margin": show(formulas.initial_margin(ladder, notional, leverage)),
            "maintenance_margin_at_entry": show(formulas.maintenance_margin(ladder, notional)),
        }
    )


async def post_maintenance_margin(request: LaneRequest) -> LaneResponse:
    """The margin of a notional, the tier it is in, and every tier's maintenance amount."""
    body = read_body(request.body, MaintenanceMarginInput)
    notional = decimals.between("notional", body.notional, 0)
    if body.symbol is None:
        if body.tiers is None:
            raise _missing("tiers")
        ladder = ladder_from(body.tiers)
    elif body.tiers is not None:
        raise _not_with_symbol("tiers")
    else:
        ladder = ladder_of(await find_instrument(body.symbol))
    at = formulas.rung_of(ladder, notional)
    return answer(
        {
            "maintenance_margin": show(formulas.maintenance_margin(ladder, notional)),
            "tier": at,
            "mmr": show(ladder[at].rate),
            "cum": show(ladder[at].amount),
            "maintenance_amount": [show(rung.amount) for rung in ladder],
        }
    )


def ladder_from(tiers: Sequence[TierInput]) -> list[Rung]:
    """Tiers as they were told, with their amounts. Raises LaneError unless they make a ladder."""
    if not 1 <= len(tiers) <= TIERS_MAX:
        raise decimals.out_of_range("tiers", f"1 to {TIERS_MAX} of them")
    told = [(decimals.between("floor", t.floor, 0), decimals.between("mmr", t.mmr, 0, below=1)) for t in tiers]
    if told[0][0]:
        raise decimals.out_of_range("floor", "0 in the first tier")
    for (floor, rate), (next_floor, next_rate) in pairwise(told):
        if next_floor <= floor:
            raise decimals.out_of_range("floor", "rising from tier to tier")
        if next_rate <= rate:
            raise decimals.out_of_range("mmr", "rising from tier to tier")
    amounts = formulas.maintenance_amounts(told)
    return [Rung(floor, rate, amount) for (floor, rate), amount in zip(told, amounts, strict=True)]


async def post_pnl(request: LaneRequest) -> LaneResponse:
    """Profit of a position at an exit price, before fees."""
    body = read_body(request.body, PnlInput)
    quantity = decimals.positive("quantity", body.quantity)
    entry = decimals.positive("entry_price", body.entry_price)
    leaving = decimals.positive("exit_price", body.exit_price)
    return answer({"pnl": show(formulas.pnl(_SIGNS[body.side], quantity, entry, leaving))})


async def post_premium_index(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, PremiumIndexInput)
    bid, ask = decimals.between("impact_bid", body.impact_bid, 0), decimals.between("impact_ask", body.impact_ask, 0)
    index = decimals.positive("index_price", body.index_price)
    return answer({"premium_index": show(formulas.premium_index(bid, ask, index))})


async def post_funding_rate(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, FundingRateInput)
    premium = decimals.between("premium_avg", body.premium_avg, -1, 1)
    interest = decimals.between("interest_rate", body.interest_rate, -1, 1)
    hours = decimals.read("interval_hours", str(body.interval_hours))
    if hours not in {1, 2, 4, 8}:
        raise decimals.out_of_range("interval_hours", "1, 2, 4 or 8")
    floor = None if body.floor is None else decimals.between("floor", body.floor, -1, 1)
    cap = None if body.cap is None else decimals.between("cap", body.cap, -1, 1)
    if floor is not None and cap is not None and floor > cap:
        raise decimals.out_of_range("floor", "no higher than the cap")
    return answer({"funding_rate": show(formulas.funding_rate(premium, interest, int(hours), floor, cap))})


async def post_funding_payment(request: LaneRequest) -> LaneResponse:
    """`cash_flow` is what the holder receives; negative: pays."""
    body = read_body(request.body, FundingPaymentInput)
    quantity, mark = decimals.positive("quantity", body.quantity), decimals.positive("mark_price", body.mark_price)
    rate = decimals.between("funding_rate", body.funding_rate, -1, 1)
    return answer({"cash_flow": show(formulas.funding_payment(_SIGNS[body.side], quantity, mark, rate))})


ROUTES: Routes = {
    ("POST", f"{CALCULATOR}/liquidation-price"): Route(post_liquidation_price),
    ("POST", f"{CALCULATOR}/bankruptcy-price"): Route(post_bankruptcy_price),
    ("POST", f"{CALCULATOR}/margin"): Route(post_margin),
    ("POST", f"{CALCULATOR}/maintenance-margin"): Route(post_maintenance_margin),
    ("POST", f"{CALCULATOR}/pnl"): Route(post_pnl),
    ("POST", f"{CALCULATOR}/premium-index"): Route(post_premium_index),
    ("POST", f"{CALCULATOR}/funding-rate"): Route(post_funding_rate),
    ("POST", f"{CALCULATOR}/funding-payment"): Route(post_funding_payment),
}
