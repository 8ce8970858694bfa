"""The way in of a socket: what its peer says, until one of the two ends it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

BINARY = 1003


class Heard(Protocol):
    """What is needed of a session."""

    @property
    def is_closed(self) -> bool: ...

    def close(self, code: int, reason: str) -> None: ...

    async def handle(self, text: str) -> None: ...


async def listen(session: Heard, receive: Callable[[], Awaitable[dict[str, Any]]]) -> None:
    """Commands until the peer hangs up; what it still says to a closed session is not heard."""
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        if session.is_closed:
            continue
        text = message.get("text")
        if text is None:
            session.close(BINARY, "text messages only")
        else:
            await session.handle(text)
