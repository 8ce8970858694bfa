"""A person's whole way through identity on the page: registering, mails, second steps, passkeys, sessions, freezing.

Mails are read where a local family puts them; passkeys are the browser's own virtual authenticator.
"""

from __future__ import annotations

import email
import email.policy
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.browser import add_authenticator, chromium
from tests.support.authenticators import totp_code
from tests.support.lane_family import LaneFamily
from tests.support.pace import PATIENCE_S

pytestmark = pytest.mark.browser
PASSWORD, NEW_PASSWORD = "seven-Ducks-swim", "eight-Geese-fly"
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("security")) as family:
        yield family


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


class Person:
    """Somebody at a browser; `complaints` is what its console said in anger."""

    def __init__(self, browser: Browser, lane: LaneFamily, address: str, **context: Any) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 860}, **context)
        self.page: Page = self.context.new_page()
        self.base = f"http://localhost:{lane.port}"
        self.mails = lane.folder / "mail"
        self.address = address
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str = "/security") -> None:
        """As from a mail: in a page of its own."""
        self.page.goto("about:blank")
        self.page.goto(self.base + path)

    def shot(self, name: str) -> None:
        """Kept where SHOTS says, for people to look at."""
        if SHOTS:
            self.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))

    def mailed(self, what: str) -> str:
        """The path of the newest mailed link of that kind to the person; waits for it."""
        give_up = time.monotonic() + PATIENCE_S
        while True:
            for file in sorted(self.mails.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True):
                letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                part = letter.get_body(("plain",))
                text = part.get_content() if part else ""
                found = re.search(rf"/confirm#{what}=[\w-]+", text)
                if found and letter["To"] == self.address:
                    return found[0]
            assert time.monotonic() < give_up, f"no {what} link was mailed to {self.address}"
            self.page.wait_for_timeout(50)

    def carry_out(self, what: str, password: str = "") -> None:
        """Open the mailed link and press its button."""
        self.open(self.mailed(what))
        expect(self.page).not_to_have_url(re.compile("="))  # the text leaves the address bar
        if password:
            self.page.fill("#deed [name=password]", password)
        self.page.click("#deed-send")
        expect(self.page.locator("#deed-title")).to_have_text("Done")

    def register(self) -> None:
        self.open("/")
        self.page.click("#sign-in")
        self.page.click("[data-show=register]")
        self.page.fill("#register [name=email]", self.address)
        self.page.fill("#register [name=password]", PASSWORD)
        self.shot("register")
        self.page.click("#register [type=submit]")
        expect(self.page.locator("#told-text")).to_contain_text(self.address)
        self.shot("told")

    def give_password(self, password: str = PASSWORD) -> None:
        self.open()
        self.page.click("#sign-in")
        self.page.fill("#login [name=email]", self.address)
        self.page.fill("#login [name=password]", password)
        self.page.click("#login [type=submit]")

    def sign_in(self, password: str = PASSWORD) -> None:
        self.give_password(password)
        self.is_in()

    def is_in(self) -> None:
        expect(self.page.locator("#who")).to_have_text(self.address)

    def answer(self, selector: str) -> None:
        expect(self.page.locator(selector)).to_be_visible()


def test_a_new_person_confirms_signs_in_and_changes_the_password(browser: Browser, lane: LaneFamily) -> None:
    dora = Person(browser, lane, "dora@example.com")
    dora.register()
    dora.carry_out("verify")
    dora.shot("confirmed")
    dora.sign_in()
    expect(dora.page.locator("#verified")).to_have_text("confirmed")
    expect(dora.page.locator("#sessions tr")).to_have_count(1)
    dora.shot("security")
    dora.page.click("#change-password")
    dora.page.fill("#ask [name=current_password]", PASSWORD)
    dora.page.fill("#ask [name=new_password]", "password1234")
    dora.page.click("#ask-send")
    expect(dora.page.locator("#ask-message")).to_contain_text("tried first")
    dora.shot("password")
    dora.page.fill("#ask [name=new_password]", NEW_PASSWORD)
    dora.page.click("#ask-send")
    expect(dora.page.locator("#hold")).to_contain_text("withdrawals rest")
    dora.page.click("#sign-out")
    dora.sign_in(NEW_PASSWORD)
    assert dora.complaints == []


def test_a_forgotten_password(browser: Browser, lane: LaneFamily) -> None:
    erik = Person(browser, lane, "erik@example.com")
    erik.register()
    erik.open("/confirm#forgot")
    erik.page.fill("#deed [name=email]", erik.address)
    erik.page.click("#deed-send")
    expect(erik.page.locator("#deed-title")).to_have_text("Done")
    erik.open(erik.mailed("reset"))
    erik.shot("reset")
    erik.carry_out("reset", NEW_PASSWORD)
    erik.sign_in(NEW_PASSWORD)


