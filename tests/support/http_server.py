"""An ASGI application behind a real uvicorn of this process, on a free port."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn


@contextmanager
def serving(application: Any, **options: Any) -> Iterator[int]:
    """Its port. Options are uvicorn's; there is no lifespan and there are no sockets."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(application, lifespan="off", log_level="critical", ws="none", **options))
        thread = threading.Thread(target=asyncio.run, args=(server.serve([listener]),))
        thread.start()
        yield int(listener.getsockname()[1])
        server.should_exit = True
        thread.join()
