"""Commands in flight: whose answer is awaited, what of it has come, when it is overdue."""

from __future__ import annotations

import asyncio
from typing import Any

from apps.bridge.errors import BridgeError, MatcherUnavailable, OutcomeUnknown
from matcher.protocol.codec import EVENT_BYTES, EVENT_KIND_AT
from matcher.protocol.enums import EventFlag
from matcher.protocol.events import EVENTS, Event

_ID_WORDS = EVENT_BYTES // 8
_FLAGS_AT = next(f.offset for f in Event.LAYOUT.fields if f.name == "flags")
_UNPACK = {kind: event.unpack for kind, event in EVENTS.items()}
_COUNTER = 0xFFFF_FFFF
_LAST = int(EventFlag.LAST)
_ANSWER = int(EventFlag.ANSWER)


def own_events(events: list[Event]) -> list[Event]:
    """What the command itself did: events of timers that had run out may stand before it [TIME-001]."""
    if events[0].flags & _ANSWER:
        return events
    first = next((at for at, event in enumerate(events) if event.flags & _ANSWER), 0)
    return events[first:]


class InFlight:
    """One awaited answer: its future, the loop time it is due at, the events so far."""

    __slots__ = ("due", "future", "parts")

    def __init__(self, future: asyncio.Future[Any], due: float) -> None:
        self.future = future
        self.due = due
        self.parts: list[Event] | None = None


class Replies:
    """All answers awaited on one link, by the client's counter."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: dict[int, InFlight] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, counter: int) -> bool:
        return counter in self._waiting

    def first_due(self) -> float | None:
        """When the answer asked for first is due, None while none is awaited."""
        first = next(iter(self._waiting.values()), None)
        return None if first is None else first.due

    def expect(self, counter: int, future: asyncio.Future[Any], due: float) -> None:
        self._waiting[counter] = InFlight(future, due)

    def take_events(self, events: bytes, session: int) -> None:
        """Hand the events that carry `session` to their senders; others are not even decoded."""
        sessions = memoryview(events).cast("I")[5 :: _ID_WORDS * 2].tolist()
        if session not in sessions:
            return
        ids = memoryview(events).cast("Q")[2::_ID_WORDS].tolist()
        waiting = self._waiting
        for index, owner in enumerate(sessions):
            if owner != session:
                continue
            counter = ids[index] & _COUNTER
            entry = waiting.get(counter)
            if entry is None:
                continue
            at = index * EVENT_BYTES
            event = _UNPACK[events[at + EVENT_KIND_AT]](events, at)
            if entry.parts is None:
                entry.parts = [event]
            else:
                entry.parts.append(event)
            if events[at + _FLAGS_AT] & _LAST:
                del waiting[counter]
                if not entry.future.done():
                    entry.future.set_result(own_events(entry.parts))

    def take_answer(self, counter: int, answer: Any) -> None:
        entry = self._waiting.pop(counter, None)
        if entry is not None and not entry.future.done():
            entry.future.set_result(answer)

    def refuse(self, counter: int, why: str) -> None:
        self._fail(counter, MatcherUnavailable(f"refused: {why}"))

    def expire(self, now: float) -> None:
        """Give up on everything that is overdue."""
        overdue = [counter for counter, entry in self._waiting.items() if entry.due <= now]
        for counter in overdue:
            self._fail(counter, OutcomeUnknown("no answer from the matcher in time"))

    def lose(self, unsent: set[int]) -> None:
        """The link is gone: what had not left this process is not done, the rest is unknown."""
        for counter in list(self._waiting):
            if counter in unsent:
                self._fail(counter, MatcherUnavailable("the link to the matcher was lost before sending"))
            else:
                self._fail(counter, OutcomeUnknown("the link to the matcher was lost before the answer"))

    def _fail(self, counter: int, error: BridgeError) -> None:
        entry = self._waiting.pop(counter, None)
        if entry is not None and not entry.future.done():
            entry.future.set_exception(error)
