"""Which port a family serves on."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from deploy import ports
from tests.support.ports import free_port

HOST = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as server:
        yield server.getsockname()[1]


def test_an_asked_port_that_is_taken_is_an_error_naming_it(taken: int) -> None:
    with pytest.raises(ports.PortTakenError, match=f"PORT={taken} .* is taken"):
        ports.choose_port(HOST, taken)


def test_an_asked_free_port_is_used_without_a_remark() -> None:
    port = free_port()
    assert ports.choose_port(HOST, port) == (port, "")


def test_zero_means_any_free_port() -> None:
    port, remark = ports.choose_port(HOST, 0)
    assert port > 1023
    assert remark == ""


def test_the_usual_port_gives_way_and_says_so(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "DEFAULT_PORT", taken)
    port, remark = ports.choose_port(HOST, None)
    assert port != taken
    assert str(taken) in remark
    assert str(port) in remark


def test_the_usual_port_is_taken_when_free(monkeypatch: pytest.MonkeyPatch) -> None:
    free = free_port()
    monkeypatch.setattr(ports, "DEFAULT_PORT", free)
    assert ports.choose_port(HOST, None) == (free, "")


def test_a_host_that_is_not_ours_is_told() -> None:
    with pytest.raises(ports.PortTakenError, match="cannot be used"):
        ports.choose_port("192.0.2.1", 8000)
