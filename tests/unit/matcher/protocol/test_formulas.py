"""The formulas on worked public numbers, and what must hold of them for any numbers."""

from __future__ import annotations

from fractions import Fraction
from math import trunc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.protocol import formulas
from matcher.protocol.formulas import LONG, SHORT, Rung
from matcher.protocol.units import format_scaled
from tests.support.vectors import rows

SIGNS = {"long": LONG, "short": SHORT}


def cut(value: Fraction, like: str) -> str:
    """The value with as many decimals as the text has, cut."""
    decimals = len(like.partition(".")[2])
    return format_scaled(trunc(value * 10**decimals), decimals)


def numbers(row: dict[str, Any], *names: str) -> list[Fraction]:
    return [Fraction(row[name]) for name in names]


@pytest.mark.parametrize("row", rows("margin", "tiers"))
def test_maintenance_of_public_ladders(row: dict[str, Any]) -> None:
    told = [(Fraction(t["floor"]), Fraction(t["mmr"])) for t in row["tiers"]]
    amounts = formulas.maintenance_amounts(told)
    assert amounts == [Fraction(text) for text in row["maintenance_amount"]]
    ladder = [Rung(floor, rate, amount) for (floor, rate), amount in zip(told, amounts, strict=True)]
    for case in row["cases"]:
        notional, margin = numbers(case, "notional", "maintenance_margin")
        assert formulas.maintenance_margin(ladder, notional) == margin


@pytest.mark.parametrize("row", rows("margin", "initial_margin"))
def test_initial_margin(row: dict[str, Any]) -> None:
    quantity, entry, leverage, rate = numbers(row, "quantity", "entry_price", "leverage", "mmr")
    ladder = [Rung(0, rate, 0)]
    assert formulas.initial_margin(ladder, quantity * entry, leverage) == Fraction(row["initial_margin"])
    assert formulas.maintenance_margin(ladder, quantity * entry) == Fraction(row["maintenance_margin_at_entry"])


@pytest.mark.parametrize("row", rows("margin", "liquidation_price"))
def test_liquidation_and_bankruptcy_price(row: dict[str, Any]) -> None:
    wallet, quantity, entry, rate, cum = numbers(row, "wallet_balance", "quantity", "entry_price", "mmr", "cum")
    owed, gained = numbers(row, "other_maintenance_margin", "other_unrealized_pnl")
    sign = SIGNS[row["side"]]
    price = formulas.liquidation_price([Rung(0, rate, cum)], sign, quantity, entry, wallet + gained - owed)
    end = formulas.bankruptcy_price(sign, quantity, entry, wallet + gained)
    for got, told in ((price, row["liquidation_price"]), (end, row["bankruptcy_price"])):
        assert (cut(got, told) == told) if told else got <= 0
    if "equity_at_liquidation" in row:
        equity = wallet + gained + formulas.pnl(sign, quantity, entry, price)
        assert cut(equity, row["equity_at_liquidation"]) == row["equity_at_liquidation"]


@pytest.mark.parametrize("row", rows("margin", "bankruptcy_price"))
def test_bankruptcy_price(row: dict[str, Any]) -> None:
    quantity, entry, wallet = numbers(row, "quantity", "entry_price", "wallet_balance")
    assert formulas.bankruptcy_price(SIGNS[row["side"]], quantity, entry, wallet) == Fraction(row["bankruptcy_price"])


@pytest.mark.parametrize("row", rows("margin", "pnl"))
def test_pnl(row: dict[str, Any]) -> None:
    quantity, entry, leaving = numbers(row, "quantity", "entry_price", "exit_price")
    assert formulas.pnl(SIGNS[row["side"]], quantity, entry, leaving) == Fraction(row["pnl"])


@pytest.mark.parametrize("row", rows("funding", "premium_index"))
def test_premium_index(row: dict[str, Any]) -> None:
    bid, ask, index = numbers(row, "impact_bid", "impact_ask", "index_price")
    assert formulas.premium_index(bid, ask, index) == Fraction(row["premium_index"])


@pytest.mark.parametrize("row", rows("funding", "funding_rate"))
def test_funding_rate(row: dict[str, Any]) -> None:
    premium, interest = numbers(row, "premium_avg", "interest_rate")
    floor, cap = (Fraction(row[name]) if name in row else None for name in ("floor", "cap"))
    assert formulas.funding_rate(premium, interest, row["interval_hours"], floor, cap) == Fraction(row["funding_rate"])


