"""What others do to an account appears on its page by itself: a credit, a revoked key, the end of the session."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import WebSocket, expect

from tests.e2e.browser import Desk, chromium
from tests.support.lane_family import ROOT, LaneFamily

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("notices"), redis_url=redis_server) as family:
        yield family


@pytest.fixture
def alice(lane: LaneFamily) -> Iterator[Desk]:
    with chromium() as browser:
        desk = Desk(browser, lane.base_url + "/")
        desk.sign_in(lane.accounts[0])
        yield desk
        desk.close()


@contextmanager
def elsewhere(lane: LaneFamily, program: str) -> Iterator[None]:
    """The program runs while the page is watched: a toast stays for a few seconds only."""
    argv = [sys.executable, "-c", f"import django; django.setup()\n{program}"]
    process = subprocess.Popen(argv, cwd=ROOT, env=lane.environ)
    yield
    assert process.wait() == 0


def test_a_page_tells_what_others_do_to_its_account(lane: LaneFamily, alice: Desk) -> None:
    person = f"User.objects.get(email={lane.accounts[0]['email']!r})"
    toasts = alice.page.locator("#toasts .toast")
    heard: list[str | bytes] = []

    def listen(link: WebSocket) -> None:
        link.on("framereceived", hear)

    def hear(frame: str | bytes) -> None:
        heard.append(frame)

    alice.page.on("websocket", listen)
    alice.page.reload()
    while not any("authenticated" in str(frame) for frame in heard):
        alice.page.wait_for_timeout(50)
    credit_and_revoke = (
        "from apps.accounts.services import credit_account; from apps.users.models import User\n"
        "from apps.users.api_keys import create_api_key, revoke_api_key\n"
        f"user = {person}\n"
        "credit_account(account_id=user.account_id, asset_code='USDT', amount_units=25050000000, reference='gift-1')\n"
        "key = create_api_key(user_id=user.id, label='night bot').row.key\n"
        "revoke_api_key(user_id=user.id, key=key)"
    )
    with elsewhere(lane, credit_and_revoke):
        expect(toasts.filter(has_text="Credited 250.5 USDT")).to_have_count(1)
        expect(toasts.filter(has_text="night bot")).to_have_count(1)
    end_session = (
        "from apps.users.services import revoke_sessions_of_user; from apps.users.models import User\n"
        f"revoke_sessions_of_user(user_id={person}.id, reason='staff')"
    )
    with elsewhere(lane, end_session):
        expect(toasts.filter(has_text="Your session has ended")).to_have_count(1)
    expect(alice.page.locator("#sign-in")).to_be_visible()
    expect(alice.page.locator("#who")).to_have_text("")
    assert alice.complaints == []
