# The C types behind groups.py.
from libc.stdint cimport int64_t, uint16_t, uint32_t
from matcher.core.accounts cimport Position
from matcher.core.machine cimport int128
from matcher.core.margin cimport Totals
from matcher.core.state cimport State

cdef enum:
    WHOLE = 100000000               # units of a whole asset, which prices of collateral are named for

cdef struct Group:                  # amounts of the asset; in multi-asset mode values
    int128 equity
    int128 requirement
    int128 maintenance
    uint32_t held

cdef Totals totals_of(State state, uint32_t account, uint16_t asset) noexcept nogil
cdef int128 balance_of(State state, uint32_t account, uint16_t asset, const Totals *totals, bint losses_only) noexcept nogil
cdef int128 value_of(State state, uint16_t asset, int128 balance) noexcept nogil
cdef int128 price_of(State state, uint16_t asset, int128 amount) noexcept nogil
cdef int128 in_asset(int128 value, int64_t price_units) noexcept nogil
cdef Group cross_group(State state, uint32_t account, uint16_t asset, const Totals *totals, bint losses_only) noexcept nogil
cdef Group cross_now(State state, uint32_t account, uint16_t asset) noexcept nogil
cdef Group group_of(State state, const Position *position) noexcept nogil
cdef int128 withdrawable(State state, uint32_t account, uint16_t asset) noexcept nogil
cdef int128 available(State state, uint32_t account, uint16_t asset) noexcept nogil
cdef int64_t liquidation_ticks(State state, const Position *position) noexcept nogil
cdef int128 group_equity(State state, const Position *position) noexcept nogil
cdef int64_t bankruptcy_ticks(State state, const Position *position) noexcept nogil
cdef int64_t solvent_ticks(State state, const Position *position, int side, int64_t limit_ticks) noexcept nogil

cdef void _count_in(State state, Group *group, uint32_t account, uint16_t asset, const Totals *totals, bint losses_only) noexcept nogil
cdef bint _fails_at(State state, const Position *position, int64_t mark_ticks) noexcept nogil
cdef bint _is_bounded(State state, const Position *position) noexcept nogil
