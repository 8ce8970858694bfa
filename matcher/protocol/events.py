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
    """One party's half of a trade, with everything it changed. Flags: MAKER, SELL, LONG, SHORT, LIQUIDATION.

    Of an isolated position IsolatedMarginChanged follows.

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
    """`detail` is the state before; reason CIRCUIT_BREAKER when a rule did it, until `resume_ns` (0 = for good)."""

    trading_state: U8 = 0
    resume_ns: I64 = 0


class OrderTerms(Event, kind=19):
    """Follows the OrderAccepted of an order that has more terms than an image shows."""

    order_id: U64 = 0
    good_till_ns: I64 = 0
    linked_order_id: U64 = 0
    trigger_ticks: I64 = 0
    callback_ppm: U32 = 0
    take_profit_ticks: U32 = 0
    stop_loss_ticks: U32 = 0


class OrderTriggered(OrderImage, kind=20):
    """A conditional order's price was reached: what follows is as for a new order."""


class MarginModeChanged(Event, kind=21):
    margin_mode: U8 = 0


class PositionModeChanged(Event, kind=22):
    position_mode: U8 = 0


class IsolatedMarginChanged(Event, kind=23):
    """Margin moved into (> 0) or out of an isolated position; the wallet as a whole did not change.

    After a fill, a move, or (`detail` 1) because the account asked. Flags: LONG, SHORT.
    """

    amount_units: I64 = 0
    isolated_units: I64 = 0


class FundingSampled(Event, kind=24):
    """One premium sample and everything it was made from; impact prices in millionths of a tick, 0 = too thin."""

    sample_ns: I64 = 0
    impact_bid_microticks: I64 = 0
    impact_ask_microticks: I64 = 0
    index_ticks: I64 = 0
    premium_ppb: I64 = 0
    average_premium_ppb: I64 = 0
    predicted_rate_ppb: I64 = 0
    samples: U64 = 0


class FundingPaid(Event, kind=25):
    """What one position paid (< 0) or received; wallet and isolated margin are those after it. Flags: LONG, SHORT."""

    funding_ns: I64 = 0
    rate_ppb: I64 = 0
    mark_ticks: I64 = 0
    position_lots: I64 = 0
    amount_units: I64 = 0
    wallet_units: I64 = 0
    isolated_units: I64 = 0


class FundingSettled(Event, kind=26):
    """The instrument is settled for `funding_ns`; each position had its FundingPaid before this."""

    funding_ns: I64 = 0
    next_funding_ns: I64 = 0
    rate_ppb: I64 = 0
    mark_ticks: I64 = 0
    average_premium_ppb: I64 = 0
    samples: U64 = 0
    positions: U64 = 0
    paid_units: I64 = 0
    received_units: I64 = 0
    residue_units: I64 = 0


class LiquidationStarted(Event, kind=27):
    """A margin group is liquidated: an isolated leg (flag ISOLATED, LONG, SHORT), or the cross group (instrument 0)."""

    equity_units: I64 = 0
    maintenance_units: I64 = 0
    wallet_units: I64 = 0
    asset: U16 = 0


class LiquidationStep(Event, kind=28):
    """One position is reduced by `quantity_lots`, at no worse than the bankruptcy price. `detail` is its risk tier."""

    mark_ticks: I64 = 0
    bankruptcy_ticks: I64 = 0
    quantity_lots: I64 = 0
    position_lots: I64 = 0
    equity_units: I64 = 0
    maintenance_units: I64 = 0


class LiquidationEnded(Event, kind=29):
    """The group is healthy again or gone; amounts are those after everything."""

    equity_units: I64 = 0
    maintenance_units: I64 = 0
    wallet_units: I64 = 0
    asset: U16 = 0


class PositionMoved(Event, kind=30):
    """One party of a position change without an order; `detail` = MoveCause. Flags: SELL, LONG, SHORT.

    DELEVERAGED: `rank` (from 1) and `score` are those of the deleveraged party, on both events.
    """

    counterparty: U32 = 0
    rank: U32 = 0
    price_ticks: I64 = 0
    quantity_lots: I64 = 0
    realized_pnl_units: I64 = 0
    position_lots: I64 = 0
    position_cost_units: I64 = 0
    wallet_units: I64 = 0
    isolated_units: I64 = 0
    score: I64 = 0


class InsuranceChanged(Event, kind=31):
    """The insurance fund (`account`) gained or bore `amount_units`; `detail` = InsuranceCause.

    SURPLUS and DEFICIT move money between the fund and `source_account`, whose wallet after it is `source_wallet_units`.
    """

    amount_units: I64 = 0
    wallet_units: I64 = 0
    source_wallet_units: I64 = 0
    source_account: U32 = 0
    asset: U16 = 0


class CountdownChanged(Event, kind=32):
    """`deadline_ns` 0: disarmed."""

    deadline_ns: I64 = 0


class MultiAssetsChanged(Event, kind=33):
    multi_assets: U8 = 0


class CollateralDefined(Event, kind=34):
    price_units: I64 = 0
    threshold_units: I64 = 0
    haircut_ppb: U32 = 0
    asset: U16 = 0


class InsuranceFundDefined(Event, kind=35):
    asset: U16 = 0


class AssetConverted(Event, kind=36):
    """Auto-exchange: the account gave `sold_units` of one asset and got `bought_units` of another."""

    sold_units: I64 = 0
    bought_units: I64 = 0
    sold_wallet_units: I64 = 0
    bought_wallet_units: I64 = 0
    sold_asset: U16 = 0
    bought_asset: U16 = 0


class MarketRulesDefined(Event, kind=37):
    funding_hours: U8 = 0


class InstrumentSettled(Event, kind=38):
    """The instrument is delisted; each position had its PositionMoved before this."""

    price_ticks: I64 = 0
    positions: U64 = 0


class SweepDone(Event, kind=39):
    liquidated: U64 = 0
    converted: U64 = 0
    unwound_lots: I64 = 0


class AccountLimitsChanged(Event, kind=40):
    """What the account may have in the instrument, or in all together (0), from now on; 0 = no limit."""

    max_position_notional_units: I64 = 0
    max_position_lots: I64 = 0
    max_open_orders: U32 = 0


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
        OrderTerms,
        OrderTriggered,
        MarginModeChanged,
        PositionModeChanged,
        IsolatedMarginChanged,
        FundingSampled,
        FundingPaid,
        FundingSettled,
        LiquidationStarted,
        LiquidationStep,
        LiquidationEnded,
        PositionMoved,
        InsuranceChanged,
        CountdownChanged,
        MultiAssetsChanged,
        CollateralDefined,
        InsuranceFundDefined,
        AssetConverted,
        MarketRulesDefined,
        InstrumentSettled,
        SweepDone,
        AccountLimitsChanged,
    )
}


class LevelChanged(Record, width=32):
    """A book level's new total after command `seq`; 0 lots removes it. Not journaled: replay makes it."""

    seq: U64 = 0
    price_ticks: I64 = 0
    quantity_lots: I64 = 0
    instrument: U16 = 0
    side: U8 = 0
