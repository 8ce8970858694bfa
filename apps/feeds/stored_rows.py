"""The feeds' questions to the database, asked off the event loop."""

from __future__ import annotations

from apps.assets.selectors import get_assets
from apps.common.rows import ask
from apps.feeds.history import read_history
from apps.feeds.market import History
from apps.instruments.selectors import get_instruments
from apps.instruments.types import InstrumentSpec
from apps.projection.selectors import await_seq


class StoredRows:
    """loading.Rows, answered by selectors."""

    async def get_assets(self) -> dict[int, str]:
        return {asset.id: asset.code for asset in await ask(get_assets)}

    async def get_instruments(self) -> list[InstrumentSpec]:
        return await ask(get_instruments)

    async def await_seq(self, seq: int, timeout_s: float) -> bool:
        return await await_seq(seq, timeout_s)

    async def get_history(self, instrument_id: int, now_ms: int) -> History:
        return await ask(read_history, instrument_id, now_ms)
