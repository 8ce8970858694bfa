"""The engine: packed commands in, packed events out, one deterministic state machine (docs/engine.md).

It reads no clock and no settings, draws nothing at random, and never answers a command with an
exception: a refusal is an event. An AssertionError means a bug, here or in the caller.
Rules: [ENG-001], [ENG-005], [ENG-009], [ORD-101], [ORD-107].
"""

from __future__ import annotations

from hashlib import blake2b

import cython
from cython.cimports.libc.stdint import uint32_t
from cython.cimports.libc.string import memcpy
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.amending import amend, cancel_all, cancel_order
from cython.cimports.matcher.core.book import expect_level, expect_order
from cython.cimports.matcher.core.collateral import define_collateral
from cython.cimports.matcher.core.configuring import (
    define_asset,
    define_instrument,
    define_risk_tier,
    open_account,
    set_leverage,
    set_mark_price,
    set_trading_state,
)
from cython.cimports.matcher.core.dumping import dump_state
from cython.cimports.matcher.core.funding import sample_funding, settle_funding
from cython.cimports.matcher.core.insurance import set_insurance_fund
from cython.cimports.matcher.core.invariants import check_state
from cython.cimports.matcher.core.limits import set_account_limits
from cython.cimports.matcher.core.machine import prefetch
from cython.cimports.matcher.core.modes import (
    adjust_isolated_margin,
    set_margin_mode,
    set_multi_assets,
    set_position_mode,
)
from cython.cimports.matcher.core.money import change_balance, transfer
from cython.cimports.matcher.core.orders import NEAR_ORDERS, Order
from cython.cimports.matcher.core.placing import place
from cython.cimports.matcher.core.queries import answer_query
from cython.cimports.matcher.core.records import (
    COMMAND_ADJUST_ISOLATED_MARGIN,
    COMMAND_AMEND_ORDER,
    COMMAND_CANCEL_ALL_ORDERS,
    COMMAND_CANCEL_ORDER,
    COMMAND_DEFINE_ASSET,
    COMMAND_DEFINE_COLLATERAL,
    COMMAND_DEFINE_INSTRUMENT,
    COMMAND_DEFINE_MARKET_RULES,
    COMMAND_DEFINE_RISK_TIER,
    COMMAND_DEPOSIT,
    COMMAND_OPEN_ACCOUNT,
    COMMAND_PLACE_ORDER,
    COMMAND_SAMPLE_FUNDING,
    COMMAND_SET_ACCOUNT_LIMITS,
    COMMAND_SET_COUNTDOWN,
    COMMAND_SET_INSURANCE_FUND,
    COMMAND_SET_LEVERAGE,
    COMMAND_SET_MARGIN_MODE,
    COMMAND_SET_MARK_PRICE,
    COMMAND_SET_MULTI_ASSETS,
    COMMAND_SET_POSITION_MODE,
    COMMAND_SET_TRADING_STATE,
    COMMAND_SETTLE_FUNDING,
    COMMAND_SETTLE_INSTRUMENT,
    COMMAND_SWEEP,
    COMMAND_TRANSFER,
    COMMAND_WITHDRAW,
    EVENT_COMMAND_REJECTED,
    EVENT_ORDER_REJECTED,
    PROTOCOL_VERSION,
    REJECT_UNKNOWN_COMMAND,
    REJECT_UNSUPPORTED_VERSION,
    AdjustIsolatedMargin,
    AmendOrder,
    CancelAllOrders,
    CancelOrder,
    Command,
    CommandRejected,
    DefineAsset,
    DefineCollateral,
    DefineInstrument,
    DefineMarketRules,
    DefineRiskTier,
    Deposit,
    Event,
    LevelChanged,
    OpenAccount,
    OrderRejected,
    PlaceOrder,
    SampleFunding,
    SetAccountLimits,
    SetCountdown,
    SetInsuranceFund,
    SetLeverage,
    SetMarginMode,
    SetMarkPrice,
    SetMultiAssets,
    SetPositionMode,
    SettleFunding,
    SettleInstrument,
    SetTradingState,
    Sweep,
    Transfer,
)
from cython.cimports.matcher.core.safety import define_market_rules
from cython.cimports.matcher.core.snapshot import load_state, save_state
from cython.cimports.matcher.core.state import State
from cython.cimports.matcher.core.sweeping import settle_instrument, sweep
from cython.cimports.matcher.core.timers import set_countdown
from cython.cimports.matcher.core.turn import begin_turn, end_turn

