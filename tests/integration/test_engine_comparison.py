"""Rows against the engine's own answers: agreement is silent, every difference is a sentence, motion is no mistake."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection

from apps.accounts.models import Balance, LedgerEntry, TradingAccount
from apps.bridge.errors import MatcherUnavailable
from apps.positions.models import Position
from apps.projection.engine_comparison import compare_with_engine
from apps.projection.tasks import compare_books_with_engine
from matcher.protocol.codec import decode_answer
from matcher.protocol.views import Query
from tests.reference.engine import ReferenceEngine
from tests.support.journals import JournalWriter
from tests.support.projection import follow, journal, journal_url
from tests.support.stormy_story import StormyStory

__all__ = ["journal", "journal_url"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(journal: JournalWriter, journal_url: str, monkeypatch: pytest.MonkeyPatch) -> StormyStory:
    """A storm whose rows are level with its engine, which answers in the bridge's place."""
    told = StormyStory(ReferenceEngine(), seed=3)
    told.open()
    told.go_on(80)
    journal.append(told.batches)
    follow(journal_url)
    user = get_user_model().objects.create_user("alice@example.com", "seven-Ducks-swim")
    TradingAccount.objects.bulk_create(
        TradingAccount(id=number, user=user, name=f"a{number}") for number in range(1, told.accounts + 1)
    )

    def query(asked: Query, timeout_s: float = 0.0) -> Any:
        return decode_answer(told.engine.query(asked.pack()))

    monkeypatch.setattr("apps.bridge.services.query", query)
    cache.clear()
    return told


def test_rows_that_agree_are_said_to_agree(story: StormyStory, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = compare_with_engine()
    assert (outcome.seq, outcome.findings) == (story.seq, ())
    assert outcome.accounts == tuple(range(1, story.accounts + 1))
    assert compare_books_with_engine() == 0
    call_command("reconcile")
    said = capsys.readouterr().out
    assert f"compared with the engine: {story.accounts} accounts" in said
    assert f"all books agree at command {story.seq}" in said


def test_every_difference_is_named(story: StormyStory) -> None:
    wallet = Balance.objects.filter(account_id=4).first()
    assert wallet is not None
    Balance.objects.filter(pk=wallet.pk).update(wallet_units=wallet.wallet_units + 7)
    leg = Position.objects.exclude(position_lots=0).first()
    assert leg is not None
    Position.objects.filter(pk=leg.pk).update(isolated_units=leg.isolated_units + 1)
    Position.objects.create(
        position_id=(9 * 1024 + 900) * 4, account_id=9, instrument_id=900, position_side=0, position_lots=5,
        cost_units=1, realized_pnl_units=0, leverage=0, updated_ns=0,
    )  # fmt: skip
    findings = compare_with_engine().findings
    assert len(findings) == 3
    assert any(finding.startswith("wallet of account 4, asset 1") for finding in findings)
    assert any(finding.startswith(f"leg {leg.position_side} of account {leg.account_id}") for finding in findings)
    assert "leg of account 9 that the engine does not know: 5" in findings
    assert compare_books_with_engine() == 3
    with pytest.raises(CommandError, match="disagreements"):
        call_command("reconcile")


def test_house_totals_are_compared(story: StormyStory) -> None:
    last = LedgerEntry.objects.order_by("-entry_id").values_list("entry_id", flat=True)[0]
    legs = [
        LedgerEntry(
            entry_id=last + number, seq=1, part=0, asset_id=1, book=book, kind=4, account_id=0, instrument_id=0,
            trade_id=0, amount_units=amount, time_ns=1, reference="",
        )
        for number, book, amount in ((1, 2, 5), (2, 3, -5))
    ]  # fmt: skip
    LedgerEntry.objects.bulk_create(legs)
    findings = compare_with_engine().findings
    assert len(findings) == 1
    assert findings[0].startswith("house totals of asset 1")


def test_rows_that_moved_on_are_left_for_the_next_time(
    story: StormyStory, journal: JournalWriter, journal_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine answered before a burst that the rows hold already."""
    answers: dict[bytes, bytes] = {}
    early = [Query(kind=9)] + [Query(kind=1, account=number) for number in range(1, story.accounts + 1)]
    for query in early:
        answers[query.pack()] = story.engine.query(query.pack())
    count = len(story.batches)
    story.go_on(30)
    journal.append(story.batches[count:])
    follow(journal_url)
    monkeypatch.setattr("apps.bridge.services.query", lambda asked, timeout_s=0.0: decode_answer(answers[asked.pack()]))
    assert compare_with_engine().findings == ()


def test_an_absent_engine_is_no_disagreement(
    story: StormyStory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def absent(asked: Query, timeout_s: float = 0.0) -> Any:
        raise MatcherUnavailable("down")

    monkeypatch.setattr("apps.bridge.services.query", absent)
    assert compare_books_with_engine() == 0
    call_command("reconcile")
    assert "not compared with the engine" in capsys.readouterr().err


def test_old_keys_of_positions_become_keys_of_legs() -> None:
    """Migration positions 0002: account x 1024 + instrument gets room for the side."""
    from importlib import import_module

    wider = import_module("apps.positions.migrations.0002_legs")._WIDER
    rows = [(1024 + 1, 0), (4 * (1024 + 1), 0)]  # the second has the key that the first one gets
    for key, side in rows:
        Position.objects.create(
            position_id=key, account_id=key // 1024, instrument_id=key % 1024, position_side=side, position_lots=1,
            cost_units=1, realized_pnl_units=0, leverage=0, updated_ns=1,
        )  # fmt: skip
    with connection.cursor() as cursor:
        for statement in wider:
            cursor.execute(statement)
    assert {row.position_id for row in Position.objects.all()} == {key * 4 for key, _ in rows}
