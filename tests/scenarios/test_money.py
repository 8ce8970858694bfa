"""Fees, rebates, entry cost, realized profit, flips and what may be withdrawn; all in units, exactly."""

from __future__ import annotations

import pytest

from tests.scenarios.story import BTC_TERMS, Story

START = 10_000_000


def trade(story: Story, line: str) -> None:
    """Let bob stand against `name side lots @ price`, whoever name is."""
    name, side, lots, _, price = line.split()
    against = "sell" if side == "buy" else "buy"
    story.act(f"bob {against} {lots} @ {price}")
    story.act(f"{name} {side} {lots} @ {price}")
    assert len(story.fills()) == 2


@pytest.mark.rule("MON-002")
def test_fees_round_up_and_rebates_round_against_their_receiver(story: Story) -> None:
    """1 lot at 1001 is worth 100,100 units: 0.05 % is 50.05, so 51; a rebate of 0.02 % is 20.02, so 20."""
    story.send(BTC_TERMS.replace(maker_fee_ppb=-200_000))
    trade(story, "alice buy 1 @ 1001")
    taker, maker = story.fills()
    assert (taker.fee_units, maker.fee_units) == (51, -20)
    assert (story.wallet("alice"), story.wallet("bob")) == (START - 51, START + 20)


@pytest.mark.rule("MON-002")
def test_an_accounts_own_fees_replace_the_instruments(story: Story) -> None:
    story.tell("alice is ACTIVE fees=-100000:0 | ACTIVE group 1")
    trade(story, "alice buy 10 @ 1000")
    assert [fill.fee_units for fill in story.fills()] == [0, 200]
    story.tell("""
        alice sell 10 @ 1000         | accepted #3
        bob   buy 10 @ 1000          | accepted #4; bob takes 10@1000; alice makes 10@1000
    """)
    assert [fill.fee_units for fill in story.fills()] == [500, -100]


@pytest.mark.rule("MON-002")
def test_cost_is_exact_and_the_remainder_stays_in_it(story: Story) -> None:
    """1@1000 and 2@1001 cost 300,200; a third of it is 100,066.67, truncated."""
    trade(story, "alice buy 1 @ 1000")
    trade(story, "alice buy 2 @ 1001")
    assert story.holds("alice") == (3, 300_200)
    realized, costs = [], []
    for _ in range(3):
        trade(story, "alice sell 1 @ 1002")
        realized.append(story.fills()[0].realized_pnl_units)
        costs.append(story.holds("alice")[1])
    assert (realized, costs) == ([134, 133, 133], [200_134, 100_067, 0])
    assert story.position("alice").realized_pnl_units == 400


@pytest.mark.rule("MON-002")
def test_a_short_realizes_what_it_sold_for_less_what_it_paid(story: Story) -> None:
    trade(story, "alice sell 1 @ 1000")
    trade(story, "alice sell 2 @ 1001")
    assert story.holds("alice") == (-3, -300_200)
    trade(story, "alice buy 1 @ 999")
    assert story.fills()[0].realized_pnl_units == 100_066 - 99_900
    assert story.holds("alice") == (-2, -200_134)


@pytest.mark.rule("MON-002")
def test_a_flip_closes_at_the_old_cost_and_opens_at_the_new_price(story: Story) -> None:
    trade(story, "alice buy 10 @ 1000")
    trade(story, "alice sell 15 @ 1010")
    fill = story.fills()[0]
    assert (fill.realized_pnl_units, fill.position_lots, fill.position_cost_units) == (10_000, -5, -505_000)
    assert story.wallet("alice") == START - 500 - 758 + 10_000


@pytest.mark.rule("MAR-102")
def test_unrealized_profit_backs_orders_but_is_not_withdrawn(story: Story) -> None:
    trade(story, "alice buy 10 @ 1000")
    story.tell("mark 1100 | mark 1100")
    balance = story.balance("alice")
    wallet = START - 500
    assert (balance.unrealized_pnl_units, balance.position_margin_units) == (100_000, 110_000)
    assert (balance.available_units, balance.withdrawable_units) == (wallet - 10_000, wallet - 110_000)
    story.tell(f"""
        alice withdraw {wallet - 109_999} ref=w | refused BALANCE_INSUFFICIENT
        alice withdraw {wallet - 110_000} ref=w | -{wallet - 110_000} wallet 110000
    """)


