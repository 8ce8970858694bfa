"""One cancels the other: two orders of which one at most is left when the other ends, fills or fires."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import SetMarkPrice
from matcher.protocol.events import OrderTerms
from matcher.protocol.views import QueryKind
from tests.scenarios.story import BTC, Story

LONG_TEN = """
    maker sell 10 @ 1000         | accepted #1
    alice buy 10 @ 1000          | accepted #2; alice takes 10@1000; maker makes 10@1000
"""
PAIR = """
    alice sell 10 @ 1020 reduce          | accepted #3
    alice sell 10 stop 980 reduce link=#3 | accepted #4; terms #4 with #3; terms #3 with #4
"""


@pytest.fixture
def pair(story: Story) -> Story:
    """Alice is long 10; #3 takes her profit at 1020, #4 stops her loss at 980."""
    story.tell(LONG_TEN)
    story.tell(PAIR)
    return story


def link(story: Story, order_id: int) -> int:
    return story.query(QueryKind.ORDER, "alice", instrument=BTC, order_id=order_id)[0][0].linked_order_id


@pytest.mark.rule("ORD-013")
def test_both_are_told_of_their_link(pair: Story) -> None:
    terms = [event for event in pair.events if isinstance(event, OrderTerms)]
    assert [(t.order_id, t.linked_order_id, t.trigger_ticks) for t in terms] == [(4, 3, 980), (3, 4, 0)]
    assert (link(pair, 3), link(pair, 4)) == (4, 3)


@pytest.mark.rule("ORD-011")
def test_a_fill_in_part_cancels_the_other_and_the_filled_one_goes_on_alone(pair: Story) -> None:
    pair.tell("""
        bob buy 4 @ 1020 | accepted #5; bob takes 4@1020; alice makes 4@1020; canceled #4 SIBLING_ENDED
    """)
    assert link(pair, 3) == 0
    assert pair.orders("alice") == "#3 6@1020"


@pytest.mark.rule("ORD-011")
def test_firing_cancels_the_other_first(pair: Story) -> None:
    pair.tell("""
        maker buy 10 @ 975 | accepted #5
        mark 980           | mark 980; canceled #3 SIBLING_ENDED; triggered #4 10@0; alice takes 10@975; maker makes 10@975
    """)


@pytest.mark.rule("ORD-011")
@pytest.mark.rule("ORD-014")
def test_canceling_one_or_all_cancels_each_once(pair: Story) -> None:
    pair.tell("""
        alice cancel #4                       | canceled #4; canceled #3 SIBLING_ENDED
        alice sell 10 @ 1020 reduce           | accepted #5
        alice sell 10 stop 980 reduce link=#5 | accepted #6; terms #6 with #5; terms #5 with #6
        alice sell 1 stop 970                 | accepted #7; terms #7
        alice cancel all                      | canceled #5; canceled #6 SIBLING_ENDED; canceled #7; 3 canceled
    """)


@pytest.mark.rule("ORD-011")
def test_a_cut_by_the_position_cancels_the_other(pair: Story) -> None:
    pair.tell("""
        bob   buy 10 @ 1000 | accepted #5
        alice sell 10 @ 1000 | accepted #6; alice takes 10@1000; bob makes 10@1000; canceled #3 REDUCE_ONLY_CUT; canceled #4 SIBLING_ENDED
    """)


@pytest.mark.rule("ORD-011")
def test_time_and_self_trade_end_pairs_too(story: Story) -> None:
    story.tell("""
        alice sell 5 @ 1020 till=60     | accepted #1; terms #1
        alice sell 5 stop 980 link=#1   | accepted #2; terms #2 with #1; terms #1 with #2
        wait 60s
        mark 999                        | expired #1 GOOD_TILL_PASSED; canceled #2 SIBLING_ENDED; mark 999
        alice sell 5 @ 1020             | accepted #3
        alice sell 5 stop 980 link=#3   | accepted #4; terms #4 with #3; terms #3 with #4
        alice buy 5 @ 1020              | accepted #5; expired #3 SELF_TRADE; canceled #4 SIBLING_ENDED
    """)


