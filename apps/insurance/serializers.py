"""Shapes of the insurance doors: money as decimal text, times in milliseconds."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.accounts.types import LedgerKind
from apps.instruments.serializers import money_text
from apps.insurance.types import FundEntryRow, FundRow

NS_PER_MS = 1_000_000


class InsuranceFundSerializer(serializers.Serializer[Any]):
    asset = serializers.CharField()
    balance = serializers.CharField()
    updated_ms = serializers.IntegerField()


class InsuranceEntrySerializer(serializers.Serializer[Any]):
    """One movement of the fund's money; `kind` as in an account's ledger, `insurance` for surpluses and deficits."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    amount = serializers.CharField()
    asset = serializers.CharField()
    symbol = serializers.CharField(allow_null=True)
    time_ms = serializers.IntegerField()


def fund_body(row: FundRow, code: str) -> dict[str, Any]:
    return {"asset": code, "balance": money_text(row.wallet_units), "updated_ms": row.updated_ns // NS_PER_MS}


def entry_body(row: FundEntryRow, code: str, symbols: dict[int, str]) -> dict[str, Any]:
    """One movement; `symbols` by engine number."""
    return {
        "id": row.entry_id,
        "kind": LedgerKind(row.kind).name.lower(),
        "amount": money_text(row.amount_units),
        "asset": code,
        "symbol": symbols.get(row.instrument_id),
        "time_ms": row.time_ns // NS_PER_MS,
    }
