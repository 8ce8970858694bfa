"""Recomputes what must hold of waiting orders, links and timers; part of invariants.py."""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.matcher.core.countdowns import Countdown
from cython.cimports.matcher.core.heaps import Heap, before
from cython.cimports.matcher.core.instruments import INSTRUMENTS
from cython.cimports.matcher.core.orders import HAS_TERMS, WAITS, Order
from cython.cimports.matcher.core.terms import Terms
from cython.cimports.matcher.core.trails import Group, group_of
from cython.cimports.matcher.core.triggers import next_to_fire
from cython.cimports.matcher.core.waiting import LINES, Watch, line_of


def _require(fact, name, *place):
    if not fact:
        raise AssertionError(f"{name} {' '.join(map(str, place))}")


def check_waiting_orders(state):
    """Terms and orders name each other; the index holds exactly those that wait; nothing due was left."""
    index: uint32_t
    number: cython.int
    timed: int64_t = 0
    waiting: dict = {}
    instrument: cython.int
    for index in range(1, state.waiting.fresh):
        if state.waiting.at[index].slot == 0:
            continue
        _check_terms(state, index)
        timed += state.waiting.at[index].good_till_ns != 0
        if state.waiting.at[index].waits:
            _check_place(state, index)
            instrument = state.accounts.positions[state.orders.at[state.waiting.at[index].slot].position].instrument
            waiting[instrument] = waiting.get(instrument, 0) + 1
    _require(timed == state.waiting.timers.count, "orders with a good-till time != timers")
    for index in range(1, state.orders.fresh):
        if state.orders.at[index].order_id and state.orders.at[index].flags & HAS_TERMS:
            _require(
                state.waiting.at[state.orders.origin[index].terms].slot == index,
                "terms of another order",
                state.orders.at[index].order_id,
            )
    for number in range(1, INSTRUMENTS):
        _require(waiting.get(number, 0) == state.waiting.watches[number].count, "orders that wait", number)
        if state.is_settled and state.waiting.watches[number].count:
            _require(next_to_fire(state, number) == 0, "an order that should have fired", number)
    _check_countdowns(state)
    return 0


def _check_terms(state, index):
    """An order's terms know it; links are mutual, within one leg."""
    terms: cython.pointer[Terms] = state.waiting.at + index
    order: cython.pointer[Order] = state.orders.at + terms.slot
    other: uint32_t
    _require(order.order_id == terms.order_id, "terms of a gone order", terms.order_id)
    _require(order.flags & HAS_TERMS and state.orders.origin[terms.slot].terms == index, "order without its terms")
    _require(terms.waits == ((order.flags & WAITS) != 0), "waiting order not waiting", terms.order_id)
    if terms.good_till_ns:
        _require(terms.good_till_ns > state.time_ns, "order past its good-till time", terms.order_id)
        _require(state.waiting.timers.at[terms.timer].owner == index, "timer of another order", terms.order_id)
        _require(state.waiting.timers.at[terms.timer].key == terms.good_till_ns, "timer's time", terms.order_id)
    if terms.linked_order_id:
        other = state.orders.find(terms.linked_order_id)
        _require(other and state.orders.at[other].flags & HAS_TERMS, "link to a gone order", terms.order_id)
        _require(
            state.waiting.at[state.orders.origin[other].terms].linked_order_id == terms.order_id,
            "link not mutual",
            terms.order_id,
        )
        _require(state.orders.at[other].position == order.position, "link beyond a leg", terms.order_id)
    return 0


def _check_place(state, index):
    """A waiting order stands where its type, side and working type say."""
    terms: cython.pointer[Terms] = state.waiting.at + index
    order: cython.pointer[Order] = state.orders.at + terms.slot
    watch: cython.pointer[Watch] = state.waiting.watches + state.accounts.positions[order.position].instrument
    heap: cython.pointer[Heap]
    _require(
        terms.line
        == line_of(
            state.orders.origin[terms.slot].order_type, order.side, state.orders.origin[terms.slot].working_type
        ),
        "line of order",
        terms.order_id,
    )
    _require(order.leaves_lots == order.quantity_lots, "waiting order filled", terms.order_id)
    if terms.is_trailing:
        return _check_trail(watch.trails + terms.line, index, terms)
    heap = cython.address(watch.lines[terms.line + LINES * terms.is_protected])
    _require(terms.place < heap.count and heap.at[terms.place].owner == index, "place in line", terms.order_id)
    _require(heap.at[terms.place].tie == terms.order_id, "id in line", terms.order_id)
    if terms.place:
        _require(before(heap.at + ((terms.place - 1) >> 1), heap.at + terms.place), "line out of order", terms.order_id)
    return 0


def _check_trail(trail, index, terms):
    """A trailing order stands among those not active yet, or in the group its number says; peaks fall."""
    heap: cython.pointer[Heap] = cython.address(trail.idle)
    group: cython.pointer[Group]
    i: uint32_t
    if terms.joined:
        group = group_of(trail, terms)
        heap = cython.address(group.orders)
        _require(group.first <= terms.joined <= trail.joined, "number in trail", terms.order_id)
    _require(terms.place < heap.count and heap.at[terms.place].owner == index, "place in trail", terms.order_id)
    for i in range(1, trail.count):
        _require(trail.groups[i].peak < trail.groups[i - 1].peak, "peaks of a trail", terms.order_id)
    return 0


def _check_countdowns(state):
    index: uint32_t
    armed: int64_t = 0
    it: cython.pointer[Countdown]
    for index in range(1, state.countdowns.count):
        it = state.countdowns.at + index
        if it.deadline_ns:
            armed += 1
            _require(it.deadline_ns > state.time_ns, "a countdown that should have run", it.account)
            _require(state.countdowns.armed.at[it.place].owner == index, "countdown's place", it.account)
    _require(armed == state.countdowns.armed.count, "armed countdowns")
    return 0
