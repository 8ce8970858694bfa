"""Verbs of identity: register, sign in and out, refresh, and who is behind a token or a key.

The lanes call the two `authenticate_*`; everything that ends an identity is told through news.py.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.common.sealing import SealError
from apps.notifications.services import notify_user
from apps.notifications.types import NoticeKind
from apps.users import tokens
from apps.users.api_keys import KEY_CHARS, open_secret
from apps.users.errors import EmailTaken, InvalidCredentials, InvalidToken, WeakPassword
from apps.users.models import ApiKey, Session, User
from apps.users.news import publish_change
from apps.users.selectors import user_ref
from apps.users.types import ApiKeyIdentity, TokenIdentity, TokenPair, UserRef

log = logging.getLogger(__name__)


def register_user(*, email: str, password: str, is_staff: bool = False) -> UserRef:
    """A new person. Raises EmailTaken, WeakPassword (details: `password`, the reasons)."""
    email = email.strip().lower()
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        raise WeakPassword(password=list(error.messages)) from None
    hashed = make_password(password)
    try:
        with transaction.atomic():
            row = User.objects.create(email=email, password=hashed, is_staff=is_staff, is_superuser=is_staff)
    except IntegrityError:
        raise EmailTaken from None
    return user_ref(row)


def set_password(*, user_id: int, password: str) -> None:
    """A new password; every session of the user ends."""
    with transaction.atomic():
        User.objects.filter(id=user_id).update(password=make_password(password))
        revoke_sessions_of_user(user_id=user_id, reason="password_changed")


def attach_account(*, user_id: int, account_id: int) -> None:
    """Remember the trading account opened for the user; the first one stays."""
    User.objects.filter(id=user_id, account_id=None).update(account_id=account_id)


def log_in(*, email: str, password: str, address: str | None = None, user_agent: str = "") -> TokenPair:
    """A new session. Raises InvalidCredentials, after the same work whether the person exists or not."""
    row = User.objects.filter(email=email.strip().lower()).first()
    if row is None:
        make_password(password)
        raise InvalidCredentials
    if not check_password(password, row.password) or not row.is_active:
        raise InvalidCredentials
    return open_session(user_id=row.id, address=address, user_agent=user_agent)


def open_session(*, user_id: int, address: str | None = None, user_agent: str = "") -> TokenPair:
    """Start a refresh family for somebody whose identity is proven."""
    lifetime: timedelta = settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"]
    now, jti = timezone.now(), uuid4().hex
    with transaction.atomic():
        User.objects.filter(id=user_id).update(last_login=now)
        session = Session.objects.create(
            user_id=user_id,
            refresh_jti=jti,
            address=address,
            user_agent=user_agent[:200],
            expires_at=now + lifetime,
        )
    return tokens.issue(user_id=user_id, session_id=session.id, jti=jti)


def refresh_session(*, refresh_token: str) -> TokenPair:
    """The next pair. A token used before kills its family. Raises InvalidToken."""
    claims = tokens.read_refresh(refresh_token)
    now, jti = timezone.now(), uuid4().hex
    lifetime: timedelta = settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"]
    live = Session.objects.filter(
        id=claims.session_id, user_id=claims.user_id, user__is_active=True, revoked_at=None, expires_at__gt=now
    )
    if live.filter(refresh_jti=claims.jti).update(refresh_jti=jti, refreshed_at=now, expires_at=now + lifetime):
        return tokens.issue(user_id=claims.user_id, session_id=claims.session_id, jti=jti)
    if live.exists():
        revoke_session(session_id=str(claims.session_id), reason="refresh_reused")
    raise InvalidToken


def log_out(*, session_id: str) -> None:
    """End one session; ending an ended one is fine."""
    revoke_session(session_id=session_id, reason="logout")


def revoke_session(*, session_id: str, reason: str) -> None:
    """End one session for good: lanes forget it, its person's sockets hear of it and its own close."""
    with transaction.atomic():
        rows = Session.objects.filter(id=session_id)
        if rows.filter(revoked_at=None).update(revoked_at=timezone.now(), revoke_reason=reason):
            publish_change("session", session_id)
            user_id = rows.values_list("user_id", flat=True).get()
            notify_user(user_id=user_id, kind=NoticeKind.SESSION_ENDED, session_id=session_id, reason=reason)


def revoke_sessions_of_user(*, user_id: int, reason: str) -> int:
    """End every session of the user; the number that were live."""
    live = [str(pk) for pk in Session.objects.filter(user_id=user_id, revoked_at=None).values_list("id", flat=True)]
    for session_id in live:
        revoke_session(session_id=session_id, reason=reason)
    return len(live)


def disable_user(*, user_id: int) -> None:
    """No token and no key of the user works from now on; keys come back with `enable_user`, sessions do not."""
    with transaction.atomic():
        User.objects.filter(id=user_id).update(is_active=False)
        revoke_sessions_of_user(user_id=user_id, reason="disabled")
        _publish_keys(user_id)


def enable_user(*, user_id: int) -> None:
    with transaction.atomic():
        User.objects.filter(id=user_id).update(is_active=True)
        _publish_keys(user_id)


def authenticate_api_key(key: str) -> ApiKeyIdentity | None:
    """Who holds the key, with the secret to check signatures by; None for an unknown or dead one."""
    if not (len(key) == KEY_CHARS and key.isascii() and key.isalnum()):
        return None
    row = ApiKey.objects.filter(key=key, is_active=True, user__is_active=True).first()
    if row is None:
        return None
    try:
        secret = open_secret(row)
    except SealError:
        log.exception("an API key's secret does not open", extra={"api_key_id": row.pk})
        return None
    return ApiKeyIdentity(
        key=row.key,
        secret=secret,
        account_id=row.account_id,
        user_id=row.user_id,
        permissions=frozenset(row.permissions),
    )


def authenticate_token(access_token: str) -> TokenIdentity | None:
    """Who holds the token; None unless it is good and its session is live."""
    try:
        claims = tokens.read_access(access_token)
    except InvalidToken:
        return None
    session = (
        Session.objects.select_related("user")
        .filter(id=claims.session_id, user_id=claims.user_id, revoked_at=None, user__is_active=True)
        .first()
    )
    if session is None:
        return None
    return TokenIdentity(
        user_id=session.user_id,
        account_id=session.user.account_id,
        session_id=str(session.id),
        is_staff=session.user.is_staff,
    )


def _publish_keys(user_id: int) -> None:
    for key in ApiKey.objects.filter(user_id=user_id, is_active=True).values_list("key", flat=True):
        publish_change("api_key", key)
