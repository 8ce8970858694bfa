"""Feeds without processes: a hub on an engine in this process, rows from a list, sockets that remember."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from apps.feeds.hub import FeedHub
from apps.feeds.market import History
from apps.feeds.messages import Message
from apps.feeds.price_streams import Price, StoredPrice
from apps.instruments.types import InstrumentSpec
from matcher.protocol.codec import decode_answer, decode_events
from matcher.protocol.commands import Command, PlaceOrder
from matcher.protocol.enums import OrderType, Side, TimeInForce
from matcher.protocol.events import Event
from matcher.protocol.views import Query
from tests.reference.engine import ReferenceEngine
from tests.support.market import INSTRUMENT, MARK_TICKS, USDT, opening
from tests.support.pace import PATIENCE_S

ALICE, BOB = 1, 2
START_NS = 1_795_181_000_000_000_000

SPEC = InstrumentSpec(
    id=INSTRUMENT,
    symbol="BTCUSDT",
    base_asset="BTC",
    quote_asset="USDT",
    settlement_asset="USDT",
    settlement_asset_id=USDT,
    price_decimals=1,
    tick_step=1,
    quantity_decimals=3,
    lot_step=1,
    max_price_ticks=1_000_000,
    min_quantity_lots=1,
    max_quantity_lots=100_000,
    max_market_quantity_lots=100_000,
    min_notional_units=0,
    price_band_ppm=500_000,
    market_band_ppm=50_000,
    max_open_orders=10_000,
    maker_fee_ppb=200_000,
    taker_fee_ppb=500_000,
    liquidation_fee_ppb=10_000_000,
    default_leverage=10,
    funding_interval_hours=8,
    interest_rate_ppb=100_000,
    funding_cap_ppb=20_000_000,
    impact_notional_units=10**12,
    trading_state=1,
    onboard_ms=0,
    tiers=(),
)


class EngineMatcher:
    """The bridge's mode 1 client, played by a reference engine; `mute` loses batches as a cut link does."""

    def __init__(self, accounts: int = 4) -> None:
        self.engine = ReferenceEngine()
        self.now_ns = START_NS
        self.mute = False
        self._on_batch: list[Callable[[int, int, bytes, bytes], None]] = []
        self._on_gap: list[Callable[[int], None]] = []
        self.send(*opening(accounts))

    def on_batch(self, callback: Callable[[int, int, bytes, bytes], None]) -> None:
        self._on_batch.append(callback)

    def on_gap(self, callback: Callable[[int], None]) -> None:
        self._on_gap.append(callback)

    def send(self, *commands: Command) -> list[Event]:
        """Apply commands as one batch and tell it."""
        first = self.engine.seq + 1
        stamped = [c.replace(seq=first + at, time_ns=self.now_ns) for at, c in enumerate(commands)]
        events = self.engine.process(b"".join(c.pack() for c in stamped))
        if not self.mute:
            for callback in self._on_batch:
                callback(first, self.engine.seq, events, self.engine.levels())
        return decode_events(events)

    def limit(self, account: int, side: Side, price_ticks: int, lots: int, **more: Any) -> list[Event]:
        """A LIMIT GTC order in a batch of its own."""
        fields: dict[str, Any] = {"time_in_force": TimeInForce.GTC, **more}
        return self.send(
            PlaceOrder(
                account=account,
                instrument=INSTRUMENT,
                side=side,
                order_type=OrderType.LIMIT,
                price_ticks=price_ticks,
                quantity_lots=lots,
                **fields,
            )
        )

    async def query(self, query: Query, timeout_s: float = 5.0) -> Any:
        return self.answer(query)

    def answer(self, query: Query) -> Any:
        return decode_answer(self.engine.query(query.pack()))


class ListedRows:
    """loading.Rows without a database."""

    def __init__(self, specs: list[InstrumentSpec], history: History | None = None) -> None:
        self.specs = specs
        self.history = history or History([], [], {}, 0)
        self.reached = True
        self.journal: list[tuple[int, int, bytes]] = []
        self.prices: list[StoredPrice] = []

    async def get_assets(self) -> dict[int, str]:
        return {USDT: "USDT"}

    async def get_instruments(self) -> list[InstrumentSpec]:
        return self.specs

    async def await_seq(self, seq: int, timeout_s: float) -> bool:
        if not self.reached:
            await asyncio.sleep(0.01)
        return self.reached

    async def get_history(self, instrument_id: int, now_ms: int) -> History:
        return self.history

    async def read_journal(self, seq: int, limit: int) -> list[tuple[int, int, bytes]]:
        return [row for row in self.journal if row[0] > seq][:limit]

    async def get_newest_prices(self, instrument_id: int, price: Price, interval: str) -> list[StoredPrice]:
        return self.prices


class RememberingSocket:
    """A topic's listener that keeps what it was sent."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.pieces: list[int] = []  # how many messages came at once
        self.closed: tuple[int, str] | None = None

    def push(self, message: Message) -> None:
        self.messages.append(json.loads(message.payload))

    def push_all(self, messages: Sequence[Message]) -> None:
        self.pieces.append(len(messages))
        for message in messages:
            self.push(message)

    def idle_fd(self) -> int:
        return -1

    def close(self, code: int, reason: str) -> None:
        self.closed = self.closed or (code, reason)

    def take(self) -> list[Any]:
        """What came since the last look."""
        taken, self.messages = self.messages, []
        return taken


async def open_hub(matcher: EngineMatcher, rows: ListedRows | None = None) -> FeedHub:
    """A hub that follows the matcher and is whole; its timer is not running: tests call `tick`."""
    hub = FeedHub(rows or ListedRows([SPEC]))
    await hub.start(matcher)
    hub._pulse.stop()
    await hub.wait_ready(PATIENCE_S)
    return hub


def tick(hub: FeedHub, number: int, now_ms: int = START_NS // 1_000_000) -> None:
    """One beat of the pulse."""
    hub._on_tick(number, now_ms)


__all__ = ["ALICE", "BOB", "INSTRUMENT", "MARK_TICKS", "SPEC", "EngineMatcher", "ListedRows", "RememberingSocket"]
