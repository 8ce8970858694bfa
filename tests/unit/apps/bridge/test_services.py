"""One client a process and loop, opened on first use at settings.MATCHER_URL."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.bridge import services
from apps.bridge.errors import MatcherUnavailable
from matcher.protocol.commands import OpenAccount
from matcher.protocol.frames import Mode
from matcher.protocol.views import Query, QueryKind
from tests.support.matcher_inside import MatcherInside


@pytest.fixture(autouse=True)
def address(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MATCHER_URL = f"unix://{tmp_path}/m.sock"
    services.close_client()
    yield
    services.close_client()


async def test_the_loop_has_one_client_opened_on_first_use(tmp_path: Path) -> None:
    async with MatcherInside(tmp_path):
        assert (await services.asend(OpenAccount(account=3)))[0].account == 3
        header, _, _ = await services.aquery(Query(kind=QueryKind.STATS))
        assert header.seq == 1
        assert services.get_async_client() is services.get_async_client()
        await services.close_async_client()
        await services.close_async_client()


async def test_a_gateway_starts_its_own_kind_of_client(tmp_path: Path) -> None:
    async with MatcherInside(tmp_path):
        client = await services.start_async_client("gateway", Mode.EVENTS)
        batches: list[tuple[int, int]] = []
        client.on_batch(lambda first, last, _events, _levels: batches.append((first, last)))
        await services.asend(OpenAccount(account=3))
        assert services.get_async_client() is client
        assert batches == [(1, 1)]
        await services.close_async_client()


async def test_no_matcher_is_unavailable() -> None:
    with pytest.raises(MatcherUnavailable):
        await services.asend(OpenAccount(account=3), timeout_s=0.05)
    with pytest.raises(MatcherUnavailable):
        await services.aquery(Query(), timeout_s=0.05)
    await services.close_async_client()


async def test_blocking_calls_share_the_process_client(tmp_path: Path) -> None:
    async with MatcherInside(tmp_path):
        (event,) = await asyncio.to_thread(services.send, OpenAccount(account=3))
        assert event.account == 3
        answers = await asyncio.to_thread(services.send_many, [OpenAccount(account=4), OpenAccount(account=5)])
        assert [events[0].account for events in answers] == [4, 5]
        header, _, _ = await asyncio.to_thread(services.query, Query(kind=QueryKind.STATS))
        assert header.seq == 3
        assert services.get_client() is services.get_client()
        await asyncio.to_thread(services.close_client)


def test_a_forked_worker_does_not_use_its_parents_link(monkeypatch: pytest.MonkeyPatch) -> None:
    parent = services.get_client()
    monkeypatch.setattr(os, "getpid", lambda: 1)
    child = services.get_client()
    assert child is not parent
    services.close_client()
    monkeypatch.undo()
    assert services.get_client() is parent
