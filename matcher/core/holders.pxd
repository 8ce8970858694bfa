# The C types behind holders.py.
import cython
from libc.stdint cimport int64_t, uint16_t, uint32_t, uint64_t
from matcher.core.accounts cimport Accounts, Position

cdef struct Holder:
    uint32_t leg                    # of accounts.Accounts
    uint32_t low                    # marks at which its group needs no look; low > high: always look
    uint32_t high

cdef struct HolderList:
    Holder *at
    uint32_t count
    uint32_t room

cdef struct Keys:                   # grows
    uint64_t *at
    uint64_t *spare
    size_t count
    size_t room

cdef struct Place:                  # of a leg in the queue of auto-deleveraging
    int64_t score
    uint32_t account
    uint32_t leg
    uint32_t side
    uint32_t stamp                  # worth something while it is the leg's

cdef enum:
    UNRANKED = 0                    # stamps
    MOVED = 1 << 30                 # beside the stamp: changed since it was scored

cdef struct Ranking:                # a heap, the first to go on top; of one instrument's longs or shorts
    Place *at
    uint32_t count
    uint32_t room
    uint32_t clock
    uint32_t stamp_room
    uint32_t *stamps                # by leg
    Keys moved                      # legs to score again
    uint16_t instrument             # 0: nothing is ranked
    bint longs

@cython.final
cdef class Holders:
    cdef HolderList *of             # by instrument
    cdef Keys keys                  # of whoever lists legs now
    cdef Keys found                 # of liquidation passes
    cdef Ranking ranking

    cdef void enter(self, Accounts accounts, uint32_t leg) noexcept nogil
    cdef void leave(self, Accounts accounts, uint32_t leg) noexcept nogil
    cdef void trust(self, Accounts accounts, uint32_t leg, int64_t low, int64_t high) noexcept nogil
    cdef void begin_ranking(self, Accounts accounts, uint16_t instrument, bint longs) noexcept nogil
    cdef void end_ranking(self) noexcept nogil
    cdef void rank_again(self, uint32_t leg) noexcept nogil
    cdef void doubt(self, Accounts accounts, uint32_t account) noexcept nogil
    cdef void doubt_everybody(self, Accounts accounts) noexcept nogil
    cdef void doubt_pools(self, Accounts accounts) noexcept nogil
    cdef void list_legs(self, Accounts accounts, int instrument) noexcept nogil
    cdef void reindex(self, Accounts accounts) noexcept nogil

cdef void add_key(Keys *keys, uint64_t key) noexcept nogil
cdef void sort_keys(Keys *keys) noexcept nogil
