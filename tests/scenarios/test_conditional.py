"""Conditional orders: where they trigger, what they are asked when they do, and in which order."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.protocol.commands import DefineMarketRules, PlaceOrder, SampleFunding, SetMarkPrice
from matcher.protocol.enums import OrderFlag, OrderType, TimeInForce
from matcher.protocol.rejects import RejectReason
from matcher.protocol.views import QueryKind
from tests.scenarios.story import BTC, Story

STOP_BUY = PlaceOrder(
    account=1, instrument=BTC, quantity_lots=5, order_type=OrderType.STOP_MARKET, trigger_ticks=1010, working_type=1
)


@pytest.mark.rule("ORD-004")
@pytest.mark.parametrize(
    ("order", "not_yet", "reached"),
    [
        ("buy 5 stop 1010", 1009, 1010),
        ("sell 5 stop 990", 991, 990),
        ("buy 5 profit 990", 991, 990),
        ("sell 5 profit 1010", 1009, 1010),
    ],
)
def test_it_triggers_at_its_price_and_not_one_tick_before(story: Story, order: str, not_yet: int, reached: int) -> None:
    story.tell(f"""
        alice {order}        | accepted #1; terms #1
        mark {not_yet}       | mark {not_yet}
        mark {reached}       | mark {reached}; triggered #1 5@0; expired #1 NO_LIQUIDITY
    """)


@pytest.mark.rule("ORD-007")
def test_a_stop_market_sells_what_it_finds(story: Story) -> None:
    story.tell("""
        maker buy 3 @ 980       | accepted #1
        alice sell 5 stop 990   | accepted #2; terms #2
        mark 990                | mark 990; triggered #2 5@0; alice takes 3@980; maker makes 3@980; expired #2 UNFILLED_REST
    """)
    assert story.holds("alice") == (-3, -3 * 980 * 100)


@pytest.mark.rule("ORD-007")
def test_a_stop_with_a_limit_rests_at_it(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 1012 stop 1010  | accepted #1; terms #1
    """)
    assert story.book() == "/"
    story.tell("""
        mark 1010                     | mark 1010; triggered #1 5@1012
    """)
    assert story.book() == "5@1012 /"
    story.tell("""
        maker sell 2 @ 1012           | accepted #2; maker takes 2@1012; alice makes 2@1012
        alice amend #1 to 4 @ 1011    | amended #1 4@1011
        alice cancel #1               | canceled #1
    """)


@pytest.mark.rule("ORD-004")
def test_the_contract_price_is_the_last_trade_and_the_mark_before_there_was_one(story: Story) -> None:
    story.tell("""
        alice buy 5 stop 1010 by=last | accepted #1; terms #1
        mark 1010                     | mark 1010; triggered #1 5@0; expired #1 NO_LIQUIDITY
        mark 1000                     | mark 1000
        maker sell 1 @ 1000           | accepted #2
        bob buy 1 @ 1000              | accepted #3; bob takes 1@1000; maker makes 1@1000
        alice buy 5 stop 1010 by=last | accepted #4; terms #4
        mark 1015                     | mark 1015
        maker sell 7 @ 1010           | accepted #5
        bob buy 1 @ 1010              | accepted #6; bob takes 1@1010; maker makes 1@1010; triggered #4 5@0; alice takes 5@1010; maker makes 5@1010
    """)


@pytest.mark.rule("ORD-003")
@pytest.mark.parametrize("side", ["buy", "sell"])
@pytest.mark.parametrize("word", ["stop", "profit"])
@pytest.mark.parametrize("limit", ["", "@ 1000 "])
def test_one_that_would_trigger_at_once_is_refused(story: Story, side: str, word: str, limit: str) -> None:
    story.tell(f"""
        alice {side} 5 {limit}{word} 1000 | refused WOULD_TRIGGER
    """)


@pytest.mark.rule("ORD-003")
def test_it_binds_no_margin_while_it_waits_and_is_asked_for_it_when_it_fires(story: Story) -> None:
    # 1000 x 1012 x 100 / 10 = 10,120,000 are more than the 10,000,000 she has
    story.tell("""
        alice buy 1000 @ 1012 stop 1010 | accepted #1; terms #1
    """)
    balance = story.balance("alice")
    assert (balance.order_margin_units, balance.available_units) == (0, 10_000_000)
    story.tell("""
        mark 1010                       | mark 1010; triggered #1 1000@1012; expired #1 MARGIN_INSUFFICIENT
    """)


