"""A batch of engine events as arrays, for the projectors of every app.

The journal's packed records are viewed, never decoded one by one; each kind of event is one array.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.protocol.commands import Command
from matcher.protocol.enums import EventFlag, PositionSide
from matcher.protocol.events import EVENTS, Event
from matcher.protocol.records import Record

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
TextArray = npt.NDArray[np.bytes_]

INSTRUMENTS_MAX = 1024


def record_dtype(record: type[Record]) -> np.dtype[np.void]:
    """A view of packed `record`s, padding included in the item size."""
    spec: Any = record.LAYOUT.numpy_spec()
    dtype: np.dtype[np.void] = np.dtype(spec)
    return dtype


_HEADER = record_dtype(Event)
_DTYPES = {kind: record_dtype(event) for kind, event in EVENTS.items()}


@dataclass(frozen=True, slots=True)
class EventRows:
    """The events of one kind in a batch, oldest first; `at` is each one's place in the whole batch."""

    data: npt.NDArray[np.void]
    at: IntArray

    def __len__(self) -> int:
        return len(self.at)

    def integers(self, field: str) -> IntArray:
        return self.data[field].astype(np.int64)

    def texts(self, field: str) -> TextArray:
        """Texts without their zero padding."""
        return self.data[field]

    def flagged(self, flag: int) -> BoolArray:
        flagged: BoolArray = (self.data["flags"] & flag) != 0
        return flagged

    def where(self, chosen: BoolArray | IntArray) -> EventRows:
        """The events chosen by a mask or by indices."""
        return EventRows(self.data[chosen], self.at[chosen])


def split_by_kind(events: bytes) -> dict[int, EventRows]:
    """Packed events by kind. Raises ValueError on a broken length or a kind nobody declared."""
    headers = np.frombuffer(events, dtype=_HEADER)
    raw = np.frombuffer(events, dtype=np.dtype((np.void, Event.WIDTH)))
    kinds = headers["kind"]
    rows: dict[int, EventRows] = {}
    for kind in np.unique(kinds).tolist():
        if kind not in _DTYPES:
            raise ValueError(f"unknown event kind {kind}")
        at = np.flatnonzero(kinds == kind)
        rows[kind] = EventRows(raw[at].view(_DTYPES[kind]), at.astype(np.int64))
    return rows


@dataclass(frozen=True, slots=True)
class CommandRows:
    """The commands of a gapless run of batches: where an event only says that something was taken."""

    first_seq: int
    batches: Sequence[bytes]

    def of(self, events: EventRows, command: type[Command]) -> npt.NDArray[np.void]:
        """The command of every event; all of them are of this kind."""
        whole = np.frombuffer(b"".join(self.batches), dtype=np.dtype((np.void, command.WIDTH)))
        chosen: npt.NDArray[np.void] = whole[events.integers("seq") - self.first_seq].view(record_dtype(command))
        return chosen


@dataclass(frozen=True, slots=True)
class Terms:
    """What an instrument's definition fixed for good, as look-up tables by instrument number; and the batch's commands."""

    settlement_assets: IntArray
    tick_lot_units: IntArray
    commands: CommandRows = CommandRows(1, ())

    @classmethod
    def of(cls, terms: Mapping[int, tuple[int, int]], commands: CommandRows | None = None) -> Terms:
        """From instrument -> (settlement asset, units of one tick times one lot)."""
        zeros = np.zeros(INSTRUMENTS_MAX, np.int64)
        tables = cls(zeros, zeros.copy(), commands or CommandRows(1, ()))
        for instrument, (asset, units) in terms.items():
            tables.settlement_assets[instrument], tables.tick_lot_units[instrument] = asset, units
        return tables


def last_of_each(keys: IntArray) -> IntArray:
    """Indices of the last occurrence of every key, by ascending key."""
    _, first_from_end = np.unique(keys[::-1], return_index=True)
    return (len(keys) - 1 - first_from_end).astype(np.int64)


def sums_of_each(keys: IntArray, values: IntArray) -> IntArray:
    """Sum of `values` per key, by ascending key."""
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=keys[order[:1]] - 1))
    return np.add.reduceat(values[order], starts)


def leg_sides(events: EventRows) -> IntArray:
    """The PositionSide of the leg that each event's flags name."""
    long = events.flagged(EventFlag.LONG)
    short = events.flagged(EventFlag.SHORT)
    return np.where(long, int(PositionSide.LONG), np.where(short, int(PositionSide.SHORT), 0)).astype(np.int64)


def in_order(*kinds: EventRows) -> IntArray:
    """Indices that put the joined events of several kinds into journal order."""
    return np.argsort(np.concatenate([events.at for events in kinds]), kind="stable").astype(np.int64)
