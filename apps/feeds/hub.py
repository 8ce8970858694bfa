"""The hub: one per gateway process, fed with every committed batch, read by REST and pushed to sockets.

It refuses to answer while its picture is not whole. What it applies is contiguous: a hole is filled from
the engine, and sockets that would have missed something are closed with a reason.
"""

from __future__ import annotations

import asyncio
import time

import structlog

from apps.feeds.archive import Archive
from apps.feeds.batches import Batch, Fill, iter_levels
from apps.feeds.book import Book, Head
from apps.feeds.catalogue import open_stream
from apps.feeds.errors import FeedsUnavailableError, UnknownInstrumentError
from apps.feeds.loader import Loader
from apps.feeds.loading import Matcher, Rows
from apps.feeds.market import Change, Market
from apps.feeds.native_feeds import NativeFeeds
from apps.feeds.price_streams import PriceKlineStream
from apps.feeds.pulse import Pulse
from apps.feeds.stored_rows import StoredRows
from apps.feeds.topics import Fanout, Listener, Topic, Topics
from apps.feeds.types import Best, Mark, Statistics, TradeTick
from apps.feeds.user_streams import UserStreams
from apps.instruments.types import InstrumentSpec
from apps.marketdata.types import CandleRow
from matcher.protocol.enums import EventFlag
from matcher.protocol.events import (
    FundingSampled,
    FundingSettled,
    InstrumentDefined,
    InsuranceChanged,
    MarketRulesDefined,
    MarkPriceChanged,
    PositionMoved,
    TradingStateChanged,
)

HELD_BYTES = 64 * 1024 * 1024
RESYNC_CODE, RESYNC_REASON = 1012, "updates were missed: connect again"
_log = structlog.get_logger("feeds.hub")


