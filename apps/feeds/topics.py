"""Topics: a stream under its subscribed name, and the sockets that read it.

Every payload is encoded once, wrapped once, and the same bytes are written to all its sockets. A long
fan-out is cut into slices between which the event loop serves others; order per socket is kept.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from apps.feeds.market import Change, Market
from apps.feeds.messages import Message, encode_json, message_of
from apps.feeds.payloads import Payload
from apps.feeds.second_hand import SecondHand
from apps.feeds.streams import MarketStream, Stream
from matcher.protocol.events import Event

SLICE_S = 0.002
_LOOK_AT_CLOCK_EVERY = 32
MANY = 128  # sockets from which on a second thread helps


class Listener(Protocol):
    """A socket as a topic sees it."""

    def push(self, message: Message) -> None: ...

    def idle_fd(self) -> int:
        """The descriptor a ready frame may be written to right now; -1 when a message has to go by `push`."""

    def close(self, code: int, reason: str) -> None: ...


class Topic:
    """One name; sockets of the bare form and of the combined form apart."""

    __slots__ = ("bare", "combined", "name", "stream", "wrapped_name")

    def __init__(self, name: str, stream: Stream) -> None:
        self.name, self.stream = name, stream
        self.wrapped_name = encode_json(name)
        self.bare: dict[Listener, None] = {}
        self.combined: dict[Listener, None] = {}

    def listeners(self) -> Iterator[Listener]:
        yield from self.bare
        yield from self.combined


class Fanout:
    """What is waiting to be written; at most SLICE_S of writing at a stretch."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Message, Iterator[Listener] | _Many]] = deque()
        self._writing = False
        self._second = SecondHand() if (os.cpu_count() or 1) > 1 else None

    def add(self, topic: Topic, payloads: Iterable[Payload]) -> None:
        for payload in payloads:
            message = message_of(payload)
            if topic.bare:
                self.put(message, topic.bare)
            if topic.combined:
                self.put(message.wrapped(topic.wrapped_name), topic.combined)

    def put(self, message: Message, listeners: Iterable[Listener]) -> None:
        """One message to these sockets."""
        listed = list(listeners)
        if self._second is not None and len(listed) >= MANY:
            for at in range(0, len(listed), MANY):
                self._waiting.append((message, _Many(self._second, message, listed[at : at + MANY])))
        else:
            self._waiting.append((message, iter(listed)))

    def start(self) -> None:
        """Write what waits; what one slice of time does not take goes on after other work of the loop."""
        if not self._writing and self._waiting:
            self._go_on()

    def _go_on(self) -> None:
        self._writing = self.write()
        if self._writing:
            asyncio.get_running_loop().call_soon(self._go_on)

    def write(self) -> bool:
        """Write for one slice of time; True when something is left for the next."""
        until = time.perf_counter() + SLICE_S
        waiting = self._waiting
        while waiting:
            message, listeners = waiting[0]
            if isinstance(listeners, _Many):
                listeners.write()
                waiting.popleft()
                if time.perf_counter() > until:
                    return bool(waiting)
                continue
            for count, listener in enumerate(listeners, 1):
                listener.push(message)
                if count % _LOOK_AT_CLOCK_EVERY == 0 and time.perf_counter() > until:
                    return True
            waiting.popleft()
        return False

    def drop(self) -> None:
        self._waiting.clear()


class _Many:
    """A good number of sockets that one message goes to, with a second hand."""

    def __init__(self, second: SecondHand, message: Message, listeners: list[Listener]) -> None:
        self._second, self._message, self._listeners = second, message, listeners

    def write(self) -> None:
        message = self._message
        ready: dict[int, Listener] = {}
        for listener in self._listeners:
            fd = listener.idle_fd()
            if fd < 0:
                listener.push(message)
            else:
                ready[fd] = listener
        for fd, taken in self._second.write(message.frame, list(ready)):
            ready[fd].push(message.rest(taken))


class Topics:
    """All open topics by name, and by what sets them off."""

    def __init__(self) -> None:
        self.by_name: dict[str, Topic] = {}
        self._by_period: dict[int, dict[Topic, None]] = {}
        self._by_market: dict[int, dict[Topic, None]] = {}
        self._all_markets: dict[Topic, None] = {}
        self._by_kind: dict[int, dict[Topic, None]] = {}

    def add(self, topic: Topic) -> None:
        self.by_name[topic.name] = topic
        stream = topic.stream
        if stream.period:
            self._by_period.setdefault(stream.period, {})[topic] = None
        for kind in stream.kinds:
            self._by_kind.setdefault(kind, {})[topic] = None
        if isinstance(stream, MarketStream):
            self._by_market.setdefault(stream.market.id, {})[topic] = None
        else:
            self._all_markets[topic] = None

    def subscribe(self, topic: Topic, listener: Listener, *, combined: bool) -> None:
        (topic.combined if combined else topic.bare)[listener] = None

    def unsubscribe(self, name: str, listener: Listener) -> None:
        """Take the socket off; a topic nobody reads is closed."""
        topic = self.by_name.get(name)
        if topic is None:
            return
        topic.bare.pop(listener, None)
        topic.combined.pop(listener, None)
        if topic.bare or topic.combined:
            return
        del self.by_name[name]
        stream = topic.stream
        self._by_period.get(stream.period, {}).pop(topic, None)
        for kind in stream.kinds:
            self._by_kind[kind].pop(topic, None)
        if isinstance(stream, MarketStream):
            self._by_market[stream.market.id].pop(topic, None)
        else:
            self._all_markets.pop(topic, None)

    def after_batch(self, change: Change, now_ms: int, fanout: Fanout) -> None:
        """Let every stream of the market see the change."""
        for topics in (self._by_market.get(change.market.id, {}), self._all_markets):
            for topic in topics:
                fanout.add(topic, topic.stream.on_batch(change, now_ms))

    def on_events(self, events: Sequence[Event], now_ms: int, fanout: Fanout) -> None:
        """Hand a batch's market events to whom they concern, each stream's in one piece and in order."""
        concerned: dict[Topic, list[Event]] = {}
        for event in events:
            for topic in self._by_kind.get(event.kind, ()):
                stream = topic.stream
                if not isinstance(stream, MarketStream) or stream.market.id == event.instrument:
                    concerned.setdefault(topic, []).append(event)
        for topic, own in concerned.items():
            fanout.add(topic, topic.stream.on_events(own, now_ms))

    def on_terms(self, market: Market, now_ms: int, fanout: Fanout) -> None:
        for topics in (self._by_market.get(market.id, {}), self._all_markets):
            for topic in topics:
                fanout.add(topic, topic.stream.on_terms(market, now_ms))

    def on_tick(self, tick: int, now_ms: int, fanout: Fanout) -> None:
        for period, topics in self._by_period.items():
            if tick % period == 0:
                for topic in topics:
                    fanout.add(topic, topic.stream.on_beat(now_ms))

    def lossless_listeners(self) -> set[Listener]:
        """Sockets that would miss something they cannot see is missing."""
        return {listener for topic in self.by_name.values() if topic.stream.lossless for listener in topic.listeners()}
