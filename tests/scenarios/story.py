"""A trading story told to an engine in plain lines, its answers read back in plain lines.

A line is `action | expected events`, events separated by `;`. Both sides use the cast's names, prices in
ticks and quantities in lots; `#3` is order 3. See ACTIONS for what can be said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from matcher.protocol.codec import decode_answer, decode_events, decode_levels
from matcher.protocol.commands import (
    AmendOrder,
    CancelAllOrders,
    CancelOrder,
    Command,
    DefineAsset,
    DefineInstrument,
    DefineRiskTier,
    Deposit,
    OpenAccount,
    SetAccountLimits,
    SetCountdown,
    SetLeverage,
    SetMarkPrice,
    SetTradingState,
    Withdraw,
)
from matcher.protocol.enums import (
    AccountState,
    TradingState,
)
from matcher.protocol.events import Event, OrderFilled
from matcher.protocol.views import BalanceView, ClientIdView, OrderView, PositionView, Query, QueryKind
from tests.scenarios import order_words, risk_words
from tests.scenarios.wording import CAST, NOBODY, say

SECOND_NS = 10**9
UNITS = {"s": SECOND_NS, "m": 60 * SECOND_NS, "h": 3600 * SECOND_NS, "d": 86_400 * SECOND_NS}
USDT = 1
BTC, ETH = 1, 2
FUNDS_UNITS = 10_000_000

BTC_TERMS = DefineInstrument(
    instrument=BTC,
    settlement_asset=USDT,
    trading_state=TradingState.ACTIVE,
    price_band_ppm=100_000,
    market_band_ppm=50_000,
    tick_lot_units=100,
    max_price_ticks=100_000,
    min_quantity_lots=1,
    max_quantity_lots=1_000,
    max_market_quantity_lots=500,
    max_open_orders=10,
    maker_fee_ppb=200_000,
    taker_fee_ppb=500_000,
    default_leverage=10,
)
# floor in units, maintenance rate in ppb, highest leverage
LADDER = ((0, 5_000_000, 100), (20_000_000, 10_000_000, 50), (50_000_000, 25_000_000, 10))


class Story:
    """One engine, its clock and its cast. Every command is followed by the engine's own check()."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.now_ns = SECOND_NS
        self.events: list[Event] = []
        self.raw: list[bytes] = []

    def send(self, command: Command) -> list[Event]:
        """Stamp and process one command; its events are also kept in `events`."""
        stamped = command.replace(seq=self.engine.seq + 1, time_ns=self.now_ns)
        return self.send_raw(stamped.pack())

    def send_raw(self, raw: bytes) -> list[Event]:
        self.raw.append(raw)
        self.events = decode_events(self.engine.process(raw))
        self.engine.check()
        return self.events

    def open_market(
        self, terms: DefineInstrument = BTC_TERMS, ladder: tuple[tuple[int, int, int], ...] = LADDER
    ) -> None:
        """Asset, instrument, risk ladder and a mark of 1000."""
        self.send(DefineAsset(asset=USDT))
        self.send(terms)
        self.define_ladder(ladder, terms.instrument)
        self.send(SetMarkPrice(instrument=terms.instrument, mark_ticks=1000, index_ticks=1000))

    def define_ladder(self, ladder: tuple[tuple[int, int, int], ...] = LADDER, instrument: int = BTC) -> None:
        for number, (floor, rate, leverage) in enumerate(ladder):
            tier = DefineRiskTier(instrument=instrument, tier=number, tier_count=len(ladder), max_leverage=leverage)
            self.send(tier.replace(notional_floor_units=floor, maintenance_rate_ppb=rate))

    def open_accounts(self, units: int = FUNDS_UNITS) -> None:
        for account in CAST.values():
            self.send(OpenAccount(account=account))
            self.send(Deposit(account=account, asset=USDT, amount_units=units, reference=b"start"))

    def tell(self, table: str) -> None:
        """Play the lines in order; each must give exactly the events it names."""
        for line in _lines(table):
            action, _, expected = line.partition("|")
            events = self.act(action)
            told = "; ".join(say(event) for event in events)
            assert told == " ".join(expected.split()), (
                f"{action.strip()}\n  gave      {told}\n  expected  {expected.strip()}"
            )

    def act(self, action: str) -> list[Event]:
        """Send the command that one action line means; `mark 900 quietly` is version 1's: nobody is liquidated."""
        words = action.split()
        if words[0] == "wait":
            self.now_ns += int(words[1][:-1]) * UNITS[words[1][-1]]
            return []
        if words[0] == "mark":
            moved = SetMarkPrice(instrument=_instrument(words), mark_ticks=int(words[1]))
            return self.send(moved.replace(version=1) if "quietly" in words else moved)
        if words[0] == "state":
            return self.send(SetTradingState(instrument=_instrument(words), trading_state=TradingState[words[1]]))
        if words[0] in risk_words.MARKET_ACTIONS:
            return self.send(risk_words.MARKET_ACTIONS[words[0]](words, self.now_ns))
        if words[1] in ("buy", "sell"):
            place = order_words.place(CAST[words[0]], _instrument(words), words[1:], _options(words), self.now_ns)
            return self.send(place)
        if words[1] == "gives":
            options = _options(words)
            return self.send(risk_words.transfer(CAST[words[0]], CAST[options["to"]], words[1:], options))
        build = ACTIONS[words[1]]
        return self.send(build(CAST[words[0]], words[1:], _options(words)))

    def query(self, kind: QueryKind, name: str = "", **fields: Any) -> tuple[list[Any], list[Any]]:
        request = Query(kind=kind, account=CAST.get(name, NOBODY if name else 0), **fields)
        header, first, second = decode_answer(self.engine.query(request.pack()))
        assert (header.seq, header.time_ns) == (self.engine.seq, self.engine.time_ns)
        return first, second

    def book(self, instrument: int = BTC) -> str:
        """`5@999 3@998 / 2@1001`: bids best first, then asks best first."""
        bids, asks = self.query(QueryKind.DEPTH, instrument=instrument)
        text = (" ".join(f"{level.quantity_lots}@{level.price_ticks}" for level in side) for side in (bids, asks))
        return " / ".join(text).strip()

    def balance(self, name: str) -> BalanceView:
        return self.query(QueryKind.ACCOUNT, name)[0][0]

    def wallet(self, name: str) -> int:
        return self.balance(name).wallet_units

    def position(self, name: str, instrument: int = BTC) -> PositionView:
        return next(p for p in self.query(QueryKind.ACCOUNT, name)[1] if p.instrument == instrument)

    def leg(self, name: str, leg: str, instrument: int = BTC) -> PositionView:
        """The `long`, `short` or `both` leg."""
        legs = [p for p in self.query(QueryKind.ACCOUNT, name)[1] if p.instrument == instrument]
        return next(p for p in legs if p.position_side == order_words.LEGS[leg])

    def holds(self, name: str, instrument: int = BTC) -> tuple[int, int]:
        """(position in lots, its cost in units)."""
        position = self.position(name, instrument)
        return position.position_lots, position.cost_units

    def orders(self, name: str, instrument: int = BTC) -> str:
        """`#1 5@999 #2 3@998` by order_id: leaves and price of what is open."""
        views: list[OrderView] = self.query(QueryKind.OPEN_ORDERS, name, instrument=instrument)[0]
        return " ".join(f"#{o.order_id} {o.quantity_lots - o.filled_lots}@{o.price_ticks}" for o in views)

    def key(self, name: str, text: str) -> ClientIdView | None:
        known = self.query(QueryKind.ORDER, name, client_order_id=text.encode())[1]
        return known[0] if known else None

    def said(self) -> str:
        """The last command's events in words."""
        return "; ".join(say(event) for event in self.events)

    def fills(self) -> list[OrderFilled]:
        """The fills of the last command."""
        return [event for event in self.events if isinstance(event, OrderFilled)]

    def levels(self) -> str:
        """The last command's level changes, as `bid 5@999` texts."""
        changed = decode_levels(self.engine.levels())
        return "; ".join(f"{('bid', 'ask')[c.side]} {c.quantity_lots}@{c.price_ticks}" for c in changed)


