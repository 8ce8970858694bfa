"""Whose word about an address counts: nobody's but our own proxies', and only as many as there are."""

from __future__ import annotations

import pytest

from apps.gateway.proxies import Proxies

PEER, CLIENT, LIE = "10.0.0.7", "198.51.100.9", "203.0.113.66"


def scope(*told: str, peer: str | None = PEER) -> dict[str, object]:
    client = None if peer is None else (peer, 40_000)
    return {"client": client, "headers": [(b"x-forwarded-for", text.encode("latin-1")) for text in told]}


@pytest.mark.parametrize(
    ("hops", "networks", "told", "address"),
    [
        ("0", "", (CLIENT,), PEER),
        ("1", "", (CLIENT,), CLIENT),
        ("1", "", (f"{LIE}, {CLIENT}",), CLIENT),
        ("1", "", (LIE, CLIENT), CLIENT),
        ("2", "", (f"{LIE}, {CLIENT}, 10.0.0.8",), CLIENT),
        ("2", "", (CLIENT,), CLIENT),
        ("1", "", (), PEER),
        ("1", "", (" , ",), PEER),
        ("1", "", ("nobody",), PEER),
        ("1", "", ("\u00b2.1.1.1",), PEER),
        ("1", "", (f"{CLIENT}:5555",), CLIENT),
        ("1", "", ("[2001:db8::1]:443",), "2001:db8::1"),
        ("1", "", ("2001:DB8:0::1",), "2001:db8::1"),
        ("1", "10.0.0.0/8", (CLIENT,), CLIENT),
        ("1", "10.1.0.0/16, 192.168.0.0/16", (CLIENT,), PEER),
    ],
)
def test_the_address_of_a_client(
    monkeypatch: pytest.MonkeyPatch, hops: str, networks: str, told: tuple[str, ...], address: str
) -> None:
    monkeypatch.setenv("EXCHANGE_PROXIES", hops)
    monkeypatch.setenv("EXCHANGE_TRUSTED_PROXIES", networks)
    assert Proxies.from_environment().client_of(scope(*told)) == address


def test_a_unix_socket_is_of_this_machine() -> None:
    assert Proxies(hops=1).client_of(scope(CLIENT, peer=None)) == CLIENT
    assert Proxies().client_of(scope(CLIENT, peer=None)) == "local"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EXCHANGE_PROXIES", "-1"),
        ("EXCHANGE_PROXIES", "\u0661"),
        ("EXCHANGE_PROXIES", ""),
        ("EXCHANGE_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("EXCHANGE_TRUSTED_PROXIES", "everybody"),
    ],
)
def test_a_malformed_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=name):
        Proxies.from_environment()
