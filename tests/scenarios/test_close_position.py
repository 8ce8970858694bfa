"""close_position: no quantity, closes what is there when it fires, goes when the position goes."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import SetPositionMode
from matcher.protocol.enums import PositionMode
from tests.scenarios.story import Story

LONG_TEN = """
    maker sell 10 @ 1000         | accepted #1
    alice buy 10 @ 1000          | accepted #2; alice takes 10@1000; maker makes 10@1000
"""


@pytest.fixture
def long_ten(story: Story) -> Story:
    story.tell(LONG_TEN)
    return story


@pytest.mark.rule("ORD-007")
def test_it_closes_the_whole_position_as_it_stands_then(long_ten: Story) -> None:
    long_ten.tell("""
        alice sell 0 close stop 990  | accepted #3; terms #3
        maker sell 5 @ 1000          | accepted #4
        alice buy 5 @ 1000           | accepted #5; alice takes 5@1000; maker makes 5@1000
        maker buy 99 @ 980           | accepted #6
        mark 990                     | mark 990; triggered #3 15@0; alice takes 15@980; maker makes 15@980
    """)
    assert long_ten.holds("alice") == (0, 0)


@pytest.mark.rule("ORD-003")
def test_it_needs_a_position_that_its_side_closes(long_ten: Story) -> None:
    long_ten.tell("""
        bob   sell 0 close stop 990    | refused REDUCE_ONLY_REJECTED
        alice buy 0 close stop 1010    | refused REDUCE_ONLY_REJECTED
        maker buy 0 close stop 1010    | accepted #3; terms #3
        alice sell 0 close profit 1010 | accepted #4; terms #4
        alice sell 3 close stop 990    | refused INVALID_FLAGS
        alice sell 0 close stop 990 reduce | refused INVALID_FLAGS
    """)


@pytest.mark.rule("ORD-010")
def test_it_goes_when_the_position_is_closed(long_ten: Story) -> None:
    long_ten.tell("""
        alice sell 0 close stop 990    | accepted #3; terms #3
        alice sell 0 close profit 1010 | accepted #4; terms #4
        alice sell 5 stop 980 reduce   | accepted #5; terms #5
        bob   buy 10 @ 1000            | accepted #6
        alice sell 4 @ 1000            | accepted #7; alice takes 4@1000; bob makes 4@1000
        alice sell 6 @ 1000            | accepted #8; alice takes 6@1000; bob makes 6@1000; canceled #3 POSITION_CLOSED; canceled #4 POSITION_CLOSED
    """)
    assert long_ten.orders("alice") == "#5 5@0"


@pytest.mark.rule("ORD-010")
def test_it_goes_when_the_position_turns_and_the_makers_goes_after_the_takers(long_ten: Story) -> None:
    long_ten.tell("""
        alice sell 0 close stop 990    | accepted #3; terms #3
        maker buy 0 close stop 1010    | accepted #4; terms #4
        maker buy 12 @ 1000            | accepted #5
        alice sell 12 @ 1000           | accepted #6; alice takes 12@1000; maker makes 12@1000; canceled #3 POSITION_CLOSED; canceled #4 POSITION_CLOSED
    """)
    assert long_ten.holds("alice")[0] == -2


@pytest.mark.rule("ORD-010")
def test_resting_reduce_only_orders_are_cut_before_it_is_canceled(long_ten: Story) -> None:
    long_ten.tell("""
        alice sell 0 close stop 990    | accepted #3; terms #3
        alice sell 4 @ 1010 reduce     | accepted #4
        alice sell 0 close profit 1010 | accepted #5; terms #5
        maker buy 99 @ 980             | accepted #6
        mark 990                       | mark 990; triggered #3 10@0; alice takes 10@980; maker makes 10@980; canceled #4 REDUCE_ONLY_CUT; canceled #5 POSITION_CLOSED
    """)


@pytest.mark.rule("ORD-007")
def test_what_is_not_sold_stays_and_the_order_is_over(long_ten: Story) -> None:
    long_ten.tell("""
        alice sell 0 close stop 990 | accepted #3; terms #3
        bob   buy 4 @ 980           | accepted #4
        mark 990                    | mark 990; triggered #3 10@0; alice takes 4@980; bob makes 4@980; expired #3 UNFILLED_REST
    """)
    assert long_ten.holds("alice")[0] == 6


@pytest.mark.rule("MAR-002")
def test_in_hedge_mode_it_belongs_to_its_leg(story: Story) -> None:
    story.send(SetPositionMode(account=1, position_mode=PositionMode.HEDGE))
    story.tell("""
        maker sell 10 @ 1000                 | accepted #1
        alice buy 10 @ 1000 leg=long         | accepted #2; alice takes 10@1000; maker makes 10@1000
        maker buy 7 @ 1000                   | accepted #3
        alice sell 7 @ 1000 leg=short        | accepted #4; alice takes 7@1000; maker makes 7@1000
        alice sell 0 close stop 990 leg=long | accepted #5; terms #5
        alice buy 0 close stop 1010 leg=long | refused REDUCE_ONLY_REJECTED
        alice buy 0 close profit 990 leg=short | accepted #6; terms #6
        alice sell 1 stop 990 reduce leg=long | refused INVALID_FLAGS
        bob   sell 10 @ 1001                 | accepted #7
        alice buy 7 @ 1001 leg=short         | accepted #8; alice takes 7@1001; bob makes 7@1001; canceled #6 POSITION_CLOSED
        maker buy 99 @ 980                   | accepted #9
        mark 990                             | mark 990; triggered #5 10@0; alice takes 10@980; maker makes 10@980
    """)
