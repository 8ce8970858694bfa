# The C types behind matching.py.
from libc.stdint cimport int64_t, uint32_t, uint64_t
from matcher.core.accounts cimport Position
from matcher.core.instruments cimport Instrument
from matcher.core.state cimport State

cdef int64_t market_bound(const Instrument *instrument, int side) noexcept nogil
cdef bint crosses(const Instrument *instrument, int side, int64_t limit_ticks) noexcept nogil
cdef int64_t reach(Instrument *instrument, int side, int64_t limit_ticks, int64_t lots) noexcept nogil
cdef bint is_fillable(State state, Instrument *instrument, uint32_t account, int side, int stp, int64_t limit_ticks, int64_t lots) noexcept nogil
cdef bint is_linked(State state, uint32_t slot) noexcept nogil
cdef int64_t reducible(const Position *position, int side) noexcept nogil
cdef void keep_leg_rules(State state, uint32_t index, int64_t held_lots) noexcept nogil
cdef void execute(State state, uint32_t slot, int64_t limit_ticks, bint may_rest) noexcept nogil

cdef void _spare_sibling(State state, uint32_t slot) noexcept nogil
cdef bint _is_solvent(State state, uint32_t slot) noexcept nogil
cdef bint _match(State state, uint32_t slot, int64_t limit_ticks) noexcept nogil
cdef void _cut(State state, uint32_t slot, int64_t lots) noexcept nogil
cdef void _trade(State state, uint32_t taker_slot, uint32_t maker_slot) noexcept nogil
cdef void _fill(State state, Instrument *instrument, uint32_t slot, int64_t lots, int64_t price_ticks, bint is_maker) noexcept nogil
cdef void _cut_reduce_only(State state, uint32_t index) noexcept nogil
