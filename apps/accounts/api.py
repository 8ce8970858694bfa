"""Doors of accounts on the platform lane: registering, accounts and the ledger."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import selectors
from apps.accounts.errors import UnknownAccount
from apps.accounts.paging import PageSerializer, page_of
from apps.accounts.serializers import (
    AccountSerializer,
    DoneTransferSerializer,
    LedgerRowSerializer,
    NewTransferSerializer,
    RegisteredSerializer,
    TransferSerializer,
    account_body,
    done_transfer_body,
    ledger_body,
    transfer_body,
)
from apps.accounts.services import register_trader, transfer
from apps.accounts.types import AccountRef
from apps.assets.selectors import get_assets
from apps.common.serializers import RefusalSerializer
from apps.instruments.selectors import get_instruments
from apps.users.authentication import caller, client_address
from apps.users.serializers import CredentialsSerializer, UserSerializer
from apps.users.services import open_session

REFUSED = {400: RefusalSerializer, 401: RefusalSerializer, 429: RefusalSerializer}


class RegisterView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "register"

    @extend_schema(
        operation_id="register",
        tags=["auth"],
        request=CredentialsSerializer,
        responses={
            201: RegisteredSerializer,
            400: RefusalSerializer,
            409: RefusalSerializer,
            429: RefusalSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """Become a user with a trading account, signed in."""
        form = CredentialsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = register_trader(**form.validated_data)
        pair = open_session(
            user_id=user.id,
            address=client_address(request),
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
        )
        body: dict[str, Any] = {**asdict(pair), "user": UserSerializer(user).data}
        return Response(body, status=201)


class AccountsView(APIView):
    @extend_schema(
        operation_id="list_accounts",
        tags=["accounts"],
        responses={200: AccountSerializer(many=True), **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """My trading accounts."""
        return Response([account_body(account) for account in selectors.list_accounts_of_user(caller(request).user_id)])


class AccountView(APIView):
    @extend_schema(
        operation_id="get_account",
        tags=["accounts"],
        responses={200: AccountSerializer, 404: RefusalSerializer, **REFUSED},
    )
    def get(self, request: Request, account_id: int) -> Response:
        """One of my trading accounts."""
        return Response(account_body(own_account(request, account_id)))


class LedgerView(APIView):
    @extend_schema(
        operation_id="list_ledger",
        tags=["accounts"],
        parameters=[PageSerializer],
        responses={200: LedgerRowSerializer(many=True), 404: RefusalSerializer, **REFUSED},
    )
    def get(self, request: Request, account_id: int) -> Response:
        """What changed my wallets."""
        account = own_account(request, account_id)
        form = PageSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        rows = selectors.get_ledger(account=account.id, **page_of(form.validated_data))
        codes = {asset.id: asset.code for asset in get_assets()}
        symbols = {spec.id: spec.symbol for spec in get_instruments()}
        return Response([ledger_body(row, codes, symbols) for row in rows])


class TransfersView(APIView):
    @extend_schema(
        operation_id="list_transfers",
        tags=["accounts"],
        parameters=[PageSerializer],
        responses={200: TransferSerializer(many=True), 404: RefusalSerializer, **REFUSED},
    )
    def get(self, request: Request, account_id: int) -> Response:
        """What went from this account to another or came from one, newest first."""
        account = own_account(request, account_id)
        form = PageSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        page: dict[str, Any] = form.validated_data
        rows = selectors.get_transfers(account.id, limit=page["limit"], offset=page["offset"])
        codes = {asset.id: asset.code for asset in get_assets()}
        return Response([transfer_body(row, codes) for row in rows])

    @extend_schema(
        operation_id="transfer",
        tags=["accounts"],
        request=NewTransferSerializer,
        responses={
            200: DoneTransferSerializer,
            404: RefusalSerializer,
            409: RefusalSerializer,
            503: RefusalSerializer,
            **REFUSED,
        },
    )
    def post(self, request: Request, account_id: int) -> Response:
        """Move what is free to another of my accounts, once per reference."""
        form = NewTransferSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted: dict[str, Any] = form.validated_data
        giver, receiver = own_account(request, account_id), own_account(request, wanted["to_account_id"])
        result = transfer(
            from_account_id=giver.id,
            to_account_id=receiver.id,
            asset_code=wanted["asset"],
            amount_units=wanted["amount"],
            reference=wanted["reference"],
        )
        return Response(done_transfer_body(result))


def own_account(request: Request, account_id: int) -> AccountRef:
    """The caller's account of that number; somebody else's looks like none."""
    account = selectors.get_account(account_id)
    if account is None or account.user_id != caller(request).user_id:
        raise UnknownAccount
    return account
