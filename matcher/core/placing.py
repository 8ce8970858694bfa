"""PlaceOrder: every check in its fixed order, then acceptance and execution. A check that fails names its reason.

Rules: [ORD-102].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint8_t, uint32_t
from cython.cimports.libc.string import memcpy
from cython.cimports.matcher.core.accounts import Account, Position
from cython.cimports.matcher.core.admitting import admit, link_sibling
from cython.cimports.matcher.core.client_ids import Key, fingerprint_of
from cython.cimports.matcher.core.conditional import check_waiting, child_would_trigger, find_sibling
from cython.cimports.matcher.core.groups import solvent_ticks
from cython.cimports.matcher.core.instruments import PPM, Instrument
from cython.cimports.matcher.core.limits import check_open_orders
from cython.cimports.matcher.core.links import closes_leg
from cython.cimports.matcher.core.machine import int128
from cython.cimports.matcher.core.margin import Holding, check_margin, holding_of, order_alone
from cython.cimports.matcher.core.matching import crosses, execute, is_fillable, market_bound, reach, reducible
from cython.cimports.matcher.core.orders import Order, is_closing
from cython.cimports.matcher.core.records import (
    ACCOUNT_ACTIVE,
    ACCOUNT_FROZEN,
    COMMAND_PLACE_ORDER,
    EVENT_ORDER_REPLAYED,
    FLAG_CLOSE_POSITION,
    REJECT_ACCOUNT_FROZEN,
    REJECT_CAPACITY_REACHED,
    REJECT_CLIENT_ORDER_ID_REUSED,
    REJECT_FOK_NOT_FILLABLE,
    REJECT_INVALID_LINK,
    REJECT_MARGIN_INSUFFICIENT,
    REJECT_NO_COLLATERAL_PRICE,
    REJECT_NO_LIQUIDITY,
    REJECT_NO_MARK_PRICE,
    REJECT_NONE,
    REJECT_NOTIONAL_TOO_SMALL,
    REJECT_ONLY_REDUCE_ONLY,
    REJECT_POST_ONLY_WOULD_CROSS,
    REJECT_PRICE_ABOVE_BAND,
    REJECT_PRICE_BELOW_BAND,
    REJECT_PRICE_NOT_POSITIVE,
    REJECT_PRICE_TOO_HIGH,
    REJECT_QUANTITY_NOT_POSITIVE,
    REJECT_QUANTITY_TOO_LARGE,
    REJECT_QUANTITY_TOO_SMALL,
    REJECT_REDUCE_ONLY_REJECTED,
    REJECT_STALE_MARK_PRICE,
    REJECT_TOO_MANY_OPEN_ORDERS,
    REJECT_TRADING_NOT_OPEN,
    REJECT_UNKNOWN_ACCOUNT,
    REJECT_UNKNOWN_INSTRUMENT,
    REJECT_WOULD_TRIGGER,
    SIDE_BUY,
    SIDE_SELL,
    TIF_FOK,
    TIF_GTC,
    TIF_GTD,
    TIF_GTX,
    TRADING_ACTIVE,
    TRADING_REDUCE_ONLY,
    TYPE_LIMIT,
    TYPE_MARKET,
    OrderImage,
)
from cython.cimports.matcher.core.safety import is_stale
from cython.cimports.matcher.core.shapes import check_shape, is_conditional
from cython.cimports.matcher.core.state import open_orders_of, status_of


def place(state, command):
    """A new order, or the answer of the first time; a RejectReason."""
    if not state.accounts.is_open(command.account):
        return REJECT_UNKNOWN_ACCOUNT
    account: cython.pointer[Account] = state.accounts.at + command.account
    if account.state == ACCOUNT_FROZEN:
        return REJECT_ACCOUNT_FROZEN
    instrument: cython.pointer[Instrument] = state.instruments.find(command.instrument)
    if instrument == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    reason: cython.int = check_shape(state, account, instrument, command)
    if reason:
        return reason
    key: uint32_t
    sibling: uint32_t = 0
    if command.client_order_id[0]:
        key = state.client_ids.find(command.account, COMMAND_PLACE_ORDER, command.client_order_id)
        if key:
            return _replay(state, command, key)
    if command.linked_order_id:
        sibling = find_sibling(state, command)
        if not sibling:
            return REJECT_INVALID_LINK
    reason = check_market(state, account, instrument, command)
    return reason or _enter(state, instrument, command, sibling)


def _enter(state, instrument, command, sibling):
    """The order's own terms, then what it meets; then it is accepted, and waits or executes."""
    entry: Entry
    reason: cython.int
    if is_conditional(command.order_type):
        reason = check_waiting(state, instrument, command)
        if reason:
            return reason
        _accept(state, instrument, command, command.quantity_lots, sibling)
        return REJECT_NONE
    reason = _check_terms(instrument, command)
    if reason == REJECT_NONE:
        reason = check_entry(state, instrument, command, cython.address(entry), False)
    if reason:
        return reason
    execute(
        state,
        _accept(state, instrument, command, entry.lots, sibling),
        entry.limit_ticks,
        may_rest(command),
    )
    return REJECT_NONE


