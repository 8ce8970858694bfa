"""The signature covers what was sent, byte for byte; the window of time is exact to the millisecond."""

import base64
import hmac
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from apps.common.lane import LaneError
from apps.gateway.signature import check_window, payload_of, proof_key, verify, verify_sorted

SECRET = b"s" * 64


def sign(payload: bytes) -> str:
    return hmac.digest(SECRET, payload, "sha256").hex()


@pytest.mark.parametrize(
    ("query", "body", "payload"),
    [
        (b"a=1&b=2&signature=x", b"", b"a=1&b=2"),
        (b"signature=x&a=1", b"", b"a=1"),
        (b"a=1&signature=x&b=2", b"", b"a=1&b=2"),
        (b"", b"a=1&signature=x", b"a=1"),
        (b"a=1", b"b=2&signature=x", b"a=1b=2"),
        (b"a=1&signature=x", b"b=2", b"a=1b=2"),
        (b"mysignature=1&signature=x", b"", b"mysignature=1"),
    ],
)
def test_payload_is_everything_but_the_signature(query: bytes, body: bytes, payload: bytes) -> None:
    assert payload_of(query, body) == payload
    assert verify(SECRET, query, body, sign(payload)) == sign(payload)


def test_case_of_the_hex_does_not_matter() -> None:
    assert verify(SECRET, b"a=1", b"", sign(b"a=1").upper()) == sign(b"a=1")


def test_text_signed_before_percent_encoding_is_accepted() -> None:
    """python-binance and hummingbot sign `[{"a": 1}]` and send it encoded."""
    assert verify(SECRET, b"o=%5B%7B%22a%22%3A%201%7D%5D", b"", sign(b'o=[{"a": 1}]'))
    assert verify(SECRET, b"o=%5B1%2C+2%5D", b"", sign(b"o=[1, 2]"))


@pytest.mark.parametrize("signature", ["", None])
def test_an_absent_signature_is_a_missing_parameter(signature: str | None) -> None:
    with pytest.raises(LaneError) as error:
        verify(SECRET, b"a=1", b"", signature)
    assert error.value.code == -1102


@pytest.mark.parametrize("signature", ["zz", "0" * 64, "0" * 63 + "\u0661", sign(b"a=2")])
def test_a_wrong_signature_is_refused(signature: str) -> None:
    with pytest.raises(LaneError) as error:
        verify(SECRET, b"a=1", b"", signature)
    assert error.value.code == -1022


def test_socket_requests_sign_sorted_parameters() -> None:
    params = {"timestamp": "1", "apiKey": "k", "symbol": "A B"}
    raw, encoded = b"apiKey=k&symbol=A B&timestamp=1", b"apiKey=k&symbol=A+B&timestamp=1"
    for payload in (raw, encoded, b"apiKey=k&symbol=A%20B&timestamp=1"):
        assert verify_sorted(SECRET, params | {"signature": sign(payload)})
    with pytest.raises(LaneError):
        verify_sorted(SECRET, params | {"signature": sign(b"symbol=A B&apiKey=k&timestamp=1")})
    with pytest.raises(LaneError):
        verify_sorted(SECRET, {"symbol": "\ud800", "signature": sign(b"")})


@pytest.mark.parametrize(
    ("timestamp", "window", "code"),
    [
        ("100000", None, 0),
        ("101000", None, 0),
        ("101001", None, -1021),
        ("95000", None, 0),
        ("94999", None, -1021),
        ("94999", "60000", 0),
        ("40000", "60000", 0),
        ("39999", "60000", -1021),
        ("100000", "60001", -1131),
        ("100000", "0", 0),
        ("99999", "0", -1021),
        (None, None, -1102),
        ("", None, -1102),
        ("1e5", None, -1102),
        ("\u0661", None, -1102),
        ("100000", "x", -1102),
    ],
)
def test_the_window_is_exact(timestamp: str | None, window: str | None, code: int) -> None:
    if not code:
        check_window(timestamp, window, 100_000)
        return
    with pytest.raises(LaneError) as error:
        check_window(timestamp, window, 100_000)
    assert error.value.code == code
    assert code != -1021 or "Timestamp for this request" in error.value.message


# Ed25519

PRIVATE = Ed25519PrivateKey.generate()
PUBLIC = proof_key(b"", PRIVATE.public_key().public_bytes_raw())


def sign_privately(payload: bytes) -> str:
    return base64.b64encode(PRIVATE.sign(payload)).decode()


def test_an_ed25519_signature_is_base64_over_the_same_payload() -> None:
    given = sign_privately(b"a=1b=2")
    nonce = verify(PUBLIC, b"a=1&signature=x", b"b=2", given)
    assert re.fullmatch(r"[0-9a-f]{64}", nonce)
    assert verify(PUBLIC, b"a=1&signature=x", b"b=2", given.replace("+", " ")) == nonce
    assert verify(PUBLIC, b"o=%5B1%2C+2%5D", b"", sign_privately(b"o=[1, 2]"))


def test_a_socket_request_may_be_signed_with_ed25519() -> None:
    params = {"timestamp": "1", "apiKey": "k"}
    assert verify_sorted(PUBLIC, params | {"signature": sign_privately(b"apiKey=k&timestamp=1")})


@pytest.mark.parametrize(
    "signature",
    [
        "zz",
        sign_privately(b"a=2"),
        sign_privately(b"a=1")[:-4],
        base64.b64encode(b"\0" * 64).decode(),
        hmac.digest(b"", b"a=1", "sha256").hex(),
        "\u0661" * 88,
        "*" * 88,
    ],
    ids=["no base64", "of other words", "cut short", "zeros", "a digest", "foreign digits", "stars"],
)
def test_a_wrong_ed25519_signature_is_refused(signature: str) -> None:
    with pytest.raises(LaneError) as error:
        verify(PUBLIC, b"a=1", b"", signature)
    assert error.value.code == -1022


def test_the_kinds_of_key_are_not_mixed() -> None:
    """A public key is no HMAC secret: who knows it could sign otherwise."""
    raw = PRIVATE.public_key().public_bytes_raw()
    with pytest.raises(LaneError):
        verify(PUBLIC, b"a=1", b"", hmac.digest(raw, b"a=1", "sha256").hex())
    with pytest.raises(LaneError):
        verify(SECRET, b"a=1", b"", sign_privately(b"a=1"))