def _lines(table: str) -> Iterator[str]:
    for line in table.splitlines():
        if line.strip() and not line.strip().startswith("//"):
            yield line


def _options(words: list[str]) -> dict[str, str]:
    return dict(word.split("=", 1) for word in words if "=" in word)


def _instrument(words: list[str]) -> int:
    return ETH if "on=eth" in words else BTC


def _named(words: list[str], options: dict[str, str]) -> dict[str, Any]:
    number = next((int(word[1:]) for word in words if word.startswith("#")), 0)
    return {"order_id": number, "client_order_id": options.get("id", "").encode()}


def _cancel(account: int, words: list[str], options: dict[str, str]) -> Command:
    """`cancel #3`, `cancel id=a`, `cancel all`, `cancel everywhere`."""
    if words[1] in {"all", "everywhere"}:
        return CancelAllOrders(account=account, instrument=_instrument(words) if words[1] == "all" else 0)
    return CancelOrder(account=account, instrument=_instrument(words), **_named(words, options))


def _amend(account: int, words: list[str], options: dict[str, str]) -> Command:
    """`amend #3 to 5 @ 1000`."""
    at = words.index("to")
    price, lots = int(words[words.index("@") + 1]), int(words[at + 1])
    named = _named(words, options)
    return AmendOrder(account=account, instrument=_instrument(words), price_ticks=price, quantity_lots=lots, **named)