def check_entry(state, instrument, command, entry, is_open):
    """What LIMIT or MARKET meets: its leg, the book, capital, room; a RejectReason, else `entry` says how it executes.

    `is_open`: the order is one that fired, and counts among the open ones already.
    """
    closes: cython.bint = is_closing(command.position_side, command.side, command.flags)
    reason: cython.int
    lots: int64_t = command.quantity_lots
    others: uint32_t = state.orders.open_orders - is_open
    index: uint32_t = state.accounts.draft_position(
        command.account, command.instrument, command.position_side, instrument.settlement_asset
    )
    position: cython.pointer[Position] = state.accounts.positions + index
    entry.limit_ticks = command.price_ticks
    if command.order_type == TYPE_MARKET:
        entry.limit_ticks = solvent_ticks(state, position, command.side, market_bound(instrument, command.side))
    if closes:
        lots = _closing_lots(position, command)
        if lots <= 0:
            return REJECT_REDUCE_ONLY_REJECTED
    entry.lots = lots
    reason = _check_book(state, instrument, position, command, entry, is_open)
    if reason == REJECT_NONE:
        reason = _check_company(state, instrument, position, command, is_open)
    if reason == REJECT_NONE and solvent_ticks(state, position, command.side, entry.limit_ticks) != entry.limit_ticks:
        return REJECT_MARGIN_INSUFFICIENT  # [MAR-015]
    if reason == REJECT_NONE and not closes:
        reason = _check_capital(state, instrument, position, command, entry.limit_ticks, lots)
    if reason:
        return reason
    return REJECT_CAPACITY_REACHED if others >= state.orders.capacity else REJECT_NONE


def _closing_lots(position, command):
    """How much a closing order may close; CLOSE_POSITION [ORD-007] closes what is there. 0 or less: nothing."""
    if command.flags & FLAG_CLOSE_POSITION:
        if not closes_leg(position, command.side):
            return 0
        return position.position_lots if position.position_lots > 0 else -position.position_lots
    return min(command.quantity_lots, reducible(position, command.side))


def may_rest(command):
    """Whether what does not trade at once goes into the book; GTD is like GTC while it lives [ORD-009]."""
    return command.order_type == TYPE_LIMIT and command.time_in_force in (TIF_GTC, TIF_GTX, TIF_GTD)


def _check_terms(instrument, command):
    """check_terms() of the order; MARKET names no price and is valued at the mark."""
    closes: cython.bint = is_closing(command.position_side, command.side, command.flags)
    lots: int64_t = command.quantity_lots
    if command.order_type == TYPE_LIMIT:
        return check_terms(instrument, command.side, command.price_ticks, lots, instrument.max_quantity_lots, closes)
    if command.price_ticks:
        return REJECT_PRICE_TOO_HIGH
    return check_terms(instrument, -1, instrument.mark_ticks, lots, instrument.max_market_quantity_lots, closes)


def check_market(state, account, instrument, command):
    """Whether this account may trade there now."""
    closes: cython.bint = is_closing(command.position_side, command.side, command.flags)
    if instrument.trading_state not in (TRADING_ACTIVE, TRADING_REDUCE_ONLY):
        return REJECT_TRADING_NOT_OPEN
    if instrument.tier_count == 0:
        return REJECT_TRADING_NOT_OPEN
    if not closes and (instrument.trading_state != TRADING_ACTIVE or account.state != ACCOUNT_ACTIVE):
        return REJECT_ONLY_REDUCE_ONLY
    if instrument.mark_ticks == 0:
        return REJECT_NO_MARK_PRICE
    return REJECT_NONE if closes else check_prices(state, account, instrument)


def check_prices(state, account, instrument):
    """Whether the prices that an opening order is judged by are fit for it."""
    if is_stale(state, instrument):
        return REJECT_STALE_MARK_PRICE
    if account.multi_assets and state.instruments.assets[instrument.settlement_asset].price_units == 0:
        return REJECT_NO_COLLATERAL_PRICE  # [MAR-011]
    return REJECT_NONE


def check_terms(instrument, side, price_ticks, quantity_lots, max_lots, closes):
    """Price, quantity, band and notional; side -1 is a MARKET order valued at the mark, which has no price to check."""
    if side >= 0:
        if price_ticks <= 0:
            return REJECT_PRICE_NOT_POSITIVE
        if price_ticks > instrument.max_price_ticks:
            return REJECT_PRICE_TOO_HIGH
    if quantity_lots <= 0:
        return REJECT_QUANTITY_NOT_POSITIVE
    if quantity_lots < instrument.min_quantity_lots:
        return REJECT_QUANTITY_TOO_SMALL
    if quantity_lots > max_lots:
        return REJECT_QUANTITY_TOO_LARGE
    reason: cython.int = check_band(instrument, side, price_ticks)
    if reason:
        return reason
    notional: int128 = cython.cast(int128, price_ticks) * quantity_lots * instrument.tick_lot_units
    if not closes and notional < instrument.min_notional_units:
        return REJECT_NOTIONAL_TOO_SMALL
    return REJECT_NONE


