"""PlaceOrder, CancelOrder, CancelAllOrders and AmendOrder: the checks in their order, then the effect."""

from __future__ import annotations

from dataclasses import replace

from matcher.protocol.commands import AmendOrder, CancelAllOrders, CancelOrder, PlaceOrder
from matcher.protocol.enums import OrderFlag, OrderStatus, OrderType, PositionSide, Side, TimeInForce, TradingState
from matcher.protocol.events import OrderAccepted, OrderAmended, OrderReplayed, OrdersCanceled
from matcher.protocol.rejects import EndReason, RejectReason
from matcher.protocol.units import PPM
from tests.reference import keys, matching
from tests.reference.margin import exposure_cap_units, holding, totals
from tests.reference.state import Account, Instrument, Order, Position, RefusedError, Remembered, State
from tests.reference.turn import Turn, image

COST_MAX_UNITS = 4 * 10**18
Joining = tuple[int, int, int]  # side, price in ticks, lots of an order that joins the holding


def place(turn: Turn, command: PlaceOrder) -> None:
    """A new order, or the outcome of the same request before."""
    state = turn.state
    account = state.unfrozen_account(command.account)
    instrument = state.instrument(command.instrument)
    _check_shape(command)
    remembered = keys.find_same_request(turn, command.client_order_id)
    if remembered is not None:
        _replay(turn, command, remembered)
        return
    reduce_only = bool(command.flags & OrderFlag.REDUCE_ONLY)
    _check_market_open(account, instrument, reduce_only)
    _check_price_and_quantity(instrument, command, reduce_only)
    order = _draft(turn, command)
    if reduce_only:
        order.quantity_lots = min(order.quantity_lots, _reducible(account, instrument, order.side))
        if order.quantity_lots <= 0:
            raise RefusedError(RejectReason.REDUCE_ONLY_REJECTED)
    limit = _check_book(state, account, instrument, order)
    if not reduce_only:
        price = order.price_ticks or matching.market_reach_ticks(instrument, order.side, order.quantity_lots)
        nothing, joined = (order.side, 0, 0), (order.side, price, order.quantity_lots)
        _check_margin(state, account, instrument, old=nothing, new=joined)
    if len(state.open_orders()) >= state.orders_max:
        raise RefusedError(RejectReason.CAPACITY_REACHED)

    state.last_order_id += 1
    order.order_id = state.last_order_id
    account.positions.setdefault(instrument.number, Position())
    keys.remember_order(turn, order)
    turn.emit_image(OrderAccepted, order, OrderStatus.NEW)
    self_trade = matching.match(turn, instrument, order, limit)
    matching.finish(turn, instrument, order, _may_rest(order), self_trade)


def _check_shape(command: PlaceOrder) -> None:
    market = command.order_type == OrderType.MARKET
    allowed = (TimeInForce.GTC, TimeInForce.IOC) if market else tuple(TimeInForce)[: TimeInForce.GTD]
    checks = (
        (command.side in tuple(Side), RejectReason.INVALID_SIDE),
        (command.order_type in (OrderType.LIMIT, OrderType.MARKET), RejectReason.INVALID_ORDER_TYPE),
        (command.time_in_force in allowed, RejectReason.INVALID_TIME_IN_FORCE),
        (command.position_side == PositionSide.BOTH, RejectReason.INVALID_POSITION_SIDE),
        (command.working_type <= 1, RejectReason.INVALID_WORKING_TYPE),
        (command.self_trade_prevention <= 3, RejectReason.INVALID_SELF_TRADE_PREVENTION),
        (command.flags in (0, OrderFlag.REDUCE_ONLY), RejectReason.INVALID_FLAGS),
        (command.trigger_ticks == 0 and command.good_till_ns == 0, RejectReason.INVALID_FLAGS),
    )
    for is_fine, reason in checks:
        if not is_fine:
            raise RefusedError(reason)
    keys.require_shape(command.client_order_id)


def _replay(turn: Turn, command: PlaceOrder, remembered: Remembered) -> None:
    for order in turn.state.open_orders_of(command.account):
        if order.order_id == remembered.order_id:
            turn.emit(OrderReplayed, **image(order, matching.status_of(order)))
            return
    order = _draft(turn, command)
    order.order_id = remembered.order_id
    order.filled_lots = remembered.filled_lots
    order.filled_quote_units = remembered.filled_quote_units
    turn.emit(OrderReplayed, **image(order, remembered.status))


