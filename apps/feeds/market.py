"""One instrument as the feeds know it: book, tape, candles, day, mark, open interest."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from apps.feeds.batches import Forced
from apps.feeds.book import Book, Head
from apps.feeds.candles import Candle, Candles, minute_bars
from apps.feeds.rolling import RollingDay
from apps.feeds.types import Level, Mark, Statistics, TradeTick
from apps.instruments.types import InstrumentSpec
from matcher.protocol.enums import Side
from matcher.protocol.events import FundingSettled, MarkPriceChanged
from matcher.protocol.units import ASSET_UNIT, format_scaled
from matcher.protocol.views import InstrumentView, RulesView

KEPT_TRADES = 2000
_MONEY_DECIMALS = len(str(ASSET_UNIT)) - 1
_CACHED_TEXTS = 65_536


class Texts:
    """Integers to wire text for one instrument; repeated ones come from a bounded cache."""

    __slots__ = ("_price", "_quantity", "spec")

    def __init__(self, spec: InstrumentSpec) -> None:
        self.spec = spec
        self._price: dict[int, str] = {}
        self._quantity: dict[int, str] = {}

    def price(self, ticks: int) -> str:
        text = self._price.get(ticks)
        if text is None:
            if len(self._price) >= _CACHED_TEXTS:
                self._price.clear()
            text = self._price[ticks] = self.spec.price_text(ticks)
        return text

    def quantity(self, lots: int) -> str:
        text = self._quantity.get(lots)
        if text is None:
            if len(self._quantity) >= _CACHED_TEXTS:
                self._quantity.clear()
            text = self._quantity[lots] = self.spec.quantity_text(lots)
        return text

    def price_8(self, ticks: int) -> str:
        """A price with eight decimals, as marks are written."""
        shift = _MONEY_DECIMALS - self.spec.price_decimals
        return format_scaled(ticks * self.spec.tick_step * 10**shift, _MONEY_DECIMALS)

    def levels(self, levels: Sequence[Level]) -> list[tuple[str, str]]:
        price, quantity = self.price, self.quantity
        return [(price(ticks), quantity(lots)) for ticks, lots in levels]


@dataclass(frozen=True, slots=True)
class History:
    """Trades oldest first, minutes that hold trades, and each interval's candle as of the last trade."""

    trades: list[TradeTick]
    minutes: list[Candle]
    open_candles: dict[str, Candle]
    last_trade_id: int


class Change:
    """What one batch did to one instrument; only markets that changed have one."""

    __slots__ = ("asks", "best_changed", "bids", "forced", "last_seq", "market", "time_ns", "trades")

    def __init__(self, market: Market, time_ns: int) -> None:
        self.market = market
        self.time_ns = time_ns
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}
        self.trades: list[TradeTick] = []
        self.forced: list[Forced] = []
        self.last_seq = 0  # of the last level change
        self.best_changed = False


