"""A person comes, freezes and leaves: what identity and engine do about it together.

Frozen is told to the engine with the account's terms; its own state in the row stays as staff or risk control left it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from apps.accounts.errors import NotFrozen, StateMoved
from apps.accounts.models import TradingAccount
from apps.accounts.services import create_account, open_account
from apps.approvals import services as approvals
from apps.approvals.types import ApprovalRef, Execution
from apps.audit.types import Actor
from apps.bridge import services as bridge
from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.common.errors import OutcomeUnclear, ServiceUnavailable
from apps.common.roles import ADMIN, COMPLIANCE, RISK
from apps.users import recovery, registration
from apps.users.attempts import Place
from apps.users.errors import AccountNotEmpty
from apps.users.selectors import get_standing, name_of
from apps.users.services import close_user, freeze_user, unfreeze_user
from matcher.protocol.views import BalanceView, Query, QueryKind

log = logging.getLogger(__name__)
UNFREEZE = "users.unfreeze"
UNFREEZERS = (COMPLIANCE, RISK, ADMIN)


def register_kinds() -> None:
    """Whom staff or they themselves froze, two of staff let go."""
    approvals.register(
        UNFREEZE, _unfreeze, roles=UNFREEZERS, request_roles=UNFREEZERS,
        title="Unfreeze a person", describe=_describe_unfreeze,
    )  # fmt: skip


def ask_to_unfreeze(*, user_id: int, actor: Actor, reason: str) -> ApprovalRef:
    """Staff asks another one of them to end the freeze there is now. Raises NotFrozen, ReasonMissing, MissingRole."""
    held = get_standing(user_id)
    if held is None or held.frozen_at is None or held.is_closed:
        raise NotFrozen
    payload = {"user_id": user_id, "asked_by": int(actor.id), "frozen_at": held.frozen_at.isoformat()}
    return approvals.request(UNFREEZE, payload, actor=actor, reason=reason, subject=f"users.user:{user_id}")


def _unfreeze(payload: Mapping[str, Any], execution: Execution) -> str:
    """Only the freeze that was asked about: who was frozen anew since stays so."""
    user_id, frozen_at = payload["user_id"], datetime.fromisoformat(payload["frozen_at"])
    if not unfreeze(user_id=user_id, by_staff=payload["asked_by"], reason=execution.reason, frozen_at=frozen_at):
        held = get_standing(user_id)
        if not execution.is_repeated or held is None or held.frozen_at is not None:
            raise StateMoved
    return "The person is unfrozen."


def _describe_unfreeze(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    since = datetime.fromisoformat(payload["frozen_at"])
    return [
        ("Person", name_of(payload["user_id"])),
        ("Frozen since", f"{since:%Y-%m-%d %H:%M:%S} UTC"),
    ]


def sign_up(*, email: str, password: str, place: Place) -> None:
    """A new person, or word to who has the address already; the caller learns neither.

    Where addresses need no confirming, the account opens at once. Raises InvalidEmail, WeakPassword.
    """
    user_id = registration.sign_up(email=email, password=password, place=place)
    if user_id is not None and not settings.EXCHANGE_REQUIRE_VERIFIED_EMAIL:
        _open(user_id)


def confirm(*, token: str, place: Place) -> None:
    """The address is the person's: they have an account. Raises InvalidLink."""
    _open(registration.verify(token=token, place=place))


def reset_password(*, token: str, password: str, place: Place) -> None:
    """A new password by link; it confirms the address as well. Raises WeakPassword, InvalidLink."""
    _open(recovery.reset(token=token, password=password, place=place))


def freeze(*, user_id: int, by_staff: int | None = None, reason: str = "", place: Place | None = None) -> bool:
    """Nothing of the person works: sessions, keys, accounts in the engine. Whether it was not so before."""
    changed = freeze_user(user_id=user_id, by_staff=by_staff, reason=reason, place=place)
    _tell_engine(user_id)
    return changed


def unfreeze(*, user_id: int, by_staff: int, reason: str = "", frozen_at: datetime | None = None) -> bool:
    """By staff, two of them, who may undo either freeze."""
    changed = unfreeze_user(user_id=user_id, by_staff=by_staff, reason=reason, frozen_at=frozen_at)
    _tell_engine(user_id)
    return changed


def unfreeze_own(*, token: str, password: str, place: Place) -> None:
    """By the person's own mailbox and password. Raises InvalidLink, InvalidCredentials, TooManyAttempts."""
    _tell_engine(recovery.unfreeze(token=token, password=password, place=place))


def close(*, user_id: int, place: Place | None = None) -> None:
    """The end, of who has nothing left here.

    The engine freezes the accounts first, so nothing can come in between. Raises AccountNotEmpty, ServiceUnavailable.
    """
    for account_id in TradingAccount.objects.filter(user_id=user_id).values_list("id", flat=True):
        open_account(account_id=account_id, is_stopped=True)
    try:
        reasons = _what_is_left(user_id)
    except ServiceUnavailable:
        _tell_engine(user_id)
        raise
    if reasons:
        _tell_engine(user_id)
        raise AccountNotEmpty(reasons=reasons)
    close_user(user_id=user_id, place=place)
    _tell_engine(user_id)


def _what_is_left(user_id: int) -> list[str]:
    reasons: set[str] = set()
    for account_id in TradingAccount.objects.filter(user_id=user_id).values_list("id", flat=True):
        try:
            _, balances, positions = bridge.query(Query(kind=QueryKind.ACCOUNT, account=account_id))
            _, orders, _ = bridge.query(Query(kind=QueryKind.OPEN_ORDERS, account=account_id))
        except (MatcherUnavailable, OutcomeUnknown):
            raise ServiceUnavailable("The matching engine does not answer. Try again.") from None
        if any(isinstance(row, BalanceView) and row.wallet_units for row in balances):
            reasons.add("money")
        if positions:
            reasons.add("positions")
        if orders:
            reasons.add("orders")
    return sorted(reasons)


def _open(user_id: int) -> None:
    account = create_account(user_id=user_id)
    if not account.is_open:
        _tell(account.id)


def _tell_engine(user_id: int) -> None:
    """Its terms anew; what the engine does not hear now the beat job tells it (tasks.open_pending_accounts)."""
    rows = TradingAccount.objects.filter(user_id=user_id)
    rows.update(opened_at=None)
    for account_id in rows.values_list("id", flat=True):
        _tell(account_id)


def _tell(account_id: int) -> None:
    try:
        open_account(account_id=account_id)
    except (ServiceUnavailable, OutcomeUnclear):
        log.warning("account waits for the engine", extra={"account_id": account_id})
