# The C types behind amending.py.
from libc.stdint cimport int64_t, uint32_t
from matcher.core.accounts cimport Account
from matcher.core.instruments cimport Instrument
from matcher.core.records cimport AmendOrder, CancelAllOrders, CancelOrder
from matcher.core.state cimport State

cdef int cancel_order(State state, const CancelOrder *command) noexcept nogil
cdef int cancel_all(State state, const CancelAllOrders *command) noexcept nogil
cdef int amend(State state, const AmendOrder *command) noexcept nogil

cdef int _check_market(State state, const Account *account, const Instrument *instrument, bint closes) noexcept nogil
cdef int _check_change(State state, Instrument *instrument, uint32_t slot, const AmendOrder *command) noexcept nogil
cdef bint _children_would_trigger(State state, const Instrument *instrument, uint32_t slot, int64_t price_ticks) noexcept nogil
cdef void _change(State state, Instrument *instrument, uint32_t slot, const AmendOrder *command) noexcept nogil