class Market:
    """Everything the feeds serve of one instrument."""

    __slots__ = (
        "best_seen",
        "book",
        "candles",
        "change",
        "day",
        "facts_seq",
        "head",
        "last_trade_id",
        "mark",
        "open_interest_lots",
        "predicted_rate_ppb",
        "price_seq",
        "rules_seq",
        "since_load",
        "spec",
        "texts",
        "trades",
        "trading_state",
    )

    def __init__(self, spec: InstrumentSpec, head: Head) -> None:
        self.head = head
        self.book = Book(head)
        self.change: Change | None = None
        self.best_seen = (0, 0, 0, 0)
        self.facts_seq = 0
        self.last_trade_id = 0
        self.since_load: list[TradeTick] | None = []
        self.mark: Mark | None = None
        self.predicted_rate_ppb: int | None = None
        self.rules_seq = 0
        self.price_seq = 0
        self.open_interest_lots = 0
        self.trades: deque[TradeTick] = deque(maxlen=KEPT_TRADES)
        self.candles = Candles()
        self.day = RollingDay()
        self.trading_state = spec.trading_state
        self.describe(spec)

    def describe(self, spec: InstrumentSpec) -> None:
        """Take new terms; tick and lot never change, so nothing kept is lost. The state is the engine's to tell."""
        self.spec = spec
        self.texts = Texts(spec)

    @property
    def id(self) -> int:
        return self.spec.id

    @property
    def is_whole(self) -> bool:
        """Whether what was traded before is here: until then candles and the day hold a part of it."""
        return self.since_load is None

    def load_facts(self, seq: int, view: InstrumentView) -> None:
        """Mark, state and open interest as the engine answers them at `seq`."""
        self.facts_seq = self.price_seq = seq
        self.trading_state = view.trading_state
        self.open_interest_lots = view.open_interest_lots
        if view.mark_ticks:
            self.mark = Mark(
                view.mark_ticks,
                view.index_ticks,
                view.next_funding_ns // 1_000_000,
                view.funding_rate_ppb,
                view.mark_time_ns // 1_000_000,
            )
        if not self.day.last_ticks:
            self.day.last_ticks = view.last_price_ticks

    def load_rules(self, seq: int, view: RulesView) -> None:
        """The predicted funding rate at `seq`; None while funding was neither sampled nor settled."""
        if seq < self.rules_seq:
            return
        self.rules_seq = seq
        live = view.samples or view.last_sample_ns or view.last_funding_ns
        self.predicted_rate_ppb = view.predicted_rate_ppb if live else None

    def set_predicted(self, seq: int, rate_ppb: int) -> None:
        if seq > self.rules_seq:
            self.rules_seq, self.predicted_rate_ppb = seq, rate_ppb

    def set_next_funding(self, event: FundingSettled) -> None:
        if self.mark is not None and event.seq > self.facts_seq:
            self.mark = replace(
                self.mark, next_funding_ms=event.next_funding_ns // 1_000_000, funding_rate_ppb=event.rate_ppb
            )

    @property
    def funding_rate_ppb(self) -> int:
        """What the running interval would be settled at now; what the mark told before funding began."""
        if self.predicted_rate_ppb is not None:
            return self.predicted_rate_ppb
        return self.mark.funding_rate_ppb if self.mark is not None else 0

    def begin(self, time_ns: int) -> Change:
        """The change record of the batch at hand."""
        change = self.change
        if change is None:
            change = self.change = Change(self, time_ns)
        return change

    def set_level(self, seq: int, side: int, price_ticks: int, quantity_lots: int, time_ns: int) -> None:
        if seq <= self.book.loaded_seq:
            return
        change = self.change or self.begin(time_ns)
        if side == Side.BUY:
            self.book.bids.set(price_ticks, quantity_lots)
            change.bids[price_ticks] = quantity_lots
        else:
            self.book.asks.set(price_ticks, quantity_lots)
            change.asks[price_ticks] = quantity_lots
        change.last_seq = seq

    def add_trade(self, trade: TradeTick, time_ns: int) -> None:
        """Put a trade on the tape once, whatever was stored or seen before."""
        if trade.trade_id <= self.last_trade_id:
            return
        self.last_trade_id = trade.trade_id
        self.trades.append(trade)
        if self.since_load is not None:
            self.since_load.append(trade)
        self.begin(time_ns).trades.append(trade)

    def add_forced(self, forced: Forced, time_ns: int) -> None:
        self.begin(time_ns).forced.append(forced)

    def count_position(self, seq: int, lots_before: int, lots_after: int) -> None:
        """Open interest is the sum of longs."""
        if seq > self.facts_seq:
            self.open_interest_lots += max(lots_after, 0) - max(lots_before, 0)

    def set_mark(self, event: MarkPriceChanged) -> None:
        if event.seq > self.facts_seq:
            self.price_seq = event.seq
            self.mark = Mark(
                event.mark_ticks,
                event.index_ticks,
                event.next_funding_ns // 1_000_000,
                event.funding_rate_ppb,
                event.time_ns // 1_000_000,
            )

    def settle(self, change: Change) -> None:
        """The batch is through: fold its trades into candles and day, see whether the best prices moved."""
        if change.trades:
            self.fold(change.trades)
        if change.last_seq:
            self.book.changed_ns = change.time_ns
            best = (*self.book.bids.best(), *self.book.asks.best())
            change.best_changed = best != self.best_seen
            self.best_seen = best

    def fold(self, trades: Sequence[TradeTick]) -> None:
        for bar in minute_bars(trades, self.spec.tick_lot_units):
            self.candles.merge(bar)
            self.day.add(bar, trades[-1].quantity_lots)

    def await_history(self) -> None:
        """From now on trades are remembered until the stored ones before them are there."""
        self.since_load = []

    def load_history(self, history: History) -> None:
        """Put the stored trades and candles under those seen since, told apart by trade id."""
        live, self.since_load = self.since_load or [], None
        self.trades.clear()
        self.trades.extend(history.trades)
        self.day.clear()
        for minute in history.minutes:
            self.day.add(minute, 0)
        for interval, candle in history.open_candles.items():
            self.candles.series[interval].load([candle])
        if history.trades:
            self.day.last_ticks, self.day.last_lots = history.trades[-1].price_ticks, history.trades[-1].quantity_lots
        fresh = [trade for trade in live if trade.trade_id > history.last_trade_id]
        self.trades.extend(fresh)
        self.fold(fresh)
        self.last_trade_id = max(self.last_trade_id, history.last_trade_id)

    def statistics(self, now_ms: int) -> Statistics:
        """The last 24 hours; where nothing was ever traded the mark stands for the last price."""
        return self.day.read(now_ms, self.mark.mark_ticks if self.mark else 0)
