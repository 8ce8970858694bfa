"""Writes what is made from the declared words: matcher/core/records.pxd and docs/protocol.md.

    python -m matcher.protocol.generate [--check]

With --check nothing is written and the exit status tells whether both files are fresh.
"""

from __future__ import annotations

import re
import sys
from enum import IntEnum, IntFlag
from pathlib import Path

from matcher.protocol import enums
from matcher.protocol.commands import COMMANDS, PROTOCOL_VERSION, Command
from matcher.protocol.enums import BalanceCause, InsuranceCause, MoveCause
from matcher.protocol.events import EVENTS, Event, LevelChanged, OrderImage
from matcher.protocol.records import Field, Record
from matcher.protocol.rejects import EndReason, RejectReason
from matcher.protocol.views import ANSWERS, AnswerHeader, MarkView, Query, QueryKind, TierView

ROOT = Path(__file__).resolve().parents[2]
PXD, PAGE = ROOT / "matcher/core/records.pxd", ROOT / "docs/protocol.md"
PREFIXES: dict[type[IntEnum | IntFlag], str] = {
    enums.Side: "SIDE",
    enums.OrderType: "TYPE",
    enums.TimeInForce: "TIF",
    enums.PositionSide: "POSITION_SIDE",
    enums.WorkingType: "WORKING",
    enums.SelfTradePrevention: "STP",
    enums.OrderStatus: "STATUS",
    enums.OrderFlag: "FLAG",
    enums.EventFlag: "EVENT_FLAG",
    enums.TradingState: "TRADING",
    enums.AccountState: "ACCOUNT",
    enums.MarginMode: "MARGIN",
    enums.PositionMode: "MODE",
    BalanceCause: "CAUSE",
    MoveCause: "MOVE",
    InsuranceCause: "INSURANCE",
    RejectReason: "REJECT",
    EndReason: "END",
    QueryKind: "QUERY",
}
_WORD = re.compile(r"(?<!^)(?=[A-Z])")


def view_records() -> list[type[Record]]:
    """Query, answer header and every view, each once, in the order of the queries that return them."""
    views = [view for pair in ANSWERS.values() for view in pair if view is not None]
    return [Query, AnswerHeader, *dict.fromkeys(views), TierView, MarkView]


def all_records() -> list[type[Record]]:
    """Every record the engine reads or writes, bases first."""
    return [Command, *COMMANDS.values(), Event, OrderImage, *EVENTS.values(), LevelChanged, *view_records()]


def _constant(name: str) -> str:
    return _WORD.sub("_", name).upper()


def _padding(record: type[Record]) -> int:
    last: Field = record.LAYOUT.fields[-1]
    return record.WIDTH - last.offset - last.size


def _struct_lines(record: type[Record], indent: str) -> list[str]:
    lines = [f"{indent}{field.c_declaration}" for field in record.LAYOUT.fields]
    if _padding(record):
        lines.append(f"{indent}uint8_t _rest[{_padding(record)}]")
    return lines


def render_pxd() -> str:
    """The C structs, their offsets asserted by the compiler, and every numbered word as a constant."""
    out = [
        "# Made by matcher/protocol/generate.py from the declared records; do not edit.",
        "from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t",
        "",
        "cdef extern from * nogil:",
        '    """',
        "    #ifndef MATCHER_RECORDS",
        "    #define MATCHER_RECORDS",
        "    #include <stddef.h>",
        "    #include <stdint.h>",
    ]
    for record in all_records():
        name = record.__name__
        body = " ".join(f"{line};" for line in _struct_lines(record, ""))
        out.append(f"    typedef struct {{ {body} }} {name};")
        out.append(f'    _Static_assert(sizeof({name}) == {record.WIDTH}, "{name}");')
        out += [
            f'    _Static_assert(offsetof({name}, {field.name}) == {field.offset}, "{name}.{field.name}");'
            for field in record.LAYOUT.fields
        ]
    out += ["    #endif", '    """']
    for record in all_records():
        out += [f"    ctypedef struct {record.__name__}:", *_struct_lines(record, " " * 8)]
    out += ["", "cdef enum:", f"    PROTOCOL_VERSION = {PROTOCOL_VERSION}"]
    out += [f"    COMMAND_{_constant(c.__name__)} = {kind}" for kind, c in COMMANDS.items()]
    out += [f"    EVENT_{_constant(e.__name__)} = {kind}" for kind, e in EVENTS.items()]
    for enum, prefix in PREFIXES.items():
        out += [f"    {prefix}_{member.name} = {member.value}" for member in enum]
    return "\n".join(out) + "\n"


def _table(record: type[Record]) -> list[str]:
    kind = f", kind {record.KIND}" if record.KIND else ""
    title = f"### {record.__name__} ({record.WIDTH} bytes{kind})"
    text = " ".join((record.__doc__ or "").split())
    rows = [f"| {f.offset} | {f.size} | {f.name} | {f.code} |" for f in record.LAYOUT.fields]
    intro = [text, ""] if text and "(" + ", ".join(f.name for f in record.LAYOUT.fields[:1]) not in text else []
    return [title, "", *intro, "| at | bytes | field | code |", "|---|---|---|---|", *rows, ""]


def render_page() -> str:
    """docs/protocol.md: every record with its offsets, every numbered word."""
    out = [
        "# The matcher's words, byte for byte",
        "",
        "Made by `python -m matcher.protocol.generate` from `matcher/protocol`; do not edit. Records are",
        "little-endian and zero-padded to their width; codes are those of Python's `struct` module.",
        "",
        "## Commands",
        "",
    ]
    for command in COMMANDS.values():
        out += _table(command)
    out += ["## Events", ""]
    told: list[type[Record]] = [*EVENTS.values(), LevelChanged]
    for event in told:
        out += _table(event)
    out += ["## Queries and views", ""]
    for view in view_records():
        out += _table(view)
    out += ["## Numbers", ""]
    for enum in PREFIXES:
        members = " · ".join(f"{member.value} {member.name}" for member in enum)
        out += [f"**{enum.__name__}**: {members}", ""]
    return "\n".join(out).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    stale = []
    for path, text in ((PXD, render_pxd()), (PAGE, render_page())):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if "--check" not in arguments:
                path.write_text(text, encoding="utf-8")
    for path in stale:
        sys.stdout.write(f"{'stale' if '--check' in arguments else 'wrote'} {path.relative_to(ROOT)}\n")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