@pytest.mark.rule("ORD-003")
def test_quantities_are_limited_as_those_of_the_type_it_becomes(story: Story) -> None:
    story.tell("""
        alice buy 501 stop 1010         | refused QUANTITY_TOO_LARGE
        alice buy 501 @ 1010 stop 1010  | accepted #1; terms #1
        alice buy 1001 @ 1010 stop 1010 | refused QUANTITY_TOO_LARGE
        alice buy 0 stop 1010           | refused QUANTITY_NOT_POSITIVE
    """)


@pytest.mark.rule("ORD-007")
def test_the_band_is_asked_when_it_fires_not_before(story: Story) -> None:
    # 1005 x 1.1 = 1105.5; 1150 x 1.1 = 1265
    story.tell("""
        alice buy 5 @ 1200 stop 1005 | accepted #1; terms #1
        alice buy 5 @ 1200 stop 1150 | accepted #2; terms #2
        mark 1005                    | mark 1005; triggered #1 5@1200; expired #1 PRICE_ABOVE_BAND
        mark 1150                    | mark 1150; triggered #2 5@1200
    """)


@pytest.mark.rule("ORD-007")
def test_times_in_force_hold_when_it_fires(story: Story) -> None:
    story.tell("""
        maker sell 3 @ 1011              | accepted #1
        alice buy 5 @ 1011 stop 1005 fok | accepted #2; terms #2
        alice buy 5 @ 1011 stop 1006 gtx | accepted #3; terms #3
        alice buy 5 @ 1011 stop 1007 ioc | accepted #4; terms #4
        mark 1005                        | mark 1005; triggered #2 5@1011; expired #2 FOK_NOT_FILLABLE
        mark 1006                        | mark 1006; triggered #3 5@1011; expired #3 POST_ONLY_WOULD_CROSS
        mark 1007                        | mark 1007; triggered #4 5@1011; alice takes 3@1011; maker makes 3@1011; expired #4 UNFILLED_REST
    """)


@pytest.mark.rule("ORD-007")
def test_a_reduce_only_one_is_cut_when_it_fires(story: Story) -> None:
    story.tell("""
        maker sell 3 @ 1000          | accepted #1
        alice buy 3 @ 1000           | accepted #2; alice takes 3@1000; maker makes 3@1000
        alice sell 9 stop 990 reduce | accepted #3; terms #3
        bob   sell 9 stop 980 reduce | accepted #4; terms #4
        maker buy 9 @ 970            | accepted #5
        mark 990                     | mark 990; triggered #3 3@0; alice takes 3@970; maker makes 3@970
        mark 980                     | mark 980; triggered #4 9@0; expired #4 REDUCE_ONLY_REJECTED
    """)


@pytest.mark.rule("ORD-007")
def test_terms_of_the_account_may_have_changed_meanwhile(story: Story) -> None:
    story.tell(
        """
        maker sell 3 @ 1000          | accepted #1
        alice buy 3 @ 1000           | accepted #2; alice takes 3@1000; maker makes 3@1000
        alice sell 3 stop 990 reduce | accepted #3; terms #3
        alice sell 3 stop 991        | accepted #4; terms #4
        alice is FROZEN quietly      | FROZEN group 1
        maker buy 9 @ 970            | accepted #5
        mark 990                     | mark 990; triggered #4 3@0; expired #4 ONLY_REDUCE_ONLY; triggered #3 3@0; alice takes 3@970; maker makes 3@970
    """
    )


@pytest.mark.rule("ORD-008")
def test_of_several_the_nearest_trigger_goes_first_then_the_older_then_the_contract_price(story: Story) -> None:
    story.tell("""
        bob   buy 1 stop 1012          | accepted #1; terms #1
        alice buy 1 stop 1005 by=last  | accepted #2; terms #2
        alice buy 1 stop 1011          | accepted #3; terms #3
        carol sell 1 profit 1011       | accepted #4; terms #4
        bob   sell 1 stop 990          | accepted #5; terms #5
        bob   sell 1 stop 995          | accepted #6; terms #6
        mark 1020                      | mark 1020; triggered #3 1@0; expired #3 NO_LIQUIDITY; triggered #4 1@0; expired #4 NO_LIQUIDITY; triggered #1 1@0; expired #1 NO_LIQUIDITY; triggered #2 1@0; expired #2 NO_LIQUIDITY
        mark 980                       | mark 980; triggered #6 1@0; expired #6 NO_LIQUIDITY; triggered #5 1@0; expired #5 NO_LIQUIDITY
    """)


