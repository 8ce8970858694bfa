"""Owns nothing: binary heaps whose items know their place, so that any of them leaves in a few steps.

The least (key, tie) is at the top. `places` is the owners' own record of where their item is: element
`owner * stride`, rewritten whenever an item moves. It is passed in because the owners' table may move.
"""

import cython
from cython.cimports.libc.stdint import uint32_t
from cython.cimports.libc.stdlib import free
from cython.cimports.matcher.core.machine import buffer_resize


def push(heap, places, key, tie, owner):
    item: Item
    item.key = key
    item.tie = tie
    item.owner = owner
    if heap.count == heap.room:
        heap.room = max(2 * heap.room, cython.cast(uint32_t, 16))
        heap.at = cython.cast(cython.pointer[Item], buffer_resize(heap.at, heap.room * cython.sizeof(Item)))
    heap.count += 1
    _rise(heap, places, heap.count - 1, item)


def drop(heap, places, place):
    """Take out the item at a place; the last one fills the hole."""
    heap.count -= 1
    if place == heap.count:
        return
    item: Item = heap.at[heap.count]
    if place and before(cython.address(item), heap.at + ((place - 1) >> 1)):
        _rise(heap, places, place, item)
    else:
        _sink(heap, places, place, item)


def close_heap(heap):
    free(heap.at)
    heap.at = cython.NULL
    heap.count = 0
    heap.room = 0


def before(one, other):
    return one.key < other.key or (one.key == other.key and one.tie < other.tie)


def _put(heap, places, place, item):
    heap.at[place] = item[0]
    places[item.owner * heap.stride] = place


def _rise(heap, places, place, item):
    up: uint32_t
    while place:
        up = (place - 1) >> 1
        if not before(cython.address(item), heap.at + up):
            break
        _put(heap, places, place, heap.at + up)
        place = up
    _put(heap, places, place, cython.address(item))


def _sink(heap, places, place, item):
    down: uint32_t = 2 * place + 1
    while down < heap.count:
        if down + 1 < heap.count and before(heap.at + down + 1, heap.at + down):
            down += 1
        if not before(heap.at + down, cython.address(item)):
            break
        _put(heap, places, place, heap.at + down)
        place = down
        down = 2 * place + 1
    _put(heap, places, place, cython.address(item))
