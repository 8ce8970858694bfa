"""Nobody closes beyond bankruptcy: what would leave the account in debt does not trade."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import DefineAsset, DefineCollateral, Deposit, PlaceOrder, SetMarkPrice, Sweep
from tests.scenarios.story import BTC, BTC_TERMS, ETH, Story
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


@pytest.mark.rule("LIQ-008", "MAR-016")
@pytest.mark.parametrize(("version", "told"), [(2, "+600000 is 600000"), (4, "+198000 is 198000")])
def test_a_fill_sets_apart_what_the_cross_part_has(story: Story, version: int, told: str) -> None:
    """A buy at 1000 trades under a mark of 950: 100,000 and 500,000 of open loss are asked of 200,000 less a fee of 2,000.

    Version 2 set all of it apart; either way the fund bears what the leg ends with.
    """
    story.tell("maker insures 1 | maker insures 1")
    leave(story, "alice", 200_000)
    story.tell("""
        alice leverage 100    | leverage 100 up to 20000000
        alice isolated        | ISOLATED
        alice buy 100 @ 1000  | accepted #1
        mark 950              | mark 950
    """)
    sold = PlaceOrder(account=2, instrument=BTC, side=1, price_ticks=1000, quantity_lots=100, version=version)
    story.send(sold)
    assert story.said().endswith(f"alice makes 100@1000; alice margin {told}")
    balance = story.balance("alice")
    assert balance.available_units == 0
    assert (balance.wallet_units - balance.isolated_units == 0) == (version == 4)
    story.send(SetMarkPrice(instrument=BTC, mark_ticks=940, index_ticks=940))
    assert story.holds("alice")[0] == 0
    assert story.wallet("alice") == 0


@pytest.mark.rule("MAR-016", "MAR-005")
def test_an_order_is_judged_by_the_margin_it_can_get(story: Story) -> None:
    """10 short for 100,000 of margin: turning to 10 long asks 100,000 again, and its loss of 90,000 is no longer there."""
    leave(story, "alice", 121_000)
    story.tell("""
        alice isolated              | ISOLATED
        maker buy 10 @ 1000         | accepted #1
        alice sell 10 @ 1000        | accepted #2; alice takes 10@1000; alice margin +100000 is 100000; maker makes 10@1000
        mark 1090                   | mark 1090
        maker sell 30 @ 1090        | accepted #3
        alice buy 11 @ 1090         | accepted #4; alice takes 11@1090; alice margin -89100 is 10900; maker makes 11@1090
    """)


SPENT = """
    alice leverage 100           | leverage 100 up to 20000000
    bob   sell 100 @ 1000        | accepted #1
    alice buy 100 @ 1000         | accepted #2; alice takes 100@1000; bob makes 100@1000
    carol buy 100 @ 980          | accepted #3
    alice sell 100 @ 980 reduce  | accepted #4; alice takes 100@980; carol makes 100@980
"""


@pytest.mark.rule("LIQ-012")
def test_a_sweep_settles_what_a_close_at_bankruptcy_left_owing(story: Story) -> None:
    """Of 204,000 the close takes 200,000 and a fee of 4,900."""
    story.tell("maker insures 1 | maker insures 1")
    leave(story, "alice", 209_000)
    story.tell(SPENT)
    owed, fund = -story.wallet("alice"), story.wallet("maker")
    assert owed == 900
    story.tell(f"sweep | maker insured -{owed} DEFICIT; swept 0 0 0")
    assert (story.wallet("alice"), story.wallet("maker")) == (0, fund - owed)
    story.tell("sweep | swept 0 0 0")


@pytest.mark.rule("LIQ-012", "ENG-009")
def test_version_2_leaves_it_and_without_a_fund_it_stays(story: Story) -> None:
    leave(story, "alice", 209_000)
    story.tell(SPENT)
    story.tell("sweep | swept 0 0 0")
    story.tell("maker insures 1 | maker insures 1")
    assert len(story.send(Sweep(version=2))) == 1
    assert story.wallet("alice") < 0
    assert len(story.send(Sweep())) == 2


@pytest.mark.rule("LIQ-012")
def test_who_holds_something_in_the_asset_waits(story: Story) -> None:
    story.send(BTC_TERMS.replace(instrument=ETH))
    story.define_ladder(instrument=ETH)
    story.send(SetMarkPrice(instrument=ETH, mark_ticks=1000, index_ticks=1000))
    story.tell("maker insures 1 | maker insures 1")
    leave(story, "alice", 239_000)
    story.tell("""
        alice isolated on=eth        | ISOLATED
        bob   sell 2 @ 1000 on=eth   | accepted #1
        alice buy 2 @ 1000 on=eth    | accepted #2; alice takes 2@1000; alice margin +20000 is 20000; bob makes 2@1000
        alice leverage 100           | leverage 100 up to 20000000
        bob   sell 100 @ 1000        | accepted #3
        alice buy 100 @ 1000         | accepted #4; alice takes 100@1000; bob makes 100@1000
    """)
    last = story.position("alice").bankruptcy_ticks
    story.tell(f"""
        carol buy 100 @ {last}           | accepted #5
        alice sell 100 @ {last} reduce   | accepted #6; alice takes 100@{last}; carol makes 100@{last}
    """)
    balance = story.balance("alice")
    assert balance.wallet_units - balance.isolated_units < 0
    story.tell("sweep | swept 0 0 0")


@pytest.mark.rule("LIQ-012")
def test_who_pools_repays_from_other_assets_first(story: Story) -> None:
    story.send(DefineAsset(asset=2))
    story.send(DefineCollateral(asset=1, price_units=10**8, threshold_units=10**12))
    story.send(DefineCollateral(asset=2, price_units=10**8))
    story.tell("maker insures 1 | maker insures 1")
    leave(story, "alice", 110_000)
    story.send(Deposit(account=1, asset=2, amount_units=100_000, reference=b"two"))
    story.tell("alice pools | pooled")
    story.tell(SPENT.replace("980", "983"))
    owed = -story.wallet("alice")
    assert 0 < owed <= 100_000
    story.tell(f"sweep | alice gave {owed} of 2 for {owed} of 1; swept 0 1 0")
