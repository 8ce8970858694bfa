"""Auto-deleveraging: who stands where in the queue, and what is taken from whom."""

from __future__ import annotations

import pytest

from matcher.protocol.events import PositionMoved
from matcher.protocol.views import QueryKind
from tests.scenarios.story import Story
from tests.scenarios.test_margin import leave
from tests.scenarios.wording import CAST

# at 904 both shorts gained 9.6 %; 5,424,000 over bob's 10,574,800 are 0.512, 3,616,000 over 10,383,200 0.348
OPENED = """
    bob   sell 60 @ 1000  | accepted #1
    maker sell 40 @ 1000  | accepted #2
    alice buy 100 @ 1000  | accepted #3; alice takes 60@1000; bob makes 60@1000; alice takes 40@1000; maker makes 40@1000
"""
BOB_SCORE, MAKER_SCORE = 96_000_000 * 512, 96_000_000 * 348
DUE = "mark 904; alice liquidated 45000/45200; step 100/100@900"


@pytest.fixture
def thin(story: Story) -> Story:
    leave(story, "alice", 1_010_000)
    return story


def queue(story: Story, name: str = "", instrument: int = 1) -> list[tuple[int, int, int, int, int]]:
    """(account, score, rank, holders, lights) of each place."""
    views = story.query(QueryKind.ADL, name, instrument=instrument)[0]
    return [(v.account, v.score, v.rank, v.holders, v.lights) for v in views]


