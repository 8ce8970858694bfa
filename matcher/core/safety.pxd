# The C types behind safety.py.
from matcher.core.instruments cimport Instrument
from matcher.core.records cimport DefineMarketRules
from matcher.core.state cimport State

cdef int define_market_rules(State state, const DefineMarketRules *command) noexcept nogil
cdef bint is_stale(State state, const Instrument *instrument) noexcept nogil
cdef bint is_trading(const Instrument *instrument) noexcept nogil
cdef void break_circuit(State state, Instrument *instrument) noexcept nogil
cdef void resume_trading(State state) noexcept nogil
cdef void find_resumption(State state) noexcept nogil

cdef bint _is_valid(const DefineMarketRules *command) noexcept nogil
cdef void _change_state(State state, Instrument *instrument, int trading_state) noexcept nogil
