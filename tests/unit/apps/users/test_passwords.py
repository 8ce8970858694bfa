"""Length, and not what everybody tries: nothing else is asked of a password."""

import asyncio

import argon2.low_level
import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import override_settings

from apps.users import passwords
from apps.users.errors import WeakPassword

EMAIL = "alice@example.com"
ARGON = override_settings(PASSWORD_HASHERS=["apps.users.hashers.Argon2idHasher"])


@pytest.mark.parametrize(
    "password",
    ["seven-Ducks-swim", "nur kleine buchstaben hier", "8402773610-x-9384", "пароль из слов", "k" * 3 + "vX9" * 40],
)
def test_no_composition_is_asked_for(password: str) -> None:
    assert passwords.check_new_password(password, email=EMAIL)


@pytest.mark.parametrize(
    "password",
    [
        "nine-char", "x" * 129, "1234567890", "1234567890123", "aaaaaaaaaaaa", "abababababab", "qwertyuiop",
        "Qwertyuiop1!", "password1234", "P@ssw0rd2024", "pa$$word!!!!", "passwordpassword", "111Sunshine!!!",
        "IloveYou2024", "1q2w3e4r5t6y", "iloveyouiloveyou", "alice@example.com", "s4t0sh1n4k4m0t0",
    ],
)  # fmt: skip
def test_what_is_short_long_or_tried_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword) as refusal:
        passwords.check_new_password(password, email=EMAIL)
    assert refusal.value.details["password"]


def test_every_line_of_the_list_that_is_long_enough_is_refused() -> None:
    lines = [line for line in passwords.COMMON.read_text().splitlines() if not line.startswith("#")]
    assert len(lines) > 800
    assert all(passwords.is_common(line) for line in lines)


def test_one_password_typed_on_two_keyboards_is_one_password() -> None:
    composed, decomposed = "caf\u00e9-au-lait-9", "cafe\u0301-au-lait-9"
    assert passwords.is_password(decomposed, passwords.hash_password(composed))


def test_the_hash_is_argon2id_and_checking_nobody_costs_the_same_hash() -> None:
    with ARGON:
        encoded = make_password("seven-Ducks-swim")
        assert encoded.startswith("argon2$argon2id$")
        assert identify_hasher(encoded).algorithm == "argon2"
        passwords._nobodys_hash.cache_clear()
        counted = []
        verify = identify_hasher(encoded).__class__.verify
        try:
            identify_hasher(encoded).__class__.verify = lambda *a: counted.append(1) or verify(*a)
            assert passwords.is_password("seven-Ducks-swim", encoded)
            assert not passwords.is_password("seven-Ducks-swim", None)
            assert not passwords.is_password("seven-Ducks-swim", "!unusable")
        finally:
            identify_hasher(encoded).__class__.verify = verify
            passwords._nobodys_hash.cache_clear()
    assert len(counted) == 3


async def test_the_event_loop_goes_on_while_a_password_is_hashed() -> None:
    """The library gives the interpreter's lock up: a heartbeat beats on beside a hash of a second or so."""
    dear = argon2.low_level.hash_secret_raw
    work = asyncio.create_task(
        asyncio.to_thread(dear, b"secret", b"salt" * 4, 30, 47_104, 1, 32, argon2.low_level.Type.ID)
    )
    beats = 0
    while not work.done():
        beats += 1
        await asyncio.sleep(0.001)
    assert beats > 5  # held, the lock would leave it one or two
