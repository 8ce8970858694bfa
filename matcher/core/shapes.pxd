# The C types behind shapes.py.
from matcher.core.accounts cimport Account
from matcher.core.instruments cimport Instrument
from matcher.core.records cimport PlaceOrder
from matcher.core.state cimport State

cdef int check_shape(State state, const Account *account, const Instrument *instrument, const PlaceOrder *command) noexcept nogil
cdef bint is_market_type(int order_type) noexcept nogil
cdef bint is_conditional(int order_type) noexcept nogil
cdef int type_becomes(int order_type) noexcept nogil

cdef int _check_flags(const PlaceOrder *command) noexcept nogil
cdef int _check_old_fields(const PlaceOrder *command) noexcept nogil
cdef int _check_terms(State state, const Instrument *instrument, const PlaceOrder *command) noexcept nogil
cdef bint _is_trigger_right(const Instrument *instrument, const PlaceOrder *command) noexcept nogil
