"""Commands: what a caller may ask of the engine. 128 bytes each, declared once, here.

The sender fills `command_id` (session << 32 | counter), the sequencer stamps `seq` and `time_ns`.
A command never carries a float and never waits for anything.
"""

from matcher.protocol.enums import SelfTradePrevention
from matcher.protocol.records import I32, I64, U8, U16, U32, U64, Record, Text

PROTOCOL_VERSION = 1


class Command(Record, width=128):
    """Header of every command. `instrument`, `account` are 0 where they do not apply."""

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
    """A new order. `price_ticks` is 0 for MARKET; `client_order_id` is the idempotency key."""

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
    )
}
