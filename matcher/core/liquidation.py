"""Owns liquidation: passes over groups that have lost their margin, step by step until healthy or gone."""

import cython
from cython.cimports.libc.stdint import int64_t, uint16_t, uint32_t, uint64_t
from cython.cimports.libc.string import memset
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.collateral import exchange_debts
from cython.cimports.matcher.core.deleveraging import cancel_resting, deleverage, exchange
from cython.cimports.matcher.core.groups import (
    Group,
    balance_of,
    bankruptcy_ticks,
    cross_group,
    group_of,
    price_of,
    totals_of,
)
from cython.cimports.matcher.core.instruments import WALLET_MAX_UNITS, Instrument
from cython.cimports.matcher.core.insurance import bear_deficit, fund_for, give_surplus
from cython.cimports.matcher.core.legs import closing_side, size_of
from cython.cimports.matcher.core.machine import int128, magnitude, to_int64
from cython.cimports.matcher.core.margin import Totals, maintenance, notional_of, others_of
from cython.cimports.matcher.core.matching import execute
from cython.cimports.matcher.core.orders import CLOSES, Order, Origin
from cython.cimports.matcher.core.records import (
    END_LIQUIDATION,
    EVENT_FLAG_ISOLATED,
    EVENT_LIQUIDATION_ENDED,
    EVENT_LIQUIDATION_STARTED,
    EVENT_LIQUIDATION_STEP,
    EVENT_ORDER_ACCEPTED,
    FLAG_LIQUIDATION,
    FLAG_REDUCE_ONLY,
    MARGIN_ISOLATED,
    MODE_ONE_WAY,
    MOVE_TAKEN_OVER,
    POSITION_SIDE_BOTH,
    REJECT_NONE,
    STATUS_NEW,
    STP_NONE,
    TIF_IOC,
    TYPE_LIMIT,
    LiquidationStarted,
    LiquidationStep,
)
from cython.cimports.matcher.core.state import leg_flag
from cython.cimports.matcher.core.watching import find_liquidatable, in_group, is_liquidatable


def run_passes(state, instrument):
    """[LIQ-002] Passes over the groups that hold the instrument (0: any) until one finds none; how many were liquidated."""
    count: uint64_t = 0
    i: cython.size_t
    leg: uint32_t
    state.holders.end_ranking()
    find_liquidatable(state, instrument)
    while state.holders.found.count and not state.fault:
        for i in range(state.holders.found.count):
            leg = _leg_of(state, state.holders.found.at[i])
            if leg and is_liquidatable(state, state.accounts.positions + leg):
                _liquidate(state, leg)
                count += 1
        find_liquidatable(state, instrument)
    state.holders.end_ranking()
    return count


def _leg_of(state, key):
    """A leg of the group that a key names, by instrument and side the first that is not flat; 0 without one."""
    index: uint32_t = state.accounts.at[key >> 32].first_position
    leg: cython.pointer[Position]
    isolated: cython.bint = (key >> 16) & 1
    account: uint32_t = cython.cast(uint32_t, key >> 32)
    while index:
        leg = state.accounts.positions + index
        if leg.position_lots and (leg.margin_mode == MARGIN_ISOLATED) == isolated:
            if isolated:
                if (cython.cast(uint64_t, leg.instrument) << 2 | leg.position_side) == (key & 0xFFFF):
                    return index
            elif state.accounts.at[account].multi_assets or (
                state.instruments.at[leg.instrument].settlement_asset == (key & 0xFFFF) >> 2
            ):
                return index
        index = leg.next
    return 0


def _liquidate(state, leg):
    """[LIQ-003] The leg's group: orders that may open go first, then the riskiest leg again and again."""
    position: cython.pointer[Position] = state.accounts.positions + leg
    account: uint32_t = position.account
    asset: uint16_t = state.instruments.at[position.instrument].settlement_asset
    wallet: uint32_t
    _tell(state, EVENT_LIQUIDATION_STARTED, leg)
    _cancel_opening(state, leg)
    while is_liquidatable(state, state.accounts.positions + leg) and not state.fault:
        _step(state, _riskiest(state, leg))
    if state.accounts.positions[leg].margin_mode == MARGIN_ISOLATED:
        _settle_isolated(state, leg)
        if not state.accounts.positions[leg].position_lots:
            settle_cross(state, account, asset)
    elif not group_of(state, state.accounts.positions + leg).held:
        if not state.accounts.at[account].multi_assets:
            settle_cross(state, account, asset)
        else:
            exchange_debts(state, account, True)
            wallet = state.accounts.at[account].first_wallet
            while wallet:
                settle_cross(state, account, state.accounts.wallets[wallet].asset)
                wallet = state.accounts.wallets[wallet].next
    _tell(state, EVENT_LIQUIDATION_ENDED, leg)


