"""Two engines that get the same commands and must say the same, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matcher.protocol.codec import decode_answer, decode_events, decode_levels
from matcher.protocol.views import Query, QueryKind
from tests.reference.views import dump_records


class Disagreement(AssertionError):
    """The engines differ; the text shows where."""


@dataclass
class Pair:
    """The engine under test and its twin. Every method compares and gives the common result."""

    core: Any
    twin: Any

    def process(self, commands: bytes) -> list[Any]:
        """The events of a batch, agreed."""
        one, other = self.core.process(commands), self.twin.process(commands)
        if one != other:
            raise Disagreement(_first_difference("events", decode_events(one), decode_events(other)))
        levels, other_levels = self.core.levels(), self.twin.levels()
        if levels != other_levels:
            raise Disagreement(_first_difference("levels", decode_levels(levels), decode_levels(other_levels)))
        return decode_events(one)

    def check(self) -> None:
        self.core.check()
        self.twin.check()

    def query(self, query: Query) -> None:
        one, other = self.core.query(query.pack()), self.twin.query(query.pack())
        if one != other:
            texts = [_answer_lines(answer) for answer in (one, other)]
            raise Disagreement(_first_difference(f"answers to {query}", *texts))

    def query_everything(self, accounts: int, instruments: int, names: tuple[bytes, ...] = ()) -> None:
        """Every question about every account and instrument, known or not."""
        for account in range(accounts + 2):
            self.query(Query(kind=QueryKind.ACCOUNT, account=account))
            self.query(Query(kind=QueryKind.OPEN_ORDERS, account=account))
            self.query(Query(kind=QueryKind.ACCOUNTS, account=account))
            self.query(Query(kind=QueryKind.RULES, account=account))
            self.query(Query(kind=QueryKind.ADL, account=account))
            self.query(Query(kind=QueryKind.LIMITS, account=account))
            for name in names:
                for instrument in range(instruments + 1):
                    self.query(
                        Query(kind=QueryKind.ORDER, account=account, instrument=instrument, client_order_id=name)
                    )
        for instrument in range(instruments + 2):
            self.query(Query(kind=QueryKind.DEPTH, instrument=instrument))
            self.query(Query(kind=QueryKind.DEPTH, instrument=instrument, limit=2))
            self.query(Query(kind=QueryKind.INSTRUMENTS, instrument=instrument))
            self.query(Query(kind=QueryKind.RULES, instrument=instrument))
            self.query(Query(kind=QueryKind.ADL, instrument=instrument))
        self.query(Query(kind=QueryKind.STATS))
        self.query(Query(kind=QueryKind.ASSETS))

    def compare_state(self) -> bytes:
        """The common digest; both dumps are compared as bytes first."""
        one, other = self.core.dump(), self.twin.dump()
        if one != other:
            raise Disagreement(_first_record_that_differs(one, dump_records(self.twin._state)))
        if self.core.digest() != self.twin.digest():
            raise Disagreement("digests of equal dumps differ")
        return bytes(self.core.digest())

    def restart(self) -> None:
        """Both go on from their own snapshots."""
        self.core = type(self.core).restore(self.core.snapshot())
        self.twin = type(self.twin).restore(self.twin.snapshot())


def _first_record_that_differs(dump: bytes, records: list[Any]) -> str:
    """The twin's record and what the core has in its place."""
    at = 0
    for record in records:
        if dump[at : at + record.WIDTH] != record.pack():
            theirs = record.unpack(dump.ljust(at + record.WIDTH, b"\0"), at)
            return f"dumps differ at byte {at}:\n  core {theirs}\n  twin {record}"
        at += record.WIDTH
    return f"the core dumps {len(dump) - at} bytes more than its twin"


def _answer_lines(answer: bytes) -> list[Any]:
    header, first, second = decode_answer(answer)
    return [header, *first, *second]


def _first_difference(what: str, one: list[Any], other: list[Any]) -> str:
    """The first records that differ, one under the other."""
    for at in range(max(len(one), len(other))):
        mine, theirs = (records[at] if at < len(records) else None for records in (one, other))
        if mine != theirs:
            return f"{what} differ at {at} of {len(one)} and {len(other)}:\n  core {mine}\n  twin {theirs}"
    return f"{what} differ in padding"
