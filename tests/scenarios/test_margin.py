"""Margin, leverage and their checks: boundaries to the unit."""

from __future__ import annotations

import pytest

from tests.scenarios.story import BTC_TERMS, ETH, LADDER, Story

START = 10_000_000


def leave(story: Story, name: str, units: int) -> None:
    """Withdraw all but `units` from an untouched wallet."""
    story.tell(f"{name} withdraw {story.wallet(name) - units} ref=leave | -{story.wallet(name) - units} wallet {units}")


@pytest.mark.rule("MAR-101")
def test_an_order_holds_margin_open_loss_and_taker_fee(story: Story) -> None:
    """100 buys at 1050, mark 1000: 10.5 M / 10 + (105,000 - 100,000) x 100 + 5,250."""
    story.tell("alice buy 100 @ 1050 | accepted #1")
    assert story.balance("alice").order_margin_units == 1_050_000 + 500_000 + 5_250
    story.tell("""
        alice cancel #1              | canceled #1
        alice sell 100 @ 950         | accepted #2
    """)
    assert story.balance("alice").order_margin_units == 950_000 + 500_000 + 4_750


@pytest.mark.rule("MAR-101")
def test_the_worse_side_holds_for_both(story: Story) -> None:
    story.tell("""
        alice buy 100 @ 990          | accepted #1
        alice sell 100 @ 1010        | accepted #2
    """)
    assert story.balance("alice").order_margin_units == 1_010_000 + 5_050
    position = story.position("alice")
    assert (position.buy_lots, position.buy_value, position.sell_value) == (100, 99_000, 101_000)


@pytest.mark.rule("MAR-101")
def test_orders_that_close_hold_only_what_they_would_open(story: Story) -> None:
    """Long 10, selling 20 at 1010: the short side needs 102,000 + 1,010, the position alone 100,000."""
    story.tell("""
        bob   sell 10 @ 1000         | accepted #1
        alice buy 10 @ 1000          | accepted #2; alice takes 10@1000; bob makes 10@1000
        alice sell 20 @ 1010         | accepted #3
    """)
    balance = story.balance("alice")
    assert (balance.position_margin_units, balance.order_margin_units) == (100_000, 3_010)


@pytest.mark.rule("MAR-104")
@pytest.mark.parametrize(("wallet", "told"), [(1_004_999, "refused MARGIN_INSUFFICIENT"), (1_005_000, "accepted #1")])
def test_a_limit_order_needs_its_requirement_to_the_unit(story: Story, wallet: int, told: str) -> None:
    leave(story, "alice", wallet)
    story.tell(f"alice buy 100 @ 1000 | {told}")


@pytest.mark.rule("MAR-104")
@pytest.mark.parametrize(
    ("lots", "requirement"),
    [(1, 10_010 + 100 + 51), (2, 21_000 + 10_000 + 105), (9, 94_500 + 45_000 + 473)],
)
@pytest.mark.parametrize("short", [0, 1])
def test_a_market_order_is_judged_at_the_last_level_it_would_reach(
    story: Story, lots: int, requirement: int, short: int
) -> None:
    """Asks 1@1001 and 1@1050 (a third at 1051 is beyond the market band): all of it counts at 1050."""
    leave(story, "alice", requirement - short)
    story.tell("""
        maker sell 1 @ 1001          | accepted #1
        maker sell 1 @ 1050          | accepted #2
        maker sell 9 @ 1051          | accepted #3
    """)
    events = story.act(f"alice buy {lots} market")
    assert (events[0].reason == 82) == bool(short)


@pytest.mark.rule("MAR-104")
def test_margin_freed_on_one_side_is_not_asked_again(story: Story) -> None:
    """An account under water may still place what lowers its requirement."""
    leave(story, "alice", 1_010_000)
    story.tell("""
        bob   sell 100 @ 1000        | accepted #1
        alice buy 100 @ 1000         | accepted #2; alice takes 100@1000; bob makes 100@1000
        mark 950                     | mark 950
        alice buy 1 @ 950            | refused MARGIN_INSUFFICIENT
        alice sell 50 @ 950          | accepted #3
    """)
    assert story.balance("alice").available_units == 0


@pytest.mark.rule("MAR-104")
def test_other_instruments_of_the_asset_count(story: Story) -> None:
    story.open_market(BTC_TERMS.replace(instrument=ETH))
    leave(story, "alice", 1_500_000)
    story.tell("""
        alice buy 100 @ 1000         | accepted #1
        alice buy 50 @ 1000 on=eth   | refused MARGIN_INSUFFICIENT
        alice buy 49 @ 1000 on=eth   | accepted #2
    """)


