"""The back office in a browser: every list and the first row of each open without a complaint of the console.

That covers what the policy blocks (inline styles of the theme among it), scripts that break, and pages wider than the window.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import add_authenticator, chromium
from tests.support.lane_family import LaneFamily
from tests.support.pace import PATIENCE_S

pytestmark = pytest.mark.browser
STAFF = ("head@example.com", "seven-Ducks-swim")
MAKE_STAFF = f"""
import django
django.setup()
from apps.users.models import User
User.objects.create_superuser(*{STAFF!r})
"""


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("office"), redis_url=redis_server) as family:
        assert family.spawn("-c", MAKE_STAFF).wait(PATIENCE_S) == 0
        yield family


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def addresses(page: Page, links: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all(links, "all => all.map(link => link.pathname)")
    return sorted(set(found))


def test_no_page_complains_or_is_wider_than_the_window(lane: LaneFamily, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(f"{page.url}: {said.text[:200]}") if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.goto(f"{lane.base_url}/admin/login/")
    page.fill("[name=username]", STAFF[0])
    page.fill("[name=password]", STAFF[1])
    page.click("[type=submit]")
    expect(page).to_have_url(f"{lane.base_url}/admin/")
    lists = [path for path in addresses(page, "a[href^='/admin/']") if path.count("/") == 4 and "logout" not in path]
    assert len(lists) > 40, lists
    rows = 0
    for path in lists:
        look(page, lane.base_url + path, faults)
        for row in addresses(page, "#result_list tbody a")[:1]:
            look(page, lane.base_url + row, faults)
            rows += 1
    assert rows > 10
    assert faults == []


def look(page: Page, address: str, faults: list[str]) -> None:
    answer = page.goto(address, wait_until="load")
    assert answer is not None
    if answer.status != 200:
        faults.append(f"{address}: {answer.status}")
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wider > 0:
        faults.append(f"{address}: {wider} pixels too wide")


def test_lists_keep_their_width_and_say_when_they_are_empty(lane: LaneFamily, browser: Browser) -> None:
    """What the policy kept from being written as a style attribute is set all the same."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{lane.base_url}/admin/login/?next=/admin/users/apikey/")
    page.fill("[name=username]", STAFF[0])
    page.fill("[name=password]", STAFF[1])
    page.click("[type=submit]")
    page.wait_for_function("parseInt(document.querySelector('#changelist-actions')?.style.width) > 600")
    page.goto(f"{lane.base_url}/admin/accounts/conversion/")
    expect(page.get_by_text("There are no conversions yet.")).to_be_visible()
    page.goto(f"{lane.base_url}/admin/users/apikey/?q=nobody")
    expect(page.get_by_text("Nothing matches what you look for.")).to_be_visible()
    page.goto(f"{lane.base_url}/admin/instruments/instrument/1/market-form/")
    expect(page.get_by_role("heading", name="Market controls of BTCUSDT")).to_be_visible()


def test_on_a_phone_no_cell_of_the_settings_lies_over_another(lane: LaneFamily, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
    page.goto(f"{lane.base_url}/admin/login/?next=/admin/configuration/settingversion/")
    page.fill("[name=username]", STAFF[0])
    page.fill("[name=password]", STAFF[1])
    page.click("[type=submit]")
    cells = page.locator("table td")
    expect(cells.first).to_be_visible()
    over = cells.evaluate_all(
        "all => all.filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.innerText)"
    )
    assert over == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_staff_come_in_by_password_and_passkey(lane: LaneFamily, browser: Browser) -> None:
    """The passkey is made on the person's own page; from then on the password alone does not open the door."""
    page = browser.new_context().new_page()
    add_authenticator(page)
    base = f"http://localhost:{lane.port}"
    page.goto(f"{base}/security")
    page.click("#sign-in")
    page.fill("#login [name=email]", STAFF[0])
    page.fill("#login [name=password]", STAFF[1])
    page.click("#login [type=submit]")
    expect(page.locator("#who")).to_have_text(STAFF[0])
    page.click("#passkey-add")
    page.fill("#ask [name=name]", "A key")
    page.click("#ask-send")
    expect(page.locator("#codes li")).to_have_count(10)

    page.goto(f"{base}/admin/login/")
    page.fill("[name=username]", STAFF[0])
    page.fill("[name=password]", STAFF[1])
    page.click("#login-form [type=submit]")
    expect(page.get_by_text("The code is missing, wrong or used up.")).to_be_visible()
    page.fill("[name=username]", STAFF[0])
    page.fill("[name=password]", STAFF[1])
    page.click("#use-passkey")
    expect(page).to_have_url(f"{base}/admin/")
