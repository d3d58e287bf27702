"""A wall around the tests: sockets of this process reach this machine only."""

from __future__ import annotations

import ipaddress
import ssl
from typing import Any

# For clients of our own servers, which speak plain HTTP on this machine. It trusts nobody; the
# default one reads all certificates of the machine, which takes longer than most tests.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
WATCHED = frozenset({"socket.getaddrinfo", "socket.connect"})


class LoopbackOnly:
    """An audit hook that refuses look-ups of, and connections to, any other machine.

    It watches Python's sockets; a driver that opens its own in C is given loopback addresses by
    our fixtures. Child processes are not watched.
    """

    def __init__(self) -> None:
        self.refused: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Judge one audit event of the interpreter."""
        if event not in WATCHED:  # nearly all of them, some thousand a test
            return
        if event == "socket.getaddrinfo":
            host = arguments[0]
        elif event == "socket.connect" and isinstance(arguments[1], tuple):
            host = arguments[1][0]
        else:
            return
        if not is_loopback(host):
            self.refused.append(str(host))
            raise ConnectionRefusedError(f"tests reach this machine only, not {host!r}")


def is_loopback(host: object) -> bool:
    """Whether a host, as sockets take it, is this machine."""
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return name.endswith(".localhost")