def _money(account: int, words: list[str], options: dict[str, str]) -> Command:
    """`deposit 100 ref=a`, `withdraw 100 ref=a`."""
    command = Deposit if words[0] == "deposit" else Withdraw
    reference = options.get("ref", "").encode()
    return command(
        account=account, asset=int(options.get("asset", "1")), amount_units=int(words[1]), reference=reference
    )


def _leverage(account: int, words: list[str], options: dict[str, str]) -> Command:
    return SetLeverage(account=account, instrument=_instrument(words), leverage=int(words[1]))


def _terms(account: int, words: list[str], options: dict[str, str]) -> Command:
    """`is FROZEN`, `is ACTIVE group=9 fees=-100:500`, `is FROZEN quietly`: version 2's, orders stay."""
    maker, taker = (int(fee) for fee in options.get("fees", "0:0").split(":"))
    command = OpenAccount(account=account, account_state=AccountState[words[1]], group=int(options.get("group", "0")))
    command = command.replace(maker_fee_ppb=maker, taker_fee_ppb=taker, fee_override=int("fees" in options))
    return command.replace(version=2) if "quietly" in words else command


def _countdown(account: int, words: list[str], options: dict[str, str]) -> Command:
    """`countdown 30` seconds for one instrument, `countdown 30 everywhere`."""
    instrument = 0 if "everywhere" in words else _instrument(words)
    return SetCountdown(account=account, instrument=instrument, countdown_ns=int(words[1]) * SECOND_NS)


def _limits(account: int, words: list[str], options: dict[str, str]) -> Command:
    """`limits lots=5 worth=500000 orders=3`, `limits everywhere lots=5`; what is left out is without limit."""
    return SetAccountLimits(
        account=account,
        instrument=0 if "everywhere" in words else _instrument(words),
        max_position_notional_units=int(options.get("worth", "0")),
        max_position_lots=int(options.get("lots", "0")),
        max_open_orders=int(options.get("orders", "0")),
    )


ACTIONS: dict[str, Callable[[int, list[str], dict[str, str]], Command]] = {
    "cancel": _cancel,
    "amend": _amend,
    "deposit": _money,
    "withdraw": _money,
    "leverage": _leverage,
    "is": _terms,
    "countdown": _countdown,
    "limits": _limits,
    **risk_words.ACTIONS,
}
