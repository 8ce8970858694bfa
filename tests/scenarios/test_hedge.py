"""Hedge mode: a long and a short leg side by side."""

from __future__ import annotations

import pytest

from tests.scenarios.story import Story
from tests.scenarios.test_margin import leave

HEDGED = """
    alice hedge                          | HEDGE
    bob   sell 100 @ 1000                | accepted #1
    alice buy 100 @ 1000 leg=long        | accepted #2; alice takes 100@1000; bob makes 100@1000
    bob   buy 40 @ 1000                  | accepted #3
    alice sell 40 @ 1000 leg=short       | accepted #4; alice takes 40@1000; bob makes 40@1000
"""


@pytest.mark.rule("MAR-001", "MAR-003")
def test_legs_are_kept_apart_and_add_up(story: Story) -> None:
    story.tell(HEDGED)
    long, short = story.leg("alice", "long"), story.leg("alice", "short")
    assert (long.position_lots, long.cost_units) == (100, 10_000_000)
    assert (short.position_lots, short.cost_units) == (-40, -4_000_000)
    balance = story.balance("alice")
    assert (balance.position_margin_units, balance.maintenance_margin_units) == (1_400_000, 70_000)
    assert balance.available_units == 10_000_000 - 7_000 - 1_400_000
    assert story.position("alice").position_lots == 0  # BOTH, which keeps the settings


@pytest.mark.rule("MAR-001")
def test_each_mode_has_its_sides(story: Story) -> None:
    story.tell("""
        alice buy 1 @ 900 leg=long       | refused INVALID_POSITION_SIDE
        alice hedge                      | HEDGE
        alice buy 1 @ 900                | refused INVALID_POSITION_SIDE
        alice buy 1 @ 900 leg=long       | accepted #1
    """)


@pytest.mark.rule("MAR-001")
def test_leverage_is_that_of_both_legs(story: Story) -> None:
    story.tell(HEDGED)
    story.tell("alice leverage 20 | leverage 20 up to 50000000")
    assert [story.leg("alice", leg).leverage for leg in ("long", "short", "both")] == [20, 20, 20]
    assert story.balance("alice").position_margin_units == 700_000


@pytest.mark.rule("MAR-002")
def test_what_closes_a_leg_never_turns_it(story: Story) -> None:
    """Sells of LONG are cut at entry and when the leg shrinks, cost no margin and need no flag."""
    story.tell(HEDGED)
    free = story.balance("alice").available_units
    story.tell("""
        alice sell 1 @ 1000 leg=long reduce | refused INVALID_FLAGS
        alice sell 70 @ 1050 leg=long    | accepted #5
        alice sell 70 @ 1060 leg=long    | accepted #6
        alice sell 1 @ 1070 leg=long     | refused REDUCE_ONLY_REJECTED
        alice buy 41 @ 900 leg=short     | accepted #7
    """)
    assert story.orders("alice") == "#5 70@1050 #6 30@1060 #7 40@900"
    assert story.balance("alice").available_units == free
    story.tell(
        """
        bob   buy 80 @ 1060              | accepted #8; bob takes 70@1050; alice makes 70@1050;
                                           bob takes 10@1060; alice makes 10@1060
    """.replace("\n                                           ", " ")
    )
    assert story.leg("alice", "long").position_lots == 20
    assert story.orders("alice") == "#6 20@1060 #7 40@900"


@pytest.mark.rule("MAR-002")
def test_a_shrinking_leg_cuts_its_own_closing_orders_only(story: Story) -> None:
    story.tell(HEDGED)
    story.tell("""
        alice sell 100 @ 1050 leg=long   | accepted #5
        alice buy 40 @ 900 leg=short     | accepted #6
        alice cancel #5                  | canceled #5
        alice sell 30 @ 1060 leg=long    | accepted #7
        alice sell 70 @ 1070 leg=long    | accepted #8
        maker buy 25 @ 1000              | accepted #9
        alice cancel #7                  | canceled #7
        alice sell 30 @ 1000 leg=long    | accepted #10; alice takes 25@1000; maker makes 25@1000
        alice amend #10 to 26 @ 1000     | amended #10 26@1000
        maker buy 1 @ 1000               | accepted #11; maker takes 1@1000; alice makes 1@1000
    """)
    assert story.orders("alice") == "#6 40@900 #8 70@1070"


@pytest.mark.rule("MAR-008")
def test_the_position_mode_changes_only_with_nothing_open(story: Story) -> None:
    story.tell("""
        alice one_way                    | refused MODE_UNCHANGED
        alice buy 1 @ 900                | accepted #1
        alice hedge                      | refused HAS_OPEN_ORDERS
        alice cancel #1                  | canceled #1
        alice hedge                      | HEDGE
        alice hedge                      | refused MODE_UNCHANGED
        bob   sell 1 @ 1000              | accepted #2
        alice buy 1 @ 1000 leg=long      | accepted #3; alice takes 1@1000; bob makes 1@1000
        alice one_way                    | refused HAS_POSITION
        bob   insures 1                  | refused INVALID_CONFIGURATION
        carol insures 1                  | carol insures 1
        carol hedge                      | refused INVALID_MODE
        alice is FROZEN                  | FROZEN group 1
        alice one_way                    | refused ACCOUNT_FROZEN
    """)


@pytest.mark.rule("MAR-013", "LIQ-004")
def test_legs_move_together_to_their_liquidation(story: Story) -> None:
    """2,000,000 behind 60 net long: 70 m >= 2,000,000 + 6,000 (m - 1000) up to 674; the short leg never."""
    leave(story, "alice", 2_007_000)
    story.tell(HEDGED)
    long, short = story.leg("alice", "long"), story.leg("alice", "short")
    assert (long.liquidation_ticks, short.liquidation_ticks) == (674, 0)
    assert (long.bankruptcy_ticks, short.bankruptcy_ticks) == (1000 - 200, 1000 + 500)


@pytest.mark.rule("MAR-003")
def test_the_cap_holds_for_both_legs_together(story: Story) -> None:
    """Leverage 50 allows 50 M: 300 lots long (30 M) leave 20 M, 200 lots, for the short leg."""
    story.tell("""
        alice hedge                      | HEDGE
        alice leverage 50                | leverage 50 up to 50000000
        bob   sell 300 @ 1000            | accepted #1
        alice buy 300 @ 1000 leg=long    | accepted #2; alice takes 300@1000; bob makes 300@1000
        alice sell 201 @ 1000 leg=short  | refused POSITION_LIMIT_EXCEEDED
        alice sell 200 @ 1000 leg=short  | accepted #3
    """)
