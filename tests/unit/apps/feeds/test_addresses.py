"""Every connection form clients are known to use."""

import pytest

from apps.feeds.addresses import Address, parse_address

KEY = "a1B2" * 16


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/ws", "", Address(False, (), (), None)),
        ("/public/ws/0", "", Address(False, (), (), None)),
        ("/market/ws/12", "", Address(False, (), (), None)),
        ("/ws/btcusdt@depth", "", Address(False, ("btcusdt@depth",), (), None)),
        ("/ws/btcusdt@depth/!bookTicker", "", Address(False, ("btcusdt@depth", "!bookTicker"), (), None)),
        (f"/ws/{KEY}", "", Address(False, (), (KEY,), None)),
        (f"/ws/{KEY}/btcusdt@trade", "", Address(False, ("btcusdt@trade",), (KEY,), None)),
        ("/private/ws", f"listenKey={KEY}", Address(False, (), (KEY,), None)),
        ("/private/ws", f"listenKey={KEY}&events=A/B", Address(False, (), (KEY,), "A/B")),
        ("/ws", "listenKey=short", Address(False, (), ("short",), None)),
        ("/stream", "", Address(True, (), (), None)),
        ("/market/stream", "", Address(True, (), (), None)),
        ("/stream", "streams=", Address(True, (), (), None)),
        ("/stream", "streams=a@trade/b@trade", Address(True, ("a@trade", "b@trade"), (), None)),
        ("/stream", f"streams=a%40trade/{KEY}", Address(True, ("a@trade",), (KEY,), None)),
        ("/public/stream", "streams=a@trade/a@trade", Address(True, ("a@trade",), (), None)),
    ],
)
def test_forms(path: str, query: str, expected: Address) -> None:
    assert parse_address(path, query.encode()) == expected


@pytest.mark.parametrize("path", ["/", "/wss", "/public", "/private/private/ws", "/ws-fapi/v1", "/public/xyz", ""])
def test_other_paths_are_not_ours(path: str) -> None:
    assert parse_address(path, b"") is None
