"""Says loudly when an index ends or returns: in the log, and in the audit trail for those who watch over it."""

from __future__ import annotations

import asyncio

import structlog
from django.db import DatabaseError

from apps.audit.services import record
from apps.audit.types import Actor
from apps.common.rows import ask_first
from apps.marketdata.index import IndexPrice
from apps.marketdata.prices import PricedInstrument

log = structlog.get_logger(__name__)
ACTOR = Actor(kind="system", id="prices")
_told: set[asyncio.Task[None]] = set()


def tell_index_state(priced: PricedInstrument, index: IndexPrice) -> None:
    """`priced.is_stale` has just changed."""
    states = {part.sample.source: part.state.name.lower() for part in index.parts}
    symbol = priced.spec.symbol
    if priced.is_stale:
        log.error("index stale, mark frozen", symbol=symbol, live=len(index.live_sources), sources=states)
    else:
        log.warning("index is back", symbol=symbol, live=len(index.live_sources), sources=states)
    action = "marketdata.index_stale" if priced.is_stale else "marketdata.index_back"
    task = asyncio.get_running_loop().create_task(_record(action, symbol, states))
    _told.add(task)
    task.add_done_callback(_told.discard)


async def _record(action: str, symbol: str, states: dict[str, str]) -> None:
    try:
        await ask_first(record, action, actor=ACTOR, subject=symbol, after={"sources": states})
    except DatabaseError as error:
        log.warning("the audit trail did not take it", action=action, error=str(error))
