"""Owns matching: who trades with whom, what a fill changes, and the rule that reduce_only never opens.

Rules: [ORD-103], [ORD-104], [MAT-001], [MAT-002], [MAT-003], [MAT-004], [MON-002].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.book import next_ask, next_bid, rest, take
from cython.cimports.matcher.core.groups import solvent_ticks
from cython.cimports.matcher.core.instruments import PPM, Asset, Instrument
from cython.cimports.matcher.core.insurance import liquidation_fee, pay_fund
from cython.cimports.matcher.core.legs import (
    affordable,
    change_leg,
    closing_part,
    kept,
    pay,
    released_by,
    set_apart,
    tell_isolated,
)
from cython.cimports.matcher.core.links import Party, close_orphans, note_party, settle_links
from cython.cimports.matcher.core.machine import int128, share_up
from cython.cimports.matcher.core.margin import fee_rate, isolated_opening, leverage_in_use
from cython.cimports.matcher.core.orders import CLOSES, HAS_TERMS, WAITS, Order
from cython.cimports.matcher.core.records import (
    END_REDUCE_ONLY_CUT,
    END_SELF_TRADE,
    END_UNFILLED_REST,
    EVENT_FLAG_LIQUIDATION,
    EVENT_FLAG_MAKER,
    EVENT_FLAG_SELL,
    EVENT_ORDER_AMENDED,
    EVENT_ORDER_EXPIRED,
    EVENT_ORDER_FILLED,
    FLAG_LIQUIDATION,
    INSURANCE_LIQUIDATION_FEE,
    MARGIN_ISOLATED,
    REJECT_MARGIN_INSUFFICIENT,
    SIDE_BUY,
    SIDE_SELL,
    STATUS_EXPIRED,
    STATUS_EXPIRED_IN_MATCH,
    STATUS_FILLED,
    STP_EXPIRE_BOTH,
    STP_EXPIRE_MAKER,
    STP_EXPIRE_TAKER,
    STP_NONE,
    OrderFilled,
)
from cython.cimports.matcher.core.shapes import is_conditional
from cython.cimports.matcher.core.state import leg_flag, status_of


def market_bound(instrument, side):
    """The worst price a MARKET order may reach."""
    band: int64_t = instrument.mark_ticks * cython.cast(int64_t, instrument.market_band_ppm) // PPM
    return instrument.mark_ticks + band if side == SIDE_BUY else max(instrument.mark_ticks - band, 1)


def crosses(instrument, side, limit_ticks):
    if side == SIDE_BUY:
        return instrument.book.ask <= limit_ticks
    return instrument.book.bid >= limit_ticks


def reach(instrument, side, limit_ticks, lots):
    """The last level an order would reach by level totals, within its limit; 0 when none is."""
    tick: int64_t = instrument.book.ask if side == SIDE_BUY else instrument.book.bid
    last: int64_t = 0
    while tick <= limit_ticks if side == SIDE_BUY else tick >= limit_ticks:
        last = tick
        lots -= instrument.book.levels[tick].lots
        if lots <= 0:
            break
        if side == SIDE_BUY:
            tick = next_ask(cython.address(instrument.book), tick)
        else:
            tick = next_bid(cython.address(instrument.book), tick)
    return last


def is_fillable(state, instrument, account, side, stp, limit_ticks, lots):
    """Whether the whole quantity trades at once: counts makers that neither STP nor a cut can take away."""
    tick: int64_t = instrument.book.ask if side == SIDE_BUY else instrument.book.bid
    group: uint32_t = state.accounts.at[account].group
    slot: uint32_t
    maker: cython.pointer[Order]
    while tick <= limit_ticks if side == SIDE_BUY else tick >= limit_ticks:
        slot = instrument.book.levels[tick].first
        while slot:
            maker = state.orders.at + slot
            if stp != STP_NONE and state.accounts.at[maker.account].group == group:
                if stp != STP_EXPIRE_MAKER:
                    return False
            elif not maker.flags & CLOSES and not (maker.flags & HAS_TERMS and is_linked(state, slot)):
                lots -= maker.leaves_lots
                if lots <= 0:
                    return True
            slot = maker.behind
        if side == SIDE_BUY:
            tick = next_ask(cython.address(instrument.book), tick)
        else:
            tick = next_bid(cython.address(instrument.book), tick)
    return False


def is_linked(state, slot):
    """[ORD-011] Whether a trade of its sibling could take the order away."""
    return state.waiting.at[state.orders.origin[slot].terms].linked_order_id != 0


def reducible(position, side):
    """Lots that an order of this side may still close; 0 or less when it may close none."""
    if side == SIDE_BUY:
        return -position.position_lots - position.reduce_only_lots[SIDE_BUY] if position.position_lots < 0 else 0
    return position.position_lots - position.reduce_only_lots[SIDE_SELL] if position.position_lots > 0 else 0


def execute(state, slot, limit_ticks, may_rest):
    """Match an order that is not in the book, then rest it or end it."""
    order: cython.pointer[Order] = state.orders.at + slot
    instrument: cython.pointer[Instrument] = state.instruments.at + state.accounts.positions[order.position].instrument
    is_stopped: cython.bint = False
    if crosses(instrument, order.side, limit_ticks):
        state.matching_slot = slot
        is_stopped = _match(state, slot, limit_ticks)
        state.matching_slot = 0
    if order.leaves_lots == 0:
        state.end_order(slot, STATUS_FILLED)
    elif is_stopped:
        _spare_sibling(state, slot)
        state.finish_order(slot, EVENT_ORDER_EXPIRED, STATUS_EXPIRED_IN_MATCH, END_SELF_TRADE)
    elif may_rest:
        rest(cython.address(instrument.book), slot)
        state.hold(slot, order.leaves_lots)
    else:
        _spare_sibling(state, slot)
        state.finish_order(slot, EVENT_ORDER_EXPIRED, STATUS_EXPIRED, END_UNFILLED_REST)


def _spare_sibling(state, slot):
    """[ORD-016] One that fired and ends without a trade leaves the one linked to it alone."""
    order: cython.pointer[Order] = state.orders.at + slot
    if (
        state.is_third
        and order.flags & HAS_TERMS
        and order.leaves_lots == order.quantity_lots
        and is_conditional(state.orders.origin[slot].order_type)
    ):
        state.unlink(slot)


def _match(state, slot, limit_ticks):
    """Trade with the best makers in turn; whether self-trade prevention stopped the taker."""
    order: cython.pointer[Order] = state.orders.at + slot
    instrument: cython.pointer[Instrument] = state.instruments.at + state.accounts.positions[order.position].instrument
    group: uint32_t = state.accounts.at[order.account].group
    stp: cython.int = order.self_trade_prevention
    maker_slot: uint32_t
    while order.leaves_lots and crosses(instrument, order.side, limit_ticks):
        maker_slot = instrument.book.levels[
            instrument.book.ask if order.side == SIDE_BUY else instrument.book.bid
        ].first
        if stp == STP_NONE or state.accounts.at[state.orders.at[maker_slot].account].group != group:
            if _is_solvent(state, maker_slot):
                _trade(state, slot, maker_slot)
            else:
                state.close_order(maker_slot, EVENT_ORDER_EXPIRED, STATUS_EXPIRED, REJECT_MARGIN_INSUFFICIENT)
            continue
        if stp == STP_EXPIRE_TAKER:
            return True
        # A maker that may not trade with its own group leaves.
        state.close_order(maker_slot, EVENT_ORDER_EXPIRED, STATUS_EXPIRED_IN_MATCH, END_SELF_TRADE)
        if stp == STP_EXPIRE_BOTH:
            return True
    return False


def _is_solvent(state, slot):
    """[MAR-015] Whether a resting order may trade: a closing one not beyond its leg's bankruptcy price of now."""
    order: cython.pointer[Order] = state.orders.at + slot
    ticks: int64_t = order.price_ticks
    if not order.flags & CLOSES:
        return True
    return solvent_ticks(state, state.accounts.positions + order.position, order.side, ticks) == ticks


