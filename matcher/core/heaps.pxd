# The C types behind heaps.py.
from libc.stdint cimport int64_t, uint32_t, uint64_t

cdef struct Item:
    int64_t key                     # the least comes first, then the least tie
    uint64_t tie
    uint32_t owner                  # who waits; `places` says where in the heap

cdef struct Heap:
    Item *at
    uint32_t count
    uint32_t room
    size_t stride                   # of `places`, in its elements

cdef void push(Heap *heap, uint32_t *places, int64_t key, uint64_t tie, uint32_t owner) noexcept nogil
cdef void drop(Heap *heap, uint32_t *places, uint32_t place) noexcept nogil
cdef void close_heap(Heap *heap) noexcept nogil

cdef bint before(const Item *one, const Item *other) noexcept nogil
cdef void _put(Heap *heap, uint32_t *places, uint32_t place, const Item *item) noexcept nogil
cdef void _rise(Heap *heap, uint32_t *places, uint32_t place, Item item) noexcept nogil
cdef void _sink(Heap *heap, uint32_t *places, uint32_t place, Item item) noexcept nogil
