"""The demo's assets and instruments: terms like those of a large venue, none of them hard-coded elsewhere."""

from __future__ import annotations

from apps.assets.types import CollateralTerms
from apps.instruments.terms import InstrumentTerms, TierTerms
from matcher.protocol.units import ASSET_UNIT

# id, code, name, decimals shown
ASSETS = (
    (1, "USDT", "Tether USD", 8),
    (2, "BTC", "Bitcoin", 8),
    (3, "ETH", "Ether", 8),
    (4, "SOL", "Solana", 8),
    (5, "LTC", "Litecoin", 8),
)

# What counts in multi-asset mode; an overdraft is repaid from other assets by the next sweep.
COLLATERAL = {
    "USDT": CollateralTerms(haircut_ppb=0, fixed_price_units=ASSET_UNIT, overdraft_units=1_000 * ASSET_UNIT),
    "BTC": CollateralTerms(haircut_ppb=50_000_000),
    "ETH": CollateralTerms(haircut_ppb=50_000_000),
    "SOL": CollateralTerms(haircut_ppb=100_000_000),
}

SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
QUIET_SYMBOL = "LTCUSDT"


def _ladder(*rungs: tuple[str, str, int]) -> tuple[TierTerms, ...]:
    return tuple(TierTerms(floor, rate, leverage) for floor, rate, leverage in rungs)


_DEEP = _ladder(
    ("0", "0.004", 125),
    ("300000", "0.005", 100),
    ("800000", "0.0065", 75),
    ("3000000", "0.01", 50),
    ("12000000", "0.02", 25),
    ("70000000", "0.025", 20),
    ("100000000", "0.05", 10),
    ("230000000", "0.1", 5),
    ("480000000", "0.125", 4),
    ("600000000", "0.15", 3),
    ("800000000", "0.25", 2),
    ("1200000000", "0.5", 1),
)
_MIDDLE = _ladder(
    ("0", "0.005", 100),
    ("50000", "0.0065", 75),
    ("250000", "0.01", 50),
    ("1500000", "0.02", 25),
    ("4000000", "0.05", 10),
    ("10000000", "0.1", 5),
    ("20000000", "0.125", 4),
    ("30000000", "0.25", 2),
    ("50000000", "0.5", 1),
)
_SHALLOW = _ladder(
    ("0", "0.0065", 75),
    ("20000", "0.01", 50),
    ("100000", "0.02", 25),
    ("500000", "0.05", 10),
    ("2000000", "0.1", 5),
    ("5000000", "0.125", 4),
    ("8000000", "0.25", 2),
    ("12000000", "0.5", 1),
)

INSTRUMENTS = (
    InstrumentTerms(
        id=1,
        symbol="BTCUSDT",
        base_asset="BTC",
        quote_asset="USDT",
        tick_size="0.1",
        lot_size="0.001",
        max_price="1600000",
        min_quantity="0.001",
        max_quantity="1000",
        max_market_quantity="120",
        min_notional="100",
        impact_notional="25000",
        price_band="0.05",
        breaker_move="0.10",
        tiers=_DEEP,
    ),
    InstrumentTerms(
        id=2,
        symbol="ETHUSDT",
        base_asset="ETH",
        quote_asset="USDT",
        tick_size="0.01",
        lot_size="0.001",
        max_price="160000",
        min_quantity="0.001",
        max_quantity="10000",
        max_market_quantity="2000",
        min_notional="20",
        impact_notional="20000",
        price_band="0.05",
        breaker_move="0.10",
        tiers=_DEEP,
    ),
    InstrumentTerms(
        id=3,
        symbol="SOLUSDT",
        base_asset="SOL",
        quote_asset="USDT",
        tick_size="0.01",
        lot_size="0.01",
        max_price="10000",
        min_quantity="0.01",
        max_quantity="100000",
        max_market_quantity="20000",
        min_notional="5",
        impact_notional="10000",
        tiers=_MIDDLE,
    ),
    InstrumentTerms(
        id=4,
        symbol=QUIET_SYMBOL,
        base_asset="LTC",
        quote_asset="USDT",
        tick_size="0.01",
        lot_size="0.001",
        max_price="10000",
        min_quantity="0.001",
        max_quantity="50000",
        max_market_quantity="5000",
        min_notional="20",
        impact_notional="5000",
        tiers=_SHALLOW,
    ),
)
