"""Money that moves without an order of the account: margin, funding, transfers, liquidations and their moves."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from apps.feeds.hub import FeedHub
from apps.feeds.user_stream import Reader
from apps.gateway import listen_keys
from matcher.protocol.commands import (
    AdjustIsolatedMargin,
    Command,
    DefineMarketRules,
    Deposit,
    OpenAccount,
    SetInsuranceFund,
    SetLeverage,
    SetMarginMode,
    SetMarkPrice,
    SetMultiAssets,
    SetPositionMode,
    SettleFunding,
    SettleInstrument,
    Transfer,
    Withdraw,
)
from matcher.protocol.enums import MarginMode, PositionMode, PositionSide, Side, TradingState
from matcher.protocol.views import Query, QueryKind
from tests.support.feeds import ALICE, BOB, INSTRUMENT, START_NS, EngineMatcher, RememberingSocket, open_hub
from tests.support.market import FUNDS_UNITS, USDT

CAROL, FUND = 3, 4
HOUR_NS = 3600 * 10**9


class Scene:
    def __init__(self, hub: FeedHub, matcher: EngineMatcher) -> None:
        self.hub, self.matcher = hub, matcher
        self.readers: dict[int, RememberingSocket] = {}

    async def connect(self, account: int = ALICE) -> None:
        reader = self.readers[account] = RememberingSocket()
        key = await listen_keys.open_key(account)
        assert await self.hub.users.open(reader, Reader(key, combined=False, events=None))
        reader.take()

    def send(self, *commands: Command) -> None:
        self.matcher.send(*commands)

    def mark(self, ticks: int) -> None:
        self.send(SetMarkPrice(instrument=INSTRUMENT, mark_ticks=ticks, index_ticks=ticks))

    def trade(self, buyer: int, seller: int, lots: int, price_ticks: int = 50_000, **more: Any) -> None:
        self.matcher.limit(seller, Side.SELL, price_ticks, lots, **more.get("sell", {}))
        self.matcher.limit(buyer, Side.BUY, price_ticks, lots, **more.get("buy", {}))

    def updates(self, account: int = ALICE) -> list[Any]:
        """ACCOUNT_UPDATE bodies."""
        return [event["a"] for event in self.readers[account].take() if event["e"] == "ACCOUNT_UPDATE"]

    def leave(self, account: int, units: int) -> None:
        """Take all of the wallet but `units`."""
        amount = FUNDS_UNITS - units
        self.send(Withdraw(account=account, asset=USDT, amount_units=amount, reference=b"all-%d" % account))

    def picture_is_the_engines(self, account: int) -> None:
        """What the stream holds of money is what the engine answers."""
        held = self.hub.users._streams[account].account
        _, balances, positions = self.matcher.answer(Query(kind=QueryKind.ACCOUNT, account=account))
        assert held.wallets == {view.asset: view.wallet_units for view in balances}
        for view in positions:
            position = held.position((view.instrument, view.position_side))
            assert (position.lots, position.cost_units) == (view.position_lots, view.cost_units)
            assert position.isolated_units == view.isolated_units
            assert held.setting(view.instrument).margin_mode == view.margin_mode


@pytest.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    monkeypatch.delenv("REDIS_URL", raising=False)
    listen_keys.reset()
    matcher = EngineMatcher()
    hub = await open_hub(matcher)
    yield Scene(hub, matcher)
    await hub.stop()
    listen_keys.reset()


async def test_an_isolated_position_shows_its_wallet(scene: Scene) -> None:
    await scene.connect()
    scene.send(SetMarginMode(account=ALICE, instrument=INSTRUMENT, margin_mode=MarginMode.ISOLATED))
    (changed,) = scene.updates()
    assert (changed["m"], changed["B"], [row["mt"] for row in changed["P"]]) == ("MARGIN_TYPE_CHANGE", [], ["isolated"])
    scene.trade(ALICE, BOB, 10)
    (opened,) = scene.updates()
    (row,), (balance,) = opened["P"], opened["B"]
    assert (row["mt"], row["iw"], row["ps"]) == ("isolated", "5.00000000", "BOTH"), "a tenth of 50 at leverage 10"
    assert float(balance["wb"]) - float(balance["cw"]) == pytest.approx(5)
    scene.send(AdjustIsolatedMargin(account=ALICE, instrument=INSTRUMENT, amount_units=2 * 10**8))
    (added,) = scene.updates()
    assert (added["m"], added["P"][0]["iw"]) == ("MARGIN_TRANSFER", "7.00000000")
    scene.trade(BOB, ALICE, 10)
    (closed,) = scene.updates()
    assert (closed["P"][0]["pa"], closed["P"][0]["iw"], closed["B"][0]["wb"]) == (
        "0.000",
        "0.00000000",
        closed["B"][0]["cw"],
    )
    scene.picture_is_the_engines(ALICE)


async def test_hedge_legs_are_told_apart(scene: Scene) -> None:
    scene.send(SetPositionMode(account=ALICE, position_mode=PositionMode.HEDGE))
    await scene.connect()
    scene.trade(ALICE, BOB, 4, buy={"position_side": PositionSide.LONG})
    scene.trade(BOB, ALICE, 3, sell={"position_side": PositionSide.SHORT})
    rows = [update["P"][0] for update in scene.updates()]
    assert [(row["ps"], row["pa"]) for row in rows] == [("LONG", "0.004"), ("SHORT", "-0.003")]
    assert scene.hub.open_interest(INSTRUMENT) == 4, "alice holds 4 long and 3 short, bob 1 short"
    scene.picture_is_the_engines(ALICE)


async def test_funding_of_cross_and_of_isolated(scene: Scene) -> None:
    """Cross: the balance alone; isolated: the position too, whose wallet paid."""
    scene.send(SetMarginMode(account=BOB, instrument=INSTRUMENT, margin_mode=MarginMode.ISOLATED))
    scene.trade(ALICE, BOB, 10)
    for account in (ALICE, BOB):
        await scene.connect(account)
    due = scene.matcher.now_ns
    scene.send(SettleFunding(instrument=INSTRUMENT, funding_ns=due, next_funding_ns=due + 8 * HOUR_NS))
    (paid,), (received,) = scene.updates(ALICE), scene.updates(BOB)
    amount = "0.00500000"  # 50 at the interest rate of 0.01 %
    assert (paid["m"], paid["P"], paid["B"][0]["bc"]) == ("FUNDING_FEE", [], f"-{amount}")
    assert (received["m"], received["B"][0]["bc"], received["P"][0]["mt"]) == ("FUNDING_FEE", amount, "isolated")
    for account in (ALICE, BOB):
        scene.picture_is_the_engines(account)
    market = scene.hub.market(INSTRUMENT)
    assert market.mark is not None
    assert market.mark.next_funding_ms == (due + 8 * HOUR_NS) // 1_000_000


async def test_transfers_and_asset_mode(scene: Scene) -> None:
    await scene.connect()
    scene.send(Transfer(account=BOB, to_account=ALICE, asset=USDT, amount_units=5 * 10**8, reference=b"t-1"))
    (update,) = scene.updates()
    assert (update["m"], update["B"][0]["bc"]) == ("ASSET_TRANSFER", "5.00000000")
    scene.send(SetMultiAssets(account=ALICE, multi_assets=1))
    (event,) = scene.readers[ALICE].take()
    assert (event["e"], event["ai"]) == ("ACCOUNT_CONFIG_UPDATE", {"j": True})


async def test_a_liquidation_in_the_book(scene: Scene) -> None:
    """Forced order, fills told as CALCULATED, fee to the fund; the public stream tells the order once."""
    scene.send(SetInsuranceFund(account=FUND, asset=USDT))
    scene.send(SetLeverage(account=ALICE, instrument=INSTRUMENT, leverage=100))
    scene.leave(ALICE, 10 * 10**8)
    scene.trade(ALICE, BOB, 100)
    for account in (ALICE, FUND):
        await scene.connect(account)
    public = RememberingSocket()
    assert scene.hub.subscribe("btcusdt@forceOrder", public, combined=False)
    scene.matcher.limit(CAROL, Side.BUY, 49_300, 100)
    scene.mark(49_200)
    told = scene.readers[ALICE].take()
    orders = [event["o"] for event in told if event["e"] == "ORDER_TRADE_UPDATE"]
    assert [(order["x"], order["X"]) for order in orders] == [("NEW", "NEW"), ("CALCULATED", "FILLED")]
    assert orders[0]["c"] == f"autoclose-{orders[0]['i']}"
    assert [event["a"]["m"] for event in told if event["e"] == "ACCOUNT_UPDATE"] == ["ORDER"]
    (fund,) = scene.updates(FUND)
    assert (fund["m"], fund["B"][0]["bc"]) == ("INSURANCE_CLEAR", orders[1]["n"])
    for account in (ALICE, FUND):
        scene.picture_is_the_engines(account)
    scene.hub._on_tick(20, START_NS // 1_000_000)
    (forced,) = public.take()
    assert {name: forced["o"][name] for name in ("s", "S", "o", "f", "q", "ap", "X", "l", "z")} == {
        "s": "BTCUSDT",
        "S": "SELL",
        "o": "LIMIT",
        "f": "IOC",
        "q": "0.100",
        "ap": "4930.0",
        "X": "FILLED",
        "l": "0.100",
        "z": "0.100",
    }
    scene.hub._on_tick(40, START_NS // 1_000_000)
    assert public.take() == []


async def test_a_deficit_is_borne_and_a_winner_deleveraged(scene: Scene) -> None:
    """An empty book and no fund: the winner's position goes, told as a filled order of the queue."""
    scene.send(SetLeverage(account=ALICE, instrument=INSTRUMENT, leverage=100))
    scene.leave(ALICE, 10 * 10**8)
    scene.trade(ALICE, BOB, 100)
    for account in (ALICE, BOB):
        await scene.connect(account)
    scene.mark(49_200)
    moved, update = scene.readers[BOB].take()
    assert (moved["o"]["c"], moved["o"]["x"], moved["o"]["X"], moved["o"]["S"]) == (
        "adl_autoclose",
        "CALCULATED",
        "FILLED",
        "BUY",
    )
    assert moved["o"]["i"] < 1 << 53, "exact for every client"
    assert (update["a"]["m"], update["a"]["P"][0]["pa"]) == ("ADL", "0.000")
    assert scene.hub.open_interest(INSTRUMENT) == 0
    for account in (ALICE, BOB):
        scene.picture_is_the_engines(account)


