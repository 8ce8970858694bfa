"""What the rest of the house may know of a caller."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

PERMISSIONS = ("read", "trade", "withdraw")


@dataclass(frozen=True, slots=True)
class UserRef:
    """A person; `account_id` is None until a trading account was made."""

    id: int
    email: str
    is_staff: bool
    account_id: int | None
    created_at: datetime


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
    """The holder of an API key, with the secret that signs requests."""

    key: str
    secret: bytes = field(repr=False)
    account_id: int
    user_id: int
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """A key as its owner may see it again: never with the secret."""

    key: str
    label: str
    permissions: tuple[str, ...]
    is_active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class IssuedApiKey:
    """A new key with its secret, which is shown this once."""

    row: ApiKeyRow
    secret: str = field(repr=False)


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
