# The C types behind capital.py.
from libc.stdint cimport int64_t
from matcher.core.accounts cimport Position
from matcher.core.instruments cimport Instrument
from matcher.core.machine cimport int128
from matcher.core.margin cimport Holding
from matcher.core.state cimport State

cdef int check_leverage(State state, const Position *position, int64_t leverage) noexcept nogil

cdef int128 other_exposure(State state, const Position *position) noexcept nogil
cdef bint stands_alone(State state, const Instrument *instrument, const Position *position, const Holding *alone, int side, int64_t leverage) noexcept nogil
