# The C types behind configuring.py.
from matcher.core.records cimport (
    Command, DefineAsset, DefineInstrument, DefineRiskTier, OpenAccount, SetLeverage, SetMarkPrice, SetTradingState,
)
from matcher.core.state cimport State

cdef enum:
    MAX_ACCOUNT = 0x7FFFFFFF
    INDEX_MAX_TICKS = 1099511627776     # 2^40

cdef int define_asset(State state, const DefineAsset *command) noexcept nogil
cdef int define_instrument(State state, const DefineInstrument *command) noexcept nogil
cdef int define_risk_tier(State state, const DefineRiskTier *command) noexcept nogil
cdef int open_account(State state, const OpenAccount *command) noexcept nogil
cdef int set_leverage(State state, const SetLeverage *command) noexcept nogil
cdef int set_mark_price(State state, const SetMarkPrice *command) noexcept nogil
cdef int set_trading_state(State state, const SetTradingState *command) noexcept nogil
