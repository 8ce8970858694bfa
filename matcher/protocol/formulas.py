"""Owns the trading formulas of docs/engine.md as exact arithmetic: margin, liquidation, profit, funding.

Integers and fractions in, exact fractions out; nothing is rounded and nothing is a float. Units are the
caller's: decimals of the calculators, or the engine's units with rates as fractions. Who needs the
engine's integers rounds the result as the engine does (`math.floor`, `math.ceil`, `math.trunc`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

Exact = int | Fraction

LONG, SHORT = 1, -1
DAMPER = Fraction(5, 10_000)  # the 0.05 % within which interest and premium meet
FUNDING_DAY_PART_HOURS = 8  # a funding rate is quoted for eight hours


class Rung(NamedTuple):
    """One risk tier: from `floor` on, maintenance is notional x rate - amount."""

    floor: Exact
    rate: Exact
    amount: Exact


def _same(value: Exact) -> Exact:
    return value


def maintenance_amounts(
    floors_and_rates: Sequence[tuple[Exact, Exact]], settle: Callable[[Fraction], Exact] = _same
) -> list[Exact]:
    """Maintenance amount (cum) of each tier: cum_1 = 0, cum_n = cum_(n-1) + floor_n x (rate_n - rate_(n-1)).

    `settle` rounds each step; the engine truncates it (`math.floor`), and so may any caller in its units.
    """
    amounts: list[Exact] = [0] * len(floors_and_rates)
    for at in range(1, len(floors_and_rates)):
        (_, before), (floor, rate) = floors_and_rates[at - 1 : at + 1]
        amounts[at] = amounts[at - 1] + settle(Fraction(floor * (rate - before)))
    return amounts


def rung_of(ladder: Sequence[Rung], notional: Exact) -> int:
    """Index of the last tier whose floor the notional reaches; the first one's floor is 0."""
    at = len(ladder) - 1
    while at > 0 and ladder[at].floor > notional:
        at -= 1
    return at


def maintenance_margin(ladder: Sequence[Rung], notional: Exact) -> Exact:
    """Notional x rate - amount at the notional's tier, at least 0."""
    rung = ladder[rung_of(ladder, notional)]
    return max(0, notional * rung.rate - rung.amount)


def initial_margin(ladder: Sequence[Rung], notional: Exact, leverage: Exact) -> Exact:
    """Notional / leverage, never below maintenance: who may open is not liquidated by opening."""
    return max(Fraction(notional) / leverage, maintenance_margin(ladder, notional))


def pnl(sign: int, quantity: Exact, entry_price: Exact, price: Exact) -> Exact:
    """Profit of a position at a price, realized or not: s x q x (price - entry)."""
    return sign * quantity * (price - entry_price)


def bankruptcy_price(sign: int, quantity: Exact, entry_price: Exact, balance: Exact) -> Fraction:
    """Where `balance` (wallet and profit elsewhere) is used up: entry - s x balance / q. May be below 0."""
    return entry_price - sign * Fraction(balance) / quantity


def liquidation_price(
    ladder: Sequence[Rung], sign: int, quantity: Exact, entry_price: Exact, balance: Exact
) -> Fraction:
    """Where maintenance reaches equity: (balance + cum - s q EP) / (q (MMR - s)), of the tier that holds there.

    `balance` is the wallet plus profit less maintenance elsewhere; isolated, the isolated wallet alone.
    At or below 0 there is none for a long, and a short is liquidatable at every price. Rates are below 1, so equity
    meets maintenance once; where rounded amounts leave a gap between two tiers it is met at the floor between.
    """
    held = sign * quantity
    if sign == LONG:
        for rung in reversed(ladder):
            price = Fraction(balance + rung.amount - held * entry_price) / (quantity * (rung.rate - sign))
            if price * quantity >= rung.floor:
                break
        return price
    for at, rung in enumerate(ladder):
        price = Fraction(balance + rung.amount - held * entry_price) / (quantity * (rung.rate - sign))
        if at:
            price = max(price, Fraction(rung.floor) / quantity)
        if at + 1 < len(ladder) and price * quantity < ladder[at + 1].floor:
            break
    return price


def impact_price(levels: Sequence[tuple[Exact, Exact]], notional: Exact) -> Fraction:
    """Average price to fill the notional from (price, quantity) levels, best first; 0 when they are too thin."""
    value, quantity = Fraction(0), Fraction(0)
    for price, offered in levels:
        if value + price * offered >= notional:
            return notional / (quantity + (notional - value) / price)
        value += price * offered
        quantity += offered
    return Fraction(0)


def premium_index(impact_bid: Exact, impact_ask: Exact, index_price: Exact) -> Fraction:
    """(max(0, bid - I) - max(0, I - ask)) / I, held within -1..1; a side too thin is 0 and counts nothing."""
    over = max(0, impact_bid - index_price)
    under = max(0, index_price - impact_ask) if impact_ask else 0
    return min(max(Fraction(over - under) / index_price, Fraction(-1)), Fraction(1))


def premium_average(premiums: Sequence[Exact]) -> Fraction:
    """Average with weights 1..n: the newest sample weighs most; 0 without samples."""
    weights = len(premiums) * (len(premiums) + 1) // 2
    return Fraction(sum(n * one for n, one in enumerate(premiums, 1))) / max(weights, 1)


def funding_rate(
    premium_avg: Exact,
    interest_rate: Exact,
    interval_hours: int,
    floor: Exact | None = None,
    cap: Exact | None = None,
) -> Fraction:
    """(average + clamp(interest - average, -0.05 %, +0.05 %)) x hours / 8, then held within floor and cap."""
    damped = min(max(interest_rate - premium_avg, -DAMPER), DAMPER)
    rate = Fraction(premium_avg + damped) * interval_hours / FUNDING_DAY_PART_HOURS
    if floor is not None:
        rate = max(rate, Fraction(floor))
    return rate if cap is None else min(rate, Fraction(cap))


def funding_payment(sign: int, quantity: Exact, mark_price: Exact, rate: Exact) -> Exact:
    """What the holder receives (negative: pays): longs pay shorts while the rate is positive."""
    return -sign * quantity * mark_price * rate
