"""Compares projected rows with the engine's own state, and takes images of all projected tables."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import Balance
from apps.accounts.selectors import get_house_totals
from apps.accounts.types import HouseTotals
from apps.orders.models import Order
from apps.positions.selectors import get_positions
from apps.projection.dispatch import PROJECTED_MODELS
from matcher.protocol.enums import OrderType
from matcher.protocol.views import AssetView, BalanceView, OrderView, PositionView

OPEN = (0, 1)


def assert_orders_equal(views: list[OrderView]) -> None:
    """Every open order of the engine is an open row with the same facts, and no other row is open.

    A row keeps the sibling that was named to it; the engine forgets one that is gone.
    """
    by_id = {view.order_id: view for view in views}
    rows = {row.order_id: row for row in Order.objects.filter(status__in=OPEN)}
    assert rows.keys() == by_id.keys()
    for order_id, view in by_id.items():
        row = rows[order_id]
        expected = view.as_dict() | {"client_order_id": view.client_order_id.decode(), "account_id": view.account}
        expected |= {"instrument_id": view.instrument}
        for name in ("account", "instrument", "waiting", "watermark_ticks"):
            del expected[name]
        expected["linked_order_id"] = expected["linked_order_id"] or row.linked_order_id
        assert {name: getattr(row, name) for name in expected} == expected
        assert view.waiting == (row.order_type >= OrderType.STOP and row.triggered_ns == 0)


def assert_account_equals(account: int, balances: list[BalanceView], positions: list[PositionView]) -> None:
    """Wallets, legs, cost, realized profit, isolated margin and settings as the engine answers them."""
    wallets = {view.asset: view.wallet_units for view in balances}
    assert {row.asset_id: row.wallet_units for row in Balance.objects.filter(account_id=account)} == wallets
    rows = {(row.instrument_id, row.position_side): row for row in get_positions(account)}
    for view in positions:
        row = rows.pop((view.instrument, view.position_side), None)
        if row is None:
            assert (view.position_lots, view.cost_units, view.isolated_units) == (0, 0, 0)
            continue
        held = (row.position_lots, row.cost_units, row.realized_pnl_units, row.isolated_units, row.margin_mode)
        told = (view.position_lots, view.cost_units, view.realized_pnl_units, view.isolated_units, view.margin_mode)
        assert held == told
        assert row.leverage in {0, view.leverage}
    assert not rows


def assert_house_equals(assets: list[AssetView], seq: int) -> None:
    """Fee income, clearing, conversion and outside money of the ledger as the engine keeps them; nothing in transit."""
    totals = get_house_totals(seq)
    for view in assets:
        found = totals.get(view.asset, HouseTotals(0, 0, 0, 0, 0))
        assert found == HouseTotals(
            view.fee_income_units, view.clearing_units, view.external_units, view.conversion_units, 0
        )


def table_images() -> dict[str, list[tuple[Any, ...]]]:
    """All projected rows, every column, by table and key."""
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in PROJECTED_MODELS}
