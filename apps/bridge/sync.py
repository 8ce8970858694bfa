"""The blocking side: the same client on a loop of its own in a background thread, for any thread to use."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError
from typing import Any, TypeVar

from apps.bridge.client import TIMEOUT_SECONDS, Answer, AsyncMatcherClient
from apps.bridge.errors import MatcherUnavailable
from matcher.protocol.commands import Command
from matcher.protocol.events import Event
from matcher.protocol.frames import Mode
from matcher.protocol.views import Query

_Result = TypeVar("_Result")


class MatcherClient:
    """Blocking `send` and `query`; while the link is down they wait for it as long as their time allows."""

    def __init__(self, url: str, name: str) -> None:
        self._url, self._name = url, name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._client: AsyncMatcherClient | None = None

    def start(self, timeout_s: float | None = TIMEOUT_SECONDS) -> None:
        """Connect. Raises MatcherUnavailable when no matcher answers in time; None does not wait."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name=f"bridge {self._name}", daemon=True)
                self._thread.start()
                self._client = self._run(self._open())
        if timeout_s is not None:
            self._run(self._started().wait_connected(timeout_s))

    def close(self) -> None:
        """Close the link and end the thread. A later `start` opens a new one."""
        with self._lock:
            loop, thread, client = self._loop, self._thread, self._client
            if loop is None or thread is None or client is None:
                return
            self._run(client.close())
            self._loop = self._thread = self._client = None
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

    def send(self, command: Command, timeout_s: float = TIMEOUT_SECONDS) -> list[Event]:
        """The command's own events, the one flagged LAST included. Raises MatcherUnavailable, OutcomeUnknown."""
        return self._run(self._send(command, timeout_s))

    def send_many(self, commands: list[Command], timeout_s: float = TIMEOUT_SECONDS) -> list[list[Event]]:
        """The events of each command, sent together in this order. Raises the first error of any."""
        return self._run(self._send_many(commands, timeout_s))

    def query(self, query: Query, timeout_s: float = TIMEOUT_SECONDS) -> Answer:
        """(header, first views, second views). Raises MatcherUnavailable, OutcomeUnknown."""
        return self._run(self._query(query, timeout_s))

    @property
    def last_seq(self) -> int:
        return self._started().last_seq

    async def _open(self) -> AsyncMatcherClient:
        client = AsyncMatcherClient(self._url, self._name, Mode.REPLIES)
        await client.start(timeout_s=None)
        return client

    async def _send(self, command: Command, timeout_s: float) -> list[Event]:
        client = self._started()
        await client.wait_connected(timeout_s)
        return await client.send(command, timeout_s)

    async def _send_many(self, commands: list[Command], timeout_s: float) -> list[list[Event]]:
        client = self._started()
        await client.wait_connected(timeout_s)
        futures = [client.submit(command.pack(), timeout_s) for command in commands]
        done = await asyncio.gather(*futures, return_exceptions=True)
        for outcome in done:
            if isinstance(outcome, BaseException):
                raise outcome
        return [outcome for outcome in done if not isinstance(outcome, BaseException)]

    async def _query(self, query: Query, timeout_s: float) -> Answer:
        client = self._started()
        await client.wait_connected(timeout_s)
        return await client.query(query, timeout_s)

    def _started(self) -> AsyncMatcherClient:
        if self._client is None:
            raise MatcherUnavailable("the client is not started")
        return self._client

    def _run(self, coroutine: Coroutine[Any, Any, _Result]) -> _Result:
        if self._loop is None:
            coroutine.close()
            raise MatcherUnavailable("the client is not started")
        try:
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()
        except CancelledError:
            raise MatcherUnavailable("the client was closed") from None
