"""Orders that belong to others: one-cancels-other pairs, children of an entry, orders that live with a position."""

from __future__ import annotations

from matcher.protocol.enums import OrderFlag, OrderStatus, OrderType, PositionSide, Side, TimeInForce
from matcher.protocol.events import OrderAmended
from matcher.protocol.rejects import EndReason, RejectReason
from tests.reference import lifecycle
from tests.reference.state import Account, Instrument, Order, RefusedError, State
from tests.reference.turn import Turn

LIVES_WITH_POSITION = OrderFlag.CLOSE_POSITION | OrderFlag.ATTACHED


def closing_side(lots: int) -> int | None:
    """The side of orders that reduce a position of `lots`."""
    if lots == 0:
        return None
    return Side.SELL if lots > 0 else Side.BUY


def find_sibling(state: State, order: Order) -> Order | None:
    """[ORD-002] The open order that a new one names as its other; RefusedError when it may not be linked."""
    if not order.linked_order_id:
        return None
    other = lifecycle.find_open(state, order.linked_order_id)
    is_fine = (
        other is not None
        and (other.account, other.leg) == (order.account, order.leg)
        and not other.linked_order_id
        and not other.take_profit_ticks
        and not other.stop_loss_ticks
        and order.order_type != OrderType.MARKET
    )
    if not is_fine:
        raise RefusedError(RejectReason.INVALID_LINK)
    return other


def cancel_without_position(turn: Turn, instrument: Instrument, account: Account, position_side: int) -> None:
    """[ORD-010] Waiting orders that live with the leg and do not close it any more are canceled."""
    leg = (instrument.number, position_side)
    side = closing_side(account.lots(leg))
    gone = [
        order
        for order in turn.state.waiting_orders_of(account.number, instrument.number)
        if order.leg == leg and order.flags & LIVES_WITH_POSITION and order.side != side
    ]
    lifecycle.cancel_each(turn, gone, EndReason.POSITION_CLOSED)


def feed_children(turn: Turn, instrument: Instrument, parent: Order, lots: int) -> None:
    """[ORD-012] Lots that filled an entry join its take-profit and its stop-loss, made at the first of them."""
    if not parent.take_profit_ticks and not parent.stop_loss_ticks:
        return
    if closing_side(turn.state.accounts[parent.account].lots(parent.leg)) != 1 - parent.side:
        return
    if not parent.children:
        _make_children(turn, instrument, parent, lots)
        return
    for child in [o for o in instrument.waiting if o.order_id in parent.children]:
        child.quantity_lots += lots
        child.updated_ns = turn.header.time_ns
        turn.emit_image(OrderAmended, child, OrderStatus.NEW)


def _make_children(turn: Turn, instrument: Instrument, parent: Order, lots: int) -> None:
    terms = (
        (OrderType.TAKE_PROFIT_MARKET, parent.take_profit_ticks),
        (OrderType.STOP_MARKET, parent.stop_loss_ticks),
    )
    children = [_child(turn, parent, lots, order_type, trigger) for order_type, trigger in terms if trigger]
    for child in children:
        lifecycle.number(turn, child)
    parent.children = tuple(child.order_id for child in children)
    if len(children) == 2:
        children[0].linked_order_id, children[1].linked_order_id = children[1].order_id, children[0].order_id
    for child in children:
        instrument.waiting.append(child)
        lifecycle.tell_accepted(turn, child)


def _child(turn: Turn, parent: Order, lots: int, order_type: int, trigger_ticks: int) -> Order:
    one_way = parent.position_side == PositionSide.BOTH
    return Order(
        order_id=0,
        account=parent.account,
        instrument=parent.instrument,
        side=1 - parent.side,
        order_type=order_type,
        time_in_force=TimeInForce.GTC,
        flags=OrderFlag.ATTACHED | (OrderFlag.REDUCE_ONLY if one_way else 0),
        working_type=parent.working_type,
        self_trade_prevention=parent.self_trade_prevention,
        client_order_id=b"",
        position_side=parent.position_side,
        price_ticks=0,
        quantity_lots=lots,
        trigger_ticks=trigger_ticks,
        created_ns=turn.header.time_ns,
        updated_ns=turn.header.time_ns,
    )
