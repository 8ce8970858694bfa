"""Doors of insurance on the platform lane: what every fund holds and all that moved it, for everybody."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.paging import PageSerializer, page_of
from apps.assets.selectors import get_asset, get_assets
from apps.common.open_view import OpenView
from apps.common.serializers import RefusalSerializer, checked
from apps.instruments.selectors import get_instruments
from apps.insurance.selectors import get_fund, get_fund_history, list_funds
from apps.insurance.serializers import InsuranceEntrySerializer, InsuranceFundSerializer, entry_body, fund_body


class InsuranceFundsView(OpenView):
    @extend_schema(
        operation_id="list_insurance_funds",
        tags=["insurance"],
        responses={200: InsuranceFundSerializer(many=True), 429: RefusalSerializer},
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF passes it
        """What the insurance funds hold."""
        codes = {asset.id: asset.code for asset in get_assets()}
        return Response([fund_body(fund, codes[fund.asset_id]) for fund in list_funds()])


class InsuranceHistoryView(OpenView):
    @extend_schema(
        operation_id="list_insurance_history",
        tags=["insurance"],
        parameters=[PageSerializer],
        responses={
            200: InsuranceEntrySerializer(many=True),
            400: RefusalSerializer,
            404: RefusalSerializer,
            429: RefusalSerializer,
        },
    )
    def get(self, request: Request, asset: str) -> Response:
        """Everything that moved an asset's insurance fund, injections and trades of the fund too."""
        known = get_asset(asset)
        fund = get_fund(known.id) if known is not None else None
        if known is None or fund is None:
            raise NotFound("There is no insurance fund of this asset.")
        wanted = checked(PageSerializer, request.query_params)
        symbols = {spec.id: spec.symbol for spec in get_instruments()}
        rows = get_fund_history(fund, **page_of(wanted))
        return Response([entry_body(row, known.code, symbols) for row in rows])