def test_authenticator_backup_codes_and_the_second_step(browser: Browser, lane: LaneFamily) -> None:
    fred = Person(browser, lane, "fred@example.com")
    fred.register()
    fred.sign_in()
    fred.page.click("#totp-add")
    fred.answer("#totp-qr svg")
    secret = fred.page.locator("#totp-secret").inner_text().replace(" ", "")
    fred.shot("totp")
    fred.page.fill("#totp-form [name=code]", totp_code(secret))
    fred.page.click("#totp-form [type=submit]")
    expect(fred.page.locator("#codes li")).to_have_count(10)
    codes = fred.page.locator("#codes li").all_inner_texts()
    fred.shot("codes")
    fred.page.click("#codes-dialog [type=submit]")
    expect(fred.page.locator("#totp-state")).to_have_text("on")
    fred.page.click("#sign-out")

    fred.give_password()
    fred.answer("#factor")
    fred.shot("factor")
    fred.page.fill("#factor [name=code]", "000000")
    fred.page.click("#factor-send")
    expect(fred.page.locator("#factor-message")).to_contain_text("wrong")
    fred.page.get_by_role("button", name="Use a backup code").click()
    fred.page.fill("#factor [name=code]", codes[0])
    fred.page.click("#factor-send")
    fred.is_in()
    expect(fred.page.locator("#codes-state")).to_have_text("9 left")
    expect(fred.page.locator("#sessions tr").first).to_contain_text("password + backup code")
    assert fred.complaints == []


def test_a_passkey_signs_in_alone_and_proves_again(browser: Browser, lane: LaneFamily) -> None:
    gina = Person(browser, lane, "gina@example.com")
    add_authenticator(gina.page)
    gina.register()
    gina.sign_in()
    gina.page.click("#passkey-add")
    gina.answer("#ask-send")
    gina.page.fill("#ask [name=name]", "My laptop")
    gina.page.click("#ask-send")
    expect(gina.page.locator("#codes li")).to_have_count(10)
    gina.page.click("#codes-dialog [type=submit]")
    expect(gina.page.locator("#passkeys tr")).to_contain_text("My laptop")
    gina.shot("passkeys")
    gina.page.click("#sign-out")

    gina.open()
    gina.page.click("#sign-in")
    gina.page.click("#login-passkey")
    gina.is_in()
    expect(gina.page.locator("#sessions tr").first).to_contain_text("passkey")
    gina.page.click("#sign-out")

    gina.give_password()
    gina.answer("#factor")
    gina.page.click("#factor-send")
    gina.is_in()
    lane_sessions_grow_stale(lane)
    gina.page.locator("#passkeys tr").get_by_role("button", name="Remove").click()
    gina.answer("#prove-send")
    gina.shot("prove")
    gina.page.click("#prove-send")
    expect(gina.page.locator("#passkeys tr")).to_have_count(0)
    assert gina.complaints == []


def lane_sessions_grow_stale(lane: LaneFamily) -> None:
    """The last proof of everybody is ten minutes old."""
    import sqlite3

    with sqlite3.connect(lane.folder / "exchange.sqlite3", timeout=PATIENCE_S) as rows:
        rows.execute("UPDATE users_session SET stepped_up_at = '2020-01-01 00:00:00'")
    rows.close()


def test_one_page_signs_the_other_out_and_freezing_ends_both(browser: Browser, lane: LaneFamily) -> None:
    hugo = Person(browser, lane, "hugo@example.com")
    hugo.register()
    hugo.sign_in()
    phone = Person(
        browser, lane, hugo.address, is_mobile=True, user_agent="Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile"
    )
    phone.page.set_viewport_size({"width": 390, "height": 800})
    phone.sign_in()
    phone.shot("phone")
    hugo.open()
    expect(hugo.page.locator("#sessions tr")).to_have_count(2)
    expect(hugo.page.locator("#sessions")).to_contain_text("Chrome on Android")
    hugo.page.click("#end-others")
    expect(hugo.page.locator("#sessions tr")).to_have_count(1)
    expect(phone.page.locator("#stranger")).to_be_visible()
    hugo.page.click("#freeze")
    hugo.shot("freeze")
    hugo.page.click("#ask-send")
    expect(hugo.page.locator("#stranger")).to_be_visible()
    hugo.give_password()
    expect(hugo.page.locator("#login-message")).to_contain_text("mailed you a link")
    hugo.carry_out("unfreeze", PASSWORD)
    hugo.sign_in()


def test_moving_to_another_address_and_taking_it_back(browser: Browser, lane: LaneFamily) -> None:
    ivan = Person(browser, lane, "ivan@example.com")
    ivan.register()
    ivan.sign_in()
    ivan.page.click("#change-email")
    ivan.page.fill("#ask [name=email]", "ivan@elsewhere.example")
    ivan.page.click("#ask-send")
    expect(ivan.page.locator("#toasts")).to_contain_text("mailed a link")
    ivan.address = "ivan@elsewhere.example"
    ivan.carry_out("email")
    ivan.open()
    expect(ivan.page.locator("#email")).to_have_text("ivan@elsewhere.example")
    ivan.address = "ivan@example.com"
    ivan.carry_out("undo-email")
    ivan.carry_out("reset", NEW_PASSWORD)
    ivan.sign_in(NEW_PASSWORD)


def test_a_link_that_is_not_whole_says_so(browser: Browser, lane: LaneFamily) -> None:
    judy = Person(browser, lane, "judy@example.com")
    for path in ("/confirm", "/confirm#verify=", "/confirm#nonsense=1"):
        judy.open(path)
        expect(judy.page.locator("#deed-title")).to_have_text("This link is not complete")
    judy.open("/confirm#verify=abc")
    judy.page.click("#deed-send")
    expect(judy.page.locator("#deed-message")).to_contain_text("used up")
