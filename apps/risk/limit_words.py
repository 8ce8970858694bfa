"""Limits as people read them."""

from __future__ import annotations

from apps.instruments.types import InstrumentSpec
from apps.risk.types import LimitTerms
from matcher.protocol.units import format_scaled

MONEY_DECIMALS = 8


def words(terms: LimitTerms, spec: InstrumentSpec | None) -> str:
    """The terms in a line for people."""
    said = []
    if terms.max_position_notional_units:
        said.append(f"position up to {format_scaled(terms.max_position_notional_units, MONEY_DECIMALS)}")
    if terms.max_position_lots and spec is not None:
        said.append(f"up to {spec.quantity_text(terms.max_position_lots)} {spec.base_asset}")
    said += [
        f"{count:,} {text}"
        for count, text in (
            (terms.max_open_orders, "open orders"),
            (terms.orders_10s, "orders in 10 s"),
            (terms.orders_1m, "orders in a minute"),
        )
        if count
    ]
    return ", ".join(said) or "no limit"
