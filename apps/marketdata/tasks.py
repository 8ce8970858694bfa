"""Jobs of the market's data: collateral prices (an asset counts at the index of the instrument it underlies
[MAR-012]), open interest, and readings that have grown old.
"""

from __future__ import annotations

import time
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
from apps.marketdata.index_store import forget_readings
from apps.marketdata.interest import sample_interest
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


@shared_task(name="marketdata.sample_interest")  # type: ignore[untyped-decorator]
def sample_interest_round() -> int:
    """How many instruments were counted: none where this step of five minutes was counted before."""
    return sample_interest(now_ns=time.time_ns())


@shared_task(name="marketdata.forget_readings")  # type: ignore[untyped-decorator]
def forget_readings_round() -> int:
    """How many readings of index sources were older than they are kept for."""
    return forget_readings(now_ns=time.time_ns())


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
