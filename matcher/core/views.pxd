# The C types behind views.py.
import cython
from libc.stdint cimport int64_t, uint16_t, uint32_t, uint64_t
from matcher.core.accounts cimport Position
from matcher.core.instruments cimport Instrument
from matcher.core.records cimport BalanceView, Query
from matcher.core.state cimport State

cdef enum:
    EVERYBODY = 0xFFFFFFFF          # no account has this number

@cython.final
cdef class Records:                 # packed records, growing
    cdef char *at
    cdef size_t size
    cdef size_t room
    cdef uint32_t count

    cdef void *add(self, size_t width) noexcept
    cdef bytes packed(self)


cdef void add_state(State state, Records out) noexcept
cdef void add_instrument(Records out, const Instrument *instrument) noexcept
cdef void add_tiers(Records out, const Instrument *instrument) noexcept
cdef void add_order(State state, Records out, uint32_t slot) noexcept
cdef int add_countdowns(State state, Records out, uint32_t account) except -1
cdef int add_limits(State state, Records out, uint32_t account) except -1
cdef void add_key(State state, Records out, uint32_t index) noexcept
cdef void add_position(State state, Records out, const Position *position) noexcept
cdef void add_asset(State state, Records out, int number) noexcept
cdef void add_account(State state, Records out, uint32_t number) noexcept
cdef void add_rules(State state, Records out, int number) noexcept
cdef void sum_legs(State state, BalanceView *view) noexcept
