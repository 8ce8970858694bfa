"""R11: everybody on one side goes under at once and the fund has nothing: the queue takes it all, whoever came first.

Thirty-two accounts, one-way, hedge, isolated and pooled, hold against each other in two markets; a mark far away
liquidates one side of the whole open interest. Same result for any order of opening accounts and of trading.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from matcher.protocol.codec import decode_events
from matcher.protocol.commands import (
    Command,
    DefineCollateral,
    Deposit,
    OpenAccount,
    PlaceOrder,
    SetInsuranceFund,
    SetLeverage,
    SetMarginMode,
    SetMarkPrice,
    SetMultiAssets,
    SetPositionMode,
    Sweep,
)
from matcher.protocol.enums import EventFlag, Side
from matcher.protocol.events import AccountOpened, LiquidationEnded, LiquidationStarted, OrderFilled, PositionMoved
from matcher.protocol.views import BalanceView, PositionView, QueryKind
from tests.scenarios.engines import engine_class
from tests.scenarios.story import BTC, BTC_TERMS, ETH, USDT, Story

PAIRS = 16
FUND = 90
ACCOUNTS = range(1, 2 * PAIRS + 1)
LADDER = ((0, 5_000_000, 100), (2_000_000, 10_000_000, 50), (20_000_000, 25_000_000, 20))


def opening_of(account: int) -> list[Command]:
    """An account's own setting: by number isolated, hedge or pooled, at leverage 10 to 40."""
    commands: list[Command] = [
        OpenAccount(account=account),
        Deposit(account=account, asset=USDT, amount_units=2_000_000 + 37 * account, reference=b"start"),
    ]
    mode = account % 4
    if mode == 1:
        commands += [SetMarginMode(account=account, instrument=number, margin_mode=1) for number in (BTC, ETH)]
    if mode == 2:
        commands.append(SetPositionMode(account=account, position_mode=1))
    if mode == 3:
        commands.append(SetMultiAssets(account=account, multi_assets=1))
    leverage = 10 + 10 * (account % 4)
    return [*commands, *(SetLeverage(account=account, instrument=number, leverage=leverage) for number in (BTC, ETH))]


def trade_of(pair: int, instrument: int) -> list[Command]:
    """Accounts 2p + 1 (short) and 2p + 2 (long) deal with each other: more the later they come."""
    short, long = 2 * pair + 1, 2 * pair + 2
    lots = 20 + 5 * (pair % 7)
    legs = {account: (0 if account % 4 != 2 else 1 if account == long else 2) for account in (short, long)}
    sell = PlaceOrder(account=short, instrument=instrument, side=Side.SELL, price_ticks=1000, quantity_lots=lots)
    buy = sell.replace(account=long, side=Side.BUY, position_side=legs[long])
    return [sell.replace(position_side=legs[short]), buy]


def doom(kind: str, seed: int, marks: tuple[int, int]) -> tuple[Story, list[Any]]:
    """The market, in the seed's order of accounts and of trades; then the marks, all told."""
    story, dice = Story(engine_class(kind)()), Random(seed)
    for number in (BTC, ETH):
        story.open_market(BTC_TERMS.replace(instrument=number), LADDER)
    story.send(DefineCollateral(asset=USDT, price_units=10**8))
    story.send(OpenAccount(account=FUND))
    story.send(SetInsuranceFund(account=FUND, asset=USDT))
    accounts, trades = list(ACCOUNTS), [(pair, number) for pair in range(PAIRS) for number in (BTC, ETH)]
    dice.shuffle(accounts)
    dice.shuffle(trades)
    for account in accounts:
        for command in opening_of(account):
            assert not story.send(command)[0].reason
    for pair, number in trades:
        for command in trade_of(pair, number):
            assert not story.send(command)[0].reason, story.said()
    events = []
    for instrument, mark in zip((BTC, ETH), marks, strict=True):
        events += story.send(SetMarkPrice(instrument=instrument, mark_ticks=mark, index_ticks=mark))
    return story, events + story.send(Sweep())


