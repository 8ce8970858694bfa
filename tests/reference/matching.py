"""Price-time matching, fills and the reduce_only rule of docs/engine.md."""

from __future__ import annotations

from matcher.protocol.enums import EventFlag, OrderStatus, OrderType, SelfTradePrevention, Side
from matcher.protocol.events import OrderAmended, OrderFilled
from matcher.protocol.rejects import EndReason, RejectReason
from matcher.protocol.units import PPM
from tests.reference import lifecycle, links, positions
from tests.reference.groups import solvent_ticks
from tests.reference.keys import order_ended
from tests.reference.links import closing_side
from tests.reference.state import Account, Instrument, Order, State, kept
from tests.reference.turn import Turn

STOPS_TAKER = (SelfTradePrevention.EXPIRE_TAKER, SelfTradePrevention.EXPIRE_BOTH)
EXPIRES_MAKER = (SelfTradePrevention.EXPIRE_MAKER, SelfTradePrevention.EXPIRE_BOTH)


def crosses(side: int, limit_ticks: int, opposite_ticks: int) -> bool:
    """Whether an order of `side` limited at `limit_ticks` may trade at `opposite_ticks`."""
    return opposite_ticks <= limit_ticks if side == Side.BUY else opposite_ticks >= limit_ticks


def reachable(instrument: Instrument, side: int, limit_ticks: int) -> list[Order]:
    """Resting orders an order of `side` may trade with, best first."""
    return [o for o in instrument.resting(1 - side) if crosses(side, limit_ticks, o.price_ticks)]


def market_bound_ticks(instrument: Instrument, side: int) -> int:
    mark = instrument.mark_ticks
    away = mark * instrument.terms.market_band_ppm // PPM
    return mark + away if side == Side.BUY else max(1, mark - away)


def market_reach_ticks(instrument: Instrument, side: int, lots: int, bound: int | None = None) -> int:
    """Price of the last level a MARKET order of `lots` would reach within its bound; 0 for an empty side."""
    price = 0
    bound = market_bound_ticks(instrument, side) if bound is None else bound
    for order in reachable(instrument, side, bound):
        if lots <= 0:
            break
        price = order.price_ticks
        lots -= order.leaves_lots
    return price


def same_group(state: State, one: Order, other: Order) -> bool:
    return state.accounts[one.account].group == state.accounts[other.account].group


def is_fillable(state: State, instrument: Instrument, taker: Order) -> bool:
    """FOK's test: enough lots up to the limit that nothing that may end a maker can take away."""
    found = 0
    for maker in reachable(instrument, taker.side, taker.price_ticks):
        if taker.self_trade_prevention != SelfTradePrevention.NONE and same_group(state, taker, maker):
            if taker.self_trade_prevention in STOPS_TAKER:
                break
            continue
        if not maker.is_closing and not maker.linked_order_id:
            found += maker.leaves_lots
    return found >= taker.quantity_lots


def rest(turn: Turn, instrument: Instrument, order: Order) -> None:
    """Put the order behind all orders of the same or a better price."""
    queue = instrument.resting(order.side)
    at = sum(1 for o in queue if crosses(1 - order.side, order.price_ticks, o.price_ticks))
    queue.insert(at, order)
    turn.level_changed(instrument, order.side, order.price_ticks)


def match(turn: Turn, instrument: Instrument, taker: Order, limit_ticks: int) -> bool:
    """Trade the taker against the book up to its limit; True when self-trade prevention stopped it."""
    while taker.leaves_lots:
        makers = reachable(instrument, taker.side, limit_ticks)
        if not makers:
            break
        maker = makers[0]
        if taker.self_trade_prevention != SelfTradePrevention.NONE and same_group(turn.state, taker, maker):
            if taker.self_trade_prevention in EXPIRES_MAKER:
                lifecycle.expire(turn, instrument, maker, OrderStatus.EXPIRED_IN_MATCH, EndReason.SELF_TRADE)
            if taker.self_trade_prevention in STOPS_TAKER:
                return True
        elif maker.is_closing and not _is_solvent(turn.state, maker):
            lifecycle.expire(turn, instrument, maker, OrderStatus.EXPIRED, RejectReason.MARGIN_INSUFFICIENT)
        else:
            _trade(turn, instrument, taker, maker)
    return False


def _is_solvent(state: State, maker: Order) -> bool:
    """[MAR-015] A resting order that closes does not trade beyond its leg's bankruptcy price of now."""
    account, price = state.accounts[maker.account], maker.price_ticks
    return solvent_ticks(state, account, maker.leg, maker.side, price) == price


