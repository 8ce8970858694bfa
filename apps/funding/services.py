"""Verbs of funding: each is one command, and the engine's rules make every one of them safe to repeat.

A sample is taken once per slot [FUND-001], an interval is settled once [FUND-003], whoever asks how often.
"""

from __future__ import annotations

from typing import cast

from apps.accounts.engine import send
from apps.bridge import services as bridge
from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.common.errors import ServiceUnavailable
from apps.funding.selectors import get_first_sample_ns
from apps.funding.types import FundingRound
from matcher.protocol.commands import SampleFunding, SettleFunding
from matcher.protocol.enums import TradingState
from matcher.protocol.events import CommandRejected
from matcher.protocol.units import HOUR_NS
from matcher.protocol.views import InstrumentView, Query, QueryKind, RulesView

SAMPLE_EVERY_NS = 5_000_000_000
# Where nobody can hold a position, and where the last price is settled already.
_CLOSED = (TradingState.PRE_OPEN, TradingState.SETTLING, TradingState.DELISTED)


def sample_funding(*, instrument_id: int, sample_ns: int) -> bool:
    """Whether the engine took the sample of that slot now. Raises ServiceUnavailable, OutcomeUnclear."""
    events = send(SampleFunding(instrument=instrument_id, sample_ns=sample_ns))
    return not isinstance(events[0], CommandRejected)


def settle_funding(*, instrument_id: int, funding_ns: int, next_funding_ns: int) -> bool:
    """Whether the interval was settled by this call. Raises ServiceUnavailable, OutcomeUnclear."""
    command = SettleFunding(instrument=instrument_id, funding_ns=funding_ns, next_funding_ns=next_funding_ns)
    return not any(isinstance(event, CommandRejected) for event in send(command))


def run_funding(*, now_ns: int) -> FundingRound:
    """Settle what is due, then sample what this slot lacks; harmless late, twice and on two workers at once.

    Raises ServiceUnavailable, OutcomeUnclear.
    """
    settled = sampled = refused = 0
    for view, rules in _markets():
        if view.trading_state in _CLOSED or not view.mark_ticks or not view.index_ticks:
            continue
        due = due_funding_ns(rules, now_ns)
        if due is not None:
            done = settle_funding(
                instrument_id=view.instrument, funding_ns=due, next_funding_ns=due + rules.funding_hours * HOUR_NS
            )
            settled, refused = settled + done, refused + (not done)
        slot = now_ns // SAMPLE_EVERY_NS * SAMPLE_EVERY_NS
        if rules.last_sample_ns < slot:
            done = sample_funding(instrument_id=view.instrument, sample_ns=slot)
            sampled, refused = sampled + done, refused + (not done)
    return FundingRound(settled, sampled, refused)


def due_funding_ns(rules: RulesView, now_ns: int) -> int | None:
    """The moment to settle for: the last multiple of the interval since midnight UTC, once; None when it was done.

    Moments missed while nobody asked are not paid afterwards. An instrument's first one is the first
    after its first sample: nobody pays for the time before.
    """
    interval = rules.funding_hours * HOUR_NS
    due = now_ns // interval * interval
    if rules.last_funding_ns >= due:
        return None
    if not rules.last_funding_ns:
        first = get_first_sample_ns(rules.instrument)
        if first is None or first >= due:
            return None
    return due


def _markets() -> list[tuple[InstrumentView, RulesView]]:
    """What the engine knows of every instrument that has rules."""
    try:
        _, views, _ = bridge.query(Query(kind=QueryKind.INSTRUMENTS))
        _, rules, _ = bridge.query(Query(kind=QueryKind.RULES))
    except (MatcherUnavailable, OutcomeUnknown):
        raise ServiceUnavailable("The matching engine does not answer. Try again.") from None
    by_id = {view.instrument: view for view in cast("list[InstrumentView]", views)}
    found = cast("list[RulesView]", rules)
    return [(by_id[rule.instrument], rule) for rule in found if rule.instrument in by_id]
