# The C types behind countdowns.py.
import cython
from libc.stdint cimport int64_t, uint16_t, uint32_t, uint64_t
from matcher.core.accounts cimport Pairs
from matcher.core.heaps cimport Heap

cdef enum:
    FIRST_COUNTDOWNS = 64

cdef struct Countdown:
    int64_t deadline_ns             # 0: disarmed
    uint32_t account
    uint32_t place                  # in the heap
    uint16_t instrument             # 0 = all

@cython.final
cdef class Countdowns:
    cdef Countdown *at
    cdef uint32_t count             # index 0 is nobody
    cdef uint32_t room
    cdef Heap armed
    cdef Pairs pairs

    cdef void set(self, uint32_t account, uint16_t instrument, int64_t deadline_ns) noexcept nogil
    cdef uint32_t due(self, int64_t time_ns) noexcept nogil
