"""A sealed value opens with its key and its context, and with nothing else; rotation keeps it readable."""

import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from apps.common.sealing import FileKeyProvider, SealError, rewrap, seal, unseal

PLAIN, CONTEXT = b"the secret", b"api_key:abc"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("1", "2"):
        (tmp_path / f"kek_{name}").write_text(secrets.token_hex(32))
    return tmp_path


def test_round_trip(folder: Path) -> None:
    provider = FileKeyProvider(folder, "1")
    sealed = seal(PLAIN, context=CONTEXT, provider=provider)
    assert PLAIN not in sealed.ciphertext + sealed.data_key
    assert unseal(sealed, context=CONTEXT, provider=provider) == PLAIN


def test_the_same_value_never_looks_the_same(folder: Path) -> None:
    provider = FileKeyProvider(folder, "1")
    one, two = (seal(PLAIN, context=CONTEXT, provider=provider) for _ in range(2))
    assert one.ciphertext != two.ciphertext
    assert one.data_key != two.data_key


def test_another_context_key_or_bit_does_not_open(folder: Path) -> None:
    provider = FileKeyProvider(folder, "1")
    sealed = seal(PLAIN, context=CONTEXT, provider=provider)
    flipped = bytes([sealed.ciphertext[-1] ^ 1])
    wrong = [
        (sealed, b"api_key:abd"),
        (replace(sealed, kek_id="2"), CONTEXT),
        (replace(sealed, ciphertext=sealed.ciphertext[:-1] + flipped), CONTEXT),
        (replace(sealed, ciphertext=b""), CONTEXT),
        (replace(sealed, kek_id="missing"), CONTEXT),
        (replace(sealed, kek_id="../1"), CONTEXT),
    ]
    for value, context in wrong:
        with pytest.raises(SealError):
            unseal(value, context=context, provider=provider)


def test_rotation_wraps_again_under_the_new_key(folder: Path) -> None:
    sealed = seal(PLAIN, context=CONTEXT, provider=FileKeyProvider(folder, "1"))
    turned = rewrap(sealed, context=CONTEXT, provider=FileKeyProvider(folder, "2"))
    (folder / "kek_1").unlink()
    fresh = FileKeyProvider(folder, "2")
    assert turned.kek_id == "2"
    assert unseal(turned, context=CONTEXT, provider=fresh) == PLAIN
    with pytest.raises(SealError):
        unseal(sealed, context=CONTEXT, provider=fresh)


@pytest.mark.parametrize("text", ["", "short", "zz" * 32, "ab" * 31])
def test_a_key_that_is_not_32_bytes_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "kek_1").write_text(text)
    with pytest.raises(SealError, match="key-encryption key 1"):
        seal(PLAIN, context=CONTEXT, provider=FileKeyProvider(tmp_path, "1"))
