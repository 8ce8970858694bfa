# The C types behind queue_views.py.
from libc.stdint cimport int64_t, uint32_t
from matcher.core.accounts cimport Position
from matcher.core.records cimport Query
from matcher.core.state cimport State
from matcher.core.views cimport Records

cdef int list_queue(State state, Records out, const Query *query) except -1

cdef int _list_places(State state, Records out, uint32_t account, int instrument) except -1
cdef int _list_ranking(State state, Records out, int instrument, bint longs) except -1
cdef void _add_place(Records out, const Position *position, int64_t score, uint32_t rank, uint32_t holders) noexcept
