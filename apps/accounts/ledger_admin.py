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


class TransferAdmin(InstrumentRowsAdmin):
    list_display = ("seq", "from_account_id", "to_account_id", "amount", "asset", "reference", "time")
    list_filter = ("asset_id",)
    search_fields = ("=from_account_id", "=to_account_id", "=reference")
    search_help_text = "Account number or reference"
    ordering = ("-seq",)
    amount = money_column("amount_units", "Amount")
    time = moment_column("time_ns", "Time")


class ConversionAdmin(InstrumentRowsAdmin):
    list_display = ("conversion_id", "account_id", "sold_asset_id", "sold", "bought_asset_id", "bought", "time")
    search_fields = ("=account_id", "=seq")
    search_help_text = "Account or command number"
    ordering = ("-conversion_id",)
    sold = money_column("sold_units", "Sold")
    bought = money_column("bought_units", "Bought")
    time = moment_column("time_ns", "Time")


class AccountModeAdmin(InstrumentRowsAdmin):
    list_display = ("account_id", "position_mode", "multi_assets", "updated")
    list_filter = ("position_mode", "multi_assets")
    search_fields = ("=account_id",)
    ordering = ("account_id",)
    updated = moment_column("updated_ns", "Updated")
