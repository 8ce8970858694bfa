"""Do the rows agree with each other? One question over every book, at one moment.

Legs sum to zero per asset, wallets are the sums of their legs, positions sum to zero per instrument.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from apps.accounts.selectors import list_ledger_mismatches
from apps.positions.selectors import list_position_mismatches
from apps.projection.selectors import get_cursor


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The outcome: where the rows stood, and a sentence for everything that does not agree."""

    seq: int
    findings: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return not self.findings


def reconcile() -> Reconciliation:
    """Check all books against one snapshot of the rows; changes nothing."""
    with _snapshot():
        seq = get_cursor()
        ledger = [
            f"{found.what}: account {found.account_id}, asset {found.asset_id}, off by {found.difference_units} units"
            for found in list_ledger_mismatches()
        ]
        positions = [
            f"positions do not sum to zero: instrument {found.instrument_id}, off by {found.sum_lots} lots"
            for found in list_position_mismatches()
        ]
    return Reconciliation(seq, (*ledger, *positions))


@contextmanager
def _snapshot() -> Iterator[None]:
    """A transaction in which every question sees the same rows; inside the caller's own, his."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
