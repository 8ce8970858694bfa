# The C types behind placing.py.
from libc.stdint cimport int64_t, uint32_t
from matcher.core.accounts cimport Account, Position
from matcher.core.instruments cimport Instrument
from matcher.core.records cimport PlaceOrder
from matcher.core.state cimport State

cdef struct Entry:                  # how an order that passed every check executes
    int64_t lots
    int64_t limit_ticks

cdef int place(State state, const PlaceOrder *command) noexcept nogil
cdef int check_terms(const Instrument *instrument, int side, int64_t price_ticks, int64_t quantity_lots, int64_t max_lots, bint closes) noexcept nogil
cdef int check_market(State state, const Account *account, const Instrument *instrument, const PlaceOrder *command) noexcept nogil
cdef int check_prices(State state, const Account *account, const Instrument *instrument) noexcept nogil
cdef int check_band(const Instrument *instrument, int side, int64_t price_ticks) noexcept nogil
cdef int check_entry(State state, Instrument *instrument, const PlaceOrder *command, Entry *entry, bint is_open) noexcept nogil
cdef bint may_rest(const PlaceOrder *command) noexcept nogil

cdef int _enter(State state, Instrument *instrument, const PlaceOrder *command, uint32_t sibling) noexcept nogil
cdef int64_t _closing_lots(const Position *position, const PlaceOrder *command) noexcept nogil
cdef int _check_terms(const Instrument *instrument, const PlaceOrder *command) noexcept nogil
cdef int _check_book(State state, Instrument *instrument, const Position *position, const PlaceOrder *command, const Entry *entry, bint is_open) noexcept nogil
cdef int _check_company(State state, const Instrument *instrument, const Position *position, const PlaceOrder *command, bint is_open) noexcept nogil
cdef int _check_capital(State state, Instrument *instrument, const Position *position, const PlaceOrder *command, int64_t limit_ticks, int64_t lots) noexcept nogil
cdef uint32_t _accept(State state, Instrument *instrument, const PlaceOrder *command, int64_t lots, uint32_t sibling) noexcept nogil
cdef int _replay(State state, const PlaceOrder *command, uint32_t index) noexcept nogil
