# The C types behind dumping.py.
from matcher.core.instruments cimport Instrument, Rules
from matcher.core.state cimport State
from matcher.core.views cimport Records

cdef bytes dump_state(State state)

cdef int _dump_waiting(State state, Records out) except -1
cdef int _dump_keys(State state, Records out) except -1
cdef void _dump_marks(Records out, const Rules *rules) noexcept
cdef void _dump_holdings(State state, Records out) noexcept
cdef void _dump_book(State state, Records out, Instrument *instrument) noexcept
