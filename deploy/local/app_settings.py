"""What the stack tells the process that serves its four HTTP systems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CONSOLE_CLIENT_ID = "deskhand-console"


@dataclass(frozen=True, slots=True)
class AppSettings:
    """Travels as JSON, so it holds plain values only.

    Args:
        dynamodb_endpoint: where the tables are.
        tables: what a table holds, to its name.
        client_id: the one client of the token issuer.
        client_secret: its secret.
        token_lifetime: seconds that an access token is good for.
        pace: seconds between two pieces of the understudy's answer.
    """

    dynamodb_endpoint: str
    tables: Mapping[str, str]
    client_id: str
    client_secret: str = field(repr=False)
    token_lifetime: int = 3600
    pace: float = 0.0
