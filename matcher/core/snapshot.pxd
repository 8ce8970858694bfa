# The C types behind snapshot.py.
from libc.stdint cimport int64_t, uint32_t, uint64_t
from matcher.core.state cimport State

cdef enum:
    FORMAT = 3
    CHECKSUM_BYTES = 32
    MAGIC = 0x45524F434D

cdef struct Header:
    uint64_t magic
    uint32_t format
    uint32_t sizes                  # of the structs below, mixed: another build's snapshot is refused
    uint64_t accounts_max           # configuration
    uint64_t orders_max
    uint64_t expected_orders
    uint64_t expected_keys
    uint64_t prefault
    uint64_t seq                    # state
    int64_t time_ns
    uint64_t last_order_id
    uint64_t last_trade_id
    uint64_t last_account           # records of each table
    uint64_t open_accounts
    uint64_t numbers                # of instruments and assets
    uint64_t wallet_count
    uint64_t position_count
    uint64_t order_fresh
    uint64_t order_unused
    uint64_t key_fresh
    uint64_t key_unused
    uint64_t terms_fresh
    uint64_t terms_unused
    uint64_t countdown_count
    uint64_t limit_count
    uint32_t key_first[2]
    uint32_t key_last[2]

cdef bytes save_state(State state, object config)
cdef tuple load_state(bytes data)

cdef bytes _table(const void *at, uint64_t size)
cdef bytes _positions(State state)
cdef uint32_t _numbers(State state) noexcept
cdef bytes _terms(State state, uint32_t numbers)
cdef uint32_t _sizes() noexcept
cdef int _fill_tables(State state, Header *header, const char *at) except -1
cdef uint32_t _instrument_of(State state, uint32_t index) noexcept
cdef void _fill_waiting(State state, uint32_t fresh, uint32_t unused, const char *at) noexcept
cdef void _fill_countdowns(State state, uint32_t count, const char *at) noexcept
cdef void _fill_limits(State state, uint32_t count, const char *at) noexcept
cdef void _fill_books(State state, uint32_t numbers, const char *at) noexcept
