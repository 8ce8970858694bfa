"""A notice leaves after the commit, to one person's group, and a layer that is down or slow stops nobody."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks
from redis.exceptions import ConnectionError as RedisConnectionError

from apps.notifications import services
from apps.notifications.services import notices_group, notify_user
from apps.notifications.types import NoticeKind
from tests.support.pace import PATIENCE_S

pytestmark = pytest.mark.django_db


class Layer:
    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.is_broken = self.is_slow = False

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        if self.is_broken:
            raise RedisConnectionError("gone")
        if self.is_slow:
            await asyncio.sleep(60)
        self.sent.append((group, message))


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> Layer:
    layer = Layer()
    monkeypatch.setattr(services, "get_channel_layer", lambda: layer)
    monkeypatch.setattr(services, "SEND_WAIT_S", PATIENCE_S)
    return layer


def test_it_is_sent_after_the_commit_and_only_to_its_person(
    layer: Layer, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=False) as waiting:
        notify_user(user_id=7, kind=NoticeKind.KEY_REVOKED, key="k", label="bot")
    assert layer.sent == []
    for send in waiting:
        send()
    [(group, message)] = layer.sent
    assert group == notices_group(7) != notices_group(8)
    assert message["type"] == "session.notice"
    assert message["notice"].pop("time_ms") > 1_700_000_000_000
    assert message["notice"] == {"event": "key_revoked", "key": "k", "label": "bot"}


@pytest.mark.parametrize("trouble", ["is_broken", "is_slow"])
def test_a_layer_in_trouble_is_only_a_warning(
    layer: Layer,
    trouble: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(services, "SEND_WAIT_S", 0.05)
    setattr(layer, trouble, True)
    with django_capture_on_commit_callbacks(execute=True):
        notify_user(user_id=7, kind=NoticeKind.SESSION_ENDED, session_id="s", reason="staff")
    assert layer.sent == []
    assert "a notice was not sent" in caplog.text
