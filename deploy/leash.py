"""A family leaves no process behind, even when its supervisor is killed.

On Linux the kernel signals every child at its parent's death. Elsewhere a small guard process waits
for the end of a pipe that only the supervisor holds open, and then ends the processes it was told of.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(signal_number: int) -> Callable[[], None] | None:
    """What a child runs between fork and exec; None where the kernel offers no such thing."""
    if LIBC is None:
        return None
    libc, parent = LIBC, os.getpid()

    def before_exec() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


class Guard:
    """The process that outlives the supervisor for a moment, where the kernel gives no leash."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "deploy.leash"], stdin=subprocess.PIPE, start_new_session=True
        )

    def tell(self, word: str, pid: int) -> None:
        """`add` or `drop` a process group."""
        if self.process.stdin is not None and self.process.poll() is None:
            self.process.stdin.write(f"{word} {pid}\n".encode("ascii"))
            self.process.stdin.flush()

    def close(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait()


def watch(orders: IO[str]) -> set[int]:
    """Follow the supervisor's words to the end of the pipe; the groups still held then."""
    groups: set[int] = set()
    for line in orders:
        word, _, text = line.strip().partition(" ")
        if word == "add":
            groups.add(int(text))
        elif word == "drop":
            groups.discard(int(text))
    return groups


def end_groups(groups: set[int], grace_s: float) -> None:
    """Interrupt each group, then kill what is left after the grace."""
    for number in (signal.SIGINT, signal.SIGKILL):
        for group in sorted(groups):
            try:
                os.killpg(group, number)
            except OSError:
                groups = groups - {group}
        if groups and number == signal.SIGINT:
            threading.Event().wait(grace_s)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_groups(watch(sys.stdin), grace_s=2.0)