@pytest.mark.rule("MAR-104")
def test_leverage_caps_the_exposure_by_tier(story: Story) -> None:
    story.tell(f"""
        alice leverage 101           | refused INVALID_LEVERAGE
        alice leverage 0             | refused INVALID_LEVERAGE
        alice leverage 100           | leverage 100 up to 20000000
        alice buy 200 @ 1000         | accepted #1
        alice buy 1 @ 1000           | refused POSITION_LIMIT_EXCEEDED
        alice sell 201 @ 1001        | refused POSITION_LIMIT_EXCEEDED
        alice leverage 50            | leverage 50 up to 50000000
        alice buy 1 @ 1000           | accepted #2
        alice leverage 51            | refused POSITION_LIMIT_EXCEEDED
        alice leverage 11            | leverage 11 up to 50000000
        alice leverage 10            | leverage 10 up to {10**18}
        alice leverage 1             | refused LEVERAGE_MARGIN_INSUFFICIENT
        alice leverage 10            | leverage 10 up to {10**18}
    """)
    assert story.position("alice").leverage == 10


@pytest.mark.rule("MAR-104")
def test_beyond_the_cap_an_order_that_lowers_exposure_passes(story: Story) -> None:
    story.tell("""
        alice leverage 100           | leverage 100 up to 20000000
        bob   sell 190 @ 1000        | accepted #1
        alice buy 190 @ 1000         | accepted #2; alice takes 190@1000; bob makes 190@1000
        mark 1099                    | mark 1099
        alice buy 1 @ 1000           | refused POSITION_LIMIT_EXCEEDED
        alice sell 190 @ 1099        | accepted #3
        alice leverage 100           | leverage 100 up to 20000000
        alice leverage 99            | refused POSITION_LIMIT_EXCEEDED
    """)


@pytest.mark.rule("MAR-106")
def test_leverage_above_a_new_ladder_is_used_as_the_ladders_highest(story: Story) -> None:
    story.tell("alice leverage 100 | leverage 100 up to 20000000")
    story.define_ladder(((0, 10_000_000, 20),))
    story.tell("""
        alice buy 100 @ 1000         | accepted #1
        bob   leverage 5             | leverage 5 up to 1000000000000000000
    """)
    assert story.position("alice").leverage == 20
    assert story.balance("alice").order_margin_units == 500_000 + 5_000


@pytest.mark.rule("MAR-101")
def test_default_leverage_is_capped_where_used(story: Story) -> None:
    story.define_ladder(((0, 10_000_000, 4),))
    story.tell("alice buy 100 @ 1000 | accepted #1")
    assert story.balance("alice").order_margin_units == 2_500_000 + 5_000


@pytest.mark.rule("MAR-103")
def test_maintenance_follows_the_ladder_continuously(story: Story) -> None:
    """At 30 M: 30 M x 1 % - cum, cum = 20 M x (1 % - 0.5 %) = 100,000."""
    story.tell("""
        bob   sell 300 @ 1000        | accepted #1
        alice buy 300 @ 1000         | accepted #2; alice takes 300@1000; bob makes 300@1000
    """)
    assert story.position("alice").maintenance_margin_units == 200_000


@pytest.mark.rule("MAR-101")
@pytest.mark.rule("MAR-103")
def test_margin_is_never_below_maintenance_however_far_beyond_the_cap(story: Story) -> None:
    """57 M at leverage 100 would ask 570,000 where maintenance is 57 M x 2.5 % - 850,000 = 575,000.

    Else the account could open elsewhere, or withdraw, into liquidation.
    """
    story.tell("""
        alice leverage 100           | leverage 100 up to 20000000
        bob   sell 190 @ 1000        | accepted #1
        alice buy 190 @ 1000         | accepted #2; alice takes 190@1000; bob makes 190@1000
        mark 3000 quietly            | mark 3000
    """)
    balance = story.balance("alice")
    assert balance.position_margin_units == balance.maintenance_margin_units == 575_000
    assert balance.withdrawable_units == START - 9_500 - 575_000


