"""A long seeded journal of version 2: the simulation's life under siege, in which no market ends for good."""

from __future__ import annotations

from matcher.protocol.codec import decode_events
from matcher.protocol.commands import DefineInstrument, SettleInstrument, SetTradingState, Sweep
from matcher.protocol.enums import TradingState
from tests.fuzz.hostile import Hostile
from tests.scenarios.engines import engine_class

STATE_AT = {
    record.KIND: next(f.offset for f in record.LAYOUT.fields if f.name == "trading_state")
    for record in (DefineInstrument, SetTradingState)
}


class Endless(Hostile):
    """What would delist is a sweep instead."""

    def next(self) -> bytes:
        raw = super().next()
        kind = raw[30]
        ends = kind == SettleInstrument.KIND or (kind in STATE_AT and raw[STATE_AT[kind]] == TradingState.DELISTED)
        return raw[:24] + Sweep().pack()[24:] if ends else raw


def journal(seed: int, commands: int) -> bytes:
    """So many stamped commands, drawn while the compiled core applies them."""
    workload, engine = Endless(seed, is_extreme=False), engine_class("core")()
    raws = workload.opening()
    workload.observe(decode_events(engine.process(b"".join(raws))))
    while len(raws) < commands:
        raw = workload.next()
        workload.observe(decode_events(engine.process(raw)))
        raws.append(raw)
    return b"".join(raws[:commands])
