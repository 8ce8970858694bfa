"""A bare client for transport tests: frames out, frames in, no cleverness."""

from __future__ import annotations

import asyncio

from matcher.protocol.commands import Command
from matcher.protocol.frames import FRAME_VERSION, HELLO_HEAD, LENGTH, WELCOME, Frame, Mode, frame
from tests.support.pace import PATIENCE_S


class RawLink:
    """`session` is 0 until `hello`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.session = 0

    @classmethod
    async def open(cls, url: str) -> RawLink:
        return cls(*await asyncio.open_unix_connection(url.removeprefix("unix://")))

    async def hello(self, mode: int = Mode.REPLIES, version: int = FRAME_VERSION) -> int:
        """Returns the sequence WELCOME says."""
        self.write(Frame.HELLO, HELLO_HEAD.pack(version, mode, 0) + b"raw")
        kind, payload = await self.read()
        assert kind == Frame.WELCOME, (kind, payload)
        _, self.session, last_seq = WELCOME.unpack(payload)
        return int(last_seq)

    def write(self, kind: int, payload: bytes) -> None:
        self.writer.write(frame(Frame(kind), payload))

    def send(self, *commands: Command) -> None:
        """One COMMANDS frame; the commands are numbered 1, 2, ... in this session."""
        numbered = [c.replace(command_id=self.session << 32 | i) for i, c in enumerate(commands, 1)]
        self.write(Frame.COMMANDS, b"".join(c.pack() for c in numbered))

    async def read(self) -> tuple[int, bytes]:
        """The next frame. Raises IncompleteReadError when the matcher has hung up."""
        size = LENGTH.unpack(await asyncio.wait_for(self.reader.readexactly(LENGTH.size), PATIENCE_S))[0]
        data = await asyncio.wait_for(self.reader.readexactly(size), PATIENCE_S)
        return data[0], data[1:]

    async def is_cut(self) -> bool:
        """Whether the matcher hangs up without another word."""
        try:
            return not await asyncio.wait_for(self.reader.read(1), PATIENCE_S)
        except ConnectionError:
            return True

    def close(self) -> None:
        self.writer.close()
