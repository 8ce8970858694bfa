# The C types behind instruments.py.
import cython
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from matcher.core.book cimport Book, LevelLog
from matcher.core.machine cimport int128
from matcher.core.orders cimport Order
from matcher.core.records cimport DefineInstrument, DefineRiskTier

cdef enum:
    INSTRUMENTS = 1024              # numbers 1..1023, of instruments and of assets
    TIERS = 16
    MARKS = 64                      # that the circuit breaker remembers
    UNCAPPED_UNITS = 1000000000000000000
    PPM = 1000000
    AMOUNT_MAX = 1000000000000      # lots of an order, units of a tick times a lot
    WALLET_MAX_UNITS = 4000000000000000000

cdef struct Tier:
    int64_t notional_floor_units
    int64_t maintenance_amount_units
    uint32_t maintenance_rate_ppb
    uint16_t max_leverage

cdef struct Mark:
    int64_t time_ns
    int64_t mark_ticks

cdef struct Rules:                  # what orders seldom touch (DefineMarketRules), funding and breaker so far
    int64_t impact_notional_units
    int64_t breaker_window_ns
    int64_t breaker_halt_ns
    int64_t resume_ns
    int64_t last_funding_ns
    int64_t last_sample_ns
    int64_t last_premium_ppb
    int64_t weighted_premium
    uint64_t samples
    uint32_t max_conditional_orders
    uint32_t price_protect_ppm
    uint32_t breaker_move_ppm
    int32_t interest_rate_ppb
    int32_t funding_cap_ppb
    int32_t funding_floor_ppb
    uint8_t funding_hours
    uint8_t breaker_state
    uint8_t rest[2]
    uint32_t mark_count             # the newest marks, oldest first
    Mark marks[64]

cdef struct Instrument:
    int64_t tick_lot_units          # first what every order touches
    int64_t mark_ticks
    int64_t max_price_ticks
    int64_t min_quantity_lots
    int64_t max_quantity_lots
    int64_t max_market_quantity_lots
    int64_t min_notional_units
    uint32_t price_band_ppm
    uint32_t market_band_ppm
    uint32_t max_open_orders
    int32_t maker_fee_ppb
    int32_t taker_fee_ppb
    int32_t liquidation_fee_ppb
    uint16_t number
    uint16_t settlement_asset
    uint16_t default_leverage
    uint8_t trading_state
    uint8_t tier_count
    uint8_t is_defined
    uint8_t staged_count
    uint8_t staged_total
    uint8_t profit_opens
    int64_t mark_max_age_ns         # 0: marks never grow stale
    int64_t mark_time_ns
    Book book
    int64_t index_ticks
    int64_t next_funding_ns
    int64_t funding_rate_ppb
    int64_t last_price_ticks
    uint64_t last_trade_id
    int64_t open_interest_lots
    Tier tiers[16]
    Tier staged[16]

cdef struct Asset:
    int64_t fee_income_units
    int64_t external_units
    int64_t clearing_units
    int64_t conversion_units
    int64_t price_units             # of the reference, per whole unit; 0 until told
    int64_t threshold_units
    uint32_t haircut_ppb
    uint32_t fund_account           # 0 without an insurance fund
    uint8_t is_defined

@cython.final
cdef class Instruments:
    cdef Instrument *at
    cdef Asset *assets
    cdef Rules *rules
    cdef LevelLog log
    cdef int64_t resume_ns          # when the first halted instrument resumes, 0 without one

    cdef Instrument *find(self, uint16_t instrument) noexcept nogil
    cdef bint knows_asset(self, uint16_t asset) noexcept nogil
    cdef int define(self, const DefineInstrument *command, Order *orders, bint prefault) noexcept nogil
    cdef int stage_tier(self, Instrument *instrument, const DefineRiskTier *command) noexcept nogil
    cdef void commit_tiers(self, Instrument *instrument) noexcept nogil

cdef void _set_default_rules(Instrument *instrument, Rules *rules) noexcept nogil
cdef bint _is_valid(const DefineInstrument *command) noexcept nogil
