"""Rows of version 2 are the engine's own state: legs, waiting orders, funding, liquidations, insurance, every ledger book.

Method: seeded storms through the naive twin; its answers and its plain events are the expectation.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, TypeVar

import pytest
from django.db.models import Sum

from apps.accounts.models import AccountMode, Conversion, LedgerEntry, Transfer
from apps.accounts.types import LedgerBook, LedgerKind
from apps.assets.models import Collateral
from apps.funding.models import FundingPayment, FundingSample, FundingSettlement
from apps.instruments.models import InstrumentSettlement, MarketRules, TradingStateChange
from apps.insurance.models import InsuranceChange, InsuranceFund
from apps.insurance.selectors import get_fund
from apps.liquidations.models import Liquidation, LiquidationStep, PositionMove
from apps.liquidations.selectors import count_deleveragings, get_deleveragings
from apps.orders.models import Fill, Order
from apps.projection.follower import clear_rows
from apps.projection.reconciliation import reconcile
from matcher.protocol import events as words
from matcher.protocol.codec import decode_events
from matcher.protocol.enums import EventFlag, InsuranceCause, MoveCause, OrderFlag
from matcher.protocol.views import QueryKind
from tests.reference.engine import ReferenceEngine
from tests.support.engine_rows import table_images
from tests.support.journals import JournalWriter
from tests.support.projection import ask, assert_rows_equal, follow, journal, journal_url
from tests.support.stormy_story import StormyStory

__all__ = ["journal", "journal_url"]

pytestmark = pytest.mark.django_db
E = TypeVar("E", bound=words.Event)


def storm(seed: int, batches: int = 120) -> StormyStory:
    """A whole storm, already told, that ends with a delisting."""
    story = StormyStory(ReferenceEngine(), seed=seed)
    story.open()
    story.go_on(batches)
    story.close_market(2)
    return story


def told_events(story: StormyStory, kind: type[E]) -> list[E]:
    return [event for batch in story.batches for event in decode_events(batch.events) if isinstance(event, kind)]


@pytest.mark.parametrize("seed", range(1, 7))
def test_rows_are_the_engines_state(seed: int, journal: JournalWriter, journal_url: str) -> None:
    story = storm(seed)
    journal.append(story.batches)
    follow(journal_url)
    assert_rows_equal(story)
    assert reconcile().agrees


def test_rows_equal_the_engine_after_every_batch(journal: JournalWriter, journal_url: str) -> None:
    story = storm(seed=20, batches=0)
    journal.append(story.batches)
    for _ in range(60):
        story.go_on(1)
        journal.append(story.batches[-1:])
        follow(journal_url)
        assert_rows_equal(story)


@pytest.mark.parametrize("events_a_batch", [1, 40])
def test_a_rebuild_gives_the_same_rows_however_it_is_cut(
    events_a_batch: int, journal: JournalWriter, journal_url: str
) -> None:
    journal.append(storm(seed=30).batches)
    follow(journal_url)
    whole = table_images()
    clear_rows()
    follow(journal_url, events_a_batch=events_a_batch)
    assert table_images() == whole


def test_storms_hold_everything_there_is_to_project() -> None:
    """Otherwise the comparisons above would prove less than they say."""
    kinds: Counter[Any] = Counter()
    for seed in range(1, 7):
        story = storm(seed)
        kinds.update(type(event) for batch in story.batches for event in decode_events(batch.events))
        kinds.update(InsuranceCause(event.detail) for event in told_events(story, words.InsuranceChanged))
        kinds.update(MoveCause(event.detail) for event in told_events(story, words.PositionMoved))
    wanted = {
        words.OrderTriggered, words.OrderTerms, words.IsolatedMarginChanged, words.FundingPaid, words.FundingSettled,
        words.LiquidationStarted, words.LiquidationStep, words.PositionMoved, words.AssetConverted,
        words.InstrumentSettled, words.TradingStateChanged, words.PositionModeChanged, words.MultiAssetsChanged,
        *InsuranceCause, *MoveCause,
    }  # fmt: skip
    assert wanted <= set(kinds)


def test_funding_rows_are_the_events(journal: JournalWriter, journal_url: str) -> None:
    story = storm(seed=4)
    journal.append(story.batches)
    follow(journal_url)
    names = ("funding_ns", "rate_ppb", "mark_ticks", "paid_units", "received_units", "residue_units", "samples")
    told = [tuple(getattr(e, name) for name in names) for e in told_events(story, words.FundingSettled)]
    assert list(FundingSettlement.objects.order_by("seq").values_list(*names)) == told
    names = ("account_id", "instrument_id", "position_lots", "amount_units")
    paid = [(e.account, e.instrument, e.position_lots, e.amount_units) for e in told_events(story, words.FundingPaid)]
    assert list(FundingPayment.objects.order_by("payment_id").values_list(*names)) == paid
    names = ("sample_ns", "impact_bid_microticks", "impact_ask_microticks", "index_ticks", "premium_ppb")
    sampled = [tuple(getattr(e, name) for name in names) for e in told_events(story, words.FundingSampled)]
    assert list(FundingSample.objects.order_by("seq").values_list(*names)) == sampled
    kept = LedgerEntry.objects.filter(kind=LedgerKind.FUNDING, book=LedgerBook.FEE_INCOME)
    assert not kept.exists(), "there is a fund"


def test_an_instruments_rate_can_be_computed_again(journal: JournalWriter, journal_url: str) -> None:
    """[FUND-002] from rows alone: the samples of the interval and the rules in force."""
    journal.append(storm(seed=4).batches)
    follow(journal_url)
    checked = 0
    for settled in FundingSettlement.objects.order_by("seq"):
        before = FundingSettlement.objects.filter(instrument_id=settled.instrument_id, seq__lt=settled.seq)
        since = before.order_by("-seq").values_list("seq", flat=True).first() or 0
        samples = FundingSample.objects.filter(instrument_id=settled.instrument_id, seq__gt=since, seq__lt=settled.seq)
        premiums = list(samples.order_by("seq").values_list("premium_ppb", flat=True))
        rules = MarketRules.objects.filter(instrument_id=settled.instrument_id, seq__lt=settled.seq).latest("seq")
        weights = len(premiums) * (len(premiums) + 1) // 2
        total = sum(n * premium for n, premium in enumerate(premiums, 1))
        average = truncated(total, weights) if premiums else 0
        damped = min(max(rules.interest_rate_ppb - average, -500_000), 500_000)
        rate = truncated((average + damped) * rules.funding_hours, 8)
        assert settled.rate_ppb == min(max(rate, rules.funding_floor_ppb), rules.funding_cap_ppb)
        assert settled.samples == len(premiums)
        checked += 1
    assert checked


def truncated(value: int, divisor: int) -> int:
    return abs(value) // divisor * (1 if value >= 0 else -1)


def test_liquidations_name_their_steps_orders_and_receipts(journal: JournalWriter, journal_url: str) -> None:
    story = next(s for s in map(storm, range(1, 30)) if any(e.rank for e in told_events(s, words.PositionMoved)))
    journal.append(story.batches)
    follow(journal_url, events_a_batch=60)
    started = told_events(story, words.LiquidationStarted)
    ended = told_events(story, words.LiquidationEnded)
    found = list(Liquidation.objects.order_by("liquidation_id"))
    assert [(row.account_id, row.equity_units, row.is_isolated) for row in found] == [
        (event.account, event.equity_units, bool(event.flags & EventFlag.ISOLATED)) for event in started
    ]
    assert [row.end_equity_units for row in found] == [event.equity_units for event in ended]
    by_id = {row.liquidation_id: row for row in found}
    steps = list(LiquidationStep.objects.order_by("step_id"))
    assert len(steps) == len(told_events(story, words.LiquidationStep)) == sum(row.steps for row in found)
    for step in steps:
        order = Order.objects.get(order_id=step.order_id)
        assert order.order_flags & OrderFlag.LIQUIDATION
        assert (order.account_id, order.price_ticks) == (step.account_id, step.bankruptcy_ticks)
        assert by_id[step.liquidation_id].account_id == step.account_id
    for move in PositionMove.objects.exclude(cause=MoveCause.SETTLED):
        liquidated = by_id[move.liquidation_id].account_id
        assert liquidated == (move.account_id if move.is_liquidated else move.counterparty_id)
    receipts = [row for account in range(1, story.accounts) for row in get_deleveragings(account)]
    assert len(receipts) == count_deleveragings() > 0
    assert all(row.adl_rank > 0 for row in receipts)
    assert Fill.objects.filter(is_liquidation=True).exists()


def test_the_fund_the_rules_and_the_rest(journal: JournalWriter, journal_url: str) -> None:
    story = storm(seed=2)
    journal.append(story.batches)
    follow(journal_url)
    assert dict(InsuranceFund.objects.values_list("asset_id", "account_id")) == {1: story.fund, 2: story.fund}
    fund = get_fund(1)
    assert fund is not None
    _, balances, _ = ask(story, account=story.fund, kind=QueryKind.ACCOUNT)
    assert fund.wallet_units == balances[0].wallet_units
    changed = [(e.detail, e.amount_units, e.wallet_units) for e in told_events(story, words.InsuranceChanged)]
    assert (
        list(InsuranceChange.objects.order_by("change_id").values_list("cause", "amount_units", "wallet_units"))
        == changed
    )
    for view in ask(story, kind=QueryKind.ASSETS)[1]:
        row = Collateral.objects.get(asset_id=view.asset)
        assert (row.price_units, row.haircut_ppb) == (view.price_units, view.haircut_ppb)
    for view in ask(story, kind=QueryKind.RULES)[1]:
        row = MarketRules.objects.filter(instrument_id=view.instrument).latest("seq")
        assert (row.impact_notional_units, row.funding_hours) == (view.impact_notional_units, view.funding_hours)
    for view in ask(story, kind=QueryKind.INSTRUMENTS)[1]:
        last = TradingStateChange.objects.filter(instrument_id=view.instrument).order_by("-change_id").first()
        assert last is None or last.trading_state == view.trading_state
    assert InstrumentSettlement.objects.get().instrument_id == 2
    for view in ask(story, kind=QueryKind.ACCOUNTS)[1]:
        mode = AccountMode.objects.filter(account_id=view.account).first() or AccountMode()
        assert (mode.position_mode or 0, mode.multi_assets or 0) == (view.position_mode, view.multi_assets)
    moved = Transfer.objects.aggregate(total=Sum("amount_units"))["total"]
    given = LedgerEntry.objects.filter(kind=LedgerKind.TRANSFER, book=LedgerBook.WALLET, amount_units__lt=0)
    assert moved == -given.aggregate(total=Sum("amount_units"))["total"]
    assert Conversion.objects.count() == len(told_events(story, words.AssetConverted))
