"""A seeded trading story: random but lively commands through an engine, as journal batches.

The same seed tells the same story. Cast: accounts 1..n, two instruments settled in asset 1.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Protocol

from matcher.protocol.codec import decode_events
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
    PlaceOrder,
    SetLeverage,
    SetMarkPrice,
    Withdraw,
)
from matcher.protocol.enums import OrderFlag, OrderType, Side, TimeInForce, TradingState
from matcher.protocol.events import OrderAccepted

START_NS = 1_795_181_007_000_000_000
ASSET = 1
MARKS = {1: 50_000, 2: 30_000}
TICK_LOT_UNITS = {1: 10_000, 2: 1_000_000}


class Engine(Protocol):
    def process(self, commands: bytes) -> bytes: ...
    def query(self, request: bytes) -> bytes: ...


@dataclass(frozen=True)
class Batch:
    """What one journal row holds."""

    first_seq: int
    last_seq: int
    time_ns: int
    commands: bytes
    events: bytes


@dataclass
class Story:
    """Feeds `engine` and keeps the batches it made."""

    engine: Engine
    seed: int = 1
    accounts: int = 6
    step_ns: int = 200_000_000
    seq: int = 0
    time_ns: int = START_NS
    batches: list[Batch] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._marks = dict(MARKS)
        self._order_ids = 0

    def apply(self, commands: list[Command]) -> Batch:
        """Stamp the commands and process them as one batch."""
        first_seq = self.seq + 1
        packed = []
        for command in commands:
            self.seq += 1
            self.time_ns += self._random.randrange(self.step_ns)
            packed.append(command.replace(seq=self.seq, time_ns=self.time_ns).pack())
        joined = b"".join(packed)
        batch = Batch(first_seq, self.seq, self.time_ns, joined, self.engine.process(joined))
        self._order_ids += sum(isinstance(event, OrderAccepted) for event in decode_events(batch.events))
        self.batches.append(batch)
        return batch

    def open(self) -> Batch:
        """Definitions, accounts with money, marks."""
        commands: list[Command] = [DefineAsset(asset=ASSET)]
        for instrument, mark in MARKS.items():
            commands += [_instrument(instrument), *_tiers(instrument)]
            commands.append(SetMarkPrice(instrument=instrument, mark_ticks=mark, index_ticks=mark))
        for account in range(1, self.accounts + 1):
            commands.append(OpenAccount(account=account, group=1 if account <= 2 else 0))
            commands.append(
                Deposit(account=account, asset=ASSET, amount_units=10**14, reference=f"first-{account}".encode())
            )
        return self.apply(commands)

    def go_on(self, batches: int, batch_max: int = 12) -> None:
        for _ in range(batches):
            self.apply([self._command() for _ in range(self._random.randint(1, batch_max))])

    def _command(self) -> Command:
        dice = self._random
        account, instrument = dice.randint(1, self.accounts), dice.choice(list(MARKS))
        roll = dice.random()
        if roll < 0.66:
            return self._order(account, instrument)
        if roll < 0.76:
            return CancelOrder(account=account, instrument=instrument, order_id=self._some_order())
        if roll < 0.84:
            return AmendOrder(
                account=account,
                instrument=instrument,
                order_id=self._some_order(),
                price_ticks=self._price(instrument),
                quantity_lots=dice.randint(1, 60),
            )
        if roll < 0.86:
            return CancelAllOrders(account=account, instrument=dice.choice([0, instrument]))
        if roll < 0.88:
            return SetLeverage(account=account, instrument=instrument, leverage=dice.randint(5, 50))
        if roll < 0.94:
            return self._money(account)
        self._marks[instrument] += dice.randint(-20, 20)
        mark = self._marks[instrument]
        return SetMarkPrice(
            instrument=instrument,
            mark_ticks=mark,
            index_ticks=mark + dice.randint(-3, 3),
            funding_rate_ppb=dice.randint(-1000, 1000),
            next_funding_ns=START_NS + 8 * 3_600 * 10**9,
        )

    def _order(self, account: int, instrument: int) -> PlaceOrder:
        dice = self._random
        market = dice.random() < 0.15
        named = dice.random() < 0.5
        return PlaceOrder(
            account=account,
            instrument=instrument,
            price_ticks=0 if market else self._price(instrument),
            quantity_lots=dice.randint(1, 50),
            side=dice.choice(list(Side)),
            order_type=OrderType.MARKET if market else OrderType.LIMIT,
            time_in_force=TimeInForce.GTC if market else dice.choice([0, 0, 0, 1, 2, 3]),
            flags=OrderFlag.REDUCE_ONLY if dice.random() < 0.1 else 0,
            self_trade_prevention=dice.randint(0, 3),
            client_order_id=f"c-{dice.randrange(4000)}".encode() if named else b"",
        )

    def _money(self, account: int) -> Command:
        reference = f"m-{self._random.randrange(100_000)}".encode()
        amount = self._random.randint(1, 10**11)
        if self._random.random() < 0.5:
            return Deposit(account=account, asset=ASSET, amount_units=amount, reference=reference)
        return Withdraw(account=account, asset=ASSET, amount_units=amount, reference=reference)

    def _price(self, instrument: int) -> int:
        return self._marks[instrument] + self._random.randint(-15, 15)

    def _some_order(self) -> int:
        return self._random.randint(max(1, self._order_ids - 40), max(1, self._order_ids))


def _instrument(instrument: int) -> DefineInstrument:
    return DefineInstrument(
        instrument=instrument,
        settlement_asset=ASSET,
        trading_state=TradingState.ACTIVE,
        price_band_ppm=50_000,
        tick_lot_units=TICK_LOT_UNITS[instrument],
        max_price_ticks=1_000_000,
        min_quantity_lots=1,
        max_quantity_lots=1_000_000,
        max_market_quantity_lots=1_000_000,
        min_notional_units=0,
        market_band_ppm=50_000,
        max_open_orders=200,
        maker_fee_ppb=-50_000 if instrument == 2 else 200_000,
        taker_fee_ppb=500_000,
        liquidation_fee_ppb=12_500_000,
        default_leverage=20,
    )


def _tiers(instrument: int) -> list[DefineRiskTier]:
    rows = [(0, 4_000_000, 100), (10**16, 5_000_000, 75), (10**17, 10_000_000, 40)]
    return [
        DefineRiskTier(
            instrument=instrument,
            tier=i,
            tier_count=len(rows),
            notional_floor_units=floor,
            maintenance_rate_ppb=rate,
            max_leverage=leverage,
        )
        for i, (floor, rate, leverage) in enumerate(rows)
    ]
