# The C types behind links.py.
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from matcher.core.accounts cimport Position
from matcher.core.state cimport State

cdef struct Party:                  # of a trade, as it was before it: what its rules need though the order may be gone
    uint64_t order_id
    uint64_t linked_order_id        # 0: none
    uint64_t children[2]
    uint32_t prices[2]              # take-profit and stop-loss, 0: none
    uint32_t position
    uint8_t side
    uint8_t working_type
    uint8_t self_trade_prevention

cdef void note_party(State state, uint32_t slot, Party *party) noexcept nogil
cdef void settle_links(State state, const Party *taker, const Party *maker, int64_t lots) noexcept nogil
cdef void close_orphans(State state, uint32_t index) noexcept nogil
cdef bint closes_leg(const Position *position, int side) noexcept nogil

cdef void _end_sibling(State state, const Party *party) noexcept nogil
cdef void _grow_children(State state, const Party *party, int64_t lots) noexcept nogil
cdef void _make_children(State state, const Party *party, int64_t lots) noexcept nogil