from matcher.core.config import EngineConfig


class Engine:
    """Books, accounts, positions and idempotency keys of one margin domain, in memory."""

    def __init__(self, config: EngineConfig | None = None) -> None:
        self.config = config or EngineConfig()
        self.state = State(self.config)

    @property
    def seq(self) -> int:
        """Sequence number of the last command applied, 0 at first."""
        return self.state.seq

    @property
    def time_ns(self) -> int:
        """Engine time: the stamp of the last command applied."""
        return self.state.time_ns

    def prepare(self) -> None:
        """Touch room for a batch of 131,072 events (16 MiB): a settlement of 100,000 positions then waits for no page.

        Changes no state. A larger batch makes its own room as it goes.
        """
        self.state.prepare(1 << 17)

    def process(self, commands: bytes) -> bytes:
        """Apply stamped commands of 128 bytes each; their events, 128 bytes each.

        Raises AssertionError before any change when the bytes are no whole commands, a `seq` does
        not follow the last, or time runs backwards; and when an impossible state was met, after
        which the engine refuses everything.
        """
        packed: bytes = bytes(commands)
        size: cython.Py_ssize_t = len(packed)
        count: cython.Py_ssize_t = size // cython.sizeof(Command)
        first: cython.pointer[Command] = cython.cast(cython.pointer[Command], cython.cast(cython.p_char, packed))
        state: State = self.state
        if self.is_broken:
            raise AssertionError("the engine met an impossible state before")
        if size % cython.sizeof(Command):
            raise AssertionError(f"{size} bytes are no whole commands")
        _require_stamped(state.seq, state.time_ns, packed)
        state.count = 0
        state.instruments.log.count = 0
        with cython.nogil:
            self.run(first, count)
        if state.fault:
            self.is_broken = True
            raise AssertionError(f"impossible state {state.fault} by command {state.seq}")
        return cython.cast(cython.p_char, state.events)[: state.count * cython.sizeof(Event)]

    def run(self, commands, count):
        i: cython.Py_ssize_t
        reason: cython.int
        for i in range(count):
            _expect(self.state, commands, i, count)
            self.state.begin(commands + i)
            begin_turn(self.state)
            self.state.first_own = self.state.count
            reason = _obey(self.state, commands + i)
            if reason:
                _refuse(self.state, commands + i, reason)
            if commands[i].version in (2, PROTOCOL_VERSION):
                end_turn(self.state)
            self.state.finish()

    def levels(self) -> bytes:
        """LevelChanged records of the last process() call, 32 bytes each, in order of change."""
        count: cython.size_t = self.state.instruments.log.count
        if count == 0:
            return b""
        return cython.cast(cython.p_char, self.state.instruments.log.at)[: count * cython.sizeof(LevelChanged)]

    def query(self, request: bytes) -> bytes:
        """A packed views.Query in, an answer for codec.decode_answer out. AssertionError when it is none."""
        return answer_query(self.state, bytes(request))

    def dump(self) -> bytes:
        """Canonical state: the same bytes from every implementation (docs/engine.md, dump)."""
        return dump_state(self.state)

    def digest(self) -> bytes:
        """blake2b-256 of dump(), 32 bytes."""
        return blake2b(self.dump(), digest_size=32).digest()

    def snapshot(self) -> bytes:
        """The whole state in a private, versioned, checksummed format."""
        return save_state(self.state, self.config)

    @staticmethod
    def restore(data: bytes) -> Engine:
        """The engine whose snapshot() this is. Raises ValueError when the bytes are damaged or not ours."""
        config, state = load_state(bytes(data))
        engine = Engine.__new__(Engine)
        cython.cast(Engine, engine).config = config
        cython.cast(Engine, engine).state = state
        return engine

    def check(self) -> None:
        """Recompute every invariant; AssertionError names the broken one."""
        check_state(self.state)


