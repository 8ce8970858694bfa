"""Doors that need no session: links from mails. Those that send a mail answer everybody alike."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.common.open_view import OpenView
from apps.common.serializers import checked
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
        wanted = checked(shapes.EmailSerializer, request.data)
        registration.resend(email=wanted["email"])
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
        wanted = checked(shapes.EmailSerializer, request.data)
        recovery.ask_reset(email=wanted["email"], place=place_of(request))
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
        wanted = checked(shapes.LinkSerializer, request.data)
        recovery.confirm_email_change(**wanted, place=place_of(request))
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
        wanted = checked(shapes.LinkSerializer, request.data)
        recovery.undo_email_change(**wanted, place=place_of(request))
        return Response(status=204)
