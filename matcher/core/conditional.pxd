# The C types behind conditional.py.
from libc.stdint cimport uint32_t
from matcher.core.accounts cimport Position
from matcher.core.instruments cimport Instrument
from matcher.core.records cimport PlaceOrder
from matcher.core.state cimport State

cdef int check_waiting(State state, const Instrument *instrument, const PlaceOrder *command) noexcept nogil
cdef uint32_t find_sibling(State state, const PlaceOrder *command) noexcept nogil

cdef int _check_terms(const Instrument *instrument, const PlaceOrder *command) noexcept nogil
cdef bint _would_trigger(const Instrument *instrument, const PlaceOrder *command) noexcept nogil
