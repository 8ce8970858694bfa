"""Load is shed in order: history, then new orders, then everything; cancels and reductions go last [gateway]."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from apps.common.lane import LaneRequest, Route
from apps.gateway.pressure import BROKEN_S, CALM_LOOKS, LEVELS, TROUBLE_S, Pressure


@dataclass
class Line:
    """A link to the matcher with so much awaited, and a clock that stands until it is moved."""

    waiting: int = 0
    oldest_s: float = 0.0
    now: float = 100.0
    sheds: list[bool] = field(default_factory=list)

    def longest_wait_s(self) -> float:
        return self.oldest_s

    def pressure(self) -> Pressure:
        return Pressure(lambda: self, self.sheds.append, lambda: self.now)


async def handler(_: LaneRequest) -> None:
    raise AssertionError("no request is handled here")


TRADING, READING = Route(handler, permission="trade"), Route(handler)
PLACE = LaneRequest("POST", "/fapi/v1/order", {"side": "BUY"}, 0)
CANCEL = LaneRequest("DELETE", "/fapi/v1/order", {}, 0)
BATCH_CANCEL = LaneRequest("POST", "/api/v1/order-batches/cancel", {}, 0, b"{}")
REDUCE = LaneRequest("POST", "/fapi/v1/order", {"reduceOnly": "TRUE"}, 0)
CLOSE = LaneRequest("POST", "/api/v1/orders", {}, 0, b'{"close_position": true}')
MALFORMED = LaneRequest("POST", "/api/v1/orders", {}, 0, b'{"reduce_only": ')


@pytest.mark.parametrize("at", range(len(LEVELS)))
def test_each_sign_alone_raises_the_level(at: int) -> None:
    lag_s, oldest_s, waiting = LEVELS[at]
    for line, lag in ((Line(), lag_s), (Line(oldest_s=oldest_s), 0.0), (Line(waiting=waiting), 0.0)):
        pressure = line.pressure()
        pressure.look(lag)
        line.now += TROUBLE_S
        pressure.look(lag)
        assert pressure.level == at + 1
        assert line.sheds == [True]


def test_one_late_moment_sends_nobody_away() -> None:
    line = Line()
    pressure = line.pressure()
    for _ in range(5):
        pressure.look(0.9 * TROUBLE_S)
        line.now += 0.1
        pressure.look(0.0)
        line.now += 0.1
    assert (pressure.level, line.sheds) == (0, [])
    pressure.look(TROUBLE_S)
    assert pressure.level == 2, "a whole second late is no moment"


def test_a_level_is_left_only_when_it_stays_calm() -> None:
    line = Line(waiting=LEVELS[1][2])
    pressure = line.pressure()
    pressure.look(0.0)
    line.now += TROUBLE_S
    pressure.look(0.0)
    line.waiting = 0
    for _ in range(CALM_LOOKS - 1):
        pressure.look(0.0)
    line.waiting = LEVELS[1][2]
    pressure.look(0.0)  # not calm yet: counted anew
    line.waiting = 0
    for _ in range(CALM_LOOKS - 1):
        pressure.look(0.0)
    assert pressure.level == 2
    pressure.look(0.0)
    assert (pressure.level, line.sheds) == (0, [True, False])


@pytest.mark.parametrize(
    ("level", "sent_away"),
    [(0, []), (1, []), (2, [PLACE, MALFORMED]), (3, [PLACE, MALFORMED, CANCEL, BATCH_CANCEL, REDUCE, CLOSE])],
)
def test_who_goes_first(level: int, sent_away: list[LaneRequest]) -> None:
    pressure = Line().pressure()
    pressure.level = level
    for request in (PLACE, CANCEL, BATCH_CANCEL, REDUCE, CLOSE, MALFORMED):
        assert pressure.refuses(TRADING, request) == (request in sent_away), (level, request.path)
        assert not pressure.refuses(READING, request), "reads of memory are always answered"


def test_an_answer_that_does_not_come_stops_new_orders_for_a_while() -> None:
    line = Line()
    pressure = line.pressure()
    pressure.answer_missed()
    assert pressure.refuses(TRADING, PLACE)
    assert not pressure.refuses(TRADING, CANCEL)
    for _ in range(2 * CALM_LOOKS):
        pressure.look(0.0)
    assert pressure.level == 2, "the time is not over"
    line.now += BROKEN_S
    for _ in range(CALM_LOOKS):
        pressure.look(0.0)
    assert (pressure.level, line.sheds) == (0, [True, False])


def test_an_answer_that_comes_opens_the_line_again() -> None:
    pressure = Line().pressure()
    pressure.answer_missed()
    pressure.answer_came()
    for _ in range(CALM_LOOKS):
        pressure.look(0.0)
    assert pressure.level == 0


async def test_a_loop_that_lags_is_seen() -> None:
    """The loop is held for longer than the last level allows: the look after it knows."""
    now, held = 0.0, False

    def clock() -> float:
        nonlocal now, held
        now += 10.0 if held else 0.0
        held = True
        return now

    pressure = Pressure(lambda: None, clock=clock)
    task = asyncio.create_task(pressure.run())
    while pressure.level == 0:
        await asyncio.sleep(0)
    task.cancel()
    assert pressure.level == 3
