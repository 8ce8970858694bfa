"""How long tests wait: machines differ and are shared, so what has to hold may not hang on the pace of one.

A wait for what must come is bounded by PATIENCE_S. A bar of the design (docs) that is a time is held through
`bar`: with room for a machine several times slower, and to the letter with BAR_ROOM=1.
"""

from __future__ import annotations

import os

PATIENCE_S = 120.0
ROOM = float(os.environ.get("BAR_ROOM", "6"))


def bar(seconds: float) -> float:
    """The longest that what has to come within `seconds` may take here."""
    return seconds * ROOM
