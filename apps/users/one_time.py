"""Random texts that allow one thing once: links in mails, challenges of a sign-in, ceremonies of a passkey.

A text has 256 random bits; the rows keep its hash. Using one up is one conditional update, so two who try at once
are told apart by the database.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.users.errors import ChallengeOver, InvalidLink
from apps.users.models import OneTimeToken

TOKEN_CHARS_MAX = 64
TRIES_MAX = 5


class Kind(StrEnum):
    """What a text is good for."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a kind of text, not one
    CHANGE_EMAIL = "change_email"
    UNDO_EMAIL = "undo_email"
    UNFREEZE = "unfreeze"
    LOGIN = "login"
    ADD_PASSKEY = "add_passkey"
    USE_PASSKEY = "use_passkey"


LIFETIMES = {
    Kind.VERIFY_EMAIL: timedelta(hours=24),
    Kind.RESET_PASSWORD: timedelta(minutes=30),
    Kind.CHANGE_EMAIL: timedelta(hours=1),
    Kind.UNDO_EMAIL: timedelta(days=7),
    Kind.UNFREEZE: timedelta(hours=1),
    Kind.LOGIN: timedelta(minutes=10),
    Kind.ADD_PASSKEY: timedelta(minutes=5),
    Kind.USE_PASSKEY: timedelta(minutes=5),
}


@dataclass(frozen=True, slots=True)
class Used:
    """What a good text stood for; `user_id` is None for a decoy or for nobody in particular."""

    id: int
    user_id: int | None
    payload: dict[str, Any]


def issue(kind: Kind, user_id: int | None, **payload: Any) -> str:
    """A new text; older ones of the same kind and person are good no more, unless they are sign-ins under way."""
    text, now = secrets.token_urlsafe(32), timezone.now()
    with transaction.atomic():
        if kind in ONE_AT_A_TIME:
            OneTimeToken.objects.filter(kind=kind, user_id=user_id or 0, used_at=None).update(used_at=now)
        OneTimeToken.objects.create(
            kind=kind, token_hash=_hash(text), user_id=user_id, payload=payload, expires_at=now + LIFETIMES[kind]
        )
    return text


ONE_AT_A_TIME = {Kind.VERIFY_EMAIL, Kind.RESET_PASSWORD, Kind.CHANGE_EMAIL, Kind.UNFREEZE}


def use(kind: Kind, text: str) -> Used:
    """What the text stood for, once. Raises InvalidLink."""
    live = OneTimeToken.objects.filter(
        kind=kind, token_hash=_hash(text), used_at=None, expires_at__gt=timezone.now(), user__isnull=False
    )
    row = live.first()
    if row is None or not live.filter(pk=row.pk).update(used_at=timezone.now()):
        raise InvalidLink
    return Used(row.pk, row.user_id, row.payload)


def try_once(kind: Kind, text: str) -> Used:
    """What the text stands for, counting a try that a wrong code may spoil. Raises ChallengeOver after the fifth."""
    live = OneTimeToken.objects.filter(
        kind=kind, token_hash=_hash(text), used_at=None, expires_at__gt=timezone.now(), attempts__lt=TRIES_MAX
    )
    if not live.update(attempts=F("attempts") + 1):
        raise ChallengeOver
    row = OneTimeToken.objects.get(token_hash=_hash(text))
    return Used(row.pk, row.user_id, row.payload)


def finish(used: Used) -> None:
    """Nobody comes this way again. Raises ChallengeOver for the second who tries."""
    if not OneTimeToken.objects.filter(pk=used.id, used_at=None).update(used_at=timezone.now()):
        raise ChallengeOver


def forget_all(user_id: int, *kinds: Kind) -> None:
    """The person's texts of these kinds are good no more."""
    OneTimeToken.objects.filter(user_id=user_id, kind__in=kinds, used_at=None).update(used_at=timezone.now())


def remove_old(*, days: int = 30) -> int:
    """Rows that ran out long ago; how many there were."""
    removed, _ = OneTimeToken.objects.filter(expires_at__lt=timezone.now() - timedelta(days=days)).delete()
    return removed


def _hash(text: str) -> str:
    return hashlib.sha256(text[:TOKEN_CHARS_MAX].encode("utf-8", "replace")).hexdigest()


def code_hash(code: str) -> str:
    """Of a short code that dies with its row after five tries and ten minutes."""
    return salted_hmac("users.one_time_code", code, algorithm="sha256").hexdigest()


def look(kind: Kind, text: str) -> Used:
    """What the text stands for, without using it up. Raises InvalidLink."""
    row = OneTimeToken.objects.filter(
        kind=kind, token_hash=_hash(text), used_at=None, expires_at__gt=timezone.now(), user__isnull=False
    ).first()
    if row is None:
        raise InvalidLink
    return Used(row.pk, row.user_id, row.payload)
