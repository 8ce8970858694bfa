"""Queries and what the engine answers: reads of engine state, never journaled.

An answer is one AnswerHeader, then `first_count` records of the query's first view, then
`second_count` of its second view.
"""

from enum import IntEnum

from matcher.protocol.records import I32, I64, U8, U16, U32, U64, Record, Text


class QueryKind(IntEnum):
    """What is asked, and the views that come back (first, second)."""

    ACCOUNT = 1  # BalanceView, PositionView
    OPEN_ORDERS = 2  # OrderView by ascending order_id, resting and waiting; instrument 0 = all
    ORDER = 3  # OrderView (open) or none; second: ClientIdView when the client_order_id is known
    DEPTH = 4  # LevelView bids best first, LevelView asks best first; `limit` levels a side, 0 = all
    INSTRUMENTS = 5  # InstrumentView by ascending instrument; instrument 0 = all
    STATS = 6  # StateView
    RULES = 7  # RulesView by ascending instrument; instrument 0 = all; second: CountdownView of the account
    ADL = 8  # AdlView: of the account's positions (instrument 0 = all), or with account 0 an instrument's whole ranking
    ASSETS = 9  # AssetView by ascending asset
    ACCOUNTS = 10  # AccountView of one account (0 = all)
    LIMITS = 11  # LimitsView by ascending account (0 = all), instrument; those that limit something


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
    """One asset of an account; all amounts in units. Zero wallets are listed once they existed.

    `wallet_units` holds the isolated margins (`isolated_units`) too. Margins and unrealized profit
    are sums over all positions; those named cross leave isolated positions out.
    """

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
    isolated_units: I64 = 0
    cross_unrealized_pnl_units: I64 = 0
    cross_maintenance_margin_units: I64 = 0


class PositionView(Record, width=160):
    """One leg of an instrument the account has touched (leverage, mode, order or position), flat or not.

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
    isolated_units: I64 = 0
    bankruptcy_ticks: I64 = 0


class OrderView(Record, width=160):
    """One open order. `waiting` 1: a conditional order whose price was not reached yet.

    `watermark_ticks` is the best price a trailing order has seen since it became active, 0 before.
    """

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
    waiting: U8 = 0
    trigger_ticks: U32 = 0
    callback_ppm: U32 = 0
    watermark_ticks: U32 = 0
    take_profit_ticks: U32 = 0
    stop_loss_ticks: U32 = 0
    good_till_ns: I64 = 0
    linked_order_id: U64 = 0


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
    position_mode: U8 = 0
    multi_assets: U8 = 0


class AssetView(Record, width=64):
    """House totals of an asset. wallets + fees - external + clearing + conversion = 0, clearing = -(sum realized).

    The insurance fund's money stands in the wallet of `fund_account` (0 = none).
    """

    fee_income_units: I64 = 0
    external_units: I64 = 0
    clearing_units: I64 = 0
    conversion_units: I64 = 0
    price_units: I64 = 0
    threshold_units: I64 = 0
    fund_account: U32 = 0
    haircut_ppb: U32 = 0
    asset: U16 = 0


class RulesView(Record, width=160):
    """An instrument's further rules (DefineMarketRules), its funding so far and its circuit breaker."""

    mark_max_age_ns: I64 = 0
    impact_notional_units: I64 = 0
    breaker_window_ns: I64 = 0
    breaker_halt_ns: I64 = 0
    resume_ns: I64 = 0
    last_funding_ns: I64 = 0
    last_sample_ns: I64 = 0
    last_premium_ppb: I64 = 0
    weighted_premium: I64 = 0
    samples: U64 = 0
    average_premium_ppb: I64 = 0
    predicted_rate_ppb: I64 = 0
    max_conditional_orders: U32 = 0
    price_protect_ppm: U32 = 0
    breaker_move_ppm: U32 = 0
    interest_rate_ppb: I32 = 0
    funding_cap_ppb: I32 = 0
    funding_floor_ppb: I32 = 0
    instrument: U16 = 0
    funding_hours: U8 = 0
    breaker_state: U8 = 0
    profit_opens: U8 = 0


class MarkView(Record, width=16):
    """One mark the circuit breaker remembers."""

    time_ns: I64 = 0
    mark_ticks: I64 = 0


class CountdownView(Record, width=16):
    """A countdown that is armed; instrument 0 = all."""

    deadline_ns: I64 = 0
    account: U32 = 0
    instrument: U16 = 0


class AdlView(Record, width=32):
    """A position's place in the auto-deleveraging queue of its side: rank 1 goes first; five lights for the first fifth."""

    score: I64 = 0
    account: U32 = 0
    rank: U32 = 0
    holders: U32 = 0
    instrument: U16 = 0
    position_side: U8 = 0
    lights: U8 = 0


class LimitsView(Record, width=32):
    """What an account may have in an instrument, or in all together (instrument 0); 0 = no limit."""

    max_position_notional_units: I64 = 0
    max_position_lots: I64 = 0
    account: U32 = 0
    max_open_orders: U32 = 0
    instrument: U16 = 0


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
    QueryKind.RULES: (RulesView, CountdownView),
    QueryKind.ADL: (AdlView, None),
    QueryKind.ASSETS: (AssetView, None),
    QueryKind.ACCOUNTS: (AccountView, None),
    QueryKind.LIMITS: (LimitsView, None),
}
