"""Aim: the compiled engine and its naive twin are one state machine.

Method: the same bytes go to both; events, level changes, dump, digest and every answer must be equal, and
check() must hold on both, after every single command. Hypothesis looks for short counterexamples over a
small vocabulary; seeded workloads bring long lives with retention, restarts and hostile bytes.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from matcher.protocol.commands import (
    AdjustIsolatedMargin,
    AmendOrder,
    CancelAllOrders,
    CancelOrder,
    Command,
    DefineAsset,
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
    SettleInstrument,
    SetTradingState,
    Sweep,
    Transfer,
    Withdraw,
)
from matcher.protocol.enums import TradingState
from tests.reference.engine import ReferenceEngine
from tests.scenarios.story import BTC, BTC_TERMS, ETH, LADDER, Story
from tests.simulation.pair import Pair
from tests.simulation.run import Tally, run_seed
from tests.simulation.workload import Workload

accounts = st.integers(1, 3)
instruments = st.sampled_from([BTC, BTC, ETH])
sides = st.integers(0, 1)
prices = st.integers(995, 1005) | st.sampled_from([899, 900, 949, 950, 1050, 1051, 1100, 1101])
lots = st.integers(1, 12) | st.sampled_from([0, 199, 200, 201, 500, 501, 1000, 1001])
names = st.sampled_from([b"", b"", b"a", b"b"])
DAY_NS = 86_400 * 10**9


def new_core() -> Any:
    from matcher.core.engine import Engine

    return Engine()


class Agreement(RuleBasedStateMachine):
    """Three accounts (two of one group) on two instruments, every command kind, restarts at any point."""

    def __init__(self) -> None:
        super().__init__()
        self.pair = Pair(new_core(), ReferenceEngine())
        self.now_ns = DAY_NS
        self.order_ids = 1

    def send(self, command: Any) -> None:
        self.send_raw(command.pack())

    def send_raw(self, raw: bytes) -> None:
        stamp = Command(seq=self.pair.core.seq + 1, time_ns=self.now_ns, command_id=5).pack()
        events = self.pair.process(stamp[:24] + raw[24:])
        self.order_ids = max([self.order_ids, *(getattr(event, "order_id", 0) % 1000 for event in events)])

    @initialize(poor=st.integers(100_000, 3_000_000), ladder=st.sampled_from([LADDER, LADDER[:1]]))
    def open(self, poor: int, ladder: tuple[tuple[int, int, int], ...]) -> None:
        self.send(DefineAsset(asset=1))
        for instrument in (BTC, ETH):
            story = Story(_Sender(self))
            story.open_market(BTC_TERMS.replace(instrument=instrument, max_open_orders=4), ladder)
        for account in (1, 2, 3):
            self.send(OpenAccount(account=account, group=1 if account < 3 else 0))
            units = poor if account == 1 else 100_000_000
            self.send(Deposit(account=account, asset=1, amount_units=units, reference=b"start"))

    @rule(
        account=accounts, instrument=instruments, side=sides, price=prices, quantity=lots, name=names,
        time_in_force=st.integers(0, 3), stp=st.integers(0, 3), reduce=st.integers(0, 1),
    )  # fmt: skip
    def limit(
        self, *, account: int, instrument: int, side: int, price: int, quantity: int, name: bytes, **rest: int
    ) -> None:
        self.send(
            _order(account=account, instrument=instrument, side=side, quantity=quantity, name=name, **rest).replace(
                price_ticks=price
            )
        )

    @rule(
        account=accounts, instrument=instruments, side=sides, quantity=lots, name=names,
        time_in_force=st.integers(0, 1), stp=st.integers(0, 3), reduce=st.integers(0, 1),
    )  # fmt: skip
    def market(self, *, account: int, instrument: int, side: int, quantity: int, name: bytes, **rest: int) -> None:
        self.send(
            _order(account=account, instrument=instrument, side=side, quantity=quantity, name=name, **rest).replace(
                order_type=1
            )
        )

    @rule(account=accounts, instrument=instruments, back=st.integers(0, 5), price=prices, quantity=lots, name=names)
    def amend(self, *, account: int, instrument: int, back: int, price: int, quantity: int, name: bytes) -> None:
        order_id = 0 if name else max(0, self.order_ids - back)
        self.send(
            AmendOrder(
                account=account,
                instrument=instrument,
                order_id=order_id,
                client_order_id=name,
                price_ticks=price,
                quantity_lots=quantity,
            )
        )

    @rule(account=accounts, instrument=instruments, back=st.integers(0, 5), name=names)
    def cancel(self, account: int, instrument: int, back: int, name: bytes) -> None:
        order_id = 0 if name else max(0, self.order_ids - back)
        self.send(CancelOrder(account=account, instrument=instrument, order_id=order_id, client_order_id=name))

    @rule(account=accounts, instrument=st.sampled_from([0, BTC, ETH]))
    def cancel_all(self, account: int, instrument: int) -> None:
        self.send(CancelAllOrders(account=account, instrument=instrument))

    @rule(instrument=instruments, mark=st.integers(990, 1010) | st.sampled_from([1, 500, 910, 1090, 2000]))
    def mark(self, instrument: int, mark: int) -> None:
        self.send(SetMarkPrice(instrument=instrument, mark_ticks=mark, index_ticks=mark))

    @rule(account=accounts, units=st.integers(-1, 2_000_000), name=names, into=st.booleans())
    def money(self, account: int, units: int, name: bytes, into: bool) -> None:
        self.send((Deposit if into else Withdraw)(account=account, asset=1, amount_units=units, reference=name))

    @rule(account=accounts, instrument=instruments, leverage=st.sampled_from([0, 1, 3, 10, 11, 50, 51, 100, 101]))
    def leverage(self, account: int, instrument: int, leverage: int) -> None:
        self.send(SetLeverage(account=account, instrument=instrument, leverage=leverage))

    @rule(
        account=accounts,
        state=st.sampled_from([0, 0, 0, 1, 2]),
        fees=st.sampled_from([None, (-100_000, 0), (0, 999_999)]),
    )
    def terms(self, account: int, state: int, fees: tuple[int, int] | None) -> None:
        command = OpenAccount(account=account, account_state=state, group=1 if account < 3 else 0)
        if fees:
            command = command.replace(fee_override=1, maker_fee_ppb=fees[0], taker_fee_ppb=fees[1])
        self.send(command)

    @rule(
        account=accounts, instrument=instruments, side=sides, trigger=prices, quantity=lots, kind=st.integers(2, 6),
        price=prices, position_side=st.sampled_from([0, 0, 1, 2]), working=st.integers(0, 1),
        flags=st.sampled_from([0, 0, 1, 2, 4, 5]), seconds=st.sampled_from([0, 0, 5]),
    )  # fmt: skip
    def conditional(self, *, kind: int, trigger: int, price: int, quantity: int, flags: int, **rest: int) -> None:
        """STOP, TAKE_PROFIT and trailing orders, some good till soon."""
        trails, has_limit = kind == 6, kind in (2, 4)
        seconds = rest.pop("seconds")
        self.send(
            PlaceOrder(
                account=rest["account"],
                instrument=rest["instrument"],
                side=rest["side"],
                order_type=kind,
                trigger_ticks=trigger,
                callback_ppm=5_000 if trails else 0,
                price_ticks=price if has_limit else 0,
                quantity_lots=0 if flags & 2 else quantity,
                flags=flags,
                position_side=rest["position_side"],
                working_type=rest["working"],
                time_in_force=4 if seconds else 0,
                good_till_ns=self.now_ns + seconds * 10**9 if seconds else 0,
            )
        )

    @rule(
        account=accounts, instrument=instruments, side=sides, price=prices, quantity=st.integers(1, 12),
        position_side=st.sampled_from([0, 1, 2]), take=st.sampled_from([0, 950, 1050]), stop=st.sampled_from([0, 970, 1030]),
        back=st.integers(-1, 3),
    )  # fmt: skip
    def linked(self, *, price: int, quantity: int, take: int, stop: int, back: int, **rest: int) -> None:
        """Entries with attached orders, legs of hedge mode, and one-cancels-other pairs."""
        pairs = back >= 0 and not take and not stop
        self.send(
            PlaceOrder(
                account=rest["account"],
                instrument=rest["instrument"],
                side=rest["side"],
                position_side=rest["position_side"],
                price_ticks=price,
                quantity_lots=quantity,
                take_profit_ticks=take,
                stop_loss_ticks=stop,
                linked_order_id=max(0, self.order_ids - back) if pairs else 0,
            )
        )

    @rule(account=accounts, instrument=instruments, margin=st.integers(0, 2), position=st.integers(0, 2))
    def modes(self, account: int, instrument: int, margin: int, position: int) -> None:
        self.send(SetMarginMode(account=account, instrument=instrument, margin_mode=margin))
        self.send(SetPositionMode(account=account, position_mode=position))

    @rule(account=accounts, instrument=instruments, units=st.integers(-200_000, 200_000), side=st.integers(0, 2))
    def isolated(self, account: int, instrument: int, units: int, side: int) -> None:
        self.send(AdjustIsolatedMargin(account=account, instrument=instrument, amount_units=units, position_side=side))

    @rule(giver=accounts, taker=accounts, units=st.integers(0, 2_000_000), name=names)
    def transfer(self, giver: int, taker: int, units: int, name: bytes) -> None:
        self.send(Transfer(account=giver, to_account=taker, asset=1, amount_units=units, reference=name))

    @rule(instrument=instruments, late=st.integers(-1, 2), settle=st.booleans())
    def funding(self, instrument: int, late: int, settle: bool) -> None:
        self.send(SampleFunding(instrument=instrument, sample_ns=self.now_ns - late))
        if settle:
            until = self.now_ns + 10**12
            self.send(SettleFunding(instrument=instrument, funding_ns=self.now_ns - late, next_funding_ns=until))

    @rule(instrument=st.sampled_from([0, BTC, ETH]), fund=accounts, appoint=st.booleans())
    def sweep(self, instrument: int, fund: int, appoint: bool) -> None:
        if appoint:
            self.send(SetInsuranceFund(account=fund, asset=1))
        self.send(Sweep(instrument=instrument))

    @rule(account=accounts, instrument=st.sampled_from([0, BTC]), seconds=st.integers(0, 3))
    def countdown(self, account: int, instrument: int, seconds: int) -> None:
        self.send(SetCountdown(account=account, instrument=instrument, countdown_ns=seconds * 10**9))

    @rule(instrument=instruments, move=st.sampled_from([0, 5_000, 50_000]), age=st.sampled_from([0, 10**10]))
    def rules(self, instrument: int, move: int, age: int) -> None:
        self.send(
            DefineMarketRules(
                instrument=instrument,
                breaker_move_ppm=move,
                breaker_window_ns=10**10,
                breaker_halt_ns=10**9,
                mark_max_age_ns=age,
                impact_notional_units=10**9,
            )
        )

    @rule(price=prices)
    def delist(self, price: int) -> None:
        self.send(SettleInstrument(instrument=ETH, price_ticks=price))

    @rule(instrument=instruments, state=st.sampled_from([TradingState.ACTIVE, TradingState.ACTIVE, *TradingState]))
    def state(self, instrument: int, state: int) -> None:
        self.send(SetTradingState(instrument=instrument, trading_state=state))

    @rule(kind=st.integers(0, 27), body=st.binary(min_size=96, max_size=96), account=accounts, instrument=instruments)
    def hostile(self, kind: int, body: bytes, account: int, instrument: int) -> None:
        self.send_raw(Command(account=account, instrument=instrument, kind=kind).pack()[:32] + body)

    @rule(head=st.binary(min_size=8, max_size=8))
    def garbage(self, head: bytes) -> None:
        self.send_raw(bytes(24) + head + bytes(96))

    @rule(step=st.sampled_from([1, 10**9, DAY_NS - 1, DAY_NS, 30 * DAY_NS]))
    def wait(self, step: int) -> None:
        self.now_ns += step

    @rule()
    def restart(self) -> None:
        self.pair.restart()

    @invariant()
    def agreed(self) -> None:
        self.pair.check()
        self.pair.compare_state()
        self.pair.query_everything(3, 2, (b"a", b"b"))


class _Sender:
    """Lets a Story's definitions go through the pair."""

    def __init__(self, machine: Agreement) -> None:
        self.machine = machine
        self.seq = 0

    def process(self, raw: bytes) -> bytes:
        self.machine.send_raw(raw)
        return b""

    def check(self) -> None:
        self.machine.pair.check()


