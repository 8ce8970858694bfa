"""Liquidation: when a group is due, how far it is reduced, at what price, and who pays."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.protocol.commands import DefineCollateral, SetMarkPrice
from matcher.protocol.enums import EventFlag
from matcher.protocol.events import Event, InsuranceChanged, LiquidationStarted, OrderAccepted, PositionMoved
from tests.scenarios.story import BTC, BTC_TERMS, ETH, Story
from tests.scenarios.test_margin import leave

# 1,005,000 behind 100 long from 1000: due at 904 with 45,000 <= 45,200; 45,000 are 4 ticks
OPENED = """
    bob   sell 100 @ 1000 | accepted #1
    alice buy 100 @ 1000  | accepted #2; alice takes 100@1000; bob makes 100@1000
    mark 905              | mark 905
"""
DUE = "mark 904; alice liquidated 45000/45200; step 100/100@900"


@pytest.fixture
def thin(story: Story) -> Story:
    """Alice has little; a liquidation costs 0.1 %."""
    story.send(BTC_TERMS.replace(liquidation_fee_ppb=1_000_000))
    leave(story, "alice", 1_010_000)
    return story


def of(story: Story, kind: type[Event]) -> list[Any]:
    return [event for event in story.events if isinstance(event, kind)]


def line(*parts: str) -> str:
    return "; ".join(parts)


@pytest.mark.rule("LIQ-002", "LIQ-003", "LIQ-004", "LIQ-005")
def test_the_book_takes_what_it_can_and_no_more_than_needed(thin: Story) -> None:
    """60 at 902 realize -588,000; the fee is 5,412; 40 more are safe with 27,588 over 18,080."""
    thin.tell("carol insures 1 | carol insures 1")
    thin.tell(OPENED)
    thin.tell("maker buy 60 @ 902 | accepted #3")
    thin.tell("maker buy 60 @ 899 | accepted #4")
    thin.tell(
        "mark 904 |"
        + line(
            DUE,
            "accepted #5",
            "alice takes 60@902",
            "carol insured +5412 LIQUIDATION_FEE",
            "maker makes 60@902",
            "expired #5 UNFILLED_REST",
            "alice ended 27588/18080",
        )
    )
    (fill, _) = thin.fills()
    assert (fill.fee_units, fill.wallet_units) == (5_412, 411_588)
    assert fill.flags == EventFlag.SELL | EventFlag.LIQUIDATION
    (accepted,) = of(thin, OrderAccepted)
    assert (accepted.price_ticks, accepted.quantity_lots, accepted.order_flags) == (900, 100, 1 | 8)
    assert thin.wallet("carol") == 10_005_412


@pytest.mark.rule("LIQ-005")
def test_the_fee_is_what_the_group_has_left_at_most(thin: Story) -> None:
    """All at 900: 5,000 are left and 9,000 would be due."""
    thin.tell("carol insures 1 | carol insures 1")
    thin.tell(OPENED)
    thin.tell("maker buy 100 @ 900 | accepted #3")
    told = line("alice takes 100@900", "carol insured +5000 LIQUIDATION_FEE", "maker makes 100@900", "alice ended 0/0")
    thin.tell(f"mark 904 | {DUE}; accepted #4; {told}")
    assert thin.wallet("alice") == 0


@pytest.mark.rule("LIQ-005")
def test_without_a_fund_there_is_no_liquidation_fee(thin: Story) -> None:
    thin.tell(OPENED)
    thin.tell("maker buy 100 @ 900 | accepted #3")
    told = line("alice takes 100@900", "maker makes 100@900", "alice ended 5000/0")
    thin.tell(f"mark 904 | {DUE}; accepted #4; {told}")


@pytest.mark.rule("LIQ-006")
def test_the_fund_takes_over_what_nobody_buys(thin: Story) -> None:
    thin.tell("carol insures 1 | carol insures 1")
    thin.tell(OPENED)
    told = line("alice moved -100@900", "carol moved +100@900", "alice ended 5000/0")
    thin.tell(f"mark 904 | {DUE}; accepted #3; expired #3 UNFILLED_REST; {told}")
    mine, other = of(thin, PositionMoved)
    assert (mine.counterparty, mine.realized_pnl_units, mine.position_lots, mine.detail) == (3, -1_000_000, 0, 1)
    assert (other.counterparty, other.position_lots, other.position_cost_units) == (1, 100, 9_000_000)
    assert (other.rank, other.score) == (0, 0)


@pytest.mark.rule("LIQ-006", "LIQ-007")
@pytest.mark.parametrize(("fund", "takes"), [(5_200, False), (5_201, True)])
def test_the_fund_takes_only_what_it_stands(thin: Story, fund: int, takes: bool) -> None:
    """100 lots bought at 900 under a mark of 904 gain 40,000 and need 45,200."""
    leave(thin, "carol", fund)
    thin.tell("carol insures 1 | carol insures 1")
    thin.tell(OPENED)
    taker = "carol moved +100@900" if takes else "bob moved +100@900 rank 1"
    thin.act("mark 904")
    rank = "" if takes else " rank 1"
    told = line(DUE, "accepted #3", "expired #3 UNFILLED_REST", f"alice moved -100@900{rank}", taker)
    assert thin.said().startswith(told)


@pytest.mark.rule("LIQ-003")
def test_a_large_position_goes_to_the_tier_below_only(thin: Story) -> None:
    """30 M: at 900 the tier from 20 M asks 170,000 of 150,000; 222 lots, 19.98 M, ask 99,900 of 111,000."""
    thin.tell("carol insures 1 | carol insures 1")
    thin.tell("""
        alice deposit 2155000 ref=more | +2155000 wallet 3165000
        bob   sell 300 @ 1000          | accepted #1
        alice buy 300 @ 1000           | accepted #2; alice takes 300@1000; bob makes 300@1000
        mark 901                       | mark 901
    """)
    thin.tell(
        "mark 900 |"
        + line(
            "mark 900",
            "alice liquidated 150000/170000",
            "step 78/300@895",
            "accepted #3",
            "expired #3 UNFILLED_REST",
            "alice moved -78@895",
            "carol moved +78@895",
            "alice ended 111000/99900",
        )
    )


@pytest.mark.rule("LIQ-003")
def test_orders_that_may_open_go_first_and_closing_ones_stay(thin: Story) -> None:
    """The closing sell is cut by what the liquidation sells itself, here all of it."""
    thin.tell("carol insures 1 | carol insures 1")
    thin.open_market(BTC_TERMS.replace(instrument=ETH))
    thin.tell(OPENED)
    thin.tell("""
        alice buy 1 @ 800 on=eth       | refused MARGIN_INSUFFICIENT
        alice sell 20 @ 910 reduce     | accepted #3
        alice sell 5 @ 920             | accepted #4
        maker buy 60 @ 902             | accepted #5
    """)
    told = line(
        "mark 904",
        "alice liquidated 45000/45200",
        "canceled #4 LIQUIDATION",
        "step 100/100@900",
        "accepted #6",
        "alice takes 60@902",
        "carol insured +5412 LIQUIDATION_FEE",
        "maker makes 60@902",
        "expired #6 UNFILLED_REST",
        "alice ended 27588/18080",
    )
    thin.tell(f"mark 904 | {told}")
    assert thin.orders("alice") == "#3 20@910"


@pytest.mark.rule("LIQ-003")
def test_the_riskiest_leg_is_reduced_first(thin: Story) -> None:
    """50 ETH and 100 BTC: BTC asks more maintenance; the 5,000 left are too few for ETH."""
    thin.open_market(BTC_TERMS.replace(instrument=ETH))
    thin.tell("carol insures 1 | carol insures 1")
    thin.tell("alice deposit 502500 ref=more | +502500 wallet 1512500")
    thin.tell("""
        bob   sell 50 @ 1000 on=eth    | accepted #1
        alice buy 50 @ 1000 on=eth     | accepted #2; alice takes 50@1000; bob makes 50@1000
        bob   sell 100 @ 1000          | accepted #3
        alice buy 100 @ 1000           | accepted #4; alice takes 100@1000; bob makes 100@1000
    """)
    thin.act("mark 856")  # 1,505,000 - 1,440,000 = 65,000 over 42,800 + 25,000
    start = of(thin, LiquidationStarted)[0]
    assert (start.equity_units, start.maintenance_units, start.instrument, start.asset) == (65_000, 67_800, 0, 1)
    assert thin.said() == line(
        "mark 856",
        "alice liquidated 65000/67800",
        "step 100/100@850",
        "accepted #5",
        "expired #5 UNFILLED_REST",
        "alice moved -100@850",
        "carol moved +100@850",
        "step 50/50@999",
        "accepted #6",
        "expired #6 UNFILLED_REST",
        "alice moved -50@999",
        "carol moved +50@999",
        "alice ended 0/0",
    )


@pytest.mark.rule("LIQ-002", "LIQ-001")
def test_a_market_that_does_not_trade_is_not_judged(thin: Story) -> None:
    """At 890 the 1,005,000 are 95,000 short: ten ticks above the mark."""
    thin.tell(OPENED)
    thin.tell("""
        state HALTED      | ACTIVE to HALTED
        mark 890          | mark 890
        sweep             | swept 0 0 0
        state REDUCE_ONLY | HALTED to REDUCE_ONLY
    """)
    told = line(
        "alice liquidated -95000/44500",
        "step 100/100@900",
        "accepted #3",
        "expired #3 UNFILLED_REST",
        "alice moved -100@900 rank 1",
        "bob moved +100@900 rank 1",
        "alice ended 5000/0",
        "swept 1 0 0",
    )
    thin.tell(f"sweep 1 | {told}")


@pytest.mark.rule("MAR-013")
def test_a_group_that_is_due_still_shows_where_it_became_so(thin: Story) -> None:
    """Only legs held on both sides show the mark itself."""
    thin.tell(OPENED)
    thin.tell("mark 890 quietly | mark 890")
    assert thin.position("alice").liquidation_ticks == 904


@pytest.mark.rule("LIQ-001")
def test_a_mark_of_version_1_liquidates_nobody(thin: Story) -> None:
    thin.tell(OPENED)
    thin.send(SetMarkPrice(instrument=BTC, mark_ticks=800, version=1))
    assert len(thin.events) == 1


@pytest.mark.rule("LIQ-005", "LIQ-008", "MAR-004")
def test_an_isolated_leg_leaves_its_surplus_to_the_fund(thin: Story) -> None:
    """100,000 behind 10: 4,000 <= 4,520 at 904. Sold at 902 for a fee of 902, 1,098 are left; the rest is untouched."""
    thin.tell("""
        alice deposit 990000 ref=more  | +990000 wallet 2000000
        carol insures 1                | carol insures 1
        alice isolated                 | ISOLATED
        bob   sell 10 @ 1000           | accepted #1
        alice buy 10 @ 1000            | accepted #2; alice takes 10@1000; alice margin +100000 is 100000; bob makes 10@1000
        alice buy 1 @ 850              | accepted #3
        mark 905                       | mark 905
        maker buy 10 @ 902             | accepted #4
    """)
    told = line(
        "mark 904",
        "alice liquidated 4000/4520",
        "canceled #3 LIQUIDATION",
        "step 10/10@900",
        "accepted #5",
        "alice takes 10@902",
        "alice margin -98902 is 1098",
        "carol insured +902 LIQUIDATION_FEE",
        "maker makes 10@902",
        "carol insured +1098 SURPLUS",
        "alice ended 0/0",
    )
    thin.tell(f"mark 904 | {told}")
    (start,) = of(thin, LiquidationStarted)
    assert (start.instrument, start.flags & EventFlag.ISOLATED, start.wallet_units) == (
        BTC,
        EventFlag.ISOLATED,
        1_999_500,
    )
    assert thin.wallet("alice") == 2_000_000 - 500 - 100_000
    assert of(thin, InsuranceChanged)[1].source_wallet_units == 2_000_000 - 500 - 100_000
    assert thin.position("alice").isolated_units == 0


@pytest.mark.rule("LIQ-004")
def test_a_leg_under_water_is_sold_above_the_mark(thin: Story) -> None:
    """At 890 the isolated 100,000 are 10,000 short: ten ticks above the mark, which the fund pays."""
    thin.tell("""
        alice deposit 990000 ref=more  | +990000 wallet 2000000
        carol insures 1                | carol insures 1
        alice isolated                 | ISOLATED
        bob   sell 10 @ 1000           | accepted #1
        alice buy 10 @ 1000            | accepted #2; alice takes 10@1000; alice margin +100000 is 100000; bob makes 10@1000
    """)
    told = line(
        "mark 890",
        "alice liquidated -10000/4450",
        "step 10/10@900",
        "accepted #3",
        "expired #3 UNFILLED_REST",
        "alice moved -10@900",
        "alice margin -100000 is 0",
        "carol moved +10@900",
        "alice ended 0/0",
    )
    thin.tell(f"mark 890 | {told}")


@pytest.mark.rule("LIQ-003", "MAR-002")
def test_a_hedged_account_is_liquidated_leg_by_leg(thin: Story) -> None:
    """Long 100, short 20: the long leg first, without the reduce_only flag; 5,000 do not carry the short's 8,550."""
    thin.tell("carol insures 1 | carol insures 1")
    thin.tell("""
        alice deposit 201000 ref=more       | +201000 wallet 1211000
        alice hedge                         | HEDGE
        bob   sell 100 @ 1000               | accepted #1
        alice buy 100 @ 1000 leg=long       | accepted #2; alice takes 100@1000; bob makes 100@1000
        bob   buy 20 @ 1000                 | accepted #3
        alice sell 20 @ 1000 leg=short      | accepted #4; alice takes 20@1000; bob makes 20@1000
    """)
    thin.act("mark 855")  # 1,205,000 - 8,000 x 145 = 45,000 under 120 x 85,500 x 0.5 % = 51,300
    assert thin.said() == line(
        "mark 855",
        "alice liquidated 45000/51300",
        "step long 100/100@851",
        "accepted #5",
        "expired #5 UNFILLED_REST",
        "alice long moved -100@851",
        "carol moved +100@851",
        "step short 20/-20@857",
        "accepted #6",
        "expired #6 UNFILLED_REST",
        "alice short moved +20@857",
        "carol moved -20@857",
        "alice ended 1000/0",
    )
    accepted = of(thin, OrderAccepted)[0]
    assert (accepted.order_flags, accepted.position_side) == (8, 1)


