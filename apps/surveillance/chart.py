"""Evidence charts as SVG shapes for the alert's page: no script, no style attribute, nothing from outside."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

WIDTH, HEIGHT, EDGE = 720, 220, 8
COLORS = ("#2563eb", "#ea580c", "#16a34a", "#9333ea")


def shapes(chart: dict[str, Any]) -> dict[str, Any] | None:
    """What the template draws: lines as points of a polyline, dots as places; None when there is nothing to see."""
    points = [(int(at), Decimal(value)) for line in chart["lines"] for at, value in line["points"]]
    if not points:
        return None
    left, right = min(at for at, _ in points), max(at for at, _ in points)
    low, high = min(value for _, value in points), max(value for _, value in points)
    across, up = max(1, right - left), max(Decimal("1e-9"), high - low)

    def place(at: int, value: str) -> tuple[str, str]:
        x = EDGE + (WIDTH - 2 * EDGE) * (at - left) / across
        y = HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * float((Decimal(value) - low) / up)
        return f"{x:.1f}", f"{y:.1f}"

    lines = []
    for number, line in enumerate(chart["lines"]):
        places = [place(int(at), value) for at, value in line["points"]]
        drawn = {"name": line["name"], "color": COLORS[number % len(COLORS)], "count": len(places)}
        if line["drawn"] == "dots" or len(places) == 1:
            drawn["dots"] = places
        else:
            drawn["polyline"] = " ".join(f"{x},{y}" for x, y in places)
        lines.append(drawn)
    return {
        "title": chart["title"],
        "width": WIDTH,
        "height": HEIGHT,
        "lines": lines,
        "low": format(low, "f"),
        "high": format(high, "f"),
        "from": _clock(left),
        "to": _clock(right),
    }


def _clock(time_ms: int) -> str:
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d %H:%M:%S}"
