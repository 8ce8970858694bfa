"""One address, one spelling; look-alikes, invisible and direction-turning characters get nowhere."""

import pytest

from apps.users.emails import find_email, normalize_email
from apps.users.errors import InvalidEmail


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Alice@Example.COM ", "alice@example.com"),
        ("a.b+tag@sub.example.co", "a.b+tag@sub.example.co"),
        ("bob@Bücher.example", "bob@xn--bcher-kva.example"),
        ("bob@xn--bcher-kva.example", "bob@xn--bcher-kva.example"),
        ("kai@日本語.jp", "kai@xn--wgv71a119e.jp"),
        ("kai@例え.jp", "kai@xn--r8jz45g.jp"),
    ],
)
def test_an_address_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert normalize_email(typed) == find_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "alice", "@example.com", "alice@", "alice@example", "a@b@example.com", "alice@example..com", ".a@example.com",
        "a..b@example.com", "alice@-x.com", "alice@127.0.0.1", "alice@[127.0.0.1]", "x" * 65 + "@example.com",
        "alice@" + "a" * 64 + ".com", "alice@" + "abcdefghi." * 26 + "com",
        "аlice@example.com",  # a Cyrillic letter in front
        "ａlice@example.com",  # full width
        "alice@ｅxample.com",
        "alice@exаmple.com",  # Latin with one Cyrillic letter
        "alice@exam\u200bple.com", "ali\u200bce@example.com", "alice\u202e@example.com", "alice@example.com\u0000",
        "alice\n@example.com", "alice@example.com\nbcc:bob@example.com", "\ufeffalice@example.com", "ﬁne@example.com",
        '"a b"@example.com', "alice @example.com", "alice@example。com", "alice@xn--a.com", "\ud800@example.com",
    ],
)  # fmt: skip
def test_what_is_no_address_or_looks_like_another_is_refused(typed: str) -> None:
    with pytest.raises(InvalidEmail):
        normalize_email(typed)
    assert find_email(typed) == ""
