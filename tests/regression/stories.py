"""The journals of version 4 that are recorded: what the simulation, a stormy market and a siege send.

Those of version 1 were recorded when it was the only one: a quiet morning, a busy day, a day under attack.
Those of version 2 by these same stories when it was the latest.
"""

from __future__ import annotations

from collections.abc import Callable

from matcher.protocol.codec import decode_events
from tests.fuzz.hostile import Hostile
from tests.reference.engine import ReferenceEngine
from tests.simulation.workload import Workload
from tests.support.stormy_story import StormyStory


def _life(workload: Workload, operations: int) -> bytes:
    engine = ReferenceEngine()
    journal = b"".join(workload.opening())
    workload.observe(decode_events(engine.process(journal)))
    for _ in range(operations):
        command = workload.next()
        workload.observe(decode_events(engine.process(command)))
        journal += command
    return journal


def _storm() -> bytes:
    """Liquidations, funds, queues, conversions, breakers, funding, and a market that is closed at last."""
    story = StormyStory(ReferenceEngine(), seed=20_263)
    story.open()
    story.go_on(60)
    story.close_market(2)
    return b"".join(batch.commands for batch in story.batches)


STORIES: dict[str, Callable[[], bytes]] = {
    "busy_day_4": lambda: _life(Workload(20_268), 500),
    "storm_4": _storm,
    "siege_4": lambda: _life(Hostile(20_272, is_extreme=False), 350),
    "siege_at_the_limits_4": lambda: _life(Hostile(20_274, is_extreme=True), 250),
}
