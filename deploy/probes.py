"""Questions that tell whether a process does its work yet. Each takes the pid and answers at once."""

import contextlib
import http.client
import socket
from pathlib import Path
from urllib.parse import urlsplit

from deploy.process import Probe
from matcher.protocol.frames import FRAME_VERSION, HELLO_HEAD, LENGTH, Frame, Mode, frame

PATIENCE_SECONDS = 1.0


def ready_file(path: Path) -> Probe:
    """True once this very process has written its pid there."""

    def probe(pid: int) -> bool:
        try:
            return path.read_text(encoding="ascii").strip() == str(pid)
        except (OSError, UnicodeDecodeError):
            return False

    return probe


def http_ok(host: str, port: int, path: str) -> Probe:
    """True when `GET path` answers 200."""

    def probe(_pid: int) -> bool:
        connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return probe


def postmaster_ready(data: Path) -> Probe:
    """True when the server of this pid says `ready` in its own lock file, as pg_ctl reads it."""

    def probe(pid: int) -> bool:
        try:
            lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return False
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    return probe


def redis_pong(path: Path) -> Probe:
    """True when the server on this Unix socket answers PING."""

    def probe(_pid: int) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as link:
            link.settimeout(PATIENCE_SECONDS)
            link.connect(str(path))
            link.sendall(b"PING\r\n")
            return link.recv(7) == b"+PONG\r\n"
        return False

    return probe


def matcher_welcome(url: str) -> Probe:
    """True when the matcher answers HELLO with WELCOME."""
    hello = frame(Frame.HELLO, HELLO_HEAD.pack(FRAME_VERSION, Mode.REPLIES, 0), b"supervisor")

    def probe(_pid: int) -> bool:
        with contextlib.suppress(OSError), _dial(url) as link:
            link.sendall(hello)
            head = link.recv(LENGTH.size + 1, socket.MSG_WAITALL)
            return len(head) == LENGTH.size + 1 and head[LENGTH.size] == Frame.WELCOME
        return False

    return probe


def _dial(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(PATIENCE_SECONDS)
        try:
            link.connect(parts.path)
        except OSError:
            link.close()
            raise
        return link
    return socket.create_connection((parts.hostname, parts.port or 0), timeout=PATIENCE_SECONDS)
