"""Funding is sampled once a slot and settled once an interval, whoever asks, how often and how late (BARS R17)."""

from __future__ import annotations

from typing import cast

import pytest

from apps.common.errors import ServiceUnavailable
from apps.funding import tasks
from apps.funding.models import FundingSample
from apps.funding.services import HOUR_NS, due_funding_ns, run_funding
from apps.funding.types import FundingRound
from matcher.protocol.commands import SetMarkPrice, SetTradingState
from matcher.protocol.enums import TradingState
from matcher.protocol.views import Query, QueryKind, RulesView
from tests.support.engine_twin import EngineTwin
from tests.support.market import INSTRUMENT, MARK_TICKS, opening

pytestmark = pytest.mark.django_db
INTERVAL_NS = 8 * HOUR_NS
MIDNIGHT_NS = 1_700_006_400_000_000_000  # 2023-11-15 00:00 UTC
SECOND_NS = 10**9


@pytest.fixture
def market(engine: EngineTwin) -> EngineTwin:
    engine.now_ns = MIDNIGHT_NS - HOUR_NS
    for command in opening(2):
        engine.send(command)
    engine.sent.clear()
    return engine


def at(engine: EngineTwin, time_ns: int) -> FundingRound:
    """One round at that time, with the rows of its sample."""
    engine.now_ns = time_ns
    done = run_funding(now_ns=time_ns)
    if done.sampled:
        rules = rules_of(engine)
        FundingSample.objects.create(
            seq=engine.engine.seq, instrument_id=INSTRUMENT, sample_ns=rules.last_sample_ns, impact_bid_microticks=0,
            impact_ask_microticks=0, index_ticks=MARK_TICKS, premium_ppb=0, average_premium_ppb=0,
            predicted_rate_ppb=0, samples=rules.samples, time_ns=time_ns,
        )  # fmt: skip
    return done


def rules_of(engine: EngineTwin) -> RulesView:
    _, views, _ = engine.query(Query(kind=QueryKind.RULES, instrument=INSTRUMENT))
    return cast("RulesView", views[0])


def test_one_sample_a_slot(market: EngineTwin) -> None:
    began = MIDNIGHT_NS - 600 * SECOND_NS
    assert at(market, began + SECOND_NS).sampled == 1
    assert at(market, began + 2 * SECOND_NS) == FundingRound(0, 0, 0)
    assert at(market, began + 5 * SECOND_NS).sampled == 1
    assert rules_of(market).samples == 2


def test_the_first_interval_is_the_first_after_the_first_sample(market: EngineTwin) -> None:
    """Nobody pays for the time before anything was sampled."""
    assert at(market, MIDNIGHT_NS - 60 * SECOND_NS) == FundingRound(0, 1, 0)
    assert at(market, MIDNIGHT_NS + SECOND_NS) == FundingRound(1, 1, 0)
    rules = rules_of(market)
    assert (rules.last_funding_ns, rules.samples) == (MIDNIGHT_NS, 1)


def test_settled_once_however_often_it_is_asked(market: EngineTwin) -> None:
    at(market, MIDNIGHT_NS - 60 * SECOND_NS)
    assert [at(market, MIDNIGHT_NS + n * SECOND_NS).settled for n in range(1, 5)] == [1, 0, 0, 0]
    assert market.kinds().count("SettleFunding") == 1


def test_two_workers_settle_once(market: EngineTwin, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one saw the same state before the first one's command: the engine refuses its command."""
    at(market, MIDNIGHT_NS - 60 * SECOND_NS)
    before = rules_of(market)
    assert at(market, MIDNIGHT_NS + SECOND_NS).settled == 1
    ask = market.query

    def stale(query: Query, timeout_s: float = 0.0) -> object:
        header, first, second = ask(query)
        return (header, [before], second) if query.kind == QueryKind.RULES else (header, first, second)

    monkeypatch.setattr("apps.bridge.services.query", stale)
    assert run_funding(now_ns=MIDNIGHT_NS + SECOND_NS) == FundingRound(0, 0, 2)


def test_a_late_round_settles_the_last_moment_alone(market: EngineTwin) -> None:
    at(market, MIDNIGHT_NS - 60 * SECOND_NS)
    late = MIDNIGHT_NS + 2 * INTERVAL_NS + 7 * SECOND_NS
    assert at(market, late).settled == 1
    rules = rules_of(market)
    assert rules.last_funding_ns == MIDNIGHT_NS + 2 * INTERVAL_NS
    assert due_funding_ns(rules, late) is None
    assert due_funding_ns(rules, late + INTERVAL_NS) == MIDNIGHT_NS + 3 * INTERVAL_NS


def test_a_closed_market_is_left_alone(market: EngineTwin) -> None:
    market.send(SetTradingState(instrument=INSTRUMENT, trading_state=TradingState.SETTLING))
    assert at(market, MIDNIGHT_NS - 60 * SECOND_NS) == FundingRound(0, 0, 0)


def test_a_market_without_an_index_waits(engine: EngineTwin) -> None:
    for command in opening(1):
        if not isinstance(command, SetMarkPrice):
            engine.send(command)
    assert run_funding(now_ns=engine.now_ns) == FundingRound(0, 0, 0)


def test_an_absent_engine_is_asked_again_by_the_next_round(engine: EngineTwin) -> None:
    engine.down = True
    with pytest.raises(ServiceUnavailable):
        run_funding(now_ns=MIDNIGHT_NS)
    assert tasks.funding_round() == 0
