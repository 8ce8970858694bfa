# The C types behind sweeping.py.
from libc.stdint cimport int64_t, uint16_t, uint32_t, uint64_t
from matcher.core.records cimport SettleInstrument, Sweep
from matcher.core.state cimport State

cdef int sweep(State state, const Sweep *command) noexcept nogil
cdef int settle_instrument(State state, const SettleInstrument *command) noexcept nogil

cdef uint64_t _settle_debts(State state) noexcept nogil
cdef bint _holds(State state, uint32_t account, uint16_t asset) noexcept nogil
cdef int64_t _unwind(State state, int asset) noexcept nogil
cdef void _cancel_everybody(State state, int instrument) noexcept nogil
