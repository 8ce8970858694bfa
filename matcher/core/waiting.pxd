# The C types behind waiting.py.
import cython
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from matcher.core.heaps cimport Heap
from matcher.core.terms cimport Terms
from matcher.core.trails cimport Trail

cdef enum:
    FIRST_TERMS = 256
    WORDS = 16                      # of 64 instruments
    LINES = 4                       # mark rising, mark falling, contract rising, contract falling

cdef struct Watch:                  # what waits in one instrument
    Heap lines[8]                   # by line, then the same with price protection
    Trail trails[4]                 # contract sell, contract buy, mark sell, mark buy
    uint32_t count

@cython.final
cdef class Waiting:
    cdef Terms *at
    cdef uint32_t room
    cdef uint32_t fresh
    cdef uint32_t unused
    cdef Watch *watches
    cdef Heap timers                # good-till times
    cdef uint64_t flagged[16]       # instruments to look at
    cdef uint32_t flagged_words

    cdef uint32_t acquire(self, uint32_t slot, uint64_t order_id) noexcept nogil
    cdef void release(self, uint32_t index, uint32_t instrument) noexcept nogil
    cdef void enter(self, uint32_t index, uint32_t instrument) noexcept nogil
    cdef void leave(self, uint32_t index, uint32_t instrument) noexcept nogil
    cdef void start_timer(self, uint32_t index) noexcept nogil
    cdef void flag(self, uint32_t instrument) noexcept nogil
    cdef void unflag(self, uint32_t instrument) noexcept nogil
    cdef uint32_t first_flagged(self) noexcept nogil
    cdef uint32_t due(self, int64_t time_ns) noexcept nogil
    cdef uint32_t first_fired(self, uint32_t instrument, int64_t mark_ticks, int64_t last_ticks, bint is_calm) noexcept nogil
    cdef void make_room(self, uint32_t fresh, uint32_t unused) noexcept nogil
    cdef uint32_t *_places(self) noexcept nogil
    cdef uint32_t *_timers(self) noexcept nogil
    cdef uint32_t watermark_of(self, uint32_t index, uint32_t instrument) noexcept nogil
    cdef void write_watermark(self, uint32_t index, uint32_t instrument) noexcept nogil
    cdef void resume_trail(self, uint32_t index, uint32_t instrument) noexcept nogil

cdef int line_of(int order_type, int side, int working_type) noexcept nogil
