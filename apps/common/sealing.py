"""Secrets at rest: AES-256-GCM under a data key per row, itself wrapped by a named key-encryption key.

Rotation needs only the wrapped data key and `kek_id`. The context (what the secret belongs to) is
authenticated, so a sealed value moved to another row does not open.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_BYTES = 32
CURRENT_FILE = "kek_current"
_NONCE_BYTES = 12
_KEK_ID = re.compile(r"[A-Za-z0-9_-]{1,32}\Z", re.ASCII)


class SealError(Exception):
    """A sealed value cannot be opened: wrong key, wrong context or damage."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Ciphertexts carry their nonce in front."""

    ciphertext: bytes
    data_key: bytes
    kek_id: str


class KeyProvider(Protocol):
    """Where key-encryption keys come from; a vault or a cloud service has the same two answers."""

    def current_id(self) -> str: ...

    def key(self, kek_id: str) -> bytes: ...


class FileKeyProvider:
    """Keys in files `kek_<id>` of the secrets folder: 32 bytes as hex or base64 text.

    The file `kek_current` names the key to seal with; `first` is the one where there is no such file. It is read
    each time, so that a rotation needs no restart.
    """

    def __init__(self, folder: Path, first: str) -> None:
        self._folder, self._first = folder, first
        self._known: dict[str, bytes] = {}

    def current_id(self) -> str:
        try:
            return (self._folder / CURRENT_FILE).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return self._first

    def key(self, kek_id: str) -> bytes:
        """Raises SealError naming the key when it is missing or not 32 bytes."""
        if kek_id not in self._known:
            if not _KEK_ID.match(kek_id):
                raise SealError("malformed key-encryption key id")
            try:
                self._known[kek_id] = _decode_key((self._folder / f"kek_{kek_id}").read_bytes())
            except (OSError, ValueError) as error:
                raise SealError(f"key-encryption key {kek_id}: {type(error).__name__}") from None
        return self._known[kek_id]


def make_key(folder: Path, kek_id: str) -> None:
    """A new random key in the folder, mode 600. Raises SealError for a malformed id, FileExistsError for a taken one."""
    if not _KEK_ID.match(kek_id) or kek_id == "current":
        raise SealError("malformed key-encryption key id")
    handle = os.open(folder / f"kek_{kek_id}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(os.urandom(KEY_BYTES).hex())


def use_key(folder: Path, kek_id: str) -> None:
    """Seal with this key from now on, in every process over this folder; whole or not at all."""
    draft = folder / f".{CURRENT_FILE}.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(f"{kek_id}\n", encoding="ascii")
    draft.replace(folder / CURRENT_FILE)


def get_key_provider() -> KeyProvider:
    """The provider of this process, over the folder the settings name."""
    folder, current = Path(settings.EXCHANGE_SECRETS), settings.EXCHANGE_KEK_ID
    provider = _providers.get((folder, current))
    if provider is None:
        provider = _providers[folder, current] = FileKeyProvider(folder, current)
    return provider


_providers: dict[tuple[Path, str], KeyProvider] = {}


def seal(plain: bytes, *, context: bytes, provider: KeyProvider | None = None) -> Sealed:
    """Encrypt under a fresh data key, wrapped by the provider's current key."""
    provider = provider or get_key_provider()
    data_key, kek_id = AESGCM.generate_key(KEY_BYTES * 8), provider.current_id()
    return Sealed(
        ciphertext=_encrypt(data_key, plain, context),
        data_key=_encrypt(provider.key(kek_id), data_key, context),
        kek_id=kek_id,
    )


def unseal(sealed: Sealed, *, context: bytes, provider: KeyProvider | None = None) -> bytes:
    """Raises SealError when the value does not belong to this key and context."""
    provider = provider or get_key_provider()
    data_key = _decrypt(provider.key(sealed.kek_id), sealed.data_key, context)
    return _decrypt(data_key, sealed.ciphertext, context)


def rewrap(sealed: Sealed, *, context: bytes, provider: KeyProvider | None = None) -> Sealed:
    """The same ciphertext with its data key under the current key-encryption key."""
    provider = provider or get_key_provider()
    data_key, kek_id = _decrypt(provider.key(sealed.kek_id), sealed.data_key, context), provider.current_id()
    return Sealed(sealed.ciphertext, _encrypt(provider.key(kek_id), data_key, context), kek_id)


def _encrypt(key: bytes, plain: bytes, context: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def _decrypt(key: bytes, data: bytes, context: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError):
        raise SealError("the sealed value does not open with this key and context") from None


def _decode_key(raw: bytes) -> bytes:
    text = raw.strip()
    try:
        key = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        try:
            key = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
        except binascii.Error:
            key = b""
    if len(key) != KEY_BYTES:
        raise ValueError("a key-encryption key is 32 bytes")
    return key
