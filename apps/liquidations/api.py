"""Doors of liquidations on the platform lane: what was done to the caller's account, and why."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import own_account
from apps.accounts.paging import PageSerializer, page_of
from apps.assets.selectors import get_assets
from apps.common.serializers import RefusalSerializer, checked
from apps.instruments.selectors import get_instruments
from apps.liquidations.selectors import get_deleveragings, get_liquidations, get_steps_of
from apps.liquidations.serializers import (
    DeleveragingSerializer,
    LiquidationSerializer,
    deleveraging_body,
    liquidation_body,
)
from apps.liquidations.types import StepRow

REFUSED = {400: RefusalSerializer, 401: RefusalSerializer, 404: RefusalSerializer, 429: RefusalSerializer}


class LiquidationsView(APIView):
    @extend_schema(
        operation_id="list_liquidations",
        tags=["liquidations"],
        parameters=[PageSerializer],
        responses={200: LiquidationSerializer(many=True), **REFUSED},
    )
    def get(self, request: Request, account_id: int) -> Response:
        """My liquidations, step by step."""
        account = own_account(request, account_id)
        rows = get_liquidations(account.id, **_page(request))
        steps: dict[int, list[StepRow]] = {row.liquidation_id: [] for row in rows}
        for step in get_steps_of(steps.keys()):
            steps[step.liquidation_id].append(step)
        specs = {spec.id: spec for spec in get_instruments()}
        codes = {asset.id: asset.code for asset in get_assets()}
        return Response([liquidation_body(row, steps[row.liquidation_id], specs, codes) for row in rows])


class DeleveragingsView(APIView):
    @extend_schema(
        operation_id="list_deleveragings",
        tags=["liquidations"],
        parameters=[PageSerializer],
        responses={200: DeleveragingSerializer(many=True), **REFUSED},
    )
    def get(self, request: Request, account_id: int) -> Response:
        """Receipts of my positions that the deleveraging queue took."""
        account = own_account(request, account_id)
        specs = {spec.id: spec for spec in get_instruments()}
        rows = get_deleveragings(account.id, **_page(request))
        return Response([deleveraging_body(row, specs[row.instrument_id]) for row in rows])


def _page(request: Request) -> dict[str, Any]:
    return page_of(checked(PageSerializer, request.query_params))
