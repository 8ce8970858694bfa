# The C types behind queries.py.
from libc.stdint cimport uint16_t, uint32_t
from matcher.core.records cimport Query
from matcher.core.state cimport State
from matcher.core.views cimport Records

cdef bytes answer_query(State state, bytes request)
cdef int _list_terms(State state, Records out, const Query *query) except -1
cdef int _list_account(State state, Records first, Records second, uint32_t account) except -1
cdef int _list_open_orders(State state, Records out, uint32_t account, uint16_t instrument) except -1
cdef int _list_depth(State state, Records bids, Records asks, const Query *query) except -1
