"""The blocking client: the same contract from any thread."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from apps.bridge.errors import MatcherUnavailable
from apps.bridge.sync import MatcherClient
from matcher.protocol.commands import OpenAccount
from matcher.protocol.views import Query, QueryKind
from tests.support.market import opening
from tests.support.matcher_inside import MatcherInside
from tests.support.pace import PATIENCE_S


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A matcher on a loop in a thread of its own, as a process would be."""
    up, ended = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        async with MatcherInside(tmp_path):
            loops.append(asyncio.get_running_loop())
            up.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert up.wait(PATIENCE_S)
    yield f"unix://{tmp_path}/m.sock"
    loops[0].call_soon_threadsafe(ended.set)
    thread.join()


def test_send_and_query_block_until_answered(url: str) -> None:
    client = MatcherClient(url, "test")
    client.start()
    (event,) = client.send(OpenAccount(account=4))
    assert event.account == 4
    answers = client.send_many(opening(1))
    assert [events[0].seq for events in answers] == list(range(2, 8))
    header, _, _ = client.query(Query(kind=QueryKind.STATS))
    assert header.seq == client.last_seq == 7
    client.close()


def test_many_threads_share_one_link(url: str) -> None:
    client = MatcherClient(url, "test")
    client.start()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: client.send(OpenAccount(account=n)), range(1, 200)))
    assert [events[0].account for events in answers] == list(range(1, 200))
    client.close()


def test_it_starts_again_after_close(url: str) -> None:
    client = MatcherClient(url, "test")
    for _ in range(2):
        client.start()
        client.start()
        assert client.send(OpenAccount(account=4))
        client.close()
        client.close()
    for act in (lambda: client.send(OpenAccount(account=4)), lambda: client.query(Query()), lambda: client.last_seq):
        with pytest.raises(MatcherUnavailable, match="not started"):
            act()


def test_without_a_matcher_a_call_waits_as_long_as_its_time_and_is_unavailable(tmp_path: Path) -> None:
    client = MatcherClient(f"unix://{tmp_path}/none.sock", "test")
    client.start(timeout_s=None)
    with pytest.raises(MatcherUnavailable, match="no matcher answers"):
        client.send(OpenAccount(account=4), timeout_s=0.05)
    with pytest.raises(MatcherUnavailable):
        client.send_many([OpenAccount(account=4)], timeout_s=0.05)
    with pytest.raises(MatcherUnavailable):
        client.query(Query(), timeout_s=0.05)
    client.close()