@pytest.mark.rule("MAR-104")
def test_a_far_order_is_not_set_off_against_a_near_ones_loss(story: Story) -> None:
    """Long 10 with little behind it: selling 100 at 950 loses 500,000 at once, whatever else rests at 1100."""
    leave(story, "alice", 400_000)
    story.tell("""
        alice leverage 50            | leverage 50 up to 50000000
        bob   sell 10 @ 1000         | accepted #1
        alice buy 10 @ 1000          | accepted #2; alice takes 10@1000; bob makes 10@1000
        alice sell 100 @ 1100        | accepted #3
        alice sell 100 @ 950         | refused MARGIN_INSUFFICIENT
        alice sell 60 @ 950          | accepted #4
        alice amend #3 to 90 @ 1100  | amended #3 90@1100
        alice amend #4 to 59 @ 950   | amended #4 59@950
        alice amend #4 to 75 @ 950   | refused MARGIN_INSUFFICIENT
    """)


@pytest.mark.rule("MAR-105")
def test_liquidation_price_is_where_maintenance_meets_equity(story: Story) -> None:
    """Wallet 1,005,000 behind 100 long from 1000: 9,950 m <= 8,995,000 holds up to 904."""
    leave(story, "alice", 1_010_000)
    story.tell("""
        bob   sell 100 @ 1000        | accepted #1
        alice buy 100 @ 1000         | accepted #2; alice takes 100@1000; bob makes 100@1000
    """)
    assert story.position("alice").liquidation_ticks == 904
    assert story.position("bob").liquidation_ticks == 1990
    for mark, name, is_due in ((905, "alice", False), (904, "alice", True), (1989, "bob", False), (1990, "bob", True)):
        story.tell(f"mark {mark} quietly | mark {mark}")
        balance = story.balance(name)
        equity = balance.wallet_units + balance.unrealized_pnl_units
        assert (balance.maintenance_margin_units >= equity) == is_due
        assert story.position(name).liquidation_ticks == {"alice": 904, "bob": 1990}[name]


@pytest.mark.rule("MAR-105")
def test_there_is_no_liquidation_price_without_a_position_or_danger(story: Story) -> None:
    story.tell("""
        alice buy 1 @ 1000           | accepted #1
    """)
    assert story.position("alice").liquidation_ticks == 0
    story.tell("bob sell 1 @ 1000 | accepted #2; bob takes 1@1000; alice makes 1@1000")
    assert story.position("alice").liquidation_ticks == 0


@pytest.mark.rule("MAR-101")
def test_a_taker_rebate_lowers_no_margin(story: Story) -> None:
    story.tell("""
        alice is ACTIVE fees=0:-500000 | ACTIVE group 1
        alice buy 100 @ 1000           | accepted #1
    """)
    assert story.balance("alice").order_margin_units == 1_000_000


@pytest.mark.rule("MAR-106")
@pytest.mark.parametrize(
    ("wallet", "told"), [(2_005_000, f"leverage 5 up to {10**18}"), (2_004_999, "refused LEVERAGE_MARGIN_INSUFFICIENT")]
)
def test_less_leverage_needs_its_margin_to_the_unit(story: Story, wallet: int, told: str) -> None:
    leave(story, "alice", wallet)
    story.tell(f"""
        alice buy 100 @ 1000         | accepted #1
        alice leverage 5             | {told}
    """)


@pytest.mark.rule("MAR-106")
def test_leverage_may_rise_for_an_account_under_water(story: Story) -> None:
    """What asks for no more margin is not asked whether there is enough."""
    leave(story, "alice", 1_010_000)
    story.tell("""
        bob   sell 100 @ 1000        | accepted #1
        alice buy 100 @ 1000         | accepted #2; alice takes 100@1000; bob makes 100@1000
        mark 902 quietly             | mark 902
        alice leverage 10            | leverage 10 up to 1000000000000000000
        alice leverage 20            | leverage 20 up to 50000000
        alice leverage 19            | refused LEVERAGE_MARGIN_INSUFFICIENT
    """)


@pytest.mark.rule("MAR-104")
def test_exposure_ends_at_1e18_units_without_a_cap(blank: Story) -> None:
    """However rich the account is."""
    whale = BTC_TERMS.replace(max_price_ticks=4_000, tick_lot_units=10**3)
    blank.open_market(whale.replace(max_quantity_lots=10**12, max_market_quantity_lots=10**12), LADDER[:1])
    blank.open_accounts(10**18)
    blank.tell(f"""
        alice leverage 100           | leverage 100 up to {10**18}
        alice buy {10**12} @ 1000    | accepted #1
        alice buy 1 @ 1000           | refused POSITION_LIMIT_EXCEEDED
    """)