def _trade(state, taker_slot, maker_slot):
    """One match at the maker's price: both fills, what the two legs demand, what links and attachments do."""
    taker: cython.pointer[Order] = state.orders.at + taker_slot
    maker: cython.pointer[Order] = state.orders.at + maker_slot
    taker_position: uint32_t = taker.position
    maker_position: uint32_t = maker.position
    instrument: cython.pointer[Instrument] = state.instruments.at + state.accounts.positions[taker_position].instrument
    lots: int64_t = min(taker.leaves_lots, maker.leaves_lots)
    taker_held: int64_t = state.accounts.positions[taker_position].position_lots
    maker_held: int64_t = state.accounts.positions[maker_position].position_lots
    has_terms: cython.bint = (taker.flags | maker.flags) & HAS_TERMS
    parties: Party[2]
    if has_terms:
        note_party(state, taker_slot, parties)
        note_party(state, maker_slot, parties + 1)
    if state.waiting.watches[instrument.number].count:
        state.waiting.flag(instrument.number)
    state.last_trade_id += 1
    instrument.last_trade_id = state.last_trade_id
    instrument.last_price_ticks = maker.price_ticks
    taker.leaves_lots -= lots
    state.hold(maker_slot, -lots)
    take(cython.address(instrument.book), maker_slot, lots)
    _fill(state, instrument, taker_slot, lots, maker.price_ticks, False)
    _fill(state, instrument, maker_slot, lots, maker.price_ticks, True)
    if maker.leaves_lots == 0:
        state.end_order(maker_slot, STATUS_FILLED)
    keep_leg_rules(state, taker_position, taker_held)
    if maker_position != taker_position:
        keep_leg_rules(state, maker_position, maker_held)
    if has_terms:
        settle_links(state, parties, parties + 1, lots)


