"""Doors by which a person comes, freezes and leaves."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import standing
from apps.common.open_view import OpenView
from apps.common.serializers import RefusalSerializer, checked
from apps.users.authentication import caller, place_of
from apps.users.security_serializers import DoneSerializer, LinkAndPasswordSerializer, LinkSerializer
from apps.users.serializers import CredentialsSerializer
from apps.users.services import require_step_up

REFUSED = {400: RefusalSerializer, 401: RefusalSerializer, 429: RefusalSerializer, 503: RefusalSerializer}
CHECK_MAIL = {"status": "check_mail"}


class RegisterView(OpenView):
    throttle_scope = "register"

    @extend_schema(
        operation_id="register",
        tags=["auth"],
        request=CredentialsSerializer,
        responses={202: DoneSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Become a user with a trading account. A taken address gets the same answer, and its owner a mail.

        Next: open the mailed link (POST /auth/verify-email), then sign in. A local family lets you sign in at once.
        """
        wanted = checked(CredentialsSerializer, request.data)
        standing.sign_up(**wanted, place=place_of(request))
        return Response(CHECK_MAIL, status=202)


class VerifyEmailView(OpenView):
    throttle_scope = "challenge"

    @extend_schema(operation_id="verify_email", tags=["auth"], request=LinkSerializer, responses={204: None, **REFUSED})
    def post(self, request: Request) -> Response:
        """The address is mine, says the link that was mailed to it."""
        wanted = checked(LinkSerializer, request.data)
        standing.confirm(**wanted, place=place_of(request))
        return Response(status=204)


class ResetPasswordView(OpenView):
    throttle_scope = "challenge"

    @extend_schema(
        operation_id="reset_password",
        tags=["auth"],
        request=LinkAndPasswordSerializer,
        responses={204: None, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Choose a new password by a mailed link. Every session ends, withdrawals rest for 24 hours."""
        wanted = checked(LinkAndPasswordSerializer, request.data)
        standing.reset_password(**wanted, place=place_of(request))
        return Response(status=204)


class FreezeView(APIView):
    @extend_schema(operation_id="freeze_me", tags=["security"], request=None, responses={204: None, **REFUSED})
    def post(self, request: Request) -> Response:
        """Stop everything at once: my sessions, my keys, my accounts. A link in a mail and my password undo it."""
        standing.freeze(user_id=caller(request).user_id, place=place_of(request))
        return Response(status=204)


class UnfreezeView(OpenView):
    throttle_scope = "login"

    @extend_schema(
        operation_id="unfreeze_me",
        tags=["auth"],
        request=LinkAndPasswordSerializer,
        responses={204: None, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Open my account again, which I froze. Withdrawals rest for 24 hours."""
        wanted = checked(LinkAndPasswordSerializer, request.data)
        standing.unfreeze_own(**wanted, place=place_of(request))
        return Response(status=204)


class CloseView(APIView):
    @extend_schema(
        operation_id="close_me",
        tags=["security"],
        request=None,
        responses={204: None, 403: RefusalSerializer, 409: RefusalSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Close my account for good. Only without positions, orders and money."""
        require_step_up(caller(request))
        standing.close(user_id=caller(request).user_id, place=place_of(request))
        return Response(status=204)