def _require_stamped(seq, time_ns, packed):
    """Every command follows the one before; nothing was applied yet."""
    data: bytes = packed
    first: cython.pointer[Command] = cython.cast(cython.pointer[Command], cython.cast(cython.p_char, data))
    i: cython.Py_ssize_t
    last_seq: cython.ulonglong = seq
    last_ns: cython.longlong = time_ns
    for i in range(len(data) // cython.sizeof(Command)):
        if first[i].seq != last_seq + 1 or first[i].time_ns < last_ns:
            raise AssertionError(f"command {first[i].seq} at {first[i].time_ns} after {last_seq} at {last_ns}")
        last_seq = first[i].seq
        last_ns = first[i].time_ns


def _expect(state, commands, at, end):
    """Fetch early what the batch's next commands will touch. Changes nothing; deep books are bound by memory."""
    if state.orders.open_orders < NEAR_ORDERS:
        return
    next_one: cython.pointer[CancelOrder]
    slot: uint32_t
    if at + 6 < end:
        next_one = cython.cast(cython.pointer[CancelOrder], commands + at + 6)
        if next_one.kind in (COMMAND_AMEND_ORDER, COMMAND_CANCEL_ORDER):
            state.orders.expect_name(next_one.order_id)
        elif next_one.kind == COMMAND_PLACE_ORDER:
            state.client_ids.expect(
                next_one.account,
                COMMAND_PLACE_ORDER,
                cython.cast(cython.pointer[PlaceOrder], next_one).client_order_id,
            )
    if at + 4 < end:
        next_one = cython.cast(cython.pointer[CancelOrder], commands + at + 4)
        if next_one.kind in (COMMAND_AMEND_ORDER, COMMAND_CANCEL_ORDER):
            slot = state.orders.peek(next_one.order_id)
            prefetch(state.orders.at + slot)
            prefetch(state.orders.origin + slot)
    if at + 2 < end:
        next_one = cython.cast(cython.pointer[CancelOrder], commands + at + 2)
        if next_one.kind in (COMMAND_AMEND_ORDER, COMMAND_CANCEL_ORDER):
            _expect_order(state, state.orders.peek(next_one.order_id))
        if next_one.kind == COMMAND_PLACE_ORDER and state.instruments.find(next_one.instrument) != cython.NULL:
            expect_level(
                cython.address(state.instruments.at[next_one.instrument].book),
                cython.cast(cython.pointer[PlaceOrder], next_one).price_ticks,
            )


def _expect_order(state, slot):
    order: cython.pointer[Order] = state.orders.at + slot
    position: cython.pointer[Position] = state.accounts.positions + order.position
    prefetch(position)
    prefetch(state.orders.at + order.older)
    prefetch(state.orders.at + order.younger)
    prefetch(state.client_ids.at + state.orders.origin[slot].key)
    if slot:
        expect_order(cython.address(state.instruments.at[position.instrument].book), slot)


def _obey(state, command):
    """Apply one command; a RejectReason."""
    kind: cython.int = command.kind
    if kind < COMMAND_DEFINE_ASSET or kind > COMMAND_SET_ACCOUNT_LIMITS:
        return REJECT_UNKNOWN_COMMAND
    if kind > COMMAND_SET_COUNTDOWN and command.version != PROTOCOL_VERSION:
        return REJECT_UNKNOWN_COMMAND
    if command.version not in (1, 2, PROTOCOL_VERSION):
        return REJECT_UNSUPPORTED_VERSION
    if kind == COMMAND_AMEND_ORDER:
        return amend(state, cython.cast(cython.pointer[AmendOrder], command))
    if kind == COMMAND_PLACE_ORDER:
        return place(state, cython.cast(cython.pointer[PlaceOrder], command))
    if kind == COMMAND_CANCEL_ORDER:
        return cancel_order(state, cython.cast(cython.pointer[CancelOrder], command))
    if kind == COMMAND_CANCEL_ALL_ORDERS:
        return cancel_all(state, cython.cast(cython.pointer[CancelAllOrders], command))
    if kind == COMMAND_SET_MARK_PRICE:
        return set_mark_price(state, cython.cast(cython.pointer[SetMarkPrice], command))
    if kind <= COMMAND_SET_TRADING_STATE:
        return _obey_early(state, command)
    if command.version == 1:
        return REJECT_UNKNOWN_COMMAND
    if kind == COMMAND_SET_ACCOUNT_LIMITS:
        return set_account_limits(state, cython.cast(cython.pointer[SetAccountLimits], command))
    return _obey_later(state, command)


def _obey_early(state, command):
    """The other kinds of version 1; a RejectReason."""
    kind: cython.int = command.kind
    if kind in (COMMAND_DEPOSIT, COMMAND_WITHDRAW):
        return change_balance(state, cython.cast(cython.pointer[Deposit], command), kind == COMMAND_DEPOSIT)
    if kind == COMMAND_SET_LEVERAGE:
        return set_leverage(state, cython.cast(cython.pointer[SetLeverage], command))
    if kind == COMMAND_OPEN_ACCOUNT:
        return open_account(state, cython.cast(cython.pointer[OpenAccount], command))
    if kind == COMMAND_DEFINE_ASSET:
        return define_asset(state, cython.cast(cython.pointer[DefineAsset], command))
    if kind == COMMAND_DEFINE_INSTRUMENT:
        return define_instrument(state, cython.cast(cython.pointer[DefineInstrument], command))
    if kind == COMMAND_DEFINE_RISK_TIER:
        return define_risk_tier(state, cython.cast(cython.pointer[DefineRiskTier], command))
    return set_trading_state(state, cython.cast(cython.pointer[SetTradingState], command))


def _obey_later(state, command):
    """The kinds that version 2 brought; a RejectReason."""
    kind: cython.int = command.kind
    if kind == COMMAND_DEFINE_MARKET_RULES:
        return define_market_rules(state, cython.cast(cython.pointer[DefineMarketRules], command))
    if kind == COMMAND_SET_MARGIN_MODE:
        return set_margin_mode(state, cython.cast(cython.pointer[SetMarginMode], command))
    if kind == COMMAND_SET_POSITION_MODE:
        return set_position_mode(state, cython.cast(cython.pointer[SetPositionMode], command))
    if kind == COMMAND_ADJUST_ISOLATED_MARGIN:
        return adjust_isolated_margin(state, cython.cast(cython.pointer[AdjustIsolatedMargin], command))
    if kind == COMMAND_TRANSFER:
        return transfer(state, cython.cast(cython.pointer[Transfer], command))
    if kind == COMMAND_SET_MULTI_ASSETS:
        return set_multi_assets(state, cython.cast(cython.pointer[SetMultiAssets], command))
    if kind == COMMAND_DEFINE_COLLATERAL:
        return define_collateral(state, cython.cast(cython.pointer[DefineCollateral], command))
    if kind == COMMAND_SET_INSURANCE_FUND:
        return set_insurance_fund(state, cython.cast(cython.pointer[SetInsuranceFund], command))
    if kind == COMMAND_SAMPLE_FUNDING:
        return sample_funding(state, cython.cast(cython.pointer[SampleFunding], command))
    if kind == COMMAND_SETTLE_FUNDING:
        return settle_funding(state, cython.cast(cython.pointer[SettleFunding], command))
    if kind == COMMAND_SWEEP:
        return sweep(state, cython.cast(cython.pointer[Sweep], command))
    if kind == COMMAND_SETTLE_INSTRUMENT:
        return settle_instrument(state, cython.cast(cython.pointer[SettleInstrument], command))
    if kind == COMMAND_SET_COUNTDOWN:
        return set_countdown(state, cython.cast(cython.pointer[SetCountdown], command))
    return REJECT_UNKNOWN_COMMAND


def _refuse(state, command, reason):
    """The one event of a refused command: the order as sent, or the command's kind."""
    if command.kind != COMMAND_PLACE_ORDER:
        rejected: cython.pointer[CommandRejected] = cython.cast(
            cython.pointer[CommandRejected], state.emit(EVENT_COMMAND_REJECTED, command.account, command.instrument)
        )
        rejected.reason = reason
        rejected.detail = command.kind
        if command.kind == COMMAND_CANCEL_ORDER:
            rejected.order_id = cython.cast(cython.pointer[CancelOrder], command).order_id
            memcpy(rejected.client_order_id, cython.cast(cython.pointer[CancelOrder], command).client_order_id, 36)
        elif command.kind == COMMAND_AMEND_ORDER:
            rejected.order_id = cython.cast(cython.pointer[AmendOrder], command).order_id
            memcpy(rejected.client_order_id, cython.cast(cython.pointer[AmendOrder], command).client_order_id, 36)
        return
    order: cython.pointer[PlaceOrder] = cython.cast(cython.pointer[PlaceOrder], command)
    event: cython.pointer[OrderRejected] = cython.cast(
        cython.pointer[OrderRejected], state.emit(EVENT_ORDER_REJECTED, command.account, command.instrument)
    )
    event.reason = reason
    event.price_ticks = order.price_ticks
    event.quantity_lots = order.quantity_lots
    event.side = order.side
    event.order_type = order.order_type
    event.time_in_force = order.time_in_force
    event.order_flags = order.flags
    event.position_side = order.position_side
    memcpy(event.client_order_id, order.client_order_id, 36)
