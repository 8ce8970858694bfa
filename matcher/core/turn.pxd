# The C types behind turn.py.
from matcher.core.state cimport State

cdef void begin_turn(State state) noexcept nogil
cdef void end_turn(State state) noexcept nogil
