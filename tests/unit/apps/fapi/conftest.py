"""One instrument with short numbers: tick 0.1, lot 0.001, in the process's catalog."""

from collections.abc import Iterator

import pytest

from apps.instruments.catalog import Catalog, get_catalog
from apps.instruments.types import InstrumentSpec, RiskTierSpec

TIERS = (
    RiskTierSpec(0, 0, 300_000 * 10**8, 4_000_000, 0, 125),
    RiskTierSpec(1, 300_000 * 10**8, 800_000 * 10**8, 5_000_000, 300 * 10**8, 100),
    RiskTierSpec(2, 800_000 * 10**8, None, 10_000_000, 4_300 * 10**8, 50),
)


def make_spec(**changes: object) -> InstrumentSpec:
    terms = {
        "id": 1,
        "symbol": "BTCUSDT",
        "base_asset": "BTC",
        "quote_asset": "USDT",
        "settlement_asset": "USDT",
        "settlement_asset_id": 1,
        "price_decimals": 1,
        "tick_step": 1,
        "quantity_decimals": 3,
        "lot_step": 1,
        "max_price_ticks": 10_000_000,
        "min_quantity_lots": 1,
        "max_quantity_lots": 1_000_000,
        "max_market_quantity_lots": 120_000,
        "min_notional_units": 100 * 10**8,
        "price_band_ppm": 50_000,
        "market_band_ppm": 50_000,
        "max_open_orders": 200,
        "maker_fee_ppb": 200_000,
        "taker_fee_ppb": 500_000,
        "liquidation_fee_ppb": 12_500_000,
        "default_leverage": 20,
        "funding_interval_hours": 8,
        "interest_rate_ppb": 100_000,
        "funding_cap_ppb": 20_000_000,
        "impact_notional_units": 10**12,
        "trading_state": 1,
        "onboard_ms": 1_700_000_000_000,
        "tiers": TIERS,
    }
    return InstrumentSpec(**(terms | changes))  # type: ignore[arg-type]


@pytest.fixture
def spec() -> InstrumentSpec:
    return make_spec()


@pytest.fixture
def catalog(spec: InstrumentSpec) -> Iterator[Catalog]:
    found = get_catalog()
    found.fill([spec])
    yield found
    found.fill([])
