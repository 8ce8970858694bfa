"""One command being applied: the state it meets and the events and level changes it makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from matcher.protocol.commands import KNOWN_VERSIONS, Command
from matcher.protocol.enums import EventFlag
from matcher.protocol.events import Event, LevelChanged
from tests.reference.state import Instrument, Order, State

ANSWER = int(EventFlag.ANSWER)
LAST = int(EventFlag.LAST)


@dataclass
class Turn:
    """`raw` are the command's 128 bytes; `levels` is shared by all turns of one process() call."""

    state: State
    raw: bytes
    header: Command
    levels: list[LevelChanged]
    events: list[Any] = field(default_factory=list)
    answers_at: int = 0  # how many events time made before the command's own [TIME-001]

    @property
    def is_answered(self) -> bool:
        """Whether the command is of a version after 1: its answer is flagged, and what may fire afterwards does."""
        return self.header.version in KNOWN_VERSIONS[1:]

    def emit(
        self, event: type[Event], account: int | None = None, instrument: int | None = None, **fields: Any
    ) -> None:
        """Append an event; account and instrument are the command's unless named."""
        head = self.header
        fields["account"] = head.account if account is None else account
        fields["instrument"] = head.instrument if instrument is None else instrument
        self.events.append(
            event(seq=head.seq, time_ns=head.time_ns, command_id=head.command_id, part=len(self.events), **fields)
        )

    def emit_image(self, event: type[Event], order: Order, status: int, reason: int = 0) -> None:
        """An event that shows `order` as it stands; it also counts as news of the account's position."""
        self.state.accounts[order.account].leg(order.leg).updated_ns = self.header.time_ns
        self.emit(event, order.account, order.instrument, reason=reason, **image(order, status))

    def level_changed(self, instrument: Instrument, side: int, price_ticks: int) -> None:
        total = sum(o.leaves_lots for o in instrument.resting(side) if o.price_ticks == price_ticks)
        self.levels.append(
            LevelChanged(
                seq=self.header.seq,
                price_ticks=price_ticks,
                quantity_lots=total,
                instrument=instrument.number,
                side=side,
            )
        )

    def packed(self) -> bytes:
        """The events as bytes: of version 2 and later the first of the command's own flagged ANSWER, the last one LAST."""
        if self.is_answered:
            first = self.events[self.answers_at]
            self.events[self.answers_at] = first.replace(flags=first.flags | ANSWER)
        last = self.events[-1]
        self.events[-1] = last.replace(flags=last.flags | LAST)
        return b"".join(event.pack() for event in self.events)


def image(order: Order, status: int) -> dict[str, Any]:
    """The OrderImage fields of an order."""
    return {
        "order_id": order.order_id,
        "price_ticks": order.price_ticks,
        "quantity_lots": order.quantity_lots,
        "filled_lots": order.filled_lots,
        "filled_quote_units": order.filled_quote_units,
        "side": order.side,
        "order_type": order.order_type,
        "time_in_force": order.time_in_force,
        "order_flags": order.flags,
        "position_side": order.position_side,
        "working_type": order.working_type,
        "self_trade_prevention": order.self_trade_prevention,
        "status": status,
        "client_order_id": order.client_order_id,
    }
