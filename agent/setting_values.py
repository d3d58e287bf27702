"""Values of settings that have a form of their own; each says what to write instead."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

_LEAST_SECRET = 32


def _origin(value: str) -> str:
    parts = urlsplit(value)
    plain = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
    if not (bare and parts.netloc and (plain or parts.scheme == "https")):
        raise ValueError(
            "is no address of a console; write one like https://desk.example, with http for"
            " this machine only."
        )
    return value.rstrip("/")


def _long_enough(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < _LEAST_SECRET:
        raise ValueError(
            f"is too short to sign with; write {_LEAST_SECRET} random characters or more."
        )
    return value


ConsoleOrigin = Annotated[str, AfterValidator(_origin)]
SigningSecret = Annotated[SecretStr, AfterValidator(_long_enough)]
