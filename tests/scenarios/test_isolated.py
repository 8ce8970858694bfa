"""Isolated legs: their own margin, to the unit."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import DefineMarketRules
from tests.scenarios.story import BTC, Story
from tests.scenarios.test_margin import leave

# at 1010 under a mark of 1000: 1,010,000 / 10 and the 10,000 already lost
OPENED = """
    alice isolated       | ISOLATED
    bob   sell 10 @ 1010 | accepted #1
    alice buy 10 @ 1010  | accepted #2; alice takes 10@1010; alice margin +111000 is 111000; bob makes 10@1010
"""


@pytest.mark.rule("MAR-004")
def test_fills_move_margin_in_and_out(story: Story) -> None:
    story.tell(OPENED)
    assert story.wallet("alice") == 10_000_000 - 505
    story.tell("""
        carol buy 4 @ 1005   | accepted #3
        alice sell 4 @ 1005  | accepted #4; alice takes 4@1005; alice margin -44400 is 66600; carol makes 4@1005
    """)
    assert story.wallet("alice") == 10_000_000 - 505 - 2_000 - 201
    story.tell("""
        carol buy 16 @ 1000  | accepted #5
        alice sell 16 @ 1000 | accepted #6; alice takes 16@1000; alice margin +33400 is 100000; carol makes 16@1000
    """)
    assert story.holds("alice") == (-10, -1_000_000)


@pytest.mark.rule("MAR-003", "MAR-013", "LIQ-004")
def test_what_is_isolated_is_out_of_the_cross_part(story: Story) -> None:
    """1,000 m - 899,000 <= 5 m up to 903; 101,000 of equity reach down to 899."""
    story.tell(OPENED)
    balance, position = story.balance("alice"), story.position("alice")
    assert balance.available_units == balance.withdrawable_units == 10_000_000 - 505 - 111_000
    assert (balance.isolated_units, balance.position_margin_units) == (111_000, 100_000)
    assert (balance.unrealized_pnl_units, balance.cross_unrealized_pnl_units) == (-10_000, 0)
    assert (balance.maintenance_margin_units, balance.cross_maintenance_margin_units) == (5_000, 0)
    assert (position.margin_mode, position.isolated_units) == (1, 111_000)
    assert (position.liquidation_ticks, position.bankruptcy_ticks) == (903, 899)


@pytest.mark.rule("MAR-003")
def test_profit_of_an_isolated_leg_backs_nothing_else(story: Story) -> None:
    story.tell(OPENED)
    free = story.balance("alice").available_units
    story.tell("mark 1100 | mark 1100")
    assert story.balance("alice").available_units == free


@pytest.mark.rule("MAR-005")
@pytest.mark.parametrize(("wallet", "told"), [(1_004_999, "refused MARGIN_INSUFFICIENT"), (1_005_000, "accepted #1")])
def test_orders_of_an_isolated_leg_are_covered_by_the_cross_part(story: Story, wallet: int, told: str) -> None:
    leave(story, "alice", wallet)
    story.tell("alice isolated | ISOLATED")
    story.tell(f"alice buy 100 @ 1000 | {told}")


@pytest.mark.rule("MAR-005")
def test_nothing_may_be_opened_into_liquidation(story: Story) -> None:
    """10 long with 10,000 at 1000: at 990 nothing is left, and 990 more are below 11 x 99,000 x 0.5 %."""
    story.tell("""
        alice isolated       | ISOLATED
        alice leverage 100   | leverage 100 up to 20000000
        bob   sell 10 @ 1000 | accepted #1
        alice buy 10 @ 1000  | accepted #2; alice takes 10@1000; alice margin +10000 is 10000; bob makes 10@1000
        state HALTED         | ACTIVE to HALTED
        mark 990             | mark 990
        state ACTIVE         | HALTED to ACTIVE
        alice buy 1 @ 990    | refused MARGIN_INSUFFICIENT
        alice sell 10 @ 990  | accepted #3
    """)


@pytest.mark.rule("MAR-006")
@pytest.mark.parametrize(("profit_opens", "lots"), [(1, 26), (0, 17)])
def test_profit_opens_only_where_the_rules_say_so(story: Story, profit_opens: int, lots: int) -> None:
    """299,500 and 100,000 of profit: 110,000 + 11,055 a lot."""
    leave(story, "alice", 300_000)
    story.send(DefineMarketRules(instrument=BTC, profit_opens=profit_opens))
    story.tell(f"""
        bob   sell 10 @ 1000         | accepted #1
        alice buy 10 @ 1000          | accepted #2; alice takes 10@1000; bob makes 10@1000
        mark 1100                    | mark 1100
        alice buy {lots + 1} @ 1100  | refused MARGIN_INSUFFICIENT
        alice buy {lots} @ 1100      | accepted #3
    """)


@pytest.mark.rule("MAR-007")
def test_the_margin_mode_changes_only_with_nothing_there(story: Story) -> None:
    story.tell("""
        alice cross          | refused MODE_UNCHANGED
        alice buy 1 @ 900    | accepted #1
        alice isolated       | refused HAS_OPEN_ORDERS
        alice cancel #1      | canceled #1
        alice isolated       | ISOLATED
        bob   sell 1 @ 1000  | accepted #2
        alice buy 1 @ 1000   | accepted #3; alice takes 1@1000; alice margin +10000 is 10000; bob makes 1@1000
        alice cross          | refused HAS_POSITION
        carol insures 1      | carol insures 1
        carol isolated       | refused INVALID_MODE
        maker pools          | pooled
        maker isolated       | refused MULTI_ASSETS_CONFLICT
        alice pools          | refused MULTI_ASSETS_CONFLICT
    """)


@pytest.mark.rule("MAR-009")
def test_margin_is_added_and_taken_to_the_unit(story: Story) -> None:
    """Free are 9,888,495; of 111,000 the 10,000 lost and 100,000 of position margin must stay."""
    story.tell("alice margin +1 | refused NO_ISOLATED_POSITION")
    story.tell(OPENED)
    story.tell("""
        alice margin 0        | refused INVALID_AMOUNT
        alice margin 1 leg=long | refused INVALID_POSITION_SIDE
        alice margin 9888496  | refused BALANCE_INSUFFICIENT
        alice margin -1001    | refused ISOLATED_MARGIN_INSUFFICIENT
        alice margin -1000    | alice margin -1000 is 110000
        alice margin 9889495  | alice margin +9889495 is 9999495
    """)
    assert story.balance("alice").available_units == 0
    assert story.wallet("alice") == 10_000_000 - 505


@pytest.mark.rule("MAR-010")
def test_leverage_needs_the_isolated_margin_it_asks(story: Story) -> None:
    """At 9 the position margin would be 111,112, and 101,000 are safe."""
    story.tell(OPENED)
    story.tell("""
        alice leverage 9     | refused LEVERAGE_MARGIN_INSUFFICIENT
        alice margin 10112   | alice margin +10112 is 121112
        alice leverage 9     | leverage 9 up to 1000000000000000000
        alice leverage 20    | leverage 20 up to 50000000
    """)
    assert story.position("alice").isolated_units == 121_112
