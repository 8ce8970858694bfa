# What an order may have that most do not: shared by waiting.py and trails.py.
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

cdef struct Terms:                  # stays while the order is open
    uint64_t order_id
    int64_t good_till_ns
    uint64_t linked_order_id
    uint64_t children[2]            # take-profit and stop-loss made of it, 0 before
    uint64_t joined                 # number in its trail, 0 until it is active
    uint32_t slot                   # of the order; 0: free
    uint32_t place                  # in its heap; next free one
    uint32_t timer                  # in the heap of good-till times
    uint32_t trigger_ticks
    uint32_t callback_ppm
    uint32_t watermark_ticks        # as snapshots keep it: trails.Trail knows the one of now
    uint32_t take_profit_ticks
    uint32_t stop_loss_ticks
    uint8_t line                    # where it waits: number of a line or of a trail
    uint8_t is_trailing
    uint8_t is_protected
    uint8_t waits
    uint8_t rest[4]