def _tell(state, kind, leg):
    """LiquidationStarted or LiquidationEnded, which share their layout."""
    position: cython.pointer[Position] = state.accounts.positions + leg
    group: Group = group_of(state, position)
    isolated: cython.bint = position.margin_mode == MARGIN_ISOLATED
    event: cython.pointer[LiquidationStarted] = cython.cast(
        cython.pointer[LiquidationStarted],
        state.emit(kind, position.account, position.instrument if isolated else 0),
    )
    event.equity_units = to_int64(group.equity)
    event.maintenance_units = to_int64(group.maintenance)
    if isolated:
        event.flags = EVENT_FLAG_ISOLATED | leg_flag(position)
    if isolated or not state.accounts.at[position.account].multi_assets:
        event.asset = state.instruments.at[position.instrument].settlement_asset
        event.wallet_units = state.accounts.wallets[position.wallet].wallet_units


def _cancel_opening(state, leg):
    """[LIQ-003] Cancel the group's resting orders that may open, by instrument, order_id.

    Of a cross group in all instruments settled in its assets, isolated ones too; of an isolated leg its own.
    """
    position: cython.pointer[Position] = state.accounts.positions + leg
    asset: uint16_t = state.instruments.at[position.instrument].settlement_asset
    index: uint32_t
    if position.margin_mode == MARGIN_ISOLATED:
        cancel_resting(state, leg, leg, CLOSES, END_LIQUIDATION)
        return
    index = state.accounts.at[position.account].first_position
    while index:
        if (
            state.accounts.at[position.account].multi_assets
            or state.instruments.at[state.accounts.positions[index].instrument].settlement_asset == asset
        ):
            cancel_resting(state, index, 0, CLOSES, END_LIQUIDATION)
        index = state.accounts.positions[index].next


def _risk(state, leg):
    """Maintenance of a leg, its value in multi-asset mode."""
    instrument: cython.pointer[Instrument] = state.instruments.at + leg.instrument
    need: int128 = maintenance(instrument, notional_of(state, leg))
    if leg.margin_mode == MARGIN_ISOLATED or not state.accounts.at[leg.account].multi_assets:
        return need
    return price_of(state, instrument.settlement_asset, need)


def _riskiest(state, leg):
    """[LIQ-003] The group's leg with the largest maintenance; of equal ones by instrument, then side."""
    position: cython.pointer[Position] = state.accounts.positions + leg
    index: uint32_t = state.accounts.at[position.account].first_position
    most: int128 = -1
    need: int128
    best: uint32_t = 0
    other: cython.pointer[Position]
    while index:
        other = state.accounts.positions + index
        if other.position_lots and in_group(state, other, position):
            need = _risk(state, other)
            if need > most:
                most = need
                best = index
        index = other.next
    return best


