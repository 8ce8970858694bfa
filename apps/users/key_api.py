"""Doors of one API key on the platform lane; making one asks for an account, so that door is in its room."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.common.serializers import RefusalSerializer, checked
from apps.users.api_keys import change_api_key, revoke_api_key
from apps.users.authentication import caller
from apps.users.key_serializers import ApiKeySerializer, ApiKeyTermsSerializer
from apps.users.services import require_step_up

REFUSED = {400: RefusalSerializer, 401: RefusalSerializer, 429: RefusalSerializer}


class ApiKeyView(APIView):
    @extend_schema(
        operation_id="change_api_key",
        tags=["api keys"],
        parameters=[OpenApiParameter("key", str, OpenApiParameter.PATH)],
        request=ApiKeyTermsSerializer,
        responses={200: ApiKeySerializer, 403: RefusalSerializer, 404: RefusalSerializer, **REFUSED},
    )
    def patch(self, request: Request, key: str) -> Response:
        """New terms of a live key; what is left out stays as it is. Its open sockets end. Asks for a fresh proof."""
        require_step_up(caller(request))
        wanted = checked(ApiKeyTermsSerializer, request.data, partial=True)
        row = change_api_key(user_id=caller(request).user_id, key=key, **wanted)
        return Response(ApiKeySerializer(row).data)

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
