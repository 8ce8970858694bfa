"""Load of version 2: conditional orders, marks that liquidate, funding, sweeps, countdowns, whatever happens to the matcher."""

from __future__ import annotations

import asyncio
import random
import time

from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from matcher.core.engine import Engine
from matcher.protocol.codec import decode_events
from matcher.protocol.commands import (
    Command,
    DefineMarketRules,
    Deposit,
    OpenAccount,
    PlaceOrder,
    SampleFunding,
    SetCountdown,
    SetInsuranceFund,
    SetLeverage,
    SetMarginMode,
    SetMarkPrice,
    SetPositionMode,
    SettleFunding,
    Sweep,
)
from matcher.protocol.enums import OrderFlag, OrderType, PositionSide, Side, TimeInForce
from matcher.runtime.journal import Journal, open_journal
from matcher.runtime.replay import recover
from matcher.runtime.snapshot import open_snapshots
from tests.chaos.load import ANSWER_SECONDS_MAX, TRADERS, Traders
from tests.support.market import INSTRUMENT, MARK_TICKS, USDT, opening, order
from tests.support.pace import PATIENCE_S

GAMBLERS = range(TRADERS + 1, TRADERS + 17)
FUND = TRADERS + 30
STAKE_UNITS = 3 * 10**10  # a little more than the margin of one bet
LOTS = 4_000
GAP_TICKS = 2_000  # several times what a gambler's stake can bear


