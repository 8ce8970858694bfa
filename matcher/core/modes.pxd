# The C types behind modes.py.
from libc.stdint cimport uint16_t, uint32_t
from matcher.core.records cimport AdjustIsolatedMargin, SetMarginMode, SetMultiAssets, SetPositionMode
from matcher.core.state cimport State

cdef int set_margin_mode(State state, const SetMarginMode *command) noexcept nogil
cdef int set_position_mode(State state, const SetPositionMode *command) noexcept nogil
cdef int set_multi_assets(State state, const SetMultiAssets *command) noexcept nogil
cdef int adjust_isolated_margin(State state, const AdjustIsolatedMargin *command) noexcept nogil
cdef bint has_open_orders(State state, uint32_t account, uint16_t instrument) noexcept nogil
cdef bint has_position(State state, uint32_t account, uint16_t instrument) noexcept nogil
cdef bint is_isolated_anywhere(State state, uint32_t account) noexcept nogil

cdef int _check_nothing_open(State state, uint32_t account, uint16_t instrument) noexcept nogil
cdef int _check_account(State state, uint32_t account) noexcept nogil
