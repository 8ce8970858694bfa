"""What an account may take on: position limit and margin before an order or another leverage is accepted.

Rules: [MAR-104], [MAR-106].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.matcher.core.accounts import Account, Position
from cython.cimports.matcher.core.groups import Group, cross_group
from cython.cimports.matcher.core.instruments import Instrument
from cython.cimports.matcher.core.legs import affordable, closing_part
from cython.cimports.matcher.core.machine import divide, int128, magnitude, share_up
from cython.cimports.matcher.core.margin import (
    Holding,
    Totals,
    exposure,
    exposure_cap,
    fee_rate,
    holding_of,
    isolated_opening,
    leverage_in_use,
    maintenance,
    others_of,
    position_margin,
    requirement,
    unrealized,
)
from cython.cimports.matcher.core.records import (
    MARGIN_ISOLATED,
    POSITION_SIDE_BOTH,
    POSITION_SIDE_LONG,
    POSITION_SIDE_SHORT,
    REJECT_LEVERAGE_MARGIN_INSUFFICIENT,
    REJECT_NONE,
    REJECT_POSITION_LIMIT_EXCEEDED,
    SIDE_BUY,
)


def other_exposure(state, position):
    """[MAR-003] The cap holds for the sum of both legs' exposures: that of the other one."""
    if position.position_side == POSITION_SIDE_BOTH:
        return 0
    other: uint32_t = state.accounts.find_position(
        position.account, position.instrument, POSITION_SIDE_LONG + POSITION_SIDE_SHORT - position.position_side
    )
    if not other:
        return 0
    holding: Holding = holding_of(state.accounts.positions + other)
    return exposure(state.instruments.at + position.instrument, cython.address(holding))


def stands_alone(state, instrument, position, alone, side, leverage):
    """[MAR-005] Whether the leg, this order alone filled wholly at its price, has more than its maintenance."""
    lots: int64_t = alone.lots[side]
    if lots == 0:
        return True
    price: int64_t = alone.value[side] // lots
    held: int64_t = position.position_lots
    size: int64_t = held if held > 0 else -held
    closing: int64_t = closing_part(position, side, lots)
    cost: int128 = position.cost_units
    equity: int128 = position.isolated_units
    closed: int128 = cython.cast(int128, closing) * price * instrument.tick_lot_units
    opening: int128 = cython.cast(int128, lots - closing) * price * instrument.tick_lot_units
    rate: int64_t = max(fee_rate(state.accounts.at + position.account, instrument, False), 0)
    gained: int128 = -share_up(closed + opening, rate)
    if closing:
        gained += (closed if held > 0 else -closed) - divide(cost * closing, size) + divide(equity * closing, size)
        cost -= divide(cost * closing, size)
        equity -= divide(equity * closing, size)
    cost += opening if side == SIDE_BUY else -opening
    equity += affordable(state, position, isolated_opening(instrument, side, lots - closing, price, leverage), gained)
    after: int128 = held + lots if side == SIDE_BUY else held - lots
    value: int128 = after * instrument.mark_ticks * instrument.tick_lot_units
    return after == 0 or equity + value - cost > maintenance(instrument, magnitude(value))


def check_leverage(state, position, leverage):
    """[MAR-010] Whether the instrument's legs can be held at another leverage; a RejectReason.

    The cap holds for both legs together, every isolated leg must keep its margin at a lower leverage,
    and what cross needs more must be covered.
    """
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    account: cython.pointer[Account] = state.accounts.at + position.account
    before: int64_t = leverage_in_use(instrument, position)
    rate: int64_t = fee_rate(account, instrument, False)
    totals: Totals = others_of(state, position.account, instrument.settlement_asset, cython.NULL)
    holding: Holding
    reach: int128 = 0
    rise: int128 = 0
    now: int128
    after: int128
    index: uint32_t = account.first_position
    leg: cython.pointer[Position]
    lacks: cython.bint = False
    while index:
        leg = state.accounts.positions + index
        index = leg.next
        if leg.instrument != position.instrument:
            continue
        holding = holding_of(leg)
        reach += exposure(instrument, cython.address(holding))
        now = requirement(instrument, cython.address(holding), before, rate)
        after = requirement(instrument, cython.address(holding), leverage, rate)
        if leg.margin_mode == MARGIN_ISOLATED:
            now -= position_margin(instrument, cython.address(holding), before)
            after -= position_margin(instrument, cython.address(holding), leverage)
            if leg.position_lots and leverage < before:
                lacks |= leg.isolated_units + min(unrealized(instrument, leg), 0) < position_margin(
                    instrument, cython.address(holding), leverage
                )
        rise += after - now
    if reach > exposure_cap(instrument, leverage):
        return REJECT_POSITION_LIMIT_EXCEEDED
    totals.requirement += rise
    group: Group = cross_group(state, position.account, instrument.settlement_asset, cython.address(totals), False)
    if lacks or (rise > 0 and group.requirement > group.equity):
        return REJECT_LEVERAGE_MARGIN_INSUFFICIENT
    return REJECT_NONE
