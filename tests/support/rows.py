"""Journal rows for tests that need their form and not their meaning."""

from __future__ import annotations

from matcher.protocol.commands import OpenAccount
from matcher.runtime.journal import FIRST_CHAIN, JournalRow
from matcher.runtime.replay import next_row


def stamped(count: int, first_seq: int, time_ns: int) -> bytes:
    """`count` packed commands with their stamps."""
    return b"".join(OpenAccount(seq=first_seq + i, time_ns=time_ns, account=1).pack() for i in range(count))


def chained_rows(count: int) -> list[JournalRow]:
    """Rows of 1, 2, 3, 1, 2, ... commands, each with as many empty events."""
    rows: list[JournalRow] = []
    seq, chain = 1, FIRST_CHAIN
    for number in range(count):
        size = number % 3 + 1
        rows.append(next_row(seq, 1000 + number, stamped(size, seq, 1000 + number), bytes(128 * size), chain))
        seq, chain = seq + size, rows[-1].digest
    return rows
