"""PlaceOrder, CancelOrder, CancelAllOrders and AmendOrder: the checks in their order, then the effect."""

from __future__ import annotations

from dataclasses import replace

from matcher.protocol.commands import AmendOrder, CancelAllOrders, CancelOrder, PlaceOrder
from matcher.protocol.enums import TradingState
from matcher.protocol.events import OrderAmended, OrderReplayed, OrdersCanceled
from matcher.protocol.rejects import EndReason, RejectReason
from tests.reference import checks, keys, lifecycle, links, matching, pretrade, shape, timers, waiting
from tests.reference.state import Account, Instrument, Order, RefusedError, Remembered, State
from tests.reference.turn import Turn, image


def place(turn: Turn, command: PlaceOrder) -> None:
    """A new order, or the outcome of the same request before."""
    state = turn.state
    account = state.unfrozen_account(command.account)
    instrument = state.instrument(command.instrument)
    shape.check(turn.header.version, state.time_ns, account, instrument, command)
    remembered = keys.find_same_request(turn, command.client_order_id)
    if remembered is not None:
        _replay(turn, command, remembered)
        return
    order = _draft(turn, command)
    sibling = links.find_sibling(state, order)
    checks.market_open(instrument)
    checks.may_open(account, instrument, order)
    checks.mark_is_good(state, account, instrument, order)
    if order.order_type in shape.WAITING_TYPES:
        waiting.check_new(state, account, instrument, order)
        _accept(turn, order, sibling)
        instrument.waiting.append(order)
        return
    limit = _check_new(state, account, instrument, order)
    _accept(turn, order, sibling)
    matching.execute(turn, instrument, order, limit, may_rest=checks.may_rest(order))


def _check_new(state: State, account: Account, instrument: Instrument, order: Order) -> int:
    """The checks of a LIMIT or MARKET order from its price on; its limit (a MARKET order's bound)."""
    if checks.is_limit(order):
        checks.limit_price(instrument, order.price_ticks)
    else:
        checks.require(order.price_ticks == 0, RejectReason.PRICE_TOO_HIGH)
    checks.quantity(instrument, order)
    checks.band(instrument, order)
    checks.notional(instrument, order)
    checks.cut_to_position(account, instrument, order)
    return checks.book_and_margin(state, account, instrument, order)


def _accept(turn: Turn, order: Order, sibling: Order | None) -> None:
    """The order has its number, its key and its link, and all are told [ORD-011, ORD-013]."""
    lifecycle.number(turn, order)
    keys.remember_order(turn, order)
    if sibling is not None:
        sibling.linked_order_id = order.order_id
    lifecycle.tell_accepted(turn, order)
    if sibling is not None:
        lifecycle.tell_terms(turn, sibling)


def enter_unchecked(turn: Turn, instrument: Instrument, order: Order) -> int:
    """An order of the engine itself [LIQ-005, LIQ-010]: accepted, matched up to its price, never resting.

    Gives the lots that traded.
    """
    lifecycle.number(turn, order)
    lifecycle.tell_accepted(turn, order)
    matching.execute(turn, instrument, order, order.price_ticks, may_rest=False)
    return order.filled_lots


def _replay(turn: Turn, command: PlaceOrder, remembered: Remembered) -> None:
    order = lifecycle.find_open(turn.state, remembered.order_id)
    if order is not None:
        turn.emit(OrderReplayed, **image(order, matching.status_of(order)))
        return
    order = _draft(turn, command)
    order.order_id = remembered.order_id
    order.filled_lots = remembered.filled_lots
    order.filled_quote_units = remembered.filled_quote_units
    turn.emit(OrderReplayed, **image(order, remembered.status))


def _draft(turn: Turn, command: PlaceOrder) -> Order:
    """The order as requested, not yet numbered."""
    return Order(
        order_id=0,
        account=command.account,
        instrument=command.instrument,
        side=command.side,
        order_type=command.order_type,
        time_in_force=command.time_in_force,
        flags=command.flags,
        working_type=command.working_type,
        self_trade_prevention=command.self_trade_prevention,
        client_order_id=command.client_order_id,
        position_side=command.position_side,
        price_ticks=command.price_ticks,
        quantity_lots=command.quantity_lots,
        trigger_ticks=command.trigger_ticks,
        callback_ppm=command.callback_ppm,
        take_profit_ticks=command.take_profit_ticks,
        stop_loss_ticks=command.stop_loss_ticks,
        good_till_ns=command.good_till_ns,
        linked_order_id=command.linked_order_id,
        created_ns=turn.header.time_ns,
        updated_ns=turn.header.time_ns,
    )


