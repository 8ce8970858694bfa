"""What the supervisor keeps running: the description of a process or step, and one running child.

Every child leads a session of its own, so that a terminal's Ctrl-C reaches the supervisor alone and
stopping a child ends whatever it started.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy import leash

LOG_BYTES_MAX = 8 * 1024 * 1024
Probe = Callable[[int], bool]


def never_skip() -> bool:
    return False


def nothing_to_prepare() -> str:
    return ""


@dataclass(frozen=True)
class Command:
    """A command line with its surroundings. `user` is a numeric user to become, when not our own."""

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    log: Path
    user: int | None = None
    death_signal: signal.Signals = signal.SIGKILL


@dataclass(frozen=True)
class Process:
    """A process that is kept running. `prepare` runs before each start and may return a remark."""

    name: str
    command: Command
    ready: Probe
    needs: tuple[str, ...] = ()
    prepare: Callable[[], str] = nothing_to_prepare
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    stop_wave: int = 0


@dataclass(frozen=True)
class Step:
    """A command that must succeed once. `gating` steps hold up the family's start."""

    name: str
    command: Command
    needs: tuple[str, ...] = ()
    skip: Callable[[], bool] = never_skip
    done: Callable[[], object] = field(default=nothing_to_prepare)
    gating: bool = True


Node = Process | Step


def popen_arguments(command: Command) -> dict[str, object]:
    """Keyword arguments for either way of starting a child. The caller closes what `open_log` gave."""
    arguments: dict[str, object] = {
        "cwd": command.cwd,
        "env": dict(command.env),
        "stdin": subprocess.DEVNULL,
        "start_new_session": True,
        "preexec_fn": leash.die_with_parent(command.death_signal),
    }
    if command.user is not None:
        arguments |= {"user": command.user, "group": command.user, "extra_groups": []}
    return arguments


def open_log(path: Path) -> int:
    """The log to append to; a grown one moves to `<name>.log.1` first."""
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LOG_BYTES_MAX:
            path.replace(path.with_name(path.name + ".1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def log_tail(path: Path, lines: int = 12) -> str:
    """The last lines of a log, for a person to read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 8192))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


class Child:
    """One running child: its pid, its end, and how to end it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.pid = process.pid
        self.started = time.monotonic()
        self._process = process

    @classmethod
    async def start(cls, command: Command) -> "Child":
        """Start it from the main thread: the kernel ties the leash to the thread that forks."""
        log = open_log(command.log)
        try:
            process = await asyncio.create_subprocess_exec(
                *command.argv,
                stdout=log,
                stderr=log,
                **popen_arguments(command),  # type: ignore[arg-type]
            )
        finally:
            os.close(log)
        return cls(process)

    @property
    def returncode(self) -> int | None:
        return self._process.returncode

    @property
    def lived_seconds(self) -> float:
        return time.monotonic() - self.started

    async def wait(self) -> int:
        """Its exit code (negative: the signal that ended it), once nothing of its session is left."""
        code = await self._process.wait()
        self._signal_group(signal.SIGKILL)
        return code

    async def stop(self, number: signal.Signals, grace_s: float, hasten: asyncio.Event) -> bool:
        """Ask it to end, then make it. Returns whether it ended by itself."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)
        ended = asyncio.ensure_future(self._process.wait())
        hurry = asyncio.ensure_future(hasten.wait())
        await asyncio.wait({ended, hurry}, timeout=grace_s, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            await asyncio.wait({ended}, timeout=0.5)
        hurry.cancel()
        clean = ended.done()
        self._signal_group(signal.SIGKILL)
        await ended
        return clean

    def _signal_group(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)
