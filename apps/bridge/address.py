"""Where a matcher listens: unix:///path or tcp://host:port."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

_Protocol = TypeVar("_Protocol", bound=asyncio.BaseProtocol)


async def connect(url: str, factory: Callable[[], _Protocol]) -> _Protocol:
    """Open the link. Raises OSError when nobody listens, ValueError for an address of another form."""
    loop = asyncio.get_running_loop()
    scheme, _, rest = url.partition("://")
    if scheme == "unix":
        return (await loop.create_unix_connection(factory, rest))[1]
    if scheme == "tcp":
        host, _, port = rest.rpartition(":")
        return (await loop.create_connection(factory, host.strip("[]"), int(port)))[1]
    raise ValueError(f"a matcher's address is unix:///path or tcp://host:port, not {scheme[:20]!r}")
