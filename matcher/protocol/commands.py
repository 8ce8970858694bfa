"""Commands: what a caller may ask of the engine. 128 bytes each, declared once, here.

The sender fills `command_id` (session << 32 | counter), the sequencer stamps `seq` and `time_ns`.
A command never carries a float and never waits for anything.
"""

from matcher.protocol.enums import SelfTradePrevention, TradingState
from matcher.protocol.records import I32, I64, U8, U16, U32, U64, Record, Text

PROTOCOL_VERSION = 4
KNOWN_VERSIONS = (1, 2, PROTOCOL_VERSION)  # 3 was never spoken: journals hold it as one that nobody knew


class Command(Record, width=128):
    """Header of every command. `instrument`, `account` are 0 where they do not apply.

    `version` 1 and 2 are what old journals hold: they are obeyed by the rules of their time (docs/engine.md).
    """

    seq: U64 = 0
    time_ns: I64 = 0
    command_id: U64 = 0
    account: U32 = 0
    instrument: U16 = 0
    kind: U8 = 0
    version: U8 = PROTOCOL_VERSION


class DefineAsset(Command, kind=1):
    """Make an asset known; `asset` is 1..1023. Repeating it is harmless."""

    asset: U16 = 0


class DefineInstrument(Command, kind=2):
    """Create or change a linear perpetual. Prices in ticks, quantities in lots, money in units of 1e-8.

    `tick_lot_units` is the settlement-asset value of one tick times one lot; it and the settlement
    asset never change once set. Bands are parts per million around the mark.
    """

    settlement_asset: U16 = 0
    trading_state: U8 = 0
    price_band_ppm: U32 = 0
    tick_lot_units: I64 = 0
    max_price_ticks: I64 = 0
    min_quantity_lots: I64 = 0
    max_quantity_lots: I64 = 0
    max_market_quantity_lots: I64 = 0
    min_notional_units: I64 = 0
    market_band_ppm: U32 = 0
    max_open_orders: U32 = 0
    maker_fee_ppb: I32 = 0
    taker_fee_ppb: I32 = 0
    liquidation_fee_ppb: I32 = 0
    default_leverage: U16 = 0


class DefineRiskTier(Command, kind=3):
    """One tier of an instrument's ladder; tiers arrive in order and take effect with the last one."""

    notional_floor_units: I64 = 0
    maintenance_rate_ppb: U32 = 0
    max_leverage: U16 = 0
    tier: U8 = 0
    tier_count: U8 = 0


class OpenAccount(Command, kind=4):
    """Create an account or change its terms. Accounts of one `group` never trade with each other (STP).

    `fee_override` 1 replaces the instrument's fees by the two rates.
    """

    group: U32 = 0
    maker_fee_ppb: I32 = 0
    taker_fee_ppb: I32 = 0
    fee_override: U8 = 0
    account_state: U8 = 0


class Deposit(Command, kind=5):
    """Credit `amount_units` (> 0) once per (account, reference)."""

    amount_units: I64 = 0
    asset: U16 = 0
    reference: Text = b""


class Withdraw(Command, kind=6):
    """Debit `amount_units` (> 0) once per (account, reference), only from what is free."""

    amount_units: I64 = 0
    asset: U16 = 0
    reference: Text = b""


class PlaceOrder(Command, kind=7):
    """A new order. `price_ticks` is 0 for market types; `client_order_id` is the idempotency key.

    `trigger_ticks` is the trigger of a conditional order, the activation price of a trailing one
    (0 = active at once), whose callback is `callback_ppm`. `take_profit_ticks` and `stop_loss_ticks`
    attach closing orders to an entry; `linked_order_id` names an open order as its one-cancels-other.
    """

    price_ticks: I64 = 0
    quantity_lots: I64 = 0
    trigger_ticks: I64 = 0
    good_till_ns: I64 = 0
    side: U8 = 0
    order_type: U8 = 0
    time_in_force: U8 = 0
    flags: U8 = 0
    position_side: U8 = 0
    working_type: U8 = 0
    self_trade_prevention: U8 = SelfTradePrevention.EXPIRE_MAKER
    client_order_id: Text = b""
    callback_ppm: U32 = 0
    take_profit_ticks: U32 = 0
    stop_loss_ticks: U32 = 0
    linked_order_id: U64 = 0


class CancelOrder(Command, kind=8):
    """Cancel by `order_id`, or by `client_order_id` when `order_id` is 0."""

    order_id: U64 = 0
    client_order_id: Text = b""


class CancelAllOrders(Command, kind=9):
    """Cancel the account's open orders of `instrument`, or of every instrument when it is 0."""


