# The C types behind engine.py.
from libc.stdint cimport uint64_t, int64_t, uint32_t
from matcher.core.records cimport Command
from matcher.core.state cimport State

cdef class Engine:
    cdef State state
    cdef object config
    cdef bint is_broken

    cdef void run(self, const Command *commands, Py_ssize_t count) noexcept nogil

cdef void _expect(State state, const Command *commands, Py_ssize_t at, Py_ssize_t end) noexcept nogil
cdef void _expect_order(State state, uint32_t slot) noexcept nogil
cdef int _obey(State state, const Command *command) noexcept nogil
cdef int _obey_early(State state, const Command *command) noexcept nogil
cdef int _obey_later(State state, const Command *command) noexcept nogil
cdef void _refuse(State state, const Command *command, int reason) noexcept nogil
