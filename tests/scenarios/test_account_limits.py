"""What single accounts are held to: limits of lots, notional and open orders, in one market and in all together."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import DefineAsset, Deposit, SetAccountLimits, SetMarkPrice, SetPositionMode
from matcher.protocol.events import AccountLimitsChanged
from matcher.protocol.views import LimitsView, QueryKind
from tests.scenarios.story import BTC, BTC_TERMS, ETH, Story


@pytest.mark.rule("RISK-003")
def test_lots_are_those_of_the_worst_fills(story: Story) -> None:
    story.tell("""
        alice limits lots=10        | limits 10 0 0
        alice buy 11 @ 1000         | refused ACCOUNT_LOTS_EXCEEDED
        alice buy 6 @ 990           | accepted #1
        alice sell 6 @ 1010         | accepted #2
        alice buy 5 @ 980           | refused ACCOUNT_LOTS_EXCEEDED
        alice buy 4 @ 980           | accepted #3
        alice amend #3 to 5 @ 980   | refused ACCOUNT_LOTS_EXCEEDED
        alice amend #3 to 4 @ 981   | amended #3 4@981
        bob   buy 11 @ 980          | accepted #4
    """)


@pytest.mark.rule("RISK-003")
def test_notional_is_the_exposure_at_the_mark(story: Story) -> None:
    """A lot at 1000 is worth 100,000: what rests counts at its price, what is held at the mark."""
    story.tell("""
        alice limits worth=1000000  | limits 0 1000000 0
        alice buy 11 @ 1000         | refused ACCOUNT_NOTIONAL_EXCEEDED
        alice buy 11 @ 909          | accepted #1
        alice cancel #1             | canceled #1
        bob   sell 20 @ 1000        | accepted #2
        alice buy 10 @ 1000         | accepted #3; alice takes 10@1000; bob makes 10@1000
        alice buy 1 market          | refused ACCOUNT_NOTIONAL_EXCEEDED
        mark 1001                   | mark 1001
        alice buy 1 @ 950 ioc       | refused ACCOUNT_NOTIONAL_EXCEEDED
        alice sell 20 @ 1001        | accepted #4
        alice sell 1 @ 1001         | refused ACCOUNT_NOTIONAL_EXCEEDED
    """)


@pytest.mark.rule("RISK-003")
def test_what_closes_always_may(story: Story) -> None:
    story.tell("""
        bob   sell 20 @ 1000            | accepted #1
        alice buy 10 @ 1000             | accepted #2; alice takes 10@1000; bob makes 10@1000
        alice limits lots=1 worth=1 orders=1 | limits 1 1 1
        alice buy 1 @ 990               | refused ACCOUNT_LOTS_EXCEEDED
        alice sell 1 stop 990 reduce    | accepted #3; terms #3
        alice sell 2 @ 1010 reduce      | accepted #4
        alice sell 3 @ 1020             | refused ACCOUNT_ORDERS_EXCEEDED
        alice cancel all                | canceled #3; canceled #4; 2 canceled
        alice sell 10 @ 1020            | accepted #5
        carol buy 5 @ 1000              | accepted #6; carol takes 5@1000; bob makes 5@1000
        bob   sell 0 close stop 900     | refused REDUCE_ONLY_REJECTED
        alice sell 4 market reduce      | refused NO_LIQUIDITY
        maker buy 4 @ 999               | accepted #7
        alice sell 4 market reduce      | accepted #8; alice takes 4@999; maker makes 4@999
    """)


@pytest.mark.rule("RISK-002")
def test_open_orders_are_those_that_rest_and_those_that_wait(story: Story) -> None:
    story.tell("""
        alice limits orders=2        | limits 0 0 2
        alice buy 1 @ 990            | accepted #1
        alice buy 1 stop 1010        | accepted #2; terms #2
        alice buy 1 @ 980            | refused ACCOUNT_ORDERS_EXCEEDED
        alice buy 1 stop 1020        | refused ACCOUNT_ORDERS_EXCEEDED
        alice buy 1 @ 980 ioc        | accepted #3; expired #3 UNFILLED_REST
        alice buy 1 market           | refused NO_LIQUIDITY
        alice limits orders=1        | limits 0 0 1
        alice amend #1 to 2 @ 990    | amended #1 2@990
        alice cancel #1              | canceled #1
        alice buy 1 @ 990            | refused ACCOUNT_ORDERS_EXCEEDED
        mark 1010                    | mark 1010; triggered #2 1@0; expired #2 NO_LIQUIDITY
        alice buy 1 @ 990            | accepted #4
    """)


@pytest.mark.rule("RISK-002", "RISK-003")
def test_one_that_fires_is_asked_then(story: Story) -> None:
    story.tell(
        """
        maker sell 5 @ 1010             | accepted #1
        alice buy 2 stop 1005           | accepted #2; terms #2
        alice buy 2 @ 1000 stop 1006    | accepted #3; terms #3
        alice limits lots=1 orders=1    | limits 1 0 1
        mark 1005                       | mark 1005; triggered #2 2@0; expired #2 ACCOUNT_LOTS_EXCEEDED
        alice limits orders=1           | limits 0 0 1
        bob   buy 1 @ 900               | refused PRICE_BELOW_BAND
        mark 1006                       | mark 1006; triggered #3 2@1000
        alice buy 1 @ 990               | refused ACCOUNT_ORDERS_EXCEEDED
    """.replace("        bob   buy 1 @ 900               | refused PRICE_BELOW_BAND\n", "")
    )


@pytest.mark.rule("RISK-001", "RISK-003")
def test_all_together_sums_over_the_instruments_of_one_asset(story: Story) -> None:
    story.send(BTC_TERMS.replace(instrument=ETH))
    story.define_ladder(instrument=ETH)
    story.send(SetMarkPrice(instrument=ETH, mark_ticks=1000, index_ticks=1000))
    story.tell("""
        alice limits everywhere lots=10 worth=900000 orders=2 | limits 10 900000 2
        alice buy 6 @ 1000           | accepted #1
        alice buy 5 @ 1000 on=eth    | refused ACCOUNT_LOTS_EXCEEDED
        alice buy 4 @ 1000 on=eth    | refused ACCOUNT_NOTIONAL_EXCEEDED
        alice buy 3 @ 1000 on=eth    | accepted #2
        alice buy 1 @ 1000 on=eth    | refused ACCOUNT_ORDERS_EXCEEDED
        alice limits lots=5 on=eth   | limits 5 0 0
        alice buy 3 @ 990 ioc on=eth | refused ACCOUNT_LOTS_EXCEEDED
    """)


@pytest.mark.rule("RISK-003")
def test_notional_of_another_asset_is_not_added(story: Story) -> None:
    story.send(DefineAsset(asset=2))
    story.send(BTC_TERMS.replace(instrument=ETH, settlement_asset=2))
    story.define_ladder(instrument=ETH)
    story.send(SetMarkPrice(instrument=ETH, mark_ticks=1000, index_ticks=1000))
    story.send(Deposit(account=1, asset=2, amount_units=10_000_000, reference=b"two"))
    story.tell("""
        alice limits everywhere worth=1000000 | limits 0 1000000 0
        alice buy 10 @ 1000          | accepted #1
        alice buy 10 @ 1000 on=eth   | accepted #2
        alice buy 1 @ 1000 on=eth    | refused ACCOUNT_NOTIONAL_EXCEEDED
    """)


@pytest.mark.rule("RISK-003")
def test_both_legs_of_a_hedge_count(story: Story) -> None:
    story.send(SetPositionMode(account=1, position_mode=1))
    story.tell("""
        alice limits lots=10             | limits 10 0 0
        alice buy 6 @ 990 leg=long       | accepted #1
        alice sell 5 @ 1010 leg=short    | refused ACCOUNT_LOTS_EXCEEDED
        alice sell 4 @ 1010 leg=short    | accepted #2
    """)


@pytest.mark.rule("RISK-002", "RISK-003")
def test_they_are_found_after_the_book_and_before_the_ladder(story: Story) -> None:
    """At a leverage of 100 the ladder allows 200 lots, the wallet fewer."""
    story.tell("""
        alice leverage 100                          | leverage 100 up to 20000000
        alice limits lots=150 worth=16000000 orders=1 | limits 150 16000000 1
        alice buy 1 stop 1050                       | accepted #1; terms #1
        maker sell 1 @ 1000                         | accepted #2
        alice buy 500 @ 1000 gtx                    | refused POST_ONLY_WOULD_CROSS
        alice buy 500 @ 1000 fok                    | refused FOK_NOT_FILLABLE
        alice buy 500 @ 1000                        | refused ACCOUNT_ORDERS_EXCEEDED
        alice buy 500 @ 1000 ioc                    | refused ACCOUNT_LOTS_EXCEEDED
        alice limits worth=16000000                 | limits 0 16000000 0
        alice buy 500 @ 1000                        | refused ACCOUNT_NOTIONAL_EXCEEDED
        alice limits                                | limits 0 0 0
        alice buy 500 @ 1000                        | refused POSITION_LIMIT_EXCEEDED
    """)


@pytest.mark.rule("RISK-001")
def test_what_is_told_and_shown(story: Story) -> None:
    story.tell("""
        bob   limits lots=7             | limits 7 0 0
        alice limits everywhere orders=3 | limits 0 0 3
        alice limits worth=5            | limits 0 5 0
        carol limits lots=1             | limits 1 0 0
        carol limits                    | limits 0 0 0
    """)
    (event,) = story.send(SetAccountLimits(account=1, instrument=BTC, max_position_notional_units=6))
    assert isinstance(event, AccountLimitsChanged)
    assert (event.account, event.instrument, event.max_position_notional_units) == (1, BTC, 6)
    shown = [
        LimitsView(account=1, max_open_orders=3),
        LimitsView(account=1, instrument=BTC, max_position_notional_units=6),
        LimitsView(account=2, instrument=BTC, max_position_lots=7),
    ]
    assert story.query(QueryKind.LIMITS)[0] == shown
    assert story.query(QueryKind.LIMITS, "alice")[0] == shown[:2]
    assert story.query(QueryKind.LIMITS, "carol")[0] == []
    assert story.engine.dump().endswith(b"".join(view.pack() for view in shown))


@pytest.mark.rule("RISK-001")
def test_limits_outlive_a_snapshot_and_hold_for_frozen_accounts(story: Story) -> None:
    story.tell("""
        alice is FROZEN      | FROZEN group 1
        alice limits lots=2  | limits 2 0 0
        alice is ACTIVE      | ACTIVE group 1
    """)
    story.engine = type(story.engine).restore(story.engine.snapshot())
    story.tell("""
        alice buy 3 @ 990    | refused ACCOUNT_LOTS_EXCEEDED
        alice buy 2 @ 990    | accepted #1
    """)
