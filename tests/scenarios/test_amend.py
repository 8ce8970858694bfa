"""AmendOrder: who keeps the place in the queue, who loses it, and what is refused without a trace."""

from __future__ import annotations

import pytest

from tests.scenarios.story import Story


@pytest.mark.rule("ORD-106")
def test_less_at_the_same_price_keeps_the_place(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990 id=a       | accepted #1
        bob   buy 5 @ 990            | accepted #2
        wait 1s                      |
        alice amend id=a to 3 @ 990  | amended #1 3@990
    """)
    assert story.levels() == "bid 8@990"
    story.tell(
        "maker sell 4 @ 990 | accepted #3; maker takes 3@990; alice makes 3@990; maker takes 1@990; bob makes 1@990"
    )


@pytest.mark.rule("ORD-106")
def test_more_at_the_same_price_loses_the_place(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990            | accepted #1
        bob   buy 5 @ 990            | accepted #2
        alice amend #1 to 6 @ 990    | amended #1 6@990
    """)
    assert story.levels() == "bid 5@990; bid 11@990"
    story.tell(
        "maker sell 6 @ 990 | accepted #3; maker takes 5@990; bob makes 5@990; maker takes 1@990; alice makes 1@990"
    )


@pytest.mark.rule("ORD-106")
def test_another_price_matches_like_a_new_order_then_rests(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990            | accepted #1
        maker sell 2 @ 1000          | accepted #2
        alice amend #1 to 7 @ 1000   | amended #1 7@1000; alice takes 2@1000; maker makes 2@1000
    """)
    assert story.levels() == "bid 0@990; ask 0@1000; bid 5@1000"
    assert story.orders("alice") == "#1 5@1000"
    story.tell("""
        alice amend #1 to 7 @ 999    | amended #1 7@999
        maker sell 5 @ 999           | accepted #3; maker takes 5@999; alice makes 5@999
    """)


@pytest.mark.rule("ORD-106")
def test_an_amended_order_that_fills_wholly_is_gone(story: Story) -> None:
    story.tell("""
        alice buy 2 @ 990 id=a       | accepted #1
        maker sell 2 @ 1000          | accepted #2
        alice amend id=a to 2 @ 1000 | amended #1 2@1000; alice takes 2@1000; maker makes 2@1000
        alice amend id=a to 3 @ 1000 | refused UNKNOWN_ORDER
    """)
    assert story.book() == "/"


@pytest.mark.rule("ORD-106")
def test_a_quantity_at_or_below_what_is_filled_cancels(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990            | accepted #1
        maker sell 2 @ 990           | accepted #2; maker takes 2@990; alice makes 2@990
        alice amend #1 to 2 @ 991    | canceled #1 AMENDED_BELOW_FILLED
    """)
    image = story.events[0]
    assert (image.price_ticks, image.quantity_lots, image.filled_lots) == (990, 5, 2)  # type: ignore[attr-defined]


@pytest.mark.rule("ORD-106")
def test_a_refused_amend_leaves_the_order_as_it_was(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990 gtx        | accepted #1
        maker sell 5 @ 1000          | accepted #2
        alice amend #1 to 5 @ 990    | refused NOTHING_TO_AMEND
        alice amend #1 to 5 @ 1000   | refused POST_ONLY_WOULD_CROSS
        alice amend #1 to 5 @ 0      | refused PRICE_NOT_POSITIVE
        alice amend #1 to 5 @ 100001 | refused PRICE_TOO_HIGH
        alice amend #1 to 0 @ 990    | refused QUANTITY_NOT_POSITIVE
        alice amend #1 to 1001 @ 990 | refused QUANTITY_TOO_LARGE
        alice amend #1 to 5 @ 1101   | refused PRICE_ABOVE_BAND
        maker amend #2 to 5 @ 899    | refused PRICE_BELOW_BAND
        maker amend #1 to 5 @ 999    | refused UNKNOWN_ORDER
        alice amend #1 to 1000 @ 999 | refused MARGIN_INSUFFICIENT
        state HALTED                 | ACTIVE to HALTED
        alice amend #1 to 4 @ 990    | refused TRADING_NOT_OPEN
        alice is FROZEN quietly      | FROZEN group 1
        alice amend #1 to 4 @ 990    | refused ACCOUNT_FROZEN
    """)
    assert story.orders("alice") == "#1 5@990"


@pytest.mark.rule("ORD-106")
def test_in_a_reducing_market_only_reduce_only_orders_are_amended(story: Story) -> None:
    story.tell("""
        maker sell 5 @ 1000          | accepted #1
        alice buy 5 @ 1000           | accepted #2; alice takes 5@1000; maker makes 5@1000
        alice sell 5 @ 1010 reduce   | accepted #3
        alice buy 5 @ 990            | accepted #4
        state REDUCE_ONLY            | ACTIVE to REDUCE_ONLY
        alice amend #3 to 4 @ 1011   | amended #3 4@1011
        alice amend #4 to 4 @ 990    | refused TRADING_NOT_OPEN
    """)


@pytest.mark.rule("ORD-106")
def test_a_reducing_account_amends_only_reduce_only_orders(story: Story) -> None:
    """Else a small plain order kept from better days could be made a large one."""
    story.tell("""
        maker sell 5 @ 1000          | accepted #1
        alice buy 5 @ 1000           | accepted #2; alice takes 5@1000; maker makes 5@1000
        alice sell 5 @ 1010 reduce   | accepted #3
        alice buy 5 @ 990            | accepted #4
        alice is REDUCE_ONLY quietly | REDUCE_ONLY group 1
        alice amend #4 to 50 @ 990   | refused ONLY_REDUCE_ONLY
        alice amend #3 to 4 @ 1011   | amended #3 4@1011
        alice cancel #4              | canceled #4
    """)


@pytest.mark.rule("ORD-106")
def test_an_amend_may_use_the_margin_its_order_held(story: Story) -> None:
    """190 lots at 1000 with leverage 10 hold 1,900,000 of 2,000,000: 195 fit, 200 with their fee do not."""
    story.tell("""
        alice withdraw 8000000 ref=w | -8000000 wallet 2000000
        alice buy 190 @ 1000         | accepted #1
        alice buy 10 @ 1000          | refused MARGIN_INSUFFICIENT
        alice amend #1 to 195 @ 1000 | amended #1 195@1000
        alice amend #1 to 200 @ 1000 | refused MARGIN_INSUFFICIENT
    """)


@pytest.mark.rule("ORD-106")
def test_self_trade_prevention_holds_for_an_amended_order(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990 stp=taker  | accepted #1
        alice sell 5 @ 1000          | accepted #2
        alice amend #1 to 5 @ 1000   | amended #1 5@1000; expired #1 SELF_TRADE
    """)
    assert story.book() == "/ 5@1000"