class Storm(Traders):
    """The traders, some of whose orders wait for prices; gamblers at full leverage; a house that moves the mark."""

    def __init__(self, url: str, seed: int) -> None:
        super().__init__(url)
        self.dice = random.Random(seed)
        self.mark_ticks = MARK_TICKS

    async def start(self) -> None:
        await self.client.start(PATIENCE_S)
        await asyncio.gather(*(self.client.submit(command.pack(), PATIENCE_S) for command in self._opening()))
        self._tasks = [asyncio.create_task(self._trade(account)) for account in range(1, TRADERS + 1)]
        self._tasks += [asyncio.create_task(self._gamble(account)) for account in GAMBLERS]
        self._tasks.append(asyncio.create_task(self._keep_house()))

    def _opening(self) -> list[Command]:
        rules = DefineMarketRules(instrument=INSTRUMENT, impact_notional_units=10**10, funding_hours=1)
        commands = [*opening(TRADERS), rules, OpenAccount(account=FUND)]
        commands.append(Deposit(account=FUND, asset=USDT, amount_units=10**10, reference=b"fund"))
        commands.append(SetInsuranceFund(account=FUND, asset=USDT))
        for account in GAMBLERS:
            commands += [OpenAccount(account=account), SetLeverage(account=account, instrument=INSTRUMENT, leverage=90)]
            if account % 3 == 0:
                commands.append(SetMarginMode(account=account, instrument=INSTRUMENT, margin_mode=1))
            if account % 3 == 1:
                commands.append(SetPositionMode(account=account, position_mode=1))
        return commands

    def order_of(self, account: int, number: int, client_order_id: bytes) -> PlaceOrder:
        """Two in ten wait for a price, one of them behind a trail; some of the others bring children."""
        side = Side.BUY if number % 2 else Side.SELL
        plain = order(account, side, price_ticks=self.mark_ticks + number % 7 - 3, client_order_id=client_order_id)
        if number % 10 == 3:
            away = self.dice.randint(20, 600)
            trigger = self.mark_ticks + away if side == Side.BUY else self.mark_ticks - away
            return plain.replace(order_type=OrderType.STOP_MARKET, price_ticks=0, trigger_ticks=trigger, working_type=1)
        if number % 10 == 6:
            return plain.replace(order_type=OrderType.TRAILING_STOP_MARKET, price_ticks=0, callback_ppm=5_000)
        if number % 10 == 7:
            sign = 1 if side == Side.BUY else -1
            return plain.replace(
                take_profit_ticks=self.mark_ticks + sign * 200, stop_loss_ticks=self.mark_ticks - sign * 200
            )
        return plain

    async def _gamble(self, account: int) -> None:
        """All on one side at full leverage against a gambler of the other side; new stakes when they are gone."""
        side = Side.BUY if account % 2 else Side.SELL
        legs = {Side.BUY: PositionSide.LONG, Side.SELL: PositionSide.SHORT}
        number = 0
        while True:
            number += 1
            stake = Deposit(account=account, asset=USDT, amount_units=STAKE_UNITS, reference=b"s%d" % time.time_ns())
            bet = order(account, side, price_ticks=self.mark_ticks, quantity_lots=LOTS, time_in_force=TimeInForce.GTC)
            if account % 3 == 1:
                bet = bet.replace(position_side=legs[side])
            stop = bet.replace(
                side=1 - side, order_type=OrderType.STOP_MARKET, price_ticks=0, working_type=1, quantity_lots=0,
                flags=OrderFlag.CLOSE_POSITION,
                trigger_ticks=self.mark_ticks + (-900 if side == Side.BUY else 900),
            )  # fmt: skip
            commands: list[Command] = [stake, bet] if number % 3 else [stake, bet, stop]
            if number % 5 == 0:
                commands.append(SetCountdown(account=account, instrument=INSTRUMENT, countdown_ns=50_000_000))
            await self._tell(commands)
            await self._wait_traded(100)

    async def _keep_house(self) -> None:
        """A mark that wanders and every fifth time leaves a gap, a sample, funding and a sweep now and then."""
        number = 0
        while True:
            number += 1
            step = self.dice.choice((-GAP_TICKS, GAP_TICKS)) if number % 5 == 0 else self.dice.randint(-120, 120)
            self.mark_ticks = max(40_000, min(60_000, self.mark_ticks + step))
            now = time.time_ns()
            commands: list[Command] = [
                SetMarkPrice(instrument=INSTRUMENT, mark_ticks=self.mark_ticks, index_ticks=self.mark_ticks - 5),
                SampleFunding(instrument=INSTRUMENT, sample_ns=now - 1_000_000),
            ]
            if number % 7 == 0:
                due = SettleFunding(instrument=INSTRUMENT, funding_ns=now - 1_000_000, next_funding_ns=now + 10**12)
                commands += [due, due, Sweep()]
            await self._tell(commands)
            await self._wait_traded(40)

    async def _wait_traded(self, orders: int) -> None:
        """The storm moves with the traders, however fast this machine lets them go."""
        goal = len(self.acknowledged) + orders
        while len(self.acknowledged) < goal:
            await asyncio.sleep(0.001)

    async def _tell(self, commands: list[Command]) -> None:
        """Send them at once, in their order; what has no answer is forgotten, who is cut off waits."""
        answers = await asyncio.gather(
            *(self.client.send(command, ANSWER_SECONDS_MAX) for command in commands), return_exceptions=True
        )
        for answer in answers:
            if isinstance(answer, MatcherUnavailable):
                await self._link()
            elif isinstance(answer, BaseException) and not isinstance(answer, OutcomeUnknown):
                raise answer


class Witness:
    """A replay of the whole journal, row by row and never from a snapshot, to compare every recovery with."""

    def __init__(self, journal_url: str) -> None:
        self.journal_url = journal_url
        self.engine = Engine()
        self.kinds: set[str] = set()

    def compare(self) -> int:
        """The recovered engine has the digest of the full replay; the sequence where. Call it while no matcher runs."""
        journal, snapshots = open_journal(self.journal_url), open_snapshots(self.journal_url)
        try:
            self._replay(journal)
            recovered = recover(journal, snapshots, Engine)
            self._replay(journal)  # what a dead matcher had sent its database may be committed a moment later
            if recovered.engine.seq < self.engine.seq:
                recovered = recover(journal, snapshots, Engine)
            assert recovered.engine.seq == self.engine.seq
            assert recovered.engine.digest() == self.engine.digest(), f"recovered otherwise at {self.engine.seq}"
            self.engine.check()
        finally:
            journal.close()
            snapshots.close()
        return int(self.engine.seq)

    def _replay(self, journal: Journal) -> None:
        for row in journal.rows(self.engine.seq):
            assert self.engine.process(row.commands) == row.events, f"row {row.first_seq} replays otherwise"
            self.kinds |= {type(event).__name__ for event in decode_events(row.events)}
