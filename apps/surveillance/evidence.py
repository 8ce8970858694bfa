"""Evidence in a form that JSON can keep and people can read: facts, tables, charts. Prices and amounts are decimal text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from matcher.protocol.units import ASSET_UNIT

ROWS_MAX = 40
POINTS_MAX = 240
NS_PER_MS = 1_000_000


def evidence(
    facts: Sequence[tuple[str, object]],
    tables: Iterable[dict[str, Any]] = (),
    charts: Iterable[dict[str, Any]] = (),
) -> dict[str, Any]:
    return {
        "facts": [[label, str(value)] for label, value in facts],
        "tables": list(tables),
        "charts": list(charts),
    }


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> dict[str, Any]:
    """The newest `ROWS_MAX` rows; the title tells when there were more."""
    if len(rows) > ROWS_MAX:
        title = f"{title} (the newest {ROWS_MAX} of {len(rows)})"
    shown = [[value if isinstance(value, int) else str(value) for value in row] for row in rows[-ROWS_MAX:]]
    return {"title": title, "columns": list(columns), "rows": shown}


def chart(
    title: str,
    lines: Mapping[str, Sequence[tuple[int, str]]],
    dots: Mapping[str, Sequence[tuple[int, str]]] | None = None,
) -> dict[str, Any]:
    """Named lines, and things that stand alone, of (time ns, decimal text); thinned to `POINTS_MAX` points each."""
    drawn = [("line", *line) for line in lines.items()] + [("dots", *line) for line in (dots or {}).items()]
    return {
        "title": title,
        "lines": [
            {"name": name, "drawn": how, "points": [[at // NS_PER_MS, value] for at, value in _thin(points)]}
            for how, name, points in drawn
        ],
    }


def moment(time_ns: int) -> str:
    """UTC, to the millisecond."""
    seconds, rest = divmod(time_ns, 10**9)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}.{rest // NS_PER_MS:03d}"


def whole(units: int) -> str:
    """Units of 1e-8 as whole money, for people."""
    return f"{units // ASSET_UNIT:,}"


def percent(part: int, of: int) -> str:
    return f"{part * 100 / of:.1f} %" if of else "-"


def _thin(points: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
    step = -(-len(points) // POINTS_MAX)
    return points if step <= 1 else [*points[:-1:step], points[-1]]
