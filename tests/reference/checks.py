"""What market, book and position say to an order: checks that new, firing and amended orders share."""

from __future__ import annotations

from matcher.protocol.enums import AccountState, Side, TimeInForce, TradingState, WorkingType
from matcher.protocol.rejects import RejectReason
from matcher.protocol.units import PPM
from tests.reference import limits, matching, pretrade
from tests.reference.groups import solvent_ticks
from tests.reference.shape import LIMIT_TYPES
from tests.reference.state import Account, Instrument, Order, RefusedError, State

OPEN_STATES = (TradingState.ACTIVE, TradingState.REDUCE_ONLY)
RESTING_TIMES = (TimeInForce.GTC, TimeInForce.GTX, TimeInForce.GTD)


def require(is_fine: bool, reason: RejectReason) -> None:
    if not is_fine:
        raise RefusedError(reason)


def is_limit(order: Order) -> bool:
    """[ORD-001] It is a LIMIT order or becomes one."""
    return order.order_type in LIMIT_TYPES


def may_rest(order: Order) -> bool:
    return is_limit(order) and order.time_in_force in RESTING_TIMES


def market_open(instrument: Instrument) -> None:
    is_open = instrument.trading_state in OPEN_STATES and bool(instrument.tiers)
    require(is_open, RejectReason.TRADING_NOT_OPEN)


def may_open(account: Account, instrument: Instrument, order: Order) -> None:
    """Only an order that closes may come where the account or the instrument is not ACTIVE."""
    both_active = instrument.trading_state == TradingState.ACTIVE and account.terms.account_state == AccountState.ACTIVE
    require(both_active or order.is_closing, RejectReason.ONLY_REDUCE_ONLY)


def mark_is_good(state: State, account: Account, instrument: Instrument, order: Order) -> None:
    """A mark is set; for what may open it is also fresh [SAFE-002] and its asset has a price [MAR-011]."""
    require(instrument.mark_ticks > 0, RejectReason.NO_MARK_PRICE)
    if order.is_closing:
        return
    age, most = state.time_ns - instrument.mark_time_ns, instrument.rules.mark_max_age_ns
    require(most == 0 or age <= most, RejectReason.STALE_MARK_PRICE)
    price = state.houses[instrument.terms.settlement_asset].price_units
    require(not account.multi_assets or price > 0, RejectReason.NO_COLLATERAL_PRICE)


def limit_price(instrument: Instrument, price: int) -> None:
    require(price > 0, RejectReason.PRICE_NOT_POSITIVE)
    require(price <= instrument.terms.max_price_ticks, RejectReason.PRICE_TOO_HIGH)


def quantity(instrument: Instrument, order: Order) -> None:
    """The limits of the type the order is or becomes."""
    terms = instrument.terms
    most = terms.max_quantity_lots if is_limit(order) else terms.max_market_quantity_lots
    require(order.quantity_lots > 0, RejectReason.QUANTITY_NOT_POSITIVE)
    require(order.quantity_lots >= terms.min_quantity_lots, RejectReason.QUANTITY_TOO_SMALL)
    require(order.quantity_lots <= most, RejectReason.QUANTITY_TOO_LARGE)


def band(instrument: Instrument, order: Order) -> None:
    if not is_limit(order):
        return
    at, mark, width = order.price_ticks * PPM, instrument.mark_ticks, instrument.terms.price_band_ppm
    require(order.side == 1 or at <= mark * (PPM + width), RejectReason.PRICE_ABOVE_BAND)
    require(order.side == 0 or at >= mark * (PPM - width), RejectReason.PRICE_BELOW_BAND)


def notional(instrument: Instrument, order: Order) -> None:
    """At its limit, else its trigger, else the mark; not asked of what closes."""
    price = order.price_ticks or order.trigger_ticks or instrument.mark_ticks
    value = price * order.quantity_lots * instrument.terms.tick_lot_units
    require(order.is_closing or value >= instrument.terms.min_notional_units, RejectReason.NOTIONAL_TOO_SMALL)


