"""A small market for process tests: one asset, one instrument, funded accounts, a mark price."""

from __future__ import annotations

from matcher.protocol.commands import (
    Command,
    DefineAsset,
    DefineInstrument,
    DefineRiskTier,
    Deposit,
    OpenAccount,
    PlaceOrder,
    SetMarkPrice,
)
from matcher.protocol.enums import OrderType, Side, TimeInForce, TradingState

USDT = 1
INSTRUMENT = 1
MARK_TICKS = 50_000
FUNDS_UNITS = 10**15


def opening(accounts: int, first_account: int = 1) -> list[Command]:
    """Commands that make the market; all may be repeated."""
    commands: list[Command] = [
        DefineAsset(asset=USDT),
        DefineInstrument(
            instrument=INSTRUMENT,
            settlement_asset=USDT,
            trading_state=TradingState.ACTIVE,
            price_band_ppm=500_000,
            tick_lot_units=10_000,
            max_price_ticks=1_000_000,
            min_quantity_lots=1,
            max_quantity_lots=100_000,
            max_market_quantity_lots=100_000,
            min_notional_units=0,
            market_band_ppm=50_000,
            max_open_orders=10_000,
            maker_fee_ppb=200_000,
            taker_fee_ppb=500_000,
            liquidation_fee_ppb=10_000_000,
            default_leverage=10,
        ),
        DefineRiskTier(instrument=INSTRUMENT, maintenance_rate_ppb=4_000_000, max_leverage=100, tier=0, tier_count=1),
        SetMarkPrice(instrument=INSTRUMENT, mark_ticks=MARK_TICKS, index_ticks=MARK_TICKS),
    ]
    for account in range(first_account, first_account + accounts):
        commands.append(OpenAccount(account=account))
        commands.append(Deposit(account=account, asset=USDT, amount_units=FUNDS_UNITS, reference=b"fund-%d" % account))
    return commands


def order(
    account: int,
    side: Side,
    *,
    price_ticks: int = MARK_TICKS,
    quantity_lots: int = 1,
    client_order_id: bytes = b"",
    time_in_force: TimeInForce = TimeInForce.GTC,
) -> PlaceOrder:
    """A LIMIT order in the market's instrument."""
    return PlaceOrder(
        account=account,
        instrument=INSTRUMENT,
        side=side,
        order_type=OrderType.LIMIT,
        time_in_force=time_in_force,
        price_ticks=price_ticks,
        quantity_lots=quantity_lots,
        client_order_id=client_order_id,
    )
