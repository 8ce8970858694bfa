"""Take-profit and stop-loss attached to an entry: they follow what was filled and live with the position."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import PlaceOrder, SetPositionMode
from matcher.protocol.enums import OrderFlag, OrderType, PositionMode, Side
from matcher.protocol.events import OrderAccepted
from tests.scenarios.story import BTC, Story

ENTRY = """
    alice buy 10 @ 1000 tp=1020 sl=980 by=mark | accepted #1; terms #1
    maker sell 4 @ 1000                | accepted #2; maker takes 4@1000; alice makes 4@1000; accepted #3; terms #3 with #4; accepted #4; terms #4 with #3
"""


@pytest.fixture
def entered(story: Story) -> Story:
    """4 of 10 are filled; #3 takes profit at 1020, #4 stops at 980."""
    story.tell(ENTRY)
    return story


@pytest.mark.rule("ORD-012")
def test_children_are_made_at_the_first_fill(entered: Story) -> None:
    children = [e for e in entered.events if isinstance(e, OrderAccepted) and e.account == 1]
    assert [(c.order_type, c.side, c.quantity_lots, c.order_flags) for c in children] == [
        (OrderType.TAKE_PROFIT_MARKET, Side.SELL, 4, OrderFlag.REDUCE_ONLY | OrderFlag.ATTACHED),
        (OrderType.STOP_MARKET, Side.SELL, 4, OrderFlag.REDUCE_ONLY | OrderFlag.ATTACHED),
    ]


@pytest.mark.rule("ORD-012")
def test_later_fills_raise_them(entered: Story) -> None:
    entered.tell(
        """
        maker sell 6 @ 1000 | accepted #5; maker takes 6@1000; alice makes 6@1000; amended #3 10@0; amended #4 10@0
        bob   buy 10 @ 1015 | accepted #6
        mark 1020           | mark 1020; triggered #3 10@0; alice takes 10@1015; bob makes 10@1015; canceled #4 POSITION_CLOSED
    """.replace("by=last", "")
    )


@pytest.mark.rule("ORD-012")
def test_a_taker_makes_them_at_its_first_trade_and_raises_them_at_the_next(story: Story) -> None:
    story.tell("""
        maker sell 3 @ 1000            | accepted #1
        bob   sell 2 @ 1001            | accepted #2
        alice buy 9 market tp=1020 by=mark | accepted #3; terms #3; alice takes 3@1000; maker makes 3@1000; accepted #4; terms #4; alice takes 2@1001; bob makes 2@1001; amended #4 5@0; expired #3 UNFILLED_REST
    """)


@pytest.mark.rule("ORD-010")
def test_they_go_with_the_position(entered: Story) -> None:
    entered.tell("""
        bob   buy 4 @ 1001         | accepted #5
        alice sell 4 @ 1001 reduce | accepted #6; alice takes 4@1001; bob makes 4@1001; canceled #3 POSITION_CLOSED; canceled #4 SIBLING_ENDED
        maker sell 6 @ 1000        | accepted #7; maker takes 6@1000; alice makes 6@1000
    """)
    assert entered.orders("alice") == ""


@pytest.mark.rule("ORD-012")
def test_children_outlive_the_rest_of_their_entry_and_are_not_made_twice(entered: Story) -> None:
    entered.tell("""
        alice cancel #3            | canceled #3; canceled #4 SIBLING_ENDED
        maker sell 3 @ 1000        | accepted #5; maker takes 3@1000; alice makes 3@1000
        alice buy 2 @ 999 sl=970   | accepted #6; terms #6
        alice cancel #1            | canceled #1
        maker sell 1 @ 999         | accepted #7; maker takes 1@999; alice makes 1@999; accepted #8; terms #8
        alice cancel #6            | canceled #6
    """)
    assert entered.orders("alice") == "#8 1@0"


@pytest.mark.rule("ORD-012")
def test_a_fill_that_closes_makes_none(story: Story) -> None:
    story.tell("""
        maker buy 5 @ 1000                | accepted #1
        alice sell 5 @ 1000               | accepted #2; alice takes 5@1000; maker makes 5@1000
        alice buy 9 @ 1000 tp=1020 sl=980 | accepted #3; terms #3
        maker sell 3 @ 1000               | accepted #4; maker takes 3@1000; alice makes 3@1000
        maker sell 4 @ 1000               | accepted #5; maker takes 4@1000; alice makes 4@1000; accepted #6; terms #6 with #7; accepted #7; terms #7 with #6
    """)
    assert story.holds("alice")[0] == 2
    assert story.orders("alice") == "#3 2@1000 #6 4@0 #7 4@0"


@pytest.mark.rule("ORD-012")
def test_one_that_is_already_due_fires_after_the_command(story: Story) -> None:
    # the mark went past the stop before the entry was filled
    story.tell("""
        maker buy 5 @ 980                  | accepted #1
        alice buy 5 @ 990 sl=985 by=mark   | accepted #2; terms #2
        mark 984                           | mark 984
        maker sell 5 @ 990                 | accepted #3; maker takes 5@990; alice makes 5@990; accepted #4; terms #4; triggered #4 5@0; alice takes 5@980; maker makes 5@980
    """)