class FeedHub:
    """Books, tapes, candles and statistics of every instrument, and the topics that tell of them."""

    def __init__(self, rows: Rows) -> None:
        self.head = Head()
        self.markets: dict[int, Market] = {}
        self.symbols: dict[str, Market] = {}
        self.topics = Topics()
        self.users = UserStreams(self)
        self.archive = Archive(rows)
        self.assets: dict[int, str] = {}
        self.funds: dict[int, int] = {}  # insurance money by asset, in units
        self.is_ready = False
        self._held: list[Batch] = []
        self._held_bytes = 0
        self._account_seqs: dict[int, int] = {}
        self._fanout = Fanout()
        self.native = NativeFeeds(self, self._fanout)
        self._pulse = Pulse(self._on_tick)
        self._loader = Loader(self, rows)
        self._matcher: Matcher | None = None

    # life

    async def start(self, matcher: Matcher) -> None:
        """Follow a mode 1 client: take every batch from now on, load the picture behind them, start the beat.

        Returns at once; `wait_ready` waits for the picture.
        """
        self._matcher = matcher
        matcher.on_batch(self.apply)
        matcher.on_gap(self.on_gap)
        self._pulse.start()
        self._loader.load_all()

    async def wait_ready(self, timeout_s: float) -> None:
        """Raises FeedsUnavailableError when the picture is not whole in time."""
        end = time.monotonic() + timeout_s
        while not self.is_ready:
            if time.monotonic() > end:
                raise FeedsUnavailableError("the feeds are not ready")
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """End the beat and whatever is being loaded."""
        self.is_ready = False
        self._pulse.stop()
        await self._loader.stop()
        await self.users.stop()
        await self.native.stop()

    @property
    def matcher(self) -> Matcher:
        assert self._matcher is not None, "the hub was not started"
        return self._matcher

    # reading

    def market(self, instrument_id: int) -> Market:
        """Raises FeedsUnavailableError while the picture is not whole, UnknownInstrumentError for no such market."""
        if not self.is_ready:
            raise FeedsUnavailableError("the feeds are being loaded")
        market = self.markets.get(instrument_id)
        if market is None:
            raise UnknownInstrumentError(instrument_id)
        return market

    def knows(self, instrument_id: int) -> bool:
        """Whether there is such a market and its picture is whole."""
        return self.is_ready and instrument_id in self.markets

    def is_whole(self, instrument_id: int) -> bool:
        """Whether what was traded before this process looked is here."""
        return self.market(instrument_id).is_whole

    def book(self, instrument_id: int) -> Book:
        return self.market(instrument_id).book

    def best(self, instrument_id: int) -> Best:
        return self.market(instrument_id).book.best()

    def trades(self, instrument_id: int, limit: int) -> list[TradeTick]:
        """The newest trades, oldest first."""
        kept = self.market(instrument_id).trades
        return [kept[at] for at in range(max(0, len(kept) - limit), len(kept))]

    def statistics(self, instrument_id: int) -> Statistics:
        """The day. Raises FeedsUnavailableError, too, while only a part of it is here."""
        market = self.market(instrument_id)
        if not market.is_whole:
            raise FeedsUnavailableError("the day is being loaded")
        return market.statistics(time.time_ns() // 1_000_000)

    def mark(self, instrument_id: int) -> Mark | None:
        return self.market(instrument_id).mark

    def open_interest(self, instrument_id: int) -> int:
        """Lots held long, which is lots held short."""
        return self.market(instrument_id).open_interest_lots

    def trading_state(self, instrument_id: int) -> int:
        return self.market(instrument_id).trading_state

    def state_of(self, spec: InstrumentSpec) -> int:
        """The trading state as the engine holds it (a breaker may have halted it); the configured one until known."""
        market = self.markets.get(spec.id)
        return market.trading_state if self.is_ready and market is not None else spec.trading_state

    def candle(self, instrument_id: int, interval: str) -> CandleRow | None:
        """The open candle; None before the first trade."""
        market = self.market(instrument_id)
        series = market.candles.series[interval]
        series.roll(self.head.time_ms)
        return series.current.image() if series.current else None

    def account_seq(self, account_id: int) -> int:
        """The last sequence that touched the account in what this process saw; 0 for none."""
        return self._account_seqs.get(account_id, 0)

    # the street

    def apply(self, first_seq: int, last_seq: int, events: bytes, levels: bytes) -> None:
        """Take one committed batch; a hole before it starts a reload."""
        if self.is_ready and last_seq <= self.head.seq:
            return
        if self.is_ready and first_seq != self.head.seq + 1:
            self.on_gap(self.head.seq)
        batch = Batch(first_seq, last_seq, events, levels)
        if self.is_ready:
            self._apply(batch)
            return
        if self._held_bytes > HELD_BYTES:  # the load takes long: what it brings in the end is newer than these
            self._drop_held()
        self._held.append(batch)
        self._held_bytes += batch.size

    def _drop_held(self) -> None:
        self._held.clear()
        self._held_bytes = 0

    def _apply(self, batch: Batch) -> None:
        time_ns = batch.time_ns or self.head.time_ns
        self.head.seq, self.head.time_ns = batch.last_seq, time_ns
        accounts, seqs = batch.accounts()
        self._account_seqs.update(zip(accounts, seqs, strict=True))
        for at, other in batch.other_accounts().items():
            self._account_seqs[other] = seqs[at]
        markets = self.markets
        changed: dict[int, Market] = {}
        for seq, price_ticks, quantity_lots, instrument, side in iter_levels(batch.levels or b""):
            market = markets.get(instrument)
            if market is not None:
                market.set_level(seq, side, price_ticks, quantity_lots, time_ns)
                changed[instrument] = market
        for fill in batch.fills():
            market = markets.get(fill.instrument)
            if market is not None:
                _take_fill(market, fill)
                changed[fill.instrument] = market
        for forced in batch.forced():
            market = markets.get(forced.instrument)
            if market is not None:
                market.add_forced(forced, time_ns)
                changed[forced.instrument] = market
        now_ms = time.time_ns() // 1_000_000
        self._take_market_events(batch, now_ms)
        changes: dict[int, Change] = {}
        for market in changed.values():
            change, market.change = market.change, None
            if change is not None:
                changes[market.id] = change
                market.settle(change)
                self.topics.after_batch(change, now_ms, self._fanout)
        self.users.apply(batch, accounts, now_ms)
        self.archive.add(batch)
        self.native.apply(batch, changes, accounts)
        self._fanout.start()

    def _take_market_events(self, batch: Batch, now_ms: int) -> None:
        events = list(batch.market_events())
        for event in events:
            market = self.markets.get(event.instrument)
            if isinstance(event, InsuranceChanged):
                self.funds[event.asset] = event.wallet_units
            elif isinstance(event, InstrumentDefined):
                if market is not None:
                    self._set_state(market, event.trading_state, now_ms)
                self._loader.load_new()
            elif market is None:
                continue
            elif isinstance(event, MarkPriceChanged):
                market.set_mark(event)
            elif isinstance(event, TradingStateChanged):
                self._set_state(market, event.trading_state, now_ms)
            elif isinstance(event, PositionMoved):
                sold = event.quantity_lots if event.flags & EventFlag.SELL else -event.quantity_lots
                market.count_position(event.seq, event.position_lots + sold, event.position_lots)
            elif isinstance(event, FundingSampled):
                market.set_predicted(event.seq, event.predicted_rate_ppb)
            elif isinstance(event, FundingSettled | MarketRulesDefined):
                if isinstance(event, FundingSettled):
                    market.set_next_funding(event)
                self._loader.load_rules(market)
        if events:
            self.topics.on_events(events, now_ms, self._fanout)

    def _set_state(self, market: Market, trading_state: int, now_ms: int) -> None:
        if market.trading_state != trading_state:
            market.trading_state = trading_state
            self.topics.on_terms(market, now_ms, self._fanout)

    def announce(self, market: Market) -> None:
        """The instrument is new or its terms were edited: tell whoever reads terms."""
        self.topics.on_terms(market, time.time_ns() // 1_000_000, self._fanout)
        self._fanout.start()

    # holes

    def on_gap(self, seen_seq: int) -> None:
        """Batches behind `seen_seq` were missed: close whoever cannot see that, and load anew."""
        _log.warning("gap", seen_seq=seen_seq)
        self.hold()
        self._drop_held()
        self._send_away()
        self._loader.load_all()

    def _send_away(self) -> None:
        """Close whoever would miss something without seeing it."""
        self._fanout.drop()
        for listener in self.topics.lossless_listeners():
            listener.close(RESYNC_CODE, RESYNC_REASON)
        self.users.drop()
        self.native.drop()

    def hold(self) -> None:
        """Keep batches back from now on: the picture is being loaded."""
        self.is_ready = False

    def release(self, seq: int | None, time_ns: int) -> bool:
        """Go on with what was held; `seq` is what was loaded, None when only new markets were. False for a hole."""
        if seq is not None:
            self._held = [batch for batch in self._held if batch.last_seq > seq]
            self.head.seq, self.head.time_ns = seq, max(self.head.time_ns, time_ns)
            self.archive.restart(seq)
        if self._held and self._held[0].first_seq > self.head.seq + 1:
            return False
        if seq is not None:
            self._send_away()  # whoever came in meanwhile began at the old picture
        self.is_ready = True
        while self._held and self.is_ready:
            held, self._held, self._held_bytes = self._held, [], 0
            for batch in held:
                self.apply(batch.first_seq, batch.last_seq, batch.events, batch.levels or b"")
        return True

    # sockets

    def has_stream(self, name: str) -> bool:
        """Whether there is a stream of that name."""
        return name in self.topics.by_name or open_stream(name, self.markets, self.symbols) is not None

    def subscribe(self, name: str, listener: Listener, *, combined: bool) -> bool:
        """Let a socket read a stream; False when no such stream exists."""
        topic = self.topics.by_name.get(name)
        if topic is None:
            stream = open_stream(name, self.markets, self.symbols)
            if stream is None:
                return False
            topic = Topic(name, stream)
            self.topics.add(topic)
            if isinstance(stream, PriceKlineStream):
                self._loader.load_price_candle(stream)
        self.topics.subscribe(topic, listener, combined=combined)
        return True

    def unsubscribe(self, name: str, listener: Listener) -> None:
        self.topics.unsubscribe(name, listener)

    def _on_tick(self, tick: int, now_ms: int) -> None:
        if self.is_ready:
            self.topics.on_tick(tick, now_ms, self._fanout)
            self.native.on_tick(tick, now_ms)
            self._fanout.start()


def _take_fill(market: Market, fill: Fill) -> None:
    """Two fills are one trade: the taker's half tells it, both halves move the open interest."""
    lots_before = fill.position_lots + (fill.quantity_lots if fill.is_sell else -fill.quantity_lots)
    market.count_position(fill.seq, lots_before, fill.position_lots)
    if not fill.is_maker:
        tick = TradeTick(fill.trade_id, fill.price_ticks, fill.quantity_lots, fill.time_ns, fill.is_sell, fill.seq)
        market.add_trade(tick, fill.time_ns)


_hub: FeedHub | None = None


def get_hub() -> FeedHub:
    """This process's hub."""
    global _hub
    if _hub is None:
        _hub = FeedHub(StoredRows())
    return _hub


def reset_hub() -> None:
    """Forget the hub: a new event loop begins."""
    global _hub
    _hub = None
