"""A second thread that helps the event loop to write one frame to many sockets.

Handing a frame to the kernel is nearly all of a push's cost, and Python's lock is free meanwhile: where there is a
second core, the last of many sockets has the frame in about half the time. The loop waits for the helper, so no
socket changes under its hands; a helper that gets no core is not waited for, it merely did not help.
"""

from __future__ import annotations

import os
import threading
from queue import SimpleQueue

CHUNK = 32


class Job:
    """One frame and the sockets it goes to; `left` are those that did not take all of it, with what they took."""

    def __init__(self, frame: bytes, fds: list[int]) -> None:
        self.frame = frame
        self.left: list[tuple[int, int]] = []
        self.busy = threading.Lock()
        self._chunks = [fds[at : at + CHUNK] for at in range(0, len(fds), CHUNK)]

    def work(self) -> None:
        """Take chunks until there are none; both threads do."""
        frame, chunks, left = self.frame, self._chunks, self.left
        size, write = len(frame), os.write
        while True:
            try:
                chunk = chunks.pop()
            except IndexError:
                return
            for fd in chunk:
                try:
                    taken = write(fd, frame)
                except BlockingIOError:
                    taken = 0
                except OSError:  # the peer is gone; its transport hears of it by itself
                    continue
                if taken != size:
                    left.append((fd, taken))


class SecondHand:
    """The helper of one process; started with its first job."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def write(self, frame: bytes, fds: list[int]) -> list[tuple[int, int]]:
        """The frame to all of them; those that did not take all of it: (fd, bytes taken)."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._help, name="second hand", daemon=True)
            self._thread.start()
        job = Job(frame, fds)
        self._jobs.put(job)
        job.work()
        with job.busy:  # the helper's last chunk
            return job.left

    def _help(self) -> None:
        while True:
            job = self._jobs.get()
            with job.busy:
                job.work()
            del job
