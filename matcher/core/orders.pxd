# The C types behind orders.py.
import cython
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

cdef enum:
    SPREAD = 0x9E3779B1
    PREFAULT_ORDERS = 1 << 15
    NEAR_ORDERS = 1 << 13           # so many live in the processor's own caches: nothing to fetch early

cdef enum:
    CLOSES = 128                    # beside an order's own flags: it may only close its leg [MAR-002]
    WAITS = 64                      # for its price: in no book
    HAS_TERMS = 32                  # it has a record in waiting.Waiting
    SHOWN_FLAGS = 31

cdef struct Order:                  # one cache line: what matching touches
    uint64_t order_id
    int64_t leaves_lots
    int64_t quantity_lots
    int64_t filled_quote_units
    uint32_t price_ticks
    uint32_t ahead                  # in the level's queue
    uint32_t behind
    uint32_t account
    uint32_t position               # of accounts.Accounts
    uint32_t older                  # among the open orders of this leg
    uint32_t younger
    uint8_t side
    uint8_t flags                   # OrderFlag, CLOSES, WAITS, HAS_TERMS
    uint8_t time_in_force
    uint8_t self_trade_prevention

cdef struct Origin:                 # one more: what only its events and views need
    int64_t created_ns
    int64_t updated_ns
    uint32_t key                    # of client_ids.ClientIds, 0 without client_order_id
    uint32_t terms                  # of waiting.Waiting, 0 without
    uint8_t order_type
    uint8_t working_type
    char client_order_id[36]
    char rest[2]

cdef struct Named:
    uint32_t id_low
    uint32_t slot

@cython.final
cdef class Orders:
    cdef Order *at
    cdef Origin *origin
    cdef Named *named
    cdef uint32_t mask
    cdef uint32_t capacity          # where new orders are refused
    cdef uint32_t slots             # rules make orders beyond it: two children of each, one to liquidate
    cdef uint32_t unused            # head of the free list, threaded through `behind`
    cdef uint32_t fresh             # first slot never used
    cdef uint32_t open_orders

    cdef uint32_t acquire(self, uint64_t order_id) noexcept nogil
    cdef void release(self, uint32_t slot) noexcept nogil
    cdef uint32_t find(self, uint64_t order_id) noexcept nogil
    cdef void expect_name(self, uint64_t order_id) noexcept nogil
    cdef uint32_t peek(self, uint64_t order_id) noexcept nogil
    cdef uint32_t _home(self, uint32_t id_low) noexcept nogil
    cdef void _insert(self, uint64_t order_id, uint32_t slot) noexcept nogil
    cdef void _erase(self, uint32_t slot) noexcept nogil
    cdef void _grow(self) noexcept nogil
    cdef void reindex(self) noexcept nogil
    cdef void prefault(self) noexcept nogil

cdef bint is_closing(int position_side, int side, int flags) noexcept nogil
