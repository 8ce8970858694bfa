"""What an API key may be limited to, and the shapes these limits have: rights, addresses, instruments, public keys."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from apps.users.errors import AddressListNeeded, InvalidAddress, InvalidPublicKey, InvalidSymbol
from apps.users.types import PERMISSIONS

MAX_ADDRESSES = 30
MAX_INSTRUMENTS = 200
MAX_PEM_CHARS = 400
MONEY_RIGHTS = frozenset(("transfer", "withdraw"))
# Rights over money are for machines one can name: no network wider than these may hold them.
NARROWEST_BITS = {4: 16, 6: 32}
_is_symbol = re.compile(r"[A-Z0-9_-]{2,32}", re.ASCII).fullmatch

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def read_permissions(permissions: Iterable[str]) -> list[str]:
    """In the house's order, each once. Raises ValueError for an unknown right."""
    wanted = set(permissions)
    if not wanted <= set(PERMISSIONS):
        raise ValueError("unknown permission")
    return [right for right in PERMISSIONS if right in wanted]


def read_addresses(addresses: Iterable[str]) -> list[str]:
    """Networks in canonical form, host bits dropped, each once. Raises InvalidAddress naming the first that is none."""
    found: dict[str, None] = {}
    for text in addresses:
        if "%" in text:  # an interface is no part of an address here
            raise InvalidAddress(address=text[:60])
        try:
            network = ipaddress.ip_network(text.strip(), strict=False)
        except ValueError:
            raise InvalidAddress(address=text[:60]) from None
        found[str(network)] = None
    if len(found) > MAX_ADDRESSES:
        raise InvalidAddress(limit=MAX_ADDRESSES)
    return list(found)


def read_instruments(symbols: Iterable[str]) -> list[str]:
    """Symbols in upper case, each once. Raises InvalidSymbol."""
    found = dict.fromkeys(symbol.strip().upper() for symbol in symbols)
    for symbol in found:
        if _is_symbol(symbol) is None:
            raise InvalidSymbol(symbol=symbol[:40])
    if len(found) > MAX_INSTRUMENTS:
        raise InvalidSymbol(limit=MAX_INSTRUMENTS)
    return list(found)


def read_public_key(pem: str) -> bytes:
    """The 32 raw bytes of an Ed25519 public key. Raises InvalidPublicKey for anything else, a private key too."""
    if len(pem) > MAX_PEM_CHARS:
        raise InvalidPublicKey
    try:
        key = load_pem_public_key(pem.strip().encode("ascii"))
    except (ValueError, UnsupportedAlgorithm):
        raise InvalidPublicKey from None
    if not isinstance(key, Ed25519PublicKey):
        raise InvalidPublicKey
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def refuse_loose_money_rights(permissions: Iterable[str], addresses: Iterable[str]) -> None:
    """Raises AddressListNeeded when a right over money would hold from anywhere, or from half the world."""
    if not MONEY_RIGHTS & set(permissions):
        return
    networks = networks_of(addresses)
    if not networks or any(network.prefixlen < NARROWEST_BITS[network.version] for network in networks):
        raise AddressListNeeded


def networks_of(addresses: Iterable[str]) -> tuple[Network, ...]:
    """Stored addresses as networks."""
    return tuple(ipaddress.ip_network(text) for text in addresses)


def is_inside(address: str, networks: tuple[Network, ...]) -> bool:
    """Whether the caller's address is in one of them; no list means any. A v4 address in v6 dress is v4."""
    if not networks:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    seen = mapped or found
    return any(seen in network for network in networks)


def is_address(text: str) -> bool:
    """Whether it is an IP address; a Unix socket's peer has none."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
