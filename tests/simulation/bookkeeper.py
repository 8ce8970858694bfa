"""Books kept from events alone: wallets, legs, fees, deposits; compared with the engine's own answers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from matcher.protocol.codec import decode_answer
from matcher.protocol.enums import EventFlag, InsuranceCause
from matcher.protocol.events import (
    AssetConverted,
    BalanceChanged,
    FundingPaid,
    FundingSettled,
    InstrumentSettled,
    InsuranceChanged,
    OrderAccepted,
    OrderFilled,
    PositionMoved,
)
from matcher.protocol.views import Query, QueryKind
from tests.reference.state import is_closing
from tests.simulation.workload import Leg, leg_of

SELL = int(EventFlag.SELL)
LIQUIDATION = int(EventFlag.LIQUIDATION)


@dataclass
class Bookkeeper:
    """Every event that moves money or a leg says what stands there after it: it must be what these books say."""

    asset_of: dict[int, int] = field(default_factory=dict)
    wallets: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    positions: dict[Leg, int] = field(default_factory=lambda: defaultdict(int))
    fees: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    external: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    closing: set[int] = field(default_factory=set)
    funding: list[int] = field(default_factory=list)
    trades: int = 0

    def book(self, events: list[Any]) -> None:
        for event in events:
            handle = _BOOKS.get(type(event))
            if handle is not None:
                handle(self, event)
        self._check_pairs([event for event in events if isinstance(event, OrderFilled)])

    def _pay(self, account: int, asset: int, units: int, then: int) -> None:
        self.wallets[account, asset] += units
        assert self.wallets[account, asset] == then, f"wallet of {account} in {asset} differs from its events"

    def _change_balance(self, event: BalanceChanged) -> None:
        self._pay(event.account, event.asset, event.amount_units, event.wallet_units)
        self.external[event.asset] += event.amount_units  # both halves of a transfer come to 0

    def _accept(self, event: OrderAccepted) -> None:
        if is_closing(event.side, event.position_side, event.order_flags):
            self.closing.add(event.order_id)

    def _hold(self, event: Any) -> tuple[int, int]:
        """The leg before and after a fill or a move."""
        leg = leg_of(event)
        before = self.positions[leg]
        self.positions[leg] += -event.quantity_lots if event.flags & SELL else event.quantity_lots
        assert self.positions[leg] == event.position_lots, "position differs from its fills"
        return before, self.positions[leg]

    def _fill(self, fill: OrderFilled) -> None:
        before, after = self._hold(fill)
        if fill.order_id in self.closing:
            assert abs(after) < abs(before), "a closing order opened"
            assert after * before >= 0, "a closing order flipped the position"
        asset = self.asset_of[fill.instrument]
        self._pay(fill.account, asset, fill.realized_pnl_units - fill.fee_units, fill.wallet_units)
        if not fill.flags & LIQUIDATION:
            self.fees[asset] += fill.fee_units

    def _move(self, move: PositionMoved) -> None:
        self._hold(move)
        self._pay(move.account, self.asset_of[move.instrument], move.realized_pnl_units, move.wallet_units)

    def _fund(self, event: FundingPaid) -> None:
        assert event.position_lots == self.positions[leg_of(event)] != 0, "funding of a leg that is not held so"
        self._pay(event.account, self.asset_of[event.instrument], event.amount_units, event.wallet_units)
        self.funding.append(event.amount_units)

    def _settle_funding(self, event: FundingSettled) -> None:
        """What was paid is what was received, but for the fractions that the house keeps."""
        paid = -sum(units for units in self.funding if units < 0)
        received = sum(units for units in self.funding if units > 0)
        assert (event.paid_units, event.received_units) == (paid, received), "funding differs from its payments"
        assert event.positions == len(self.funding), "not every leg was told of its funding"
        assert event.residue_units == paid - received >= 0, "funding made money"
        assert event.residue_units <= 2 * len(self.funding), "a residue of more than fractions"
        self.fees[self.asset_of[event.instrument]] += event.residue_units
        self.funding.clear()

    def _insure(self, event: InsuranceChanged) -> None:
        if event.detail == InsuranceCause.FUNDING_RESIDUE:
            self.fees[event.asset] -= event.amount_units  # told before FundingSettled: it is no fee income
        if event.detail in (InsuranceCause.SURPLUS, InsuranceCause.DEFICIT):
            self._pay(event.source_account, event.asset, -event.amount_units, event.source_wallet_units)
        self._pay(event.account, event.asset, event.amount_units, event.wallet_units)

    def _convert(self, event: AssetConverted) -> None:
        assert min(event.sold_units, event.bought_units) > 0, "a conversion of nothing"
        self._pay(event.account, event.sold_asset, -event.sold_units, event.sold_wallet_units)
        self._pay(event.account, event.bought_asset, event.bought_units, event.bought_wallet_units)

    def _delist(self, event: InstrumentSettled) -> None:
        held = [lots for leg, lots in self.positions.items() if leg[1] == event.instrument]
        assert not any(held), "somebody still holds what is delisted"

    def _check_pairs(self, fills: list[OrderFilled]) -> None:
        """Fills come taker first, maker second, of one trade, opposite and equal."""
        for taker, maker in zip(fills[::2], fills[1::2], strict=True):
            self.trades += 1
            assert taker.trade_id == maker.trade_id, "halves of different trades"
            assert (taker.price_ticks, taker.quantity_lots) == (maker.price_ticks, maker.quantity_lots)
            assert (taker.flags ^ maker.flags) & 6 == 6, "both halves have one side or role"

    def compare(self, engine: Any) -> None:
        """The engine's own answers say what the events said; long = short; no asset was made or lost."""
        longs: dict[int, int] = defaultdict(int)
        for account in {account for account, _ in self.wallets}:
            answer = engine.query(Query(kind=QueryKind.ACCOUNT, account=account).pack())
            _, balances, positions = decode_answer(answer)
            for balance in balances:
                assert balance.wallet_units == self.wallets[account, balance.asset], "a wallet nobody was told of"
            for position in positions:
                leg = (account, position.instrument, position.position_side)
                assert position.position_lots == self.positions[leg], "a position nobody was told of"
                longs[position.instrument] += max(0, position.position_lots)
        for instrument in decode_answer(engine.query(Query(kind=QueryKind.INSTRUMENTS).pack()))[1]:
            assert instrument.open_interest_lots == longs[instrument.instrument], "open interest differs"
            held = sum(lots for leg, lots in self.positions.items() if leg[1] == instrument.instrument)
            assert held == 0, "longs differ from shorts"
        for house in decode_answer(engine.query(Query(kind=QueryKind.ASSETS).pack()))[1]:
            self._compare_house(house)

    def _compare_house(self, house: Any) -> None:
        wallets = sum(units for (_, asset), units in self.wallets.items() if asset == house.asset)
        assert house.external_units == self.external[house.asset], "external differs from deposits"
        assert house.fee_income_units == self.fees[house.asset], "fee income differs from fees"
        total = wallets + house.fee_income_units + house.clearing_units + house.conversion_units
        assert total == house.external_units, "money was made or lost"


_BOOKS: dict[type, Any] = {
    BalanceChanged: Bookkeeper._change_balance,
    OrderAccepted: Bookkeeper._accept,
    OrderFilled: Bookkeeper._fill,
    PositionMoved: Bookkeeper._move,
    FundingPaid: Bookkeeper._fund,
    FundingSettled: Bookkeeper._settle_funding,
    InsuranceChanged: Bookkeeper._insure,
    AssetConverted: Bookkeeper._convert,
    InstrumentSettled: Bookkeeper._delist,
}
