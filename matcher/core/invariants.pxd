# The C types behind invariants.py.
from libc.stdint cimport int64_t
from matcher.core.book cimport Book
from matcher.core.instruments cimport Instrument
from matcher.core.state cimport State

cdef int check_state(State state) except -1

cdef int _check_book(State state, Instrument *instrument) except -1
cdef int64_t _check_queue(State state, Instrument *instrument, int64_t tick, int side) except -1
cdef int _check_positions(State state) except -1
cdef int _check_money(State state) except -1
cdef int _check_keys(State state) except -1
