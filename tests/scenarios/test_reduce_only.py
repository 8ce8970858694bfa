"""reduce_only: cut at entry, cut again whenever the position shrinks, never opening and never flipping."""

from __future__ import annotations

import pytest

from tests.scenarios.story import Story

LONG_TEN = """
    maker sell 10 @ 1000         | accepted #1
    alice buy 10 @ 1000          | accepted #2; alice takes 10@1000; maker makes 10@1000
"""


@pytest.fixture
def long_ten(story: Story) -> Story:
    """Alice is long 10 against maker; the next order is #3."""
    story.tell(LONG_TEN)
    return story


@pytest.mark.rule("ORD-102")
def test_without_a_position_or_on_the_wrong_side_it_is_refused(long_ten: Story) -> None:
    long_ten.tell("""
        bob   sell 1 @ 1010 reduce   | refused REDUCE_ONLY_REJECTED
        alice buy 1 @ 990 reduce     | refused REDUCE_ONLY_REJECTED
        alice sell 1 @ 1010 reduce   | accepted #3
    """)


@pytest.mark.rule("ORD-102")
def test_at_entry_it_is_cut_to_what_is_left_to_reduce(long_ten: Story) -> None:
    long_ten.tell("""
        alice sell 7 @ 1010 reduce   | accepted #3
        alice sell 7 @ 1011 reduce   | accepted #4
        alice sell 7 @ 1012 reduce   | refused REDUCE_ONLY_REJECTED
    """)
    assert long_ten.orders("alice") == "#3 7@1010 #4 3@1011"


@pytest.mark.rule("ORD-102")
def test_a_market_close_larger_than_the_position_does_not_flip(long_ten: Story) -> None:
    long_ten.tell("""
        bob   buy 50 @ 1000          | accepted #3
        alice sell 50 market reduce  | accepted #4; alice takes 10@1000; bob makes 10@1000
    """)
    assert long_ten.holds("alice") == (0, 0)


@pytest.mark.rule("MAT-004")
def test_when_the_position_shrinks_the_youngest_is_cut_first(long_ten: Story) -> None:
    long_ten.tell("""
        alice sell 4 @ 1010 reduce   | accepted #3
        alice sell 4 @ 1009 reduce   | accepted #4
        alice sell 2 @ 1008 reduce   | accepted #5
        bob   buy 5 @ 1000           | accepted #6
        alice sell 5 @ 1000          | accepted #7; alice takes 5@1000; bob makes 5@1000; canceled #5 REDUCE_ONLY_CUT; amended #4 1@1009 REDUCE_ONLY_CUT
    """)
    assert long_ten.orders("alice") == "#3 4@1010 #4 1@1009"
    assert long_ten.levels() == "bid 0@1000; ask 0@1008; ask 1@1009"


@pytest.mark.rule("MAT-004")
def test_the_cut_may_be_a_single_lot(long_ten: Story) -> None:
    long_ten.tell("""
        alice sell 10 @ 1010 reduce  | accepted #3
        bob   buy 1 @ 1000           | accepted #4
        alice sell 1 @ 1000          | accepted #5; alice takes 1@1000; bob makes 1@1000; amended #3 9@1010 REDUCE_ONLY_CUT
        maker buy 2 @ 990 reduce     | accepted #6
    """)
    held = [long_ten.position(name) for name in ("alice", "maker")]
    assert [(p.reduce_only_buy_lots, p.reduce_only_sell_lots) for p in held] == [(0, 9), (2, 0)]


@pytest.mark.rule("MAT-004")
def test_the_cut_keeps_the_place_in_the_queue(long_ten: Story) -> None:
    long_ten.tell("""
        alice sell 8 @ 1010 reduce   | accepted #3
        bob   sell 5 @ 1010          | accepted #4
        carol buy 5 @ 1000           | accepted #5
        alice sell 5 @ 1000          | accepted #6; alice takes 5@1000; carol makes 5@1000; amended #3 5@1010 REDUCE_ONLY_CUT
        carol buy 6 @ 1010           | accepted #7; carol takes 5@1010; alice makes 5@1010; carol takes 1@1010; bob makes 1@1010
    """)


