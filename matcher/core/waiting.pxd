# The C types behind waiting.py.
import cython
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from matcher.core.heaps cimport Heap

cdef enum:
    FIRST_TERMS = 256
    WORDS = 16                      # of 64 instruments
    LINES = 4                       # mark rising, mark falling, contract rising, contract falling
    FAR = 1 << 30                   # beyond every price

cdef struct Terms:                  # what an order may have that most do not; stays while the order is open
    uint64_t order_id
    int64_t good_till_ns
    uint64_t linked_order_id
    uint64_t children[2]            # take-profit and stop-loss made of it, 0 before
    uint32_t slot                   # of the order; 0: free
    uint32_t place                  # in its heap or trail; next free one
    uint32_t timer                  # in the heap of good-till times
    uint32_t trigger_ticks
    uint32_t callback_ppm
    uint32_t watermark_ticks
    uint32_t take_profit_ticks
    uint32_t stop_loss_ticks
    uint8_t line                    # where it waits: number of a line or of a trail
    uint8_t is_trailing
    uint8_t is_protected
    uint8_t waits
    uint8_t rest[4]

cdef struct Trail:                  # trailing orders of one side and working type
    uint32_t *at
    uint32_t count
    uint32_t room
    int64_t low                     # at working prices between these two nothing changes
    int64_t high

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
    cdef uint32_t _follow(self, Trail *trail, bint is_buy, int64_t price_ticks, bint is_calm, uint32_t best) noexcept nogil

cdef int line_of(int order_type, int side, int working_type) noexcept nogil
cdef int64_t _limit(const Terms *terms, bint is_buy) noexcept nogil
