"""What `!contractInfo` says of an instrument: its status and its brackets, when either changed."""

from __future__ import annotations

from typing import Any

from apps.feeds.market import Market
from apps.feeds.payloads import Payload
from apps.instruments.types import InstrumentSpec
from matcher.protocol.enums import TradingState
from matcher.protocol.units import ASSET_UNIT, PPB

PERPETUAL_DELIVERY_MS = 4_133_404_800_000
SYMBOL_STATUS = {
    TradingState.PRE_OPEN: "PENDING_TRADING",
    TradingState.ACTIVE: "TRADING",
    TradingState.REDUCE_ONLY: "TRADING",
    TradingState.HALTED: "TRADING_HALT",
    TradingState.SETTLING: "SETTLING",
    TradingState.DELISTED: "CLOSE",
}
_OPEN_END = 10**18


def contract_info(market: Market, event_ms: int) -> Payload:
    """The instrument as it stands now."""
    spec = market.spec
    return {
        "e": "contractInfo",
        "E": event_ms,
        "s": spec.symbol,
        "ps": spec.symbol,
        "ct": "PERPETUAL",
        "dt": PERPETUAL_DELIVERY_MS,
        "ot": spec.onboard_ms,
        "cs": SYMBOL_STATUS[TradingState(market.trading_state)],
        "bks": brackets(spec),
    }


def brackets(spec: InstrumentSpec) -> list[dict[str, Any]]:
    """Risk tiers as brackets: whole quote units; `mi` and `ma` are the leverages only this bracket allows."""
    tiers = spec.tiers
    caps = [tier.notional_floor_units for tier in tiers[1:]]
    last = max(spec.max_price_ticks * spec.max_quantity_lots * spec.tick_lot_units, *caps, 0) if caps else _OPEN_END
    lows = [tier.max_leverage + 1 for tier in tiers[1:]]
    return [
        {
            "bs": tier.tier + 1,
            "bnf": tier.notional_floor_units // ASSET_UNIT,
            "bnc": cap // ASSET_UNIT,
            "mmr": tier.maintenance_rate_ppb / PPB,
            "cf": tier.maintenance_amount_units / ASSET_UNIT,
            "mi": low,
            "ma": tier.max_leverage,
        }
        for tier, cap, low in zip(tiers, [*caps, last], [*lows, 1], strict=False)
    ]
