"""TCP ports of the gateway: which are free, and which one to take."""

import errno
import socket

DEFAULT_PORT = 8000


class PortTakenError(Exception):
    """The port that was asked for cannot be listened on; the text says why."""


def bind_error(host: str, port: int) -> OSError | None:
    """Why `host:port` cannot be listened on now; None when it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            return error
    return None


def free_port(host: str) -> int:
    """A port that nothing listened on a moment ago."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def choose_port(host: str, asked: int | None) -> tuple[int, str]:
    """The port to serve on and a sentence when it is not the expected one.

    `asked` 0 means any free port. Raises PortTakenError when the asked port cannot be had.
    """
    if asked == 0:
        return free_port(host), ""
    if asked is not None:
        error = bind_error(host, asked)
        if error is None:
            return asked, ""
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(f"PORT={asked} on {host} is taken: stop what listens there, or choose another PORT")
        raise PortTakenError(f"PORT={asked} on {host} cannot be used: {error.strerror}")
    if bind_error(host, DEFAULT_PORT) is None:
        return DEFAULT_PORT, ""
    port = free_port(host)
    return port, f"port {DEFAULT_PORT} is taken, so this family serves on {port}"
