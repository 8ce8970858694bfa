"""Nobody closes beyond bankruptcy: what would leave the account in debt does not trade."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import SetMarkPrice
from tests.scenarios.story import BTC, Story
from tests.scenarios.test_margin import leave

# 100 long from 1000 are 10,000,000 units; 10,000 are a tick
HIGH = """
    alice leverage 100    | leverage 100 up to 20000000
    bob   sell 100 @ 1000 | accepted #1
    alice buy 100 @ 1000  | accepted #2; alice takes 100@1000; bob makes 100@1000
"""


@pytest.fixture
def thin(story: Story) -> Story:
    """Alice holds 100 long with 205,000: bankrupt 20 ticks below the mark, at 980."""
    leave(story, "alice", 210_000)
    story.tell(HIGH)
    assert story.position("alice").bankruptcy_ticks == 980
    return story


@pytest.mark.rule("MAR-015")
@pytest.mark.parametrize("flag", ["reduce", ""])
def test_a_limit_beyond_bankruptcy_is_refused(thin: Story, flag: str) -> None:
    thin.tell(f"alice sell 100 @ 979 {flag} | refused MARGIN_INSUFFICIENT")
    thin.tell("alice sell 100 @ 980 reduce | accepted #3")


@pytest.mark.rule("MAR-015")
def test_the_bound_of_a_market_order_ends_there(thin: Story) -> None:
    thin.tell("""
        carol buy 30 @ 985          | accepted #3
        carol buy 70 @ 970          | accepted #4
        alice sell 100 market reduce | accepted #5; alice takes 30@985; carol makes 30@985; expired #5 UNFILLED_REST
        alice sell 70 market reduce | refused NO_LIQUIDITY
    """)
    # 30 at 15 ticks less: 70 are bankrupt 22 ticks below the mark, less their fee
    assert thin.position("alice").bankruptcy_ticks == 978


@pytest.mark.rule("MAR-015")
def test_an_amend_does_not_reach_beyond_it(thin: Story) -> None:
    thin.tell("""
        alice sell 100 @ 990 reduce | accepted #3
        alice amend #3 to 100 @ 979 | refused MARGIN_INSUFFICIENT
    """)


@pytest.mark.rule("MAR-015")
def test_what_rests_beyond_it_by_now_expires_when_its_turn_comes(story: Story) -> None:
    """The money that stood behind the order was taken away after it was placed."""
    leave(story, "alice", 1_010_000)
    story.tell(HIGH)
    story.tell("""
        alice sell 100 @ 950 reduce | accepted #3
        alice withdraw 800000 ref=w | -800000 wallet 205000
        carol buy 100 @ 960         | accepted #4; expired #3 MARGIN_INSUFFICIENT
    """)
    assert (story.wallet("alice"), story.holds("alice")) == (205_000, (100, 10_000_000))


@pytest.mark.rule("MAR-015")
def test_what_fires_beyond_it_ends_instead(thin: Story) -> None:
    thin.tell("""
        carol buy 100 @ 979             | accepted #3
        alice sell 100 @ 970 stop 991   | accepted #4; terms #4
        alice sell 0 close stop 990     | accepted #5; terms #5
        mark 985                        | mark 985; triggered #4 100@970; expired #4 MARGIN_INSUFFICIENT; triggered #5 0@0; expired #5 NO_LIQUIDITY
    """)


@pytest.mark.rule("LIQ-008")
def test_what_an_isolated_fill_left_owing_the_fund_bears(story: Story) -> None:
    """A buy at 1000 trades under a mark of 950: 100,000 and 500,000 of open loss are set apart from 200,000."""
    story.tell("maker insures 1 | maker insures 1")
    leave(story, "alice", 200_000)
    story.tell("""
        alice leverage 100    | leverage 100 up to 20000000
        alice isolated        | ISOLATED
        alice buy 100 @ 1000  | accepted #1
        mark 950              | mark 950
        bob   sell 100 @ 1000 | accepted #2; bob takes 100@1000; alice makes 100@1000; alice margin +600000 is 600000
    """)
    assert story.balance("alice").available_units == 0
    story.send(SetMarkPrice(instrument=BTC, mark_ticks=940, index_ticks=940))
    assert story.holds("alice")[0] == 0
    assert story.wallet("alice") == 0
