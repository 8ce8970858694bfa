"""The feeds alone behind uvicorn, as a process: `python -m tests.support.feed_server PORT WS`.

MATCHER_URL names the matcher; the instrument is that of tests.support.feeds and rows are empty, so what is
measured or broken is the feeds and nothing else. Listen keys are made up: an account's is its number.
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.pace import PATIENCE_S
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
KEY_LENGTH = 40


def listen_key(account: int) -> str:
    return str(account).rjust(KEY_LENGTH, "0")


class FeedServer:
    """One feed server on a free port; started, awaited, stopped or killed."""

    def __init__(
        self, matcher_url: str, log: Path, ws: str = "apps.gateway.guarded_websocket:GuardedWebSocket"
    ) -> None:
        self.port = free_port()
        self.url = f"ws://127.0.0.1:{self.port}"
        self._arguments = [sys.executable, "-m", "tests.support.feed_server", str(self.port), ws]
        self._environ = {**os.environ, "MATCHER_URL": matcher_url, "REDIS_URL": ""}
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as out:
            self.process = subprocess.Popen(
                self._arguments, cwd=ROOT, env=self._environ, stdout=out, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + PATIENCE_S
        while True:
            assert self.process.poll() is None, f"the feed server ended: {self.tail()}"
            assert time.monotonic() < deadline, f"not ready: {self.tail()}"
            try:
                socket.create_connection(("127.0.0.1", self.port), 1.0).close()
            except OSError:
                time.sleep(0.02)
            else:
                return

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def tail(self) -> str:
        return self._log.read_text()[-3000:]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE_S)


def main(port: int, ws: Any) -> None:
    """Serve until SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings.test")
    import django

    django.setup()
    import uvicorn

    from apps.bridge.client import AsyncMatcherClient
    from apps.feeds import hub as hubs
    from apps.feeds.sockets import websocket
    from apps.gateway import listen_keys
    from matcher.protocol.frames import Mode
    from tests.support.feeds import SPEC, ListedRows

    async def resolve(key: str) -> int | None:
        return int(key) if len(key) == KEY_LENGTH and key.isdigit() and int(key) < 1000 else None

    listen_keys.resolve = resolve
    hubs._hub = hub = hubs.FeedHub(ListedRows([SPEC]))

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
        elif scope["type"] == "websocket":
            await websocket(scope, receive, send)
        else:
            raise AssertionError(scope["type"])

    async def lifespan(receive: Any, send: Any) -> None:
        await receive()
        client = AsyncMatcherClient(os.environ["MATCHER_URL"], "feeds", Mode.EVENTS)
        await client.start(None)
        await hub.start(client)
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await hub.stop()
        await client.close()
        await asyncio.sleep(0)
        await send({"type": "lifespan.shutdown.complete"})

    uvicorn.run(
        application,
        host="127.0.0.1",
        port=port,
        ws=ws,
        loop="uvloop",
        ws_per_message_deflate=False,
        ws_max_size=65536,
        ws_ping_interval=180,
        ws_ping_timeout=600,
        log_level="warning",
        backlog=4096,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
