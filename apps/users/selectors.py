"""Questions about people, their sessions and keys."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from apps.users.models import ApiKey, Session, User
from apps.users.types import ApiKeyRow, IdentityCounts, UserRef


def get_user(user_id: int) -> UserRef | None:
    row = User.objects.filter(id=user_id).first()
    return user_ref(row) if row else None


def get_user_by_email(email: str) -> UserRef | None:
    row = User.objects.filter(email=email.strip().lower()).first()
    return user_ref(row) if row else None


def list_api_keys(user_id: int) -> list[ApiKeyRow]:
    """Live and revoked keys, newest first."""
    return [api_key_row(row) for row in ApiKey.objects.filter(user_id=user_id)]


def get_ended_sessions(session_ids: Sequence[str]) -> dict[str, str]:
    """Which of these are over, and why: the reason of their revocation, `disabled`, `expired`, `removed`."""
    now, ended = timezone.now(), dict.fromkeys(session_ids, "removed")
    rows = Session.objects.filter(id__in=session_ids)
    for pk, revoked_at, reason, expires_at, is_active in rows.values_list(
        "id", "revoked_at", "revoke_reason", "expires_at", "user__is_active"
    ):
        if revoked_at is not None:
            ended[str(pk)] = reason
        elif not is_active:
            ended[str(pk)] = "disabled"
        elif expires_at <= now:
            ended[str(pk)] = "expired"
        else:
            del ended[str(pk)]
    return ended


def get_identity_counts() -> IdentityCounts:
    """Live users, sessions and keys."""
    return IdentityCounts(
        users=User.objects.filter(is_active=True).count(),
        sessions=Session.objects.filter(revoked_at=None).count(),
        api_keys=ApiKey.objects.filter(is_active=True).count(),
    )


def user_ref(row: User) -> UserRef:
    return UserRef(
        id=row.id, email=row.email, is_staff=row.is_staff, account_id=row.account_id, created_at=row.created_at
    )


def api_key_row(row: ApiKey) -> ApiKeyRow:
    return ApiKeyRow(
        key=row.key,
        label=row.label,
        permissions=tuple(row.permissions),
        is_active=row.is_active,
        created_at=row.created_at,
    )
