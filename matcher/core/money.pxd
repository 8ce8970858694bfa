# The C types behind money.py.
from libc.stdint cimport int64_t, uint32_t
from matcher.core.records cimport Deposit, Transfer
from matcher.core.state cimport State

cdef int change_balance(State state, const Deposit *command, bint is_deposit) noexcept nogil
cdef int transfer(State state, const Transfer *command) noexcept nogil

cdef int _check_terms(int64_t amount, const char *reference) noexcept nogil
cdef void _tell_half(State state, const Transfer *command, uint32_t account, int cause, int kind) noexcept nogil
cdef void _tell(State state, const Deposit *command, bint is_deposit, int kind) noexcept nogil
