"""Two threads, one frame: every socket has it whole and once, in order, or is named as one that did not take it."""

import socket
from collections.abc import Iterator

import pytest

from apps.feeds.messages import Message
from apps.feeds.second_hand import SecondHand
from apps.feeds.topics import MANY, Fanout

SOCKETS = 300


@pytest.fixture
def pairs() -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    made = [socket.socketpair() for _ in range(SOCKETS)]
    for near, far in made:
        near.setblocking(False)
        far.setblocking(False)
    yield made
    for near, far in made:
        near.close()
        far.close()


def read_all(far: socket.socket) -> bytes:
    data = b""
    try:
        while part := far.recv(1 << 20):
            data += part
    except BlockingIOError:
        pass
    return data


def test_frames_arrive_whole_once_and_in_order(pairs: list[tuple[socket.socket, socket.socket]]) -> None:
    second = SecondHand()
    frames = [b"%04d" % number * 50 for number in range(40)]
    fds = [near.fileno() for near, _ in pairs]
    for frame in frames:
        assert second.write(frame, fds) == []
    for _, far in pairs:
        assert read_all(far) == b"".join(frames)


def test_those_that_take_a_part_or_nothing_are_named_and_the_dead_are_not(
    pairs: list[tuple[socket.socket, socket.socket]],
) -> None:
    second = SecondHand()
    full, partial, dead = pairs[0], pairs[1], pairs[2]
    for near in (full[0], partial[0]):
        near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    try:
        while True:
            full[0].send(b"x" * 1024)
    except BlockingIOError:
        pass
    dead[1].close()
    frame = b"f" * 1_000_000
    left = dict(second.write(frame, [near.fileno() for near, _ in pairs[:3]]))
    assert left[full[0].fileno()] == 0
    assert 0 < left[partial[0].fileno()] < len(frame)
    assert dead[0].fileno() not in left


class Listener:
    """A socket of a fan-out: some go by descriptor, some by push; what a descriptor did not take is pushed."""

    def __init__(self, near: socket.socket, *, direct: bool) -> None:
        self.near, self.direct = near, direct
        self.pushed: list[bytes] = []

    def idle_fd(self) -> int:
        return self.near.fileno() if self.direct else -1

    def push(self, message: Message) -> None:
        self.pushed.append(message.frame)

    def close(self, code: int, reason: str) -> None: ...


def test_a_fan_out_to_many_serves_both_kinds(pairs: list[tuple[socket.socket, socket.socket]]) -> None:
    fanout = Fanout()
    fanout._second = SecondHand()
    listeners = [Listener(near, direct=at % 3 > 0) for at, (near, _) in enumerate(pairs)]
    assert len(listeners) > MANY
    messages = [Message(b"%d" % number) for number in range(5)]
    for message in messages:
        fanout.put(message, listeners)
    while fanout.write():
        pass
    expected = [message.frame for message in messages]
    for listener, (_, far) in zip(listeners, pairs, strict=True):
        assert (read_all(far), listener.pushed) == ((b"".join(expected), []) if listener.direct else (b"", expected))


def test_the_rest_of_a_frame_is_written_as_it_is() -> None:
    message = Message(b"payload")
    assert message.rest(3).frame == message.frame[3:]