class AmendOrder(Command, kind=10):
    """New price and total quantity of a resting LIMIT order, named as in CancelOrder."""

    order_id: U64 = 0
    price_ticks: I64 = 0
    quantity_lots: I64 = 0
    client_order_id: Text = b""


class SetLeverage(Command, kind=11):
    leverage: U16 = 0


class SetMarkPrice(Command, kind=12):
    """Mark and index of an instrument, and what the market is told of funding."""

    mark_ticks: I64 = 0
    index_ticks: I64 = 0
    next_funding_ns: I64 = 0
    funding_rate_ppb: I64 = 0


class SetTradingState(Command, kind=13):
    trading_state: U8 = 0


class DefineMarketRules(Command, kind=14):
    """What else an instrument is held to; until the first one the defaults below hold.

    Rates are parts per billion of one funding interval of 8 hours. `mark_max_age_ns`,
    `breaker_move_ppm` of 0 switch their rule off. `profit_opens` 1: unrealized profit may open orders.
    """

    mark_max_age_ns: I64 = 0
    impact_notional_units: I64 = 2_000_000_000_000
    breaker_window_ns: I64 = 0
    breaker_halt_ns: I64 = 0
    max_conditional_orders: U32 = 200
    price_protect_ppm: U32 = 50_000
    breaker_move_ppm: U32 = 0
    interest_rate_ppb: I32 = 100_000
    funding_cap_ppb: I32 = 7_500_000
    funding_floor_ppb: I32 = -7_500_000
    funding_hours: U8 = 8
    breaker_state: U8 = TradingState.HALTED
    profit_opens: U8 = 1


class SetMarginMode(Command, kind=15):
    """Cross or isolated for the account in one instrument."""

    margin_mode: U8 = 0


class SetPositionMode(Command, kind=16):
    """One-way or hedge for the whole account."""

    position_mode: U8 = 0


class AdjustIsolatedMargin(Command, kind=17):
    """Add (> 0) or take (< 0) margin of an isolated position."""

    amount_units: I64 = 0
    position_side: U8 = 0


class Transfer(Command, kind=18):
    """Move what is free from `account` to `to_account`, once per (account, reference)."""

    amount_units: I64 = 0
    to_account: U32 = 0
    asset: U16 = 0
    reference: Text = b""


class SetMultiAssets(Command, kind=19):
    """Whether all assets of the account back its cross positions together."""

    multi_assets: U8 = 0


class DefineCollateral(Command, kind=20):
    """An asset's price in units of the reference per whole asset, its discount and its overdraft.

    A wallet below minus `threshold_units` is repaid from other assets; `price_units` moves often.
    """

    price_units: I64 = 0
    threshold_units: I64 = 0
    haircut_ppb: U32 = 0
    asset: U16 = 0


class SetInsuranceFund(Command, kind=21):
    """`account` is the insurance fund of `asset` from now on."""

    asset: U16 = 0


class SampleFunding(Command, kind=22):
    """Take one premium sample; `sample_ns` names it and rises."""

    sample_ns: I64 = 0


class SettleFunding(Command, kind=23):
    """Pay funding once for `funding_ns`; the next one is due at `next_funding_ns`."""

    funding_ns: I64 = 0
    next_funding_ns: I64 = 0


class Sweep(Command, kind=24):
    """Look at every account (instrument 0) or at the holders of one: liquidate, trigger, repay, unwind."""


class SettleInstrument(Command, kind=25):
    """Delist: cancel every order, close every position at `price_ticks` without fees."""

    price_ticks: I64 = 0


class SetCountdown(Command, kind=26):
    """Cancel the account's orders of `instrument` (0 = all) in `countdown_ns` unless set again; 0 disarms."""

    countdown_ns: I64 = 0


class SetAccountLimits(Command, kind=27):
    """The most an account may come to hold or keep open in `instrument`, or in all together when it is 0; 0 = no limit.

    Notional and lots are those of the position after the worst fills of everything that rests.
    """

    max_position_notional_units: I64 = 0
    max_position_lots: I64 = 0
    max_open_orders: U32 = 0


COMMANDS: dict[int, type[Command]] = {
    c.KIND: c
    for c in (
        DefineAsset,
        DefineInstrument,
        DefineRiskTier,
        OpenAccount,
        Deposit,
        Withdraw,
        PlaceOrder,
        CancelOrder,
        CancelAllOrders,
        AmendOrder,
        SetLeverage,
        SetMarkPrice,
        SetTradingState,
        DefineMarketRules,
        SetMarginMode,
        SetPositionMode,
        AdjustIsolatedMargin,
        Transfer,
        SetMultiAssets,
        DefineCollateral,
        SetInsuranceFund,
        SampleFunding,
        SettleFunding,
        Sweep,
        SettleInstrument,
        SetCountdown,
        SetAccountLimits,
    )
}
