"""The engine of docs/engine.md written to be obviously right, slow and small: the compiled core's twin.

It imports the protocol and nothing of matcher.core, so agreement of the two proves something.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from matcher.protocol.codec import COMMAND_BYTES
from matcher.protocol.commands import (
    COMMANDS,
    KNOWN_VERSIONS,
    PROTOCOL_VERSION,
    AmendOrder,
    CancelOrder,
    Command,
    PlaceOrder,
)
from matcher.protocol.events import CommandRejected, LevelChanged, OrderRejected
from matcher.protocol.rejects import RejectReason
from matcher.protocol.views import Query
from tests.reference import (
    definitions,
    funding,
    insurance,
    invariants,
    limits,
    liquidation,
    modes,
    money,
    orders,
    safety,
    timers,
    views,
    waiting,
)
from tests.reference.state import RefusedError, State
from tests.reference.turn import Turn

SNAPSHOT_MAGIC = b"reference-1\n"
CHECKSUM_BYTES = 32
LAST_KIND_OF_VERSION_1 = 13
LAST_KIND_OF_VERSION_2 = 26

HANDLERS: dict[int, Callable[[Turn, Any], None]] = {
    1: definitions.define_asset,
    2: definitions.define_instrument,
    3: definitions.define_risk_tier,
    4: definitions.open_account,
    5: money.deposit,
    6: money.withdraw,
    7: orders.place,
    8: orders.cancel,
    9: orders.cancel_all,
    10: orders.amend,
    11: modes.set_leverage,
    12: safety.set_mark_price,
    13: safety.set_trading_state,
    14: safety.define_market_rules,
    15: modes.set_margin_mode,
    16: modes.set_position_mode,
    17: modes.adjust_isolated_margin,
    18: money.transfer,
    19: modes.set_multi_assets,
    20: modes.define_collateral,
    21: insurance.set_insurance_fund,
    22: funding.sample,
    23: funding.settle,
    24: liquidation.sweep,
    25: safety.settle_instrument,
    26: timers.set_countdown,
    27: limits.set_account_limits,
}


@dataclass(frozen=True)
class EngineConfig:
    """Capacities: the highest account number and the most resting orders."""

    accounts: int = 1 << 20
    orders: int = 1 << 24


class ReferenceEngine:
    """One deterministic state machine: packed stamped commands in, packed events out."""

    def __init__(self, config: EngineConfig | None = None) -> None:
        config = config or EngineConfig()
        self._state = State(config.accounts, config.orders)
        self._levels: list[LevelChanged] = []

    @property
    def seq(self) -> int:
        return self._state.seq

    @property
    def time_ns(self) -> int:
        return self._state.time_ns

    def prepare(self) -> None:
        """Nothing to make room for: lists grow as they go."""

    def process(self, commands: bytes) -> bytes:
        """Apply stamped commands of 128 bytes each; their events. AssertionError when they are not stamped."""
        commands = bytes(commands)
        batch = self._require_stamped(commands)
        self._levels = []
        return b"".join(self._apply(raw) for raw in batch)

    def _require_stamped(self, commands: bytes) -> list[bytes]:
        assert len(commands) % COMMAND_BYTES == 0, f"{len(commands)} bytes are no whole commands"
        batch = [commands[at : at + COMMAND_BYTES] for at in range(0, len(commands), COMMAND_BYTES)]
        seq, time_ns = self.seq, self.time_ns
        for raw in batch:
            header = Command.unpack(raw)
            assert header.seq == seq + 1, f"command {header.seq} after {seq}"
            assert header.time_ns >= time_ns, f"time {header.time_ns} after {time_ns}"
            seq, time_ns = header.seq, header.time_ns
        return batch

    def _apply(self, raw: bytes) -> bytes:
        header = Command.unpack(raw)
        self._state.seq, self._state.time_ns = header.seq, header.time_ns
        self._state.is_later = header.version > 1
        self._state.is_third = header.version >= PROTOCOL_VERSION
        turn = Turn(self._state, raw, header, self._levels)
        timers.before_command(turn)
        turn.answers_at = len(turn.events)
        try:
            _obey(turn)
        except RefusedError as refusal:
            _refuse(turn, refusal.reason)
        if turn.is_answered:
            waiting.fire_all(turn)
        return turn.packed()

    def levels(self) -> bytes:
        """LevelChanged records of the last process() call, in order of change."""
        return b"".join(level.pack() for level in self._levels)

    def query(self, request: bytes) -> bytes:
        """A packed views.Query in, an answer for codec.decode_answer out."""
        assert len(request) == Query.WIDTH, f"{len(request)} bytes are no query"
        return views.answer(self._state, request)

    def dump(self) -> bytes:
        """Canonical state: the same bytes from every implementation."""
        return views.dump(self._state)

    def digest(self) -> bytes:
        """blake2b-256 of dump()."""
        return blake2b(self.dump(), digest_size=32).digest()

    def snapshot(self) -> bytes:
        """The whole state in a private format: magic, checksum, pickle."""
        body = pickle.dumps(self._state)
        return SNAPSHOT_MAGIC + blake2b(body, digest_size=CHECKSUM_BYTES).digest() + body

    @classmethod
    def restore(cls, data: bytes) -> ReferenceEngine:
        """The engine that made this snapshot. ValueError when it is damaged or of another format."""
        if not data.startswith(SNAPSHOT_MAGIC):
            raise ValueError("no snapshot of the reference engine")
        rest = bytes(data[len(SNAPSHOT_MAGIC) :])
        checksum, body = rest[:CHECKSUM_BYTES], rest[CHECKSUM_BYTES:]
        if blake2b(body, digest_size=CHECKSUM_BYTES).digest() != checksum:
            raise ValueError("snapshot is damaged")
        engine = cls()
        engine._state = pickle.loads(body)
        return engine

    def check(self) -> None:
        """Raises AssertionError naming the broken invariant."""
        invariants.check(self._state)


def _obey(turn: Turn) -> None:
    kind, version = turn.header.kind, turn.header.version
    last_of_1 = version == 1 and kind > LAST_KIND_OF_VERSION_1
    last_of_2 = version != PROTOCOL_VERSION and kind > LAST_KIND_OF_VERSION_2
    if kind not in COMMANDS or last_of_1 or last_of_2:
        raise RefusedError(RejectReason.UNKNOWN_COMMAND)
    if version not in KNOWN_VERSIONS:
        raise RefusedError(RejectReason.UNSUPPORTED_VERSION)
    HANDLERS[kind](turn, COMMANDS[kind].unpack(turn.raw))


def _refuse(turn: Turn, reason: RejectReason) -> None:
    """One event with the reason, repeating what the command said of its order."""
    command = COMMANDS[turn.header.kind].unpack(turn.raw) if turn.header.kind in COMMANDS else turn.header
    if isinstance(command, PlaceOrder):
        turn.emit(
            OrderRejected,
            reason=reason,
            price_ticks=command.price_ticks,
            quantity_lots=command.quantity_lots,
            side=command.side,
            order_type=command.order_type,
            time_in_force=command.time_in_force,
            order_flags=command.flags,
            position_side=command.position_side,
            client_order_id=command.client_order_id,
        )
        return
    named = {}
    if isinstance(command, CancelOrder | AmendOrder):
        named = {"order_id": command.order_id, "client_order_id": command.client_order_id}
    turn.emit(CommandRejected, reason=reason, detail=turn.header.kind, **named)
