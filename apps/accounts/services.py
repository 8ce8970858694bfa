"""Verbs of accounts: open one, credit one, and tell the engine again what the rows say.

No balance is read or written here; money moves in the engine and comes back as rows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from apps.accounts.engine import refusal, send
from apps.accounts.errors import CreditRefused, OpeningRefused, TransferRefused, UnknownAccount, UnknownAsset
from apps.accounts.models import TradingAccount
from apps.accounts.types import AccountRef, CreditResult, TransferResult
from apps.assets.selectors import get_asset
from apps.common.errors import OutcomeUnclear, ServiceUnavailable
from apps.kyc.services import count_deposit, release_use
from apps.kyc.types import LimitKind
from apps.notifications.services import notify_user
from apps.notifications.types import NoticeKind
from apps.users.selectors import get_standing
from apps.users.services import attach_account, register_user
from apps.users.types import UserRef
from matcher.protocol.commands import Deposit, OpenAccount, Transfer
from matcher.protocol.enums import AccountState
from matcher.protocol.events import BalanceChanged, BalanceReplayed
from matcher.protocol.units import format_scaled

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]


def register_trader(*, email: str, password: str) -> UserRef:
    """A person with a trading account. Raises EmailTaken, WeakPassword.

    When the engine does not answer, the account opens later by itself (tasks.open_pending_accounts).
    """
    with transaction.atomic():
        user = register_user(email=email, password=password)
        account = create_account(user_id=user.id)
    try:
        open_account(account_id=account.id)
    except (ServiceUnavailable, OutcomeUnclear):
        log.warning("account waits for the engine", extra={"account_id": account.id})
    return UserRef(
        id=user.id, email=user.email, is_staff=user.is_staff, account_id=account.id, created_at=user.created_at
    )


def create_account(*, user_id: int, name: str = "main", group: int = 0) -> AccountRef:
    """The user's account of that name, made when missing; the engine hears of it by `open_account`."""
    with transaction.atomic():
        row, _ = TradingAccount.objects.get_or_create(user_id=user_id, name=name, defaults={"group": group})
        attach_account(user_id=user_id, account_id=row.id)
    return AccountRef(id=row.id, user_id=user_id, state=row.state, name=row.name, is_open=row.opened_at is not None)


def open_account(*, account_id: int, is_stopped: bool = False) -> None:
    """Tell the engine the account's terms; repeatable. It is frozen when its person is, or `is_stopped` for now.

    Raises UnknownAccount, OpeningRefused, ServiceUnavailable, OutcomeUnclear.
    """
    row = TradingAccount.objects.filter(id=account_id).first()
    if row is None:
        raise UnknownAccount
    standing = get_standing(row.user_id)
    stopped = is_stopped or standing is None or standing.is_closed or bool(standing.frozen_by)
    state = AccountState.FROZEN.value if stopped else row.state
    reason = refusal(send(OpenAccount(account=row.id, group=row.group, account_state=state)))
    if reason:
        raise OpeningRefused(f"The engine refused the account: {reason}.", reason=reason)
    TradingAccount.objects.filter(id=row.id, opened_at=None).update(opened_at=timezone.now())


def set_account_state(*, account_id: int, state: int) -> None:
    """Active, reduce-only or frozen, at once; the rows wish the same from now on.

    Raises UnknownAccount, OpeningRefused, ServiceUnavailable, OutcomeUnclear (safe to repeat).
    """
    if not TradingAccount.objects.filter(id=account_id).update(state=AccountState(state)):
        raise UnknownAccount
    open_account(account_id=account_id)


def open_pending_accounts() -> int:
    """Open the accounts the engine has not confirmed yet; the number opened. One that it refuses holds up no other."""
    opened = 0
    for account_id in list(TradingAccount.objects.filter(opened_at=None).values_list("id", flat=True)[:1000]):
        try:
            open_account(account_id=account_id)
        except OpeningRefused as error:
            log.error("account refused", extra={"account_id": account_id, "reason": error.details["reason"]})  # noqa: TRY400
        else:
            opened += 1
    return opened


