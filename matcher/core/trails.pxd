# The C types behind trails.py.
from libc.stdint cimport int64_t, uint32_t, uint64_t
from matcher.core.heaps cimport Heap
from matcher.core.terms cimport Terms

cdef enum:
    FAR = 1 << 30                   # beyond every height

cdef struct Group:                  # active orders with one watermark
    Heap orders                     # by callback
    int64_t peak                    # the watermark's height
    uint64_t first                  # orders that joined from this number on, up to the next group's

cdef struct Trail:                  # trailing orders of one side and working type
    Heap idle                       # not active yet, by the height that activates
    Group *groups                   # by falling peak, so by the time of joining too
    uint32_t count
    uint32_t room
    uint64_t joined                 # orders that ever became active
    int64_t limit                   # at greater heights none fires

cdef void open_trail(Trail *trail) noexcept nogil
cdef void close_trail(Trail *trail) noexcept nogil
cdef void enter_trail(Trail *trail, uint32_t *places, const Terms *terms, uint32_t index, bint is_buy) noexcept nogil
cdef void join_trail(Trail *trail, Terms *at, uint32_t *places, uint32_t index, int64_t height) noexcept nogil
cdef void leave_trail(Trail *trail, uint32_t *places, const Terms *terms) noexcept nogil
cdef uint32_t follow(Trail *trail, Terms *at, uint32_t *places, bint is_buy, int64_t ticks, bint is_calm, uint32_t best) noexcept nogil
cdef uint32_t watermark(const Trail *trail, const Terms *terms) noexcept nogil
cdef Group *group_of(const Trail *trail, const Terms *terms) noexcept nogil
cdef int64_t limit_of(int64_t peak, int64_t callback_ppm) noexcept nogil

cdef void _raise(Trail *trail, uint32_t *places, int64_t height) noexcept nogil
cdef void _merge(Group *into, Group *gone, uint32_t *places) noexcept nogil
cdef uint32_t _search(const Group *group, const Terms *at, uint32_t place, int64_t height, bint is_calm, uint32_t best) noexcept nogil
