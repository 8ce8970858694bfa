"""Tells the projector at once that the journal has grown: HEAD frames from the matcher.

Only a hint. Without a matcher the projector polls, and nothing is lost by a frame that never comes.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

from matcher.protocol.frames import FRAME_VERSION, HELLO_HEAD, LENGTH, MAX_FRAME_BYTES, Frame, Mode, frame

RECONNECT_SECONDS = 0.5
POLL_SECONDS_CONNECTED = 0.5
POLL_SECONDS_ALONE = 0.05


class HeadListener(threading.Thread):
    """Sets `wake` whenever the matcher says that it has committed something."""

    def __init__(self, url: str, wake: threading.Event) -> None:
        super().__init__(name="matcher-heads", daemon=True)
        self._url, self._wake = url, wake
        self._stop_asked = threading.Event()
        self._socket: socket.socket | None = None
        self.connected = False

    def run(self) -> None:
        while not self._stop_asked.is_set():
            with suppress(OSError):
                self._listen()
            self.connected = False
            self._stop_asked.wait(RECONNECT_SECONDS)

    def stop(self) -> None:
        """End the thread; returns when it has ended."""
        self._stop_asked.set()
        with suppress(OSError, AttributeError):
            self._socket.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
        self.join(timeout=5)

    def wait(self) -> None:
        """Until the journal may have grown: a frame came, or it is time to look anyway."""
        self._wake.wait(POLL_SECONDS_CONNECTED if self.connected else POLL_SECONDS_ALONE)
        self._wake.clear()

    def _listen(self) -> None:
        with _connect(self._url) as link:
            self._socket = link
            link.sendall(frame(Frame.HELLO, HELLO_HEAD.pack(FRAME_VERSION, Mode.HEADS, 0), b"projector"))
            with link.makefile("rb") as stream:
                while not self._stop_asked.is_set():
                    head = stream.read(LENGTH.size)
                    if len(head) < LENGTH.size:
                        return
                    size = LENGTH.unpack(head)[0]
                    if not 1 <= size <= MAX_FRAME_BYTES or len(stream.read(size)) < size:
                        return
                    # WELCOME or HEAD: either way there may be something to read.
                    self.connected = True
                    self._wake.set()


def _connect(url: str) -> socket.socket:
    """A connection to `unix:///path` or `tcp://host:port`. Raises OSError."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        link = socket.socket(socket.AF_UNIX)
        try:
            link.connect(parts.path)
        except OSError:
            link.close()
            raise
        return link
    link = socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 0), timeout=5)
    link.settimeout(None)
    return link