def _order(*, account: int, instrument: int, side: int, quantity: int, name: bytes, **rest: int) -> PlaceOrder:
    return PlaceOrder(
        account=account,
        instrument=instrument,
        side=side,
        quantity_lots=quantity,
        client_order_id=name,
        time_in_force=rest["time_in_force"],
        self_trade_prevention=rest["stp"],
        flags=rest["reduce"],
    )


TestAgreement = Agreement.TestCase
TestAgreement.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("seed", range(900, 906))
def test_every_command_of_a_long_life(seed: int) -> None:
    """State, answers and invariants after every batch of a seeded workload."""
    tally = Tally()
    run_seed(seed, 250, tally, new_core=new_core, new_twin=ReferenceEngine, thorough=1)
    assert tally.events > tally.commands > 250


def test_nothing_but_noise_leaves_no_trace() -> None:
    """2,000 commands of random bytes against an engine that knows nothing yet."""
    pair, random = Pair(new_core(), ReferenceEngine()), Random(7)
    for seq in range(1, 2001):
        stamp = Command(seq=seq, time_ns=seq).pack()
        pair.process(stamp[:24] + random.randbytes(104))
        pair.check()
    pair.compare_state()


def test_one_batch_is_its_commands_one_by_one() -> None:
    """The same 400 commands in one call, in calls of 7 and one by one."""
    workload = Workload(41)
    history = workload.opening()
    history += [workload.next() for _ in range(400)]
    engines = []
    for size in (len(history), 7, 1):
        engine = new_core()
        events = b"".join(engine.process(b"".join(history[at : at + size])) for at in range(0, len(history), size))
        engines.append((events, engine.dump()))
    assert engines[0] == engines[1] == engines[2]
