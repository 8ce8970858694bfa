"""Self-trade prevention: the taker's mode decides, accounts of one group count as one."""

from __future__ import annotations

import pytest

from tests.scenarios.story import Story


@pytest.fixture
def mixed(story: Story) -> Story:
    """Carol belongs to alice's group. Asks: alice's group 2@1001, bob 3@1001, the group again 2@1002."""
    story.tell("""
        carol is ACTIVE group=1      | ACTIVE group 1
        carol sell 2 @ 1001          | accepted #1
        bob   sell 3 @ 1001          | accepted #2
        alice sell 2 @ 1002          | accepted #3
        bob   sell 3 @ 1002          | accepted #4
    """)
    return story


@pytest.mark.rule("MAT-002")
def test_none_lets_the_group_trade_with_itself(mixed: Story) -> None:
    mixed.tell("alice buy 2 @ 1001 stp=none | accepted #5; alice takes 2@1001; carol makes 2@1001")


@pytest.mark.rule("MAT-002")
def test_an_account_may_even_trade_with_itself(story: Story) -> None:
    """Taker's half first, then the maker's; the position ends where it began and only fees are paid."""
    story.tell("""
        alice sell 5 @ 1000          | accepted #1
        alice buy 5 @ 1000 stp=none  | accepted #2; alice takes 5@1000; alice makes 5@1000
    """)
    assert story.holds("alice") == (0, 0)
    assert [fill.position_lots for fill in story.fills()] == [5, 0]
    assert story.wallet("alice") == 10_000_000 - 250 - 100


@pytest.mark.rule("MAT-002")
def test_expire_maker_removes_them_and_goes_on(mixed: Story) -> None:
    mixed.tell("""
        alice buy 5 @ 1002 stp=maker | accepted #5; expired #1 SELF_TRADE; alice takes 3@1001; bob makes 3@1001; expired #3 SELF_TRADE; alice takes 2@1002; bob makes 2@1002
    """)
    assert [(e.account, e.status) for e in (mixed.events[1], mixed.events[4])] == [(3, 5), (1, 5)]  # type: ignore[attr-defined]
    assert mixed.book() == "/ 1@1002"


@pytest.mark.rule("MAT-002")
def test_expire_maker_lets_the_rest_rest(story: Story) -> None:
    story.tell("""
        alice sell 5 @ 1000          | accepted #1
        alice buy 5 @ 1000           | accepted #2; expired #1 SELF_TRADE
    """)
    assert story.book() == "5@1000 /"


@pytest.mark.rule("MAT-002")
def test_expire_maker_then_a_rest_that_may_not_rest_expires_as_unfilled(story: Story) -> None:
    story.tell("""
        alice sell 5 @ 1000          | accepted #1
        alice buy 5 @ 1000 ioc       | accepted #2; expired #1 SELF_TRADE; expired #2 UNFILLED_REST
    """)


@pytest.mark.rule("MAT-002")
def test_expire_taker_stops_and_leaves_the_maker(mixed: Story) -> None:
    mixed.tell("""
        alice buy 9 @ 1002 stp=taker | accepted #5; expired #5 SELF_TRADE
        carol cancel #1              | canceled #1
        alice buy 9 @ 1002 stp=taker | accepted #6; alice takes 3@1001; bob makes 3@1001; expired #6 SELF_TRADE
    """)
    assert mixed.book() == "/ 5@1002"
    assert mixed.events[-1].status == 5  # type: ignore[attr-defined]


@pytest.mark.rule("MAT-002")
def test_expire_both_ends_both(mixed: Story) -> None:
    mixed.tell("""
        alice buy 9 @ 1002 stp=both  | accepted #5; expired #1 SELF_TRADE; expired #5 SELF_TRADE
        alice buy 9 market stp=both  | accepted #6; alice takes 3@1001; bob makes 3@1001; expired #3 SELF_TRADE; expired #6 SELF_TRADE
    """)
    assert mixed.book() == "/ 3@1002"


@pytest.mark.rule("ORD-104")
@pytest.mark.parametrize(
    ("mode", "lots", "told"),
    [
        ("none", 10, "accepted #5; alice takes 2@1001; carol makes 2@1001"),
        ("maker", 7, "refused FOK_NOT_FILLABLE"),
        ("maker", 6, "accepted #5; expired #1 SELF_TRADE; alice takes 3@1001; bob makes 3@1001; expired #3 SELF_TRADE"),
        ("taker", 1, "refused FOK_NOT_FILLABLE"),
        ("both", 1, "refused FOK_NOT_FILLABLE"),
    ],
)
def test_fok_counts_only_what_the_mode_lets_it_take(mixed: Story, mode: str, lots: int, told: str) -> None:
    events = mixed.act(f"alice buy {lots} @ 1002 fok stp={mode}")
    from tests.scenarios.wording import say

    assert "; ".join(say(event) for event in events).startswith(told)


@pytest.mark.rule("ORD-104")
@pytest.mark.parametrize("mode", ["taker", "both"])
def test_fok_may_fill_wholly_before_it_meets_its_group(mixed: Story, mode: str) -> None:
    mixed.tell(f"""
        carol cancel #1                  | canceled #1
        alice buy 4 @ 1002 fok stp={mode} | refused FOK_NOT_FILLABLE
        alice buy 3 @ 1002 fok stp={mode} | accepted #5; alice takes 3@1001; bob makes 3@1001
    """)
