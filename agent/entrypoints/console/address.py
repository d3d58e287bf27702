"""Where the console is, as browsers see it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class ConsoleAddress:
    """The console's origin, such as ``https://desk.example`` or ``http://127.0.0.1:8000``."""

    origin: str

    @property
    def secure(self) -> bool:
        """Whether browsers reach it over TLS."""
        return self.origin.startswith("https://")

    @property
    def host(self) -> str:
        """What browsers send as Host."""
        return urlsplit(self.origin).netloc

    @property
    def other_names(self) -> frozenset[str]:
        """Other spellings of this machine, which are sent on to the console's own."""
        parts = urlsplit(self.origin)
        if self.secure or parts.hostname not in LOOPBACK:
            return frozenset()
        return frozenset({f"127.0.0.1:{parts.port}", f"localhost:{parts.port}"}) - {self.host}

    @property
    def callback(self) -> str:
        """Where the issuer sends a rep back to."""
        return f"{self.origin}/auth/callback"

    def cookie_name(self, purpose: str) -> str:
        """A cookie's name; on one machine, where all ports share cookies, it holds the port."""
        if self.secure:
            return f"__Host-deskhand-{purpose}"
        return f"deskhand-{purpose}-{urlsplit(self.origin).port or 80}"