def _find(state: State, command: CancelOrder | AmendOrder) -> Order:
    """The open order a command names, by order_id or else by client_order_id."""
    for order in state.open_orders_of(command.account, command.instrument):
        if command.order_id and order.order_id == command.order_id:
            return order
        if not command.order_id and command.client_order_id and order.client_order_id == command.client_order_id:
            return order
    raise RefusedError(RejectReason.UNKNOWN_ORDER)


def cancel(turn: Turn, command: CancelOrder) -> None:
    turn.state.account(command.account)
    instrument = turn.state.instrument(command.instrument)
    lifecycle.cancel(turn, instrument, _find(turn.state, command))


def cancel_all(turn: Turn, command: CancelAllOrders) -> None:
    """[ORD-014] Every open order of the account, by ascending instrument, then order_id."""
    state = turn.state
    state.account(command.account)
    if command.instrument:
        state.instrument(command.instrument)
    turn.emit(OrdersCanceled, count=timers.cancel_everything(turn, command.account, command.instrument))


def amend(turn: Turn, command: AmendOrder) -> None:
    """New price and total quantity; the place is kept only by a lower quantity at the same price."""
    state = turn.state
    account = state.unfrozen_account(command.account)
    instrument = state.instrument(command.instrument)
    old = _find(state, command)
    checks.require(old not in instrument.waiting, RejectReason.ORDER_NOT_AMENDABLE)  # ORD-014
    only_reducing = instrument.trading_state == TradingState.REDUCE_ONLY and old.is_closing
    checks.require(instrument.trading_state == TradingState.ACTIVE or only_reducing, RejectReason.TRADING_NOT_OPEN)
    checks.may_open(account, instrument, old)
    checks.mark_is_good(state, account, instrument, old)
    new = replace(old, price_ticks=command.price_ticks, quantity_lots=command.quantity_lots)
    checks.limit_price(instrument, new.price_ticks)
    checks.quantity(instrument, new)
    checks.band(instrument, new)
    checks.notional(instrument, new)
    is_same = (new.price_ticks, new.quantity_lots) == (old.price_ticks, old.quantity_lots)
    checks.require(not is_same, RejectReason.NOTHING_TO_AMEND)
    if new.quantity_lots <= old.filled_lots:
        lifecycle.cancel(turn, instrument, old, EndReason.AMENDED_BELOW_FILLED)
        return
    _check_amended(state, account, instrument, old, new)
    _amend(turn, instrument, old, new)


def _check_amended(state: State, account: Account, instrument: Instrument, old: Order, new: Order) -> None:
    if old.is_closing:
        most = checks.reducible(account, instrument, old) + old.leaves_lots
        checks.require(new.leaves_lots <= most, RejectReason.REDUCE_ONLY_REJECTED)
    checks.post_only(instrument, new)
    if new.price_ticks != old.price_ticks:
        checks.children_wait(state, instrument, new)
    checks.solvent(state, account, new, new.price_ticks)
    if not old.is_closing:
        was, joined = ((o.side, o.price_ticks, o.leaves_lots) for o in (old, new))
        pretrade.check_margin(state, account, instrument, old.position_side, old=was, new=joined)


def _amend(turn: Turn, instrument: Instrument, order: Order, new: Order) -> None:
    keeps_place = new.price_ticks == order.price_ticks and new.quantity_lots < order.quantity_lots
    if not keeps_place:
        lifecycle.unrest(turn, instrument, order)
    order.price_ticks, order.quantity_lots = new.price_ticks, new.quantity_lots
    order.updated_ns = turn.header.time_ns
    if keeps_place:
        turn.level_changed(instrument, order.side, order.price_ticks)
    turn.emit_image(OrderAmended, order, matching.status_of(order))
    if not keeps_place:
        matching.execute(turn, instrument, order, order.price_ticks, may_rest=True)
