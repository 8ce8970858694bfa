"""Accounts that may only reduce, and frozen ones that may only cancel; what becomes of orders that rest meanwhile."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import (
    AdjustIsolatedMargin,
    Command,
    OpenAccount,
    SetLeverage,
    SetMarginMode,
    SetMultiAssets,
    SetPositionMode,
    Transfer,
    Withdraw,
)
from matcher.protocol.enums import AccountState
from matcher.protocol.rejects import RejectReason
from tests.scenarios.story import BTC, USDT, Story

HELD = """
    bob   sell 10 @ 1000             | accepted #1
    alice buy 10 @ 1000              | accepted #2; alice takes 10@1000; bob makes 10@1000
    alice buy 3 @ 990                | accepted #3
    alice sell 4 @ 1010 reduce       | accepted #4
    alice sell 5 @ 1020              | accepted #5
    alice buy 2 stop 1050            | accepted #6; terms #6
    alice sell 0 close stop 950      | accepted #7; terms #7
"""


@pytest.fixture
def held(story: Story) -> Story:
    """Alice is long 10; #3, #5 and #6 may open, #4 and #7 close."""
    story.tell(HELD)
    return story


@pytest.mark.rule("CFG-007")
@pytest.mark.parametrize("state", ["REDUCE_ONLY", "FROZEN"])
def test_what_may_open_goes_and_what_closes_stays(held: Story, state: str) -> None:
    held.tell(f"""
        alice is {state} | {state} group 1; canceled #3 ACCOUNT_RESTRICTED; canceled #5 ACCOUNT_RESTRICTED; canceled #6 ACCOUNT_RESTRICTED
        alice is {state} | {state} group 1
        bob   buy 4 @ 1010 | accepted #8; bob takes 4@1010; alice makes 4@1010
        maker buy 9 @ 950  | accepted #9
        mark 950           | mark 950; triggered #7 6@0; alice takes 6@950; maker makes 6@950
    """)


@pytest.mark.rule("CFG-007")
def test_who_may_only_reduce_reduces(held: Story) -> None:
    held.tell("""
        alice is REDUCE_ONLY        | REDUCE_ONLY group 1; canceled #3 ACCOUNT_RESTRICTED; canceled #5 ACCOUNT_RESTRICTED; canceled #6 ACCOUNT_RESTRICTED
        alice sell 1 @ 1030         | refused ONLY_REDUCE_ONLY
        alice buy 1 stop 1020       | refused ONLY_REDUCE_ONLY
        alice sell 6 @ 1030 reduce  | accepted #8
        alice amend #8 to 5 @ 1031  | amended #8 5@1031
        alice sell 1 stop 900 reduce | accepted #9; terms #9
        alice cancel #4             | canceled #4
        alice is ACTIVE             | ACTIVE group 1
        alice buy 1 @ 990           | accepted #10
    """)


@pytest.mark.rule("CFG-007")
def test_who_is_frozen_cancels(held: Story) -> None:
    held.tell("""
        alice is FROZEN             | FROZEN group 1; canceled #3 ACCOUNT_RESTRICTED; canceled #5 ACCOUNT_RESTRICTED; canceled #6 ACCOUNT_RESTRICTED
        alice sell 1 @ 1030 reduce  | refused ACCOUNT_FROZEN
        alice amend #4 to 1 @ 1030  | refused ACCOUNT_FROZEN
        alice cancel #4             | canceled #4
        alice countdown 30          | countdown
        alice cancel everywhere     | canceled #7; 1 canceled
    """)


@pytest.mark.rule("CFG-007")
@pytest.mark.parametrize(
    "command",
    [
        SetLeverage(account=1, instrument=BTC, leverage=5),
        SetMarginMode(account=1, instrument=BTC, margin_mode=1),
        SetPositionMode(account=1, position_mode=1),
        SetMultiAssets(account=1, multi_assets=1),
        AdjustIsolatedMargin(account=1, instrument=BTC, amount_units=1),
        Transfer(account=1, to_account=2, asset=USDT, amount_units=1, reference=b"t"),
        Withdraw(account=1, asset=USDT, amount_units=1, reference=b"w"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_nothing_of_a_frozen_account_moves_or_changes(story: Story, command: Command) -> None:
    story.tell("alice is FROZEN | FROZEN group 1")
    assert story.send(command)[0].reason == RejectReason.ACCOUNT_FROZEN
    story.tell("alice deposit 5 ref=d | +5 wallet 10000005")


@pytest.mark.rule("CFG-007", "ORD-011")
def test_siblings_go_with_what_may_open(story: Story) -> None:
    story.tell("""
        bob   sell 10 @ 1000                  | accepted #1
        alice buy 10 @ 1000                   | accepted #2; alice takes 10@1000; bob makes 10@1000
        alice sell 10 @ 1020                  | accepted #3
        alice sell 10 stop 980 reduce link=#3 | accepted #4; terms #4 with #3; terms #3 with #4
        alice is REDUCE_ONLY                  | REDUCE_ONLY group 1; canceled #3 ACCOUNT_RESTRICTED; canceled #4 SIBLING_ENDED
    """)


@pytest.mark.rule("CFG-007")
def test_one_of_several_legs_and_markets_goes_in_order(story: Story) -> None:
    story.tell("""
        alice hedge                   | HEDGE
        alice sell 1 @ 1010 leg=short | accepted #1
        alice buy 1 @ 990 leg=long    | accepted #2
        alice sell 2 @ 1011 leg=short | accepted #3
        alice is REDUCE_ONLY          | REDUCE_ONLY group 1; canceled #1 ACCOUNT_RESTRICTED; canceled #2 ACCOUNT_RESTRICTED; canceled #3 ACCOUNT_RESTRICTED
    """)


@pytest.mark.rule("CFG-007", "ENG-005")
def test_in_version_2_everything_stays_until_it_is_said_again(held: Story) -> None:
    restrict = OpenAccount(account=1, account_state=AccountState.REDUCE_ONLY)
    assert len(held.send(restrict.replace(version=2))) == 1
    held.tell("maker sell 2 @ 990 | accepted #8; maker takes 2@990; alice makes 2@990")
    assert [event.reason for event in held.send(restrict)] == [0, *[212] * 3]
