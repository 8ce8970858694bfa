"""The only door to the JWT library: signs and reads our two kinds of token.

Claims: `user_id`, `sid` (the session), `jti` (for a refresh token the one that is good right now).
A token that reads well is not yet a caller: services.py asks the session table as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from apps.users.errors import InvalidToken
from apps.users.types import TokenPair

MAX_TOKEN_CHARS = 2048


@dataclass(frozen=True, slots=True)
class Claims:
    """What a good signature vouches for."""

    user_id: int
    session_id: UUID
    jti: str


def issue(*, user_id: int, session_id: UUID, jti: str) -> TokenPair:
    """A pair for the session; `jti` becomes the refresh token's."""
    refresh = RefreshToken()
    refresh["user_id"], refresh["sid"], refresh["jti"] = user_id, str(session_id), jti
    access = refresh.access_token
    lifetime = settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"]
    return TokenPair(
        access=str(access),
        refresh=str(refresh),
        access_expires_s=int(lifetime.total_seconds()),
        session_id=str(session_id),
    )


def read_access(text: str) -> Claims:
    """Raises InvalidToken unless it is an access token of ours that has not expired."""
    return _read(AccessToken, text)


def read_refresh(text: str) -> Claims:
    """Raises InvalidToken unless it is a refresh token of ours that has not expired."""
    return _read(RefreshToken, text)


def _read(kind: type[Token], text: str) -> Claims:
    if len(text) > MAX_TOKEN_CHARS or not text.isascii():
        raise InvalidToken
    raw: Any = text
    try:
        token = kind(raw)
        claims = Claims(user_id=int(token["user_id"]), session_id=UUID(token["sid"]), jti=str(token["jti"]))
    except (TokenError, KeyError, ValueError, TypeError, AttributeError):
        raise InvalidToken from None
    if not 0 < claims.user_id < 2**63:
        raise InvalidToken
    return claims
