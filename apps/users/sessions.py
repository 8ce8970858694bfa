"""Sessions: opened for somebody whose identity is proven, renewed by rotating tokens, ended for good.

A session lives at most 30 days from its beginning, however often it is renewed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.notifications.services import notify_user
from apps.notifications.types import NoticeKind
from apps.users import tokens, trail
from apps.users.attempts import Place
from apps.users.errors import InvalidToken, UnknownSession
from apps.users.models import Session, User
from apps.users.news import publish_change
from apps.users.types import SessionRow, TokenIdentity, TokenPair

LIFETIME_MAX = timedelta(days=30)


def open_session(
    *, user_id: int, address: str | None = None, user_agent: str = "", methods: tuple[str, ...] = ()
) -> TokenPair:
    """Start a refresh family for somebody whose identity is proven by these methods."""
    now, jti = timezone.now(), uuid4().hex
    with transaction.atomic():
        User.objects.filter(id=user_id).update(last_login=now)
        session = Session.objects.create(
            user_id=user_id,
            refresh_jti=jti,
            address=address,
            user_agent=user_agent[:200],
            expires_at=_end(now, now),
            methods=list(methods),
            stepped_up_at=now,
        )
        trail.note(
            "auth.login",
            user_id=user_id,
            place=Place(address=address),
            after={"session": str(session.id), "methods": list(methods)},
        )
    return tokens.issue(user_id=user_id, session_id=session.id, jti=jti)


def refresh_session(*, refresh_token: str) -> TokenPair:
    """The next pair. A token used before kills its family. Raises InvalidToken."""
    claims = tokens.read_refresh(refresh_token)
    now, jti = timezone.now(), uuid4().hex
    live = Session.objects.filter(
        id=claims.session_id, user_id=claims.user_id, user__is_active=True, revoked_at=None, expires_at__gt=now
    )
    row = live.first()
    if row is None:
        raise InvalidToken
    end = _end(row.created_at, now)
    if live.filter(refresh_jti=claims.jti).update(refresh_jti=jti, refreshed_at=now, expires_at=end):
        return tokens.issue(user_id=claims.user_id, session_id=claims.session_id, jti=jti)
    trail.note("auth.refresh_reused", user_id=claims.user_id, after={"session": str(claims.session_id)})
    revoke_session(session_id=str(claims.session_id), reason="refresh_reused")
    raise InvalidToken


def _end(begun: datetime, now: datetime) -> datetime:
    lifetime: timedelta = settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"]
    return min(now + lifetime, begun + LIFETIME_MAX)


def log_out(*, session_id: str) -> None:
    """End one session; ending an ended one is fine."""
    revoke_session(session_id=session_id, reason="logout")


def end_own_session(*, user_id: int, session_id: UUID) -> None:
    """End one of the person's live sessions. Raises UnknownSession."""
    if not Session.objects.filter(id=session_id, user_id=user_id, revoked_at=None).exists():
        raise UnknownSession
    revoke_session(session_id=str(session_id), reason="logout")


def revoke_session(*, session_id: str, reason: str) -> None:
    """End one session for good: lanes forget it, its person's sockets hear of it and its own close."""
    with transaction.atomic():
        rows = Session.objects.filter(id=session_id)
        if rows.filter(revoked_at=None).update(revoked_at=timezone.now(), revoke_reason=reason):
            user_id, account_id = rows.values_list("user_id", "user__account_id").get()
            publish_change("session", session_id, account_id=account_id or 0)
            notify_user(user_id=user_id, kind=NoticeKind.SESSION_ENDED, session_id=session_id, reason=reason)
            trail.note("auth.session_ended", user_id=user_id, reason=reason, after={"session": session_id})


def revoke_sessions_of_user(*, user_id: int, reason: str, but: str = "") -> int:
    """End every session of the user, `but` one if it is named; the number that were live."""
    rows = Session.objects.filter(user_id=user_id, revoked_at=None).values_list("id", flat=True)
    live = [str(pk) for pk in rows if str(pk) != but]
    for session_id in live:
        revoke_session(session_id=session_id, reason=reason)
    return len(live)


def list_sessions(user_id: int) -> list[SessionRow]:
    """The person's live sessions, the newest first."""
    rows = Session.objects.filter(user_id=user_id, revoked_at=None, expires_at__gt=timezone.now())
    return [
        SessionRow(
            id=str(row.id),
            user_agent=row.user_agent,
            address=row.address,
            methods=tuple(row.methods),
            created_at=row.created_at,
            refreshed_at=row.refreshed_at,
            expires_at=row.expires_at,
        )
        for row in rows
    ]


def authenticate_token(access_token: str) -> TokenIdentity | None:
    """Who holds the token; None unless it is good and its session is live."""
    try:
        claims = tokens.read_access(access_token)
    except InvalidToken:
        return None
    session = (
        Session.objects.select_related("user")
        .filter(
            id=claims.session_id,
            user_id=claims.user_id,
            revoked_at=None,
            expires_at__gt=timezone.now(),
            user__is_active=True,
        )
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
