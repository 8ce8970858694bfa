"""What version 1 of a command still means, the dump that shows everything of both, and the sums that always hold."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import (
    Command,
    DefineAsset,
    DefineMarketRules,
    Deposit,
    PlaceOrder,
    SampleFunding,
    SetAccountLimits,
    SetMarginMode,
    SetMarkPrice,
)
from matcher.protocol.enums import EventFlag, OrderType, PositionSide, TimeInForce
from matcher.protocol.rejects import RejectReason
from matcher.protocol.views import (
    AccountView,
    AssetView,
    BalanceView,
    ClientIdView,
    CountdownView,
    InstrumentView,
    MarkView,
    OrderView,
    PositionView,
    QueryKind,
    RulesView,
    StateView,
    TierView,
)
from tests.scenarios.story import BTC, USDT, Story

PLACE = PlaceOrder(account=1, instrument=BTC, quantity_lots=5, price_ticks=990)


@pytest.mark.rule("ENG-005")
@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (SetMarginMode(account=1, instrument=BTC, margin_mode=1), RejectReason.UNKNOWN_COMMAND),
        (SampleFunding(instrument=BTC, sample_ns=1), RejectReason.UNKNOWN_COMMAND),
        (PLACE.replace(order_type=OrderType.STOP, trigger_ticks=1010), RejectReason.INVALID_ORDER_TYPE),
        (PLACE.replace(time_in_force=TimeInForce.GTD, good_till_ns=10**18), RejectReason.INVALID_TIME_IN_FORCE),
        (PLACE.replace(position_side=PositionSide.LONG), RejectReason.INVALID_POSITION_SIDE),
        (PLACE.replace(callback_ppm=10_000), RejectReason.INVALID_FLAGS),
        (PLACE.replace(take_profit_ticks=1_010), RejectReason.INVALID_FLAGS),
        (PLACE.replace(stop_loss_ticks=900), RejectReason.INVALID_FLAGS),
        (PLACE.replace(linked_order_id=1), RejectReason.INVALID_FLAGS),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_version_1_refuses_what_came_later(story: Story, command: Command, reason: RejectReason) -> None:
    (event,) = story.send(command.replace(version=1))
    assert event.reason == reason


@pytest.mark.rule("ENG-005")
def test_version_1_places_what_it_always_placed_and_fires_nothing(story: Story) -> None:
    story.tell("alice sell 5 stop 995 | accepted #1; terms #1")
    assert [type(event).__name__ for event in story.send(PLACE.replace(version=1))] == ["OrderAccepted"]
    marked = story.send(SetMarkPrice(instrument=BTC, mark_ticks=994, version=1))
    assert [type(event).__name__ for event in marked] == ["MarkPriceChanged"]
    fired = story.send(SetMarkPrice(instrument=BTC, mark_ticks=994))
    assert "OrderTriggered" in {type(event).__name__ for event in fired}


@pytest.mark.rule("ORD-101")
@pytest.mark.parametrize("version", [0, 3, 255])
def test_other_versions_are_not_known(story: Story, version: int) -> None:
    (event,) = story.send(DefineAsset(asset=USDT, version=version))
    assert event.reason == RejectReason.UNSUPPORTED_VERSION


@pytest.mark.rule("ID-003")
def test_an_order_without_a_name_is_placed_as_often_as_it_is_sent(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990      | accepted #1
        alice buy 5 @ 990      | accepted #2
        alice buy 5 @ 990 id=a | accepted #3
    """)
    assert story.query(QueryKind.STATS)[0][0].remembered_ids == 5  # four deposits, one named order
    key = story.key("alice", "a")
    assert key is not None
    assert (key.order_id, key.status, key.filled_lots, key.filled_quote_units, key.ended_ns) == (3, 0, 0, 0, 0)
    story.tell("alice cancel #3 | canceled #3")
    key = story.key("alice", "a")
    assert key is not None
    assert key.ended_ns == story.now_ns


