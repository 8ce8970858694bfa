"""DRF's door to `authenticate_token`: `Authorization: Bearer <access token>`."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.users.attempts import Place
from apps.users.services import authenticate_token
from apps.users.types import TokenIdentity

DEVICE_COOKIE = "device"
DEVICE_CHARS_MAX = 64


class BearerAuthentication(BaseAuthentication):
    """`request.user` becomes a TokenIdentity; no header means nobody, a bad one is refused."""

    def authenticate(self, request: Request) -> tuple[TokenIdentity, None] | None:
        scheme, _, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        identity = authenticate_token(token.strip().decode("latin-1"))
        if identity is None:
            raise AuthenticationFailed("The access token is malformed, expired or revoked.")
        return identity, None

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        return 'Bearer realm="api"'


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = BearerAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002 - a hook's signature
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


def caller(request: Request) -> TokenIdentity:
    """The identity of an authenticated request."""
    identity = request.user
    assert isinstance(identity, TokenIdentity), "the view asks for IsAuthenticated"
    return identity


def client_address(request: Request) -> str | None:
    """Where the connection came from; None where the server does not know (a Unix socket)."""
    address: str | None = request.META.get("REMOTE_ADDR")
    return address or None


def place_of(request: Request) -> Place:
    """Where the request comes from, and the device text that the browser shows."""
    return Place(
        address=client_address(request),
        device=request.COOKIES.get(DEVICE_COOKIE, "")[:DEVICE_CHARS_MAX],
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
    )