def execute(turn: Turn, instrument: Instrument, taker: Order, limit_ticks: int, *, may_rest: bool) -> None:
    """Match the taker, then rest what is left of it or let it expire."""
    self_trade = match(turn, instrument, taker, limit_ticks)
    if lifecycle.find_open(turn.state, taker.linked_order_id) is None:
        taker.linked_order_id = 0
    is_idle = taker.order_type > OrderType.MARKET and not taker.filled_lots
    if turn.state.is_third and is_idle and (self_trade or not may_rest):
        lifecycle.part_siblings(turn.state, taker)  # ORD-016
    if not taker.leaves_lots:
        order_ended(turn, taker, OrderStatus.FILLED)
    elif self_trade:
        lifecycle.expire(turn, instrument, taker, OrderStatus.EXPIRED_IN_MATCH, EndReason.SELF_TRADE)
    elif may_rest:
        rest(turn, instrument, taker)
    else:
        lifecycle.expire(turn, instrument, taker, OrderStatus.EXPIRED, EndReason.UNFILLED_REST)


def _trade(turn: Turn, instrument: Instrument, taker: Order, maker: Order) -> None:
    lots = min(taker.leaves_lots, maker.leaves_lots)
    price = maker.price_ticks
    turn.state.last_trade_id += 1
    instrument.last_trade_id = turn.state.last_trade_id
    instrument.last_price_ticks = price
    _fill(turn, instrument, taker, lots, price, is_maker=False)
    _fill(turn, instrument, maker, lots, price, is_maker=True)
    if not maker.leaves_lots:
        instrument.resting(maker.side).remove(maker)
    turn.level_changed(instrument, maker.side, price)
    for account, position_side in dict.fromkeys((o.account, o.position_side) for o in (taker, maker)):
        leg_changed(turn, instrument, turn.state.accounts[account], position_side)
    for order in (taker, maker):
        lifecycle.end_sibling(turn, order)
    for order in (taker, maker):
        links.feed_children(turn, instrument, order, lots)


def _fill(turn: Turn, instrument: Instrument, order: Order, lots: int, price: int, *, is_maker: bool) -> None:
    """One party's half of a trade: the order's image of it, everything else in positions.py, the event."""
    account = turn.state.accounts[order.account]
    order.filled_lots += lots
    order.filled_quote_units = kept(order.filled_quote_units + lots * price * instrument.terms.tick_lot_units)
    order.updated_ns = turn.header.time_ns
    change = positions.fill(turn, instrument, order, lots, price, is_maker=is_maker)
    turn.emit(
        OrderFilled,
        account.number,
        instrument.number,
        flags=(EventFlag.MAKER if is_maker else 0) | change.flags,
        order_id=order.order_id,
        trade_id=turn.state.last_trade_id,
        price_ticks=price,
        quantity_lots=lots,
        leaves_lots=order.leaves_lots,
        filled_quote_units=order.filled_quote_units,
        fee_units=change.fee,
        realized_pnl_units=change.realized,
        position_lots=change.position.lots,
        position_cost_units=change.position.cost_units,
        wallet_units=change.wallet,
    )
    positions.tell_margins(turn, account, instrument, order.position_side, change)
    if is_maker and not order.leaves_lots:
        order_ended(turn, order, OrderStatus.FILLED)


def resting_closing(instrument: Instrument, account: int, position_side: int, side: int) -> list[Order]:
    """[MAR-002] The leg's resting closing orders of one side, youngest first."""
    leg = (instrument.number, position_side)
    mine = [o for o in instrument.resting(side) if o.account == account and o.leg == leg and o.is_closing]
    return sorted(mine, key=lambda o: -o.order_id)


def leg_changed(turn: Turn, instrument: Instrument, account: Account, position_side: int) -> None:
    """What follows whenever a leg changed: the reduce_only rule, then ORD-010."""
    hold_to_position(turn, instrument, account, position_side)
    links.cancel_without_position(turn, instrument, account, position_side)


def hold_to_position(turn: Turn, instrument: Instrument, account: Account, position_side: int) -> None:
    """The reduce_only rule: nothing resting may reduce more than the leg holds, oldest kept. R is counted each time."""
    lots = account.lots((instrument.number, position_side))
    for side in (Side.BUY, Side.SELL):
        allowed = abs(lots) if side == closing_side(lots) else 0
        while orders := resting_closing(instrument, account.number, position_side, side):
            excess = sum(o.leaves_lots for o in orders) - allowed
            if excess <= 0:
                break
            if excess >= orders[0].leaves_lots:
                lifecycle.cancel(turn, instrument, orders[0], EndReason.REDUCE_ONLY_CUT)
            else:
                _cut(turn, instrument, orders[0], excess)


def _cut(turn: Turn, instrument: Instrument, order: Order, lots: int) -> None:
    order.quantity_lots -= lots
    order.updated_ns = turn.header.time_ns
    turn.level_changed(instrument, order.side, order.price_ticks)
    turn.emit_image(OrderAmended, order, status_of(order), EndReason.REDUCE_ONLY_CUT)


def status_of(order: Order) -> int:
    return OrderStatus.PARTIALLY_FILLED if order.filled_lots else OrderStatus.NEW
