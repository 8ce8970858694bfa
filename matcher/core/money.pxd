# The C types behind money.py.
from matcher.core.records cimport Deposit
from matcher.core.state cimport State

cdef int change_balance(State state, const Deposit *command, bint is_deposit) noexcept nogil

cdef void _tell(State state, const Deposit *command, bint is_deposit, int kind) noexcept nogil
