"""Doors of a signed-in person to their own security. What changes it asks for a fresh proof first."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.common.serializers import RefusalSerializer, checked
from apps.users import factors, passkeys, recovery, sessions, step_up
from apps.users import security_serializers as shapes
from apps.users.api import NO_STORE, REFUSED
from apps.users.authentication import caller, place_of
from apps.users.selectors import get_step_up_until, withdrawal_hold_until

CHECK_MAIL = {"status": "check_mail"}
GUARDED = {403: RefusalSerializer, 409: RefusalSerializer, **REFUSED}


class SecurityView(APIView):
    @extend_schema(
        operation_id="get_security", tags=["security"], responses={200: shapes.SecuritySerializer, **REFUSED}
    )
    def get(self, request: Request) -> Response:
        """How I prove who I am, how long the last proof counts, and until when withdrawals rest."""
        me = caller(request)
        body = {
            **asdict(factors.factors_of(me.user_id)),
            "step_up_methods": step_up.step_up_methods(me.user_id),
            "step_up_until": get_step_up_until(me.session_id, step_up.FRESH),
            "withdrawal_hold_until": withdrawal_hold_until(me.user_id),
        }
        return Response(shapes.SecuritySerializer(body).data)


class StepUpView(APIView):
    throttle_scope = "security"

    @extend_schema(
        operation_id="step_up", tags=["security"], request=shapes.StepUpSerializer, responses={204: None, **GUARDED}
    )
    def post(self, request: Request) -> Response:
        """Prove once more who I am; good for five minutes on this session."""
        wanted = checked(shapes.StepUpSerializer, request.data)
        me, place = caller(request), place_of(request)
        if wanted["method"] == "passkey":
            party = passkeys.party_of(request.get_host())
            answer = {"ceremony": wanted["ceremony"], "credential": wanted["credential"]}
            passkeys.step_up(identity=me, party=party, place=place, **answer)
        else:
            proof = wanted["password"] if wanted["method"] == "password" else wanted["code"]
            step_up.step_up(me, method=wanted["method"], proof=proof, place=place)
        return Response(status=204)


class PasswordView(APIView):
    throttle_scope = "security"

    @extend_schema(
        operation_id="change_password",
        tags=["security"],
        request=shapes.NewPasswordSerializer,
        responses={204: None, **GUARDED},
    )
    def post(self, request: Request) -> Response:
        """A new password. My other sessions end, withdrawals rest for 24 hours."""
        step_up.require_step_up(caller(request))
        wanted = checked(shapes.NewPasswordSerializer, request.data)
        recovery.change_password(
            identity=caller(request),
            current=wanted["current_password"],
            password=wanted["new_password"],
            place=place_of(request),
        )
        return Response(status=204)


class EmailView(APIView):
    throttle_scope = "mail"

    @extend_schema(
        operation_id="change_email",
        tags=["security"],
        request=shapes.EmailSerializer,
        responses={202: shapes.DoneSerializer, **GUARDED},
    )
    def post(self, request: Request) -> Response:
        """Move to another address once it is confirmed; the old one is told and can undo it for 7 days."""
        step_up.require_step_up(caller(request))
        wanted = checked(shapes.EmailSerializer, request.data)
        recovery.ask_email_change(identity=caller(request), new_email=wanted["email"], place=place_of(request))
        return Response(CHECK_MAIL, status=202)


class TotpView(APIView):
    throttle_scope = "security"

    @extend_schema(
        operation_id="begin_totp",
        tags=["security"],
        request=None,
        responses={201: shapes.TotpSetupSerializer, **GUARDED},
    )
    def post(self, request: Request) -> Response:
        """A secret for an authenticator app, shown this once; it counts once a code of it is confirmed."""
        step_up.require_step_up(caller(request))
        setup = factors.begin_totp(user_id=caller(request).user_id)
        return Response(shapes.TotpSetupSerializer(setup).data, status=201, headers=NO_STORE)

    @extend_schema(operation_id="remove_totp", tags=["security"], responses={204: None, **GUARDED})
    def delete(self, request: Request) -> Response:
        """Do without the authenticator app."""
        me = caller(request)
        step_up.require_step_up(me)
        factors.remove_totp(user_id=me.user_id, place=place_of(request), keep_session=me.session_id)
        return Response(status=204)


class TotpConfirmView(APIView):
    throttle_scope = "security"

    @extend_schema(
        operation_id="confirm_totp",
        tags=["security"],
        request=shapes.CodeSerializer,
        responses={200: shapes.BackupCodesSerializer, **GUARDED},
    )
    def post(self, request: Request) -> Response:
        """The first code: from now on a sign-in asks for one. Backup codes come with it, shown this once."""
        wanted = checked(shapes.CodeSerializer, request.data)
        me = caller(request)
        step_up.require_step_up(me)
        codes = factors.confirm_totp(
            user_id=me.user_id,
            code=wanted["code"],
            place=place_of(request),
            keep_session=me.session_id,
        )
        return Response({"backup_codes": codes}, headers=NO_STORE)


class BackupCodesView(APIView):
    throttle_scope = "security"

    @extend_schema(
        operation_id="renew_backup_codes",
        tags=["security"],
        request=None,
        responses={201: shapes.BackupCodesSerializer, **GUARDED},
    )
    def post(self, request: Request) -> Response:
        """Ten new backup codes, shown this once; the old ones are good no more."""
        me = caller(request)
        step_up.require_step_up(me)
        codes = factors.renew_backup_codes(user_id=me.user_id, place=place_of(request), keep_session=me.session_id)
        return Response({"backup_codes": codes}, status=201, headers=NO_STORE)


class SessionsView(APIView):
    @extend_schema(
        operation_id="list_sessions",
        tags=["security"],
        responses={200: shapes.SessionSerializer(many=True), **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """Where I am signed in."""
        me = caller(request)
        bodies = [shapes.session_body(row, me.session_id) for row in sessions.list_sessions(me.user_id)]
        return Response(shapes.SessionSerializer(bodies, many=True).data)

    @extend_schema(
        operation_id="end_other_sessions", tags=["security"], responses={200: shapes.EndedSerializer, **REFUSED}
    )
    def delete(self, request: Request) -> Response:
        """End every session of mine but this one."""
        me = caller(request)
        ended = sessions.revoke_sessions_of_user(user_id=me.user_id, reason="logout", but=me.session_id)
        return Response({"ended": ended})


class SessionView(APIView):
    @extend_schema(
        operation_id="end_session", tags=["security"], responses={204: None, 404: RefusalSerializer, **REFUSED}
    )
    def delete(self, request: Request, session_id: UUID) -> Response:
        """End one session of mine."""
        sessions.end_own_session(user_id=caller(request).user_id, session_id=session_id)
        return Response(status=204)
