# The C types behind book.py.
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from matcher.core.orders cimport Order
from matcher.core.records cimport LevelChanged

cdef enum:
    NO_BID = 0
    NO_ASK = 1 << 30
    DENSE_TICKS = 1 << 21           # up to here a level array is worth huge pages
    PREFAULT_TICKS = 1 << 20

cdef struct LevelLog:               # grows; emptied by each process() call
    LevelChanged *at
    size_t count
    size_t room
    uint64_t seq

cdef struct Level:
    int64_t lots
    uint32_t first
    uint32_t last

cdef struct Ticks:                  # one bit a tick, and three summaries of 64 each
    uint64_t *leaf
    uint64_t *middle
    uint64_t *upper
    uint64_t root

cdef struct Book:
    Level *levels
    Order *orders
    LevelLog *log
    Ticks ticks
    int64_t size_ticks              # prices are 1..size_ticks - 1
    int64_t bid
    int64_t ask
    uint64_t open_orders
    uint16_t instrument

cdef void open_book(Book *book, Order *orders, LevelLog *log, uint16_t instrument, int64_t size_ticks) noexcept nogil
cdef void widen_book(Book *book, int64_t size_ticks) noexcept nogil
cdef void close_book(Book *book) noexcept nogil
cdef void prefault_book(Book *book) noexcept nogil
cdef void rest(Book *book, uint32_t slot) noexcept nogil
cdef void remove(Book *book, uint32_t slot) noexcept nogil
cdef void take(Book *book, uint32_t slot, int64_t lots) noexcept nogil
cdef void expect_level(Book *book, int64_t tick) noexcept nogil
cdef void expect_order(Book *book, uint32_t slot) noexcept nogil
cdef int64_t next_ask(Book *book, int64_t above_ticks) noexcept nogil
cdef int64_t next_bid(Book *book, int64_t below_ticks) noexcept nogil
cdef void requeue(Book *book, uint32_t slot) noexcept nogil

cdef void _set(Ticks *ticks, int64_t tick) noexcept nogil
cdef void _clear(Ticks *ticks, int64_t tick) noexcept nogil
cdef int64_t _above(Ticks *ticks, int64_t tick) noexcept nogil
cdef int64_t _below(Ticks *ticks, int64_t tick) noexcept nogil
cdef void _note(Book *book, int64_t tick, int side) noexcept nogil
cdef void _emptied(Book *book, int64_t tick) noexcept nogil
cdef void _reserve(Book *book, int64_t size_ticks) noexcept nogil
