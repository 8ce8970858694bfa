"""What protects a market: stale marks, the circuit breaker, the end of an instrument."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import DefineMarketRules
from matcher.protocol.enums import TradingState
from matcher.protocol.events import PositionMoved
from matcher.protocol.views import QueryKind
from tests.scenarios.story import BTC, BTC_TERMS, SECOND_NS, Story
from tests.scenarios.test_margin import leave
from tests.scenarios.wording import CAST

RULES = DefineMarketRules(instrument=BTC)
BREAKER = RULES.replace(breaker_move_ppm=50_000, breaker_window_ns=60 * SECOND_NS, breaker_halt_ns=30 * SECOND_NS)


@pytest.mark.rule("SAFE-001")
@pytest.mark.parametrize(
    "wrong",
    [
        {"mark_max_age_ns": -1},
        {"breaker_window_ns": 10**15 + 1},
        {"breaker_halt_ns": -1},
        {"impact_notional_units": 0},
        {"impact_notional_units": 10**18 + 1},
        {"max_conditional_orders": 10_001},
        {"price_protect_ppm": 0},
        {"price_protect_ppm": 10**6},
        {"breaker_move_ppm": 10**6},
        {"interest_rate_ppb": 10**8 + 1},
        {"funding_floor_ppb": -(10**9)},
        {"funding_cap_ppb": 10**9},
        {"funding_floor_ppb": 1, "funding_cap_ppb": 0},
        {"funding_hours": 3},
        {"breaker_state": TradingState.ACTIVE},
        {"profit_opens": 2},
    ],
)
def test_rules_have_limits(story: Story, wrong: dict[str, int]) -> None:
    assert story.send(RULES.replace(**wrong))[0].reason == 35


@pytest.mark.rule("SAFE-001")
def test_rules_are_shown_as_told(story: Story) -> None:
    told = RULES.replace(mark_max_age_ns=10**15, funding_hours=1, breaker_state=TradingState.REDUCE_ONLY)
    story.send(told)
    (shown,), _ = story.query(QueryKind.RULES)
    assert (shown.mark_max_age_ns, shown.funding_hours, shown.breaker_state) == (10**15, 1, 2)


@pytest.mark.rule("SAFE-002")
def test_a_stale_mark_opens_nothing(story: Story) -> None:
    story.send(RULES.replace(mark_max_age_ns=10 * SECOND_NS))
    story.tell("""
        bob   sell 1 @ 1000    | accepted #1
        alice buy 1 @ 1000     | accepted #2; alice takes 1@1000; bob makes 1@1000
        wait 10s               |
        alice buy 1 @ 900      | accepted #3
        wait 1s                |
        alice buy 1 @ 901      | refused STALE_MARK_PRICE
        alice sell 1 @ 1000 reduce | accepted #4
        alice amend #3 to 2 @ 900 | refused STALE_MARK_PRICE
        mark 1000              | mark 1000
        alice buy 1 @ 901      | accepted #5
    """)


@pytest.mark.rule("SAFE-002", "LIQ-002")
def test_nobody_is_judged_by_a_stale_mark(story: Story) -> None:
    leave(story, "alice", 1_010_000)
    story.send(RULES.replace(mark_max_age_ns=10 * SECOND_NS))
    story.tell("""
        bob   sell 100 @ 1000  | accepted #1
        alice buy 100 @ 1000   | accepted #2; alice takes 100@1000; bob makes 100@1000
        mark 904 quietly       | mark 904
        wait 11s               |
        sweep                  | swept 0 0 0
    """)


@pytest.mark.rule("SAFE-003", "TIME-001")
def test_the_breaker_stops_a_market_for_a_while(story: Story) -> None:
    """Beyond 5 % of a mark of the last minute; 5 % exactly is none."""
    story.send(BREAKER)
    story.tell("""
        mark 1000              | mark 1000
        wait 10s               |
        mark 1050              | mark 1050
        mark 1051              | mark 1051; ACTIVE to HALTED CIRCUIT_BREAKER
        alice buy 1 @ 1000     | refused TRADING_NOT_OPEN
        wait 29s               |
        alice buy 1 @ 1000     | refused TRADING_NOT_OPEN
        wait 1s                |
        alice buy 1 @ 1000     | HALTED to ACTIVE CIRCUIT_BREAKER; accepted #1
    """)


@pytest.mark.rule("SAFE-003")
def test_the_breaker_forgets_marks_older_than_its_window(story: Story) -> None:
    story.send(BREAKER)
    story.tell("""
        mark 1000              | mark 1000
        wait 60s               |
        mark 1050              | mark 1050
        wait 1s                |
        mark 1100              | mark 1100
        wait 1s                |
        mark 1103              | mark 1103; ACTIVE to HALTED CIRCUIT_BREAKER
        mark 1300              | mark 1300
    """)


@pytest.mark.rule("SAFE-003", "SAFE-004")
def test_an_operator_ends_a_halt_for_good(story: Story) -> None:
    story.send(BREAKER.replace(breaker_state=TradingState.REDUCE_ONLY))
    story.tell("""
        mark 1000              | mark 1000
        mark 900               | mark 900; ACTIVE to REDUCE_ONLY CIRCUIT_BREAKER
        state HALTED           | REDUCE_ONLY to HALTED
        wait 31s               |
        alice buy 1 @ 900      | refused TRADING_NOT_OPEN
    """)
    story.send(BREAKER.replace(breaker_halt_ns=0))
    story.tell("""
        state ACTIVE           | HALTED to ACTIVE
        mark 1000              | mark 1000; ACTIVE to HALTED CIRCUIT_BREAKER
        wait 9d                |
        alice buy 1 @ 900      | refused TRADING_NOT_OPEN
    """)


@pytest.mark.rule("SAFE-003")
def test_a_mark_of_version_1_knows_no_breaker(story: Story) -> None:
    story.send(BREAKER)
    story.tell("""
        mark 1000              | mark 1000
        mark 1500 quietly      | mark 1500
        mark 1001              | mark 1001
    """)


@pytest.mark.rule("SAFE-004")
def test_delisted_is_final(story: Story) -> None:
    story.tell("""
        settle 0               | refused PRICE_NOT_POSITIVE
        settle 100001          | refused PRICE_TOO_HIGH
        settle 1000            | ACTIVE to DELISTED; settled 0 at 1000
        settle 1000            | refused TRADING_NOT_OPEN
        state ACTIVE           | refused TRADING_NOT_OPEN
    """)
    assert story.send(BTC_TERMS)[0].reason == 40


@pytest.mark.rule("SAFE-005")
def test_settlement_closes_everything_at_one_price(story: Story) -> None:
    """Carol's isolated margin comes back with her loss; no fees."""
    story.tell("""
        carol isolated         | ISOLATED
        bob   sell 10 @ 1000   | accepted #1
        alice buy 10 @ 1000    | accepted #2; alice takes 10@1000; bob makes 10@1000
        carol buy 2 @ 1000     | accepted #3
        bob   sell 5 @ 1000    | accepted #4; bob takes 2@1000; carol makes 2@1000; carol margin +20000 is 20000
        alice sell 5 @ 990 stop 990 | accepted #5; terms #5
    """)
    wallets = {name: story.wallet(name) for name in CAST}
    told = (
        "canceled #4 SETTLED; canceled #5 SETTLED; alice moved -10@950; bob moved +12@950; carol moved -2@950; "
        "carol margin -20000 is 0; ACTIVE to DELISTED; settled 3 at 950"
    )
    story.tell(f"settle 950 | {told}")
    moves = [event for event in story.events if isinstance(event, PositionMoved)]
    assert [(m.realized_pnl_units, m.detail, m.counterparty) for m in moves] == [
        (-50_000, 3, 0),
        (60_000, 3, 0),
        (-10_000, 3, 0),
    ]
    gains = {name: story.wallet(name) - wallets[name] for name in ("alice", "bob", "carol")}
    assert gains == {"alice": -50_000, "bob": 60_000, "carol": -10_000}


@pytest.mark.rule("SAFE-005", "LIQ-008")
@pytest.mark.parametrize(("fund", "borne"), [(10_000_000, 3_995_000), (1_000, 1_000)])
def test_the_fund_bears_what_a_settlement_leaves_owing(story: Story, fund: int, borne: int) -> None:
    """1,005,000 less 5,000,000; a fund pays what it has."""
    leave(story, "alice", 1_010_000)
    if fund < 10_000_000:
        leave(story, "carol", fund)
    story.tell(f"""
        carol insures 1        | carol insures 1
        bob   sell 100 @ 1000  | accepted #1
        alice buy 100 @ 1000   | accepted #2; alice takes 100@1000; bob makes 100@1000
        settle 500             | alice moved -100@500; bob moved +100@500; ACTIVE to DELISTED; carol insured -{borne} DEFICIT; settled 2 at 500
    """)
    assert story.wallet("alice") == borne - 3_995_000
    assert story.wallet("carol") == fund - borne
