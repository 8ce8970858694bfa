"""Market rules, changes of state and delistings to look at; admin.py registers them."""

from __future__ import annotations

from apps.instruments.admin_columns import (
    InstrumentFilter,
    InstrumentRowsAdmin,
    moment_column,
    money_column,
    price_column,
    rate_column,
    share_column,
)


class MarketRulesAdmin(InstrumentRowsAdmin):
    list_display = (
        "symbol", "since", "funding_hours", "interest", "cap", "floor", "impact", "breaker_move", "breaker_state",
        "price_protection", "max_conditional_orders",
    )  # fmt: skip
    list_filter = (InstrumentFilter,)
    ordering = ("-seq",)
    since = moment_column("time_ns", "Since")
    interest = rate_column("interest_rate_ppb", "Interest, %")
    cap = rate_column("funding_cap_ppb", "Cap, %")
    floor = rate_column("funding_floor_ppb", "Floor, %")
    impact = money_column("impact_notional_units", "Impact notional")
    breaker_move = share_column("breaker_move_ppm", "Breaker: move, %")
    price_protection = share_column("price_protect_ppm", "Price protection, %")


class TradingStateChangeAdmin(InstrumentRowsAdmin):
    list_display = ("symbol", "state_before", "trading_state", "by_rule", "resumes", "time")
    list_filter = (InstrumentFilter, "trading_state", "by_rule")
    ordering = ("-change_id",)
    resumes = moment_column("resume_ns", "Resumes")
    time = moment_column("time_ns", "Time")


class InstrumentSettlementAdmin(InstrumentRowsAdmin):
    list_display = ("symbol", "price", "positions", "time")
    ordering = ("instrument_id",)
    price = price_column("price_ticks", "Price")
    time = moment_column("time_ns", "Time")