@pytest.mark.rule("ORD-011")
def test_a_second_order_that_trades_at_once_ends_the_first(story: Story) -> None:
    story.tell("""
        alice sell 5 stop 980           | accepted #1; terms #1
        maker buy 2 @ 1000              | accepted #2
        alice sell 5 @ 1000 link=#1     | accepted #3; terms #3 with #1; terms #1 with #3; alice takes 2@1000; maker makes 2@1000; canceled #1 SIBLING_ENDED
    """)
    assert story.book() == "/ 3@1000"
    assert link(story, 3) == 0


@pytest.mark.rule("ORD-011")
def test_a_second_order_that_ends_at_once_ends_the_first(story: Story) -> None:
    story.tell("""
        alice sell 5 stop 980           | accepted #1; terms #1
        alice sell 5 @ 1000 ioc link=#1 | accepted #2; terms #2 with #1; terms #1 with #2; expired #2 UNFILLED_REST; canceled #1 SIBLING_ENDED
    """)


@pytest.mark.rule("ORD-011")
def test_one_that_meets_its_own_other_goes_on(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 1000                     | accepted #1
        alice sell 5 @ 1000 link=#1            | accepted #2; terms #2 with #1; terms #1 with #2; expired #1 SELF_TRADE
        alice cancel #2                        | canceled #2
        alice buy 5 @ 1000                     | accepted #3
        alice sell 7 @ 1000 link=#3 stp=none   | accepted #4; terms #4 with #3; terms #3 with #4; alice takes 5@1000; alice makes 5@1000
    """)
    assert story.book() == "/ 2@1000"
    assert link(story, 4) == 0


@pytest.mark.rule("ORD-002")
def test_what_may_be_linked(pair: Story) -> None:
    pair.tell("""
        alice sell 1 @ 1030 link=#3            | refused INVALID_LINK
        alice sell 1 @ 1030 link=#2            | refused INVALID_LINK
        alice sell 1 @ 1030 link=#77           | refused INVALID_LINK
        bob   sell 1 @ 1030                    | accepted #5
        alice sell 1 @ 1030 link=#5            | refused INVALID_LINK
        alice buy 1 @ 990 tp=1010              | accepted #6; terms #6
        alice sell 1 @ 1030 link=#6            | refused INVALID_LINK
        alice buy 1 @ 991                      | accepted #7
        alice sell 1 market link=#7            | refused INVALID_LINK
        alice sell 1 @ 1030 link=#7 tp=900     | refused INVALID_LINK
        alice sell 1 @ 1030 link=#7 id=x       | accepted #8; terms #8 with #7; terms #7 with #8
        alice sell 1 @ 1030 link=#7 id=x       | replayed #8 0/1@1030 NEW
    """)


@pytest.mark.rule("ORD-011")
def test_fill_or_kill_does_not_count_on_one_of_two(story: Story) -> None:
    story.tell("""
        alice sell 5 @ 1000             | accepted #1
        alice sell 5 @ 1001 link=#1     | accepted #2; terms #2 with #1; terms #1 with #2
        bob   buy 5 @ 1001 fok          | refused FOK_NOT_FILLABLE
        bob   buy 9 @ 1001              | accepted #3; bob takes 5@1000; alice makes 5@1000; canceled #2 SIBLING_ENDED
    """)
    assert story.book() == "4@1001 /"


TWO_THAT_WAIT = """
    alice sell 10 profit 1020 reduce      | accepted #3; terms #3
    alice sell 10 stop 980 reduce link=#3 | accepted #4; terms #4 with #3; terms #3 with #4
"""


@pytest.fixture
def waiting_pair(story: Story) -> Story:
    """Alice is long 10; #3 takes her profit at 1020, #4 stops her loss at 980, and both wait."""
    story.tell(LONG_TEN)
    story.tell(TWO_THAT_WAIT)
    return story


@pytest.mark.rule("ORD-016")
def test_one_that_fires_into_an_empty_book_leaves_the_other(waiting_pair: Story) -> None:
    waiting_pair.tell("mark 1020 | mark 1020; triggered #3 10@0; expired #3 NO_LIQUIDITY")
    assert waiting_pair.orders("alice") == "#4 10@0"
    assert link(waiting_pair, 4) == 0
    waiting_pair.tell("""
        bob  buy 10 @ 975 | accepted #5
        mark 980          | mark 980; triggered #4 10@0; alice takes 10@975; bob makes 10@975
    """)


@pytest.mark.rule("ORD-016")
def test_one_that_trades_in_part_ends_the_other(waiting_pair: Story) -> None:
    waiting_pair.tell("""
        bob  buy 4 @ 1015 | accepted #5
        mark 1020         | mark 1020; triggered #3 10@0; alice takes 4@1015; bob makes 4@1015; canceled #4 SIBLING_ENDED; expired #3 UNFILLED_REST
    """)
    assert waiting_pair.orders("alice") == ""


@pytest.mark.rule("ORD-016")
def test_one_that_self_trade_prevention_stops_leaves_the_other(waiting_pair: Story) -> None:
    waiting_pair.tell("""
        alice cancel #3                                 | canceled #3; canceled #4 SIBLING_ENDED
        alice sell 10 profit 1020 reduce stp=taker      | accepted #5; terms #5
        alice sell 10 stop 980 reduce link=#5           | accepted #6; terms #6 with #5; terms #5 with #6
        alice buy 1 @ 1010                              | accepted #7
        mark 1020                                       | mark 1020; triggered #5 10@0; expired #5 SELF_TRADE
    """)
    assert waiting_pair.orders("alice") == "#6 10@0 #7 1@1010"
    assert link(waiting_pair, 6) == 0


@pytest.mark.rule("ORD-016")
def test_one_that_comes_to_rest_keeps_its_link_until_it_trades(story: Story) -> None:
    story.tell(LONG_TEN)
    story.tell("""
        alice sell 10 @ 1025 profit 1020 reduce | accepted #3; terms #3
        alice sell 10 stop 980 reduce link=#3   | accepted #4; terms #4 with #3; terms #3 with #4
        mark 1020                               | mark 1020; triggered #3 10@1025
    """)
    assert (link(story, 3), link(story, 4)) == (4, 3)
    story.tell("""
        bob   buy 3 @ 1025                      | accepted #5; bob takes 3@1025; alice makes 3@1025; canceled #4 SIBLING_ENDED
    """)
    assert story.orders("alice") == "#3 7@1025"


@pytest.mark.rule("ORD-016")
def test_one_that_rests_goes_before_the_other_fires(story: Story) -> None:
    """It holds the lots that the fired one is to close."""
    story.tell(LONG_TEN)
    story.tell("""
        alice sell 10 @ 1025 profit 1020 reduce | accepted #3; terms #3
        alice sell 10 stop 980 reduce link=#3   | accepted #4; terms #4 with #3; terms #3 with #4
        mark 1020                               | mark 1020; triggered #3 10@1025
        bob   buy 10 @ 975                      | accepted #5
        mark 980                                | mark 980; canceled #3 SIBLING_ENDED; triggered #4 10@0; alice takes 10@975; bob makes 10@975
    """)


@pytest.mark.rule("ORD-016", "ENG-009")
def test_in_version_2_firing_ended_the_other_at_once(waiting_pair: Story) -> None:
    waiting_pair.send(SetMarkPrice(instrument=BTC, mark_ticks=1020, version=2))
    assert waiting_pair.said() == "mark 1020; canceled #4 SIBLING_ENDED; triggered #3 10@0; expired #3 NO_LIQUIDITY"
