"""Balances and ledger legs to look at; admin.py registers them."""

from __future__ import annotations

from apps.common.readonly_admin import ReadOnlyAdmin


class BalanceAdmin(ReadOnlyAdmin):
    list_display = ("account_id", "asset_id", "wallet_units", "updated_ns")
    list_filter = ("asset_id",)
    search_fields = ("=account_id",)
    search_help_text = "Account number"
    ordering = ("balance_id",)


class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = (
        "entry_id", "seq", "part", "book", "kind", "account_id", "asset_id", "amount_units", "trade_id", "reference",
    )  # fmt: skip
    list_filter = ("book", "kind", "asset_id")
    search_fields = ("=account_id", "=seq", "=trade_id", "=reference")
    search_help_text = "Account, command or trade number, or a deposit's reference"
    ordering = ("-entry_id",)
