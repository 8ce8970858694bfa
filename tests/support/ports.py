"""Free ports that stay free: whoever else looks for one while a server is still starting gets another."""

from __future__ import annotations

import socket

_kept: list[socket.socket] = []


def free_port() -> int:
    """A port of 127.0.0.1 kept by a socket that never listens, beside which a server may bind (SO_REUSEADDR)."""
    keeper = socket.socket()
    keeper.bind(("127.0.0.1", 0))
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    _kept.append(keeper)
    return int(keeper.getsockname()[1])
