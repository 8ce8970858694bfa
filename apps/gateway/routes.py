"""Every lean route of the house, in one table; an address claimed twice is a bug and stops the start."""

from __future__ import annotations

from apps.accounts import live_api as accounts_api
from apps.common.lane import Route, Routes
from apps.fapi import routes as fapi
from apps.gateway import health, market_history_api, markets_api
from apps.orders import api as orders_api
from apps.orders import batch_api
from apps.positions import api as positions_api
from apps.risk import calculator_api


def all_routes() -> Routes:
    """The table of the lane."""
    table: dict[tuple[str, str], Route] = {}
    for part in (
        fapi.ROUTES,
        orders_api.ROUTES,
        batch_api.ROUTES,
        positions_api.ROUTES,
        accounts_api.ROUTES,
        markets_api.ROUTES,
        market_history_api.ROUTES,
        calculator_api.ROUTES,
        health.ROUTES,
    ):
        twice = table.keys() & part.keys()
        if twice:
            raise ValueError(f"routes claimed twice: {sorted(twice)}")
        table.update(part)
    return table