def _check_market_open(account: Account, instrument: Instrument, reduce_only: bool) -> None:
    if instrument.trading_state not in (TradingState.ACTIVE, TradingState.REDUCE_ONLY) or not instrument.tiers:
        raise RefusedError(RejectReason.TRADING_NOT_OPEN)
    only_reducing = account.is_reduce_only or instrument.trading_state == TradingState.REDUCE_ONLY
    if only_reducing and not reduce_only:
        raise RefusedError(RejectReason.ONLY_REDUCE_ONLY)
    _check_mark(instrument)


def _check_mark(instrument: Instrument) -> None:
    if not instrument.mark_ticks:
        raise RefusedError(RejectReason.NO_MARK_PRICE)


def _check_price_and_quantity(instrument: Instrument, command: PlaceOrder, reduce_only: bool) -> None:
    terms = instrument.terms
    if command.order_type == OrderType.LIMIT:
        _check_limit(instrument, command.side, command.price_ticks, command.quantity_lots)
        price = command.price_ticks
    else:
        if command.price_ticks != 0:
            raise RefusedError(RejectReason.PRICE_TOO_HIGH)
        _check_quantity(instrument, command.quantity_lots, terms.max_market_quantity_lots)
        price = instrument.mark_ticks
    _check_notional(instrument, price, command.quantity_lots, reduce_only)


def _check_limit(instrument: Instrument, side: int, price: int, lots: int) -> None:
    """Price, quantity and band of a LIMIT order, new or amended."""
    terms, mark = instrument.terms, instrument.mark_ticks
    if price <= 0:
        raise RefusedError(RejectReason.PRICE_NOT_POSITIVE)
    if price > terms.max_price_ticks:
        raise RefusedError(RejectReason.PRICE_TOO_HIGH)
    _check_quantity(instrument, lots, terms.max_quantity_lots)
    if side == Side.BUY and price * PPM > mark * (PPM + terms.price_band_ppm):
        raise RefusedError(RejectReason.PRICE_ABOVE_BAND)
    if side == Side.SELL and price * PPM < mark * (PPM - terms.price_band_ppm):
        raise RefusedError(RejectReason.PRICE_BELOW_BAND)


def _check_quantity(instrument: Instrument, lots: int, most: int) -> None:
    if lots <= 0:
        raise RefusedError(RejectReason.QUANTITY_NOT_POSITIVE)
    if lots < instrument.terms.min_quantity_lots:
        raise RefusedError(RejectReason.QUANTITY_TOO_SMALL)
    if lots > most:
        raise RefusedError(RejectReason.QUANTITY_TOO_LARGE)


def _check_notional(instrument: Instrument, price: int, lots: int, reduce_only: bool) -> None:
    terms = instrument.terms
    if not reduce_only and price * lots * terms.tick_lot_units < terms.min_notional_units:
        raise RefusedError(RejectReason.NOTIONAL_TOO_SMALL)


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
        price_ticks=command.price_ticks,
        quantity_lots=command.quantity_lots,
        created_ns=turn.header.time_ns,
        updated_ns=turn.header.time_ns,
    )


def _reducible(account: Account, instrument: Instrument, side: int) -> int:
    """Lots a new reduce_only order of `side` may still close."""
    position = account.positions.get(instrument.number, Position())
    if matching.closing_side(position.lots) != side:
        return 0
    resting = matching.resting_reduce_only(instrument, account.number, side)
    return abs(position.lots) - sum(o.leaves_lots for o in resting)


def _may_rest(order: Order) -> bool:
    return order.order_type == OrderType.LIMIT and order.time_in_force in (TimeInForce.GTC, TimeInForce.GTX)


def _check_book(state: State, account: Account, instrument: Instrument, order: Order) -> int:
    """What the book says to the order; its limit (a MARKET order's bound)."""
    if _may_rest(order):
        mine = state.open_orders_of(account.number, instrument.number)
        if len(mine) >= instrument.terms.max_open_orders:
            raise RefusedError(RejectReason.TOO_MANY_OPEN_ORDERS)
    _check_post_only(instrument, order)
    if order.order_type == OrderType.MARKET:
        bound = matching.market_bound_ticks(instrument, order.side)
        if not matching.reachable(instrument, order.side, bound):
            raise RefusedError(RejectReason.NO_LIQUIDITY)
        return bound
    if order.time_in_force == TimeInForce.FOK and not matching.is_fillable(state, instrument, order):
        raise RefusedError(RejectReason.FOK_NOT_FILLABLE)
    return order.price_ticks


