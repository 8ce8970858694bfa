# The C types behind legs.py.
from libc.stdint cimport int64_t, uint32_t
from matcher.core.accounts cimport Position
from matcher.core.instruments cimport Instrument
from matcher.core.machine cimport int128
from matcher.core.state cimport State

cdef enum:
    BALANCE_MAX = 9000000000000000000

cdef int64_t change_leg(State state, Instrument *instrument, Position *position, int side, int64_t lots, int64_t price_ticks) noexcept nogil
cdef int64_t closing_part(const Position *position, int side, int64_t lots) noexcept nogil
cdef int128 released_by(const Position *position, int64_t closing) noexcept nogil
cdef int128 affordable(State state, const Position *position, int128 opening, int128 gained) noexcept nogil
cdef int64_t kept(State state, int128 units) noexcept nogil
cdef void set_apart(State state, Position *position, int128 units) noexcept nogil
cdef int64_t pay(State state, uint32_t wallet, int128 units) noexcept nogil
cdef void tell_isolated(State state, const Position *position, int64_t units, int detail) noexcept nogil
cdef void move(State state, uint32_t leg, int side, int64_t lots, int64_t price_ticks, int cause, uint32_t counterparty, uint32_t rank, int64_t score, bint releases) noexcept nogil
cdef int closing_side(const Position *position) noexcept nogil
cdef int64_t size_of(const Position *position) noexcept nogil
