# The C types behind limits.py.
import cython
from libc.stdint cimport int64_t, uint16_t, uint32_t
from matcher.core.accounts cimport Pairs, Position
from matcher.core.machine cimport int128
from matcher.core.margin cimport Holding
from matcher.core.records cimport SetAccountLimits
from matcher.core.state cimport State

cdef enum:
    FIRST_LIMITS = 64
    EVERYWHERE = 0                  # the instrument of what holds for all together

cdef struct Limit:                  # 0: no limit
    int64_t notional_units
    int64_t lots
    uint32_t account
    uint32_t open_orders
    uint16_t instrument             # 0 = all together
    uint16_t rest[3]

cdef struct Reach:                  # what an account may come to hold: in one instrument, in all
    int128 lots[2]
    int128 notional[2]

@cython.final
cdef class Limits:
    cdef Limit *at
    cdef uint32_t count             # index 0 limits nothing
    cdef uint32_t room
    cdef Pairs pairs

    cdef uint32_t find(self, uint32_t account, uint16_t instrument) noexcept nogil
    cdef Limit *touch(self, uint32_t account, uint16_t instrument) noexcept nogil

cdef int set_account_limits(State state, const SetAccountLimits *command) noexcept nogil
cdef int check_open_orders(State state, const Position *position, bint is_open) noexcept nogil
cdef int check_holding(State state, const Position *position, const Holding *after) noexcept nogil

cdef int128 _worst_lots(const Holding *holding) noexcept nogil
cdef Reach _reach(State state, const Position *position, const Holding *after) noexcept nogil
