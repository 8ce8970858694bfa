"""The process's own link to the matcher: `await asend(command)`, `send(command)`.

One client a process and, for asyncio, a loop; opened on first use at settings.MATCHER_URL.
"""

from __future__ import annotations

import asyncio
import os
import threading
from weakref import WeakKeyDictionary

from django.conf import settings

from apps.bridge.client import TIMEOUT_SECONDS, Answer, AsyncMatcherClient
from apps.bridge.sync import MatcherClient
from matcher.protocol.commands import Command
from matcher.protocol.events import Event
from matcher.protocol.frames import Mode
from matcher.protocol.views import Query

LINK_WAIT_SECONDS = 1.0  # how long a send waits for a link that is down, before it is MatcherUnavailable

_lock = threading.Lock()
_sync_clients: dict[int, MatcherClient] = {}  # by process id: a forked worker must not share its parent's link
_async_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncMatcherClient] = WeakKeyDictionary()


async def start_async_client(
    name: str, mode: int = Mode.REPLIES, timeout_s: float | None = TIMEOUT_SECONDS
) -> AsyncMatcherClient:
    """Open this loop's client under a name and mode of its own (a gateway: mode 1). Raises MatcherUnavailable.

    With `timeout_s` None it does not wait for the matcher.
    """
    await close_async_client()
    client = AsyncMatcherClient(settings.MATCHER_URL, name, mode)
    _async_clients[asyncio.get_running_loop()] = client
    await client.start(timeout_s)
    return client


def get_async_client() -> AsyncMatcherClient:
    """This loop's client; on first use it is made and connects in the background."""
    loop = asyncio.get_running_loop()
    client = _async_clients.get(loop)
    if client is None:
        client = _async_clients[loop] = AsyncMatcherClient(settings.MATCHER_URL, f"process {os.getpid()}")
        client.begin()
    return client


async def close_async_client() -> None:
    """Close this loop's client, if there is one."""
    client = _async_clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.close()


def get_client() -> MatcherClient:
    """This process's blocking client, opened on first use; its calls wait for the link."""
    with _lock:
        client = _sync_clients.get(os.getpid())
        if client is None:
            client = _sync_clients[os.getpid()] = MatcherClient(settings.MATCHER_URL, f"process {os.getpid()}")
            client.start(timeout_s=None)
        return client


def close_client() -> None:
    """Close this process's blocking client, if there is one."""
    with _lock:
        client = _sync_clients.pop(os.getpid(), None)
    if client is not None:
        client.close()


async def asend(command: Command, timeout_s: float = TIMEOUT_SECONDS) -> list[Event]:
    """Send and await the command's own events. Raises MatcherUnavailable, OutcomeUnknown."""
    client = get_async_client()
    if not client.connected:
        await client.wait_connected(min(timeout_s, LINK_WAIT_SECONDS))
    return await client.send(command, timeout_s)


async def aquery(query: Query, timeout_s: float = TIMEOUT_SECONDS) -> Answer:
    """Ask the engine. Raises MatcherUnavailable, OutcomeUnknown."""
    client = get_async_client()
    if not client.connected:
        await client.wait_connected(min(timeout_s, LINK_WAIT_SECONDS))
    return await client.query(query, timeout_s)


def send(command: Command, timeout_s: float = TIMEOUT_SECONDS) -> list[Event]:
    """Send and wait for the command's own events. Raises MatcherUnavailable, OutcomeUnknown."""
    return get_client().send(command, timeout_s)


def send_many(commands: list[Command], timeout_s: float = TIMEOUT_SECONDS) -> list[list[Event]]:
    """Send together, in order; the events of each. Raises the first error of any."""
    return get_client().send_many(commands, timeout_s)


def query(query: Query, timeout_s: float = TIMEOUT_SECONDS) -> Answer:
    """Ask the engine. Raises MatcherUnavailable, OutcomeUnknown."""
    return get_client().query(query, timeout_s)
