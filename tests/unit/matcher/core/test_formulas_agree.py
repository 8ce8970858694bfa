"""Aim: the exact formulas, rounded as docs/engine.md says, are the engine's own integers.

Method: random ladders, leverages, prices and sizes in two instruments of one account; every margin number the
engine answers is computed again from matcher.protocol.formulas alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, trunc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.protocol import formulas
from matcher.protocol.commands import (
    DefineAsset,
    DefineMarketRules,
    Deposit,
    OpenAccount,
    SampleFunding,
    SetLeverage,
    SetMarkPrice,
    SettleFunding,
)
from matcher.protocol.events import FundingPaid, FundingSampled, LiquidationStarted
from matcher.protocol.formulas import LONG, SHORT, Rung
from matcher.protocol.units import PPB
from matcher.protocol.views import PositionView
from tests.scenarios.engines import engine_class
from tests.scenarios.story import BTC, BTC_TERMS, ETH, SECOND_NS, USDT, Story
from tests.scenarios.wording import CAST

ALICE, MAKER = CAST["alice"], CAST["maker"]
RATES_PPB = (
    4_000_000,
    5_000_000,
    10_000_000,
    12_500_001,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    400_000_000,
)
PRICE_MAX = 100_000


@dataclass(frozen=True)
class Market:
    """An instrument and alice's position in it. Rungs are (floor_units, rate_ppb, max_leverage)."""

    instrument: int
    unit: int
    rungs: tuple[tuple[int, int, int], ...]
    leverage: int
    sign: int
    lots: int
    entry: int
    mark: int

    @property
    def ladder(self) -> list[Rung]:
        told = [(at, Fraction(rate, PPB)) for at, rate, _ in self.rungs]
        amounts = formulas.maintenance_amounts(told, settle=floor)
        return [Rung(at, rate, amount) for (at, rate), amount in zip(told, amounts, strict=True)]

    def pnl(self, mark: int) -> int:
        return int(formulas.pnl(self.sign, self.lots * self.unit, self.entry, mark))

    def maintenance(self, mark: int) -> int:
        return floor(formulas.maintenance_margin(self.ladder, self.lots * mark * self.unit))

    def margin(self, mark: int) -> int:
        by_leverage = formulas.initial_margin([Rung(0, 0, 0)], self.lots * mark * self.unit, self.leverage)
        return max(ceil(by_leverage), self.maintenance(mark))


