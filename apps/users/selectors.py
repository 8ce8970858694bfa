"""Questions about people, their sessions and keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from apps.users.emails import find_email
from apps.users.models import ApiKey, Session, User
from apps.users.types import AccountStanding, ApiKeyRow, IdentityCounts, UserRef

WITHDRAWAL_HOLD = timedelta(hours=24)


def get_user(user_id: int) -> UserRef | None:
    row = User.objects.filter(id=user_id).first()
    return user_ref(row) if row else None


def get_user_by_email(email: str) -> UserRef | None:
    row = User.objects.filter(email=find_email(email)).first()
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


def list_staff_of_group(name: str) -> list[int]:
    """Active staff in a group of that name; all superusers while it has nobody."""
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("id")
    found = list(staff.filter(groups__name=name).values_list("id", flat=True))
    return found or list(staff.filter(is_superuser=True).values_list("id", flat=True))


def withdrawal_hold_until(user_id: int) -> datetime | None:
    """Until when nothing may be withdrawn because something about how the person signs in has changed; None when free."""
    changed_at = User.objects.filter(id=user_id).values_list("security_changed_at", flat=True).first()
    if changed_at is None or changed_at + WITHDRAWAL_HOLD <= timezone.now():
        return None
    return changed_at + WITHDRAWAL_HOLD


def name_of(user_id: int) -> str:
    """What staff know the person by: the address, or the number of somebody who is not there."""
    user = get_user(user_id)
    return user.email if user else str(user_id)


def is_email_verified(user_id: int) -> bool:
    return User.objects.filter(id=user_id).exclude(email_verified_at=None).exists()


def get_standing(user_id: int) -> AccountStanding | None:
    """Whether the person may act; None for nobody."""
    rows = User.objects.filter(id=user_id)
    row = rows.values_list("is_active", "frozen_by", "closed_at", "frozen_at", "disabled_at").first()
    if row is None:
        return None
    return AccountStanding(
        is_active=row[0], frozen_by=row[1], is_closed=row[2] is not None, frozen_at=row[3], disabled_at=row[4]
    )


def get_step_up_until(session_id: str, lifetime: timedelta) -> datetime | None:
    """When the last proof of the session's holder loses its worth; None when it has."""
    at = Session.objects.filter(id=session_id).values_list("stepped_up_at", flat=True).first()
    return at + lifetime if at is not None and at + lifetime > timezone.now() else None


def get_identity_counts() -> IdentityCounts:
    """Live users, sessions and keys."""
    return IdentityCounts(
        users=User.objects.filter(is_active=True).count(),
        sessions=Session.objects.filter(revoked_at=None).count(),
        api_keys=ApiKey.objects.filter(is_active=True).count(),
    )


def user_ref(row: User) -> UserRef:
    return UserRef(
        id=row.id,
        email=row.email,
        is_staff=row.is_staff,
        account_id=row.account_id,
        created_at=row.created_at,
        is_verified=row.email_verified_at is not None,
    )


def api_key_row(row: ApiKey) -> ApiKeyRow:
    return ApiKeyRow(
        key=row.key,
        label=row.label,
        account_id=row.account_id,
        permissions=tuple(row.permissions),
        is_active=row.is_active,
        created_at=row.created_at,
        key_type="ed25519" if row.key_type == "ed25519" else "hmac",
        addresses=tuple(row.addresses),
        instruments=tuple(row.instruments),
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        last_used_address=row.last_used_address,
    )


def get_ended_keys(keys: Sequence[str]) -> set[str]:
    """Which of these are revoked, expired, unknown or of a disabled person."""
    now = timezone.now()
    live = ApiKey.objects.filter(key__in=keys, is_active=True, user__is_active=True)
    good = live.exclude(expires_at__lte=now).values_list("key", flat=True)
    return set(keys) - set(good)
