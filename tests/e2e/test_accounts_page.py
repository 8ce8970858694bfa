"""A trader's accounts on the page: a further one is opened, paid into, given a key that trades for it alone, and the key ends."""

from __future__ import annotations

import hmac
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.browser import Desk, chromium
from tests.support.lane_family import LaneFamily

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("accounts"), redis_url=redis_server) as family:
        yield family


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def trader(browser: Browser, lane: LaneFamily, number: int) -> Desk:
    desk = Desk(browser, lane.base_url)
    desk.sign_in(lane.accounts[number])
    desk.page.goto(f"{lane.base_url}/accounts")
    expect(desk.page.locator("#accounts tr").first).to_contain_text("main")
    return desk


def row(desk: Desk, table: str, name: str) -> Locator:
    return desk.page.locator(f"#{table} tr", has_text=name)


def answer(desk: Desk, **values: str) -> None:
    """Fill the open dialog and send it."""
    for name, value in values.items():
        part = desk.page.locator(f"#ask [name={name}]")
        part.select_option(value) if part.evaluate("one => one.tagName") == "SELECT" else part.fill(value)
    desk.page.click("#ask-send")


def open_account(desk: Desk, name: str) -> None:
    desk.page.click("#account-open")
    answer(desk, name=name)
    expect(row(desk, "accounts", name)).to_contain_text("active")


def shot(desk: Desk, name: str) -> None:
    """Kept where SHOTS says, for people to look at."""
    if SHOTS:
        desk.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def complaints(desk: Desk) -> list[str]:
    """Without the refusals that the test asks for: the browser names every answer from 400 on."""
    return [said for said in desk.complaints if "Failed to load resource" not in said]


def status_of(lane: LaneFamily, key: str, secret: str) -> tuple[int, object]:
    query = urlencode({"timestamp": time.time_ns() // 1_000_000})
    signature = hmac.digest(secret.encode(), query.encode(), "sha256").hex()
    path = f"/fapi/v3/balance?{query}&signature={signature}"
    return lane.ask("GET", path, headers={"X-MBX-APIKEY": key})[:2]


def test_a_further_account_is_opened_paid_into_and_given_a_key(browser: Browser, lane: LaneFamily) -> None:
    alice = trader(browser, lane, 0)
    open_account(alice, "grid")
    expect(row(alice, "accounts", "grid").get_by_role("button", name="Move money")).to_be_disabled()
    row(alice, "accounts", "main").get_by_role("button", name="Move money").click()
    shot(alice, "accounts-move")
    answer(alice, asset="USDT", amount="99999999")
    expect(alice.page.locator("#ask-message")).to_have_text("There is not that much free to move.")
    answer(alice, amount="1e3")
    expect(alice.page.locator("#ask-message")).to_contain_text("plain decimal")
    answer(alice, amount="1250.5")
    expect(row(alice, "accounts", "grid")).to_contain_text("1,250.5 USDT")
    expect(row(alice, "accounts", "main")).to_contain_text("998,749.5 USDT")

    row(alice, "accounts", "grid").get_by_role("button", name="Make a key").click()
    shot(alice, "accounts-key")
    answer(alice, label="<b>bot</b>", permissions="read,trade,transfer")
    expect(alice.page.locator("#ask-message")).to_contain_text("needs a list of addresses")
    answer(alice, addresses="127.0.0.1, 10.7.0.0/16")
    expect(alice.page.locator("#key-name")).to_have_text(re.compile(r"^\w{64}$"))
    key, secret = (alice.page.locator(f"#key-{part}").inner_text() for part in ("name", "secret"))
    shot(alice, "accounts-secret")
    alice.page.click("#key-dialog [type=submit]")
    expect(alice.page.locator("#key-secret")).to_have_text("")
    listed = row(alice, "keys", "<b>bot</b>")
    expect(listed).to_contain_text("grid")
    expect(listed).to_contain_text("127.0.0.1/32, 10.7.0.0/16")
    shot(alice, "accounts")
    status, held = status_of(lane, key, secret)
    assert (status, [one["balance"] for one in held if one["asset"] == "USDT"]) == (200, ["1250.50000000"])  # type: ignore[attr-defined]

    listed.get_by_role("button", name="Change").click()
    answer(alice, permissions="read", instruments=lane.symbol, addresses="", expires="2029-01-01")
    expect(listed).to_contain_text("anywhere")
    expect(listed).to_contain_text("01/01")
    listed.get_by_role("button", name="Revoke").click()
    answer(alice)
    expect(listed).to_have_count(0)
    assert status_of(lane, key, secret)[0] == 401
    assert complaints(alice) == []
    alice.close()


def test_a_key_asks_for_a_fresh_proof_and_a_phone_has_room_for_it_all(browser: Browser, lane: LaneFamily) -> None:
    bob = trader(browser, lane, 1)
    bob.page.set_viewport_size({"width": 390, "height": 800})
    open_account(bob, "savings")
    lane_sessions_grow_stale(lane)
    bob.page.click("#key-make")
    answer(bob, label="phone", permissions="read")
    expect(bob.page.locator("#prove-send")).to_be_visible()
    bob.page.fill("#prove [name=proof]", lane.accounts[1]["password"])
    bob.page.click("#prove-send")
    expect(bob.page.locator("#key-secret")).not_to_be_empty()
    bob.page.click("#key-dialog [type=submit]")
    expect(row(bob, "keys", "phone")).to_contain_text("anywhere")
    shot(bob, "accounts-phone")
    for control in bob.page.locator(".top .button").all():
        box = control.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390, "the bar has room for every link"
    assert bob.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert complaints(bob) == []
    bob.close()


def lane_sessions_grow_stale(lane: LaneFamily) -> None:
    """The last proof of everybody is ten minutes old."""
    import sqlite3

    with sqlite3.connect(lane.folder / "exchange.sqlite3", timeout=20) as rows:
        rows.execute("UPDATE users_session SET stepped_up_at = '2020-01-01 00:00:00'")
    rows.close()
