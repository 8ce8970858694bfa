"""Making and revoking programs' keys. The secret leaves this module once, when the key is made."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import EllipsisType

from django.db import transaction
from django.utils import timezone

from apps.common.sealing import Sealed, seal, unseal
from apps.notifications.services import notify_user
from apps.notifications.types import NoticeKind
from apps.users.api_key_rules import (
    read_addresses,
    read_instruments,
    read_permissions,
    read_public_key,
    refuse_loose_money_rights,
)
from apps.users.errors import InvalidExpiry, NoTradingAccount, TooManyApiKeys, UnknownApiKey
from apps.users.models import ApiKey, User
from apps.users.news import publish_change
from apps.users.selectors import api_key_row
from apps.users.types import DEFAULT_PERMISSIONS, ApiKeyIdentity, ApiKeyRow, IssuedApiKey

KEY_CHARS = 64
MAX_LIVE_KEYS = 30
MAX_LIFETIME = timedelta(days=5 * 366)
_ALPHABET = string.ascii_letters + string.digits


def create_api_key(
    *,
    user_id: int,
    label: str,
    permissions: Iterable[str] = DEFAULT_PERMISSIONS,
    addresses: Iterable[str] = (),
    instruments: Iterable[str] = (),
    expires_at: datetime | None = None,
    public_key: str = "",
    account_id: int | None = None,
) -> IssuedApiKey:
    """A new key of the user's main account, or of `account_id`, which the caller knows to be theirs; with a `public_key` (PEM, Ed25519) there is no secret.

    Raises NoTradingAccount, TooManyApiKeys, InvalidPublicKey, InvalidAddress, InvalidSymbol, InvalidExpiry,
    AddressListNeeded; ValueError for an unknown right.
    """
    row = ApiKey(key=_random_text(), user_id=user_id, label=label)
    _set_terms(row, permissions, addresses, instruments)
    _set_expiry(row, expires_at)
    secret = None
    if public_key:
        row.key_type, row.public_key = "ed25519", read_public_key(public_key)
    else:
        secret = _random_text()
        sealed = seal(secret.encode("ascii"), context=seal_context(row))
        row.secret_sealed, row.data_key_sealed, row.kek_id = sealed.ciphertext, sealed.data_key, sealed.kek_id
    with transaction.atomic():
        user = User.objects.select_for_update().get(id=user_id)
        if user.account_id is None:
            raise NoTradingAccount
        row.account_id = user.account_id if account_id is None else account_id
        if user.api_keys.filter(is_active=True, account_id=row.account_id).count() >= MAX_LIVE_KEYS:
            raise TooManyApiKeys(limit=MAX_LIVE_KEYS)
        row.save(force_insert=True)
    return IssuedApiKey(row=api_key_row(row), secret=secret)


def change_api_key(
    *,
    user_id: int,
    key: str,
    label: str | None = None,
    permissions: Iterable[str] | None = None,
    addresses: Iterable[str] | None = None,
    instruments: Iterable[str] | None = None,
    expires_at: datetime | EllipsisType | None = ...,
) -> ApiKeyRow:
    """New terms of a live key; what is not given stays. Every gateway obeys within a second, its sockets end.

    Raises UnknownApiKey and what `create_api_key` raises of terms.
    """
    with transaction.atomic():
        row = ApiKey.objects.select_for_update().filter(user_id=user_id, key=key, is_active=True).first()
        if row is None:
            raise UnknownApiKey
        row.label = row.label if label is None else label
        _set_terms(
            row,
            row.permissions if permissions is None else permissions,
            row.addresses if addresses is None else addresses,
            row.instruments if instruments is None else instruments,
        )
        if not isinstance(expires_at, EllipsisType):
            _set_expiry(row, expires_at)
        row.save(update_fields=["label", "permissions", "addresses", "instruments", "expires_at"])
        publish_change("api_key", key, account_id=row.account_id)
    return api_key_row(row)


def revoke_api_key(*, user_id: int, key: str) -> None:
    """Dead at once and for good. Raises UnknownApiKey when the user has no such live key."""
    with transaction.atomic():
        rows = ApiKey.objects.filter(user_id=user_id, key=key)
        if not rows.filter(is_active=True).update(is_active=False, revoked_at=timezone.now()):
            raise UnknownApiKey
        label, account_id = rows.values_list("label", "account_id").get()
        publish_change("api_key", key, account_id=account_id)
        notify_user(user_id=user_id, kind=NoticeKind.KEY_REVOKED, key=key, label=label)


def find_api_key(key: str) -> ApiKeyIdentity | None:
    """The holder of a live key and what its signatures are checked by. Raises SealError for a row tampered with."""
    if not (len(key) == KEY_CHARS and key.isascii() and key.isalnum()):
        return None
    row = ApiKey.objects.filter(key=key, is_active=True, user__is_active=True).first()
    if row is None or (row.expires_at is not None and row.expires_at <= timezone.now()):
        return None
    return ApiKeyIdentity(
        key=row.key,
        secret=open_secret(row) if row.key_type == "hmac" else b"",
        account_id=row.account_id,
        user_id=row.user_id,
        permissions=frozenset(row.permissions),
        public_key=bytes(row.public_key),
        addresses=tuple(row.addresses),
        instruments=frozenset(row.instruments),
        expires_at=row.expires_at,
    )


def record_use(uses: Mapping[str, tuple[datetime, str]]) -> None:
    """When and from where each key was last used: one statement a key, never back in time."""
    for key, (at, address) in uses.items():
        rows = ApiKey.objects.filter(key=key).exclude(last_used_at__gt=at)
        rows.update(last_used_at=at, last_used_address=address or None)


def open_secret(row: ApiKey) -> bytes:
    """The secret that signs. Raises SealError when the row was tampered with or its key is gone."""
    sealed = Sealed(bytes(row.secret_sealed), bytes(row.data_key_sealed), row.kek_id)
    return unseal(sealed, context=seal_context(row))


def seal_context(row: ApiKey) -> bytes:
    """What a sealed secret is bound to."""
    return b"api_key:" + row.key.encode("ascii")


def _set_terms(row: ApiKey, permissions: Iterable[str], addresses: Iterable[str], instruments: Iterable[str]) -> None:
    row.permissions, row.addresses = read_permissions(permissions), read_addresses(addresses)
    row.instruments = read_instruments(instruments)
    refuse_loose_money_rights(row.permissions, row.addresses)


def _set_expiry(row: ApiKey, expires_at: datetime | None) -> None:
    now = timezone.now()
    if expires_at is not None and not now < expires_at <= now + MAX_LIFETIME:
        raise InvalidExpiry
    row.expires_at = expires_at


def _random_text() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(KEY_CHARS))
