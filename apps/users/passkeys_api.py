"""Doors of passkeys: signing in by one, and having some."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.common.open_view import OpenView
from apps.common.serializers import RefusalSerializer, checked
from apps.users import passkeys
from apps.users import security_serializers as shapes
from apps.users.api import NO_STORE, REFUSED, signed_in
from apps.users.authentication import caller, place_of
from apps.users.security_api import GUARDED
from apps.users.serializers import TokenPairSerializer
from apps.users.step_up import require_step_up


class PasskeyOptionsView(OpenView):
    throttle_scope = "challenge"

    @extend_schema(
        operation_id="begin_passkey_log_in",
        tags=["auth"],
        request=shapes.BeginPasskeySerializer,
        responses={200: shapes.CeremonySerializer, 409: RefusalSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """What the browser needs to sign in by passkey: alone, or as the second factor of a challenge."""
        wanted = checked(shapes.BeginPasskeySerializer, request.data)
        party = passkeys.party_of(request.get_host())
        found = passkeys.begin_log_in(party=party, challenge=wanted["challenge"])
        return Response(shapes.CeremonySerializer(found).data, headers=NO_STORE)


class PasskeyLoginView(OpenView):
    throttle_scope = "login"

    @extend_schema(
        operation_id="log_in_by_passkey",
        tags=["auth"],
        request=shapes.PasskeyAnswerSerializer,
        responses={200: TokenPairSerializer, 403: RefusalSerializer, 409: RefusalSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Sign in with what the browser answered."""
        wanted = checked(shapes.PasskeyAnswerSerializer, request.data)
        party = passkeys.party_of(request.get_host())
        return signed_in(passkeys.log_in(party=party, **wanted, place=place_of(request)))


class StepUpOptionsView(APIView):
    throttle_scope = "security"

    @extend_schema(
        operation_id="begin_passkey_step_up",
        tags=["security"],
        request=None,
        responses={200: shapes.CeremonySerializer, **GUARDED},
    )
    def post(self, request: Request) -> Response:
        """What the browser needs to prove by passkey that I am still there."""
        party = passkeys.party_of(request.get_host())
        found = passkeys.begin_step_up(identity=caller(request), party=party)
        return Response(shapes.CeremonySerializer(found).data, headers=NO_STORE)


class PasskeysView(APIView):
    throttle_scope = "security"

    @extend_schema(
        operation_id="list_passkeys", tags=["security"], responses={200: shapes.PasskeySerializer(many=True), **REFUSED}
    )
    def get(self, request: Request) -> Response:
        """My passkeys."""
        rows = passkeys.list_passkeys(caller(request).user_id)
        return Response(shapes.PasskeySerializer(rows, many=True).data)

    @extend_schema(
        operation_id="add_passkey",
        tags=["security"],
        request=shapes.NewPasskeySerializer,
        responses={201: shapes.AddedPasskeySerializer, **GUARDED},
    )
    def post(self, request: Request) -> Response:
        """Keep the passkey that the browser made. The first second factor brings backup codes, shown this once."""
        require_step_up(caller(request))
        wanted = checked(shapes.NewPasskeySerializer, request.data)
        party, place = passkeys.party_of(request.get_host()), place_of(request)
        try:
            row, codes = passkeys.add(identity=caller(request), party=party, place=place, **wanted)
        except ValueError as error:
            raise serializers.ValidationError({"name": [str(error)]}) from None
        body = {"passkey": shapes.PasskeySerializer(row).data, "backup_codes": codes}
        return Response(body, status=201, headers=NO_STORE)


class PasskeyMakingView(APIView):
    throttle_scope = "security"

    @extend_schema(
        operation_id="begin_adding_passkey",
        tags=["security"],
        request=None,
        responses={200: shapes.CeremonySerializer, **GUARDED},
    )
    def post(self, request: Request) -> Response:
        """What the browser needs to make a passkey."""
        require_step_up(caller(request))
        party = passkeys.party_of(request.get_host())
        found = passkeys.begin_adding(user_id=caller(request).user_id, party=party)
        return Response(shapes.CeremonySerializer(found).data, headers=NO_STORE)


class PasskeyView(APIView):
    throttle_scope = "security"
    ID = OpenApiParameter("passkey_id", int, OpenApiParameter.PATH)

    @extend_schema(
        operation_id="rename_passkey",
        tags=["security"],
        parameters=[ID],
        request=shapes.NameSerializer,
        responses={200: shapes.PasskeySerializer, 404: RefusalSerializer, **REFUSED},
    )
    def patch(self, request: Request, passkey_id: int) -> Response:
        """Call it something else."""
        wanted = checked(shapes.NameSerializer, request.data)
        try:
            row = passkeys.rename(user_id=caller(request).user_id, passkey_id=passkey_id, name=wanted["name"])
        except ValueError as error:
            raise serializers.ValidationError({"name": [str(error)]}) from None
        return Response(shapes.PasskeySerializer(row).data)

    @extend_schema(
        operation_id="remove_passkey",
        tags=["security"],
        parameters=[ID],
        responses={204: None, 404: RefusalSerializer, **GUARDED},
    )
    def delete(self, request: Request, passkey_id: int) -> Response:
        """It is good no more."""
        require_step_up(caller(request))
        passkeys.remove(identity=caller(request), passkey_id=passkey_id, place=place_of(request))
        return Response(status=204)
