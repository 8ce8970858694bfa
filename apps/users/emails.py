"""One spelling of an e-mail address, so that nobody passes for somebody else by look-alike letters.

The part before @ is plain ASCII. The domain may be international: it is kept in its ASCII form (xn--), and a label
that mixes scripts is refused. What only looks like ASCII is refused, never quietly mapped.
"""

from __future__ import annotations

import re
import unicodedata

import idna

from apps.users.errors import InvalidEmail

EMAIL_CHARS_MAX = 254
LOCAL_CHARS_MAX = 64
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z", re.ASCII)
_TOP = re.compile(r"(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})\Z", re.ASCII)
# Scripts that one language writes together.
_TOGETHER = (frozenset({"HIRAGANA", "KATAKANA", "CJK"}), frozenset({"HANGUL", "CJK"}), frozenset({"BOPOMOFO", "CJK"}))


def normalize_email(text: str) -> str:
    """The address as it is stored and compared. Raises InvalidEmail, whose message says what is wrong."""
    text = text.strip(" ")
    if unicodedata.normalize("NFKC", text) != unicodedata.normalize("NFC", text) or "\u3002" in text:
        raise InvalidEmail("The address holds characters that only look like others.")
    local, at, domain = text.rpartition("@")
    local = local.lower()
    if not at or not local.isascii():
        raise InvalidEmail("The part before @ may hold ASCII letters, digits and signs only.")
    if len(local) > LOCAL_CHARS_MAX or not _LOCAL.match(local):
        raise InvalidEmail
    email = f"{local}@{_domain(domain)}"
    if len(email) > EMAIL_CHARS_MAX:
        raise InvalidEmail
    return email


def find_email(text: str) -> str:
    """The same for a look-up: what is no address finds nobody, quietly."""
    try:
        return normalize_email(text)
    except InvalidEmail:
        return ""


def _domain(text: str) -> str:
    try:
        name = idna.encode(text.lower(), std3_rules=True).decode("ascii")
        shown = idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        raise InvalidEmail("The domain is not a valid name.") from None
    labels = name.split(".")
    if len(labels) < 2 or not _TOP.match(labels[-1]):
        raise InvalidEmail("The domain is not a valid name.")
    if any(_mixes_scripts(label) for label in shown.split(".")):
        raise InvalidEmail("A part of the domain mixes letters of several scripts.")
    return name


def _mixes_scripts(label: str) -> bool:
    """Whether letters of scripts meet that no language writes together; look-alikes of ASCII live from that."""
    scripts = {unicodedata.name(char, "?").partition(" ")[0] for char in label if char.isalpha()}
    return len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER)
