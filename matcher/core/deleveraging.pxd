# The C types behind deleveraging.py.
from libc.stdint cimport int64_t, uint16_t, uint32_t
from matcher.core.accounts cimport Position
from matcher.core.holders cimport Place, Ranking
from matcher.core.state cimport State

cdef enum:
    RETURN_MAX_PPB = 1000000000000
    EFFECTIVE_MAX = 1000000         # thousandths

cdef int64_t score_of(State state, const Position *position) noexcept nogil
cdef Place place_of(State state, const Position *position) noexcept nogil
cdef bint goes_before(const Place *one, const Place *other) noexcept nogil
cdef void deleverage(State state, uint32_t leg, int64_t lots, int64_t price_ticks) noexcept nogil
cdef void cancel_resting(State state, uint32_t leg, uint32_t only, int spared, int reason) noexcept nogil
cdef void exchange(State state, uint32_t giver, uint32_t taker, int64_t lots, int64_t price_ticks, int cause, uint32_t rank, int64_t score) noexcept nogil

cdef void _rank(State state, uint16_t instrument, bint longs) noexcept nogil
cdef void _rise(Ranking *those, const Place *place) noexcept nogil
cdef void _drop_first(Ranking *those) noexcept nogil
