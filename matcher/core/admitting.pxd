# The C types behind admitting.py.
from libc.stdint cimport int64_t, uint32_t, uint64_t
from matcher.core.instruments cimport Instrument
from matcher.core.orders cimport Order
from matcher.core.records cimport PlaceOrder
from matcher.core.state cimport State

cdef uint32_t admit(State state, const Instrument *instrument, const PlaceOrder *command, int64_t lots) noexcept nogil
cdef void link_sibling(State state, uint32_t slot, uint64_t order_id) noexcept nogil
cdef int64_t working_ticks(const Instrument *instrument, int working_type) noexcept nogil

cdef void _give_terms(State state, const Instrument *instrument, uint32_t slot, const PlaceOrder *command) noexcept nogil
