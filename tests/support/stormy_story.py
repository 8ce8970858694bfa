"""A seeded story of version 2: thin accounts, high leverage and marks that jump, so that everything happens.

Legs and modes, orders that wait, funding, liquidations, deleveraging, insurance, transfers, conversions, breakers.
"""

from __future__ import annotations

from dataclasses import dataclass

from matcher.protocol.commands import (
    AdjustIsolatedMargin,
    Command,
    DefineAsset,
    DefineCollateral,
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
    SetMultiAssets,
    SetPositionMode,
    SettleFunding,
    SettleInstrument,
    Sweep,
    Transfer,
)
from matcher.protocol.enums import OrderFlag, OrderType, PositionSide, Side, TimeInForce
from tests.support.story import ASSET, MARKS, Batch, Story

COIN = 2
WHOLE = 10**8
THIN_UNITS = 20_000 * WHOLE
FUND_UNITS = 2_000 * WHOLE


@dataclass
class StormyStory(Story):
    """Account `accounts` is the insurance fund of both assets; the two before it keep two assets together."""

    accounts: int = 9

    @property
    def fund(self) -> int:
        return self.accounts

    def open(self) -> Batch:
        first = super().open()
        rules = DefineMarketRules(
            impact_notional_units=2_000 * WHOLE,
            breaker_move_ppm=90_000,
            breaker_window_ns=5 * 10**9,
            breaker_halt_ns=2 * 10**9,
            funding_hours=1,
        )
        commands: list[Command] = [DefineAsset(asset=COIN)]
        commands += [rules.replace(instrument=instrument) for instrument in MARKS]
        commands += [
            DefineCollateral(asset=ASSET, price_units=WHOLE),
            DefineCollateral(asset=COIN, price_units=50 * WHOLE, haircut_ppb=50_000_000),
            OpenAccount(account=self.fund),
            SetInsuranceFund(account=self.fund, asset=ASSET),
            SetInsuranceFund(account=self.fund, asset=COIN),
        ]
        given: dict[int, int] = {}
        for account in range(1, self.fund):
            left = 10 * WHOLE if account >= self.fund - 2 else THIN_UNITS
            given[account] = 10**14 - left
            commands.append(_transfer(account, self.fund, given[account], b"thin"))
        commands.append(_transfer(self.fund, 1, 10**14 + sum(given.values()) - FUND_UNITS, b"rich"))
        for account in (self.fund - 1, self.fund - 2):
            commands.append(Deposit(account=account, asset=COIN, amount_units=900 * WHOLE, reference=b"coin"))
            commands.append(SetMultiAssets(account=account, multi_assets=1))
        for account in range(2, self.fund):
            for instrument in MARKS:
                if account % 3 == 2:
                    commands.append(SetMarginMode(account=account, instrument=instrument, margin_mode=1))
                commands.append(SetLeverage(account=account, instrument=instrument, leverage=40))
            if account % 4 == 3:
                commands.append(SetPositionMode(account=account, position_mode=1))
        self.apply(commands)
        return first

    def _command(self) -> Command:
        dice = self._random
        roll = dice.random()
        account, instrument = dice.randint(1, self.fund - 1), dice.choice(list(MARKS))
        if roll < 0.62:
            return self._stormy_order(account, instrument)
        if roll < 0.70:
            return self._jump(instrument)
        if roll < 0.73:
            return self._funding(instrument)
        if roll < 0.75:
            return Sweep(instrument=dice.choice([0, instrument]))
        if roll < 0.80:
            return self._setting(account, instrument)
        return super()._command()

    def _stormy_order(self, account: int, instrument: int) -> PlaceOrder:
        dice = self._random
        kind = dice.choice([0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6])
        market = kind in {1, 3, 5, 6}
        waits = kind >= OrderType.STOP
        side = dice.choice(list(Side))
        price = self._price(instrument)
        hedge = account % 4 == 3
        leg = dice.choice([PositionSide.LONG, PositionSide.SHORT]) if hedge else PositionSide.BOTH
        closing = kind in {3, 5} and dice.random() < 0.3
        reduce_only = not hedge and not closing and dice.random() < 0.1
        flags = OrderFlag.CLOSE_POSITION if closing else OrderFlag.REDUCE_ONLY if reduce_only else 0
        bracket = kind < OrderType.STOP and not flags and dice.random() < 0.2
        good_till = kind == 0 and dice.random() < 0.1
        return PlaceOrder(
            account=account,
            instrument=instrument,
            price_ticks=0 if market else price,
            quantity_lots=0 if closing else dice.randint(1, 400),
            side=side,
            order_type=kind,
            time_in_force=TimeInForce.GTD if good_till else TimeInForce.GTC,
            good_till_ns=self.time_ns + 10**10 if good_till else 0,
            flags=flags,
            position_side=leg,
            working_type=dice.randint(0, 1),
            trigger_ticks=price + dice.randint(-200, 200) if waits else 0,
            callback_ppm=dice.randint(1000, 9000) if kind == OrderType.TRAILING_STOP_MARKET else 0,
            take_profit_ticks=price + (300 if side == Side.BUY else -300) if bracket else 0,
            stop_loss_ticks=price - (300 if side == Side.BUY else -300) if bracket else 0,
            linked_order_id=self._some_order() if not bracket and dice.random() < 0.1 else 0,
            client_order_id=f"s-{dice.randrange(9000)}".encode() if dice.random() < 0.3 else b"",
        )

    def _jump(self, instrument: int) -> SetMarkPrice:
        dice = self._random
        far = MARKS[instrument] // (10 if dice.random() < 0.1 else 60)
        middle = MARKS[instrument]
        self._marks[instrument] = max(middle // 2, self._marks[instrument] + dice.randint(-far, far))
        mark = self._marks[instrument]
        return SetMarkPrice(instrument=instrument, mark_ticks=mark, index_ticks=mark + dice.randint(-30, 30))

    def _funding(self, instrument: int) -> Command:
        if self._random.random() < 0.7:
            return SampleFunding(instrument=instrument, sample_ns=self.time_ns)
        return SettleFunding(instrument=instrument, funding_ns=self.time_ns, next_funding_ns=self.time_ns + 10**13)

    def _setting(self, account: int, instrument: int) -> Command:
        dice = self._random
        amount = dice.randint(1, 500) * WHOLE
        return dice.choice(
            [
                AdjustIsolatedMargin(
                    account=account,
                    instrument=instrument,
                    amount_units=dice.choice([amount, -amount]),
                    position_side=dice.randint(0, 2),
                ),
                _transfer(1, account, amount, f"t-{dice.randrange(10**6)}".encode()),
                SetCountdown(account=account, instrument=instrument, countdown_ns=10**9),
                SetMarginMode(account=account, instrument=instrument, margin_mode=dice.randint(0, 1)),
                SetLeverage(account=account, instrument=instrument, leverage=dice.randint(10, 80)),
                DefineCollateral(asset=COIN, price_units=dice.randint(20, 60) * WHOLE, haircut_ppb=50_000_000),
            ]
        )

    def close_market(self, instrument: int) -> Batch:
        """Delist the instrument at its last mark."""
        return self.apply([SettleInstrument(instrument=instrument, price_ticks=self._marks[instrument])])


def _transfer(giver: int, taker: int, amount_units: int, reference: bytes) -> Transfer:
    return Transfer(account=giver, to_account=taker, asset=ASSET, amount_units=amount_units, reference=reference)
