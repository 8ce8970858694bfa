"""Doors of API keys where they meet accounts: whose keys there are, and a new one for an account of mine."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import REFUSED, own_account
from apps.common.serializers import RefusalSerializer, checked
from apps.users.api_keys import create_api_key
from apps.users.authentication import caller
from apps.users.key_serializers import ApiKeySerializer, IssuedApiKeySerializer, NewApiKeySerializer
from apps.users.selectors import list_api_keys
from apps.users.services import require_step_up


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
        responses={
            201: IssuedApiKeySerializer,
            403: RefusalSerializer,
            404: RefusalSerializer,
            409: RefusalSerializer,
            **REFUSED,
        },
    )
    def post(self, request: Request) -> Response:
        """A new key. The secret is in this answer and nowhere else, ever.

        Rights over money (transfer, withdraw) are given only together with a list of addresses. Asks for a fresh proof
        of who I am (POST /auth/step-up).
        """
        require_step_up(caller(request))
        wanted = checked(NewApiKeySerializer, request.data)
        if "account_id" in wanted:
            own_account(request, wanted["account_id"])
        issued = create_api_key(user_id=caller(request).user_id, **wanted)
        body = IssuedApiKeySerializer({**asdict(issued.row), "secret": issued.secret}).data
        return Response(body, status=201, headers={"Cache-Control": "no-store"})
