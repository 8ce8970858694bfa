"""Trailing stops: active from a price, following the best one, firing at a distance from it."""

from __future__ import annotations

import pytest

from matcher.protocol.views import QueryKind
from tests.scenarios.story import BTC, Story


def watermark(story: Story, order_id: int = 1) -> int:
    return story.query(QueryKind.ORDER, "alice", instrument=BTC, order_id=order_id)[0][0].watermark_ticks


@pytest.mark.rule("ORD-005")
def test_a_sell_follows_the_highest_price(story: Story) -> None:
    # 2 % below 1050 is 1029
    story.tell("""
        alice sell 5 trail 20000 | accepted #1; terms #1
    """)
    assert watermark(story) == 1000
    story.tell("""
        mark 1050                | mark 1050
        mark 1030                | mark 1030
    """)
    assert watermark(story) == 1050
    story.tell("""
        mark 1029                | mark 1029; triggered #1 5@0; expired #1 NO_LIQUIDITY
    """)


@pytest.mark.rule("ORD-005")
def test_a_buy_follows_the_lowest_price(story: Story) -> None:
    # 1 % above 950 is 959.5
    story.tell("""
        alice buy 5 trail 10000  | accepted #1; terms #1
        mark 950                 | mark 950
        mark 959                 | mark 959
    """)
    assert watermark(story) == 950
    story.tell("""
        mark 960                 | mark 960; triggered #1 5@0; expired #1 NO_LIQUIDITY
    """)


@pytest.mark.rule("ORD-005")
def test_it_sleeps_until_its_activation_price(story: Story) -> None:
    # 2 % below 1020 is 999.6
    story.tell("""
        alice sell 5 trail 20000 from=1020 | accepted #1; terms #1
        mark 1019                          | mark 1019
        mark 900                           | mark 900
    """)
    assert watermark(story) == 0
    story.tell("""
        mark 1020                          | mark 1020
        mark 1000                          | mark 1000
    """)
    assert watermark(story) == 1020
    story.tell("""
        mark 999                           | mark 999; triggered #1 5@0; expired #1 NO_LIQUIDITY
    """)


@pytest.mark.rule("ORD-005")
def test_a_buy_is_active_from_its_price_down_also_at_once(story: Story) -> None:
    story.tell("""
        alice buy 5 trail 20000 from=1001 | accepted #1; terms #1
        alice buy 5 trail 20000 from=999  | accepted #2; terms #2
    """)
    assert (watermark(story, 1), watermark(story, 2)) == (1000, 0)


@pytest.mark.rule("ORD-005")
def test_it_may_follow_the_last_price(story: Story) -> None:
    story.tell("""
        alice sell 5 trail 10000 by=last | accepted #1; terms #1
        maker sell 1 @ 1020              | accepted #2
        bob   buy 1 @ 1020               | accepted #3; bob takes 1@1020; maker makes 1@1020
        mark 990                         | mark 990
    """)
    assert watermark(story) == 1020
    # 1 % below 1020 is 1009.8
    story.tell("""
        maker buy 9 @ 1009               | accepted #4
        bob   sell 1 @ 1009              | accepted #5; bob takes 1@1009; maker makes 1@1009; triggered #1 5@0; alice takes 5@1009; maker makes 5@1009
    """)


@pytest.mark.rule("ORD-008")
def test_in_a_halted_market_the_watermark_stands_still(story: Story) -> None:
    story.tell("""
        alice sell 5 trail 20000 | accepted #1; terms #1
        state HALTED             | ACTIVE to HALTED
        mark 1100                | mark 1100
        mark 1050                | mark 1050
    """)
    assert watermark(story) == 1000
    story.tell("""
        state ACTIVE             | HALTED to ACTIVE
    """)
    assert watermark(story) == 1050


@pytest.mark.rule("ORD-008")
def test_trailing_ones_come_last_by_age(story: Story) -> None:
    story.tell("""
        alice sell 5 trail 10000 | accepted #1; terms #1
        bob   sell 5 trail 5000  | accepted #2; terms #2
        carol sell 5 stop 985    | accepted #3; terms #3
        mark 985                 | mark 985; triggered #3 5@0; expired #3 NO_LIQUIDITY; triggered #1 5@0; expired #1 NO_LIQUIDITY; triggered #2 5@0; expired #2 NO_LIQUIDITY
    """)


@pytest.mark.rule("ORD-007")
def test_one_that_reduces_closes_what_is_there(story: Story) -> None:
    story.tell("""
        maker sell 3 @ 1000             | accepted #1
        alice buy 3 @ 1000              | accepted #2; alice takes 3@1000; maker makes 3@1000
        maker buy 9 @ 970               | accepted #3
        alice sell 9 trail 10000 reduce | accepted #4; terms #4
        mark 990                        | mark 990; triggered #4 3@0; alice takes 3@970; maker makes 3@970
    """)
    assert story.holds("alice") == (0, 0)