async def test_a_deficit_reaches_the_one_who_had_it(scene: Scene) -> None:
    """The mark jumps far beyond the bankruptcy price: the fund pays what is missing, and both hear of it."""
    scene.send(SetInsuranceFund(account=FUND, asset=USDT))
    scene.send(SetLeverage(account=ALICE, instrument=INSTRUMENT, leverage=100))
    scene.leave(ALICE, 10 * 10**8)
    scene.trade(ALICE, BOB, 100)
    for account in (ALICE, BOB, FUND):
        await scene.connect(account)
    scene.matcher.limit(CAROL, Side.BUY, 40_000, 50)
    scene.mark(40_000)
    for account in (ALICE, BOB, FUND):
        scene.picture_is_the_engines(account)
    assert scene.updates(ALICE), "alice hears how it ended"


async def test_a_settlement_closes_everybody(scene: Scene) -> None:
    scene.send(SetMarginMode(account=ALICE, instrument=INSTRUMENT, margin_mode=MarginMode.ISOLATED))
    scene.trade(ALICE, BOB, 10)
    await scene.connect()
    scene.send(SettleInstrument(instrument=INSTRUMENT, price_ticks=50_100))
    moved, update = scene.readers[ALICE].take()
    assert moved["o"]["c"].startswith("settlement_autoclose-")
    assert (update["a"]["m"], update["a"]["P"][0]["pa"], update["a"]["P"][0]["iw"]) == (
        "ADJUSTMENT",
        "0.000",
        "0.00000000",
    )
    scene.picture_is_the_engines(ALICE)
    assert scene.hub.open_interest(INSTRUMENT) == 0


async def test_an_account_opened_later_is_a_blank_page(scene: Scene) -> None:
    scene.send(OpenAccount(account=9), Deposit(account=9, asset=USDT, amount_units=1, reference=b"nine"))
    await scene.connect(9)
    scene.send(Deposit(account=9, asset=USDT, amount_units=2, reference=b"more"))
    (update,) = scene.updates(9)
    assert update["B"] == [{"a": "USDT", "wb": "0.00000003", "cw": "0.00000003", "bc": "0.00000002"}]


async def test_a_breaker_halts_what_exchange_info_shows(scene: Scene) -> None:
    """The engine's own change of state is seen at once, and outlives a new description from rows."""
    rules = DefineMarketRules(instrument=INSTRUMENT, breaker_move_ppm=10_000, breaker_window_ns=10**12)
    scene.send(rules)
    scene.mark(50_000)
    scene.mark(52_000)
    market = scene.hub.market(INSTRUMENT)
    assert scene.hub.state_of(market.spec) == TradingState.HALTED
    market.describe(market.spec)
    assert scene.hub.state_of(market.spec) == TradingState.HALTED
