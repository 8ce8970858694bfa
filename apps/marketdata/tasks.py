"""Collateral prices as a job: an asset counts at the index of the instrument it underlies [MAR-012]."""

from __future__ import annotations

from typing import cast

import structlog
from celery import shared_task

from apps.accounts.engine import send
from apps.assets.selectors import get_assets
from apps.bridge import services as bridge
from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.common.errors import DomainError
from apps.instruments.selectors import get_instruments
from apps.instruments.services import collateral_command
from apps.instruments.types import ASSET_DECIMALS
from matcher.protocol.views import AssetView, InstrumentView, Query, QueryKind

log = structlog.get_logger(__name__)


@shared_task(name="marketdata.price_collateral")  # type: ignore[untyped-decorator]
def price_collateral() -> int:
    """How many prices changed; an absent engine is told by the next round."""
    try:
        return _price_collateral()
    except (MatcherUnavailable, OutcomeUnknown, DomainError) as error:
        log.warning("collateral.waits", error=str(error))
        return 0


def _price_collateral() -> int:
    moving = {asset.code: asset for asset in get_assets() if asset.is_collateral and not asset.fixed_price_units}
    if not moving:
        return 0
    _, views, _ = bridge.query(Query(kind=QueryKind.INSTRUMENTS))
    _, told, _ = bridge.query(Query(kind=QueryKind.ASSETS))
    index = {view.instrument: view.index_ticks for view in cast("list[InstrumentView]", views)}
    prices = {view.asset: view.price_units for view in cast("list[AssetView]", told)}
    sent = 0
    for spec in get_instruments():
        asset, ticks = moving.get(spec.base_asset), index.get(spec.id, 0)
        if asset is None or not ticks:
            continue
        units = ticks * spec.tick_step * 10 ** (ASSET_DECIMALS - spec.price_decimals)
        # The first listing of an asset prices it; a price that stands need not be told.
        del moving[spec.base_asset]
        if units != prices.get(asset.id):
            send(collateral_command(asset, units))
            sent += 1
    return sent
