"""Draws of orders: plain, conditional, closing, linked, with children, for a time, in either position mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matcher.protocol.commands import PlaceOrder, SetCountdown
from matcher.protocol.enums import OrderFlag, OrderType, TimeInForce

if TYPE_CHECKING:
    from tests.simulation.market import Market
    from tests.simulation.workload import Workload

SECOND_NS = 10**9
TIMES = list(TimeInForce)[:4]
LIMITS = (OrderType.LIMIT, OrderType.STOP, OrderType.TAKE_PROFIT)


def entry(work: Workload) -> PlaceOrder:
    """A LIMIT or MARKET order near the mark, at times for a time only or with children."""
    random, market = work.random, work.any_market()
    is_market = random.random() < 0.2
    side, account = random.randrange(2), work.any_account()
    time_in_force = random.choices(TIMES, (70, 12, 6, 12))[0]
    order = PlaceOrder(
        account=account,
        instrument=market.number,
        price_ticks=0 if is_market else market.price_near_mark(random, side),
        quantity_lots=_lots(work, market, account),
        side=side,
        order_type=OrderType.MARKET if is_market else OrderType.LIMIT,
        time_in_force=random.randrange(2) if is_market else time_in_force,
        flags=OrderFlag.REDUCE_ONLY if account not in work.hedged and random.random() < 0.03 else 0,
        position_side=work.any_side_of(account),
        working_type=random.randrange(2),
        self_trade_prevention=random.randrange(4),
        client_order_id=work.any_name(),
    )
    if random.random() < 0.1:
        order = _with_children(work, market, order)
    if random.random() < 0.06:
        order = for_a_time(work, order)
    return order


def _lots(work: Workload, market: Market, account: int) -> int:
    """A usual quantity, or a good part of what the account could carry with leverage."""
    terms = market.terms
    wallet = work.wallets.get((account, terms.settlement_asset), 0)
    if wallet <= 0 or work.random.random() < 0.5:
        return market.quantity(work.random)
    carried = wallet * work.random.choice((1, 2, 4, 8, 15)) // (market.mark_ticks * terms.tick_lot_units)
    return max(terms.min_quantity_lots, min(terms.max_market_quantity_lots, carried))


def for_a_time(work: Workload, order: PlaceOrder) -> PlaceOrder:
    seconds = work.random.choice((1, 5, 60, 3600))
    return order.replace(time_in_force=TimeInForce.GTD, good_till_ns=work.time_ns + seconds * SECOND_NS)


def _with_children(work: Workload, market: Market, order: PlaceOrder) -> PlaceOrder:
    """Take-profit beyond the mark in the order's direction, stop-loss behind it; one of them, both or crossed."""
    reach = market.mark_ticks // 40 + 2
    away = [work.random.randint(-1, reach) for _ in range(2)]
    sign = 1 if order.side == 0 else -1
    prices = [max(1, market.mark_ticks + sign * away[0]), max(1, market.mark_ticks - sign * away[1])]
    kept = [price if work.random.random() < 0.8 else 0 for price in prices]
    return order.replace(take_profit_ticks=kept[0], stop_loss_ticks=kept[1])


def reducing(work: Workload) -> PlaceOrder:
    """An order that closes a leg somebody holds; any order while nobody holds one."""
    if not any(work.positions.values()):
        return entry(work)
    order = entry(work).replace(take_profit_ticks=0, stop_loss_ticks=0)
    return closing(work, order.replace(flags=OrderFlag.REDUCE_ONLY))


def closing(work: Workload, order: Any) -> PlaceOrder:
    """The same order for a leg that is held, on the side that closes it."""
    held = [(leg, lots) for leg, lots in work.positions.items() if lots]
    if not held:
        return order
    (account, instrument, position_side), lots = work.random.choice(held)
    side, market = int(lots > 0), work.market_of(instrument)
    is_limit = order.order_type in LIMITS
    return order.replace(
        account=account,
        instrument=instrument,
        position_side=position_side,
        side=side,
        price_ticks=market.price_near_mark(work.random, side) if is_limit else 0,
        flags=order.flags & ~OrderFlag.REDUCE_ONLY if position_side else order.flags,
    )


def conditional(work: Workload) -> PlaceOrder:
    """STOP, TAKE_PROFIT and trailing ones, mostly with triggers that a few marks will reach."""
    random = work.random
    order = entry(work).replace(take_profit_ticks=0, stop_loss_ticks=0, flags=0, price_ticks=0)
    kind = random.choice((2, 3, 3, 4, 5, 5, 6, 6))
    order = order.replace(order_type=kind)
    fate = random.random()
    if fate < 0.35:
        order = closing(work, order.replace(flags=OrderFlag.REDUCE_ONLY))
    elif fate < 0.55 and kind in (OrderType.STOP_MARKET, OrderType.TAKE_PROFIT_MARKET):
        order = closing(work, order.replace(flags=OrderFlag.CLOSE_POSITION, quantity_lots=0))
    if random.random() < 0.2:
        order = order.replace(flags=order.flags | OrderFlag.PRICE_PROTECT)
    if kind not in LIMITS and order.time_in_force in (TimeInForce.FOK, TimeInForce.GTX):
        order = order.replace(time_in_force=TimeInForce.GTC)
    return _with_trigger(work, order)


def _with_trigger(work: Workload, order: PlaceOrder) -> PlaceOrder:
    random, market = work.random, work.market_of(order.instrument)
    mark = market.mark_ticks
    away = random.randint(-1, mark // 60 + 2)
    if order.order_type == OrderType.TRAILING_STOP_MARKET:
        activation = 0 if random.random() < 0.6 else max(1, mark + (away if order.side else -away))
        callback = random.choice((1_000, 5_000, 10_000, 33_333, 100_000))
        return order.replace(trigger_ticks=activation, callback_ppm=callback)
    rises = (order.order_type <= OrderType.STOP_MARKET) == (order.side == 0)
    trigger = max(1, mark + away if rises else mark - away)
    price = max(1, trigger + random.randint(-3, 3)) if order.order_type in LIMITS else 0
    return order.replace(trigger_ticks=trigger, price_ticks=price)


def linked(work: Workload) -> PlaceOrder:
    """An order linked to one that is open, mostly of the same leg; waiting or not."""
    other = work.known_order()
    order = conditional(work) if work.random.random() < 0.6 else reducing(work)
    order = order.replace(linked_order_id=other.order_id)
    if work.random.random() < 0.9:
        order = order.replace(
            account=other.account,
            instrument=other.instrument,
            position_side=other.position_side,
            side=other.side if work.random.random() < 0.8 else 1 - other.side,
        )
        if order.order_type >= OrderType.STOP:
            order = _with_trigger(work, order)
    return order


def countdown(work: Workload) -> SetCountdown:
    instrument = work.random.choice([0, *(market.number for market in work.markets)])
    seconds = work.random.choice((0, 0, 10, 600))
    return SetCountdown(account=work.any_account(), instrument=instrument, countdown_ns=seconds * SECOND_NS)