@pytest.mark.parametrize("row", rows("funding", "payment"))
def test_funding_payment(row: dict[str, Any]) -> None:
    quantity, mark, rate = numbers(row, "quantity", "mark_price", "funding_rate")
    assert formulas.funding_payment(SIGNS[row["side"]], quantity, mark, rate) == Fraction(row["cash_flow"])


def test_an_impact_price_is_what_the_notional_costs_on_average() -> None:
    levels = [(Fraction(100), Fraction(1)), (Fraction(90), Fraction(2)), (Fraction(80), Fraction(5))]
    assert formulas.impact_price(levels, 50) == 100
    assert formulas.impact_price(levels, 100) == 100
    assert formulas.impact_price(levels, 190) == Fraction(190, 2)
    assert formulas.impact_price(levels, 680) == Fraction(680, 8)
    assert formulas.impact_price(levels, 681) == 0


def test_the_newest_premium_weighs_most() -> None:
    assert formulas.premium_average([1, 0, 0]) == Fraction(1, 6)
    assert formulas.premium_average([0, 0, 1]) == Fraction(3, 6)
    assert formulas.premium_average([]) == 0


AMOUNTS = st.decimals(min_value=-10_000, max_value=10_000_000, places=4).map(Fraction)
POSITIVE = st.decimals(min_value="0.001", max_value=1_000_000, places=3).map(Fraction)
RATES = st.lists(st.integers(1, 999), min_size=1, max_size=6, unique=True).map(sorted)


@st.composite
def ladders(draw: st.DrawFn) -> list[Rung]:
    rates = [Fraction(rate, 1000) for rate in draw(RATES)]
    steps = draw(st.lists(POSITIVE, min_size=len(rates) - 1, max_size=len(rates) - 1))
    floors = [Fraction(0)]
    for step in steps:
        floors.append(floors[-1] + step)
    told = list(zip(floors, rates, strict=True))
    amounts = formulas.maintenance_amounts(told)
    return [Rung(floor, rate, amount) for (floor, rate), amount in zip(told, amounts, strict=True)]


@given(ladders(), st.sampled_from([LONG, SHORT]), POSITIVE, POSITIVE, AMOUNTS)
def test_at_the_liquidation_price_maintenance_is_met_and_a_better_price_is_safe(
    ladder: list[Rung], sign: int, quantity: Fraction, entry: Fraction, balance: Fraction
) -> None:
    step = Fraction(1, 1000)

    price = formulas.liquidation_price(ladder, sign, quantity, entry, balance)

    def spare(at: Fraction) -> Fraction:
        margin = formulas.maintenance_margin(ladder, quantity * at)
        return balance + formulas.pnl(sign, quantity, entry, at) - margin

    if price > 0:
        assert spare(price) == 0
        assert spare(price + sign * step) > 0 or price + sign * step < 0
        assert spare(price - sign * step) < 0 or price - sign * step < 0
    else:
        assert (spare(Fraction(0)) >= 0) == (sign == LONG) or spare(Fraction(0)) == 0


def test_where_rounded_amounts_leave_a_gap_the_price_is_the_dangerous_side_of_it() -> None:
    """Maintenance jumps by 1 at 100: a short is met at the floor between, a long at its last meeting point."""
    ladder = [Rung(0, Fraction("0.1"), 0), Rung(100, Fraction("0.2"), 9)]
    assert formulas.liquidation_price(ladder, SHORT, 1, 90, Fraction("20.5")) == 100
    assert formulas.liquidation_price(ladder, LONG, 1, 90, Fraction("0.5")) == Fraction("100.625")


@given(st.sampled_from([LONG, SHORT]), POSITIVE, POSITIVE, AMOUNTS)
def test_at_the_bankruptcy_price_nothing_is_left(
    sign: int, quantity: Fraction, entry: Fraction, balance: Fraction
) -> None:
    price = formulas.bankruptcy_price(sign, quantity, entry, balance)
    assert balance + formulas.pnl(sign, quantity, entry, price) == 0


@given(POSITIVE, POSITIVE, st.fractions(min_value=-1, max_value=1))
def test_what_longs_pay_shorts_receive(quantity: Fraction, mark: Fraction, rate: Fraction) -> None:
    paid = formulas.funding_payment(LONG, quantity, mark, rate)
    assert paid + formulas.funding_payment(SHORT, quantity, mark, rate) == 0
    assert (paid < 0) == (rate > 0)
