"""Doors of identity on the platform lane. Registering is a door of accounts, which a person gets with it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.common.serializers import RefusalSerializer
from apps.users.api_keys import create_api_key, revoke_api_key
from apps.users.authentication import caller, client_address
from apps.users.errors import InvalidToken
from apps.users.selectors import get_user, list_api_keys
from apps.users.serializers import (
    ApiKeySerializer,
    CredentialsSerializer,
    IssuedApiKeySerializer,
    NewApiKeySerializer,
    RefreshSerializer,
    TokenPairSerializer,
    UserSerializer,
)
from apps.users.services import log_in, log_out, refresh_session

REFUSED = {400: RefusalSerializer, 401: RefusalSerializer, 429: RefusalSerializer}


class LoginView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "login"

    @extend_schema(
        operation_id="log_in",
        tags=["auth"],
        request=CredentialsSerializer,
        responses={200: TokenPairSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Sign in with email and password."""
        form = CredentialsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        pair = log_in(
            **form.validated_data,
            address=client_address(request),
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
        )
        return Response(TokenPairSerializer(pair).data)


class RefreshView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "refresh"

    @extend_schema(
        operation_id="refresh",
        tags=["auth"],
        request=RefreshSerializer,
        responses={200: TokenPairSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """The next pair of tokens. A refresh token used twice ends its session."""
        form = RefreshSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        pair = refresh_session(refresh_token=form.validated_data["refresh"])
        return Response(TokenPairSerializer(pair).data)


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


class ApiKeysView(APIView):
    @extend_schema(
        operation_id="list_api_keys",
        tags=["api keys"],
        responses={200: ApiKeySerializer(many=True), **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """My keys, newest first, revoked ones too; never their secrets."""
        rows = list_api_keys(caller(request).user_id)
        return Response(ApiKeySerializer(rows, many=True).data)

    @extend_schema(
        operation_id="create_api_key",
        tags=["api keys"],
        request=NewApiKeySerializer,
        responses={201: IssuedApiKeySerializer, 409: RefusalSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """A new key. The secret is in this answer and nowhere else, ever."""
        form = NewApiKeySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted: dict[str, Any] = form.validated_data
        issued = create_api_key(
            user_id=caller(request).user_id, label=wanted["label"], permissions=tuple(wanted["permissions"])
        )
        body = IssuedApiKeySerializer({**asdict(issued.row), "secret": issued.secret}).data
        return Response(body, status=201, headers={"Cache-Control": "no-store"})


class ApiKeyView(APIView):
    @extend_schema(
        operation_id="revoke_api_key",
        tags=["api keys"],
        parameters=[OpenApiParameter("key", str, OpenApiParameter.PATH)],
        responses={204: None, 404: RefusalSerializer, **REFUSED},
    )
    def delete(self, request: Request, key: str) -> Response:
        """Revoke a key for good."""
        revoke_api_key(user_id=caller(request).user_id, key=key)
        return Response(status=204)
