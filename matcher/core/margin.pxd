# The C types behind margin.py.
from libc.stdint cimport int64_t, uint16_t, uint32_t
from matcher.core.accounts cimport Account, Position
from matcher.core.instruments cimport Instrument
from matcher.core.machine cimport int128
from matcher.core.state cimport State

cdef struct Holding:                # what margin is computed from; the arrays are by side
    int64_t position_lots
    int64_t value[2]
    int64_t lots[2]

cdef struct Totals:                 # of an account's legs settled in one asset
    int128 unrealized               # of cross legs
    int128 requirement              # R of cross legs, R - PM of isolated ones
    int128 maintenance              # of cross legs
    int128 isolated                 # margin set apart
    uint32_t held                   # cross legs that are not flat

cdef Holding holding_of(const Position *position) noexcept nogil
cdef int64_t leverage_in_use(const Instrument *instrument, const Position *position) noexcept nogil
cdef int64_t fee_rate(const Account *account, const Instrument *instrument, bint is_maker) noexcept nogil
cdef int128 exposure(const Instrument *instrument, const Holding *holding) noexcept nogil
cdef int64_t exposure_cap(const Instrument *instrument, int64_t leverage) noexcept nogil
cdef int128 initial_margin(const Instrument *instrument, int128 value, int64_t leverage) noexcept nogil
cdef int128 position_margin(const Instrument *instrument, const Holding *holding, int64_t leverage) noexcept nogil
cdef int128 requirement(const Instrument *instrument, const Holding *holding, int64_t leverage, int64_t taker_rate) noexcept nogil
cdef int128 unrealized(const Instrument *instrument, const Position *position) noexcept nogil
cdef int128 maintenance(const Instrument *instrument, int128 notional) noexcept nogil
cdef int128 requirement_now(State state, const Position *position) noexcept nogil
cdef int128 notional_of(State state, const Position *position) noexcept nogil
cdef Holding order_alone(const Position *position, int side, int64_t lots, int64_t price_ticks) noexcept nogil
cdef int128 isolated_opening(const Instrument *instrument, int side, int64_t lots, int64_t price_ticks, int64_t leverage) noexcept nogil
cdef Totals others_of(State state, uint32_t account, uint16_t asset, const Position *without) noexcept nogil
cdef int check_margin(State state, const Position *position, const Holding *after, const Holding *alone, const Holding *alone_before, int side) noexcept nogil

cdef int128 _side(const Instrument *instrument, const Holding *holding, int64_t leverage, int64_t rate, int side) noexcept nogil
cdef void _add(State state, Totals *totals, const Position *position) noexcept nogil
cdef bint _is_covered(State state, const Position *position, const Totals *totals) noexcept nogil