def _fill(state, instrument, slot, lots, price_ticks, is_maker):
    """One party's half: position, wallet, house totals and the event that tells them."""
    order: cython.pointer[Order] = state.orders.at + slot
    position: cython.pointer[Position] = state.accounts.positions + order.position
    house: cython.pointer[Asset] = state.instruments.assets + instrument.settlement_asset
    notional: int64_t = lots * price_ticks * instrument.tick_lot_units
    isolated: cython.bint = position.margin_mode == MARGIN_ISOLATED
    liquidates: cython.bint = order.flags & FLAG_LIQUIDATION
    moved: int64_t = 0
    released: int128 = 0
    opening: int128 = 0
    closing: int64_t
    # Rounded up: a fee to the house's favour, a rebate to the house's favour too.
    fee: int64_t = cython.cast(
        int64_t, share_up(notional, fee_rate(state.accounts.at + order.account, instrument, is_maker))
    )
    if isolated:  # [MAR-004]
        closing = closing_part(position, order.side, lots)
        released = released_by(position, closing)
        opening = isolated_opening(
            instrument, order.side, lots - closing, price_ticks, leverage_in_use(instrument, position)
        )
    realized: int64_t = change_leg(state, instrument, position, order.side, lots, price_ticks)
    if isolated:
        opening = affordable(state, position, opening, released + realized - fee)
        moved = realized if liquidates else kept(state, opening - released)
        set_apart(state, position, moved)
    if liquidates:
        pay(state, position.wallet, realized)
        fee = liquidation_fee(state, position, notional)
        if isolated:
            moved -= fee
            set_apart(state, position, -fee)
        pay(state, position.wallet, -fee)
    else:
        house.fee_income_units = kept(state, cython.cast(int128, house.fee_income_units) + fee)
        pay(state, position.wallet, cython.cast(int128, realized) - fee)
    order.filled_quote_units = kept(state, cython.cast(int128, order.filled_quote_units) + notional)
    state.orders.origin[slot].updated_ns = state.time_ns
    event: cython.pointer[OrderFilled] = cython.cast(
        cython.pointer[OrderFilled], state.emit(EVENT_ORDER_FILLED, order.account, instrument.number)
    )
    event.flags = (EVENT_FLAG_MAKER if is_maker else 0) | (EVENT_FLAG_SELL if order.side == SIDE_SELL else 0)
    event.flags |= leg_flag(position) | (EVENT_FLAG_LIQUIDATION if liquidates else 0)
    event.order_id = order.order_id
    event.trade_id = state.last_trade_id
    event.price_ticks = price_ticks
    event.quantity_lots = lots
    event.leaves_lots = order.leaves_lots
    event.filled_quote_units = order.filled_quote_units
    event.fee_units = fee
    event.realized_pnl_units = realized
    event.position_lots = position.position_lots
    event.position_cost_units = position.cost_units
    event.wallet_units = state.accounts.wallets[position.wallet].wallet_units
    if isolated:
        tell_isolated(state, position, moved, 0)
    if liquidates and fee:
        pay_fund(state, instrument.settlement_asset, fee, INSURANCE_LIQUIDATION_FEE, order.account, instrument.number)


def keep_leg_rules(state, index, held_lots):
    """What a leg that held so many lots before demands of its orders: the reduce_only rule, then [ORD-010]."""
    position: cython.pointer[Position] = state.accounts.positions + index
    lots: int64_t = position.position_lots
    _cut_reduce_only(state, index)
    if position.waiting_orders and (lots == 0 or (lots > 0) != (held_lots > 0)):
        close_orphans(state, index)


def _cut_reduce_only(state, index):
    """Cancel or cut resting reduce_only orders beyond the position, the youngest first."""
    position: cython.pointer[Position] = state.accounts.positions + index
    order: cython.pointer[Order]
    side: cython.int
    slot: uint32_t
    older: uint32_t
    excess: int64_t
    limit: int64_t
    had_terms: cython.bint
    for side in range(2):
        if position.reduce_only_lots[side] == 0:
            continue
        limit = 0
        if (position.position_lots > 0) == (side == SIDE_SELL):
            limit = position.position_lots if position.position_lots > 0 else -position.position_lots
        slot = position.youngest
        while slot and position.reduce_only_lots[side] > limit:
            order = state.orders.at + slot
            older = order.older
            if order.side == side and order.flags & (CLOSES | WAITS) == CLOSES and slot != state.matching_slot:
                excess = position.reduce_only_lots[side] - limit
                if excess >= order.leaves_lots:
                    had_terms = order.flags & HAS_TERMS
                    state.cancel(slot, END_REDUCE_ONLY_CUT)
                    if had_terms:
                        # Its sibling may have been the next one: begin anew.
                        older = position.youngest
                else:
                    _cut(state, slot, excess)
            slot = older


def _cut(state, slot, lots):
    """Lower a resting order; it keeps its place."""
    order: cython.pointer[Order] = state.orders.at + slot
    number: cython.int = state.accounts.positions[order.position].instrument
    state.hold(slot, -lots)
    take(cython.address(state.instruments.at[number].book), slot, lots)
    order.quantity_lots -= lots
    state.orders.origin[slot].updated_ns = state.time_ns
    state.emit_image(EVENT_ORDER_AMENDED, slot, status_of(order.leaves_lots, order.quantity_lots), END_REDUCE_ONLY_CUT)
