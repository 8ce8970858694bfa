"""Funding to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from apps.funding.models import FundingPayment, FundingSample, FundingSettlement
from apps.instruments.admin_columns import (
    InstrumentFilter,
    InstrumentRowsAdmin,
    moment_column,
    money_column,
    price_column,
    quantity_column,
    rate_column,
)


@admin.register(FundingSettlement)
class FundingSettlementAdmin(InstrumentRowsAdmin):
    list_display = ("symbol", "due", "rate", "mark", "samples", "positions", "paid", "received", "residue", "settled")
    list_filter = (InstrumentFilter,)
    ordering = ("-funding_ns", "instrument_id")
    due = moment_column("funding_ns", "For")
    rate = rate_column("rate_ppb", "Rate, %")
    mark = price_column("mark_ticks", "Mark")
    paid = money_column("paid_units", "Paid")
    received = money_column("received_units", "Received")
    residue = money_column("residue_units", "Residue")
    settled = moment_column("time_ns", "Settled")


@admin.register(FundingPayment)
class FundingPaymentAdmin(InstrumentRowsAdmin):
    list_display = ("payment_id", "account_id", "symbol", "position_side", "quantity", "rate", "amount", "asset", "due")
    list_filter = (InstrumentFilter, "position_side")
    search_fields = ("=account_id", "=seq")
    search_help_text = "Account or command number"
    ordering = ("-payment_id",)
    quantity = quantity_column("position_lots", "Position")
    rate = rate_column("rate_ppb", "Rate, %")
    amount = money_column("amount_units", "Amount")
    due = moment_column("funding_ns", "For")


@admin.register(FundingSample)
class FundingSampleAdmin(InstrumentRowsAdmin):
    list_display = ("symbol", "sampled", "index", "bid", "ask", "premium", "average", "predicted", "samples")
    list_filter = (InstrumentFilter,)
    ordering = ("-seq",)
    sampled = moment_column("sample_ns", "Slot")
    index = price_column("index_ticks", "Index")
    premium = rate_column("premium_ppb", "Premium, %")
    average = rate_column("average_premium_ppb", "Average, %")
    predicted = rate_column("predicted_rate_ppb", "Predicted rate, %")

    @admin.display(description="Impact bid", ordering="impact_bid_microticks")
    def bid(self, row: Any) -> str:
        return self.text_of_price(row, row.impact_bid_microticks // 10**6)

    @admin.display(description="Impact ask", ordering="impact_ask_microticks")
    def ask(self, row: Any) -> str:
        return self.text_of_price(row, row.impact_ask_microticks // 10**6)
