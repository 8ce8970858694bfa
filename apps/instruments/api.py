"""Doors of instruments on the platform lane: open to everybody, answered from rows."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from apps.common.open_view import OpenView
from apps.common.serializers import RefusalSerializer
from apps.instruments.schemas import InstrumentSerializer
from apps.instruments.selectors import get_instrument, get_instruments
from apps.instruments.serializers import instrument_body
from apps.instruments.types import InstrumentSpec


class InstrumentsView(OpenView):
    @extend_schema(
        operation_id="list_instruments",
        tags=["markets"],
        responses={200: InstrumentSerializer(many=True), 429: RefusalSerializer},
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF passes it
        """Every instrument with its terms and risk ladder."""
        return Response([instrument_body(spec) for spec in get_instruments()])


class InstrumentView(OpenView):
    @extend_schema(
        operation_id="get_instrument",
        tags=["markets"],
        responses={200: InstrumentSerializer, 404: RefusalSerializer, 429: RefusalSerializer},
    )
    def get(self, request: Request, symbol: str) -> Response:  # noqa: ARG002 - DRF passes it
        """One instrument with its terms and risk ladder."""
        return Response(instrument_body(known_instrument(symbol)))


def known_instrument(symbol: str) -> InstrumentSpec:
    """Raises NotFound for a symbol nobody lists."""
    spec = get_instrument(symbol)
    if spec is None:
        raise NotFound("There is no such instrument.")
    return spec
