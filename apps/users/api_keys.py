"""Making and revoking programs' keys. The secret leaves this module once, when the key is made."""

from __future__ import annotations

import secrets
import string

from django.db import transaction
from django.utils import timezone

from apps.common.sealing import Sealed, seal, unseal
from apps.notifications.services import notify_user
from apps.notifications.types import NoticeKind
from apps.users.errors import NoTradingAccount, TooManyApiKeys, UnknownApiKey
from apps.users.models import ApiKey, User
from apps.users.news import publish_change
from apps.users.selectors import api_key_row
from apps.users.types import PERMISSIONS, IssuedApiKey

KEY_CHARS = 64
MAX_LIVE_KEYS = 30
_ALPHABET = string.ascii_letters + string.digits


def create_api_key(*, user_id: int, label: str, permissions: tuple[str, ...] = ("read", "trade")) -> IssuedApiKey:
    """A new key of the user's account. Raises NoTradingAccount, TooManyApiKeys; ValueError for an unknown right."""
    if not set(permissions) <= set(PERMISSIONS):
        raise ValueError("unknown permission")
    key, secret = _random_text(), _random_text()
    sealed = seal(secret.encode("ascii"), context=_context(key))
    with transaction.atomic():
        user = User.objects.select_for_update().get(id=user_id)
        if user.account_id is None:
            raise NoTradingAccount
        if user.api_keys.filter(is_active=True).count() >= MAX_LIVE_KEYS:
            raise TooManyApiKeys(limit=MAX_LIVE_KEYS)
        row = ApiKey.objects.create(
            key=key,
            user=user,
            account_id=user.account_id,
            label=label,
            permissions=[right for right in PERMISSIONS if right in permissions],
            secret_sealed=sealed.ciphertext,
            data_key_sealed=sealed.data_key,
            kek_id=sealed.kek_id,
        )
    return IssuedApiKey(row=api_key_row(row), secret=secret)


def revoke_api_key(*, user_id: int, key: str) -> None:
    """Dead at once and for good. Raises UnknownApiKey when the user has no such live key."""
    with transaction.atomic():
        rows = ApiKey.objects.filter(user_id=user_id, key=key)
        if not rows.filter(is_active=True).update(is_active=False, revoked_at=timezone.now()):
            raise UnknownApiKey
        publish_change("api_key", key)
        label = rows.values_list("label", flat=True).get()
        notify_user(user_id=user_id, kind=NoticeKind.KEY_REVOKED, key=key, label=label)


def open_secret(row: ApiKey) -> bytes:
    """The secret that signs. Raises SealError when the row was tampered with or its key is gone."""
    sealed = Sealed(bytes(row.secret_sealed), bytes(row.data_key_sealed), row.kek_id)
    return unseal(sealed, context=_context(row.key))


def _context(key: str) -> bytes:
    return b"api_key:" + key.encode("ascii")


def _random_text() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(KEY_CHARS))
