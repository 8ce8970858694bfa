"""The limits' door on the platform lane: what the caller may hold, keep open and send."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import list_accounts_of_user
from apps.common.serializers import RefusalSerializer
from apps.instruments.selectors import get_instruments
from apps.risk.selectors import list_limits_of
from apps.risk.serializers import AccountLimitsSerializer, limit_body
from apps.users.authentication import caller


class LimitsView(APIView):
    @extend_schema(
        operation_id="get_risk_limits",
        tags=["risk"],
        responses={200: AccountLimitsSerializer(many=True), 401: RefusalSerializer, 429: RefusalSerializer},
    )
    def get(self, request: Request) -> Response:
        """Limits of my accounts, besides those of the instruments: positions, open orders, and how many orders I may send."""
        specs = {spec.id: spec for spec in get_instruments()}
        return Response(
            [
                {"account_id": account.id, "limits": [limit_body(row, specs) for row in list_limits_of(account.id)]}
                for account in list_accounts_of_user(caller(request).user_id)
            ]
        )
