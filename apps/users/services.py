"""Verbs of identity: register, sign in and out, refresh, and who is behind a token or a key.

The lanes call the two `authenticate_*`; everything that ends an identity is told through news.py.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from apps.common.sealing import SealError
from apps.notifications.services import send_mail
from apps.users import security, trail
from apps.users.api_key_rules import is_address
from apps.users.api_keys import find_api_key, record_use
from apps.users.attempts import Place
from apps.users.devices import shown_time
from apps.users.emails import normalize_email
from apps.users.errors import EmailTaken
from apps.users.models import ApiKey, User
from apps.users.news import publish_change
from apps.users.passwords import check_new_password, hash_password
from apps.users.selectors import user_ref
from apps.users.sessions import (
    authenticate_token,
    log_out,
    open_session,
    refresh_session,
    revoke_session,
    revoke_sessions_of_user,
)
from apps.users.sign_in import log_in
from apps.users.step_up import require_step_up, require_withdrawal
from apps.users.types import ApiKeyIdentity, UserRef

__all__ = [
    "attach_account",
    "authenticate_api_key",
    "authenticate_token",
    "close_user",
    "disable_user",
    "enable_user",
    "freeze_user",
    "log_in",
    "log_out",
    "open_session",
    "record_key_use",
    "refresh_session",
    "register_user",
    "require_step_up",
    "require_withdrawal",
    "revoke_session",
    "revoke_sessions_of_user",
    "set_password",
    "unfreeze_user",
]
log = logging.getLogger(__name__)


def register_user(*, email: str, password: str, is_staff: bool = False, is_verified: bool = True) -> UserRef:
    """A new person. Raises InvalidEmail, EmailTaken, WeakPassword (details: `password`, the reasons)."""
    email = normalize_email(email)
    hashed = hash_password(check_new_password(password, email=email))
    return add_user(email=email, hashed=hashed, is_staff=is_staff, is_verified=is_verified)


def add_user(*, email: str, hashed: str, is_staff: bool = False, is_verified: bool = True) -> UserRef:
    """A new person of a normalized address and a stretched password. Raises EmailTaken."""
    try:
        with transaction.atomic():
            row = User.objects.create(
                email=email,
                password=hashed,
                is_staff=is_staff,
                is_superuser=is_staff,
                email_verified_at=timezone.now() if is_verified else None,
            )
    except IntegrityError:
        raise EmailTaken from None
    return user_ref(row)


def set_password(*, user_id: int, password: str, by_staff: int | None = None) -> None:
    """A new password, unchecked; every session of the user ends."""
    hashed = hash_password(password)
    with transaction.atomic():
        User.objects.filter(id=user_id).update(password=hashed)
        security.changed(user_id, "password", by_staff=by_staff)


def attach_account(*, user_id: int, account_id: int) -> None:
    """Remember the trading account opened for the user; the first one stays."""
    User.objects.filter(id=user_id, account_id=None).update(account_id=account_id)


def disable_user(*, user_id: int, by_staff: int | None = None) -> None:
    """No token and no key of the user works from now on; keys come back with `enable_user`, sessions do not.

    It holds over a freeze: who is disabled and frozen needs both undone.
    """
    with transaction.atomic():
        User.objects.filter(id=user_id).update(is_active=False)
        User.objects.filter(id=user_id, disabled_at=None).update(disabled_at=timezone.now())
        trail.note("user.disabled", user_id=user_id, by_staff=by_staff)
        _end_everything(user_id, "disabled")


def enable_user(
    *, user_id: int, by_staff: int | None = None, reason: str = "", disabled_at: datetime | None = None
) -> bool:
    """Undo `disable_user`, with `disabled_at` only that one; False when there is none. Frozen or closed stays so."""
    with transaction.atomic():
        rows = User.objects.filter(id=user_id).exclude(disabled_at=None)
        if disabled_at is not None:
            rows = rows.filter(disabled_at=disabled_at)
        if not rows.update(disabled_at=None, is_active=Q(frozen_at=None, closed_at=None)):
            return False
        trail.note("user.enabled", user_id=user_id, by_staff=by_staff, reason=reason)
        _publish_keys(user_id)
    return True


def freeze_user(*, user_id: int, by_staff: int | None = None, reason: str = "", place: Place | None = None) -> bool:
    """Sessions and keys are dead; whether it was not so before. What staff froze only staff unfreezes."""
    by = "user" if by_staff is None else "staff"
    with transaction.atomic():
        rows = User.objects.filter(id=user_id, closed_at=None)
        if not rows.filter(Q(frozen_at=None) | ~Q(frozen_by=by) & Q(frozen_by="user")).update(
            is_active=False, frozen_at=timezone.now(), frozen_by=by
        ):
            return False
        trail.note("user.frozen", user_id=user_id, by_staff=by_staff, reason=reason, place=place)
        _end_everything(user_id, "frozen")
        _mail(user_id, "frozen", by_staff=by_staff is not None)
    return True


def unfreeze_user(
    *,
    user_id: int,
    by_staff: int | None = None,
    reason: str = "",
    place: Place | None = None,
    frozen_at: datetime | None = None,
) -> bool:
    """Keys work again, sessions do not come back, withdrawals rest for a day; False when it was not frozen so.

    With `frozen_at` only that freeze is undone, no later one. Who is disabled stays so.
    """
    with transaction.atomic():
        rows = User.objects.filter(id=user_id, closed_at=None).exclude(frozen_at=None)
        if frozen_at is not None:
            rows = rows.filter(frozen_at=frozen_at)
        if by_staff is None:
            rows = rows.filter(frozen_by="user")
        if not rows.update(is_active=Q(disabled_at=None), frozen_at=None, frozen_by=""):
            return False
        trail.note("user.unfrozen", user_id=user_id, by_staff=by_staff, reason=reason, place=place)
        security.changed(user_id, "unfrozen", place=place, by_staff=by_staff)
        _publish_keys(user_id)
    return True


def close_user(*, user_id: int, by_staff: int | None = None, place: Place | None = None) -> None:
    """The end: nothing of the person works any more; rows are kept. That the account is empty is its room's to see."""
    with transaction.atomic():
        if not User.objects.filter(id=user_id, closed_at=None).update(is_active=False, closed_at=timezone.now()):
            return
        ApiKey.objects.filter(user_id=user_id, is_active=True).update(is_active=False, revoked_at=timezone.now())
        trail.note("user.closed", user_id=user_id, by_staff=by_staff, place=place)
        _end_everything(user_id, "closed")
        _mail(user_id, "closed")


def _end_everything(user_id: int, reason: str) -> None:
    User.objects.filter(id=user_id).update(security_changes=F("security_changes") + 1)
    revoke_sessions_of_user(user_id=user_id, reason=reason)
    _publish_keys(user_id)


def _mail(user_id: int, template: str, **facts: object) -> None:
    email = User.objects.values_list("email", flat=True).get(id=user_id)
    send_mail(email, template, {"time": shown_time(), **facts})


def authenticate_api_key(key: str) -> ApiKeyIdentity | None:
    """Who holds the key, with what checks its signatures; None for an unknown, dead or expired one."""
    try:
        return find_api_key(key)
    except SealError:
        log.exception("the secret of an API key does not open", extra={"key_id": key[:8]})
        return None


def record_key_use(uses: Mapping[str, tuple[datetime, str]]) -> None:
    """Remember when and from where keys were last used: `{key: (time, address)}`; what is no address is left out."""
    record_use({key: (at, address if is_address(address) else "") for key, (at, address) in uses.items()})


def _publish_keys(user_id: int) -> None:
    rows = ApiKey.objects.filter(user_id=user_id).values_list("key", "account_id")
    for key, account_id in rows:
        publish_change("api_key", key, account_id=account_id)
