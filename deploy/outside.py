"""Stores that somebody else runs: somebody must answer at their address before a family is started on them."""

import os
import socket
import time
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

PATIENCE_SECONDS = 5.0
DIAL_SECONDS = 2.0
USUAL_PORT = {"DATABASE_URL": 5432, "REDIS_URL": 6379}

Address = str | tuple[str, int]


class StoreUnreachableError(Exception):
    """Nobody answers at a store's address; the text names the variable and the address."""


def address_of(name: str, url: str) -> Address | None:
    """Where the URL of this variable points: a Unix socket's path or (host, port); None where that cannot be told.

    Raises StoreUnreachableError for a port that is no number.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or USUAL_PORT[name]
    except ValueError:
        raise StoreUnreachableError(f"{name} names a port that is no number") from None
    if parts.scheme == "unix":
        return unquote(parts.path)
    if parts.scheme.startswith("sqlite") or not parts.hostname:
        return None
    # urlsplit lowers the case of a host name, and a folder's name has one.
    folder = unquote(parts.netloc.rpartition("@")[2].partition(":")[0])
    return f"{folder}/.s.PGSQL.{port}" if folder.startswith("/") else (parts.hostname, port)


def check_stores(environ: Mapping[str, str], patience_s: float | None = None) -> None:
    """Returns once every outside store takes connections. Raises StoreUnreachableError."""
    patience = PATIENCE_SECONDS if patience_s is None else patience_s
    for name in USUAL_PORT:
        url = environ.get(name, "")
        address = address_of(name, url) if url else None
        if address is not None:
            _wait_for(name, address, time.monotonic() + patience)


def _wait_for(name: str, address: Address, give_up: float) -> None:
    while True:
        try:
            _dial(address).close()
        except OSError as error:
            if time.monotonic() < give_up:
                time.sleep(0.1)
                continue
            shown = address if isinstance(address, str) else f"{address[0]}:{address[1]}"
            reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
            text = f"{name} names {shown}, where nobody answers ({reason}): start that store, or leave {name} out"
            raise StoreUnreachableError(text) from None
        return


def _dial(address: Address) -> socket.socket:
    if isinstance(address, tuple):
        return socket.create_connection(address, timeout=DIAL_SECONDS)
    link = socket.socket(socket.AF_UNIX)
    try:
        link.settimeout(DIAL_SECONDS)
        link.connect(address)
    except OSError:
        link.close()
        raise
    return link
