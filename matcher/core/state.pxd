# The C types behind state.py.
import cython
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from matcher.core.accounts cimport Account, Accounts, Position
from matcher.core.client_ids cimport ClientIds
from matcher.core.holders cimport Holders
from matcher.core.countdowns cimport Countdowns
from matcher.core.instruments cimport Instrument, Instruments
from matcher.core.limits cimport Limits
from matcher.core.orders cimport Orders
from matcher.core.records cimport Command, Event
from matcher.core.waiting cimport Waiting

@cython.final
cdef class State:
    cdef Orders orders
    cdef Accounts accounts
    cdef Instruments instruments
    cdef ClientIds client_ids
    cdef Holders holders
    cdef Waiting waiting
    cdef Countdowns countdowns
    cdef Limits limits
    cdef bint prefault
    # what the last command left
    cdef uint64_t seq
    cdef int64_t time_ns
    cdef uint64_t last_order_id
    cdef uint64_t last_trade_id
    # the command now being applied
    cdef uint64_t command_id
    cdef uint32_t part
    cdef size_t first_own           # of its events; those before it are of timers
    cdef uint32_t matching_slot     # its order while that is not in the book
    cdef int judged                 # instrument whose groups the last command left safe; 0: all, -1: none
    cdef bint is_later              # it is of version 2 or later [ENG-005]
    cdef bint is_third              # it is of version 4 or later [ENG-009]
    cdef bint is_settled            # the last command was not of version 1: nothing that waits could fire
    cdef int fault                  # line of the impossible
    # events of this process() call
    cdef Event *events
    cdef size_t count
    cdef size_t room

    cdef void begin(self, const Command *command) noexcept nogil
    cdef void finish(self) noexcept nogil
    cdef void prepare(self, size_t events) noexcept nogil
    cdef Event *emit(self, int kind, uint32_t account, uint16_t instrument) noexcept nogil
    cdef void emit_image(self, int kind, uint32_t slot, int status, int reason) noexcept nogil
    cdef void emit_terms(self, uint32_t slot) noexcept nogil
    cdef void open_order(self, uint32_t slot) noexcept nogil
    cdef void end_order(self, uint32_t slot, int status) noexcept nogil
    cdef void hold(self, uint32_t slot, int64_t lots) noexcept nogil
    cdef void close_order(self, uint32_t slot, int kind, int status, int reason) noexcept nogil
    cdef void finish_order(self, uint32_t slot, int kind, int status, int reason) noexcept nogil
    cdef void cancel(self, uint32_t slot, int reason) noexcept nogil
    cdef void wake(self, uint32_t slot) noexcept nogil
    cdef uint32_t terms_of(self, uint32_t slot) noexcept nogil
    cdef uint32_t unlink(self, uint32_t slot) noexcept nogil
    cdef uint32_t unlink_from(self, uint64_t order_id, uint64_t other_id) noexcept nogil
    cdef uint64_t cancel_orders(self, uint32_t account, uint16_t instrument, int spared, int reason) noexcept nogil
    cdef uint32_t find_order(self, uint32_t account, uint16_t instrument, uint64_t order_id, const char *text) noexcept nogil

cdef int leg_flag(const Position *position) noexcept nogil
cdef uint32_t open_orders_of(State state, const Position *position) noexcept nogil
cdef uint32_t waiting_orders_of(State state, const Position *position) noexcept nogil
cdef int status_of(int64_t leaves_lots, int64_t quantity_lots) noexcept nogil
