"""Doors of KYC on the platform lane. Everybody sees their own; a document goes in here and never out."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.audit.types import Actor
from apps.common.open_view import OpenView
from apps.common.serializers import RefusalSerializer, checked
from apps.kyc import applications, selectors
from apps.kyc.errors import DeliveryRefused
from apps.kyc.inspection import REASONS, SIZE_BYTES_MAX
from apps.kyc.serializers import (
    ApplicationSerializer,
    DocumentSerializer,
    KycSerializer,
    LevelSerializer,
    LimitsSerializer,
    NewApplicationSerializer,
    NewDocumentSerializer,
    PersonSerializer,
    ProviderEventSerializer,
    TakenSerializer,
    application_body,
    level_body,
    level_name,
    person_of,
    units_text,
)
from apps.kyc.signing import SIGNATURE, TIMESTAMP
from apps.kyc.types import KycLimits, LimitKind
from apps.kyc.uploads import DocumentFormParser
from apps.kyc.webhooks import BODY_BYTES_MAX, ProviderEvent, check_delivery, take_delivery
from apps.users.authentication import caller, client_address
from matcher.protocol.units import format_scaled

REFUSED = {400: RefusalSerializer, 401: RefusalSerializer, 429: RefusalSerializer}
OWN = {404: RefusalSerializer, 409: RefusalSerializer, **REFUSED}
PERSON = {
    "full_name": "Alice Example",
    "birth_date": "1990-05-17",
    "country": "DE",
    "nationality": "FR",
    "address": "1 High Street, 10115 Berlin",
}


def _actor(request: Request) -> Actor:
    return Actor(kind="user", id=str(caller(request).user_id), address=client_address(request) or "")


def _refusal(name: str, status: str, code: str, message: str, **details: Any) -> OpenApiExample:
    value = {"code": code, "message": message, "details": details}
    return OpenApiExample(name, value=value, response_only=True, status_codes=[status])


def limits_body(user_id: int, limits: KycLimits) -> dict[str, Any]:
    return {
        "level": limits.level,
        "max_leverage": limits.max_leverage,
        "daily_deposit": units_text(limits.daily_deposit_units),
        "daily_deposit_used": format_scaled(selectors.get_used_units(user_id, LimitKind.DEPOSIT), 8),
        "daily_withdrawal": units_text(limits.daily_withdrawal_units),
        "daily_withdrawal_used": format_scaled(selectors.get_used_units(user_id, LimitKind.WITHDRAWAL), 8),
    }


class KycView(APIView):
    @extend_schema(operation_id="get_kyc", tags=["kyc"], responses={200: KycSerializer, **REFUSED})
    def get(self, request: Request) -> Response:
        """Where I stand: my level, its limits, and my newest application."""
        user_id = caller(request).user_id
        standing = selectors.get_standing(user_id)
        newest = selectors.list_applications(user_id, limit=1)
        body = {
            "level": standing.limits.level,
            "name": level_name(standing.limits.level),
            "is_held": standing.is_held,
            "expires_at": standing.expires_at,
            "limits": limits_body(user_id, standing.limits),
            "application": newest[0] if newest else None,
        }
        return Response(KycSerializer(body).data)


class LevelsView(APIView):
    @extend_schema(operation_id="list_kyc_levels", tags=["kyc"], responses={200: LevelSerializer(many=True), **REFUSED})
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """The levels, what each allows and which documents it takes."""
        return Response([level_body(terms) for terms in selectors.list_levels()])


class LimitsView(APIView):
    @extend_schema(operation_id="get_kyc_limits", tags=["kyc"], responses={200: LimitsSerializer, **REFUSED})
    def get(self, request: Request) -> Response:
        """What my level allows, and how much of it the last 24 hours have used."""
        user_id = caller(request).user_id
        return Response(limits_body(user_id, selectors.limits_of(user_id)))


class ApplicationsView(APIView):
    @extend_schema(
        operation_id="list_kyc_applications",
        tags=["kyc"],
        responses={200: ApplicationSerializer(many=True), **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """My applications, newest first."""
        found = selectors.list_applications(caller(request).user_id)
        return Response([application_body(application) for application in found])

    @extend_schema(
        operation_id="create_kyc_application",
        tags=["kyc"],
        request=NewApplicationSerializer,
        responses={201: ApplicationSerializer, 409: RefusalSerializer, **REFUSED},
        examples=[
            OpenApiExample("a draft for level 1", value={"level": 1, **PERSON}, request_only=True),
            _refusal("open", "409", "APPLICATION_OPEN", "You have an open application; finish that one first.",
                     application_id="5f0c9f0e-6a0e-4d5e-9a53-0d9c2f6f2f11"),
        ],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Open an application for a level; it is a draft until it is submitted."""
        wanted = checked(NewApplicationSerializer, request.data)
        made = applications.open_application(
            user_id=caller(request).user_id, level=wanted["level"], person=person_of(wanted), actor=_actor(request)
        )
        return Response(application_body(made), status=201)


