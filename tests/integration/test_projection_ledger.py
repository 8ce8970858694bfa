"""Money in the rows: the database refuses legs that do not balance, and the books are compared with each other."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from apps.accounts.models import Balance, LedgerEntry
from apps.accounts.types import LedgerBook, LedgerKind
from apps.positions.models import Position
from apps.projection.reconciliation import reconcile
from apps.projection.tasks import reconcile_books
from tests.support.journals import JournalWriter
from tests.support.projection import follow, journal, journal_url, told

__all__ = ["journal", "journal_url"]


def leg(entry_id: int, amount_units: int, **changes: Any) -> LedgerEntry:
    fields: dict[str, Any] = {
        "entry_id": entry_id,
        "seq": 900,
        "part": 0,
        "asset_id": 1,
        "book": LedgerBook.WALLET,
        "kind": LedgerKind.DEPOSIT,
        "account_id": 1,
        "instrument_id": 0,
        "trade_id": 0,
        "amount_units": amount_units,
        "time_ns": 1,
        "reference": "x",
    }
    return LedgerEntry(**{**fields, **changes})


HOUSE = {"book": LedgerBook.EXTERNAL, "account_id": 0}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "legs",
    [
        pytest.param([leg(1, 5)], id="one leg alone"),
        pytest.param([leg(1, 5), leg(2, -4, **HOUSE)], id="legs that differ"),
        pytest.param([leg(1, 5), leg(2, -5, asset_id=2, **HOUSE)], id="two assets"),
        pytest.param([leg(1, 5), leg(2, -5, part=1, **HOUSE)], id="two events"),
        pytest.param([leg(1, 5), leg(2, -5, account_id=0)], id="a wallet of nobody"),
        pytest.param([leg(1, 0)], id="nothing moved"),
    ],
)
def test_unbalanced_legs_are_refused_by_the_database(legs: list[LedgerEntry]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerEntry.objects.bulk_create(legs)
    assert not LedgerEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_balanced_legs_are_taken_and_never_changed() -> None:
    LedgerEntry.objects.bulk_create([leg(1, 5), leg(2, -5, **HOUSE)])
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerEntry.objects.filter(entry_id=1).update(amount_units=6)
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerEntry.objects.filter(entry_id=1).delete()
    assert list(LedgerEntry.objects.order_by("entry_id").values_list("amount_units", flat=True)) == [5, -5]


@pytest.mark.django_db
def test_books_that_agree_are_said_to_agree(
    journal: JournalWriter, journal_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    story = told(seed=4)
    journal.append(story.batches)
    follow(journal_url)
    assert reconcile().agrees
    assert reconcile_books() == 0
    call_command("reconcile", "--rows-only")
    assert f"all books agree at command {story.seq}" in capsys.readouterr().out


@pytest.mark.django_db
def test_every_disagreement_is_named(journal: JournalWriter, journal_url: str) -> None:
    journal.append(told(seed=4).batches)
    follow(journal_url)
    wallet = Balance.objects.get(account_id=3)
    Balance.objects.filter(account_id=3).update(wallet_units=wallet.wallet_units + 7)
    position = Position.objects.filter(instrument_id=2).first()
    assert position is not None
    Position.objects.filter(pk=position.pk).update(position_lots=position.position_lots - 2)
    assert reconcile().findings == (
        "wallet is not the sum of its legs: account 3, asset 1, off by 7 units",
        "positions do not sum to zero: instrument 2, off by -2 lots",
    )
    assert reconcile_books() == 2
    with pytest.raises(CommandError, match="2 disagreements"):
        call_command("reconcile", "--rows-only")
