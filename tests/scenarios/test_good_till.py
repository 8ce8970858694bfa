"""GTD: an order that ends by the clock, before whatever command comes then."""

from __future__ import annotations

import pytest

from matcher.protocol.enums import EventFlag, OrderStatus
from matcher.protocol.views import QueryKind
from tests.scenarios.story import BTC, SECOND_NS, Story


@pytest.mark.rule("ORD-009")
def test_it_ends_at_its_time_and_not_before(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990 till=60 id=a | accepted #1; terms #1
        wait 59s
        bob   cancel everywhere        | 0 canceled
        wait 1s
        bob   cancel everywhere        | expired #1 GOOD_TILL_PASSED; 0 canceled
        alice buy 5 @ 990 till=60      | accepted #2; terms #2
    """)
    assert story.book() == "5@990 /"
    assert story.key("alice", "a").status == OrderStatus.EXPIRED


@pytest.mark.rule("TIME-001")
def test_a_refused_command_ends_it_too_and_says_which_event_is_its_own(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990 till=60 | accepted #1; terms #1
        wait 2m
        bob   cancel #1           | expired #1 GOOD_TILL_PASSED; refused UNKNOWN_ORDER
    """)
    assert story.levels() == "bid 0@990"
    flags = [event.flags for event in story.events]
    assert flags == [0, EventFlag.ANSWER | EventFlag.LAST]
    assert [event.account for event in story.events] == [1, 2]


@pytest.mark.rule("ORD-009")
def test_several_end_by_time_then_by_age(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990 till=60     | accepted #1; terms #1
        bob   buy 5 @ 991 till=50     | accepted #2; terms #2
        carol sell 5 stop 980 till=50 | accepted #3; terms #3
        alice sell 5 @ 1010 till=50   | accepted #4; terms #4
        wait 2m
        mark 970                      | expired #2 GOOD_TILL_PASSED; expired #3 GOOD_TILL_PASSED; expired #4 GOOD_TILL_PASSED; expired #1 GOOD_TILL_PASSED; mark 970
    """)


@pytest.mark.rule("ORD-009")
def test_while_it_lives_it_is_like_gtc(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990 till=60   | accepted #1; terms #1
        maker sell 2 @ 990          | accepted #2; maker takes 2@990; alice makes 2@990
        alice amend #1 to 9 @ 991   | amended #1 9@991
        maker sell 2 @ 991          | accepted #3; maker takes 2@991; alice makes 2@991
        bob   sell 9 @ 991 till=60  | accepted #4; terms #4; bob takes 5@991; alice makes 5@991
    """)
    assert story.book() == "/ 4@991"
    view = story.query(QueryKind.OPEN_ORDERS, "bob")[0][0]
    assert view.good_till_ns == story.now_ns + 60 * SECOND_NS


@pytest.mark.rule("ORD-009")
def test_a_market_order_takes_it_and_never_rests(story: Story) -> None:
    story.tell("""
        maker sell 2 @ 1000         | accepted #1
        alice buy 5 market till=60  | accepted #2; terms #2; alice takes 2@1000; maker makes 2@1000; expired #2 UNFILLED_REST
    """)


@pytest.mark.rule("ORD-009")
def test_one_that_fired_and_rests_ends_by_its_time(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 1012 stop 1010 till=60 | accepted #1; terms #1
        mark 1010                            | mark 1010; triggered #1 5@1012
        wait 60s
        mark 1011                            | expired #1 GOOD_TILL_PASSED; mark 1011
    """)


@pytest.mark.rule("TIME-001")
def test_what_ended_by_time_is_gone_for_the_command_that_ends_it(story: Story) -> None:
    story.tell("""
        alice sell 5 @ 1000 till=60 | accepted #1; terms #1
        wait 60s
        bob   buy 5 @ 1000 ioc      | expired #1 GOOD_TILL_PASSED; accepted #2; expired #2 UNFILLED_REST
    """)
    assert story.query(QueryKind.INSTRUMENTS, instrument=BTC)[0][0].open_orders == 0