@st.composite
def markets(draw: st.DrawFn, instrument: int) -> Market:
    rates = sorted(draw(st.sets(st.sampled_from(RATES_PPB), min_size=1, max_size=6)))
    steps = draw(st.lists(st.integers(1, 10**12), min_size=len(rates) - 1, max_size=len(rates) - 1))
    floors = [0]
    for step in steps:
        floors.append(floors[-1] + step)
    rungs = tuple((at, rate, (PPB - 1) // rate) for at, rate in zip(floors, rates, strict=True))
    unit, lots, entry = draw(st.integers(1_000, 10**6)), draw(st.integers(1, 1_000)), draw(st.integers(50, 50_000))
    # As high as the tier at entry allows: a rising mark then leads beyond the cap, where maintenance rules.
    allowed = min(leverage for at, _, leverage in rungs if at <= unit * lots * entry)
    return Market(
        instrument=instrument,
        unit=unit,
        rungs=rungs,
        leverage=allowed - draw(st.integers(0, allowed - 1)),
        sign=draw(st.sampled_from([LONG, SHORT])),
        lots=lots,
        entry=entry,
        mark=draw(st.integers(1, PRICE_MAX)),
    )


def open_position(story: Story, market: Market) -> None:
    terms = BTC_TERMS.replace(instrument=market.instrument, tick_lot_units=market.unit, max_price_ticks=PRICE_MAX)
    story.send(terms.replace(min_notional_units=0, default_leverage=1))
    story.define_ladder(
        tuple((at, rate, leverage) for at, rate, leverage in market.rungs), instrument=market.instrument
    )
    story.send(SetMarkPrice(instrument=market.instrument, mark_ticks=market.entry, index_ticks=market.entry))
    story.send(SetLeverage(account=ALICE, instrument=market.instrument, leverage=market.leverage))
    side = "buy" if market.sign == LONG else "sell"
    other = "sell" if side == "buy" else "buy"
    on = " on=eth" if market.instrument == ETH else ""
    story.act(f"maker {other} {market.lots} @ {market.entry}{on}")
    story.act(f"alice {side} {market.lots} @ {market.entry}{on}")
    assert [fill.quantity_lots for fill in story.fills()] == [market.lots, market.lots]


def expected_liquidation_ticks(market: Market, balance: int) -> int:
    """The exact price on the engine's grid: down for a long, up for a short; 0 where the book cannot go."""
    size = market.lots * market.unit
    price = formulas.liquidation_price(market.ladder, market.sign, size, market.entry, balance)
    if market.sign == LONG:
        return min(max(floor(price), 0), PRICE_MAX)
    ticks = max(ceil(price), 1)
    return ticks if ticks <= PRICE_MAX else 0


def expected_bankruptcy_ticks(market: Market, balance: int) -> int:
    """Up for a long, down for a short [LIQ-004]: at that price nothing is lost that was not there."""
    price = formulas.bankruptcy_price(market.sign, market.lots * market.unit, market.entry, balance)
    return min(max(ceil(price) if market.sign == LONG else floor(price), 1), PRICE_MAX)


def check(view: PositionView, market: Market, balance: int, owed: int) -> None:
    """The view of one position; `balance` is the wallet with profit elsewhere, `owed` maintenance elsewhere."""
    mark = view.mark_ticks
    assert view.bankruptcy_ticks == expected_bankruptcy_ticks(market, balance)
    assert view.unrealized_pnl_units == market.pnl(mark)
    assert view.maintenance_margin_units == market.maintenance(mark)
    assert view.position_margin_units == market.margin(mark)
    assert view.liquidation_ticks == expected_liquidation_ticks(market, balance - owed)


def tell(engine: Any, btc: Market, eth: Market, extra: int) -> None:
    story = Story(engine)
    story.send(DefineAsset(asset=USDT))
    for account in (ALICE, MAKER):
        story.send(OpenAccount(account=account))
    need = sum(market.margin(market.entry) for market in (btc, eth))
    fees = sum(market.lots * market.entry * market.unit // 1_000 + 1 for market in (btc, eth))
    story.send(Deposit(account=ALICE, asset=USDT, amount_units=need + fees + extra, reference=b"start"))
    story.send(Deposit(account=MAKER, asset=USDT, amount_units=10**17, reference=b"start"))
    for market in (btc, eth):
        open_position(story, market)
    wallet = story.wallet("alice")

    def spare(mark: int) -> int:
        equity = wallet + btc.pnl(mark) + eth.pnl(eth.entry)
        return equity - btc.maintenance(mark) - eth.maintenance(eth.entry)

    marks = [btc.entry]
    if spare(btc.mark) > 0:
        marks.append(btc.mark)
    for mark in marks:
        story.send(SetMarkPrice(instrument=BTC, mark_ticks=mark, index_ticks=mark))
        check(story.position("alice", BTC), btc, wallet + eth.pnl(eth.entry), eth.maintenance(eth.entry))
        check(story.position("alice", ETH), eth, wallet + btc.pnl(mark), btc.maintenance(mark))
        balance = story.balance("alice")
        assert balance.maintenance_margin_units == btc.maintenance(mark) + eth.maintenance(eth.entry)
        assert balance.unrealized_pnl_units == btc.pnl(mark) + eth.pnl(eth.entry)
    reach_the_end(story, btc, expected_liquidation_ticks(btc, wallet + eth.pnl(eth.entry) - eth.maintenance(eth.entry)))


def reach_the_end(story: Story, market: Market, end: int) -> None:
    """One tick better than the liquidation price nothing happens, at it the account is liquidated."""
    if not 1 <= end <= PRICE_MAX or not 1 <= end + market.sign <= PRICE_MAX:
        return
    for mark, is_liquidated in ((end + market.sign, False), (end, True)):
        told = story.send(SetMarkPrice(instrument=market.instrument, mark_ticks=mark, index_ticks=mark))
        assert any(isinstance(event, LiquidationStarted) for event in told) == is_liquidated


@pytest.mark.rule("MAR-103")
@pytest.mark.rule("MAR-105")
@pytest.mark.rule("MAR-013")
@pytest.mark.rule("LIQ-002", "LIQ-004")
@pytest.mark.parametrize("name", ["core", "reference"])
def test_margin_numbers_are_the_formulas_rounded(name: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(markets(BTC), markets(ETH), st.integers(0, 10**13))
    def compare(btc: Market, eth: Market, extra: int) -> None:
        tell(engine_class(name)(), btc, eth, extra)

    compare()


INDEX, MICRO = 1_000, 10**6
LEVELS = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 400)), max_size=4, unique_by=lambda level: level[0])


def sampled(story: Story, notional: int, bids: list[tuple[int, int]], asks: list[tuple[int, int]]) -> FundingSampled:
    """The event of a sample taken with these levels, at so many ticks from 1000, in the book."""
    story.act("maker cancel all")
    for away, lots in bids:
        story.act(f"maker buy {lots} @ {INDEX + 30 - away}")
    for away, lots in asks:
        story.act(f"maker sell {lots} @ {INDEX + 30 + away}")
    story.now_ns += SECOND_NS
    (event,) = story.send(SampleFunding(instrument=BTC, sample_ns=story.now_ns))
    unit = BTC_TERMS.tick_lot_units
    for levels, sign, told in ((bids, -1, event.impact_bid_microticks), (asks, 1, event.impact_ask_microticks)):
        prices = [(INDEX + 30 + sign * away, lots * unit) for away, lots in sorted(levels)]
        assert told == floor(formulas.impact_price(prices, notional) * MICRO)
    impact = [Fraction(told, MICRO) for told in (event.impact_bid_microticks, event.impact_ask_microticks)]
    assert event.premium_ppb == trunc(formulas.premium_index(*impact, INDEX) * PPB)
    return event


@st.composite
def market_rules(draw: st.DrawFn) -> DefineMarketRules:
    cap = draw(st.integers(1, 10**8))
    return DefineMarketRules(
        instrument=BTC,
        impact_notional_units=draw(st.integers(1, 10**8)),
        interest_rate_ppb=draw(st.integers(-(10**6), 10**6)),
        funding_hours=draw(st.sampled_from([1, 2, 4, 8])),
        funding_cap_ppb=cap,
        funding_floor_ppb=-cap,
    )


@pytest.mark.rule("FUND-001")
@pytest.mark.rule("FUND-002")
@pytest.mark.rule("FUND-003")
@pytest.mark.parametrize("name", ["core", "reference"])
def test_funding_is_the_formulas_rounded(name: str) -> None:
    books = st.lists(st.tuples(LEVELS, LEVELS), min_size=1, max_size=4)

    @settings(max_examples=60, deadline=None)
    @given(books, market_rules(), st.integers(1, 300), st.sampled_from(["buy", "sell"]))
    def compare(told: list[Any], rules: DefineMarketRules, lots: int, side: str) -> None:
        story = Story(engine_class(name)())
        story.open_market()
        story.open_accounts(10**15)
        story.send(rules)
        interest, interval, cap = rules.interest_rate_ppb, rules.funding_hours, rules.funding_cap_ppb
        other = "sell" if side == "buy" else "buy"
        story.act("alice leverage 1")
        story.act("bob leverage 1")
        story.act(f"bob {other} {lots} @ {INDEX}")
        story.act(f"alice {side} {lots} @ {INDEX}")
        premiums: list[int] = []
        for bids, asks in told:
            event = sampled(story, rules.impact_notional_units, bids, asks)
            premiums.append(event.premium_ppb)
            assert event.average_premium_ppb == trunc(formulas.premium_average(premiums))
            average, rate = Fraction(event.average_premium_ppb, PPB), Fraction(interest, PPB)
            limits = Fraction(-cap, PPB), Fraction(cap, PPB)
            assert event.predicted_rate_ppb == trunc(formulas.funding_rate(average, rate, interval, *limits) * PPB)
        paid = story.send(SettleFunding(instrument=BTC, funding_ns=story.now_ns, next_funding_ns=story.now_ns * 2))
        unit, found = BTC_TERMS.tick_lot_units, 0
        for payment in paid:
            if isinstance(payment, FundingPaid):
                sign, size = (LONG if payment.position_lots > 0 else SHORT), abs(payment.position_lots) * unit
                flow = formulas.funding_payment(sign, size, INDEX, Fraction(payment.rate_ppb, PPB))
                assert (payment.rate_ppb, payment.amount_units) == (event.predicted_rate_ppb, floor(flow))
                found += 1
        assert found == 2

    compare()
