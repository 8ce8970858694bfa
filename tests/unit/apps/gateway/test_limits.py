"""Weights per address and orders per account: exact at the limit, told in headers, freed by the clock."""

import pytest

from apps.common.lane import Caller, LaneError
from apps.gateway.limits import BAN_MS, STUBBORN_REQUESTS, Limits, LimitTerms


class Clock:
    def __init__(self) -> None:
        self.ms = 1_000_020_000.0

    def __call__(self) -> float:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> Limits:
    return Limits(LimitTerms(weight_1m=10, orders_10s=3, orders_1m=5), clock)


async def test_weight_is_admitted_to_the_limit_and_not_beyond(limits: Limits, clock: Clock) -> None:
    assert await limits.spend_weight("a", 4) == ((b"x-mbx-used-weight-1m", b"4"),)
    assert await limits.spend_weight("a", 6) == ((b"x-mbx-used-weight-1m", b"10"),)
    assert limits.weight_of("a") == 10
    with pytest.raises(LaneError) as error:
        await limits.spend_weight("a", 1)
    assert (error.value.code, error.value.status) == (-1003, 429)
    headers = dict(error.value.headers)
    wait_ms = int(headers[b"retry-after"]) * 1000
    await limits.spend_weight("b", 10)
    clock.ms += wait_ms
    assert await limits.spend_weight("a", 10)
    assert limits.weight_of("b") == 0


async def test_going_on_regardless_is_banned_longer_each_time(limits: Limits, clock: Clock) -> None:
    lengths = []
    for _ in range(2):
        await limits.spend_weight("a", 10)
        for _ in range(STUBBORN_REQUESTS):
            with pytest.raises(LaneError) as error:
                await limits.spend_weight("a", 1)
        assert error.value.status == 418
        length = int(dict(error.value.headers)[b"retry-after"])
        lengths.append(length)
        clock.ms += length * 1000 + 60_000
    assert lengths == [BAN_MS // 1000, 2 * BAN_MS // 1000]
    await limits.spend_weight("a", 1)


async def test_orders_have_two_windows(limits: Limits, clock: Clock) -> None:
    for count in (b"1", b"2", b"3"):
        assert await limits.spend_orders(7, 1, 1) == (
            (b"x-mbx-order-count-10s", count),
            (b"x-mbx-order-count-1m", count),
        )
    with pytest.raises(LaneError) as error:
        await limits.spend_orders(7, 1, 1)
    assert (error.value.code, error.value.status) == (-1015, 429)
    assert b"retry-after" not in dict(error.value.headers)
    await limits.spend_orders(8, 1, 1)
    clock.ms += 10_000
    await limits.spend_orders(7, 2, 2)
    clock.ms += 10_000
    with pytest.raises(LaneError) as error:
        await limits.spend_orders(7, 1, 1)
    assert "1 MINUTE" in error.value.message
    clock.ms += 60_000
    await limits.spend_orders(7, 3, 3)


async def test_a_batch_counts_five_and_one(limits: Limits) -> None:
    assert await limits.spend_orders(7, 2, 1) == ((b"x-mbx-order-count-10s", b"2"), (b"x-mbx-order-count-1m", b"1"))


def test_terms_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXCHANGE_LIMITS", raising=False)
    assert LimitTerms.from_environment() == LimitTerms(2400, 300, 1200)
    monkeypatch.setenv("EXCHANGE_LIMITS", "1,2,3")
    assert LimitTerms.from_environment() == LimitTerms(1, 2, 3, 2, 1)


async def test_a_lease_is_taken_whole_or_not_at_all(limits: Limits) -> None:
    caller = Caller(7, 9, "key", frozenset())
    assert limits.take_weight("a", 1) is None
    assert limits.take_order(caller, 1, 1, 1) is None
    await limits.spend_weight("a", 1)
    await limits.spend_caller(caller, 1)
    await limits.spend_orders(7, 1, 1)
    assert limits.take_weight("a", 2) == ((b"x-mbx-used-weight-1m", b"3"),)
    for count in (b"2", b"3"):
        told = limits.take_order(caller, 1, 1, 1)
        assert told == ((b"x-mbx-order-count-10s", count), (b"x-mbx-order-count-1m", count))
    assert limits.take_order(caller, 1, 1, 1) is None
    assert limits.take_order(caller, 1, 0, 2) == ((b"x-mbx-order-count-10s", b"3"), (b"x-mbx-order-count-1m", b"5"))
