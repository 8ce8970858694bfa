"""Queries and what the engine answers: reads of engine state, never journaled.

An answer is one AnswerHeader, then `first_count` records of the query's first view, then
`second_count` of its second view.
"""

from enum import IntEnum

from matcher.protocol.records import I32, I64, U8, U16, U32, U64, Record, Text


class QueryKind(IntEnum):
    """What is asked, and the views that come back (first, second)."""

    ACCOUNT = 1  # BalanceView, PositionView
    OPEN_ORDERS = 2  # OrderView by ascending order_id; instrument 0 = all
    ORDER = 3  # OrderView (open) or none; second: ClientIdView when the client_order_id is known
    DEPTH = 4  # LevelView bids best first, LevelView asks best first; `limit` levels a side, 0 = all
    INSTRUMENTS = 5  # InstrumentView by ascending instrument; instrument 0 = all
    STATS = 6  # StateView


class Query(Record, width=80):
    account: U32 = 0
    limit: U32 = 0
    order_id: U64 = 0
    instrument: U16 = 0
    kind: U8 = 0
    client_order_id: Text = b""


class AnswerHeader(Record, width=32):
    """`seq` and `time_ns` are those of the last command the state contains."""

    seq: U64 = 0
    time_ns: I64 = 0
    first_count: U32 = 0
    second_count: U32 = 0
    kind: U8 = 0


class BalanceView(Record, width=96):
    """One asset of an account; all amounts in units. Zero wallets are listed once they existed."""

    wallet_units: I64 = 0
    unrealized_pnl_units: I64 = 0
    position_margin_units: I64 = 0
    order_margin_units: I64 = 0
    maintenance_margin_units: I64 = 0
    available_units: I64 = 0
    withdrawable_units: I64 = 0
    updated_ns: I64 = 0
    account: U32 = 0
    asset: U16 = 0


class PositionView(Record, width=160):
    """One instrument the account has touched (leverage, order or position), flat or not.

    `cost_units` is signed like `position_lots`. `buy_value` and `sell_value` are the sums of
    price_ticks x leaves_lots of resting orders that may open (reduce_only ones left out).
    """

    position_lots: I64 = 0
    cost_units: I64 = 0
    realized_pnl_units: I64 = 0
    mark_ticks: I64 = 0
    unrealized_pnl_units: I64 = 0
    position_margin_units: I64 = 0
    order_margin_units: I64 = 0
    maintenance_margin_units: I64 = 0
    buy_lots: I64 = 0
    sell_lots: I64 = 0
    buy_value: I64 = 0
    sell_value: I64 = 0
    reduce_only_buy_lots: I64 = 0
    reduce_only_sell_lots: I64 = 0
    liquidation_ticks: I64 = 0
    updated_ns: I64 = 0
    account: U32 = 0
    instrument: U16 = 0
    leverage: U16 = 0
    position_side: U8 = 0
    margin_mode: U8 = 0


class OrderView(Record, width=128):
    """One open order."""

    order_id: U64 = 0
    price_ticks: I64 = 0
    quantity_lots: I64 = 0
    filled_lots: I64 = 0
    filled_quote_units: I64 = 0
    created_ns: I64 = 0
    updated_ns: I64 = 0
    account: U32 = 0
    instrument: U16 = 0
    side: U8 = 0
    order_type: U8 = 0
    time_in_force: U8 = 0
    order_flags: U8 = 0
    position_side: U8 = 0
    working_type: U8 = 0
    self_trade_prevention: U8 = 0
    status: U8 = 0
    client_order_id: Text = b""


class ClientIdView(Record, width=96):
    """A remembered idempotency key. `fingerprint` is units.fingerprint of the request's body.

    `ended_ns` is 0 while the order is open. `purpose` is the command kind it belongs to (7, 5 or 6).
    """

    fingerprint: U64 = 0
    order_id: U64 = 0
    filled_lots: I64 = 0
    filled_quote_units: I64 = 0
    ended_ns: I64 = 0
    account: U32 = 0
    purpose: U8 = 0
    status: U8 = 0
    client_order_id: Text = b""


class LevelView(Record, width=16):
    price_ticks: I64 = 0
    quantity_lots: I64 = 0


class InstrumentView(Record, width=192):
    """Everything the engine knows of one instrument."""

    tick_lot_units: I64 = 0
    max_price_ticks: I64 = 0
    min_quantity_lots: I64 = 0
    max_quantity_lots: I64 = 0
    max_market_quantity_lots: I64 = 0
    min_notional_units: I64 = 0
    mark_ticks: I64 = 0
    index_ticks: I64 = 0
    next_funding_ns: I64 = 0
    funding_rate_ppb: I64 = 0
    last_price_ticks: I64 = 0
    last_trade_id: U64 = 0
    open_interest_lots: I64 = 0
    best_bid_ticks: I64 = 0
    best_ask_ticks: I64 = 0
    open_orders: U64 = 0
    mark_time_ns: I64 = 0
    price_band_ppm: U32 = 0
    market_band_ppm: U32 = 0
    max_open_orders: U32 = 0
    maker_fee_ppb: I32 = 0
    taker_fee_ppb: I32 = 0
    liquidation_fee_ppb: I32 = 0
    instrument: U16 = 0
    settlement_asset: U16 = 0
    default_leverage: U16 = 0
    trading_state: U8 = 0
    tier_count: U8 = 0


class TierView(Record, width=32):
    notional_floor_units: I64 = 0
    maintenance_amount_units: I64 = 0
    maintenance_rate_ppb: U32 = 0
    instrument: U16 = 0
    max_leverage: U16 = 0
    tier: U8 = 0


class AccountView(Record, width=32):
    account: U32 = 0
    group: U32 = 0
    maker_fee_ppb: I32 = 0
    taker_fee_ppb: I32 = 0
    fee_override: U8 = 0
    account_state: U8 = 0


class AssetView(Record, width=32):
    """House totals of an asset. wallets + fees - external + clearing = 0, clearing = -(sum realized)."""

    fee_income_units: I64 = 0
    external_units: I64 = 0
    clearing_units: I64 = 0
    asset: U16 = 0


class StateView(Record, width=64):
    seq: U64 = 0
    time_ns: I64 = 0
    last_order_id: U64 = 0
    last_trade_id: U64 = 0
    accounts: U64 = 0
    open_orders: U64 = 0
    remembered_ids: U64 = 0


ANSWERS: dict[int, tuple[type[Record], type[Record] | None]] = {
    QueryKind.ACCOUNT: (BalanceView, PositionView),
    QueryKind.OPEN_ORDERS: (OrderView, None),
    QueryKind.ORDER: (OrderView, ClientIdView),
    QueryKind.DEPTH: (LevelView, LevelView),
    QueryKind.INSTRUMENTS: (InstrumentView, None),
    QueryKind.STATS: (StateView, None),
}
