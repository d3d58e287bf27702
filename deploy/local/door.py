"""Where the commands of one machine find the supervisor of the stack: a socket only we can open."""

from __future__ import annotations

import hmac
import json
import secrets
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from deploy.local.state import StateFolder, write_private

# The kernel takes 108 bytes on Linux and 104 on macOS, with the zero at the end.
MOST_PATH_BYTES = 100
KNOCK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Door:
    """A listening socket, and the word that a caller must know where any user can connect."""

    listener: socket.socket
    state: StateFolder
    key: str = field(default="", repr=False)

    @classmethod
    def open(cls, state: StateFolder) -> Door:
        """Listen below the state folder, or on a loopback port when that path is too long.

        The caller holds the stack's lock, so a socket that is there belongs to nobody.
        """
        if len(bytes(state.socket)) <= MOST_PATH_BYTES:
            state.socket.unlink(missing_ok=True)
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(state.socket))
            address: dict[str, Any] = {"path": str(state.socket)}
            key = ""
        else:
            listener = socket.socket()
            listener.bind(("127.0.0.1", 0))
            key = secrets.token_urlsafe(24)
            address = {"port": listener.getsockname()[1], "key": key}
        listener.listen(64)
        write_private(state.address, json.dumps(address))
        return cls(listener, state, key)

    def admits(self, knock: Mapping[str, Any]) -> bool:
        """Whether the caller knows the word; there is none where the folder keeps others out."""
        return hmac.compare_digest(str(knock.get("key", "")).encode(), self.key.encode())

    def close(self) -> None:
        """Let nobody in any more; those who are inside stay."""
        self.state.address.unlink(missing_ok=True)
        self.state.socket.unlink(missing_ok=True)
        self.listener.close()


def knock(state: StateFolder, request: Mapping[str, Any]) -> socket.socket | None:
    """A connection to the running supervisor, on which the request was sent; None without one."""
    with suppress(OSError, ValueError):  # nobody's, or another user's
        address = json.loads(state.address.read_text())
        by_path = "path" in address
        caller = socket.socket(socket.AF_UNIX if by_path else socket.AF_INET)
        caller.settimeout(KNOCK_SECONDS)
        try:
            caller.connect(address["path"] if by_path else ("127.0.0.1", address["port"]))
            caller.sendall(json.dumps({**request, "key": address.get("key", "")}).encode() + b"\n")
        except OSError:
            caller.close()  # a supervisor that was killed leaves its address behind
            return None
        return caller
    return None
