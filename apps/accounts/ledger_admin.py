"""Balances and ledger legs to look at; admin.py registers them."""

from __future__ import annotations

from apps.instruments.admin_columns import InstrumentRowsAdmin, moment_column, money_column


class BalanceAdmin(InstrumentRowsAdmin):
    list_display = ("account_id", "asset", "wallet", "updated")
    list_filter = ("asset_id",)
    search_fields = ("=account_id",)
    search_help_text = "Account number"
    ordering = ("balance_id",)
    wallet = money_column("wallet_units", "Wallet")
    updated = moment_column("updated_ns", "Updated")


class LedgerEntryAdmin(InstrumentRowsAdmin):
    list_display = (
        "entry_id", "seq", "part", "book", "kind", "account_id", "amount", "asset", "symbol", "trade_id", "reference",
    )  # fmt: skip
    list_filter = ("book", "kind", "asset_id")
    search_fields = ("=account_id", "=seq", "=trade_id", "=reference")
    search_help_text = "Account, command or trade number, or a deposit's reference"
    ordering = ("-entry_id",)
    amount = money_column("amount_units", "Amount")
