"""The page with version 2's orders and positions: a stop that fires, hedge legs, isolated margin, closing by button.

Two people on the quiet instrument of a small family; the test is the mark. Nothing is reloaded.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, Self

import pytest
from playwright.sync_api import Browser, expect

from apps.bridge.sync import MatcherClient
from matcher.protocol.commands import SetMarkPrice
from matcher.protocol.views import Query, QueryKind
from tests.e2e.browser import Desk, chromium
from tests.support.lane_family import LaneFamily

pytestmark = pytest.mark.browser
QUIET = 4
ACCOUNT_OF_CAROL = 3
FRESH_SECONDS = 1.0


class Marks:
    """Keeps the quiet instrument's mark fresh; `move` changes it at once."""

    def __init__(self, url: str, ticks: int = 10_000) -> None:
        self.client = MatcherClient(url, "test marks")
        self.ticks = ticks
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.keep)

    def __enter__(self) -> Self:
        self.client.start()
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()
        self.client.close()

    def move(self, ticks: int) -> None:
        self.ticks = ticks
        self.client.send(SetMarkPrice(instrument=QUIET, mark_ticks=ticks, index_ticks=ticks))

    def keep(self) -> None:
        while not self.ended.wait(FRESH_SECONDS):
            self.move(self.ticks)


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("positions"), redis_url=redis_server) as family:
        yield family


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def marks(lane: LaneFamily) -> Iterator[Marks]:
    with Marks(lane.matcher.url) as found:
        found.move(10_000)
        yield found


@pytest.fixture
def desks(browser: Browser, lane: LaneFamily, marks: Marks) -> Iterator[tuple[Desk, Desk]]:
    """alice and bob at the quiet instrument; both flat, one-way and cross."""
    pair = Desk(browser, lane.base_url + "/"), Desk(browser, lane.base_url + "/")
    for desk, account in zip(pair, lane.accounts, strict=False):
        desk.sign_in(account)
        desk.choose(lane.symbol)
        expect(desk.page.locator("#count-positions")).to_have_text("0")
    yield pair
    for desk in pair:
        desk.close()


def trade(maker: Desk, taker: Desk, side: str, quantity: str, price: str = "100.00") -> None:
    """`maker` rests on `side`, `taker` crosses it at market."""
    before = int(maker.page.locator("#count-orders").inner_text())
    maker.place(side, quantity, price)
    expect(maker.page.locator("#count-orders")).to_have_text(str(before + 1))
    taker.place("sell" if side == "buy" else "buy", quantity)
    expect(maker.page.locator("#count-orders")).to_have_text(str(before))


def close_all(holder: Desk, other: Desk, price: str = "100.00") -> None:
    """`holder` is long, `other` short, of the same size: one rests, the other's Close button takes it."""
    quantity = holder.tab("positions").first.locator('[data-label="Quantity"]').inner_text()
    holder.place("sell", quantity, price)
    expect(holder.page.locator("#count-orders")).to_have_text("1")
    other.tab("positions").first.get_by_role("button", name="Close").click()
    for desk in (holder, other):
        expect(desk.page.locator("#count-positions")).to_have_text("0")


def test_a_stop_waits_fires_and_closes_the_position(desks: tuple[Desk, Desk], marks: Marks) -> None:
    alice, bob = desks
    trade(alice, bob, "buy", "2")
    alice.choose_type("stop_market")
    alice.page.fill("#ticket [name=trigger_price]", "98")
    alice.page.check("#ticket [name=close_position]")
    alice.page.click("#ticket .side.sell")
    waiting = alice.tab("orders")
    expect(waiting.first).to_contain_text("mark ≤ 98.00")
    expect(waiting.first).to_contain_text("all")
    expect(alice.tab("positions").first.locator('[data-label="TP / SL"]')).to_have_text("– / 98.00")

    bob.place("buy", "2", "97.50")
    expect(bob.page.locator("#count-orders")).to_have_text("1")
    marks.move(9_850)
    expect(alice.page.locator("#fact-mark")).to_have_text("98.50")
    expect(alice.page.locator("#count-orders")).to_have_text("1")
    marks.move(9_790)
    for desk in desks:
        expect(desk.page.locator("#count-positions")).to_have_text("0")
    expect(alice.page.locator("#count-orders")).to_have_text("0")
    expect(alice.tab("fills").first).to_contain_text("97.50")
    expect(alice.tab("history").first).to_contain_text("Stop market")
    expect(alice.tab("history").first).to_contain_text("filled")
    assert [*alice.complaints, *bob.complaints] == []


def test_a_stop_that_would_fire_at_once_is_told_at_its_field(desks: tuple[Desk, Desk]) -> None:
    alice, _ = desks
    alice.choose_type("stop_market")
    alice.page.fill("#ticket [name=trigger_price]", "99")
    alice.page.fill("#ticket [name=quantity]", "3")
    alice.page.click("#ticket .side.buy")
    expect(alice.page.locator("#ticket [name=trigger_price]")).to_have_attribute("aria-invalid", "true")
    expect(alice.page.locator("#ticket [name=quantity]")).to_have_value("3")