@pytest.mark.rule("LIQ-010", "LIQ-001")
def test_a_sweep_unwinds_the_fund_where_the_book_pays_the_mark(thin: Story) -> None:
    thin.tell("carol insures 1 | carol insures 1")
    thin.tell(OPENED)
    thin.act("mark 904")
    thin.tell("""
        maker buy 30 @ 903  | accepted #4
        sweep               | swept 0 0 0
        maker buy 30 @ 904  | accepted #5
        maker buy 30 @ 910  | accepted #6
        sweep               | accepted #7; carol takes 30@910; maker makes 30@910; carol takes 30@904; maker makes 30@904; expired #7 UNFILLED_REST; swept 0 0 60
        sweep 7             | refused UNKNOWN_INSTRUMENT
    """)
    assert thin.holds("carol")[0] == 40


@pytest.mark.rule("LIQ-001", "LIQ-010")
def test_whom_the_unwinding_ruins_the_same_sweep_liquidates(thin: Story) -> None:
    """The maker's bid was good at 904; at 813 the fund's sale leaves it under water, and no mark has moved since."""
    thin.tell("carol insures 1 | carol insures 1")
    thin.tell(OPENED)
    thin.act("mark 904")
    leave(thin, "maker", 370_000)
    thin.tell("maker buy 40 @ 904 | accepted #4")
    thin.act("mark 813")
    thin.tell(
        "sweep |"
        + line(
            "accepted #5",
            "carol takes 40@904",
            "maker makes 40@904",
            "expired #5 UNFILLED_REST",
            "maker liquidated 5276/16260",
            "step 40/40@812",
            "accepted #6",
            "expired #6 UNFILLED_REST",
            "maker moved -40@812",
            "carol moved +40@812",
            "maker ended 1276/0",
            "swept 1 0 40",
        )
    )


