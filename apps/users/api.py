"""Doors of identity on the platform lane. Registering is a door of accounts, which a person gets with it."""

from __future__ import annotations

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.common.open_view import OpenView
from apps.common.serializers import RefusalSerializer, checked
from apps.users.authentication import DEVICE_COOKIE, caller, place_of
from apps.users.errors import InvalidToken
from apps.users.security_serializers import ChallengeSerializer, SecondFactorSerializer
from apps.users.selectors import get_user
from apps.users.serializers import (
    CredentialsSerializer,
    RefreshSerializer,
    TokenPairSerializer,
    UserSerializer,
)
from apps.users.services import log_in, log_out, refresh_session
from apps.users.sign_in import finish_log_in
from apps.users.types import LoginChallenge, TokenPair

REFUSED = {400: RefusalSerializer, 401: RefusalSerializer, 429: RefusalSerializer, 503: RefusalSerializer}
NO_STORE = {"Cache-Control": "no-store"}
DEVICE_COOKIE_S = 90 * 24 * 3600


def signed_in(found: TokenPair | LoginChallenge) -> Response:
    """200 with tokens, or 202 with what is still to be proved; the browser keeps its device text."""
    if isinstance(found, LoginChallenge):
        return Response(ChallengeSerializer(found).data, status=202, headers=NO_STORE)
    answer = Response(TokenPairSerializer(found).data, headers=NO_STORE)
    if found.device:
        answer.set_cookie(
            DEVICE_COOKIE, found.device, max_age=DEVICE_COOKIE_S, path="/api/v1/auth", httponly=True,
            secure=settings.SESSION_COOKIE_SECURE, samesite="Strict",
        )  # fmt: skip
    return answer


class LoginView(OpenView):
    throttle_scope = "login"

    @extend_schema(
        operation_id="log_in",
        tags=["auth"],
        request=CredentialsSerializer,
        responses={200: TokenPairSerializer, 202: ChallengeSerializer, 403: RefusalSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Sign in with email and password. 202: a second factor is asked for."""
        wanted = checked(CredentialsSerializer, request.data)
        place = place_of(request)
        return signed_in(log_in(**wanted, address=place.address, user_agent=place.user_agent, device=place.device))


class SecondFactorView(OpenView):
    throttle_scope = "login"

    @extend_schema(
        operation_id="log_in_second_factor",
        tags=["auth"],
        request=SecondFactorSerializer,
        responses={200: TokenPairSerializer, 202: ChallengeSerializer, 403: RefusalSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Finish a sign-in with a code: of the authenticator, a backup code, or one that was mailed."""
        wanted = checked(SecondFactorSerializer, request.data)
        return signed_in(finish_log_in(**wanted, place=place_of(request)))


class RefreshView(OpenView):
    throttle_scope = "refresh"

    @extend_schema(
        operation_id="refresh",
        tags=["auth"],
        request=RefreshSerializer,
        responses={200: TokenPairSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """The next pair of tokens. A refresh token used twice ends its session."""
        wanted = checked(RefreshSerializer, request.data)
        pair = refresh_session(refresh_token=wanted["refresh"])
        return Response(TokenPairSerializer(pair).data, headers=NO_STORE)


class LogoutView(APIView):
    @extend_schema(operation_id="log_out", tags=["auth"], request=None, responses={204: None, **REFUSED})
    def post(self, request: Request) -> Response:
        """End this session: its tokens are dead at once."""
        log_out(session_id=caller(request).session_id)
        return Response(status=204)


class MeView(APIView):
    @extend_schema(operation_id="get_me", tags=["auth"], responses={200: UserSerializer, **REFUSED})
    def get(self, request: Request) -> Response:
        """Who I am."""
        user = get_user(caller(request).user_id)
        if user is None:
            raise InvalidToken
        return Response(UserSerializer(user).data)
