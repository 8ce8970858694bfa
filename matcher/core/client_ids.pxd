# The C types behind client_ids.py.
import cython
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

cdef enum:
    ORDERS = 0                      # the two retention times
    MONEY = 1
    MIX = 0x9E3779B97F4A7C15

cdef struct Key:
    uint64_t fingerprint
    uint64_t order_id
    int64_t filled_lots
    int64_t filled_quote_units
    int64_t ended_ns                # 0 while the order is open
    uint32_t account
    uint32_t slot                   # of the open order, 0 when it has ended
    uint32_t next                   # in the queue of the ended, or of the free
    uint8_t purpose
    uint8_t status
    char text[36]
    uint8_t rest[2]

cdef struct Tagged:
    uint32_t tag
    uint32_t index

@cython.final
cdef class ClientIds:
    cdef Key *at
    cdef Tagged *table
    cdef uint32_t mask
    cdef uint32_t room
    cdef uint32_t fresh             # first index never used; 0 is nobody
    cdef uint32_t unused
    cdef uint32_t remembered
    cdef uint32_t first[2]
    cdef uint32_t last[2]

    cdef void expect(self, uint32_t account, int purpose, const char *text) noexcept nogil
    cdef uint32_t find(self, uint32_t account, int purpose, const char *text) noexcept nogil
    cdef uint32_t add(self, uint32_t account, int purpose, const char *text, uint64_t fingerprint) noexcept nogil
    cdef void end(self, uint32_t index, int retention, int64_t time_ns) noexcept nogil
    cdef void forget(self, int64_t time_ns) noexcept nogil
    cdef void _erase(self, uint32_t index) noexcept nogil
    cdef void _insert(self, uint32_t tag, uint32_t index) noexcept nogil
    cdef void _grow_table(self) noexcept nogil
    cdef void reserve_keys(self, uint32_t room, uint32_t entries) noexcept nogil
    cdef void reindex(self) noexcept nogil

cdef uint32_t tag_of(uint32_t account, int purpose, const char *text) noexcept nogil
cdef bint is_client_id(const char *text) noexcept nogil
cdef uint64_t fingerprint_of(const void *command) noexcept nogil
