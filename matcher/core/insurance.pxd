# The C types behind insurance.py.
from libc.stdint cimport int64_t, uint16_t, uint32_t
from matcher.core.accounts cimport Position
from matcher.core.machine cimport int128
from matcher.core.records cimport SetInsuranceFund
from matcher.core.state cimport State

cdef int set_insurance_fund(State state, const SetInsuranceFund *command) noexcept nogil
cdef uint32_t fund_for(State state, uint32_t account, uint16_t asset) noexcept nogil
cdef int64_t liquidation_fee(State state, const Position *position, int64_t notional) noexcept nogil
cdef void pay_fund(State state, uint16_t asset, int64_t units, int cause, uint32_t source, uint16_t instrument) noexcept nogil
cdef void give_surplus(State state, uint32_t account, uint16_t asset, int128 units, uint16_t instrument) noexcept nogil
cdef void bear_deficit(State state, uint32_t account, uint16_t asset, int128 deficit, uint16_t instrument) noexcept nogil

cdef bint _is_fit(State state, uint32_t account) noexcept nogil
