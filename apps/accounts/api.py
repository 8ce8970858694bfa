"""Doors of accounts on the platform lane: accounts, their ledger and transfers."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import selectors
from apps.accounts.engine import list_live_balances
from apps.accounts.errors import UnknownAccount
from apps.accounts.paging import PageSerializer, page_of
from apps.accounts.serializers import (
    AccountSerializer,
    DoneTransferSerializer,
    LedgerRowSerializer,
    NewAccountSerializer,
    NewTransferSerializer,
    TransferSerializer,
    WalletSerializer,
    account_body,
    done_transfer_body,
    ledger_body,
    transfer_body,
    wallet_body,
)
from apps.accounts.services import transfer
from apps.accounts.sub_accounts import open_sub_account
from apps.accounts.types import AccountRef
from apps.assets.selectors import get_assets
from apps.common.serializers import RefusalSerializer, checked
from apps.instruments.selectors import get_instruments
from apps.users.authentication import caller, client_address

REFUSED = {400: RefusalSerializer, 401: RefusalSerializer, 429: RefusalSerializer}


class AccountsView(APIView):
    @extend_schema(
        operation_id="list_accounts",
        tags=["accounts"],
        responses={200: AccountSerializer(many=True), **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """My trading accounts."""
        me = caller(request)
        return Response([account_body(one, me.account_id) for one in selectors.list_accounts_of_user(me.user_id)])

    @extend_schema(
        operation_id="open_account",
        tags=["accounts"],
        request=NewAccountSerializer,
        responses={200: AccountSerializer, 201: AccountSerializer, 409: RefusalSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """A further trading account of mine, with wallets, positions and limits of its own; 200 when I have one so named.

        My accounts never trade with each other while an order asks for self-trade prevention, as it does by default.
        Move money with POST /accounts/{account_id}/transfers, trade with an API key made for the account.
        """
        wanted = checked(NewAccountSerializer, request.data)
        me = caller(request)
        address = client_address(request) or ""
        account, is_new = open_sub_account(user_id=me.user_id, name=wanted["name"], address=address)
        return Response(account_body(account, me.account_id), status=201 if is_new else 200)


class AccountView(APIView):
    @extend_schema(
        operation_id="get_account",
        tags=["accounts"],
        responses={200: AccountSerializer, 404: RefusalSerializer, **REFUSED},
    )
    def get(self, request: Request, account_id: int) -> Response:
        """One of my trading accounts."""
        return Response(account_body(own_account(request, account_id), caller(request).account_id))


class BalancesView(APIView):
    @extend_schema(
        operation_id="list_balances",
        tags=["accounts"],
        responses={
            200: WalletSerializer(many=True),
            404: RefusalSerializer,
            503: RefusalSerializer,
            **REFUSED,
        },
    )
    def get(self, request: Request, account_id: int) -> Response:
        """What one of my accounts holds now, as the engine answers it, and how much of it may be moved."""
        views = list_live_balances(own_account(request, account_id).id)
        codes = {asset.id: asset.code for asset in get_assets()}
        return Response([wallet_body(view, codes) for view in views])


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
        wanted = checked(PageSerializer, request.query_params)
        rows = selectors.get_ledger(account=account.id, **page_of(wanted))
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
        page = checked(PageSerializer, request.query_params)
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
        wanted = checked(NewTransferSerializer, request.data)
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
