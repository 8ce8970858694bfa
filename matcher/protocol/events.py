"""Events: what happened. 128 bytes each; a command's events share its `seq`, numbered by `part`.

The last event of a command carries EventFlag.LAST. A refusal is an event with a `reason`.
"""

from matcher.protocol.records import I64, U8, U16, U32, U64, Record, Text


class Event(Record, width=128):
    """Header of every event; `command_id` echoes the command that caused it."""

    seq: U64 = 0
    time_ns: I64 = 0
    command_id: U64 = 0
    account: U32 = 0
    instrument: U16 = 0
    reason: U16 = 0
    kind: U8 = 0
    flags: U8 = 0
    detail: U16 = 0
    part: U32 = 0


class CommandRejected(Event, kind=1):
    """Any command but PlaceOrder was refused; `detail` is the command's kind."""

    order_id: U64 = 0
    client_order_id: Text = b""


class OrderRejected(Event, kind=2):
    """PlaceOrder was refused and left nothing behind."""

    price_ticks: I64 = 0
    quantity_lots: I64 = 0
    side: U8 = 0
    order_type: U8 = 0
    time_in_force: U8 = 0
    order_flags: U8 = 0
    position_side: U8 = 0
    client_order_id: Text = b""


class OrderImage(Event):
    """An order as it stands after the event. `filled_quote_units` is the money traded so far."""

    order_id: U64 = 0
    price_ticks: I64 = 0
    quantity_lots: I64 = 0
    filled_lots: I64 = 0
    filled_quote_units: I64 = 0
    side: U8 = 0
    order_type: U8 = 0
    time_in_force: U8 = 0
    order_flags: U8 = 0
    position_side: U8 = 0
    working_type: U8 = 0
    self_trade_prevention: U8 = 0
    status: U8 = 0
    client_order_id: Text = b""


class OrderAccepted(OrderImage, kind=3):
    """The order passed every check; its fills, if any, follow."""


class OrderFilled(Event, kind=4):
    """One party's half of a trade, with everything it changed. Flags: MAKER, SELL.

    `filled_quote_units` is cumulative over the order; position and wallet are those after the fill.
    """

    order_id: U64 = 0
    trade_id: U64 = 0
    price_ticks: I64 = 0
    quantity_lots: I64 = 0
    leaves_lots: I64 = 0
    filled_quote_units: I64 = 0
    fee_units: I64 = 0
    realized_pnl_units: I64 = 0
    position_lots: I64 = 0
    position_cost_units: I64 = 0
    wallet_units: I64 = 0


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

    count: U64 = 0


class BalanceChanged(Event, kind=10):
    """A deposit or withdrawal (`detail` = BalanceCause); `amount_units` is signed."""

    amount_units: I64 = 0
    wallet_units: I64 = 0
    asset: U16 = 0
    reference: Text = b""


class BalanceReplayed(Event, kind=11):
    """The same Deposit or Withdraw came again; nothing changed."""

    amount_units: I64 = 0
    wallet_units: I64 = 0
    asset: U16 = 0
    reference: Text = b""


class AccountOpened(Event, kind=12):
    group: U32 = 0
    account_state: U8 = 0


class LeverageChanged(Event, kind=13):
    """`max_notional_units` is the most the account may hold at this leverage."""

    leverage: I64 = 0
    max_notional_units: I64 = 0


class MarkPriceChanged(Event, kind=14):
    mark_ticks: I64 = 0
    index_ticks: I64 = 0
    next_funding_ns: I64 = 0
    funding_rate_ppb: I64 = 0


class AssetDefined(Event, kind=15):
    asset: U16 = 0


class InstrumentDefined(Event, kind=16):
    trading_state: U8 = 0


class RiskTierDefined(Event, kind=17):
    tier: U8 = 0
    tier_count: U8 = 0


class TradingStateChanged(Event, kind=18):
    """`detail` is the state before."""

    trading_state: U8 = 0


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

    seq: U64 = 0
    price_ticks: I64 = 0
    quantity_lots: I64 = 0
    instrument: U16 = 0
    side: U8 = 0
