# The C types behind collateral.py.
from libc.stdint cimport uint16_t, uint32_t, uint64_t
from matcher.core.accounts cimport Wallet
from matcher.core.records cimport DefineCollateral
from matcher.core.state cimport State

cdef int define_collateral(State state, const DefineCollateral *command) noexcept nogil
cdef uint64_t exchange_debts(State state, uint32_t account, bint at_zero) noexcept nogil

cdef bint _convert(State state, Wallet *sold, Wallet *owed) noexcept nogil
