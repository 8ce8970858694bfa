# The C types behind funding.py.
from libc.stdint cimport int64_t
from matcher.core.instruments cimport Rules

cdef int64_t average_premium(const Rules *rules) noexcept nogil
cdef int64_t predicted_rate(const Rules *rules) noexcept nogil