@pytest.mark.rule("MAR-102")
def test_unrealized_loss_is_not_withdrawn_either(story: Story) -> None:
    trade(story, "alice buy 10 @ 1000")
    story.tell("mark 900 | mark 900")
    balance = story.balance("alice")
    assert balance.unrealized_pnl_units == -100_000
    assert balance.withdrawable_units == balance.available_units == START - 500 - 100_000 - 90_000


@pytest.mark.rule("MAR-102")
@pytest.mark.rule("MON-001")
def test_what_orders_hold_is_not_withdrawn(story: Story) -> None:
    story.tell("alice buy 10 @ 1000 | accepted #1")
    assert story.balance("alice").withdrawable_units == START - 100_500
    story.tell("alice cancel #1 | canceled #1")
    assert story.balance("alice").withdrawable_units == START


@pytest.mark.rule("MON-001")
@pytest.mark.parametrize("units", [0, -1, 10**18 + 1, -(2**63)])
def test_amounts_out_of_range_are_refused(story: Story, units: int) -> None:
    story.tell(f"""
        alice deposit {units} ref=x  | refused INVALID_AMOUNT
        alice withdraw {units} ref=x | refused INVALID_AMOUNT
    """)


@pytest.mark.rule("MON-001")
def test_a_wallet_holds_at_most_4e18_units(story: Story) -> None:
    story.tell(f"""
        alice withdraw {START} ref=w | -{START} wallet 0
        alice deposit {10**18} ref=1 | +{10**18} wallet {10**18}
        alice deposit {10**18} ref=2 | +{10**18} wallet {2 * 10**18}
        alice deposit {10**18} ref=3 | +{10**18} wallet {3 * 10**18}
        alice deposit {10**18} ref=4 | +{10**18} wallet {4 * 10**18}
        alice deposit 1 ref=5        | refused INVALID_AMOUNT
    """)


@pytest.mark.rule("MON-001")
def test_all_deposits_together_stay_within_8e18_units(story: Story) -> None:
    """The cast's first deposits included: what the exchange owes in one asset is a number of 63 bits."""
    for name in ("alice", "bob"):
        for reference in "123":
            story.act(f"{name} deposit {10**18} ref={reference}")
    story.act(f"carol deposit {10**18} ref=1")
    rest = 10**18 - 4 * START
    story.tell(f"""
        carol deposit {rest + 1} ref=2 | refused INVALID_AMOUNT
        carol deposit {rest} ref=2     | +{rest} wallet {START + 10**18 + rest}
        maker deposit 1 ref=2          | refused INVALID_AMOUNT
        bob   withdraw 1 ref=2         | -1 wallet {START + 3 * 10**18 - 1}
        maker deposit 1 ref=2          | +1 wallet {START + 1}
    """)


@pytest.mark.rule("MON-003")
def test_wallets_stay_apart_by_asset(story: Story) -> None:
    from matcher.protocol.commands import DefineAsset

    story.send(DefineAsset(asset=2))
    story.tell("""
        alice deposit 7 ref=x asset=2  | +7 wallet 7
        alice withdraw 8 ref=x asset=2 | refused BALANCE_INSUFFICIENT
        alice withdraw 7 ref=y asset=2 | -7 wallet 0
        bob withdraw 1 ref=y asset=2   | refused BALANCE_INSUFFICIENT
        bob withdraw 1 ref=y asset=3   | refused UNKNOWN_ASSET
    """)


@pytest.mark.rule("MON-002")
@pytest.mark.rule("ENG-004")
def test_the_house_keeps_what_the_traders_lose(story: Story) -> None:
    """Fees in, clearing out: wallets + fees + clearing = deposits, which check() asserts at every line."""
    trade(story, "alice buy 10 @ 1000")
    trade(story, "carol buy 3 @ 1007")
    trade(story, "alice sell 10 @ 1003")
    trade(story, "carol sell 3 @ 999")
    assert story.holds("bob") == story.holds("alice") == story.holds("carol") == (0, 0)
    total = sum(story.wallet(name) for name in ("alice", "bob", "carol", "maker"))
    paid = 500 + 200 + 152 + 61 + 502 + 201 + 150 + 60
    assert total == 4 * START - paid
