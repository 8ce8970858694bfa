"""Money that came in and went out, for those who look at all of it, in pages of the ledger."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Max, Min

from apps.accounts.models import LedgerEntry, TradingAccount
from apps.accounts.types import LedgerBook, LedgerKind


class MoneyMove(NamedTuple):
    """A deposit (amount above zero) or a withdrawal of an account's wallet."""

    entry_id: int
    account_id: int
    asset_id: int
    amount_units: int
    time_ns: int
    reference: str


class Owner(NamedTuple):
    """Whose an account is, and with whom it never trades (0 = a group of its own)."""

    user_id: int
    group: int


def list_money_moves(after: int, span: int) -> tuple[int, list[MoneyMove]]:
    """Moves among the next `span` legs above `after`, and the number of the last leg that was looked at."""
    legs = LedgerEntry.objects.filter(entry_id__gt=after, entry_id__lte=after + span)
    last = legs.aggregate(last=Max("entry_id"))["last"]
    if last is None:
        beyond = LedgerEntry.objects.filter(entry_id__gt=after).aggregate(first=Min("entry_id"))["first"]
        return (after if beyond is None else beyond - 1), []
    rows = legs.filter(book=LedgerBook.WALLET, kind__in=(LedgerKind.DEPOSIT, LedgerKind.WITHDRAWAL))
    return last, [MoneyMove(*row) for row in rows.order_by("entry_id").values_list(*MoneyMove._fields)]


def get_last_leg_before(time_ns: int) -> int:
    """The number of the last wallet leg before the time, by looking back from the end; 0 when there is none."""
    last = 0
    rows = LedgerEntry.objects.order_by("-entry_id").values_list("entry_id", "time_ns")
    for entry_id, at_ns in rows[:100_000].iterator():
        last = entry_id
        if at_ns < time_ns:
            return last
    return max(0, last - 1)


def get_owners(account_ids: list[int]) -> dict[int, Owner]:
    """Of those accounts that there are."""
    rows = TradingAccount.objects.filter(id__in=account_ids).values_list("id", "user_id", "group")
    return {account_id: Owner(user_id, group) for account_id, user_id, group in rows}


def list_accounts_of_group(name: str) -> frozenset[int]:
    """Accounts of the people in a group of that name."""
    return frozenset(TradingAccount.objects.filter(user__groups__name=name).values_list("id", flat=True))
