"""One seed of hostile commands through core and twin: what must hold after every single one of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from matcher.protocol.commands import KNOWN_VERSIONS, Command
from matcher.protocol.enums import EventFlag
from matcher.protocol.events import CommandRejected, OrderRejected
from matcher.protocol.rejects import EndReason, RejectReason
from matcher.protocol.views import Query, QueryKind, StateView
from tests.fuzz.hostile import Hostile
from tests.simulation.pair import Disagreement, Pair

REASONS = {int(reason) for reason in (*RejectReason, *EndReason)}
ANCHOR_EVERY = 64
STAMPED = [field for field in StateView.LAYOUT.fields if field.name in {"seq", "time_ns"}]


@dataclass
class Tally:
    """What happened, for the closing line."""

    seeds: int = 0
    commands: int = 0
    events: int = 0
    refused: int = 0
    set_aside: int = 0
    queries: int = 0
    reasons: Counter[int] = field(default_factory=Counter)
    kinds: Counter[int] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.seeds} seeds, {self.commands} commands, {self.events} events of {len(self.kinds)} kinds, "
            f"{self.refused} refused with {len(self.reasons)} reasons, {self.set_aside} set aside, "
            f"{self.queries} queries: no crash, no hang, no trace of a refusal, core and twin agree"
        )


@dataclass
class Siege:
    """Both engines, and the way back to where they stood: a pair of snapshots and what came since."""

    pair: Pair
    anchor: tuple[bytes, bytes] = (b"", b"")
    since: list[bytes] = field(default_factory=list)

    def remember(self) -> None:
        self.anchor = self.pair.core.snapshot(), self.pair.twin.snapshot()
        self.since = []

    def go_back(self) -> None:
        """Both engines as they were before the last command, as the runtime would rebuild them (R18)."""
        self.pair.core = type(self.pair.core).restore(self.anchor[0])
        self.pair.twin = type(self.pair.twin).restore(self.anchor[1])
        for engine in (self.pair.core, self.pair.twin):
            if self.since:
                engine.process(b"".join(self.since))

    def core_after(self, raw: bytes) -> bytes:
        """The core's dump had `raw` come in place of the last command."""
        core = type(self.pair.core).restore(self.anchor[0])
        core.process(b"".join([*self.since, raw]))
        return bytes(core.dump())


def run_seed(seed: int, operations: int, tally: Tally, *, new_core: Any, new_twin: Any, thorough: int = 50) -> None:
    """Play one seed; AssertionError tells what broke. Every third seed stands at the limits."""
    chance = Random(seed ^ 0xF022)
    siege, workload = Siege(Pair(new_core(), new_twin())), Hostile(seed, is_extreme=seed % 3 == 0)
    siege.remember()
    for raw in workload.opening():
        _one(siege, workload, raw, tally)
    for number in range(operations):
        _one(siege, workload, workload.next(), tally)
        if number % 10 == 0:
            _ask(siege.pair, chance, tally)
        if number % thorough == 0:
            siege.pair.check()
            siege.pair.compare_state()
    siege.pair.check()
    siege.pair.compare_state()
    siege.pair.query_everything(8, 3, (b"k1",))
    tally.seeds += 1


def _one(siege: Siege, workload: Hostile, raw: bytes, tally: Tally) -> None:
    before = siege.pair.core.dump()
    tally.commands += 1
    failures = []
    events: list[Any] = []
    try:
        events = siege.pair.process(raw)
    except Disagreement:
        raise
    except AssertionError as failure:
        failures.append(failure)
    if failures:
        _set_aside(siege, workload, raw, failures[0])
        tally.set_aside += 1
        return
    _judge_events(raw, events)
    refusals = [event for event in events if isinstance(event, CommandRejected | OrderRejected)]
    if refusals:
        tally.refused += 1
        _judge_refusal(siege, raw, before, refusals)
    tally.events += len(events)
    tally.kinds.update(event.kind for event in events)
    tally.reasons.update(event.reason for event in refusals)
    workload.observe(events)
    siege.since.append(raw)
    if len(siege.since) >= ANCHOR_EVERY:
        siege.remember()


def _set_aside(siege: Siege, workload: Hostile, raw: bytes, failure: AssertionError) -> None:
    """[ENG-008] What the core will not do its twin will not do either; both go on without it."""
    if "impossible state" not in str(failure):
        raise failure
    siege.go_back()
    try:
        siege.pair.twin.process(raw)
    except AssertionError:
        siege.go_back()
        workload.seq -= 1
        return
    raise Disagreement(f"only the core: {failure}: {raw.hex()}")


def _judge_events(raw: bytes, events: list[Any]) -> None:
    """Numbered in order, closed once, answered once, with reasons that are in the list."""
    is_answered = raw[31] in KNOWN_VERSIONS[1:]
    assert [event.part for event in events] == list(range(len(events))), "parts out of order"
    last = [event for event in events if event.flags & EventFlag.LAST]
    assert last == events[-1:], "LAST is not the last one alone"
    answers = sum(bool(event.flags & EventFlag.ANSWER) for event in events)
    assert answers == is_answered, f"{answers} answers"
    strange = {event.reason for event in events} - REASONS
    assert not strange, f"reasons {strange} are not in the list"


def _judge_refusal(siege: Siege, raw: bytes, before: bytes, refusals: list[Any]) -> None:
    """One event with a numbered reason, and nothing else than any other refused command would have done [TIME-001]."""
    assert len(refusals) == 1, "refused more than once"
    assert refusals[0].reason in RejectReason._value2member_map_, f"reason {refusals[0].reason}"
    assert refusals[0].reason, "refused without a reason"
    after = siege.pair.core.dump()
    if _without_stamp(before) == _without_stamp(after):
        return
    nothing = Command.unpack(raw).replace(kind=0)
    if siege.core_after(nothing.pack()) != after:
        raise Disagreement(f"a refusal left a trace: {refusals[0]}")


def _without_stamp(dump: bytes) -> bytes:
    bare = bytearray(dump)
    for field_ in STAMPED:
        bare[field_.offset : field_.offset + field_.size] = bytes(field_.size)
    return bytes(bare)


def _ask(pair: Pair, chance: Random, tally: Tally) -> None:
    """A question of any kind with fields at their edges, now and then of no length we know."""
    tally.queries += 1
    if chance.random() < 0.1:
        request = chance.randbytes(chance.choice((0, 1, 79, 81, 128, 4096)))
        for engine in (pair.core, pair.twin):
            try:
                engine.query(request)
            except AssertionError:
                continue
            raise Disagreement(f"{len(request)} bytes were taken for a query")
        return
    query = Query(
        kind=chance.choice((*QueryKind, 0, 12, 255)),
        account=chance.choice((0, 1, 2, 7, 8, 2**31, 2**32 - 1)),
        instrument=chance.choice((0, 1, 2, 3, 4, 1023, 1024, 65_535)),
        limit=chance.choice((0, 1, 2**32 - 1)),
        order_id=chance.choice((0, 1, 30, 2**64 - 1)),
        client_order_id=chance.choice((b"", b"k1", b"\xff" * 36, b"\0x")),
    )
    pair.query(query)