def _step(state, leg):
    """Reduce the leg to the tier below: an order [LIQ-005], then the fund [LIQ-006] or the queue [LIQ-007]."""
    position: cython.pointer[Position] = state.accounts.positions + leg
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    group: Group = group_of(state, position)
    price_ticks: int64_t = bankruptcy_ticks(state, position)
    unit: int128 = cython.cast(int128, instrument.mark_ticks) * instrument.tick_lot_units
    notional: int128 = notional_of(state, position)
    tier: cython.int = instrument.tier_count - 1
    lots: int64_t = size_of(position)
    fund: uint32_t
    flags: cython.int = FLAG_LIQUIDATION
    while tier > 0 and instrument.tiers[tier].notional_floor_units > notional:
        tier -= 1
    if tier > 0:
        lots -= cython.cast(int64_t, (instrument.tiers[tier].notional_floor_units - 1) // unit)
    event: cython.pointer[LiquidationStep] = cython.cast(
        cython.pointer[LiquidationStep],
        state.emit(EVENT_LIQUIDATION_STEP, position.account, position.instrument),
    )
    event.flags = leg_flag(position) | (EVENT_FLAG_ISOLATED if position.margin_mode == MARGIN_ISOLATED else 0)
    event.detail = tier
    event.mark_ticks = instrument.mark_ticks
    event.bankruptcy_ticks = price_ticks
    event.quantity_lots = lots
    event.position_lots = position.position_lots
    event.equity_units = to_int64(group.equity)
    event.maintenance_units = to_int64(group.maintenance)
    if state.accounts.at[position.account].position_mode == MODE_ONE_WAY:
        flags |= FLAG_REDUCE_ONLY
    lots -= send_closing(state, leg, lots, price_ticks, flags)
    if lots == 0 or not is_liquidatable(state, position):
        return
    price_ticks = bankruptcy_ticks(state, position)
    fund = fund_for(state, position.account, instrument.settlement_asset)
    if fund and _can_take(state, fund, leg, lots, price_ticks):
        fund = state.accounts.touch_position(fund, position.instrument, POSITION_SIDE_BOTH, instrument.settlement_asset)
        exchange(state, leg, fund, lots, price_ticks, MOVE_TAKEN_OVER, 0, 0)
    else:
        deleverage(state, leg, lots, price_ticks)


def send_closing(state, leg, lots, price_ticks, flags):
    """[LIQ-005] [LIQ-010] A closing LIMIT IOC of the engine's own, without checks; lots that traded."""
    position: cython.pointer[Position] = state.accounts.positions + leg
    state.last_order_id += 1
    slot: uint32_t = state.orders.acquire(state.last_order_id)
    if not slot:
        state.fault = 6
        return 0
    order: cython.pointer[Order] = state.orders.at + slot
    origin: cython.pointer[Origin] = state.orders.origin + slot
    order.leaves_lots = lots
    order.quantity_lots = lots
    order.filled_quote_units = 0
    order.price_ticks = cython.cast(uint32_t, price_ticks)
    order.account = position.account
    order.position = leg
    order.side = closing_side(position)
    order.flags = flags | CLOSES
    order.time_in_force = TIF_IOC
    order.self_trade_prevention = STP_NONE
    memset(origin, 0, cython.sizeof(Origin))
    origin.created_ns = state.time_ns
    origin.updated_ns = state.time_ns
    origin.order_type = TYPE_LIMIT
    state.open_order(slot)
    state.emit_image(EVENT_ORDER_ACCEPTED, slot, STATUS_NEW, REJECT_NONE)
    execute(state, slot, price_ticks, False)
    # The slot is free again, and nobody has taken it since: what it left is still written there.
    return lots - state.orders.at[slot].leaves_lots


def _can_take(state, fund, leg, lots, price_ticks):
    """[LIQ-006] Whether the fund's cross group would stand above maintenance after the move."""
    giver: cython.pointer[Position] = state.accounts.positions + leg
    instrument: cython.pointer[Instrument] = state.instruments.at + giver.instrument
    index: uint32_t = state.accounts.draft_position(
        fund, giver.instrument, POSITION_SIDE_BOTH, instrument.settlement_asset
    )
    taker: cython.pointer[Position] = state.accounts.positions + index
    totals: Totals = others_of(state, fund, instrument.settlement_asset, taker)
    wallet: int128 = balance_of(state, fund, instrument.settlement_asset, cython.address(totals), False)
    held: int128 = taker.position_lots
    gained: int128 = lots if giver.position_lots > 0 else -lots
    closing: int128 = min(magnitude(gained), magnitude(held)) if (held > 0) != (gained > 0) else 0
    cost: int128 = taker.cost_units
    value: int128 = cython.cast(int128, price_ticks) * instrument.tick_lot_units
    removed: int128 = cost * closing // max(magnitude(held), 1)
    sign: int128 = 1 if gained > 0 else -1
    # Whatever is realized joins the wallet; the rest stays in the cost.
    wallet += (closing * value if held > 0 else -closing * value) - removed
    cost += (magnitude(gained) - closing) * sign * value - removed
    held += gained
    mark: int128 = held * instrument.mark_ticks * instrument.tick_lot_units
    need: int128 = totals.maintenance + maintenance(instrument, magnitude(mark))
    return wallet + mark - cost > need and magnitude(cost) <= cython.cast(int64_t, WALLET_MAX_UNITS)


def _settle_isolated(state, leg):
    """[LIQ-008] A flat isolated leg: the rest goes to the fund, a deficit the fund bears as far as it can."""
    position: cython.pointer[Position] = state.accounts.positions + leg
    left: int64_t = position.isolated_units
    account: uint32_t = position.account
    number: uint16_t = position.instrument
    asset: uint16_t = state.instruments.at[number].settlement_asset
    if position.position_lots:
        return
    position.isolated_units = 0
    state.holders.doubt(state.accounts, account)
    if left > 0:
        give_surplus(state, account, asset, left, number)
    elif left < 0:
        bear_deficit(state, account, asset, -left, number)


def settle_cross(state, account, asset):
    """[LIQ-008] What a cross group that holds nothing owes in the asset, the fund bears as far as it can."""
    totals: Totals = totals_of(state, account, asset)
    group: Group = cross_group(state, account, asset, cython.address(totals), False)
    owed: int128 = -balance_of(state, account, asset, cython.address(totals), False)
    if owed > 0 and not group.held:
        bear_deficit(state, account, asset, owed, 0)
