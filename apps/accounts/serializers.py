"""Shapes of the accounts doors: money as decimal text, times in milliseconds."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.accounts.types import AccountRef, LedgerKind, LedgerRow
from apps.users.serializers import TokenPairSerializer, UserSerializer
from matcher.protocol.enums import AccountState
from matcher.protocol.units import format_scaled


class RegisteredSerializer(TokenPairSerializer):
    """The new person, signed in."""

    user = UserSerializer()


class AccountSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.name.lower() for state in AccountState])
    is_open = serializers.BooleanField(help_text="Whether the engine has confirmed the account.")


class LedgerRowSerializer(serializers.Serializer[Any]):
    """One leg of the account's wallet: what changed it, by how much."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    asset = serializers.CharField()
    amount = serializers.CharField()
    symbol = serializers.CharField(allow_null=True)
    trade_id = serializers.IntegerField(allow_null=True)
    reference = serializers.CharField()
    time_ms = serializers.IntegerField()


def account_body(account: AccountRef) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "state": AccountState(account.state).name.lower(),
        "is_open": account.is_open,
    }


def ledger_body(row: LedgerRow, codes: dict[int, str], symbols: dict[int, str]) -> dict[str, Any]:
    """One row with its asset and instrument by name; `codes` and `symbols` by engine number."""
    return {
        "id": row.entry_id,
        "kind": LedgerKind(row.kind).name.lower(),
        "asset": codes[row.asset_id],
        "amount": format_scaled(row.amount_units, 8),
        "symbol": symbols.get(row.instrument_id),
        "trade_id": row.trade_id or None,
        "reference": row.reference,
        "time_ms": row.time_ns // 1_000_000,
    }
