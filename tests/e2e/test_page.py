"""A person trades on the page: order, book, open orders, a crossing from another account, position, trade.

Everything has to move without a reload, over the page's own sockets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import Desk, chromium

pytestmark = [pytest.mark.browser, pytest.mark.family]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def desks(browser: Browser, family: dict[str, Any]) -> Iterator[tuple[Desk, Desk]]:
    """alice and bob, signed in, both looking at the quiet instrument."""
    pair = Desk(browser, family["page_url"]), Desk(browser, family["page_url"])
    for desk, account in zip(pair, family["accounts"], strict=False):
        desk.sign_in(account)
        desk.choose(family["quiet_symbol"])
    yield pair
    for desk in pair:
        desk.close()


def test_order_book_position_and_trade_move_without_reload(desks: tuple[Desk, Desk]) -> None:
    alice, bob = desks
    price = f"{alice.mark_price() * 0.995:.2f}"
    alice.place("buy", "2", price)
    expect(alice.page.locator("#ticket-message")).to_have_class(re.compile("good"))
    expect(alice.tab("orders")).to_have_count(1)
    expect(alice.tab("orders").first).to_contain_text("buy")
    expect(alice.level(price)).to_have_class(re.compile("mine"))
    expect(bob.level(price)).to_have_count(1)

    bob.place("sell", "1")
    bob.place("sell", "1")
    bought = alice.page.locator("#toasts .toast", has_text="Bought")  # one, however many trades filled the order
    expect(bought).to_have_text(re.compile(r"^Bought 2(\.0+)? "))
    expect(alice.tab("positions").first).to_contain_text("long")
    expect(bob.tab("positions").first).to_contain_text("short")
    expect(alice.page.locator("#count-orders")).to_have_text("0")
    expect(alice.level(price)).to_have_count(0)
    expect(alice.page.locator("#tape .print").first).to_contain_text(price)
    expect(alice.tab("fills").first).to_contain_text("maker")
    expect(bob.tab("fills").first).to_contain_text("taker")

    alice.place("sell", "2", price)
    expect(alice.level(price)).to_have_count(1)
    bob.tab("positions").first.get_by_role("button", name="Close").click()
    expect(alice.page.locator("#count-positions")).to_have_text("0")
    expect(bob.page.locator("#count-positions")).to_have_text("0")
    assert [*alice.complaints, *bob.complaints] == []


def test_a_refusal_is_shown_in_words(desks: tuple[Desk, Desk]) -> None:
    alice, _ = desks
    alice.place("buy", "0", "50")
    expect(alice.complaint()).to_be_visible()
    assert len(alice.complaint().inner_text()) > 10
    expect(alice.page.locator("#ticket [name=quantity]")).to_have_value("0")


def test_wrong_password_is_told_and_signs_nobody_in(browser: Browser, family: dict[str, Any]) -> None:
    desk = Desk(browser, family["page_url"])
    desk.page.click("#sign-in")
    desk.page.fill("#login [name=email]", family["accounts"][0]["email"])
    desk.page.fill("#login [name=password]", "not the password")
    desk.page.click("#login [type=submit]")
    expect(desk.page.locator("#login-message")).to_have_class(re.compile("bad"))
    expect(desk.page.locator("#who")).to_have_text("")
    desk.close()
