"""Owns funding: premium samples, the rate they lead to, and the payment from one side to the other."""

import cython
from cython.cimports.libc.stdint import int64_t
from cython.cimports.matcher.core.machine import int128


def average_premium(rules):
    """[FUND-001] Later samples weigh more; toward zero, 0 without any."""
    count: int128 = rules.samples
    if count == 0:
        return 0
    return cython.cast(int64_t, cython.cast(int128, rules.weighted_premium) // (count * (count + 1) // 2))


def predicted_rate(rules):
    """[FUND-002] What would be paid now: the average and a damped interest, within floor and cap."""
    average: int64_t = average_premium(rules)
    damped: int64_t = min(max(rules.interest_rate_ppb - average, -500_000), 500_000)
    rate: int64_t = (average + damped) * rules.funding_hours // 8
    return min(max(rate, rules.funding_floor_ppb), rules.funding_cap_ppb)