def reducible(account: Account, instrument: Instrument, order: Order) -> int:
    """Lots a new closing order like this one may still close."""
    lots = account.lots(order.leg)
    if matching.closing_side(lots) != order.side:
        return 0
    resting = matching.resting_closing(instrument, account.number, order.position_side, order.side)
    return abs(lots) - sum(o.leaves_lots for o in resting)


def cut_to_position(account: Account, instrument: Instrument, order: Order) -> None:
    """[MAR-002] A closing order is cut to what it may close."""
    if order.is_closing:
        order.quantity_lots = min(order.quantity_lots, reducible(account, instrument, order))
        require(order.quantity_lots > 0, RejectReason.REDUCE_ONLY_REJECTED)


def post_only(instrument: Instrument, order: Order) -> None:
    crosses = matching.reachable(instrument, order.side, order.price_ticks)
    require(order.time_in_force != TimeInForce.GTX or not crosses, RejectReason.POST_ONLY_WOULD_CROSS)


def book_and_margin(state: State, account: Account, instrument: Instrument, order: Order) -> int:
    """From max_open_orders to the capacity; the limit up to which the order may trade (a MARKET order's bound)."""
    if may_rest(order):
        mine = [o for o in instrument.bids + instrument.asks if o.account == account.number]
        require(len(mine) < instrument.terms.max_open_orders, RejectReason.TOO_MANY_OPEN_ORDERS)
    limit = order.price_ticks
    if is_limit(order):
        post_only(instrument, order)
        is_fok = order.time_in_force == TimeInForce.FOK
        require(not is_fok or matching.is_fillable(state, instrument, order), RejectReason.FOK_NOT_FILLABLE)
    else:
        bound = matching.market_bound_ticks(instrument, order.side)
        limit = solvent_ticks(state, account, order.leg, order.side, bound)
        require(bool(matching.reachable(instrument, order.side, limit)), RejectReason.NO_LIQUIDITY)
    children_wait(state, instrument, order)
    if may_rest(order):
        limits.check_open_orders(state, account, order)
    solvent(state, account, order, limit)
    if not order.is_closing:
        price = order.price_ticks or matching.market_reach_ticks(instrument, order.side, order.quantity_lots, limit)
        nothing, joined = (order.side, 0, 0), (order.side, price, order.quantity_lots)
        pretrade.check_margin(state, account, instrument, order.position_side, old=nothing, new=joined)
    capacity(state)
    return limit


def working_price(instrument: Instrument, order: Order) -> int:
    """[ORD-004]"""
    if order.working_type == WorkingType.CONTRACT_PRICE and instrument.last_price_ticks:
        return instrument.last_price_ticks
    return instrument.mark_ticks


def children_wait(state: State, instrument: Instrument, order: Order) -> None:
    """[ORD-017] No child may be due where its entry fills: at the working price or, where that is better, its limit."""
    if not state.is_third:
        return
    sign = 1 if order.side == Side.BUY else -1
    prices = [working_price(instrument, order)] + ([order.price_ticks] if is_limit(order) else [])
    entry = min(prices, key=lambda price: sign * price)
    profit, loss = order.take_profit_ticks, order.stop_loss_ticks
    require(not profit or sign * profit > sign * entry, RejectReason.WOULD_TRIGGER)
    require(not loss or sign * loss < sign * entry, RejectReason.WOULD_TRIGGER)


def solvent(state: State, account: Account, order: Order, limit: int) -> None:
    """[MAR-015] What closes may not be limited beyond the leg's bankruptcy price."""
    is_within = solvent_ticks(state, account, order.leg, order.side, limit) == limit
    require(is_within, RejectReason.MARGIN_INSUFFICIENT)


def capacity(state: State) -> None:
    require(len(state.open_orders()) < state.orders_max, RejectReason.CAPACITY_REACHED)
