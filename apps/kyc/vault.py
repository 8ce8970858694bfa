"""Sealed files outside the web root: `<folder>/<two letters>/<random>.sealed`, readable by us alone."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from apps.common.sealing import Sealed, SealError, seal, unseal

_NAME = re.compile(r"[0-9a-f]{40}\Z", re.ASCII)
SUFFIX = ".sealed"


def keep(content: bytes, *, context: bytes) -> tuple[str, Sealed]:
    """Seal and write, on the disk before this returns. The name says nothing; the key is the caller's to keep."""
    sealed, name = seal(content, context=context), secrets.token_hex(20)
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(sealed.ciphertext)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return name, Sealed(ciphertext=b"", data_key=sealed.data_key, kek_id=sealed.kek_id)


def fetch(name: str, *, data_key: bytes, kek_id: str, context: bytes) -> bytes:
    """The content. Raises SealError when the file is gone, damaged or another's."""
    try:
        ciphertext = _path(name).read_bytes()
    except OSError as error:
        raise SealError(f"a document's file: {type(error).__name__}") from None
    return unseal(Sealed(ciphertext, data_key, kek_id), context=context)


def drop(name: str) -> None:
    """Delete the file; one that is gone is fine."""
    if name:
        _path(name).unlink(missing_ok=True)


def names_older_than(age_s: float) -> Iterator[str]:
    """Names of the files that have lain here for longer than this."""
    before = time.time() - age_s
    for path in Path(settings.EXCHANGE_KYC_FOLDER).glob(f"??/*{SUFFIX}"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                yield path.stem


def _path(name: str) -> Path:
    if not _NAME.match(name):
        raise SealError("malformed name of a document's file")
    return Path(settings.EXCHANGE_KYC_FOLDER) / name[:2] / f"{name}{SUFFIX}"