@pytest.mark.rule("LIQ-010")
def test_lots_a_fund_trades_with_itself_count_as_traded(thin: Story) -> None:
    thin.tell("carol insures 1 | carol insures 1")
    thin.tell(OPENED)
    thin.act("mark 904")
    thin.tell("""
        carol buy 100 @ 904 | accepted #4
        sweep               | accepted #5; carol takes 100@904; carol makes 100@904; swept 0 0 100
    """)
    assert thin.holds("carol") == (100, 9_040_000)


@pytest.mark.rule("MAR-013", "MAR-011")
def test_a_pooled_group_looks_for_its_end_from_the_mark(thin: Story) -> None:
    """Where profit counts nothing, a long would be due at the top of the scale too; that is not what is asked."""
    thin.send(DefineCollateral(asset=1, price_units=10**8, haircut_ppb=0))
    thin.tell("alice pools | pooled")
    thin.tell(OPENED)
    assert thin.position("alice").liquidation_ticks == 904
    thin.tell("mark 890 quietly | mark 890")
    assert thin.position("alice").liquidation_ticks == 890
    thin.tell("mark 1000 quietly | mark 1000")
    thin.send(DefineCollateral(asset=1, price_units=10**8, haircut_ppb=10**9))
    assert thin.position("alice").liquidation_ticks == 1000


