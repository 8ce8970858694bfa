"""A real `python -m matcher` for tests: started on a store, awaited until ready, stopped or killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from matcher.protocol.frames import FRAME_VERSION, HELLO_HEAD, LENGTH, WELCOME, Frame, Mode, frame
from tests.support.pace import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
HELLO_SECONDS_MAX = 0.5  # a stopped matcher accepts and never answers; the one that replaces it does


class MatcherProcess:
    """One matcher on the journal at `journal_url`; everything else it makes is under `folder`."""

    def __init__(self, folder: Path, journal_url: str, **environ: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.url = f"unix://{folder}/m.sock"
        self.log = folder / "matcher.log"
        self.environ = {
            **os.environ,
            "EXCHANGE_DATA": str(folder),
            "JOURNAL_URL": journal_url,
            "MATCHER_URL": self.url,
            **environ,
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def spawn(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start `python -m matcher` with these arguments; its output goes to the log."""
        with self.log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "matcher", *arguments], cwd=ROOT, env=self.environ, stdout=out, stderr=out
            )

    def start(self) -> float:
        """Start and wait until it answers HELLO; the seconds that took."""
        started = time.monotonic()
        self.process = self.spawn()
        self.wait_ready()
        return time.monotonic() - started

    def wait_ready(self) -> int:
        """Returns the last committed sequence, as WELCOME says it."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            assert self.process is not None
            assert self.process.poll() is None, f"the matcher ended: {self.tail()}"
            assert time.monotonic() < deadline, f"not ready: {self.tail()}"
            try:
                return hello(self.url)
            except OSError:
                time.sleep(0.005)

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        return self.end(signal.SIGTERM)

    def kill(self) -> int:
        return self.end(signal.SIGKILL)

    def freeze(self) -> None:
        """SIGSTOP; it stands still, with all its threads, when this returns."""
        os.kill(self.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def end(self, number: int) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        assert self.process is not None
        return self.process.wait(timeout=PATIENCE_S)

    def run(self, *arguments: str) -> int:
        """`python -m matcher verify` or `snapshot` to its end; the exit status."""
        return self.spawn(*arguments).wait(timeout=PATIENCE_S)

    def tail(self) -> str:
        return self.log.read_text()[-3000:]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.stop()


def hello(url: str) -> int:
    """Say HELLO and hang up; the matcher's last committed sequence. Raises OSError when nobody answers."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(HELLO_SECONDS_MAX)
        link.connect(url.removeprefix("unix://"))
        link.sendall(frame(Frame.HELLO, HELLO_HEAD.pack(FRAME_VERSION, Mode.HEADS, 0), b"probe"))
        want = LENGTH.size + 1 + WELCOME.size
        data = b""
        while len(data) < want:
            part = link.recv(want - len(data))
            if not part:
                raise ConnectionError("hung up before WELCOME")
            data += part
        return int(WELCOME.unpack_from(data, LENGTH.size + 1)[2])
