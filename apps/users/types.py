"""What the rest of the house may know of a caller."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

PERMISSIONS = ("read", "trade", "transfer", "withdraw")
DEFAULT_PERMISSIONS = ("read", "trade")
KeyType = Literal["hmac", "ed25519"]
KEY_TYPES: tuple[KeyType, ...] = ("hmac", "ed25519")


@dataclass(frozen=True, slots=True)
class UserRef:
    """A person; `account_id` is None until a trading account was made."""

    id: int
    email: str
    is_staff: bool
    account_id: int | None
    created_at: datetime
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class TokenIdentity:
    """The holder of a good access token. Serves as `request.user` of the platform lane."""

    user_id: int
    account_id: int | None
    session_id: str
    is_staff: bool

    @property
    def pk(self) -> int:
        return self.user_id

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class ApiKeyIdentity:
    """The holder of an API key, with what its signatures are checked by and where it may be used.

    `secret` is of an HMAC key, `public_key` (32 bytes) of an Ed25519 key; the other one is empty. No
    `addresses` means any, no `instruments` means all.
    """

    key: str
    secret: bytes = field(repr=False)
    account_id: int
    user_id: int
    permissions: frozenset[str]
    public_key: bytes = b""
    addresses: tuple[str, ...] = ()
    instruments: frozenset[str] = frozenset()
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """A key as its owner may see it again: never with the secret."""

    key: str
    label: str
    account_id: int
    permissions: tuple[str, ...]
    is_active: bool
    created_at: datetime
    key_type: KeyType = "hmac"
    addresses: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    last_used_address: str | None = None


@dataclass(frozen=True, slots=True)
class IssuedApiKey:
    """A new key with its secret, which is shown this once; None for a key whose owner keeps the private half."""

    row: ApiKeyRow
    secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class IdentityCounts:
    """Of what is alive."""

    users: int
    sessions: int
    api_keys: int


@dataclass(frozen=True, slots=True)
class TokenPair:
    """An access token and the refresh token that buys the next pair, once."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    access_expires_s: int
    session_id: str
    device: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class LoginChallenge:
    """The password was right (or a decoy says so): one of the methods finishes the sign-in."""

    challenge: str = field(repr=False)
    methods: tuple[str, ...]
    expires_s: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A live session as its person may see it."""

    id: str
    user_agent: str
    address: str | None
    methods: tuple[str, ...]
    created_at: datetime
    refreshed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class FactorsRow:
    """What stands beside the password."""

    totp: bool
    passkeys: int
    backup_codes_left: int


@dataclass(frozen=True, slots=True)
class TotpSetup:
    """A new authenticator's secret as text, as address and as a picture of that (SVG); shown once."""

    secret: str = field(repr=False)
    otpauth: str = field(repr=False)
    qr_svg: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey as its owner may see it."""

    id: int
    name: str
    is_backed_up: bool
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What the browser needs to use a passkey: `options` go to navigator.credentials, `ceremony` comes back."""

    ceremony: str = field(repr=False)
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """Whether a person may act: disabled, frozen by the `user` or by `staff`, or closed."""

    is_active: bool
    frozen_by: str
    is_closed: bool
    frozen_at: datetime | None = None
    disabled_at: datetime | None = None