@pytest.mark.rule("MAT-004")
def test_a_flip_cancels_every_reduce_only_order(long_ten: Story) -> None:
    long_ten.tell("""
        alice sell 3 @ 1010 reduce   | accepted #3
        alice sell 3 @ 1009 reduce   | accepted #4
        bob   buy 15 @ 1000          | accepted #5
        alice sell 15 @ 1000         | accepted #6; alice takes 15@1000; bob makes 15@1000; canceled #4 REDUCE_ONLY_CUT; canceled #3 REDUCE_ONLY_CUT
    """)
    assert long_ten.holds("alice") == (-5, -500_000)


@pytest.mark.rule("MAT-004")
def test_a_maker_order_canceled_by_a_cut_is_out_of_the_running_match(long_ten: Story) -> None:
    """Alice's plain sell fills first and ends her position; bob's order must not meet her reduce_only sell."""
    long_ten.tell("""
        alice sell 10 @ 1001         | accepted #3
        alice sell 10 @ 1002 reduce  | accepted #4
        maker sell 5 @ 1003          | accepted #5
        bob   buy 15 @ 1003          | accepted #6; bob takes 10@1001; alice makes 10@1001; canceled #4 REDUCE_ONLY_CUT; bob takes 5@1003; maker makes 5@1003
    """)


@pytest.mark.rule("ORD-106")
def test_amended_it_may_not_reach_beyond_the_position(long_ten: Story) -> None:
    long_ten.tell("""
        alice sell 4 @ 1010 reduce   | accepted #3
        alice sell 5 @ 1011 reduce   | accepted #4
        alice amend #3 to 6 @ 1010   | refused REDUCE_ONLY_REJECTED
        alice amend #3 to 5 @ 1010   | amended #3 5@1010
    """)


@pytest.mark.rule("MAR-101")
def test_it_holds_no_margin_and_needs_none(long_ten: Story) -> None:
    before = long_ten.balance("alice")
    long_ten.tell("alice sell 10 @ 1010 reduce | accepted #3")
    assert long_ten.balance("alice").order_margin_units == before.order_margin_units == 0
    position = long_ten.position("alice")
    assert (position.reduce_only_sell_lots, position.sell_lots) == (10, 0)


@pytest.mark.rule("ORD-102")
def test_it_is_below_minimum_quantity_only_by_being_cut(story: Story) -> None:
    from tests.scenarios.story import BTC_TERMS

    story.tell(LONG_TEN)
    story.send(BTC_TERMS.replace(min_quantity_lots=5, min_notional_units=500_000))
    story.tell("""
        alice sell 4 @ 1010 reduce   | refused QUANTITY_TOO_SMALL
        alice sell 8 @ 1010 reduce   | accepted #3
        alice sell 5 @ 990 reduce    | accepted #4
        alice sell 4 @ 1010          | refused QUANTITY_TOO_SMALL
    """)
    assert story.orders("alice") == "#3 8@1010 #4 2@990"


@pytest.mark.rule("ORD-102")
@pytest.mark.rule("CFG-006")
def test_reduce_only_states_let_only_reducing_orders_in(long_ten: Story) -> None:
    long_ten.tell("""
        alice is REDUCE_ONLY         | REDUCE_ONLY group 1
        alice sell 1 @ 1010          | refused ONLY_REDUCE_ONLY
        alice sell 1 @ 1010 reduce   | accepted #3
        state REDUCE_ONLY            | ACTIVE to REDUCE_ONLY
        bob   buy 1 @ 990            | refused ONLY_REDUCE_ONLY
        maker buy 1 @ 990 reduce     | accepted #4
    """)
