# The C types behind conditional.py.
from libc.stdint cimport int64_t, uint32_t
from matcher.core.accounts cimport Position
from matcher.core.instruments cimport Instrument
from matcher.core.records cimport PlaceOrder
from matcher.core.state cimport State

cdef int check_waiting(State state, const Instrument *instrument, const PlaceOrder *command) noexcept nogil
cdef bint child_would_trigger(const Instrument *instrument, int side, int64_t entry_ticks, int working_type, uint32_t take_profit_ticks, uint32_t stop_loss_ticks) noexcept nogil
cdef uint32_t find_sibling(State state, const PlaceOrder *command) noexcept nogil

cdef int _check_terms(const Instrument *instrument, const PlaceOrder *command) noexcept nogil
cdef bint _would_trigger(const Instrument *instrument, const PlaceOrder *command) noexcept nogil
