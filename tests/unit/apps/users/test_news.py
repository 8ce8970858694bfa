"""News of a dead identity goes out after the commit, never before, and a dead Redis stops nothing."""

import json

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks
from redis.exceptions import ConnectionError as RedisConnectionError

from apps.users import news, services
from apps.users.api_keys import create_api_key, revoke_api_key
from apps.users.types import UserRef

pytestmark = pytest.mark.django_db


class Channel:
    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, str]]] = []
        self.broken = False

    def publish(self, channel: str, text: str) -> None:
        if self.broken:
            raise RedisConnectionError("gone")
        self.heard.append((channel, json.loads(text)))


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    channel = Channel()
    monkeypatch.setattr(news, "get_redis", lambda: channel)
    return channel


@pytest.fixture
def alice() -> UserRef:
    user = services.register_user(email="alice@example.com", password="seven-Ducks-swim")
    services.attach_account(user_id=user.id, account_id=41)
    return user


def test_each_end_of_an_identity_is_told(
    alice: UserRef, channel: Channel, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    pair = services.open_session(user_id=alice.id)
    key = create_api_key(user_id=alice.id, label="bot").row.key
    with django_capture_on_commit_callbacks(execute=False) as waiting:
        services.log_out(session_id=pair.session_id)
        revoke_api_key(user_id=alice.id, key=key)
    assert channel.heard == []
    for tell in waiting:
        tell()
    assert channel.heard == [
        ("identity", {"kind": "session", "id": pair.session_id, "account_id": 41}),
        ("identity", {"kind": "api_key", "id": key, "account_id": 41}),
    ]


def test_disabling_tells_of_every_key_and_session(
    alice: UserRef, channel: Channel, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    pair = services.open_session(user_id=alice.id)
    keys = {create_api_key(user_id=alice.id, label=str(n)).row.key for n in range(2)}
    with django_capture_on_commit_callbacks(execute=True):
        services.disable_user(user_id=alice.id)
    assert {body["id"] for _, body in channel.heard} == keys | {pair.session_id}


def test_a_dead_redis_is_only_a_warning(
    alice: UserRef,
    channel: Channel,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    caplog: pytest.LogCaptureFixture,
) -> None:
    channel.broken = True
    pair = services.open_session(user_id=alice.id)
    with django_capture_on_commit_callbacks(execute=True):
        services.log_out(session_id=pair.session_id)
    assert services.authenticate_token(pair.access) is None
    assert "not published" in caplog.text
