"""The DATA folder: where one family keeps its stores, sockets, logs and secrets.

Everything lies under one root; sockets alone move to a short private folder when the root's path
is too long for a Unix socket address.
"""

import fcntl
import hashlib
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

SOCKET_PATH_BYTES_MAX = 100
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"
SECRET_NAMES = ("secret_key", "jwt_key", "kek_1", "audit_key", "kyc_provider_key")


class DataFolderError(Exception):
    """The data folder cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Layout:
    """Paths of one family. `sockets` equals `run` unless that path is too long."""

    root: Path
    sockets: Path

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def run_json(self) -> Path:
        return self.root / "run.json"


def open_layout(root: Path) -> Layout:
    """Make the folders of a family. Raises DataFolderError when they cannot be made or trusted."""
    root = root.expanduser().absolute()
    try:
        root.mkdir(parents=True, exist_ok=True)
        for name, mode in (("run", 0o700), ("logs", 0o700), ("secrets", 0o700)):
            folder = root / name
            folder.mkdir(exist_ok=True, mode=mode)
            folder.chmod(mode)
        layout = Layout(root=root, sockets=socket_folder(root / "run"))
        make_secrets(layout.secrets)
    except OSError as error:
        raise DataFolderError(f"DATA={root} cannot be used: {error.strerror or error}") from error
    return layout


def socket_folder(run: Path) -> Path:
    """`run` itself, or a short folder of this user alone when its path leaves no room for a socket name."""
    if len(os.fsencode(run / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX:
        return run
    tag = hashlib.blake2b(os.fsencode(run), digest_size=6).hexdigest()
    folder = Path(tempfile.gettempdir()) / f"exchange-{os.getuid()}-{tag}"
    if len(os.fsencode(folder / LONGEST_SOCKET_NAME)) > SOCKET_PATH_BYTES_MAX:
        folder = Path("/tmp") / folder.name  # noqa: S108  # owner and mode are checked below
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise DataFolderError(f"{folder} belongs to somebody else: remove it or choose a shorter DATA")
    return folder


def make_secrets(folder: Path) -> None:
    """Make the keys that are not there yet: 64 hexadecimal characters each, mode 600."""
    for name in SECRET_NAMES:
        path = folder / name
        if path.exists():
            continue
        draft = folder / f".{name}.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)


def take_lock(layout: Layout) -> int:
    """Hold the folder for this process; returns the descriptor to keep open.

    Raises DataFolderError when another family holds it.
    """
    path = layout.run / "family.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
        os.close(descriptor)
        raise DataFolderError(
            f"a family (process {holder}) already runs in DATA={layout.root}: stop it, or choose another DATA"
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
    return descriptor
