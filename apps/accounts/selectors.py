"""Questions about accounts. Fresh balances are the engine's to answer; these are rows."""

from __future__ import annotations

from apps.accounts.models import TradingAccount
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


def _ref(row: TradingAccount) -> AccountRef:
    return AccountRef(
        id=row.id, user_id=row.user_id, state=row.state, name=row.name, is_open=row.opened_at is not None
    )
