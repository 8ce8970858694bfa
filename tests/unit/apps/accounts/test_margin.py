"""Ratios of margin groups, worked out by hand."""

from apps.accounts.margin import cross_ratios, isolated_ratio, value_units
from matcher.protocol.views import AssetView, BalanceView, PositionView

USDT, BTC = 1, 2
UNIT = 10**8


def test_a_cross_group_leaves_isolated_margin_out() -> None:
    view = BalanceView(
        asset=USDT,
        wallet_units=100 * UNIT,
        isolated_units=40 * UNIT,
        cross_unrealized_pnl_units=-10 * UNIT,
        cross_maintenance_margin_units=5 * UNIT,
        maintenance_margin_units=9 * UNIT,
    )
    assert cross_ratios([view], None) == {USDT: 100_000_000}, "5 of 100 - 40 - 10"


def test_used_up_has_no_ratio() -> None:
    assert cross_ratios([BalanceView(asset=USDT)], None) == {USDT: None}
    assert isolated_ratio(PositionView(isolated_units=3, unrealized_pnl_units=-3, maintenance_margin_units=1)) is None


def test_an_isolated_leg_is_a_group_of_its_own() -> None:
    assert isolated_ratio(PositionView(isolated_units=8, unrealized_pnl_units=2, maintenance_margin_units=1)) == 10**8


def test_all_assets_are_one_group_by_value() -> None:
    """Half a bitcoin of 50,000 at 10 % off is 22,500; 500 owed of a dollar count whole."""
    collateral = {
        USDT: AssetView(asset=USDT, price_units=UNIT),
        BTC: AssetView(asset=BTC, price_units=50_000 * UNIT, haircut_ppb=100_000_000),
    }
    views = [
        BalanceView(asset=USDT, wallet_units=-500 * UNIT, cross_maintenance_margin_units=220 * UNIT),
        BalanceView(asset=BTC, wallet_units=UNIT // 2),
    ]
    assert cross_ratios(views, collateral) == dict.fromkeys((USDT, BTC), 10_000_000), "220 of 22,000"
    assert value_units(None, 5) == 0
    assert value_units(collateral[BTC], -1) == -50_000, "a debt is counted up"
