"""Shapes of the accounts doors: money as decimal text, times in milliseconds."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.accounts.sub_accounts import NAME_CHARS_MAX
from apps.accounts.types import AccountRef, LedgerKind, LedgerRow, TransferResult, TransferRow
from apps.common.serializers import PlainIntegerField
from matcher.protocol.enums import AccountState
from matcher.protocol.units import format_scaled, parse_scaled
from matcher.protocol.views import BalanceView


class AccountSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.name.lower() for state in AccountState])
    is_open = serializers.BooleanField(help_text="Whether the engine has confirmed the account.")
    is_main = serializers.BooleanField(help_text="The one that my sessions act for, and API keys that name none.")


class NewAccountSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(
        max_length=NAME_CHARS_MAX, help_text="Letters, digits, spaces, dots, dashes, underscores; mine once."
    )


class WalletSerializer(serializers.Serializer[Any]):
    asset = serializers.CharField()
    wallet_balance = serializers.CharField()
    withdrawable_balance = serializers.CharField(help_text="What a transfer may take.")


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


class NewTransferSerializer(serializers.Serializer[Any]):
    """A transfer to another account of the same person; the same reference is carried out once."""

    to_account_id = PlainIntegerField(min_value=1, max_value=2**31 - 1)
    asset = serializers.CharField(max_length=16)
    amount = serializers.CharField(max_length=40, help_text="Decimal text, at most 8 places.")
    reference = serializers.RegexField(r"^[.A-Z:/a-z0-9_-]{1,36}\Z")

    def validate_amount(self, text: str) -> int:
        """The amount in units."""
        try:
            return parse_scaled(text, 8)
        except ValueError:
            raise serializers.ValidationError("A plain decimal with at most 8 places.") from None


class DoneTransferSerializer(serializers.Serializer[Any]):
    """The giver's wallet after it; `repeated`: the reference had been used before and nothing was done now."""

    amount = serializers.CharField()
    wallet_balance = serializers.CharField()
    repeated = serializers.BooleanField()


class TransferSerializer(serializers.Serializer[Any]):
    from_account_id = serializers.IntegerField()
    to_account_id = serializers.IntegerField()
    asset = serializers.CharField()
    amount = serializers.CharField()
    reference = serializers.CharField()
    time_ms = serializers.IntegerField()


def done_transfer_body(result: TransferResult) -> dict[str, Any]:
    return {
        "amount": format_scaled(result.amount_units, 8),
        "wallet_balance": format_scaled(result.wallet_units, 8),
        "repeated": result.repeated,
    }


def transfer_body(row: TransferRow, codes: dict[int, str]) -> dict[str, Any]:
    """`codes` by engine number."""
    return {
        "from_account_id": row.from_account_id,
        "to_account_id": row.to_account_id,
        "asset": codes.get(row.asset_id, str(row.asset_id)),
        "amount": format_scaled(row.amount_units, 8),
        "reference": row.reference,
        "time_ms": row.time_ns // 1_000_000,
    }


def wallet_body(view: BalanceView, codes: dict[int, str]) -> dict[str, str]:
    """`codes` by engine number."""
    return {
        "asset": codes.get(view.asset, str(view.asset)),
        "wallet_balance": format_scaled(view.wallet_units, 8),
        "withdrawable_balance": format_scaled(view.withdrawable_units, 8),
    }


def account_body(account: AccountRef, main_id: int | None) -> dict[str, Any]:
    """`main_id` is the account that the caller's session acts for."""
    return {
        "id": account.id,
        "name": account.name,
        "state": AccountState(account.state).name.lower(),
        "is_open": account.is_open,
        "is_main": account.id == main_id,
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
