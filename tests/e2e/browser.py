"""Debian's chromium under playwright, and the page as a person uses it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.support.pace import PATIENCE_S

PATIENCE_MS = PATIENCE_S * 1000
expect.set_options(timeout=PATIENCE_MS)
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; ends with the block."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def add_authenticator(page: Page) -> None:
    """Give the page's tab a passkey device that a person always touches."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})


class Desk:
    """One person at the page, in a browser profile of their own. Keeps what the console complained of."""

    def __init__(
        self, browser: Browser, url: str, *, width: int = 1440, height: int = 900, scheme: str = "dark"
    ) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("request", lambda r: self._check_address(r.url, url))
        self.page.goto(url)
        expect(self.page.locator("#link-text")).to_have_text("live")

    def _check_address(self, address: str, url: str) -> None:
        if address.split("/")[2] != url.split("/")[2] and not address.startswith(("data:", "blob:")):
            self.complaints.append(f"request to another host: {address}")

    def sign_in(self, account: dict[str, Any]) -> None:
        self.page.click("#sign-in")
        self.page.fill("#login [name=email]", account["email"])
        self.page.fill("#login [name=password]", account["password"])
        self.page.click("#login [type=submit]")
        expect(self.page.locator("#who")).to_have_text(account["email"])

    def choose(self, symbol: str) -> None:
        self.page.locator("#instruments tr", has_text=symbol).click()
        expect(self.page.locator("#pair-name")).to_have_text(symbol)

    def mark_price(self) -> float:
        """The mark shown in the headline, once it is there."""
        expect(self.page.locator("#fact-mark")).not_to_have_text("–")
        return float(self.page.locator("#fact-mark").inner_text().replace(",", ""))

    def place(self, side: str, quantity: str, price: str | None = None) -> None:
        """Fill the ticket and press the side's button; a price makes it a limit order."""
        self.choose_type("limit" if price else "market")
        if price:
            self.page.fill("#ticket [name=price]", price)
        self.page.fill("#ticket [name=quantity]", quantity)
        self.page.click(f"#ticket .side.{side}")

    def choose_type(self, name: str) -> None:
        """An order type of the ticket by its name in the API."""
        tab = name if name in {"limit", "market"} else "conditional"
        self.page.locator(f"#ticket [name=order_type][value={tab}] + span").click()
        if tab == "conditional":
            self.page.select_option("#ticket [name=conditional_type]", name)

    def complaint(self) -> Locator:
        """What the ticket says is wrong, at a field or as a whole."""
        return self.page.locator("#ticket .why, #ticket-message.bad")

    def set(self, name: str, value: str) -> None:
        """Choose a value of the settings dialog and wait until the chips show that it took."""
        self.page.click("#open-settings")
        self.page.locator(f"#settings [name={name}][value={value}] + span").click()
        shown = {"one_way": "One-way"}.get(value, value.capitalize())
        expect(self.page.locator("#open-settings")).to_contain_text(shown)
        self.page.click("#settings [type=submit]")

    def tab(self, name: str) -> Locator:
        """Open an account tab; its rows."""
        self.page.click(f"#account-tabs [data-tab={name}]")
        return self.page.locator(f"#{name} tr")

    def level(self, price: str) -> Locator:
        return self.page.locator(f'.level[data-price="{price}"]')

    def close(self) -> None:
        self.context.close()
