# The C types behind timers.py.
from libc.stdint cimport uint16_t, uint32_t, uint64_t
from matcher.core.records cimport SetCountdown
from matcher.core.state cimport State

cdef enum:
    COUNTDOWN_MAX_NS = 1000000000000000

cdef void run_timers(State state) noexcept nogil
cdef int set_countdown(State state, const SetCountdown *command) noexcept nogil

cdef void _run_countdown(State state, uint32_t index) noexcept nogil