@pytest.mark.rule("ORD-006")
@pytest.mark.rule("ORD-008")
def test_price_protection_holds_back_until_last_and_mark_agree(story: Story) -> None:
    # 5 % of 1080 are 54: a last price of 1000 is too far away, 1026 is not
    story.tell("""
        maker sell 1 @ 1000            | accepted #1
        bob   buy 1 @ 1000             | accepted #2; bob takes 1@1000; maker makes 1@1000
        alice buy 1 stop 1050 protect  | accepted #3; terms #3
        mark 1100                      | mark 1100
        alice sell 1 stop 1090 protect | accepted #4; terms #4
        mark 1080                      | mark 1080
        maker sell 1 @ 1025            | accepted #5
        bob   buy 1 @ 1025             | accepted #6; bob takes 1@1025; maker makes 1@1025
        maker sell 1 @ 1026            | accepted #7
        bob   buy 1 @ 1026             | accepted #8; bob takes 1@1026; maker makes 1@1026; triggered #3 1@0; expired #3 NO_LIQUIDITY; triggered #4 1@0; expired #4 NO_LIQUIDITY
    """)


@pytest.mark.rule("ORD-008")
def test_one_that_fires_may_fire_the_next(story: Story) -> None:
    story.tell("""
        maker sell 1 @ 1010           | accepted #1
        maker sell 1 @ 1020           | accepted #2
        bob   buy 1 stop 1010 by=last | accepted #3; terms #3
        alice buy 1 stop 1005         | accepted #4; terms #4
        mark 1005                     | mark 1005; triggered #4 1@0; alice takes 1@1010; maker makes 1@1010; triggered #3 1@0; bob takes 1@1020; maker makes 1@1020
    """)


@pytest.mark.rule("ORD-008")
def test_a_halted_market_fires_nothing_until_it_opens(story: Story) -> None:
    story.tell("""
        alice buy 1 stop 1010 | accepted #1; terms #1
        state HALTED          | ACTIVE to HALTED
        mark 1020             | mark 1020
        state PRE_OPEN        | HALTED to PRE_OPEN
        state REDUCE_ONLY     | PRE_OPEN to REDUCE_ONLY; triggered #1 1@0; expired #1 ONLY_REDUCE_ONLY
    """)


@pytest.mark.rule("ORD-008")
def test_a_refused_command_fires_too_and_one_of_version_1_does_not(story: Story) -> None:
    story.tell("""
        alice buy 1 stop 1010 | accepted #1; terms #1
    """)
    raised = SetMarkPrice(instrument=BTC, mark_ticks=1010, version=1)
    assert [type(event).__name__ for event in story.send(raised)] == ["MarkPriceChanged"]
    story.tell("""
        bob cancel #9         | refused UNKNOWN_ORDER; triggered #1 1@0; expired #1 NO_LIQUIDITY
    """)