def holdings(story: Story) -> dict[int, tuple[Any, ...]]:
    """Wallet and legs of everybody."""
    found = {}
    for account in (*ACCOUNTS, FUND):
        views = _account(story, account)
        wallets = [view.wallet_units for view in views if isinstance(view, BalanceView)]
        legs = [
            (v.instrument, v.position_side, v.position_lots, v.cost_units, v.isolated_units, v.realized_pnl_units)
            for v in views
            if isinstance(v, PositionView)
        ]
        found[account] = (wallets, legs)
    return found


def _account(story: Story, account: int) -> list[Any]:
    from matcher.protocol.codec import decode_answer
    from matcher.protocol.views import Query

    _, first, second = decode_answer(story.engine.query(Query(kind=QueryKind.ACCOUNT, account=account).pack()))
    return [*first, *second]


def moved(events: list[Any]) -> list[tuple[Any, ...]]:
    """Every move as it was told, without numbers of orders."""
    moves = [event for event in events if isinstance(event, PositionMoved)]
    return [(m.account, m.counterparty, m.instrument, m.quantity_lots, m.price_ticks, m.rank, m.score) for m in moves]


@pytest.mark.rule("LIQ-002", "LIQ-007", "LIQ-008", "ENG-007")
@pytest.mark.parametrize("kind", ["core", "reference"])
@pytest.mark.parametrize("marks", [(2500, 2500), (300, 400), (2500, 400)])
def test_the_queue_takes_the_whole_open_interest(kind: str, marks: tuple[int, int]) -> None:
    story, events = doom(kind, 1, marks)
    story.engine.check()
    after = holdings(story)
    losers = {event.account for event in events if isinstance(event, LiquidationStarted)}
    assert len(losers) >= PAIRS if marks != (2500, 400) else len(losers) > 4
    assert sum(isinstance(e, LiquidationEnded) for e in events) == sum(
        isinstance(e, LiquidationStarted) for e in events
    )
    assert moved(events)
    assert not [event for event in events if isinstance(event, OrderFilled)], "there is no book"
    wallets = {account: sum(wallet) for account, (wallet, _) in after.items()}
    assert wallets[FUND] >= 0
    paid_in = sum(2_000_000 + 37 * account for account in ACCOUNTS)
    assert_money_sums(story, paid_in)
    for account in losers:
        lots = [held for _, _, held, *_ in after[account][1]]
        assert marks == (2500, 400) or not any(lots), f"{account} still holds {lots}"
        assert wallets[account] >= 0, f"{account} owes {wallets[account]} that nobody bears"


def assert_money_sums(story: Story, paid_in: int) -> None:
    (asset,) = story.query(QueryKind.ASSETS)[0]
    wallets = sum(sum(wallet) for wallet, _ in holdings(story).values())
    assert asset.external_units == paid_in
    assert wallets + asset.fee_income_units + asset.clearing_units + asset.conversion_units == paid_in


@pytest.mark.rule("LIQ-002", "LIQ-007")
@pytest.mark.parametrize("marks", [(2500, 2500), (300, 400), (2500, 400)])
def test_who_came_first_makes_no_difference(marks: tuple[int, int]) -> None:
    """Eight orders of opening and trading, both engines: the same moves in the same order, the same money."""
    told = set()
    for seed in range(8):
        story, events = doom("core", seed, marks)
        told.add((repr(holdings(story)), repr(moved(events))))
    twin, events = doom("reference", 3, marks)
    told.add((repr(holdings(twin)), repr(moved(events))))
    assert len(told) == 1


@pytest.mark.rule("LIQ-007")
def test_the_two_engines_tell_the_same_of_it() -> None:
    stories = [doom(kind, 5, (2500, 2500))[0] for kind in ("core", "reference")]
    assert stories[0].engine.dump() == stories[1].engine.dump()
    replayed = decode_events(engine_class("core")().process(b"".join(stories[1].raw)))
    assert sum(isinstance(event, AccountOpened) for event in replayed) == len(ACCOUNTS) + 1
    assert all(not event.flags & EventFlag.MAKER for event in replayed if isinstance(event, PositionMoved))
