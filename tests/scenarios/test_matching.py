"""Price-time priority, order types and times in force."""

from __future__ import annotations

import pytest

from tests.scenarios.story import Story


@pytest.mark.rule("MAT-001")
def test_best_price_then_oldest_trades_first_at_the_makers_price(story: Story) -> None:
    story.tell("""
        maker sell 5 @ 1002          | accepted #1
        bob   sell 5 @ 1001          | accepted #2
        carol sell 5 @ 1001          | accepted #3
        alice buy 12 @ 1005          | accepted #4; alice takes 5@1001; bob makes 5@1001; alice takes 5@1001; carol makes 5@1001; alice takes 2@1002; maker makes 2@1002
    """)
    assert story.book() == "/ 3@1002"
    assert story.levels() == "ask 5@1001; ask 0@1001; ask 3@1002"
    assert [fill.trade_id for fill in story.fills()] == [1, 1, 2, 2, 3, 3]


@pytest.mark.rule("MAT-003")
@pytest.mark.rule("MAT-005")
def test_the_rest_of_a_limit_order_rests_behind_its_level(story: Story) -> None:
    story.tell("""
        maker buy 3 @ 999            | accepted #1
        bob   buy 4 @ 999            | accepted #2
        alice sell 1 @ 1000          | accepted #3
        carol buy 5 @ 1000           | accepted #4; carol takes 1@1000; alice makes 1@1000
        maker buy 1 @ 998            | accepted #5
    """)
    assert story.book() == "4@1000 7@999 1@998 /"
    story.tell(
        "alice sell 6 @ 999 ioc | accepted #6; alice takes 4@1000; carol makes 4@1000; alice takes 2@999; maker makes 2@999"
    )
    assert story.orders("maker") == "#1 1@999 #5 1@998"


@pytest.mark.rule("ORD-103")
@pytest.mark.rule("MAT-003")
@pytest.mark.parametrize("flavor", ["", "gtc", "ioc"])
def test_market_takes_within_the_band_and_the_rest_expires(story: Story, flavor: str) -> None:
    """Market band 5 % of mark 1000: 1050 is the last price it may touch."""
    story.tell(f"""
        maker sell 2 @ 1050          | accepted #1
        maker sell 2 @ 1051          | accepted #2
        alice buy 5 market {flavor}  | accepted #3; alice takes 2@1050; maker makes 2@1050; expired #3 UNFILLED_REST
        alice buy 5 market {flavor}  | refused NO_LIQUIDITY
        maker buy 1 @ 950            | accepted #4
        maker buy 1 @ 949            | accepted #5
        alice sell 2 market {flavor} | accepted #6; alice takes 1@950; maker makes 1@950; expired #6 UNFILLED_REST
    """)
    assert story.book() == "1@949 / 2@1051"
    assert story.events[-1].price_ticks == 0  # type: ignore[attr-defined]


@pytest.mark.rule("ORD-103")
def test_a_market_bound_never_falls_below_one_tick(story: Story) -> None:
    story.tell("""
        mark 1                       | mark 1
        maker buy 5 @ 1              | accepted #1
        alice sell 5 market          | accepted #2; alice takes 5@1; maker makes 5@1
    """)


@pytest.mark.rule("MAT-003")
def test_ioc_never_rests(story: Story) -> None:
    story.tell("""
        maker sell 2 @ 1001          | accepted #1
        alice buy 5 @ 1001 ioc       | accepted #2; alice takes 2@1001; maker makes 2@1001; expired #2 UNFILLED_REST
        alice buy 5 @ 1001 ioc       | accepted #3; expired #3 UNFILLED_REST
    """)
    assert story.book() == "/"


@pytest.mark.rule("ORD-104")
def test_fok_fills_wholly_or_not_at_all(story: Story) -> None:
    story.tell("""
        maker sell 2 @ 1001          | accepted #1
        bob   sell 2 @ 1002          | accepted #2
        alice buy 5 @ 1002 fok       | refused FOK_NOT_FILLABLE
        alice buy 4 @ 1001 fok       | refused FOK_NOT_FILLABLE
        alice buy 4 @ 1002 fok       | accepted #3; alice takes 2@1001; maker makes 2@1001; alice takes 2@1002; bob makes 2@1002
    """)


@pytest.mark.rule("ORD-104")
def test_fok_does_not_count_on_reduce_only_orders_that_a_cut_may_take_away(story: Story) -> None:
    """Maker is long 4; filling its plain sell ends the position and with it the reduce_only sell."""
    story.tell("""
        bob   sell 4 @ 1000          | accepted #1
        maker buy  4 @ 1000          | accepted #2; maker takes 4@1000; bob makes 4@1000
        maker sell 4 @ 1001          | accepted #3
        maker sell 4 @ 1002 reduce   | accepted #4
        alice buy 8 @ 1002 fok       | refused FOK_NOT_FILLABLE
        alice buy 4 @ 1002 fok       | accepted #5; alice takes 4@1001; maker makes 4@1001; canceled #4 REDUCE_ONLY_CUT
    """)
    assert story.book() == "/"


@pytest.mark.rule("ORD-102")
def test_post_only_rests_or_is_refused(story: Story) -> None:
    story.tell("""
        maker sell 2 @ 1001          | accepted #1
        alice buy 5 @ 1001 gtx       | refused POST_ONLY_WOULD_CROSS
        alice buy 5 @ 1000 gtx       | accepted #2
        maker sell 5 @ 1000 gtx      | refused POST_ONLY_WOULD_CROSS
        maker sell 5 @ 1001 gtx      | accepted #3
    """)
    assert story.book() == "5@1000 / 7@1001"


@pytest.mark.rule("ORD-105")
def test_cancel_by_number_by_name_and_all_at_once(story: Story) -> None:
    story.tell("""
        alice buy 1 @ 990            | accepted #1
        alice buy 2 @ 991 id=x       | accepted #2
        alice buy 3 @ 990            | accepted #3
        bob   buy 4 @ 990            | accepted #4
        bob   cancel #1              | refused UNKNOWN_ORDER
        alice cancel id=x            | canceled #2
        alice cancel id=x            | refused UNKNOWN_ORDER
        alice cancel #1              | canceled #1
        alice buy 5 @ 992            | accepted #5
        alice cancel all             | canceled #3; canceled #5; 2 canceled
        alice cancel all             | 0 canceled
    """)
    assert story.book() == "4@990 /"


@pytest.mark.rule("ORD-105")
def test_cancel_everywhere_goes_by_instrument_then_order(story: Story) -> None:
    from tests.scenarios.story import BTC_TERMS, ETH

    story.open_market(BTC_TERMS.replace(instrument=ETH))
    story.tell("""
        alice buy 1 @ 990 on=eth     | accepted #1
        alice buy 1 @ 990            | accepted #2
        alice buy 1 @ 991 on=eth     | accepted #3
        alice cancel #1              | refused UNKNOWN_ORDER
        alice cancel everywhere      | canceled #2; canceled #1; canceled #3; 3 canceled
    """)
    assert [event.instrument for event in story.events] == [1, ETH, ETH, 0]


@pytest.mark.rule("ORD-105")
@pytest.mark.rule("CFG-006")
def test_frozen_accounts_may_cancel_in_any_trading_state(story: Story) -> None:
    story.tell("""
        alice buy 1 @ 990            | accepted #1
        alice buy 1 @ 991            | accepted #2
        alice is FROZEN quietly      | FROZEN group 1
        state HALTED                 | ACTIVE to HALTED
        alice cancel #1              | canceled #1
        alice cancel all             | canceled #2; 1 canceled
    """)
