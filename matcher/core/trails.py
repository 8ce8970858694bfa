"""Owns the order of trailing orders [ORD-005]: who is active, with which watermark, and who fires first.

Heights make both sides one: the price for sells, minus the price for buys. A watermark is the greatest
height since the order became active, so orders that share one share it for good: they are a group. Groups
stand by falling peak, which is also the order in which their orders joined. A new height swallows the last
groups it exceeds, and most often there is one to move: a step of the price costs what it changes.
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.libc.stdlib import free
from cython.cimports.libc.string import memmove, memset
from cython.cimports.matcher.core.heaps import Heap, close_heap, drop, push
from cython.cimports.matcher.core.instruments import PPM
from cython.cimports.matcher.core.machine import buffer_resize
from cython.cimports.matcher.core.terms import Terms


def open_trail(trail):
    memset(trail, 0, cython.sizeof(Trail))
    trail.idle.stride = cython.sizeof(Terms) // cython.sizeof(uint32_t)
    trail.limit = -FAR


def close_trail(trail):
    i: uint32_t
    for i in range(trail.count):
        close_heap(cython.address(trail.groups[i].orders))
    close_heap(cython.address(trail.idle))
    free(trail.groups)


def enter_trail(trail, places, terms, index, is_buy):
    """Wait to become active; without an activation price that is at the next look."""
    height: int64_t = terms.trigger_ticks
    if height == 0:
        height = -FAR
    elif is_buy:
        height = -height
    push(cython.address(trail.idle), places, height, terms.order_id, index)


def join_trail(trail, at, places, index, height):
    """Become active at a height no greater than the last group's peak."""
    group: cython.pointer[Group]
    if trail.count == 0 or trail.groups[trail.count - 1].peak != height:
        if trail.count == trail.room:
            trail.room = max(2 * trail.room, cython.cast(uint32_t, 4))
            trail.groups = cython.cast(
                cython.pointer[Group], buffer_resize(trail.groups, trail.room * cython.sizeof(Group))
            )
        group = trail.groups + trail.count
        memset(group, 0, cython.sizeof(Group))
        group.orders.stride = trail.idle.stride
        group.peak = height
        group.first = trail.joined + 1
        trail.count += 1
    group = trail.groups + trail.count - 1
    trail.joined += 1
    at[index].joined = trail.joined
    push(cython.address(group.orders), places, at[index].callback_ppm, at[index].order_id, index)
    trail.limit = max(trail.limit, limit_of(height, group.orders.at[0].key))


def leave_trail(trail, places, terms):
    """An order waits no longer. A group without orders goes."""
    group: cython.pointer[Group]
    behind: cython.size_t
    if not terms.joined:
        drop(cython.address(trail.idle), places, terms.place)
        return
    group = group_of(trail, terms)
    drop(cython.address(group.orders), places, terms.place)
    if group.orders.count == 0:
        close_heap(cython.address(group.orders))
        behind = trail.groups + trail.count - (group + 1)
        memmove(group, group + 1, behind * cython.sizeof(Group))
        trail.count -= 1


def group_of(trail, terms):
    """The group of an active order: the last one that begins at its number or before."""
    low: uint32_t = 0
    high: uint32_t = trail.count
    middle: uint32_t
    while high - low > 1:
        middle = (low + high) >> 1
        if trail.groups[middle].first <= terms.joined:
            low = middle
        else:
            high = middle
    return trail.groups + low


def watermark(trail, terms):
    """In ticks; 0 until the order is active."""
    peak: int64_t
    if not terms.joined:
        return 0
    peak = group_of(trail, terms).peak
    return cython.cast(uint32_t, peak if peak > 0 else -peak)


def limit_of(peak, callback_ppm):
    """The height at which a callback from a peak is reached."""
    million: int64_t = PPM
    if peak > 0:
        return peak * (million - callback_ppm) // million
    return -((-peak * (million + callback_ppm) + million - 1) // million)


def follow(trail, at, places, is_buy, ticks, is_calm, best):
    """Look at a price: watermarks move, orders become active; the lowest id that fires, `best` among them, or 0.

    `is_calm`: [ORD-006] price protection holds nobody back.
    """
    height: int64_t = -ticks if is_buy else ticks
    index: uint32_t
    group: cython.pointer[Group]
    limit: int64_t
    i: uint32_t
    if trail.count and trail.groups[trail.count - 1].peak < height:
        _raise(trail, places, height)
    while trail.idle.count and trail.idle.at[0].key <= height:
        index = trail.idle.at[0].owner
        drop(cython.address(trail.idle), places, 0)
        join_trail(trail, at, places, index, height)
    if height > trail.limit:
        return best
    trail.limit = -FAR
    for i in range(trail.count):
        group = trail.groups + i
        limit = limit_of(group.peak, group.orders.at[0].key)
        trail.limit = max(trail.limit, limit)
        if limit >= height:
            best = _search(group, at, 0, height, is_calm, best)
    return best


def _raise(trail, places, height):
    """A height that the last group has not seen; those before it that it exceeds too become one group with it."""
    group: cython.pointer[Group]
    while trail.count > 1 and trail.groups[trail.count - 2].peak <= height:
        _merge(trail.groups + trail.count - 2, trail.groups + trail.count - 1, places)
        trail.count -= 1
    group = trail.groups + trail.count - 1
    group.peak = height
    trail.limit = max(trail.limit, limit_of(height, group.orders.at[0].key))


def _merge(into, gone, places):
    """The fewer join the more: an order is moved a few times in its life at most."""
    fewer: Heap = gone.orders
    i: uint32_t
    if into.orders.count < fewer.count:
        fewer = into.orders
        into.orders = gone.orders
    for i in range(fewer.count):
        push(cython.address(into.orders), places, fewer.at[i].key, fewer.at[i].tie, fewer.at[i].owner)
    close_heap(cython.address(fewer))


def _search(group, at, place, height, is_calm, best):
    """The lowest id of those in the heap from `place` down whose callback is reached."""
    owner: uint32_t
    if place >= group.orders.count or limit_of(group.peak, group.orders.at[place].key) < height:
        return best
    owner = group.orders.at[place].owner
    if (is_calm or not at[owner].is_protected) and (best == 0 or at[owner].order_id < at[best].order_id):
        best = owner
    best = _search(group, at, 2 * place + 1, height, is_calm, best)
    return _search(group, at, 2 * place + 2, height, is_calm, best)
