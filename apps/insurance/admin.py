"""Insurance funds and their changes to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from apps.instruments.admin_columns import InstrumentRowsAdmin, moment_column, money_column
from apps.insurance.models import InsuranceChange, InsuranceFund
from apps.insurance.selectors import get_fund
from matcher.protocol.units import format_scaled


@admin.register(InsuranceFund)
class InsuranceFundAdmin(InstrumentRowsAdmin):
    list_display = ("asset", "account_id", "balance", "since")
    ordering = ("asset_id",)
    since = moment_column("time_ns", "Since")

    @admin.display(description="Balance")
    def balance(self, row: Any) -> str:
        fund = get_fund(row.asset_id)
        return format_scaled(fund.wallet_units if fund is not None else 0, 8)


@admin.register(InsuranceChange)
class InsuranceChangeAdmin(InstrumentRowsAdmin):
    list_display = ("change_id", "cause", "asset", "amount", "balance", "source_account_id", "symbol", "time")
    list_filter = ("cause", "asset_id")
    search_fields = ("=source_account_id", "=seq")
    search_help_text = "Account or command number"
    ordering = ("-change_id",)
    amount = money_column("amount_units", "Amount")
    balance = money_column("wallet_units", "Fund after it")
    time = moment_column("time_ns", "Time")
