"""Assets, instruments, ladders, accounts, marks and trading states: what may be defined and redefined."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import DefineAsset, DefineRiskTier, OpenAccount, SetMarkPrice
from matcher.protocol.enums import TradingState
from matcher.protocol.rejects import RejectReason
from matcher.protocol.views import QueryKind
from tests.scenarios.story import BTC_TERMS, LADDER, Story

WRONG_TERMS: list[dict[str, int]] = [
    {"tick_lot_units": 0},
    {"tick_lot_units": 10**12 + 1},
    {"max_price_ticks": 0},
    {"max_price_ticks": 2**24 - 1},
    {"min_quantity_lots": 0},
    {"min_quantity_lots": 1001},
    {"max_quantity_lots": 10**12 + 1},
    {"max_market_quantity_lots": 0},
    {"max_market_quantity_lots": 1001},
    {"min_notional_units": -1},
    {"price_band_ppm": 0},
    {"price_band_ppm": 10**6},
    {"market_band_ppm": 0},
    {"market_band_ppm": 10**6},
    {"max_open_orders": 0},
    {"max_open_orders": 10_001},
    {"maker_fee_ppb": 10**8 + 1},
    {"maker_fee_ppb": -(10**8) - 1},
    {"maker_fee_ppb": -500_001},
    {"taker_fee_ppb": 10**8 + 1},
    {"taker_fee_ppb": -200_001},
    {"taker_fee_ppb": -(2**31)},
    {"liquidation_fee_ppb": -1},
    {"liquidation_fee_ppb": 10**8 + 1},
    {"default_leverage": 0},
    {"default_leverage": 1001},
    {"trading_state": 6},
    {"max_quantity_lots": 10**12, "tick_lot_units": 10**9},
    {"max_quantity_lots": 4 * 10**11 + 1},
]


@pytest.mark.rule("CFG-002")
@pytest.mark.parametrize("wrong", WRONG_TERMS, ids=str)
def test_wrong_terms_are_refused(blank: Story, wrong: dict[str, int]) -> None:
    blank.send(DefineAsset(asset=1))
    blank.send(BTC_TERMS.replace(**wrong))
    assert blank.events[0].reason == RejectReason.INVALID_CONFIGURATION
    assert blank.query(QueryKind.INSTRUMENTS) == ([], [])


@pytest.mark.rule("CFG-002")
@pytest.mark.parametrize(
    "edge",
    [
        {"tick_lot_units": 10**12, "max_price_ticks": 1_000},
        {"max_price_ticks": 2**24 - 2},
        {"max_price_ticks": 1},
        {"max_quantity_lots": 10**12, "max_price_ticks": 40_000},
        {"max_quantity_lots": 4 * 10**11},
        {"tick_lot_units": 1},
        {"maker_fee_ppb": -500_000},
        {"maker_fee_ppb": 10**8, "taker_fee_ppb": -(10**8)},
        {"price_band_ppm": 1, "market_band_ppm": 999_999},
        {"default_leverage": 1000, "max_open_orders": 10_000},
    ],
    ids=str,
)
def test_terms_at_the_edge_are_fine(blank: Story, edge: dict[str, int]) -> None:
    blank.send(DefineAsset(asset=1))
    blank.send(BTC_TERMS.replace(**edge))
    assert blank.events[0].reason == 0


@pytest.mark.rule("CFG-002")
def test_redefinition_keeps_orders_and_takes_the_state_it_names(story: Story) -> None:
    story.tell("alice buy 5 @ 990 | accepted #1")
    story.send(BTC_TERMS.replace(trading_state=TradingState.HALTED, taker_fee_ppb=0, max_price_ticks=200_000))
    assert story.book() == "5@990 /"
    view = story.query(QueryKind.INSTRUMENTS, instrument=1)[0][0]
    assert (view.trading_state, view.taker_fee_ppb, view.max_price_ticks) == (TradingState.HALTED, 0, 200_000)
    assert (view.tier_count, view.mark_ticks, view.open_orders, view.best_bid_ticks) == (3, 1000, 1, 990)
    story.tell("alice cancel #1 | canceled #1")


def tier(number: int, count: int, floor: int, rate: int, leverage: int) -> DefineRiskTier:
    command = DefineRiskTier(instrument=1, tier=number, tier_count=count, max_leverage=leverage)
    return command.replace(notional_floor_units=floor, maintenance_rate_ppb=rate)


GOOD_FIRST = tier(0, 3, 0, 5_000_000, 100)


@pytest.mark.rule("CFG-003")
@pytest.mark.parametrize(
    "wrong",
    [
        tier(0, 0, 0, 5_000_000, 100),
        tier(0, 17, 0, 5_000_000, 100),
        tier(0, 3, 1, 5_000_000, 100),
        tier(0, 3, -1, 5_000_000, 100),
        tier(0, 3, 0, 0, 100),
        tier(0, 3, 0, 5_000_000, 0),
        tier(0, 3, 0, 10_000_000, 100),
        tier(2, 3, 100, 6_000_000, 90),
        tier(1, 2, 100, 6_000_000, 90),
        tier(1, 3, 0, 6_000_000, 90),
        tier(1, 3, 10**18 + 1, 6_000_000, 90),
        tier(1, 3, 100, 5_000_000, 90),
        tier(1, 3, 100, 6_000_000, 100),
        tier(1, 3, 100, 2**32 - 1, 1),
        tier(3, 3, 100, 6_000_000, 90),
    ],
    ids=str,
)
def test_a_wrong_tier_drops_the_staged_ladder(story: Story, wrong: DefineRiskTier) -> None:
    """The ladder in force stays; after the fault the next good tier 1 has nothing to follow."""
    story.send(GOOD_FIRST)
    assert story.events[0].reason == 0
    story.send(wrong)
    assert story.events[0].reason == RejectReason.INVALID_CONFIGURATION
    story.send(tier(1, 3, 100, 6_000_000, 90))
    assert story.events[0].reason == RejectReason.INVALID_CONFIGURATION
    assert story.query(QueryKind.INSTRUMENTS)[0][0].tier_count == len(LADDER)


@pytest.mark.rule("CFG-003")
def test_a_ladder_takes_effect_with_its_last_tier(story: Story) -> None:
    story.send(tier(0, 2, 0, 5_000_000, 20))
    story.tell(f"alice leverage 100 | leverage 100 up to {LADDER[1][0]}")
    story.send(tier(1, 2, 700, 6_000_000, 3))
    story.tell("""
        alice leverage 100           | refused INVALID_LEVERAGE
        alice leverage 20            | leverage 20 up to 700
        alice leverage 3             | leverage 3 up to 1000000000000000000
    """)


@pytest.mark.rule("CFG-003")
def test_a_ladder_at_the_edges(story: Story) -> None:
    story.send(tier(0, 2, 0, 1, 2))
    story.send(tier(1, 2, 10**18, 999_999_999, 1))
    assert story.events[0].reason == 0
    view = story.query(QueryKind.INSTRUMENTS)[0][0]
    assert view.tier_count == 2


@pytest.mark.rule("CFG-003")
def test_tier_zero_starts_over(story: Story) -> None:
    story.send(GOOD_FIRST)
    story.send(tier(0, 1, 0, 5_000_000, 7))
    assert story.query(QueryKind.INSTRUMENTS)[0][0].tier_count == 1


@pytest.mark.rule("CFG-004")
def test_groups_and_terms_of_accounts_may_change(story: Story) -> None:
    story.tell("""
        alice is ACTIVE group=70     | ACTIVE group 70
        bob   is ACTIVE group=70     | ACTIVE group 70
        alice sell 5 @ 1000          | accepted #1
        bob   buy 5 @ 1000 stp=taker | accepted #2; expired #2 SELF_TRADE
        alice is ACTIVE              | ACTIVE group 1
        bob   buy 5 @ 1000 stp=taker | accepted #3; bob takes 5@1000; alice makes 5@1000
    """)


@pytest.mark.rule("CFG-004")
@pytest.mark.parametrize(
    "wrong", [{"account_state": 3}, {"fee_override": 2}, {"maker_fee_ppb": 10**8 + 1}, {"taker_fee_ppb": -(10**8) - 1}]
)
def test_wrong_account_terms_are_refused(story: Story, wrong: dict[str, int]) -> None:
    story.send(OpenAccount(account=1).replace(**wrong))
    assert story.events[0].reason == RejectReason.INVALID_CONFIGURATION
    story.tell("alice buy 5 @ 990 | accepted #1")


@pytest.mark.rule("CFG-004")
@pytest.mark.parametrize("edge", [{"maker_fee_ppb": 10**8, "taker_fee_ppb": -(10**8)}, {"maker_fee_ppb": -(10**8)}])
def test_account_terms_at_the_edge_are_fine(story: Story, edge: dict[str, int]) -> None:
    story.send(OpenAccount(account=1, fee_override=1).replace(**edge))
    assert story.events[0].reason == 0


@pytest.mark.rule("CFG-005")
def test_a_mark_is_told_with_its_index_and_funding(story: Story) -> None:
    story.send(SetMarkPrice(instrument=1, mark_ticks=7, index_ticks=8, next_funding_ns=-9, funding_rate_ppb=-10))
    view = story.query(QueryKind.INSTRUMENTS)[0][0]
    assert (view.mark_ticks, view.index_ticks, view.next_funding_ns, view.funding_rate_ppb) == (7, 8, -9, -10)
    assert view.mark_time_ns == story.now_ns


@pytest.mark.rule("CFG-001")
@pytest.mark.rule("CFG-002")
def test_repeating_a_definition_is_harmless(story: Story) -> None:
    before = story.engine.dump()[64:]
    story.send(DefineAsset(asset=1))
    story.send(BTC_TERMS)
    story.define_ladder()
    story.send(OpenAccount(account=1))
    assert story.engine.dump()[64:] == before
