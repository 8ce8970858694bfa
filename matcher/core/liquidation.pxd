# The C types behind liquidation.py.
from libc.stdint cimport int64_t, uint16_t, uint32_t, uint64_t
from matcher.core.accounts cimport Position
from matcher.core.machine cimport int128
from matcher.core.state cimport State

cdef uint64_t run_passes(State state, int instrument) noexcept nogil
cdef int64_t send_closing(State state, uint32_t leg, int64_t lots, int64_t price_ticks, int flags) noexcept nogil
cdef void settle_cross(State state, uint32_t account, uint16_t asset) noexcept nogil

cdef uint32_t _leg_of(State state, uint64_t key) noexcept nogil
cdef void _liquidate(State state, uint32_t leg) noexcept nogil
cdef uint32_t _riskiest(State state, uint32_t leg) noexcept nogil
cdef int128 _risk(State state, const Position *leg) noexcept nogil
cdef void _cancel_opening(State state, uint32_t leg) noexcept nogil
cdef void _step(State state, uint32_t leg) noexcept nogil
cdef bint _can_take(State state, uint32_t fund, uint32_t leg, int64_t lots, int64_t price_ticks) noexcept nogil
cdef void _settle_isolated(State state, uint32_t leg) noexcept nogil
cdef void _tell(State state, int kind, uint32_t leg) noexcept nogil
