"""Smaller questions of the market: insurance, collateral indexes, deleveraging risk, hours, what an index is made of."""

from __future__ import annotations

import time
from typing import Any

from apps.accounts.live_state import get_live_account, get_live_assets
from apps.common.lane import LaneError, LaneRequest, LaneResponse, answer
from apps.common.rows import ask
from apps.fapi import formats, values
from apps.fapi.account import asset_code
from apps.fapi.market import depth_object
from apps.feeds.hub import get_hub
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.insurance.selectors import list_funds
from apps.marketdata.index_selectors import get_index_parts
from matcher.protocol.units import PPB
from matcher.protocol.views import AssetView

RPI_DEPTH_LIMIT = 1000
# A fund is judged by how much of the instrument's maintenance margins it could pay.
ADL_RISK_LOW, ADL_RISK_MEDIUM = 1.0, 0.25


def _now_ms() -> int:
    return time.time_ns() // formats.NS_PER_MS


async def get_rpi_depth(request: LaneRequest) -> LaneResponse:
    """The whole book: no order hides from anybody."""
    spec = await values.instrument(request.params)
    limit = values.integer(request.params, "limit")
    if limit not in {None, RPI_DEPTH_LIMIT}:
        raise LaneError(-4021, f"{limit} is not valid depth limit", name="INVALID_LIMIT")
    return answer(depth_object(spec, RPI_DEPTH_LIMIT))


async def get_constituents(request: LaneRequest) -> LaneResponse:
    """The sources of a symbol's index as they were when it was last made."""
    spec = await values.instrument(request.params)
    parts = await ask(get_index_parts, spec.id)
    total = sum(part.weight for part in parts) or 1
    rows = [
        {
            "exchange": part.source,
            "symbol": f"{spec.base_asset}{spec.quote_asset}",
            "price": formats.plain(formats.money(part.price_units)),
            "weight": f"{part.weight / total:.8f}",
        }
        for part in parts
    ]
    return answer({"symbol": spec.symbol, "time": _now_ms(), "constituents": rows})


async def get_asset_index(request: LaneRequest) -> LaneResponse:
    """What assets count for as collateral; -1121 for a `symbol` that is none of them."""
    wanted = request.params.get("symbol", "")
    views = [view for view in (await get_live_assets()).values() if view.price_units]
    rows = [_asset_index(view) for view in views]
    if not wanted:
        return answer(rows)
    found = next((row for row in rows if row["symbol"] == wanted), None)
    if found is None:
        raise LaneError(-1121, "Invalid symbol.", name="UNKNOWN_INSTRUMENT")
    return answer(found)


def _asset_index(view: AssetView) -> dict[str, Any]:
    counted = view.price_units - -(-view.price_units * view.haircut_ppb // PPB)
    haircut, nothing = formats.rate(view.haircut_ppb), "0.00000000"
    index, bid = formats.money(view.price_units), formats.money(counted)
    return {
        "symbol": f"{asset_code(view.asset)}USD",
        "time": _now_ms(),
        "index": index,
        "bidBuffer": haircut,
        "askBuffer": nothing,
        "bidRate": bid,
        "askRate": index,
        "autoExchangeBidBuffer": nothing,
        "autoExchangeAskBuffer": nothing,
        "autoExchangeBidRate": index,
        "autoExchangeAskRate": index,
    }


async def get_index_info(request: LaneRequest) -> LaneResponse:
    """No instrument here follows a basket of others."""
    await values.optional_instrument(request.params)
    return answer([])


async def get_insurance_balance(request: LaneRequest) -> LaneResponse:
    """Funds with the symbols they stand behind: one object for a `symbol`, else a list."""
    spec = await values.optional_instrument(request.params)
    funds = {fund.asset_id: fund for fund in await ask(list_funds)}
    wanted = [spec] if spec is not None else get_catalog().all()
    rows = []
    for asset_id in sorted({one.settlement_asset_id for one in wanted}):
        fund = funds.get(asset_id)
        rows.append(
            {
                "symbols": [one.symbol for one in wanted if one.settlement_asset_id == asset_id],
                "assets": [
                    {
                        "asset": asset_code(asset_id),
                        "marginBalance": formats.money(fund.wallet_units if fund is not None else 0),
                        "updateTime": formats.ms(fund.updated_ns) if fund is not None else 0,
                    }
                ],
            }
        )
    return answer(rows[0] if spec is not None else rows)


async def get_adl_risk(request: LaneRequest) -> LaneResponse:
    """How far the fund would go before positions are deleveraged: low, medium or high."""
    spec = await values.optional_instrument(request.params)
    assets = await get_live_assets()
    wallets: dict[int, int] = {}
    for asset in {one.settlement_asset_id for one in ([spec] if spec is not None else get_catalog().all())}:
        wallets[asset] = await _fund_units(assets.get(asset))
    known = [one for one in ([spec] if spec is not None else get_catalog().all()) if get_hub().knows(one.id)]
    rows = [_adl_risk(one, wallets[one.settlement_asset_id]) for one in known]
    return answer(rows[0] if spec is not None and rows else rows)


async def _fund_units(asset: AssetView | None) -> int:
    if asset is None or not asset.fund_account:
        return 0
    live = await get_live_account(asset.fund_account)
    return sum(view.wallet_units for view in live.balances if view.asset == asset.asset)


def _adl_risk(spec: InstrumentSpec, fund_units: int) -> dict[str, Any]:
    hub = get_hub()
    mark = hub.mark(spec.id)
    held = spec.notional_units(mark.mark_ticks, hub.open_interest(spec.id)) if mark is not None else 0
    maintenance = held * (spec.tiers[0].maintenance_rate_ppb if spec.tiers else 0) // PPB
    cover = fund_units / maintenance if maintenance else ADL_RISK_LOW
    risk = "low" if cover >= ADL_RISK_LOW else "medium" if cover >= ADL_RISK_MEDIUM else "high"
    return {"symbol": spec.symbol, "adlRisk": risk, "updateTime": _now_ms()}


async def get_trading_schedule(_: LaneRequest) -> LaneResponse:
    """Every instrument trades around the clock: no market keeps hours."""
    return answer({"updateTime": _now_ms(), "marketSchedules": {}})
