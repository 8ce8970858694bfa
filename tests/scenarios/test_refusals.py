"""Every refusal the engine knows, each produced here, and the fixed order in which they are found."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from matcher.protocol.commands import (
    KNOWN_VERSIONS,
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
    SetAccountLimits,
    SetLeverage,
    SetMarkPrice,
    SetTradingState,
    Withdraw,
)
from matcher.protocol.enums import AccountState, EventFlag, OrderType, TimeInForce, TradingState
from matcher.protocol.events import CommandRejected, OrderRejected
from matcher.protocol.rejects import RejectReason
from tests.scenarios.engines import engine_config
from tests.scenarios.story import BTC_TERMS, Story

ENGINE_RULES = Path(__file__).parents[2] / "docs" / "engine.md"
ORDER = PlaceOrder(account=1, instrument=1, price_ticks=1000, quantity_lots=10)
MARKET = ORDER.replace(order_type=OrderType.MARKET, price_ticks=0)
TIER = DefineRiskTier(instrument=1, tier=0, tier_count=1, maintenance_rate_ppb=1, max_leverage=1)
R = RejectReason

# reason -> what happened before, and the command that is refused
REFUSALS: list[tuple[RejectReason, str, Command]] = [
    (R.UNKNOWN_COMMAND, "", Command(kind=0)),
    (R.UNKNOWN_COMMAND, "", Command(kind=28)),
    (R.UNKNOWN_COMMAND, "", SetAccountLimits(account=1, version=2)),
    (R.UNKNOWN_COMMAND, "", Command(kind=14, version=1)),
    (R.UNKNOWN_COMMAND, "", Command(kind=255, version=9)),
    (R.UNSUPPORTED_VERSION, "", ORDER.replace(version=0)),
    (R.UNSUPPORTED_VERSION, "", DefineAsset(asset=1, version=3)),
    (R.UNKNOWN_ACCOUNT, "", ORDER.replace(account=9)),
    (R.UNKNOWN_ACCOUNT, "", CancelOrder(account=9, instrument=1, order_id=1)),
    (R.UNKNOWN_ACCOUNT, "", CancelAllOrders(account=9)),
    (R.UNKNOWN_ACCOUNT, "", AmendOrder(account=9, instrument=1)),
    (R.UNKNOWN_ACCOUNT, "", SetLeverage(account=9, instrument=1)),
    (R.UNKNOWN_ACCOUNT, "", Deposit(account=9, asset=1)),
    (R.UNKNOWN_ACCOUNT, "", Withdraw(account=2**32 - 1, asset=1)),
    (R.UNKNOWN_ACCOUNT, "", OpenAccount(account=0)),
    (R.UNKNOWN_ACCOUNT, "", OpenAccount(account=2**31)),
    (R.ACCOUNT_FROZEN, "alice is FROZEN", ORDER),
    (R.ACCOUNT_FROZEN, "alice is FROZEN", AmendOrder(account=1, instrument=1)),
    (R.ACCOUNT_FROZEN, "alice is FROZEN", SetLeverage(account=1, instrument=1)),
    (R.ACCOUNT_FROZEN, "alice is FROZEN", Withdraw(account=1, asset=1)),
    (R.UNKNOWN_INSTRUMENT, "", ORDER.replace(instrument=0)),
    (R.UNKNOWN_INSTRUMENT, "", ORDER.replace(instrument=65_535)),
    (R.UNKNOWN_INSTRUMENT, "", CancelOrder(account=1, instrument=2, order_id=1)),
    (R.UNKNOWN_INSTRUMENT, "", CancelAllOrders(account=1, instrument=1024)),
    (R.UNKNOWN_INSTRUMENT, "", AmendOrder(account=1)),
    (R.UNKNOWN_INSTRUMENT, "", SetLeverage(account=1)),
    (R.UNKNOWN_INSTRUMENT, "", SetMarkPrice(instrument=3)),
    (R.UNKNOWN_INSTRUMENT, "", SetTradingState(instrument=3)),
    (R.UNKNOWN_INSTRUMENT, "", TIER.replace(instrument=3)),
    (R.UNKNOWN_INSTRUMENT, "", BTC_TERMS.replace(instrument=0)),
    (R.UNKNOWN_INSTRUMENT, "", BTC_TERMS.replace(instrument=1024)),
    (R.UNKNOWN_ASSET, "", BTC_TERMS.replace(settlement_asset=2)),
    (R.UNKNOWN_ASSET, "", DefineAsset(asset=0)),
    (R.UNKNOWN_ASSET, "", DefineAsset(asset=1024)),
    (R.UNKNOWN_ASSET, "", Deposit(account=1, asset=2)),
    (R.UNKNOWN_ASSET, "", Withdraw(account=1, asset=65_535)),
    (R.INVALID_SIDE, "", ORDER.replace(side=2)),
    (R.INVALID_ORDER_TYPE, "", ORDER.replace(order_type=OrderType.STOP, version=1)),
    (R.INVALID_ORDER_TYPE, "", ORDER.replace(order_type=255)),
    (R.INVALID_TIME_IN_FORCE, "", ORDER.replace(time_in_force=TimeInForce.GTD, version=1)),
    (R.INVALID_TIME_IN_FORCE, "", ORDER.replace(time_in_force=5)),
    (R.INVALID_TIME_IN_FORCE, "", MARKET.replace(time_in_force=TimeInForce.FOK)),
    (R.INVALID_TIME_IN_FORCE, "", MARKET.replace(time_in_force=TimeInForce.GTX)),
    (R.INVALID_POSITION_SIDE, "", ORDER.replace(position_side=1)),
    (R.INVALID_WORKING_TYPE, "", ORDER.replace(working_type=2)),
    (R.INVALID_SELF_TRADE_PREVENTION, "", ORDER.replace(self_trade_prevention=4)),
    (R.INVALID_FLAGS, "", ORDER.replace(flags=2)),
    (R.INVALID_FLAGS, "", ORDER.replace(flags=129)),
    (R.INVALID_FLAGS, "", ORDER.replace(trigger_ticks=1, version=1)),
    (R.INVALID_FLAGS, "", ORDER.replace(good_till_ns=-1, version=1)),
    (R.INVALID_CLIENT_ORDER_ID, "", ORDER.replace(client_order_id=b"a b")),
    (R.INVALID_CLIENT_ORDER_ID, "", ORDER.replace(client_order_id=b"a\0b")),
    (R.INVALID_CLIENT_ORDER_ID, "", ORDER.replace(client_order_id=b"\0a")),
    (R.INVALID_CLIENT_ORDER_ID, "", ORDER.replace(client_order_id="é".encode())),
    (R.INVALID_CLIENT_ORDER_ID, "", ORDER.replace(client_order_id=b"a\n")),
    (R.INVALID_CLIENT_ORDER_ID, "", Deposit(account=1, asset=1, amount_units=1)),
    (R.INVALID_CLIENT_ORDER_ID, "", Withdraw(account=1, asset=1, amount_units=1, reference=b"%")),
    (R.CLIENT_ORDER_ID_REUSED, "alice buy 5 @ 990 id=a", ORDER.replace(client_order_id=b"a")),
    (R.CLIENT_ORDER_ID_REUSED, "", Deposit(account=1, asset=1, amount_units=1, reference=b"start")),
    (R.INVALID_CONFIGURATION, "", BTC_TERMS.replace(max_open_orders=0)),
    (R.INVALID_CONFIGURATION, "", TIER.replace(tier=1)),
    (R.INVALID_CONFIGURATION, "", OpenAccount(account=1, account_state=3)),
    (R.INVALID_CONFIGURATION, "", SetTradingState(instrument=1, trading_state=6)),
    (R.IMMUTABLE_CONFIGURATION, "", BTC_TERMS.replace(tick_lot_units=99)),
    (R.IMMUTABLE_CONFIGURATION, "", BTC_TERMS.replace(max_price_ticks=99_999)),
    (R.TRADING_NOT_OPEN, "state PRE_OPEN", ORDER),
    (R.TRADING_NOT_OPEN, "state HALTED", ORDER.replace(flags=1)),
    (R.TRADING_NOT_OPEN, "state SETTLING", ORDER),
    (R.TRADING_NOT_OPEN, "state DELISTED", ORDER),
    (R.ONLY_REDUCE_ONLY, "state REDUCE_ONLY", ORDER),
    (R.ONLY_REDUCE_ONLY, "alice is REDUCE_ONLY", ORDER),
    (R.UNKNOWN_ACCOUNT, "", SetAccountLimits(account=9)),
    (R.UNKNOWN_INSTRUMENT, "", SetAccountLimits(account=1, instrument=9)),
    (R.INVALID_CONFIGURATION, "", SetAccountLimits(account=1, max_position_lots=-1)),
    (R.INVALID_CONFIGURATION, "", SetAccountLimits(account=1, max_position_lots=10**18 + 1)),
    (R.INVALID_CONFIGURATION, "", SetAccountLimits(account=1, max_position_notional_units=10**18 + 1)),
    (R.PRICE_NOT_POSITIVE, "", ORDER.replace(price_ticks=0)),
    (R.PRICE_NOT_POSITIVE, "", ORDER.replace(price_ticks=-(2**63))),
    (R.PRICE_NOT_POSITIVE, "", SetMarkPrice(instrument=1, mark_ticks=0)),
    (R.PRICE_NOT_POSITIVE, "", SetMarkPrice(instrument=1, mark_ticks=1, index_ticks=-1)),
    (R.PRICE_TOO_HIGH, "", ORDER.replace(price_ticks=100_001)),
    (R.PRICE_TOO_HIGH, "", ORDER.replace(price_ticks=2**63 - 1)),
    (R.PRICE_TOO_HIGH, "", MARKET.replace(price_ticks=1)),
    (R.PRICE_TOO_HIGH, "", MARKET.replace(price_ticks=-1)),
    (R.PRICE_TOO_HIGH, "", SetMarkPrice(instrument=1, mark_ticks=100_001)),
    (R.PRICE_TOO_HIGH, "", SetMarkPrice(instrument=1, mark_ticks=1, index_ticks=2**40 + 1)),
    (R.QUANTITY_NOT_POSITIVE, "", ORDER.replace(quantity_lots=0)),
    (R.QUANTITY_NOT_POSITIVE, "", MARKET.replace(quantity_lots=-(2**63))),
    (R.QUANTITY_TOO_LARGE, "", ORDER.replace(quantity_lots=1001)),
    (R.QUANTITY_TOO_LARGE, "", ORDER.replace(quantity_lots=2**63 - 1)),
    (R.QUANTITY_TOO_LARGE, "", MARKET.replace(quantity_lots=501)),
    (R.PRICE_ABOVE_BAND, "", ORDER.replace(price_ticks=1101)),
    (R.PRICE_BELOW_BAND, "", ORDER.replace(side=1, price_ticks=899)),
    (R.UNKNOWN_ORDER, "", CancelOrder(account=1, instrument=1, order_id=2**64 - 1)),
    (R.UNKNOWN_ORDER, "", CancelOrder(account=1, instrument=1)),
    (R.UNKNOWN_ORDER, "", CancelOrder(account=1, instrument=1, client_order_id=b"\xff" * 36)),
    (R.UNKNOWN_ORDER, "", AmendOrder(account=1, instrument=1, client_order_id=b"start")),
    (
        R.NOTHING_TO_AMEND,
        "alice buy 5 @ 990",
        AmendOrder(account=1, instrument=1, order_id=1, price_ticks=990, quantity_lots=5),
    ),
    (R.REDUCE_ONLY_REJECTED, "", ORDER.replace(flags=1)),
    (R.POST_ONLY_WOULD_CROSS, "maker sell 1 @ 1000", ORDER.replace(time_in_force=TimeInForce.GTX)),
    (R.NO_LIQUIDITY, "", MARKET),
    (R.NO_LIQUIDITY, "maker sell 1 @ 1051", MARKET),
    (R.FOK_NOT_FILLABLE, "maker sell 9 @ 1000", ORDER.replace(time_in_force=TimeInForce.FOK)),
    (R.INVALID_LEVERAGE, "", SetLeverage(account=1, instrument=1, leverage=65_535)),
    (R.POSITION_LIMIT_EXCEEDED, "alice leverage 100", ORDER.replace(quantity_lots=201)),
    (R.MARGIN_INSUFFICIENT, "alice leverage 1", ORDER.replace(quantity_lots=100)),
    (R.LEVERAGE_MARGIN_INSUFFICIENT, "alice buy 100 @ 1000", SetLeverage(account=1, instrument=1, leverage=1)),
    (R.INVALID_AMOUNT, "", Deposit(account=1, asset=1, amount_units=0)),
    (R.BALANCE_INSUFFICIENT, "", Withdraw(account=1, asset=1, amount_units=10_000_001, reference=b"w")),
]
# produced by stories of their own below
ELSEWHERE = {R.NO_MARK_PRICE, R.QUANTITY_TOO_SMALL, R.NOTIONAL_TOO_SMALL, R.TOO_MANY_OPEN_ORDERS, R.CAPACITY_REACHED}


@pytest.mark.rule("ORD-102")
@pytest.mark.rule("ORD-106")
@pytest.mark.parametrize(
    ("reason", "before", "command"), REFUSALS, ids=[f"{n}-{r[0].name}" for n, r in enumerate(REFUSALS)]
)
def test_refused(story: Story, reason: RejectReason, before: str, command: Command) -> None:
    """One event that names the reason, and a state that differs by seq and time alone."""
    if before:
        assert story.act(before)[0].reason == 0
    story.send(Command(kind=0))
    state = _state(story)
    (event,) = story.send(command.replace(command_id=77))
    assert RejectReason(event.reason) is reason
    assert (event.command_id, event.account, event.instrument) == (77, command.account, command.instrument)
    answer = EventFlag.ANSWER if command.version in KNOWN_VERSIONS[1:] else 0
    assert (event.flags, event.part) == (EventFlag.LAST | answer, 0)
    assert _state(story) == state
    assert story.levels() == ""


def _state(story: Story) -> bytes:
    """dump() behind the seq and time that lead its StateView."""
    dump: bytes = story.engine.dump()
    return dump[16:]


@pytest.mark.rule("ORD-107")
def test_every_reason_of_the_rules_is_produced() -> None:
    """docs/engine.md is the list, and complete: what it names must be told by some story of this folder."""
    named = set(re.findall(r"\b[A-Z][A-Z_]{5,}\b", ENGINE_RULES.read_text()))
    promised = {reason for reason in RejectReason if reason.name in named}
    others = " ".join(
        path.read_text() for path in Path(__file__).parent.glob("test_*.py") if path.name != "test_refusals.py"
    )
    told = {reason for reason, _, _ in REFUSALS} | ELSEWHERE
    told |= {reason for reason in RejectReason if re.search(rf"\b{reason.name}\b", others)}
    assert promised - told == set()
    assert set(RejectReason) - promised == {R.NONE}


@pytest.mark.rule("ORD-102")
def test_an_order_before_the_first_mark(blank: Story) -> None:
    blank.open_market()
    blank.open_accounts()
    blank.send(BTC_TERMS.replace(instrument=2))
    blank.tell("alice buy 5 @ 990 on=eth | refused TRADING_NOT_OPEN")
    blank.define_ladder(instrument=2)
    blank.tell("""
        alice buy 5 @ 990 on=eth     | refused NO_MARK_PRICE
        alice leverage 5 on=eth      | leverage 5 up to 1000000000000000000
        mark 1000 on=eth             | mark 1000
        alice buy 5 @ 990 on=eth     | accepted #1
    """)


@pytest.mark.rule("MAR-106")
def test_leverage_needs_a_ladder(blank: Story) -> None:
    blank.open_market()
    blank.open_accounts()
    blank.send(BTC_TERMS.replace(instrument=2))
    blank.tell("alice leverage 5 on=eth | refused TRADING_NOT_OPEN")


@pytest.mark.rule("ORD-102")
def test_orders_too_small(story: Story) -> None:
    story.send(BTC_TERMS.replace(min_quantity_lots=3, min_notional_units=400_000))
    story.tell("""
        alice buy 2 @ 1000           | refused QUANTITY_TOO_SMALL
        alice buy 4 @ 999            | refused NOTIONAL_TOO_SMALL
        alice buy 4 @ 1000           | accepted #1
        bob   sell 3 market          | refused NOTIONAL_TOO_SMALL
        alice amend #1 to 2 @ 1000   | refused QUANTITY_TOO_SMALL
        alice amend #1 to 3 @ 1000   | refused NOTIONAL_TOO_SMALL
    """)


@pytest.mark.rule("ORD-102")
def test_too_many_open_orders_counts_only_what_may_rest(story: Story) -> None:
    story.send(BTC_TERMS.replace(max_open_orders=2))
    story.tell("""
        alice buy 1 @ 990            | accepted #1
        alice buy 1 @ 990            | accepted #2
        alice buy 1 @ 990            | refused TOO_MANY_OPEN_ORDERS
        alice buy 1 @ 990 gtx        | refused TOO_MANY_OPEN_ORDERS
        alice buy 1 @ 990 ioc        | accepted #3; expired #3 UNFILLED_REST
        alice amend #1 to 2 @ 991    | amended #1 2@991
        alice cancel #2              | canceled #2
        alice buy 1 @ 990            | accepted #4
    """)


@pytest.mark.rule("CFG-004")
def test_an_account_beyond_the_table(small_engine: Story) -> None:
    small_engine.send(OpenAccount(account=4))
    assert small_engine.events[0].reason == 0
    small_engine.send(OpenAccount(account=5))
    assert small_engine.events[0].reason == R.CAPACITY_REACHED


@pytest.mark.rule("ORD-102")
def test_no_room_for_another_resting_order(new_engine: Any) -> None:
    """The last check of all: with two orders resting, even what would not rest is refused."""
    full = Story(new_engine(engine_config(new_engine, orders=2)))
    full.open_market()
    full.open_accounts()
    full.tell("""
        alice buy 1 @ 990            | accepted #1
        bob   sell 1 @ 1000          | accepted #2
        carol buy 1 @ 990            | refused CAPACITY_REACHED
        carol buy 1 @ 1000 ioc       | refused CAPACITY_REACHED
        carol buy 1001 @ 990         | refused QUANTITY_TOO_LARGE
        alice amend #1 to 1 @ 1000   | amended #1 1@1000; alice takes 1@1000; bob makes 1@1000
        carol buy 1 @ 990            | accepted #3
    """)


# Each row mends one fault of an order that has them all; before it, the reason named must be found.
FAULTS: list[tuple[RejectReason, dict[str, object]]] = [
    (R.UNSUPPORTED_VERSION, {"version": 1}),
    (R.UNKNOWN_ACCOUNT, {"account": 2}),
    (R.ACCOUNT_FROZEN, {"account": 3}),
    (R.UNKNOWN_INSTRUMENT, {"instrument": 1}),
    (R.INVALID_SIDE, {"side": 0}),
    (R.INVALID_ORDER_TYPE, {"order_type": 0}),
    (R.INVALID_TIME_IN_FORCE, {"time_in_force": 3}),
    (R.INVALID_POSITION_SIDE, {"position_side": 0}),
    (R.INVALID_WORKING_TYPE, {"working_type": 0}),
    (R.INVALID_SELF_TRADE_PREVENTION, {"self_trade_prevention": 2}),
    (R.INVALID_FLAGS, {"flags": 0, "trigger_ticks": 0, "good_till_ns": 0}),
    (R.INVALID_CLIENT_ORDER_ID, {"client_order_id": b"used"}),
    (R.CLIENT_ORDER_ID_REUSED, {"client_order_id": b"fresh"}),
    (R.ONLY_REDUCE_ONLY, {"account": 1}),
    (R.PRICE_NOT_POSITIVE, {"price_ticks": 100_001}),
    (R.PRICE_TOO_HIGH, {"price_ticks": 1_101}),
    (R.QUANTITY_NOT_POSITIVE, {"quantity_lots": 1}),
    (R.QUANTITY_TOO_SMALL, {"quantity_lots": 1001}),
    (R.QUANTITY_TOO_LARGE, {"quantity_lots": 2}),
    (R.PRICE_ABOVE_BAND, {"price_ticks": 1_000}),
    (R.NOTIONAL_TOO_SMALL, {"quantity_lots": 900}),
    (R.TOO_MANY_OPEN_ORDERS, {"order_type": 0, "time_in_force": 2}),
    (R.FOK_NOT_FILLABLE, {"time_in_force": 1}),
    (R.POSITION_LIMIT_EXCEEDED, {"quantity_lots": 190}),
    (R.MARGIN_INSUFFICIENT, {"quantity_lots": 50}),
]


@pytest.mark.rule("ORD-102")
def test_faults_are_found_in_their_order(story: Story) -> None:
    """An order with every fault at once; mending the one found uncovers the next."""
    story.tell("""
        alice withdraw 9850000 ref=w | -9850000 wallet 150000
        alice leverage 100           | leverage 100 up to 20000000
        maker sell 3 @ 1000          | accepted #1
        alice buy 4 @ 950 id=used    | accepted #2
        carol buy 4 @ 950 id=used    | accepted #3
        bob   is FROZEN quietly      | FROZEN group 2
        carol is REDUCE_ONLY quietly | REDUCE_ONLY group 3
    """)
    story.send(BTC_TERMS.replace(max_open_orders=1, min_quantity_lots=2, min_notional_units=300_000))
    order = PlaceOrder(
        version=7,
        account=99,
        instrument=9,
        side=9,
        order_type=9,
        time_in_force=9,
        position_side=9,
        working_type=9,
        self_trade_prevention=9,
        flags=8,
        trigger_ticks=5,
        good_till_ns=5,
        client_order_id=b"no no",
        price_ticks=-5,
        quantity_lots=-5,
    )
    for reason, mended in FAULTS:
        (event,) = story.send(order)
        assert isinstance(event, OrderRejected)
        assert RejectReason(event.reason) is reason
        order = order.replace(**mended)
    story.send(order)
    assert story.events[0].reason == 0


@pytest.mark.rule("ORD-107")
def test_a_refused_order_is_told_as_it_was_sent(story: Story) -> None:
    sent = ORDER.replace(
        side=7, order_type=8, time_in_force=9, flags=10, position_side=11, client_order_id=b"\xff" * 36
    )
    (event,) = story.send(sent)
    assert isinstance(event, OrderRejected)
    assert (event.side, event.order_type, event.time_in_force, event.order_flags) == (7, 8, 9, 10)
    assert (event.position_side, event.price_ticks, event.quantity_lots) == (11, 1000, 10)
    assert event.client_order_id == b"\xff" * 36


@pytest.mark.rule("ORD-107")
def test_a_refused_command_names_its_kind_and_order(story: Story) -> None:
    (event,) = story.send(CancelOrder(account=1, instrument=1, order_id=5, client_order_id=b"a"))
    assert isinstance(event, CommandRejected)
    assert (event.detail, event.order_id, event.client_order_id) == (8, 5, b"a")
    (event,) = story.send(Withdraw(account=1, asset=1, amount_units=0, reference=b"r"))
    assert (event.detail, event.order_id, event.client_order_id) == (6, 0, b"")  # type: ignore[attr-defined]
    (event,) = story.send(Command(kind=200, account=AccountState.FROZEN, instrument=TradingState.HALTED))
    assert (event.detail, event.account, event.instrument) == (200, 2, 3)


@pytest.mark.rule("CFG-002")
def test_terms_of_any_instrument_may_be_sent_as_a_whole(blank: Story) -> None:
    """DefineInstrument of zeros is refused, not crashed over."""
    blank.send(DefineAsset(asset=1))
    blank.send(DefineInstrument(instrument=1, settlement_asset=1))
    assert blank.events[0].reason == R.INVALID_CONFIGURATION
