# The C types behind triggers.py.
from libc.stdint cimport uint32_t
from matcher.core.instruments cimport Instrument
from matcher.core.orders cimport Order
from matcher.core.records cimport PlaceOrder
from matcher.core.state cimport State

cdef void fire_all(State state) noexcept nogil
cdef uint32_t next_to_fire(State state, uint32_t number) noexcept nogil

cdef void _fire(State state, uint32_t index) noexcept nogil
cdef bint _has_waiting_sibling(State state, uint32_t index) noexcept nogil
cdef void _describe(State state, uint32_t slot, PlaceOrder *command) noexcept nogil