def _check_post_only(instrument: Instrument, order: Order) -> None:
    if order.time_in_force == TimeInForce.GTX and matching.reachable(instrument, order.side, order.price_ticks):
        raise RefusedError(RejectReason.POST_ONLY_WOULD_CROSS)


def _check_margin(state: State, account: Account, instrument: Instrument, *, old: Joining, new: Joining) -> None:
    """The pre-trade check: the state after the worst-case fill must be allowed and covered.

    The order counts together with all others and also alone: another order's better price is not set
    off against this one's open loss.
    """
    before = holding(account, instrument)
    side, old_price, old_lots = old
    after = before.with_order(side, old_price, -old_lots).with_order(*new)
    cap = exposure_cap_units(instrument, before.leverage)
    if after.exposure > before.exposure and after.exposure > cap:
        raise RefusedError(RejectReason.POSITION_LIMIT_EXCEEDED)
    if abs(after.cost) + after.value(side) * after.k > COST_MAX_UNITS:
        raise RefusedError(RejectReason.POSITION_LIMIT_EXCEEDED)
    now = totals(state, account, instrument.terms.settlement_asset)
    had = max(before.requirement, before.with_order_alone(*old).requirement)
    need = max(after.requirement, before.with_order_alone(*new).requirement)
    if need > had and now.requirement - before.requirement + need > now.equity:
        raise RefusedError(RejectReason.MARGIN_INSUFFICIENT)


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
    matching.cancel(turn, instrument, _find(turn.state, command))


def cancel_all(turn: Turn, command: CancelAllOrders) -> None:
    """Every open order of the account, by ascending instrument, then order_id."""
    state = turn.state
    state.account(command.account)
    if command.instrument:
        state.instrument(command.instrument)
    orders = state.open_orders_of(command.account, command.instrument)
    for order in sorted(orders, key=lambda o: (o.instrument, o.order_id)):
        matching.cancel(turn, state.instrument(order.instrument), order)
    turn.emit(OrdersCanceled, count=len(orders))


def amend(turn: Turn, command: AmendOrder) -> None:
    """New price and total quantity; the place is kept only by a lower quantity at the same price."""
    state = turn.state
    account = state.unfrozen_account(command.account)
    instrument = state.instrument(command.instrument)
    order = _find(state, command)
    only_reducing = instrument.trading_state == TradingState.REDUCE_ONLY and order.is_reduce_only
    if instrument.trading_state != TradingState.ACTIVE and not only_reducing:
        raise RefusedError(RejectReason.TRADING_NOT_OPEN)
    if account.is_reduce_only and not order.is_reduce_only:
        raise RefusedError(RejectReason.ONLY_REDUCE_ONLY)
    _check_mark(instrument)
    price, lots = command.price_ticks, command.quantity_lots
    _check_limit(instrument, order.side, price, lots)
    _check_notional(instrument, price, lots, order.is_reduce_only)
    if (price, lots) == (order.price_ticks, order.quantity_lots):
        raise RefusedError(RejectReason.NOTHING_TO_AMEND)
    if lots <= order.filled_lots:
        matching.cancel(turn, instrument, order, EndReason.AMENDED_BELOW_FILLED)
        return
    _check_amended(state, account, instrument, order, replace(order, price_ticks=price, quantity_lots=lots))

    keeps_place = price == order.price_ticks and lots < order.quantity_lots
    if not keeps_place:
        matching.unrest(turn, instrument, order)
    order.price_ticks, order.quantity_lots, order.updated_ns = price, lots, turn.header.time_ns
    if keeps_place:
        turn.level_changed(instrument, order.side, price)
    turn.emit_image(OrderAmended, order, matching.status_of(order))
    if not keeps_place:
        self_trade = matching.match(turn, instrument, order, price)
        matching.finish(turn, instrument, order, may_rest=True, self_trade=self_trade)


def _check_amended(state: State, account: Account, instrument: Instrument, old: Order, new: Order) -> None:
    if old.is_reduce_only and new.leaves_lots > _reducible(account, instrument, old.side) + old.leaves_lots:
        raise RefusedError(RejectReason.REDUCE_ONLY_REJECTED)
    _check_post_only(instrument, new)
    if not old.is_reduce_only:
        was, joined = ((o.side, o.price_ticks, o.leaves_lots) for o in (old, new))
        _check_margin(state, account, instrument, old=was, new=joined)
