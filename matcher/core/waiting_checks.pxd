# The C types behind waiting_checks.py.
from libc.stdint cimport uint32_t
from matcher.core.state cimport State
from matcher.core.terms cimport Terms
from matcher.core.trails cimport Trail

cdef int check_waiting_orders(State state) except -1

cdef int _check_terms(State state, uint32_t index) except -1
cdef int _check_place(State state, uint32_t index) except -1
cdef int _check_trail(Trail *trail, uint32_t index, const Terms *terms) except -1
cdef int _check_countdowns(State state) except -1
