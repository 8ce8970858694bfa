"""What a password must be (long enough, and not one that everybody tries), and the equal work of checking one."""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.users.errors import WeakPassword
from apps.users.hashers import hashing
from apps.users.models import User

PASSWORD_CHARS_MIN, PASSWORD_CHARS_MAX = 10, 128
COMMON = Path(__file__).parent / "data" / "common_passwords.txt"
_ENDS = re.compile(r"^[^a-z]+|[^a-z]+$")
# What passes for a letter; 1 for either of two.
_LETTERS = str.maketrans("013457@$!|", "oleastasii")
_LETTERS_TOO = str.maketrans("013457@$!|", "oieastasil")


class NotTooLong:
    """At most 128 characters: more is no stronger, only dearer to check."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's signature
        if len(password) > PASSWORD_CHARS_MAX:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return f"The password has at most {PASSWORD_CHARS_MAX} characters."


class NotCommon:
    """Not in the shipped list, nor one of its words dressed up with digits, signs and look-alike letters."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's signature
        if is_common(password):
            raise ValidationError(self.get_help_text(), code="password_too_common")

    def get_help_text(self) -> str:
        return "The password is among those that are tried first."


def is_common(password: str) -> bool:
    """Whether the password is what everybody tries: in the list, a word of it dressed up or repeated, one key held down."""
    text = password.casefold()
    shapes = {text, text.translate(_LETTERS), text.translate(_LETTERS_TOO)}
    for shape in tuple(shapes):
        core = _ENDS.sub("", shape)
        if 2 * len(core) >= len(text):
            shapes |= {core, core.translate(_LETTERS), core.translate(_LETTERS_TOO)}
    return len(_unit(text)) < 3 or any(shape in _common() or _unit(shape) in _common() for shape in shapes)


def _unit(text: str) -> str:
    """What the text repeats: `abc` of `abcabcabc`; itself when it repeats nothing."""
    return text[: (text + text).find(text, 1)]


@functools.cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def fold(password: str) -> str:
    """One spelling of what keyboards compose in several ways."""
    return unicodedata.normalize("NFKC", password)


def check_new_password(password: str, *, email: str) -> str:
    """The password as it is hashed. Raises WeakPassword (details: `password`, the reasons)."""
    password = fold(password)
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        raise WeakPassword(password=list(error.messages)) from None
    return password


def hash_password(password: str) -> str:
    with hashing:
        return make_password(fold(password))


def is_password(password: str, encoded: str | None) -> bool:
    """Whether it is the one; for nobody (None) or nobody's hash the same work is done and the answer is no."""
    with hashing:
        if encoded is None or encoded.startswith("!"):
            check_password(fold(password), _nobodys_hash())
            return False
        return check_password(fold(password), encoded)


@functools.cache
def _nobodys_hash() -> str:
    return make_password("a password that nobody has")