def sync_accounts(*, progress: Progress | None = None) -> int:
    """Tell the engine every account again; `progress(done, total)` after each hundred and at the end."""
    ids = list(TradingAccount.objects.order_by("id").values_list("id", flat=True))
    for done, account_id in enumerate(ids, start=1):
        open_account(account_id=account_id)
        if progress and (done % 100 == 0 or done == len(ids)):
            progress(done, len(ids))
    return len(ids)


def credit_account(*, account_id: int, asset_code: str, amount_units: int, reference: str) -> CreditResult:
    """Deposit `amount_units` (1e-8) once per (account, reference); the reference has at most 36 characters.

    The owner's session sockets hear of it, not of a repetition. Raises UnknownAccount, UnknownAsset,
    CreditRefused, ServiceUnavailable, OutcomeUnclear (safe to repeat with the same reference).
    """
    asset = get_asset(asset_code)
    if asset is None:
        raise UnknownAsset(asset=asset_code)
    user_id = TradingAccount.objects.filter(id=account_id).values_list("user_id", flat=True).first()
    if user_id is None:
        raise UnknownAccount
    if not 0 < amount_units <= 10**18:
        raise CreditRefused("The amount must be above zero and at most 10,000,000,000.", reason="INVALID_AMOUNT")
    events = send(
        Deposit(account=account_id, asset=asset.id, amount_units=amount_units, reference=reference.encode("ascii"))
    )
    reason = refusal(events)
    if reason:
        raise CreditRefused(f"The engine refused the deposit: {reason}.", reason=reason)
    answer = next(event for event in events if isinstance(event, BalanceChanged | BalanceReplayed))
    if isinstance(answer, BalanceChanged):
        notify_user(
            user_id=user_id,
            kind=NoticeKind.BALANCE_CREDITED,
            account_id=account_id,
            asset=asset.code,
            amount=format_scaled(amount_units, 8),
            wallet_balance=format_scaled(answer.wallet_units, 8),
            reference=reference,
        )
    return CreditResult(
        account_id=account_id,
        asset=asset.code,
        amount_units=amount_units,
        wallet_units=answer.wallet_units,
        repeated=isinstance(answer, BalanceReplayed),
        reference=reference,
    )


def accept_deposit(
    *, account_id: int, asset_code: str, amount_units: int, value_units: int, reference: str
) -> CreditResult:
    """A customer's money comes in: counted against the day's limit of their level, then credited, once per reference.

    `value_units` is its worth in the limits' asset. Staff who credit an account (`credit_account`) are not counted.
    Raises DailyLimitExceeded, ReferenceReused and what `credit_account` raises; a refusal gives the limit back.
    """
    account = TradingAccount.objects.filter(id=account_id).values_list("user_id", flat=True).first()
    if account is None:
        raise UnknownAccount
    counted_as = f"{account_id}:{reference}"
    is_new = count_deposit(user_id=account, amount_units=value_units, reference=counted_as)
    try:
        return credit_account(
            account_id=account_id, asset_code=asset_code, amount_units=amount_units, reference=reference
        )
    except (UnknownAsset, CreditRefused, ServiceUnavailable):
        if is_new:
            release_use(user_id=account, kind=LimitKind.DEPOSIT, reference=counted_as)
        raise


def transfer(
    *, from_account_id: int, to_account_id: int, asset_code: str, amount_units: int, reference: str
) -> TransferResult:
    """Move what is free [MAR-014] once per (giver, reference); the reference has at most 36 characters.

    Raises UnknownAsset, TransferRefused, ServiceUnavailable, OutcomeUnclear (safe to repeat with the same reference).
    """
    asset = get_asset(asset_code)
    if asset is None:
        raise UnknownAsset(asset=asset_code)
    if not 0 < amount_units <= 10**18:
        raise TransferRefused("The amount must be above zero and at most 10,000,000,000.", reason="INVALID_AMOUNT")
    command = Transfer(
        account=from_account_id,
        to_account=to_account_id,
        asset=asset.id,
        amount_units=amount_units,
        reference=reference.encode("ascii"),
    )
    events = send(command)
    reason = refusal(events)
    if reason:
        raise TransferRefused(f"The engine refused the transfer: {reason}.", reason=reason)
    answer = next(event for event in events if isinstance(event, BalanceChanged | BalanceReplayed))
    return TransferResult(amount_units, answer.wallet_units, isinstance(answer, BalanceReplayed))