def test_both_legs_of_a_hedge_stand_side_by_side(desks: tuple[Desk, Desk]) -> None:
    alice, bob = desks
    alice.set("position_mode", "hedge")
    expect(alice.page.locator("#ticket .side.buy")).to_have_text("Buy / Open long")
    trade(alice, bob, "buy", "3")
    trade(alice, bob, "sell", "1")
    legs = alice.tab("positions")
    expect(legs).to_have_count(2)
    expect(legs.filter(has_text="long leg").locator('[data-label="Quantity"]')).to_have_text("3.000")
    expect(legs.filter(has_text="short leg").locator('[data-label="Quantity"]')).to_have_text("1.000")

    alice.page.locator("#ticket [name=intent][value=close] + span").click()
    expect(alice.page.locator("#ticket .side.sell")).to_have_text("Sell / Close long")
    trade(alice, bob, "sell", "3")
    expect(legs).to_have_count(1)
    trade(alice, bob, "buy", "1")
    for desk in desks:
        expect(desk.page.locator("#count-positions")).to_have_text("0")
    alice.set("position_mode", "one_way")
    assert [*alice.complaints, *bob.complaints] == []


def test_isolated_margin_is_added_and_moves_the_liquidation_price(desks: tuple[Desk, Desk]) -> None:
    alice, bob = desks
    alice.set("margin_mode", "isolated")
    alice.choose_type("limit")
    alice.page.fill("#ticket [name=price]", "100")
    alice.page.fill("#ticket [name=quantity]", "10")
    expect(alice.page.locator("#ticket-margin")).to_have_text("50.00 USDT")
    estimate = float(alice.page.locator("#ticket-liquidation-buy").inner_text())
    trade(alice, bob, "buy", "10")
    position = alice.tab("positions").first
    expect(position).to_contain_text("isolated")
    expect(position.locator('[data-label="Margin"]')).to_have_text("50.00")
    before = float(position.locator('[data-label="Liquidation"]').inner_text())
    assert abs(before - estimate) < 0.02
    position.get_by_role("button", name="Margin").click()
    alice.page.fill("#ask [name=amount]", "99999999")
    alice.page.click("#ask-send")
    expect(alice.page.locator("#ask .why")).to_be_visible()
    expect(alice.page.locator("#ask [name=amount]")).to_have_value("99999999")
    alice.page.fill("#ask [name=amount]", "25")
    alice.page.click("#ask-send")
    expect(position.locator('[data-label="Margin"]')).to_have_text("75.00")
    assert float(position.locator('[data-label="Liquidation"]').inner_text()) < before
    close_all(alice, bob)
    alice.set("margin_mode", "cross")


def test_take_profit_and_stop_loss_end_together(desks: tuple[Desk, Desk]) -> None:
    alice, bob = desks
    trade(alice, bob, "buy", "1")
    alice.tab("positions").first.get_by_role("button", name="TP/SL").click()
    alice.page.fill("#ask [name=take_profit_price]", "105")
    alice.page.fill("#ask [name=stop_loss_price]", "95")
    alice.page.click("#ask-send")
    expect(alice.page.locator("#count-orders")).to_have_text("2")
    alice.tab("orders").first.get_by_role("button", name="Cancel").click()
    expect(alice.page.locator("#count-orders")).to_have_text("0")
    close_all(alice, bob)


def armed(marks: Marks) -> list[Any]:
    """The switches that the engine holds for the account."""
    return list(marks.client.query(Query(kind=QueryKind.RULES, account=ACCOUNT_OF_CAROL))[2])


def test_the_switch_for_silence_is_armed_and_signing_out_takes_it_away(
    browser: Browser, lane: LaneFamily, marks: Marks
) -> None:
    desk = Desk(browser, lane.base_url + "/")
    desk.sign_in(lane.accounts[2])
    desk.choose(lane.symbol)
    desk.place("buy", "1", "95.00")
    expect(desk.page.locator("#count-orders")).to_have_text("1")
    desk.tab("orders")
    desk.page.select_option("#countdown", "30")
    expect(desk.page.locator("#toasts")).to_contain_text("falls silent")
    assert len(armed(marks)) == 1
    desk.page.click("#sign-out")
    expect(desk.page.locator("#sign-in")).to_be_visible()
    while armed(marks):
        desk.page.wait_for_timeout(50)
    desk.close()


@pytest.mark.parametrize("width", [360, 768, 1024, 1440])
def test_nothing_sticks_out_at_any_width(browser: Browser, lane: LaneFamily, width: int) -> None:
    desk = Desk(browser, lane.base_url + "/", width=width, height=800)
    desk.sign_in(lane.accounts[2])
    desk.choose(lane.symbol)
    for kind in ("limit", "market", "stop", "take_profit_market", "trailing_stop_market"):
        desk.choose_type(kind)
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width, kind
    cut = "document.querySelector('{0}').scroll{1} > document.querySelector('{0}').client{1}"
    assert not desk.page.evaluate(cut.format(".instruments", "Height"))
    assert not desk.page.evaluate(cut.format("#intervals", "Width"))
    desk.page.click("#open-settings")
    box = desk.page.locator("#settings").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    desk.close()