def check_band(instrument, side, price_ticks):
    """How far from the mark a LIMIT price may be; side -1 has none."""
    million: int64_t = PPM
    if side == SIDE_BUY:
        if price_ticks * million > instrument.mark_ticks * (million + instrument.price_band_ppm):
            return REJECT_PRICE_ABOVE_BAND
    elif side == SIDE_SELL and price_ticks * million < instrument.mark_ticks * (million - instrument.price_band_ppm):
        return REJECT_PRICE_BELOW_BAND
    return REJECT_NONE


def _check_book(state, instrument, position, command, entry, is_open):
    """What the book as it stands allows."""
    tif: cython.int = command.time_in_force
    limit_ticks: int64_t = entry.limit_ticks
    would_cross: cython.bint = crosses(instrument, command.side, limit_ticks)
    if command.order_type == TYPE_MARKET:
        return REJECT_NONE if would_cross else REJECT_NO_LIQUIDITY
    if may_rest(command) and open_orders_of(state, position) - is_open >= instrument.max_open_orders:
        return REJECT_TOO_MANY_OPEN_ORDERS
    if tif == TIF_GTX and would_cross:
        return REJECT_POST_ONLY_WOULD_CROSS
    if tif == TIF_FOK and not is_fillable(
        state, instrument, command.account, command.side, command.self_trade_prevention, limit_ticks, entry.lots
    ):
        return REJECT_FOK_NOT_FILLABLE
    return REJECT_NONE


def _check_company(state, instrument, position, command, is_open):
    """[ORD-017] Where children of the order would be; [RISK-002] whether the account may have one more that stays open."""
    closes: cython.bint = is_closing(command.position_side, command.side, command.flags)
    if (
        state.is_third
        and (command.take_profit_ticks | command.stop_loss_ticks)
        and child_would_trigger(
            instrument,
            command.side,
            command.price_ticks,
            command.working_type,
            command.take_profit_ticks,
            command.stop_loss_ticks,
        )
    ):
        return REJECT_WOULD_TRIGGER
    if not closes and state.accounts.at[command.account].is_limited and may_rest(command):
        return check_open_orders(state, position, is_open)
    return REJECT_NONE


def _check_capital(state, instrument, position, command, limit_ticks, lots):
    """Position limit and margin after the worst fill: the whole quantity at the limit, or as far as MARKET reaches."""
    worst: int64_t = limit_ticks
    if command.order_type == TYPE_MARKET:
        worst = reach(instrument, command.side, limit_ticks, lots)
    after: Holding = holding_of(position)
    after.lots[command.side] += lots
    after.value[command.side] += lots * worst
    alone: Holding = order_alone(position, command.side, lots, worst)
    nothing: Holding = order_alone(position, command.side, 0, 0)
    return check_margin(
        state, position, cython.address(after), cython.address(alone), cython.address(nothing), command.side
    )


def _accept(state, instrument, command, lots, sibling):
    """The order is open from now on; its slot. [ORD-013] The one it is linked to says so after it."""
    slot: uint32_t = admit(state, instrument, command, lots)
    if sibling:
        link_sibling(state, sibling, state.orders.at[slot].order_id)
    return slot


def _replay(state, command, index):
    """The same request again: its order as it stands, or as it ended."""
    key: cython.pointer[Key] = state.client_ids.at + index
    if key.fingerprint != fingerprint_of(command):
        return REJECT_CLIENT_ORDER_ID_REUSED
    image: cython.pointer[OrderImage] = cython.cast(
        cython.pointer[OrderImage], state.emit(EVENT_ORDER_REPLAYED, command.account, command.instrument)
    )
    order: cython.pointer[Order] = state.orders.at + key.slot
    image.order_id = key.order_id
    image.side = command.side
    image.order_type = command.order_type
    image.time_in_force = command.time_in_force
    image.order_flags = command.flags
    image.position_side = command.position_side
    image.working_type = command.working_type
    image.self_trade_prevention = command.self_trade_prevention
    memcpy(image.client_order_id, command.client_order_id, 36)
    if key.slot:
        image.price_ticks = order.price_ticks
        image.quantity_lots = order.quantity_lots
        image.filled_lots = order.quantity_lots - order.leaves_lots
        image.filled_quote_units = order.filled_quote_units
        image.status = cython.cast(uint8_t, status_of(order.leaves_lots, order.quantity_lots))
    else:
        image.price_ticks = command.price_ticks
        image.quantity_lots = command.quantity_lots
        image.filled_lots = key.filled_lots
        image.filled_quote_units = key.filled_quote_units
        image.status = key.status
    return REJECT_NONE
