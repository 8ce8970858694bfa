"""The terms of an asset take two people, since they decide what positions are backed with."""

from __future__ import annotations

from collections.abc import Callable

from apps.approvals.guarded_rows import guard
from apps.assets.models import Asset
from apps.common.roles import ADMIN, RISK
from apps.common.scaled_field import MONEY, PERCENT_OF_PPB, plain

CHANGE_ASSET = "assets.change"


def guard_assets(*, then: Callable[[], str]) -> None:
    """`then` tells the engine, which this room does not know."""
    guard(
        Asset,
        CHANGE_ASSET,
        title="Change an asset",
        roles=[RISK, ADMIN],
        request_roles=[ADMIN],
        texts={
            "haircut_ppb": lambda value: f"{plain(value, PERCENT_OF_PPB)} %",
            "overdraft_units": lambda value: plain(value, MONEY),
            "fixed_price_units": lambda value: plain(value, MONEY) if value else "of the index",
        },
        then=then,
    )
