# The C types behind watching.py.
from libc.stdint cimport int64_t, uint16_t, uint32_t, uint64_t
from matcher.core.accounts cimport Position
from matcher.core.groups cimport Group
from matcher.core.machine cimport int128
from matcher.core.state cimport State

cdef enum:
    ROUNDING = 64                   # units by which maintenance may rise beside its rate, over all tiers

cdef bint is_liquidatable(State state, const Position *position) noexcept nogil
cdef bint is_tradable(State state, const Position *position) noexcept nogil
cdef void find_liquidatable(State state, int instrument) noexcept nogil
cdef void look_again(State state, int instrument) noexcept nogil
cdef uint64_t group_key(State state, const Position *position) noexcept nogil
cdef bint in_group(State state, const Position *leg, const Position *position) noexcept nogil

cdef void _scan(State state, int instrument, bint wanted) noexcept nogil
cdef void _look(State state, uint32_t leg, bint wanted) noexcept nogil
cdef void _trust_group(State state, const Position *position, int128 surplus) noexcept nogil
cdef void _trust_leg(State state, Position *leg, int128 share) noexcept nogil
cdef int128 _weight(State state, const Position *leg) noexcept nogil
