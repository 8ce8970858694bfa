# The C types behind bench.py, and the only clock in this folder: nothing of the engine may use it.
import cython
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from matcher.core.book cimport Book, LevelLog
from matcher.core.orders cimport Order, Orders

cdef extern from * nogil:
    """
    #include <time.h>
    #include <stdint.h>
    #if defined(__x86_64__)
    #include <x86intrin.h>
    static inline uint64_t clock_begin(void) { _mm_lfence(); uint64_t t = __rdtsc(); _mm_lfence(); return t; }
    static inline uint64_t clock_end(void) { unsigned a; uint64_t t = __rdtscp(&a); _mm_lfence(); return t; }
    #else
    static inline uint64_t clock_begin(void) {
        struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000ull + t.tv_nsec; }
    static inline uint64_t clock_end(void) { return clock_begin(); }
    #endif
    static inline uint64_t clock_ns(void) {
        struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000ull + t.tv_nsec; }
    """
    uint64_t clock_begin()
    uint64_t clock_end()
    uint64_t clock_ns()

cdef enum:
    FLOW_NEW = 0
    FLOW_CANCEL = 1
    FLOW_MOVE = 2
    FLOW_IOC = 1
    TALLY_PRIME = 0x100000001B3

cdef struct FlowCommand:            # tests/load/flows.py, 32 bytes
    uint64_t order_id
    int64_t price_ticks
    int64_t quantity_lots
    uint32_t account
    uint8_t kind
    uint8_t side
    uint8_t time_in_force
    uint8_t rest

cdef struct Trade:
    uint64_t taker_id
    uint64_t maker_id
    int64_t price_ticks
    int64_t quantity_lots

@cython.final
cdef class BookBench:
    cdef Orders orders
    cdef Book book
    cdef LevelLog log
    cdef Trade *trades
    cdef size_t trade_count
    cdef size_t trade_room
    cdef readonly uint64_t count
    cdef readonly uint64_t volume
    cdef readonly uint64_t hash

    cdef void expect(self, const FlowCommand *commands, Py_ssize_t at, Py_ssize_t end) noexcept nogil
    cdef void apply(self, const FlowCommand *command) noexcept nogil
    cdef void match(self, uint64_t taker_id, uint32_t account, int side, int64_t price_ticks, int64_t *leaves) noexcept nogil
    cdef void tally(self) noexcept nogil

cdef uint64_t _clock_cost() noexcept nogil
cdef list _as_ns(uint32_t *taken, Py_ssize_t count, uint64_t ticks, uint64_t spent_ns)
