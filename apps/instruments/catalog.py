"""The instruments, remembered by this process for its event loop; rows stay the source.

Looking one up never waits. An unknown symbol asks the rows again, at most once a second.
"""

from __future__ import annotations

import time

from apps.common.rows import ask_first
from apps.instruments.selectors import get_instruments
from apps.instruments.types import InstrumentSpec

REFRESH_S = 5.0
RETRY_S = 1.0


class Catalog:
    """Specs by symbol and by id."""

    def __init__(self) -> None:
        self.by_symbol: dict[str, InstrumentSpec] = {}
        self.by_id: dict[int, InstrumentSpec] = {}
        self._loaded_at = float("-inf")

    def fill(self, specs: list[InstrumentSpec]) -> None:
        """Replace everything known."""
        self.by_symbol = {spec.symbol: spec for spec in specs}
        self.by_id = {spec.id: spec for spec in specs}
        self._loaded_at = time.monotonic()

    async def load(self) -> None:
        self.fill(await ask_first(get_instruments))

    async def find(self, symbol: str) -> InstrumentSpec | None:
        """The instrument of that symbol, or None."""
        spec = self.by_symbol.get(symbol)
        if spec is None and time.monotonic() - self._loaded_at > RETRY_S and symbol.isascii() and len(symbol) <= 32:
            await self.load()
            spec = self.by_symbol.get(symbol)
        return spec

    def all(self) -> list[InstrumentSpec]:
        """By id."""
        return sorted(self.by_symbol.values(), key=lambda spec: spec.id)


_catalog = Catalog()


def get_catalog() -> Catalog:
    """The one of this process."""
    return _catalog
