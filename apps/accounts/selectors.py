"""Questions about accounts. Fresh balances are the engine's to answer; these are rows."""

from __future__ import annotations

from django.db.models import Sum

from apps.accounts.models import LedgerBook, LedgerEntry, LedgerKind, TradingAccount
from apps.accounts.types import AccountRef


def get_account(account_id: int) -> AccountRef | None:
    row = TradingAccount.objects.filter(id=account_id).first()
    return _ref(row) if row else None


def get_account_of_user(user_id: int) -> AccountRef | None:
    """The user's first account; None before one was made."""
    row = TradingAccount.objects.filter(user_id=user_id).order_by("id").first()
    return _ref(row) if row else None


def list_accounts_of_user(user_id: int) -> list[AccountRef]:
    return [_ref(row) for row in TradingAccount.objects.filter(user_id=user_id).order_by("id")]


def is_reference_used(*, account_id: int, reference: str) -> bool:
    """Whether a deposit under this reference has reached the rows; the engine itself forgets after 30 days."""
    return LedgerEntry.objects.filter(
        account_id=account_id, book=LedgerBook.WALLET, kind=LedgerKind.DEPOSIT, reference=reference
    ).exists()


def get_unbalanced_assets() -> dict[int, int]:
    """Assets whose ledger legs do not sum to zero, with the sum in units; empty when the books are right."""
    sums = LedgerEntry.objects.order_by().values_list("asset_id").annotate(total=Sum("amount_units"))
    return {asset_id: int(total) for asset_id, total in sums if total}


def _ref(row: TradingAccount) -> AccountRef:
    return AccountRef(id=row.id, user_id=row.user_id, state=row.state, name=row.name, is_open=row.opened_at is not None)
