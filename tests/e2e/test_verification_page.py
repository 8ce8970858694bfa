"""A person is verified on the page: apply, a wrong document told, a good one, handed in, approved by a reviewer.

Hostile names run nowhere: not on the page, not in the back office. The page moves by itself when a reviewer decides.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import chromium
from tests.support.kyc_papers import PERSON, SVG, picture
from tests.support.lane_family import ROOT, LaneFamily

pytestmark = pytest.mark.browser
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>"
STAFF = ("reviewer@example.com", "seven-Ducks-swim")
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator[LaneFamily]:
    family = LaneFamily(tmp_path_factory.mktemp("kyc"), redis_url=redis_server)
    family.environ["EXCHANGE_KYC_DEFAULT_LEVEL"] = "0"
    with family:
        yield family


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def elsewhere(lane: LaneFamily, program: str) -> None:
    argv = [sys.executable, "-c", f"import django; django.setup()\n{program}"]
    done = subprocess.run(argv, cwd=ROOT, env=lane.environ, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def open_page(browser: Browser, heard: list[str], **context: Any) -> Page:
    page = browser.new_context(**context).new_page()
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return page


def shot(page: Page, name: str) -> None:
    """Kept where SHOTS says, for people to look at."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"kyc-{name}.png"), full_page=True)


def sign_in(page: Page, lane: LaneFamily, account: dict[str, str]) -> None:
    page.goto(f"{lane.base_url}/verification")
    page.click("#sign-in")
    page.fill("#login [name=email]", account["email"])
    page.fill("#login [name=password]", account["password"])
    page.click("#login [type=submit]")
    expect(page.locator("#level-name")).to_have_text("Level 0: unverified")


def fill(page: Page, **changes: str) -> None:
    for name, text in {**PERSON, **changes}.items():
        page.fill(f"#person [name={name}]", text)
    page.click("#save")


def send(page: Page, name: str, content: bytes) -> None:
    page.set_input_files("#upload [name=file]", {"name": name, "mimeType": "image/png", "buffer": content})
    page.click("#upload [type=submit]")


def test_a_person_is_verified_on_the_page(browser: Browser, lane: LaneFamily, tmp_path: Path) -> None:
    heard: list[str] = []
    page = open_page(browser, heard, viewport={"width": 1280, "height": 900})
    sign_in(page, lane, lane.accounts[0])
    shot(page, "1-unverified")
    page.locator("#levels tr", has_text="1: basic").get_by_role("button", name="Apply").click()
    fill(page, full_name="", country="XX")
    expect(page.locator("#person .why")).to_have_count(2)
    shot(page, "2-wrong-fields")
    fill(page, full_name=XSS)
    expect(page.locator("#state")).to_have_text("draft")
    expect(page.locator("#person [name=full_name]")).to_have_value(XSS)
    expect(page.locator("#missing")).to_contain_text("an identity document")
    send(page, "passport.png", SVG)
    expect(page.locator("#upload-message")).to_contain_text("Only PDF, PNG, JPEG and WebP")
    shot(page, "3-refused-document")
    send(page, f"{XSS}.png", picture("PNG", (900, 600)))
    expect(page.locator("#documents li")).to_contain_text("passport:")
    expect(page.locator("#missing")).to_have_text("Everything is here.")
    shot(page, "4-draft")
    page.click("#submit")
    expect(page.locator("#state")).to_have_text("submitted")
    expect(page.locator("#save")).to_be_hidden()
    review(browser, lane, heard, tmp_path)
    expect(page.locator("#state")).to_have_text("needs more")
    expect(page.locator("#reason")).to_have_text(f"Which street? {XSS}")
    shot(page, "5-needs-more")
    fill(page, full_name="Alice Example")
    expect(page.locator("#toasts")).to_contain_text("Saved")
    page.click("#submit")
    expect(page.locator("#state")).to_have_text("submitted")
    elsewhere(lane, f"{LAST}approve_application(application_id=row, actor=staff, reason='fine')")
    expect(page.locator("#state")).to_have_text("approved")
    expect(page.locator("#level-name")).to_have_text("Level 1: basic")
    expect(page.locator("#limits")).to_contain_text("50x")
    shot(page, "6-approved")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, "7-phone")
    assert heard == []


LAST = (
    "from apps.audit.types import Actor\nfrom apps.kyc.models import Application\nfrom apps.kyc.reviews import *\n"
    "row, staff = str(Application.objects.latest('created_at').id), Actor('staff', '999')\n"
)


def review(browser: Browser, lane: LaneFamily, heard: list[str], folder: Path) -> None:
    """A reviewer of the back office looks at person and document and asks for more."""
    elsewhere(
        lane,
        f"from apps.users.models import User\nUser.objects.create_superuser({STAFF[0]!r}, {STAFF[1]!r})",
    )
    page = open_page(browser, heard, viewport={"width": 1280, "height": 1000})
    page.goto(f"{lane.base_url}/admin/login/?next=/admin/kyc/application/")
    page.fill("[name=username]", STAFF[0])
    page.fill("[name=password]", STAFF[1])
    page.click("[type=submit]")
    expect(page.locator("#result_list")).to_contain_text("submitted")
    shot(page, "8-queue")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator("#person")).to_contain_text(XSS)
    address = page.locator("#documents a").get_attribute("href")
    answer = page.context.request.get(f"{lane.base_url}{address}")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert "sandbox" in answer.headers["content-security-policy"]
    (Path(SHOTS or folder) / "kyc-marked.png").write_bytes(answer.body())
    page.select_option("#decision-form [name=decision]", "more")
    page.fill("#decision-form [name=reason]", f"Which street? {XSS}")
    shot(page, "9-case")
    page.click("#decision-form [type=submit]")
    expect(page.locator("body")).to_contain_text("The applicant is asked for more.")
    page.context.close()
