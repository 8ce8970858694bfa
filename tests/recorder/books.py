"""Books as clients rebuild them, with what they were at their last sequences."""

from __future__ import annotations

from collections import deque
from decimal import Decimal
from typing import Any

from apps.feeds.native_channels import checksum_of

KEPT = 600
Side = dict[str, str]
Both = tuple[Side, Side]


class HoleError(AssertionError):
    """A difference that does not continue the one before, on a socket that was not closed: a silent gap."""


class Book:
    """Bids and asks by price text; `history` holds (seq, bids, asks) after each message."""

    def __init__(self) -> None:
        self.bids: Side = {}
        self.asks: Side = {}
        self.seq = 0
        self.history: deque[tuple[int, Side, Side]] = deque(maxlen=KEPT)

    def begin(self, seq: int, bids: Any, asks: Any) -> None:
        """A snapshot."""
        self.bids, self.asks = dict(bids), dict(asks)
        self.history.clear()
        self._note(seq)

    def change(self, seq: int, bids: Any, asks: Any) -> None:
        for side, levels in ((self.bids, bids), (self.asks, asks)):
            for price, quantity in levels:
                if Decimal(quantity):
                    side[price] = quantity
                else:
                    side.pop(price, None)
        self._note(seq)

    def _note(self, seq: int) -> None:
        self.seq = seq
        self.history.append((seq, dict(self.bids), dict(self.asks)))

    def as_of(self, seq: int) -> Both | None:
        """What it was after everything up to `seq`; None when that is not known (any more, or yet)."""
        if seq > self.seq or not self.history or seq < self.history[0][0]:
            return None
        for at, bids, asks in reversed(self.history):
            if at <= seq:
                return bids, asks
        return None

    def checksum(self) -> int:
        bids = sorted(self.bids.items(), key=lambda level: -Decimal(level[0]))
        asks = sorted(self.asks.items(), key=lambda level: Decimal(level[0]))
        return checksum_of(bids, asks)


class Tally:
    """What was seen, over all readers."""

    def __init__(self) -> None:
        self.messages: dict[str, int] = {}
        self.compared = self.mismatches = self.skipped = 0
        self.holes: list[str] = []
        self.replays = self.snapshots_after_gap = self.reconnects = 0
        self.differences: list[str] = []

    def count(self, kind: str) -> None:
        self.messages[kind] = self.messages.get(kind, 0) + 1

    def compare(self, what: str, seq: int, found: Both | None, expected: Both) -> None:
        """One comparison; a book that is not known as of `seq` is skipped."""
        if found is None:
            self.skipped += 1
            return
        self.compared += 1
        if found != expected:
            self.mismatches += 1
            off = [
                f"{price}: {own.get(price)} is {engine.get(price)}"
                for own, engine in zip(found, expected, strict=True)
                for price in own.keys() | engine.keys()
                if own.get(price) != engine.get(price)
            ]
            self.differences.append(f"{what} at {seq}: {off[:5]}")