@pytest.mark.rule("LIQ-011")
def test_a_fund_has_nothing_open(story: Story) -> None:
    story.tell("""
        alice insures 7        | refused UNKNOWN_ASSET
        alice buy 1 @ 900      | accepted #1
        alice insures 1        | refused INVALID_CONFIGURATION
        alice cancel #1        | canceled #1
        alice isolated         | ISOLATED
        alice insures 1        | refused INVALID_CONFIGURATION
        alice cross            | CROSS
        alice insures 1        | alice insures 1
        bob   insures 1        | bob insures 1
        alice hedge            | HEDGE
        alice insures 1        | refused INVALID_CONFIGURATION
        maker sell 1 @ 1000    | accepted #2
        bob   buy 1 @ 1000     | accepted #3; bob takes 1@1000; maker makes 1@1000
        carol insures 1        | refused INVALID_CONFIGURATION
    """)


@pytest.mark.rule("LIQ-004")
@pytest.mark.parametrize(("side", "equity", "price"), [("buy", 499, 45_010), ("sell", 499, 54_990)])
def test_bankruptcy_prices_of_published_examples(story: Story, side: str, equity: int, price: int) -> None:
    """0.1 at 50,000 with 499: here 1 lot of 100 units a tick, 499,000 units."""
    story.send(SetMarkPrice(instrument=BTC, mark_ticks=50_000, index_ticks=50_000))
    story.send(BTC_TERMS.replace(maker_fee_ppb=0, taker_fee_ppb=0))
    story.tell("alice leverage 20 | leverage 20 up to 50000000")
    other = "sell" if side == "buy" else "buy"
    story.act(f"bob {other} 1 @ 50000")
    leave(story, "alice", equity * 1_000 + 1_000)
    story.act(f"alice {side} 1 @ 50000")
    story.act("alice withdraw 1000 ref=rest")
    assert story.position("alice").bankruptcy_ticks == price
