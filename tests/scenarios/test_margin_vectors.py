"""Published margin examples, told to the engines in cents of the settlement asset."""

from __future__ import annotations

from decimal import Decimal
from math import ceil, floor
from typing import Any

import pytest

from matcher.protocol.views import AssetView, InstrumentView, StateView, TierView
from tests.scenarios.story import BTC_TERMS, Story
from tests.support.vectors import rows

UNIT = 10**8
PPB = 10**9
CENTS = 100
TIERS_AT = StateView.WIDTH + AssetView.WIDTH + InstrumentView.WIDTH
# a tick of 0.01, a lot of 1 coin, no fees
TERMS = BTC_TERMS.replace(tick_lot_units=UNIT // CENTS, max_price_ticks=10_000_000, max_quantity_lots=1_000)
FREE = TERMS.replace(maker_fee_ppb=0, taker_fee_ppb=0, price_band_ppm=999_999)


def alone(row: dict[str, Any]) -> bool:
    """Of one position only, held in whole coins at the lowest tier."""
    others = (row["cum"], row["other_maintenance_margin"], row["other_unrealized_pnl"])
    return all(Decimal(text) == 0 for text in others) and Decimal(row["quantity"]) % 1 == 0


@pytest.mark.rule("MAR-013", "LIQ-004")
@pytest.mark.parametrize("row", [row for row in rows("margin", "liquidation_price") if alone(row)])
def test_liquidation_and_bankruptcy_prices(blank: Story, row: dict[str, Any]) -> None:
    """Shown is the first whole tick that is due: the exact price down for a long, up for a short."""
    rate, entry = Decimal(row["mmr"]), int(Decimal(row["entry_price"]) * CENTS)
    margin, lots = int(Decimal(row["wallet_balance"]) * UNIT), int(row["quantity"])
    blank.open_market(FREE, ((0, int(rate * PPB), min(100, int(1 / rate) - 1)),))
    blank.open_accounts(margin)
    blank.tell(f"bob deposit {10**15} ref=more | +{10**15} wallet {margin + 10**15}")
    blank.tell(f"mark {entry} | mark {entry}")
    leverage = min(100, int(1 / rate) - 1)
    blank.act(f"alice leverage {leverage}")
    side, other = ("buy", "sell") if row["side"] == "long" else ("sell", "buy")
    blank.act(f"bob {other} {lots} @ {entry}")
    blank.act(f"alice {side} {lots} @ {entry}")
    position = blank.position("alice")
    rounded = floor if row["side"] == "long" else ceil
    exact = liquidation_price(row) * CENTS
    assert position.liquidation_ticks == max(0, rounded(exact))
    told = Decimal(row["liquidation_price"] or 0)
    assert abs(position.liquidation_ticks - told * CENTS) <= 1
    if row["bankruptcy_price"]:
        assert abs(position.bankruptcy_ticks - Decimal(row["bankruptcy_price"]) * CENTS) <= 1


def liquidation_price(row: dict[str, Any]) -> Decimal:
    """Where wallet + sign x q x (p - entry) = q x p x rate."""
    wallet, quantity, entry, rate = (
        Decimal(row[name]) for name in ("wallet_balance", "quantity", "entry_price", "mmr")
    )
    sign = 1 if row["side"] == "long" else -1
    return (sign * quantity * entry - wallet) / (quantity * (sign - rate))


@pytest.mark.rule("MAR-013")
@pytest.mark.parametrize("row", rows("margin", "tiers"))
def test_maintenance_amounts_of_published_ladders(blank: Story, row: dict[str, Any]) -> None:
    rates = [int(Decimal(tier["mmr"]) * PPB) for tier in row["tiers"]]
    floors = [int(Decimal(tier["floor"]) * UNIT) for tier in row["tiers"]]
    leverages = [100 - n for n in range(len(rates))]
    leverages = [min(leverage, (PPB - 1) // rate) for leverage, rate in zip(leverages, rates, strict=True)]
    if len(set(leverages)) < len(leverages):
        leverages = list(range(len(rates), 0, -1))
    blank.open_market(FREE, tuple(zip(floors, rates, leverages, strict=True)))
    dump = blank.engine.dump()
    tiers = [TierView.unpack(dump, TIERS_AT + n * TierView.WIDTH) for n in range(len(rates))]
    assert [t.maintenance_amount_units for t in tiers] == [int(Decimal(a) * UNIT) for a in row["maintenance_amount"]]
