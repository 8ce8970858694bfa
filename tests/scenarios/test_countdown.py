"""The countdown: orders go when nobody sets it again in time."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import SetCountdown
from matcher.protocol.events import CountdownChanged, OrdersCanceled
from matcher.protocol.rejects import RejectReason
from matcher.protocol.views import QueryKind
from tests.scenarios.story import BTC, SECOND_NS, Story


@pytest.mark.rule("ORD-015")
def test_it_cancels_everything_of_the_instrument_when_it_runs_out(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990     | accepted #1
        alice sell 5 stop 980 | accepted #2; terms #2
        bob   buy 5 @ 989     | accepted #3
        alice countdown 30    | countdown
        wait 29s
        mark 1001             | mark 1001
        wait 1s
        mark 1002             | canceled #1 COUNTDOWN; canceled #2 COUNTDOWN; 2 canceled COUNTDOWN; mark 1002
        wait 60s
        mark 1003             | mark 1003
    """)


@pytest.mark.rule("ORD-015")
def test_set_again_it_begins_anew_and_zero_takes_it_away(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990   | accepted #1
        alice countdown 30  | countdown
        wait 20s
        alice countdown 30  | countdown
        wait 20s
        alice countdown 0   | countdown off
        wait 60s
        mark 1001           | mark 1001
    """)
    assert story.orders("alice") == "#1 5@990"


@pytest.mark.rule("ORD-015")
def test_one_that_finds_nothing_says_so(story: Story) -> None:
    story.tell("""
        alice countdown 30 everywhere | countdown
        wait 30s
        alice countdown 10            | 0 canceled COUNTDOWN; countdown
    """)
    gone, new = story.events
    assert isinstance(gone, OrdersCanceled)
    assert isinstance(new, CountdownChanged)
    assert (gone.account, gone.instrument, new.instrument) == (1, 0, BTC)
    assert new.deadline_ns == story.now_ns + 10 * SECOND_NS


@pytest.mark.rule("ORD-015")
def test_several_run_out_by_deadline_then_account_then_instrument(story: Story) -> None:
    story.tell("""
        bob   buy 5 @ 990             | accepted #1
        alice buy 5 @ 990             | accepted #2
        carol buy 5 @ 990             | accepted #3
        carol countdown 40            | countdown
        bob   countdown 30            | countdown
        alice countdown 30            | countdown
        alice countdown 30 everywhere | countdown
        wait 2m
        mark 1001                     | canceled #2 COUNTDOWN; 1 canceled COUNTDOWN; 0 canceled COUNTDOWN; canceled #1 COUNTDOWN; 1 canceled COUNTDOWN; canceled #3 COUNTDOWN; 1 canceled COUNTDOWN; mark 1001
    """)


@pytest.mark.rule("TIME-001")
def test_good_till_goes_first(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990             | accepted #1
        alice buy 5 @ 991 till=60     | accepted #2; terms #2
        alice countdown 30            | countdown
        wait 60s
        mark 1001                     | expired #2 GOOD_TILL_PASSED; canceled #1 COUNTDOWN; 1 canceled COUNTDOWN; mark 1001
    """)


@pytest.mark.rule("ORD-015")
def test_what_it_refuses(story: Story) -> None:
    def refusal(**change: int) -> int:
        command = SetCountdown(account=1, instrument=BTC, countdown_ns=SECOND_NS)
        return story.send(command.replace(**change))[0].reason

    assert refusal(account=77) == RejectReason.UNKNOWN_ACCOUNT
    assert refusal(instrument=77) == RejectReason.UNKNOWN_INSTRUMENT
    assert refusal(countdown_ns=-1) == RejectReason.INVALID_AMOUNT
    assert refusal(countdown_ns=10**15 + 1) == RejectReason.INVALID_AMOUNT
    assert refusal(countdown_ns=10**15) == 0
    story.tell("""
        alice is FROZEN    | FROZEN group 1
        alice countdown 30 | countdown
    """)


@pytest.mark.rule("ORD-015")
def test_what_is_armed_is_shown(story: Story) -> None:
    story.tell("""
        alice countdown 30 everywhere | countdown
        alice countdown 10            | countdown
        bob   countdown 10            | countdown
    """)
    armed = story.query(QueryKind.RULES, "alice")[1]
    assert [(c.instrument, c.deadline_ns - story.now_ns) for c in armed] == [(0, 30 * SECOND_NS), (BTC, 10 * SECOND_NS)]