@pytest.mark.rule("LIQ-007")
def test_profit_times_leverage_ranks(thin: Story) -> None:
    """A loss counts the less the more leverage: 9.6 % of alice, over 9,040,000 / 45,000 = 200.888."""
    thin.tell(OPENED)
    thin.tell("mark 904 quietly | mark 904")
    alice, bob, maker = (CAST[name] for name in ("alice", "bob", "maker"))
    shorts = [(bob, BOB_SCORE, 1, 2, 5), (maker, MAKER_SCORE, 2, 2, 3)]
    assert queue(thin) == [(alice, -(96_000_000 * 1_000 // 200_888), 1, 1, 5), *shorts]
    assert queue(thin, "maker", instrument=0) == shorts[1:]
    assert queue(thin, "carol") == []
    assert queue(thin, "", instrument=0) == []


@pytest.mark.rule("LIQ-007")
def test_the_queue_gives_up_its_positions_from_the_top(thin: Story) -> None:
    """Bob's 60 first, then 40 of maker; their orders there are canceled, also those that close."""
    thin.tell(OPENED)
    thin.tell("""
        bob   buy 5 @ 850         | accepted #4
        bob   buy 10 @ 860 reduce | accepted #5
        maker sell 1 @ 1050       | accepted #6
        carol buy 1 @ 850         | accepted #7
    """)
    told = (
        "accepted #8; expired #8 UNFILLED_REST; canceled #4 DELEVERAGED; canceled #5 DELEVERAGED; "
        "alice moved -60@900 rank 1; bob moved +60@900 rank 1; canceled #6 DELEVERAGED; "
        "alice moved -40@900 rank 2; maker moved +40@900 rank 2; alice ended 5000/0"
    )
    thin.tell(f"mark 904 | {DUE}; {told}")
    moves = [event for event in thin.events if isinstance(event, PositionMoved)]
    assert [m.score for m in moves] == [BOB_SCORE, BOB_SCORE, MAKER_SCORE, MAKER_SCORE]
    assert [m.realized_pnl_units for m in moves] == [-600_000, 600_000, -400_000, 400_000]
    assert [m.detail for m in moves] == [2, 2, 2, 2]
    assert [m.counterparty for m in moves] == [CAST[n] for n in ("bob", "alice", "maker", "alice")]


@pytest.mark.rule("LIQ-007")
def test_only_what_is_needed_is_taken(thin: Story) -> None:
    """The book buys one at 900, 44,600 are still too few for 44,748: bob's 60 and 39 of maker's 40 follow."""
    thin.tell(OPENED)
    thin.tell("carol buy 1 @ 900 | accepted #4")
    told = (
        "accepted #5; alice takes 1@900; carol makes 1@900; expired #5 UNFILLED_REST; "
        "alice moved -60@900 rank 1; bob moved +60@900 rank 1; "
        "alice moved -39@900 rank 2; maker moved +39@900 rank 2; alice ended 5000/0"
    )
    thin.tell(f"mark 904 | {DUE}; {told}")
    assert thin.holds("maker") == (-1, -100_000)


@pytest.mark.rule("LIQ-002", "LIQ-003")
def test_a_group_that_is_safe_again_is_left_alone(thin: Story) -> None:
    """30 at 900 leave 33,000 over 31,640."""
    thin.tell(OPENED)
    thin.tell("carol buy 30 @ 900 | accepted #4")
    told = "accepted #5; alice takes 30@900; carol makes 30@900; expired #5 UNFILLED_REST; alice ended 33000/31640"
    thin.tell(f"mark 904 | {DUE}; {told}")


@pytest.mark.rule("LIQ-007", "MAR-004")
def test_an_isolated_leg_is_deleveraged_with_its_margin(thin: Story) -> None:
    """600,000 behind bob's 60 and a gain of 576,000: 5,424,000 over 1,176,000. All of it is released."""
    thin.tell("bob isolated | ISOLATED")
    thin.tell("""
        bob   sell 60 @ 1000  | accepted #1
        maker sell 40 @ 1000  | accepted #2
        alice buy 60 @ 1000   | accepted #3; alice takes 60@1000; bob makes 60@1000; bob margin +600000 is 600000
        alice buy 40 @ 1000   | accepted #4; alice takes 40@1000; maker makes 40@1000
    """)
    told = (
        "accepted #5; expired #5 UNFILLED_REST; "
        "alice moved -60@900 rank 1; bob moved +60@900 rank 1; bob margin -600000 is 0; "
        "alice moved -40@900 rank 2; maker moved +40@900 rank 2; alice ended 5000/0"
    )
    thin.tell(f"mark 904 | {DUE}; {told}")
    score = next(event.score for event in thin.events if isinstance(event, PositionMoved))
    assert score == 96_000_000 * (5_424_000_000 // 1_176_000)
    assert thin.wallet("bob") == 10_000_000 - 1_200 + 600_000


@pytest.mark.rule("LIQ-007")
def test_nobody_without_equity_outranks_leverage(thin: Story) -> None:
    """A leg whose group has nothing left counts a leverage of 1,000; a loss then weighs nothing."""
    thin.tell(OPENED)
    thin.tell("mark 890 quietly | mark 890")
    (alice, *_) = queue(thin)
    assert alice[1] == -(110_000_000 * 1_000 // 1_000_000)


@pytest.mark.rule("LIQ-007")
def test_an_accounts_own_other_leg_counts_like_any_other(thin: Story) -> None:
    """Alice long 100 and short 60 in one group: her own short is the first in the queue."""
    thin.tell("""
        alice deposit 3000 ref=more      | +3000 wallet 1013000
        alice leverage 20                | leverage 20 up to 50000000
        alice hedge                      | HEDGE
        bob   sell 100 @ 1000            | accepted #1
        alice buy 100 @ 1000 leg=long    | accepted #2; alice takes 100@1000; bob makes 100@1000
        bob   buy 60 @ 1000              | accepted #3
        alice sell 60 @ 1000 leg=short   | accepted #4; alice takes 60@1000; bob makes 60@1000
    """)
    thin.act("mark 762")  # 1,005,000 - 40 x 23,800 = 53,000 under 160 x 76,200 x 0.5 % = 60,960
    assert thin.said() == (
        "mark 762; alice liquidated 53000/60960; step long 100/100@757; accepted #5; expired #5 UNFILLED_REST; "
        "alice long moved -60@757 rank 1; alice short moved +60@757 rank 1; "
        "alice long moved -40@757 rank 2; bob moved +40@757 rank 2; alice ended 33000/0"
    )
