"""Doors that need no session: links from mails. Those that send a mail answer everybody alike."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.common.open_view import OpenView
from apps.users import recovery, registration
from apps.users import security_serializers as shapes
from apps.users.api import REFUSED
from apps.users.authentication import place_of
from apps.users.security_api import CHECK_MAIL


class ResendView(OpenView):
    throttle_scope = "mail"

    @extend_schema(
        operation_id="resend_verification",
        tags=["auth"],
        request=shapes.EmailSerializer,
        responses={202: shapes.DoneSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Mail the confirmation link once more; at most five mails an hour go to one address."""
        form = shapes.EmailSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        registration.resend(email=form.validated_data["email"])
        return Response(CHECK_MAIL, status=202)


class AskResetView(OpenView):
    throttle_scope = "mail"

    @extend_schema(
        operation_id="ask_password_reset",
        tags=["auth"],
        request=shapes.EmailSerializer,
        responses={202: shapes.DoneSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Mail a link to choose a new password by."""
        form = shapes.EmailSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        recovery.ask_reset(email=form.validated_data["email"], place=place_of(request))
        return Response(CHECK_MAIL, status=202)


class ConfirmEmailView(OpenView):
    throttle_scope = "challenge"

    @extend_schema(
        operation_id="confirm_email_change",
        tags=["auth"],
        request=shapes.LinkSerializer,
        responses={204: None, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """The new address is mine: the account moves to it."""
        form = shapes.LinkSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        recovery.confirm_email_change(**form.validated_data, place=place_of(request))
        return Response(status=204)


class UndoEmailView(OpenView):
    throttle_scope = "challenge"

    @extend_schema(
        operation_id="undo_email_change",
        tags=["auth"],
        request=shapes.LinkSerializer,
        responses={204: None, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """It was not me: the old address comes back, nobody stays signed in, a new password is to be chosen."""
        form = shapes.LinkSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        recovery.undo_email_change(**form.validated_data, place=place_of(request))
        return Response(status=204)
