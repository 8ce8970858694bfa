"""The watch ends exactly the sockets whose sessions are over, survives a store in trouble, and stops when unused."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from django.db import OperationalError

from apps.users import session_watch
from apps.users.session_watch import SOCKETS_A_USER, SessionWatch
from tests.support.pace import PATIENCE_S

# No row is read here, but the watch closes old connections of its thread, which may hold one from an earlier test.
pytestmark = pytest.mark.django_db


class Socket:
    def __init__(self) -> None:
        self.reasons: list[str] = []

    def session_over(self, reason: str) -> None:
        self.reasons.append(reason)


class Rows:
    def __init__(self) -> None:
        self.ended: dict[str, str] = {}
        self.is_down = False
        self.questions: list[list[str]] = []

    def get_ended_sessions(self, session_ids: Sequence[str]) -> dict[str, str]:
        self.questions.append(list(session_ids))
        if self.is_down:
            raise OperationalError("gone")
        return {name: reason for name, reason in self.ended.items() if name in session_ids}


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Rows:
    rows = Rows()
    monkeypatch.setattr(session_watch, "get_ended_sessions", rows.get_ended_sessions)
    monkeypatch.setattr(session_watch, "CHECK_EVERY_S", 0.01)
    monkeypatch.setattr(session_watch, "SESSIONS_A_QUESTION", 2)
    return rows


async def until(condition: object) -> None:
    assert callable(condition)
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.005)


async def test_only_the_ended_session_is_told_and_trouble_tells_nobody(rows: Rows) -> None:
    watch, sockets = SessionWatch(), {name: Socket() for name in "abc"}
    for name, socket in sockets.items():
        assert watch.join(socket, session_id=name, user_id=1)
    rows.is_down = True
    await until(lambda: rows.questions)
    assert not any(socket.reasons for socket in sockets.values())
    rows.is_down, rows.ended = False, {"c": "staff"}
    await until(lambda: sockets["c"].reasons)
    assert set(sockets["c"].reasons) == {"staff"}
    assert sockets["a"].reasons == sockets["b"].reasons == []
    assert all(len(question) <= 2 for question in rows.questions)
    for name, socket in sockets.items():
        watch.leave(socket, session_id=name, user_id=1)
        watch.leave(socket, session_id=name, user_id=1)
    task = watch._task
    assert task is not None
    await until(task.done)
    assert watch.join(sockets["a"], session_id="a", user_id=1)
    assert watch._task is not task
    watch.leave(sockets["a"], session_id="a", user_id=1)


async def test_a_user_has_a_bounded_number_of_sockets(rows: Rows) -> None:
    watch, sockets = SessionWatch(), [Socket() for _ in range(SOCKETS_A_USER)]
    assert all(watch.join(socket, session_id="s", user_id=1) for socket in sockets)
    assert not watch.join(Socket(), session_id="t", user_id=1)
    assert watch.join(Socket(), session_id="u", user_id=2)
    watch.leave(sockets[0], session_id="s", user_id=1)
    assert watch.join(Socket(), session_id="t", user_id=1)
