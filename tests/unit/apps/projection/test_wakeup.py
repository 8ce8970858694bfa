"""The listener wakes the projector on every HEAD, survives a matcher that comes and goes, and never blocks it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.projection.wakeup import HeadListener
from matcher.protocol.frames import HEAD, HELLO_HEAD, LENGTH, WELCOME, Frame, Mode, frame
from tests.support.pace import PATIENCE_S, bar


@pytest.fixture
def matcher(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "matcher.sock"))
        server.listen()
        server.settimeout(PATIENCE_S)
        yield server


@pytest.fixture
def wake() -> threading.Event:
    return threading.Event()


@pytest.fixture
def listener(tmp_path: Path, wake: threading.Event, matcher: socket.socket) -> Iterator[HeadListener]:
    made = HeadListener(f"unix://{tmp_path}/matcher.sock", wake)
    made.start()
    yield made
    made.stop()
    assert not made.is_alive()


def accept(matcher: socket.socket) -> socket.socket:
    link, _ = matcher.accept()
    size = LENGTH.unpack(link.recv(LENGTH.size, socket.MSG_WAITALL))[0]
    hello = link.recv(size, socket.MSG_WAITALL)
    assert hello[0] == Frame.HELLO
    assert HELLO_HEAD.unpack_from(hello, 1) == (1, Mode.HEADS, 0)
    link.sendall(frame(Frame.WELCOME, WELCOME.pack(1, 7, 0)))
    return link


def test_every_head_wakes(matcher: socket.socket, listener: HeadListener, wake: threading.Event) -> None:
    with accept(matcher) as link:
        assert wake.wait(PATIENCE_S)
        assert listener.connected
        for seq in (1, 2):
            wake.clear()
            link.sendall(frame(Frame.HEAD, HEAD.pack(seq)))
            assert wake.wait(PATIENCE_S)


def test_a_lost_matcher_is_found_again(matcher: socket.socket, listener: HeadListener, wake: threading.Event) -> None:
    accept(matcher).close()
    with accept(matcher):
        wake.clear()
        assert wake.wait(PATIENCE_S) or listener.connected


def test_waiting_ends_without_a_matcher(tmp_path: Path, wake: threading.Event) -> None:
    alone = HeadListener(f"unix://{tmp_path}/nobody.sock", wake)
    started = time.monotonic()
    alone.wait()
    assert time.monotonic() - started < bar(1.0)