@pytest.mark.rule("ORD-017")
def test_children_that_would_be_due_at_once_are_refused(story: Story) -> None:
    """A buy under the mark is filled at its limit, one above it at the working price."""
    story.tell("""
        alice buy 5 @ 990 tp=990 by=mark   | refused WOULD_TRIGGER
        alice buy 5 @ 990 tp=991 by=mark   | accepted #1; terms #1
        alice buy 5 @ 990 sl=990 by=mark   | refused WOULD_TRIGGER
        alice buy 5 @ 990 sl=989 by=mark   | accepted #2; terms #2
        alice buy 5 @ 1010 ioc tp=1000 by=mark | refused WOULD_TRIGGER
        alice buy 5 @ 1010 ioc sl=1000 by=mark | refused WOULD_TRIGGER
        alice buy 5 @ 1010 ioc tp=1001 sl=999 by=mark | accepted #3; terms #3; expired #3 UNFILLED_REST
        alice sell 5 @ 1010 tp=1010 by=mark | refused WOULD_TRIGGER
        alice sell 5 @ 1010 sl=1010 by=mark | refused WOULD_TRIGGER
        alice sell 5 @ 1010 tp=1009 sl=1011 by=mark | accepted #4; terms #4
        bob   sell 5 market sl=1000 by=mark | refused WOULD_TRIGGER
        bob   sell 5 market tp=1000 by=mark | refused WOULD_TRIGGER
        alice cancel all                    | canceled #1; canceled #2; canceled #4; 3 canceled
        maker buy 1 @ 990                   | accepted #5
        bob   sell 1 market tp=999 sl=1001 by=mark | accepted #6; terms #6; bob takes 1@990; maker makes 1@990; accepted #7; terms #7 with #8; accepted #8; terms #8 with #7
    """)


@pytest.mark.rule("ORD-017")
def test_the_working_price_is_the_one_that_the_children_watch(story: Story) -> None:
    story.tell("""
        maker sell 1 @ 1020                | accepted #1
        bob   buy 1 @ 1020                 | accepted #2; bob takes 1@1020; maker makes 1@1020
        alice buy 5 @ 1030 ioc tp=1010 by=last | refused WOULD_TRIGGER
        alice buy 5 @ 1030 ioc tp=1010 by=mark | accepted #3; terms #3; expired #3 UNFILLED_REST
        alice buy 5 @ 1030 ioc sl=1010 by=last | accepted #4; terms #4; expired #4 UNFILLED_REST
    """)


@pytest.mark.rule("ORD-017")
def test_an_amend_may_not_move_the_entry_past_its_children(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990 tp=1020 sl=980 by=mark | accepted #1; terms #1
        alice amend #1 to 5 @ 980          | refused WOULD_TRIGGER
        alice amend #1 to 5 @ 981          | amended #1 5@981
        mark 975                           | mark 975
        alice amend #1 to 4 @ 981          | amended #1 4@981
        alice amend #1 to 4 @ 982          | refused WOULD_TRIGGER
    """)


@pytest.mark.rule("ORD-017", "ENG-009")
def test_version_2_took_them_as_they_came(story: Story) -> None:
    order = PlaceOrder(account=1, instrument=BTC, price_ticks=990, quantity_lots=5, take_profit_ticks=900, version=2)
    assert story.send(order)[0].reason == 0


@pytest.mark.rule("ORD-002")
def test_what_may_carry_them(story: Story) -> None:
    story.tell("""
        maker sell 5 @ 1000              | accepted #1
        alice buy 5 @ 1000               | accepted #2; alice takes 5@1000; maker makes 5@1000
        alice sell 5 @ 1010 reduce tp=990 | refused INVALID_LINK
        alice buy 5 stop 1010 tp=1020    | refused INVALID_LINK
        alice buy 5 @ 990 tp=100001      | refused INVALID_LINK
        alice buy 5 @ 990 sl=100001      | refused INVALID_LINK
        alice buy 5 @ 990 tp=100000      | accepted #3; terms #3
    """)


@pytest.mark.rule("ORD-012")
def test_in_hedge_mode_they_close_the_leg_without_the_flag(story: Story) -> None:
    story.send(SetPositionMode(account=1, position_mode=PositionMode.HEDGE))
    story.tell("""
        maker buy 5 @ 1000                            | accepted #1
        alice sell 5 @ 1000 leg=short tp=980 by=mark  | accepted #2; terms #2; alice takes 5@1000; maker makes 5@1000; accepted #3; terms #3
    """)
    child = next(e for e in story.events if isinstance(e, OrderAccepted) and e.order_id == 3)
    assert (child.order_flags, child.position_side, child.side) == (OrderFlag.ATTACHED, 2, Side.BUY)
    story.tell("""
        maker sell 5 @ 985                            | accepted #4
        mark 980                                      | mark 980; triggered #3 5@0; alice takes 5@985; maker makes 5@985
    """)
