"""Compares projected rows with the engine's own state, and takes images of all projected tables."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum

from apps.accounts.models import Balance, LedgerEntry
from apps.accounts.types import LedgerBook
from apps.orders.models import Order
from apps.positions.models import Position
from apps.projection.dispatch import PROJECTED_MODELS
from matcher.protocol.views import (
    AccountView,
    AssetView,
    BalanceView,
    ClientIdView,
    InstrumentView,
    OrderView,
    PositionView,
    Record,
    StateView,
    TierView,
)

OPEN = (0, 1)


def decode_dump(data: bytes) -> dict[type[Record], list[Any]]:
    """The records of an engine's dump() by class, walked in the order docs/engine.md gives."""
    state = StateView.unpack(data)
    found: dict[type[Record], list[Any]] = {v: [] for v in (AssetView, InstrumentView, TierView, AccountView)}
    found |= {StateView: [state], BalanceView: [], PositionView: [], OrderView: [], ClientIdView: []}
    tail = state.open_orders * OrderView.WIDTH + state.remembered_ids * ClientIdView.WIDTH
    at = len(data) - tail
    for view, count in ((OrderView, state.open_orders), (ClientIdView, state.remembered_ids)):
        for _ in range(count):
            found[view].append(view.unpack(data, at))
            at += view.WIDTH
    return found


def assert_orders_equal(dump: bytes) -> None:
    """Every resting order of the engine is an open row with the same facts, and no other row is open."""
    views = {view.order_id: view for view in decode_dump(dump)[OrderView]}
    rows = {row.order_id: row for row in Order.objects.filter(status__in=OPEN)}
    assert rows.keys() == views.keys()
    for order_id, view in views.items():
        row = rows[order_id]
        expected = view.as_dict() | {"client_order_id": view.client_order_id.decode(), "account_id": view.account}
        expected |= {"instrument_id": view.instrument}
        del expected["account"], expected["instrument"]
        assert {name: getattr(row, name) for name in expected} == expected


def assert_account_equals(account: int, balances: list[BalanceView], positions: list[PositionView]) -> None:
    """Wallets, positions, cost, realized profit and leverage as the engine answers them."""
    wallets = {view.asset: view.wallet_units for view in balances}
    assert {row.asset_id: row.wallet_units for row in Balance.objects.filter(account_id=account)} == wallets
    rows = {row.instrument_id: row for row in Position.objects.filter(account_id=account)}
    for view in positions:
        row = rows.pop(view.instrument, Position())
        held = (row.position_lots or 0, row.cost_units or 0, row.realized_pnl_units or 0)
        assert held == (view.position_lots, view.cost_units, view.realized_pnl_units)
    assert not rows


def assert_house_equals(assets: list[AssetView]) -> None:
    """Fee income, clearing and outside money of the ledger as the engine keeps them."""
    for view in assets:
        totals = {
            LedgerBook(row["book"]): row["total"]
            for row in LedgerEntry.objects.filter(asset_id=view.asset)
            .values("book")
            .annotate(total=Sum("amount_units"))
        }
        assert totals.get(LedgerBook.FEE_INCOME, 0) == view.fee_income_units
        assert totals.get(LedgerBook.CLEARING, 0) == view.clearing_units
        assert totals.get(LedgerBook.EXTERNAL, 0) == -view.external_units


def table_images() -> dict[str, list[tuple[Any, ...]]]:
    """All projected rows, every column, by table and key."""
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in PROJECTED_MODELS}