@pytest.mark.rule("ENG-003")
@pytest.mark.rule("ENG-006")
def test_the_dump_is_every_record_in_its_order(story: Story) -> None:
    story.send(DefineMarketRules(instrument=BTC, breaker_move_ppm=900_000, breaker_window_ns=10**12))
    story.tell("""
        mark 1001                     | mark 1001
        mark 1000                     | mark 1000
        alice buy 5 @ 990             | accepted #1
        alice buy 5 @ 991 id=a        | accepted #2
        bob   sell 5 @ 1010           | accepted #3
        bob   sell 5 @ 1005           | accepted #4
        maker buy 2 @ 1005            | accepted #5; maker takes 2@1005; bob makes 2@1005
        alice sell 5 stop 980         | accepted #6; terms #6
        bob   countdown 30            | countdown
    """)
    dump, at = story.engine.dump(), 0

    def read(view: type, count: int) -> list:
        nonlocal at
        found = [view.unpack(dump, at + n * view.WIDTH) for n in range(count)]
        at += count * view.WIDTH
        return found

    (state,) = read(StateView, 1)
    assert (state.open_orders, state.accounts, state.remembered_ids) == (5, 4, 5)
    assert read(AssetView, 1) == story.query(QueryKind.ASSETS)[0]
    assert read(InstrumentView, 1) == story.query(QueryKind.INSTRUMENTS)[0]
    assert [tier.tier for tier in read(TierView, 3)] == [0, 1, 2]
    assert read(RulesView, 1) == story.query(QueryKind.RULES)[0]
    assert [mark.mark_ticks for mark in read(MarkView, 2)] == [1001, 1000]
    assert [view.account for view in read(AccountView, 4)] == [1, 2, 3, 4]
    wallets = read(BalanceView, 4)
    assert [view.account for view in wallets] == [1, 2, 3, 4]
    assert [view.wallet_units for view in wallets][1:] == [story.wallet(name) for name in ("bob", "carol", "maker")]
    assert [(view.account, view.position_lots) for view in read(PositionView, 3)] == [(1, 0), (2, -2), (4, 2)]
    resting, waiting = read(OrderView, 4), read(OrderView, 1)
    assert [(order.order_id, order.waiting) for order in resting] == [(2, 0), (1, 0), (4, 0), (3, 0)]
    assert [(order.order_id, order.waiting, order.trigger_ticks) for order in waiting] == [(6, 1, 980)]
    assert [key.client_order_id.rstrip(b"\0") for key in read(ClientIdView, 5)] == [b"start", b"a", *[b"start"] * 3]
    assert [(view.account, view.instrument) for view in read(CountdownView, 1)] == [(2, BTC)]
    assert at == len(dump)


@pytest.mark.rule("ENG-007")
def test_what_came_in_is_what_is_held_after_anything(story: Story) -> None:
    story.tell("""
        maker sell 100 @ 1000   | accepted #1
        alice buy 100 @ 1000    | accepted #2; alice takes 100@1000; maker makes 100@1000
        mark 1100               | mark 1100
        bob   buy 40 @ 1090     | accepted #3
        alice sell 40 @ 1090    | accepted #4; alice takes 40@1090; bob makes 40@1090
    """)
    (house,) = story.query(QueryKind.ASSETS)[0]
    wallets = sum(story.wallet(name) for name in ("alice", "bob", "carol", "maker"))
    held = wallets + house.fee_income_units + house.clearing_units + house.conversion_units
    assert held == house.external_units == 4 * 10_000_000
    story.send(Deposit(account=1, asset=USDT, amount_units=7, reference=b"more"))
    assert story.query(QueryKind.ASSETS)[0][0].external_units == house.external_units + 7


@pytest.mark.rule("ENG-009")
def test_version_2_lives_on_and_does_not_know_what_came_after(story: Story) -> None:
    (event,) = story.send(SetAccountLimits(account=1, max_position_lots=1, version=2))
    assert (event.reason, event.flags & EventFlag.ANSWER) == (RejectReason.UNKNOWN_COMMAND, EventFlag.ANSWER)
    (event,) = story.send(SetAccountLimits(account=1, max_position_lots=1, version=3))
    assert (event.reason, event.flags & EventFlag.ANSWER) == (RejectReason.UNKNOWN_COMMAND, 0)
    story.tell("""
        alice sell 5 stop 995 | accepted #1; terms #1
        maker buy 5 @ 990     | accepted #2
    """)
    fired = story.send(SetMarkPrice(instrument=BTC, mark_ticks=994, version=2))
    assert [type(event).__name__ for event in fired][:2] == ["MarkPriceChanged", "OrderTriggered"]


@pytest.mark.rule("ENG-009")
def test_limits_bind_orders_of_every_version(story: Story) -> None:
    story.tell("alice limits lots=4 | limits 4 0 0")
    for version in (1, 2, 4):
        (event,) = story.send(PLACE.replace(version=version))
        assert event.reason == RejectReason.ACCOUNT_LOTS_EXCEEDED
