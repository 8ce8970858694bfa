"""How near a cross margin group is to its liquidation, from what the engine answers of it.

Amounts are units; a ratio is maintenance / equity in parts per billion, None where equity is used up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matcher.protocol.units import ASSET_UNIT, PPB
from matcher.protocol.views import AssetView, BalanceView, PositionView


def ratio_ppb(maintenance_units: int, equity_units: int) -> int | None:
    """Maintenance over equity: 10**9 and above is liquidated."""
    return maintenance_units * PPB // equity_units if equity_units > 0 else None


def cross_equity(view: BalanceView) -> int:
    """[MAR-003] The wallet without isolated margins, with the profit of cross legs."""
    return int(view.wallet_units - view.isolated_units + view.cross_unrealized_pnl_units)


def cross_ratios(balances: Iterable[BalanceView], collateral: Mapping[int, AssetView] | None) -> dict[int, int | None]:
    """The ratio of each asset's cross group; with `collateral` (multi-asset mode) all assets are one group."""
    views = list(balances)
    if collateral is None:
        return {view.asset: ratio_ppb(view.cross_maintenance_margin_units, cross_equity(view)) for view in views}
    equity = sum(value_units(collateral.get(view.asset), cross_equity(view)) for view in views)
    maintenance = sum(_burden(collateral.get(view.asset), view.cross_maintenance_margin_units) for view in views)
    return dict.fromkeys((view.asset for view in views), ratio_ppb(maintenance, equity))


def isolated_ratio(view: PositionView) -> int | None:
    """The ratio of an isolated leg: a margin group of its own."""
    return ratio_ppb(view.maintenance_margin_units, view.isolated_units + view.unrealized_pnl_units)


def value_units(asset: AssetView | None, balance_units: int) -> int:
    """[MAR-011] What a balance counts for: discounted when it is there, whole when it is owed."""
    if asset is None:
        return 0
    if balance_units < 0:
        return -_burden(asset, -balance_units)
    return balance_units * asset.price_units // ASSET_UNIT * (PPB - asset.haircut_ppb) // PPB


def _burden(asset: AssetView | None, units: int) -> int:
    return 0 if asset is None else -(-units * asset.price_units // ASSET_UNIT)
