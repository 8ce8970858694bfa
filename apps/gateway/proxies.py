"""Whose word about a client's address counts: reverse proxies of ours, by number and by network, and nobody else's."""

from __future__ import annotations

import ipaddress
import os
from typing import Any

import msgspec

from apps.users.api_key_rules import Network, is_inside

Scope = dict[str, Any]


class Proxies(msgspec.Struct, frozen=True):
    """`hops` of ours stand in front (`EXCHANGE_PROXIES`), inside these `networks` (`EXCHANGE_TRUSTED_PROXIES`).

    Without networks any peer is believed to be one of them: right only where nobody else can reach this port.
    """

    hops: int = 0
    networks: tuple[Network, ...] = ()

    @classmethod
    def from_environment(cls) -> Proxies:
        """Raises ValueError naming the variable that is malformed."""
        hops, listed = os.environ.get("EXCHANGE_PROXIES", "0"), os.environ.get("EXCHANGE_TRUSTED_PROXIES", "")
        if not hops.isascii() or not hops.isdigit():
            raise ValueError(f"EXCHANGE_PROXIES: {hops[:40]!r} is no number of proxies")
        try:
            networks = tuple(ipaddress.ip_network(part.strip()) for part in listed.split(",") if part.strip())
        except ValueError as error:
            raise ValueError(f"EXCHANGE_TRUSTED_PROXIES: {error}") from None
        return cls(int(hops), networks)

    def trusts(self, scope: Scope) -> bool:
        """Whether the peer of this connection is a proxy of ours."""
        if not self.hops:
            return False
        client = scope.get("client")
        # A Unix socket has no address: whoever can open it is on this machine by our leave.
        return client is None or is_inside(str(client[0]), self.networks)

    def client_of(self, scope: Scope) -> str:
        """The client's address: the peer's, or what the outermost of our own proxies saw; `local` for neither."""
        client = scope.get("client")
        peer = str(client[0]) if client else "local"
        if not self.hops or not self.trusts(scope):
            return peer
        told = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        seen = [part.strip() for part in told.decode("latin-1").split(",") if part.strip()]
        if not seen:
            return peer
        return _address(seen[-min(self.hops, len(seen))]) or peer


def _address(text: str) -> str:
    """An address as told, without brackets or a port; empty when it is none."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return ""
