"""Events: what happened. 128 bytes each; a command's events share its `seq`, numbered by `part`.

The last event of a command carries EventFlag.LAST. A refusal is an event with a `reason`.
"""

from matcher.protocol.records import I64, U8, U16, U32, U64, Record, Text


class Event(Record, width=128):
    """Header of every event; `command_id` echoes the command that caused it."""

    seq: U64
    time_ns: I64
    command_id: U64
    account: U32
    instrument: U16
    reason: U16
    kind: U8
    flags: U8
    detail: U16
    part: U32


class CommandRejected(Event, kind=1):
    """Any command but PlaceOrder was refused; `detail` is the command's kind."""

    order_id: U64
    client_order_id: Text


class OrderRejected(Event, kind=2):
    """PlaceOrder was refused and left nothing behind."""

    price_ticks: I64
    quantity_lots: I64
    side: U8
    order_type: U8
    time_in_force: U8
    order_flags: U8
    position_side: U8
    client_order_id: Text


class OrderImage(Event):
    """An order as it stands after the event. `filled_quote_units` is the money traded so far."""

    order_id: U64
    price_ticks: I64
    quantity_lots: I64
    filled_lots: I64
    filled_quote_units: I64
    side: U8
    order_type: U8
    time_in_force: U8
    order_flags: U8
    position_side: U8
    working_type: U8
    self_trade_prevention: U8
    status: U8
    client_order_id: Text


class OrderAccepted(OrderImage, kind=3):
    """The order passed every check; its fills, if any, follow."""


class OrderFilled(Event, kind=4):
    """One party's half of a trade, with everything it changed. Flags: MAKER, SELL.

    `filled_quote_units` is cumulative over the order; position and wallet are those after the fill.
    """

    order_id: U64
    trade_id: U64
    price_ticks: I64
    quantity_lots: I64
    leaves_lots: I64
    filled_quote_units: I64
    fee_units: I64
    realized_pnl_units: I64
    position_lots: I64
    position_cost_units: I64
    wallet_units: I64


class OrderCanceled(OrderImage, kind=5):
    """Ended by a request (reason 0) or by a rule (reason says which)."""


class OrderExpired(OrderImage, kind=6):
    """Ended by its own terms: IOC or MARKET rest, or self-trade prevention."""


class OrderAmended(OrderImage, kind=7):
    """New price or quantity; reason REDUCE_ONLY_CUT when a rule did it. Fills, if any, follow."""


class OrderReplayed(OrderImage, kind=8):
    """The same PlaceOrder came again: the order it made the first time. Nothing changed."""


class OrdersCanceled(Event, kind=9):
    """CancelAllOrders is done; each order had its own OrderCanceled before this."""

    count: U64


class BalanceChanged(Event, kind=10):
    """A deposit or withdrawal (`detail` = BalanceCause); `amount_units` is signed."""

    amount_units: I64
    wallet_units: I64
    asset: U16
    reference: Text


class BalanceReplayed(Event, kind=11):
    """The same Deposit or Withdraw came again; nothing changed."""

    amount_units: I64
    wallet_units: I64
    asset: U16
    reference: Text


class AccountOpened(Event, kind=12):
    group: U32
    account_state: U8


class LeverageChanged(Event, kind=13):
    """`max_notional_units` is the most the account may hold at this leverage."""

    leverage: I64
    max_notional_units: I64


class MarkPriceChanged(Event, kind=14):
    mark_ticks: I64
    index_ticks: I64
    next_funding_ns: I64
    funding_rate_ppb: I64


class AssetDefined(Event, kind=15):
    asset: U16


class InstrumentDefined(Event, kind=16):
    trading_state: U8


class RiskTierDefined(Event, kind=17):
    tier: U8
    tier_count: U8


class TradingStateChanged(Event, kind=18):
    """`detail` is the state before."""

    trading_state: U8


EVENTS: dict[int, type[Event]] = {
    e.KIND: e
    for e in (
        CommandRejected,
        OrderRejected,
        OrderAccepted,
        OrderFilled,
        OrderCanceled,
        OrderExpired,
        OrderAmended,
        OrderReplayed,
        OrdersCanceled,
        BalanceChanged,
        BalanceReplayed,
        AccountOpened,
        LeverageChanged,
        MarkPriceChanged,
        AssetDefined,
        InstrumentDefined,
        RiskTierDefined,
        TradingStateChanged,
    )
}


class LevelChanged(Record, width=32):
    """A book level's new total after command `seq`; 0 lots removes it. Not journaled: replay makes it."""

    seq: U64
    price_ticks: I64
    quantity_lots: I64
    instrument: U16
    side: U8
