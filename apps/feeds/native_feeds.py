"""The native socket's channels in this process: who reads them, in what sequence, and what a returning reader missed.

Every data message is `{channel, type, prev, seq, time_ms, data}`. `seq` is the engine's, so it means the same in
every process and after every restart; `prev` is the `seq` of the message before it on that channel.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import msgspec

from apps.feeds.archive import Archive
from apps.feeds.batches import Batch
from apps.feeds.book import Head
from apps.feeds.loading import Matcher
from apps.feeds.market import Change, Market
from apps.feeds.messages import Message, message_of
from apps.feeds.native_accounts import ACCOUNT, ADL, AccountChannels
from apps.feeds.native_channels import Channel, Facts, MarketChannel, SlowBookChannel, open_channel
from apps.feeds.native_words import Envelope
from apps.feeds.topics import Fanout, Listener

REPLAY_BYTES = 256 * 1024
RESYNC_CODE, RESYNC_REASON = 1012, "updates were missed: connect again and resume"
PRIVATE = frozenset({ACCOUNT, ADL})


class Surroundings(Protocol):
    """What is needed of the hub."""

    head: Head
    markets: dict[int, Market]
    symbols: dict[str, Market]
    assets: dict[int, str]
    funds: dict[int, int]
    archive: Archive

    @property
    def matcher(self) -> Matcher: ...


class Joined(msgspec.Struct):
    """What a new reader is told first: of a gap that cannot be filled, then the messages."""

    messages: list[Message]
    gap_from: int | None = None


class Topic:
    """One open channel and its sockets; what was made for one reader is kept for the next while nothing happens."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.readers: dict[Listener, None] = {}
        self.made: dict[int | None, Joined] = {}
        self.made_at = -1


class NativeFeeds:
    """All open channels of this process."""

    def __init__(self, hub: Surroundings, fanout: Fanout) -> None:
        self._hub, self._fanout = hub, fanout
        self._topics: dict[str, Topic] = {}
        self._beating: dict[Topic, None] = {}
        self._facts: Facts | None = None
        self.accounts = AccountChannels(hub, fanout)

    # the street

    def apply(self, batch: Batch, changes: Mapping[int, Change], accounts: list[int]) -> None:
        """One applied batch; `changes` are those of its markets by instrument."""
        self._facts = facts = Facts(batch)
        for topic in self._topics.values():
            channel = topic.channel
            change = changes.get(channel.market.id) if isinstance(channel, MarketChannel) else None
            data = channel.on_batch(facts, change)
            if data is not None:
                self._tell(topic, data, batch.time_ns // 1_000_000)
        self.accounts.apply(batch, accounts)

    def on_tick(self, tick: int, now_ms: int) -> None:
        for topic in self._beating:
            if tick % topic.channel.period == 0:
                self._beat(topic, now_ms)
        self.accounts.on_tick(tick)

    def _beat(self, topic: Topic, now_ms: int) -> None:
        data = topic.channel.on_beat(now_ms)
        if data is not None:
            self._tell(topic, data, now_ms)

    def _tell(self, topic: Topic, data: Any, time_ms: int) -> None:
        channel, seq = topic.channel, self._hub.head.seq
        message = message_of(Envelope(channel.name, "update", channel.seq, seq, time_ms, data))
        channel.seq = seq
        topic.made_at = -1
        self._fanout.put(message, topic.readers)

    def drop(self) -> None:
        """Batches were missed: every reader connects again."""
        for listener in {listener for topic in self._topics.values() for listener in topic.readers}:
            listener.close(RESYNC_CODE, RESYNC_REASON)
        self.accounts.drop()

    async def stop(self) -> None:
        await self.accounts.stop()

    # readers

    def knows(self, name: str) -> bool:
        """Whether there is a public channel of that name."""
        return name in self._topics or open_channel(name, 0, self._hub) is not None

    async def reach(self, seqs: Iterable[int]) -> None:
        """Have what readers who were at these sequences missed at hand, as far as it can be had."""
        for seq in sorted(set(seqs)):
            if await self._hub.archive.reach(seq):
                break

    def join(self, name: str, listener: Listener, resume_from: int | None) -> Joined:
        """Let a socket read a channel from now on; what it has to be sent first, in order."""
        topic = self._topics.get(name)
        if topic is None:
            channel = open_channel(name, self._hub.head.seq, self._hub)
            assert channel is not None, "asked before"
            topic = self._topics[name] = Topic(channel)
            if channel.period:
                self._beating[topic] = None
        now_ms = time.time_ns() // 1_000_000
        if isinstance(topic.channel, SlowBookChannel):
            self._beat(topic, now_ms)  # its message of now, so that a snapshot is of the same moment
        head_seq = self._hub.head.seq
        if topic.made_at != head_seq:
            topic.made.clear()
            topic.made_at = head_seq
        joined = topic.made.get(resume_from)
        if joined is None:
            joined = topic.made[resume_from] = self._make(topic.channel, resume_from, now_ms)
        topic.readers[listener] = None
        return joined

    def _make(self, channel: Channel, resume_from: int | None, now_ms: int) -> Joined:
        if resume_from is not None and channel.keeps_history:
            missed = self._missed(channel, resume_from)
            if missed is not None:
                return Joined(missed)
        envelope = Envelope(channel.name, "snapshot", None, channel.seq, now_ms, channel.snapshot(now_ms))
        lost = resume_from if channel.keeps_history else None
        return Joined([message_of(envelope)], lost)

    def _missed(self, channel: Channel, resume_from: int) -> list[Message] | None:
        """The messages a reader at `resume_from` has not seen; the last of them joins what is told next."""
        batches = self._hub.archive.after(resume_from)
        if batches is None:
            return None
        told = channel.replay([Facts(batch) for batch in batches])
        if told is None:
            return None
        messages, prev, size = [], resume_from, 0
        for seq, time_ns, data in told:
            messages.append(message_of(Envelope(channel.name, "replay", prev, seq, time_ns // 1_000_000, data)))
            prev, size = seq, size + len(messages[-1].payload)
            if size > REPLAY_BYTES:
                return None
        if prev != channel.seq:
            # An empty message tells the reader where he stands: nothing more was missed.
            joint = Envelope(channel.name, "replay", prev, channel.seq, time.time_ns() // 1_000_000, None)
            messages.append(message_of(joint))
        return messages

    def leave(self, name: str, listener: Listener) -> None:
        """Take a socket off; a channel nobody reads is closed."""
        topic = self._topics.get(name)
        if topic is None:
            return
        topic.readers.pop(listener, None)
        if not topic.readers:
            del self._topics[name]
            self._beating.pop(topic, None)
