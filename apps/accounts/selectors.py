"""Questions about accounts. Fresh balances are the engine's to answer; these are rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Any

from django.db.models import Q, Sum

from apps.accounts.models import Balance, LedgerEntry, TradingAccount, Transfer
from apps.accounts.types import (
    AccountRef,
    BalanceRow,
    HouseTotals,
    LedgerBook,
    LedgerKind,
    LedgerMismatch,
    LedgerRow,
    TransferRow,
)

ASSET_KEY_SPAN = 1024
_LEDGER_FIELDS = tuple(field.name for field in fields(LedgerRow))
_BALANCE_FIELDS = tuple(field.name for field in fields(BalanceRow))


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


def get_balances(account_id: int) -> list[BalanceRow]:
    """The account's wallets by asset."""
    first = account_id * ASSET_KEY_SPAN
    rows = Balance.objects.filter(balance_id__gte=first, balance_id__lt=first + ASSET_KEY_SPAN)
    return [BalanceRow(*row) for row in rows.order_by("balance_id").values_list(*_BALANCE_FIELDS)]


def get_ledger(
    account: int,
    kind: int | Collection[int] | None = None,
    instrument: int | None = None,
    *,
    asset: int | None = None,
    start_ns: int | None = None,
    end_ns: int | None = None,
    limit: int = 100,
    offset: int = 0,
    newest_first: bool = True,
) -> list[LedgerRow]:
    """Legs of the account's wallets between two times (both included); `kind` is one LedgerKind or several."""
    wanted: dict[str, Any] = {"account_id": account}
    if kind is not None:
        wanted["kind__in"] = [kind] if isinstance(kind, int) else list(kind)
    if instrument:
        wanted["instrument_id"] = instrument
    if asset:
        wanted["asset_id"] = asset
    if start_ns is not None:
        wanted["time_ns__gte"] = start_ns
    if end_ns is not None:
        wanted["time_ns__lte"] = end_ns
    order = ("-time_ns", "-entry_id") if newest_first else ("time_ns", "entry_id")
    rows = LedgerEntry.objects.filter(account_id__gt=0, **wanted).order_by(*order)
    return [LedgerRow(*row) for row in rows.values_list(*_LEDGER_FIELDS)[offset : offset + limit]]


def get_transfers(account_id: int, *, limit: int = 100, offset: int = 0) -> list[TransferRow]:
    """Money the account gave to or got from other accounts, newest first."""
    rows = Transfer.objects.filter(Q(from_account_id=account_id) | Q(to_account_id=account_id)).order_by("-seq")
    names = (field.name for field in fields(TransferRow))
    return [TransferRow(*row) for row in rows.values_list(*names)[offset : offset + limit]]


def get_house_totals(up_to_seq: int) -> dict[int, HouseTotals]:
    """What the ledger says of every asset after command `up_to_seq`."""
    legs = LedgerEntry.objects.filter(seq__lte=up_to_seq).exclude(book=LedgerBook.WALLET)
    sums = legs.order_by().values_list("asset_id", "book").annotate(total=Sum("amount_units"))
    found: dict[int, dict[int, int]] = {}
    for asset_id, book, total in sums:
        found.setdefault(asset_id, {})[book] = int(total)
    return {
        asset_id: HouseTotals(
            fee_income_units=books.get(LedgerBook.FEE_INCOME, 0),
            clearing_units=books.get(LedgerBook.CLEARING, 0),
            external_units=-books.get(LedgerBook.EXTERNAL, 0),
            conversion_units=books.get(LedgerBook.CONVERSION, 0),
            transit_units=books.get(LedgerBook.TRANSIT, 0),
        )
        for asset_id, books in found.items()
    }


def list_money_in_transit() -> list[LedgerMismatch]:
    """Assets of which a command took more than it gave, or less; empty when all is well."""
    legs = LedgerEntry.objects.filter(book=LedgerBook.TRANSIT).order_by()
    sums = legs.values_list("asset_id").annotate(total=Sum("amount_units"))
    return [LedgerMismatch("money is in transit", 0, asset, int(total)) for asset, total in sorted(sums) if total]


def list_account_ids(*, above: int = 0, limit: int = 1000) -> list[int]:
    """Numbers of accounts after `above`, ascending."""
    return list(TradingAccount.objects.filter(id__gt=above).order_by("id").values_list("id", flat=True)[:limit])


def list_ledger_mismatches() -> list[LedgerMismatch]:
    """Assets whose legs do not sum to zero, and wallets that are not the sum of their legs; empty when all is well."""
    unbalanced = sorted(get_unbalanced_assets().items())
    found = [LedgerMismatch("legs do not sum to zero", 0, asset, total) for asset, total in unbalanced]
    found += list_money_in_transit()
    legs = LedgerEntry.objects.filter(book=LedgerBook.WALLET).values_list("account_id", "asset_id")
    expected = {(account, asset): int(total) for account, asset, total in legs.annotate(total=Sum("amount_units"))}
    wallets = Balance.objects.values_list("account_id", "asset_id", "wallet_units")
    held = {(account, asset): units for account, asset, units in wallets}
    for account, asset in sorted(expected.keys() | held.keys()):
        difference = held.get((account, asset), 0) - expected.get((account, asset), 0)
        if difference:
            found.append(LedgerMismatch("wallet is not the sum of its legs", account, asset, difference))
    return found


def _ref(row: TradingAccount) -> AccountRef:
    return AccountRef(id=row.id, user_id=row.user_id, state=row.state, name=row.name, is_open=row.opened_at is not None)