class ApplicationView(APIView):
    @extend_schema(
        operation_id="get_kyc_application",
        tags=["kyc"],
        responses={200: ApplicationSerializer, 404: RefusalSerializer, **REFUSED},
    )
    def get(self, request: Request, application_id: UUID) -> Response:
        """One of my applications."""
        found = selectors.get_own_application(caller(request).user_id, str(application_id))
        return Response(application_body(found))

    @extend_schema(
        operation_id="correct_kyc_application",
        tags=["kyc"],
        request=PersonSerializer,
        responses={200: ApplicationSerializer, **OWN},
        examples=[OpenApiExample("the person", value=PERSON, request_only=True)],
    )
    def put(self, request: Request, application_id: UUID) -> Response:
        """Correct the person while the application is a draft or needs more."""
        wanted = checked(PersonSerializer, request.data)
        found = applications.correct_application(
            user_id=caller(request).user_id, application_id=str(application_id), person=person_of(wanted)
        )
        return Response(application_body(found))


class DocumentsView(APIView):
    parser_classes = (DocumentFormParser,)
    throttle_scope = "kyc_upload"

    @extend_schema(
        operation_id="add_kyc_document",
        tags=["kyc"],
        request={"multipart/form-data": NewDocumentSerializer},
        responses={201: DocumentSerializer, 415: RefusalSerializer, 503: RefusalSerializer, **OWN},
        examples=[
            _refusal(f"refused: {reason}", "400", "DOCUMENT_REFUSED", words, reason=reason)
            for reason, words in REASONS.items()
        ],
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Add a document. It is known by its content; pictures are encoded anew and lose what the camera noted."""
        wanted = checked(NewDocumentSerializer, request.data)
        file = wanted["file"]
        kept = applications.add_document(
            user_id=caller(request).user_id,
            application_id=str(application_id),
            kind=wanted["kind"],
            file_name=file.name or "",
            content=file.read(SIZE_BYTES_MAX + 1),
        )
        return Response(DocumentSerializer(kept).data, status=201)


class DocumentView(APIView):
    @extend_schema(operation_id="remove_kyc_document", tags=["kyc"], responses={204: None, **OWN})
    def delete(self, request: Request, application_id: UUID, document_id: UUID) -> Response:
        """Remove a document while the application is a draft or needs more."""
        applications.remove_document(
            user_id=caller(request).user_id,
            application_id=str(application_id),
            document_id=str(document_id),
            actor=_actor(request),
        )
        return Response(status=204)


class SubmitView(APIView):
    @extend_schema(
        operation_id="submit_kyc_application",
        tags=["kyc"],
        request=None,
        responses={200: ApplicationSerializer, **OWN},
        examples=[
            _refusal("missing", "409", "DOCUMENTS_MISSING", "Some documents are still missing.", missing=["identity"]),
            _refusal("state", "409", "WRONG_STATE", "The application does not stand where this can be done.",
                     state="in_review"),
        ],
    )  # fmt: skip
    def post(self, request: Request, application_id: UUID) -> Response:
        """Hand the application in for review."""
        found = applications.submit_application(
            user_id=caller(request).user_id, application_id=str(application_id), actor=_actor(request)
        )
        return Response(application_body(found))


class WebhookView(OpenView):
    throttle_scope = "kyc_webhook"

    @extend_schema(
        operation_id="take_kyc_delivery",
        tags=["kyc"],
        request=ProviderEventSerializer,
        parameters=[
            OpenApiParameter(TIMESTAMP, OpenApiTypes.STR, OpenApiParameter.HEADER, required=True),
            OpenApiParameter(SIGNATURE, OpenApiTypes.STR, OpenApiParameter.HEADER, required=True),
        ],
        responses={200: TakenSerializer, **OWN},
        examples=[
            OpenApiExample(
                "approved",
                value={"event_id": "evt-7", "reference": "5f0c9f0e-6a0e-4d5e-9a53-0d9c2f6f2f11", "sequence": 2,
                       "event": "approved", "reason": ""},
                request_only=True,
            ),
            _refusal("not signed", "401", "DELIVERY_REFUSED", "The delivery is not signed as agreed."),
            _refusal("replayed", "409", "DELIVERY_REPLAYED", "This very delivery was taken before."),
        ],
    )  # fmt: skip
    def post(self, request: Request, provider: str) -> Response:
        """For verification providers: an event of a submission, signed over time, method, path and body.

        Every attempt is signed anew; the same event told again is answered `repeated` and changes nothing.
        """
        body = request.body
        if len(body) > BODY_BYTES_MAX:
            raise DeliveryRefused
        proof = check_delivery(provider, request.headers, request.path, body)
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            raise ParseError("The body is not valid JSON.") from None
        wanted = checked(ProviderEventSerializer, told)
        event = ProviderEvent(**{**wanted, "reference": str(wanted["reference"])})
        return Response({"outcome": take_delivery(provider=provider, event=event, proof=proof)})
