"""Doors of funding on the platform lane: an instrument's history and samples for everybody, payments for their account."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import own_account
from apps.accounts.paging import InstrumentPageSerializer, PageSerializer, page_of
from apps.common.open_view import OpenView
from apps.common.serializers import RefusalSerializer, checked
from apps.funding.selectors import get_payments, get_samples, get_settlements
from apps.funding.serializers import (
    FundingPaymentSerializer,
    FundingSampleSerializer,
    FundingSettlementSerializer,
    payment_body,
    sample_body,
    settlement_body,
)
from apps.instruments.api import known_instrument
from apps.instruments.selectors import get_instruments

OPEN = {400: RefusalSerializer, 404: RefusalSerializer, 429: RefusalSerializer}


class FundingHistoryView(OpenView):
    @extend_schema(
        operation_id="list_funding",
        tags=["funding"],
        parameters=[PageSerializer],
        responses={200: FundingSettlementSerializer(many=True), **OPEN},
    )
    def get(self, request: Request, symbol: str) -> Response:
        """What was paid for holding an instrument, and why so much."""
        spec = known_instrument(symbol)
        rows = get_settlements(spec.id, **page_of(_wanted(request, PageSerializer)))
        return Response([settlement_body(row, spec) for row in rows])


class FundingSamplesView(OpenView):
    @extend_schema(
        operation_id="list_funding_samples",
        tags=["funding"],
        parameters=[PageSerializer],
        responses={200: FundingSampleSerializer(many=True), **OPEN},
    )
    def get(self, request: Request, symbol: str) -> Response:
        """The premium samples a funding rate is made from, with their inputs."""
        spec = known_instrument(symbol)
        rows = get_samples(spec.id, **page_of(_wanted(request, PageSerializer)))
        return Response([sample_body(row, spec) for row in rows])


class FundingPaymentsView(APIView):
    @extend_schema(
        operation_id="list_funding_payments",
        tags=["funding"],
        parameters=[InstrumentPageSerializer],
        responses={200: FundingPaymentSerializer(many=True), 401: RefusalSerializer, **OPEN},
    )
    def get(self, request: Request, account_id: int) -> Response:
        """What my positions paid and received."""
        account = own_account(request, account_id)
        wanted = _wanted(request, InstrumentPageSerializer)
        chosen = known_instrument(wanted["symbol"]).id if "symbol" in wanted else None
        specs = {spec.id: spec for spec in get_instruments()}
        rows = get_payments(account.id, chosen, **page_of(wanted))
        return Response([payment_body(row, specs[row.instrument_id]) for row in rows])


def _wanted(request: Request, shape: type[PageSerializer]) -> dict[str, Any]:
    return checked(shape, request.query_params)
