# The C types behind funding.py.
from libc.stdint cimport int64_t, uint32_t
from matcher.core.instruments cimport Instrument, Rules
from matcher.core.machine cimport int128
from matcher.core.records cimport SampleFunding, SettleFunding
from matcher.core.state cimport State

cdef enum:
    SAMPLES_MAX = 100000

cdef int64_t average_premium(const Rules *rules) noexcept nogil
cdef int64_t predicted_rate(const Rules *rules) noexcept nogil
cdef int sample_funding(State state, const SampleFunding *command) noexcept nogil
cdef int settle_funding(State state, const SettleFunding *command) noexcept nogil

cdef int128 _impact(Instrument *instrument, int side, int64_t amount) noexcept nogil
cdef void _expect_leg(State state, size_t at) noexcept nogil
cdef int64_t _pay_leg(State state, uint32_t leg, int64_t rate, int64_t funding_ns) noexcept nogil
cdef void _keep_residue(State state, const Instrument *instrument, int128 residue) noexcept nogil