@pytest.mark.rule("ORD-014")
def test_it_can_be_canceled_but_not_amended_and_is_shown_as_waiting(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 1012 stop 1010 id=a | accepted #1; terms #1
        alice buy 5 @ 990                 | accepted #2
        alice sell 5 stop 980 id=b        | accepted #3; terms #3
        alice amend #1 to 4 @ 1012        | refused ORDER_NOT_AMENDABLE
        alice amend id=b to 4 @ 1012      | refused ORDER_NOT_AMENDABLE
        alice buy 5 @ 1012 stop 1010 id=a | replayed #1 0/5@1012 NEW
    """)
    views = story.query(QueryKind.OPEN_ORDERS, "alice")[0]
    assert [(v.order_id, v.waiting, v.trigger_ticks) for v in views] == [(1, 1, 1010), (2, 0, 0), (3, 1, 980)]
    assert story.query(QueryKind.ORDER, "alice", instrument=BTC, order_id=1)[0] == [views[0]]
    story.tell("""
        alice cancel id=b                 | canceled #3
        alice sell 5 stop 980 id=b        | replayed #3 0/5@0 CANCELED
        alice cancel all                  | canceled #1; canceled #2; 2 canceled
    """)
    assert story.key("alice", "a").ended_ns == story.now_ns


@pytest.mark.rule("ORD-003")
def test_there_is_a_most_of_waiting_orders(story: Story) -> None:
    story.send(DefineMarketRules(instrument=BTC, max_conditional_orders=2))
    story.tell("""
        alice buy 1 stop 1010          | accepted #1; terms #1
        alice buy 1 stop 1011          | accepted #2; terms #2
        alice buy 1 stop 1012          | refused TOO_MANY_CONDITIONAL_ORDERS
        bob   buy 1 stop 1012          | accepted #3; terms #3
        alice cancel #1                | canceled #1
        alice buy 1 @ 1011 stop 1012   | accepted #4; terms #4
    """)


@pytest.mark.rule("ORD-001")
@pytest.mark.rule("ORD-002")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"order_type": 7}, RejectReason.INVALID_ORDER_TYPE),
        ({"time_in_force": TimeInForce.FOK}, RejectReason.INVALID_TIME_IN_FORCE),
        ({"position_side": 1}, RejectReason.INVALID_POSITION_SIDE),
        ({"working_type": 2}, RejectReason.INVALID_WORKING_TYPE),
        ({"flags": OrderFlag.LIQUIDATION}, RejectReason.INVALID_FLAGS),
        ({"flags": OrderFlag.ATTACHED}, RejectReason.INVALID_FLAGS),
        ({"flags": OrderFlag.CLOSE_POSITION}, RejectReason.INVALID_FLAGS),
        ({"flags": 3, "quantity_lots": 0}, RejectReason.INVALID_FLAGS),
        ({"flags": 2, "quantity_lots": 0, "order_type": 2, "price_ticks": 1010}, RejectReason.INVALID_FLAGS),
        ({"flags": OrderFlag.PRICE_PROTECT, "order_type": 0, "trigger_ticks": 0}, RejectReason.INVALID_FLAGS),
        ({"trigger_ticks": 0}, RejectReason.INVALID_TRIGGER_PRICE),
        ({"trigger_ticks": 100_001}, RejectReason.INVALID_TRIGGER_PRICE),
        ({"callback_ppm": 1000}, RejectReason.INVALID_TRIGGER_PRICE),
        ({"order_type": OrderType.LIMIT}, RejectReason.INVALID_TRIGGER_PRICE),
        ({"order_type": 6}, RejectReason.INVALID_TRIGGER_PRICE),
        ({"order_type": 6, "callback_ppm": 999}, RejectReason.INVALID_TRIGGER_PRICE),
        ({"order_type": 6, "callback_ppm": 100_001}, RejectReason.INVALID_TRIGGER_PRICE),
        ({"good_till_ns": 10**10}, RejectReason.INVALID_GOOD_TILL),
        ({"time_in_force": TimeInForce.GTD, "good_till_ns": 10**9}, RejectReason.INVALID_GOOD_TILL),
        ({"take_profit_ticks": 1020}, RejectReason.INVALID_LINK),
        ({"linked_order_id": 5}, RejectReason.INVALID_LINK),
        ({"price_ticks": 1010}, RejectReason.PRICE_TOO_HIGH),
        ({"order_type": OrderType.STOP}, RejectReason.PRICE_NOT_POSITIVE),
    ],
)
def test_its_shape(story: Story, change: dict[str, Any], reason: RejectReason) -> None:
    events = story.send(STOP_BUY.replace(**change))
    assert [event.reason for event in events] == [reason]


@pytest.mark.rule("ORD-002")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"order_type": OrderType.STOP_MARKET}, RejectReason.INVALID_ORDER_TYPE),
        ({"time_in_force": TimeInForce.GTD}, RejectReason.INVALID_TIME_IN_FORCE),
        ({"flags": OrderFlag.PRICE_PROTECT}, RejectReason.INVALID_FLAGS),
        ({"trigger_ticks": 1010}, RejectReason.INVALID_FLAGS),
        ({"callback_ppm": 1000}, RejectReason.INVALID_FLAGS),
        ({"take_profit_ticks": 1010}, RejectReason.INVALID_FLAGS),
        ({"stop_loss_ticks": 990}, RejectReason.INVALID_FLAGS),
        ({"linked_order_id": 1}, RejectReason.INVALID_FLAGS),
    ],
)
def test_version_1_knows_none_of_it(story: Story, change: dict[str, Any], reason: RejectReason) -> None:
    plain = PlaceOrder(account=1, instrument=BTC, price_ticks=1000, quantity_lots=5, version=1)
    assert [event.reason for event in story.send(plain.replace(**change))] == [reason]
    assert story.send(SampleFunding(instrument=BTC, version=1))[0].reason == RejectReason.UNKNOWN_COMMAND
