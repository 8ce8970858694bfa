"""A street of people on one compiled engine: their orders become a journal, the journal becomes rows, services see both.

Everything is the real thing but the socket between Django and the engine. Cast: alice, bob, carol, dave, maker.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group

from apps.accounts.services import create_account, open_account
from apps.assets.services import define_asset
from apps.backoffice.demo_market import ASSETS, INSTRUMENTS
from apps.bridge.errors import MatcherUnavailable
from apps.bridge.replies import own_events
from apps.instruments.selectors import get_instrument
from apps.instruments.services import define_instrument, push_definitions
from apps.projection.follower import Follower
from apps.projection.journal import open_journal
from apps.users.models import User
from matcher.core.engine import Engine
from matcher.protocol.codec import decode_answer, decode_events
from matcher.protocol.commands import (
    CancelOrder,
    Command,
    DefineMarketRules,
    Deposit,
    PlaceOrder,
    SetMarkPrice,
    Withdraw,
)
from matcher.protocol.enums import OrderType, Side, TimeInForce
from matcher.protocol.events import Event, OrderAccepted
from matcher.protocol.views import LimitsView, PositionView, Query, QueryKind
from tests.support.journals import JournalWriter
from tests.support.story import START_NS, Batch

PEOPLE = ("alice", "bob", "carol", "dave", "maker")
BTC, ETH = 1, 2
MARK_TICKS = 500_000  # 50,000.0
MS = 1_000_000


class Street:
    """Time passes only by `wait`. What is done reaches the rows by `settle`."""

    def __init__(self, writer: JournalWriter, journal_url: str) -> None:
        self.engine: Any = Engine()
        self.writer, self.journal_url = writer, journal_url
        self.seq, self.now_ns, self.down = 0, START_NS, False
        self.sent: list[Command] = []
        self.unwritten: list[Batch] = []
        self.accounts: dict[str, int] = {}
        self.users: dict[str, int] = {}
        self._references = 0

    def open(self, instruments: int = 2) -> None:
        """Rows and engine know the market, the people and a mark price."""
        for asset_id, code, name, decimals in ASSETS:
            define_asset(asset_id=asset_id, code=code, name=name, decimals=decimals)
        for terms in INSTRUMENTS[:instruments]:
            define_instrument(terms=terms)
        push_definitions()
        for name in PEOPLE:
            user = User.objects.create(email=f"{name}@example.com", password="!")
            self.users[name] = user.pk
            self.accounts[name] = create_account(user_id=user.pk).id
            open_account(account_id=self.accounts[name])
            self.deposit(name, 10_000_000)
        Group.objects.get_or_create(name="market_maker")[0].user_set.add(self.users["maker"])
        for instrument in range(1, instruments + 1):
            self.send(DefineMarketRules(instrument=instrument))  # no mark grows too old, no breaker
            self.mark(MARK_TICKS, instrument=instrument)

    def send(self, command: Command, timeout_s: float = 0.0) -> list[Event]:
        """As the bridge does: the command's own events."""
        if self.down:
            raise MatcherUnavailable("down")
        self.seq += 1
        self.now_ns += 1000
        packed = command.replace(seq=self.seq, time_ns=self.now_ns).pack()
        events = self.engine.process(packed)
        self.unwritten.append(Batch(self.seq, self.seq, self.now_ns, packed, events))
        self.sent.append(command)
        return own_events(decode_events(events))

    def query(self, query: Query, timeout_s: float = 0.0) -> Any:
        if self.down:
            raise MatcherUnavailable("down")
        return decode_answer(self.engine.query(query.pack()))

    def wait(self, ms: float) -> None:
        self.now_ns += int(ms * MS)

    def settle(self) -> None:
        """The rows catch up."""
        self.writer.execute("BEGIN")
        self.writer.append(self.unwritten)
        self.writer.execute("COMMIT")
        self.unwritten.clear()
        journal = open_journal(self.journal_url)
        try:
            follower = Follower(journal)
            follower.attach()
            follower.catch_up()
        finally:
            journal.close()

    def mark(self, ticks: int, index_ticks: int = 0, instrument: int = BTC) -> None:
        self.send(SetMarkPrice(instrument=instrument, mark_ticks=ticks, index_ticks=index_ticks or ticks))

    def deposit(self, name: str, amount: int) -> None:
        self._references += 1
        reference = f"street-{self._references}".encode()
        self.send(Deposit(account=self.accounts[name], asset=1, amount_units=amount * 10**8, reference=reference))

    def withdraw(self, name: str, amount: int) -> None:
        self._references += 1
        reference = f"street-{self._references}".encode()
        self.send(Withdraw(account=self.accounts[name], asset=1, amount_units=amount * 10**8, reference=reference))

    def place(
        self,
        name: str,
        side: Side,
        lots: int,
        ticks: int = MARK_TICKS,
        *,
        instrument: int = BTC,
        time_in_force: int = TimeInForce.GTC,
        **more: Any,
    ) -> int:
        """The number of a limit order, which was accepted."""
        command = PlaceOrder(
            account=self.accounts[name],
            instrument=instrument,
            side=side,
            order_type=OrderType.LIMIT,
            time_in_force=time_in_force,
            price_ticks=ticks,
            quantity_lots=lots,
            **more,
        )
        first = self.send(command)[0]
        assert isinstance(first, OrderAccepted), first
        return int(first.order_id)

    def refusal(self, name: str, side: Side, lots: int, ticks: int = MARK_TICKS, **more: Any) -> int:
        """The RejectReason of a limit order, which was refused."""
        with pytest.raises(AssertionError) as refused:
            self.place(name, side, lots, ticks, **more)
        return int(refused.value.args[0].reason)

    def cancel(self, name: str, order_id: int, instrument: int = BTC) -> None:
        self.send(CancelOrder(account=self.accounts[name], instrument=instrument, order_id=order_id))

    def trade(self, buyer: str, seller: str, lots: int, ticks: int = MARK_TICKS, instrument: int = BTC) -> None:
        """The seller rests, the buyer takes."""
        self.place(seller, Side.SELL, lots, ticks, instrument=instrument, self_trade_prevention=0)
        self.place(buyer, Side.BUY, lots, ticks, instrument=instrument, self_trade_prevention=0)

    def position(self, name: str, instrument: int = BTC) -> int:
        """Signed lots, as the engine has them."""
        _, _, views = self.query(Query(kind=QueryKind.ACCOUNT, account=self.accounts[name]))
        return sum(
            view.position_lots for view in views if isinstance(view, PositionView) and view.instrument == instrument
        )

    def limits(self) -> list[tuple[int, int, int, int, int]]:
        """(account, instrument, notional, lots, orders) of every limit the engine knows."""
        _, views, _ = self.query(Query(kind=QueryKind.LIMITS))
        return [
            (
                view.account,
                view.instrument,
                view.max_position_notional_units,
                view.max_position_lots,
                view.max_open_orders,
            )
            for view in views
            if isinstance(view, LimitsView)
        ]

    @property
    def spec(self) -> Any:
        return get_instrument("BTCUSDT")


@pytest.fixture
def street(db: None, journal: JournalWriter, journal_url: str, monkeypatch: pytest.MonkeyPatch) -> Street:
    one = Street(journal, journal_url)
    monkeypatch.setattr("apps.bridge.services.send", one.send)
    monkeypatch.setattr("apps.bridge.services.query", one.query)
    one.open()
    one.settle()
    return one
