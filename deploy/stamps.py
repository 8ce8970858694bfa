"""Which work a data folder has behind it: a step whose inputs are unchanged is not done again.

Stamps are trusted only for the private stores of the same folder; an outside server may have been
emptied behind our back, so there every step runs.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def fingerprint(paths: Iterable[Path]) -> str:
    """A digest of these files' names and contents."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(set(paths)):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
        digest.update(b"\0")
    return digest.hexdigest()


def schema_files() -> list[Path]:
    """What `migrate` depends on: our migrations and the versions of everybody else's."""
    return [*ROOT.glob("apps/*/migrations/*.py"), *ROOT.glob("requirements.lock"), *ROOT.glob("exchange/settings/*.py")]


def seed_files() -> list[Path]:
    """What the demo's seeds depend on."""
    return [*schema_files(), *ROOT.glob("apps/backoffice/*.py"), *ROOT.glob("apps/backoffice/management/commands/*.py")]


class Stamp:
    """One step's memory in the data folder."""

    def __init__(self, path: Path, files: list[Path]) -> None:
        self.path = path
        self.value = fingerprint(files)

    def is_current(self) -> bool:
        try:
            return self.path.read_text(encoding="ascii").strip() == self.value
        except OSError:
            return False

    def write(self) -> None:
        draft = self.path.with_suffix(".draft")
        draft.write_text(f"{self.value}\n", encoding="ascii")
        draft.replace(self.path)

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)
