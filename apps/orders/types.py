"""What may leave the app: orders, trades and fills as frozen rows, integers all through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class OrderKind(Enum):
    """Which orders are meant: those placed to wait for a price, or those that were ever in the market."""

    ANY = 0
    CONDITIONAL = 1
    WORKED = 2


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as the rows know it; enums are the protocol's, `end_reason` an EndReason, a RejectReason or 0."""

    order_id: int
    account_id: int
    instrument_id: int
    client_order_id: str
    side: int
    order_type: int
    time_in_force: int
    order_flags: int
    position_side: int
    working_type: int
    self_trade_prevention: int
    status: int
    end_reason: int
    price_ticks: int
    quantity_lots: int
    filled_lots: int
    filled_quote_units: int
    created_ns: int
    updated_ns: int
    trigger_ticks: int = 0
    callback_ppm: int = 0
    good_till_ns: int = 0
    linked_order_id: int = 0
    take_profit_ticks: int = 0
    stop_loss_ticks: int = 0
    triggered_ns: int = 0


@dataclass(frozen=True, slots=True)
class TradeRow:
    """One match, public."""

    trade_id: int
    instrument_id: int
    taker_side: int
    price_ticks: int
    quantity_lots: int
    quote_units: int
    time_ns: int


@dataclass(frozen=True, slots=True)
class FillRow:
    """One party's half of a trade; `fee_units` is negative for a rebate."""

    trade_id: int
    order_id: int
    account_id: int
    instrument_id: int
    side: int
    is_maker: bool
    price_ticks: int
    quantity_lots: int
    quote_units: int
    fee_asset_id: int
    fee_units: int
    realized_pnl_units: int
    seq: int
    time_ns: int
    position_side: int = 0
    is_liquidation: bool = False


@dataclass(frozen=True, slots=True)
class AmendmentRow:
    """What one amendment changed; `count` is its place among those of its order, from 1."""

    amendment_id: int
    order_id: int
    client_order_id: str
    price_ticks_before: int
    price_ticks: int
    quantity_lots_before: int
    quantity_lots: int
    time_ns: int
    count: int
