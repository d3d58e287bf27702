"""Values of settings that have a form of their own; each says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

_LEAST_SECRET = 32
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
_WEB_ADDRESS = re.compile(r"https?://[^\s/]+(/\S*)?")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+", re.ASCII)
_ADVICE: Mapping[str, str] = {
    "date": "is no date; write one like 2026-11-22.",
    "bool": "is neither true nor false; write one of these.",
    "int": "is no whole number; write one like 8.",
    "float": "is no number; write one like 30 or 2.5.",
    "greater_than_equal": "is too small; write {ge} or more.",
    "less_than_equal": "is too large; write {le} or less.",
    "literal_error": "is none of {expected}; write one of these.",
    "value_error": "{error}",
}


def advice(wrong: Mapping[str, Any]) -> str:
    """What to write instead, without the value that was given: it may be a secret."""
    kind = str(wrong["type"])
    found = _ADVICE.get(kind) or _ADVICE.get(kind.partition("_")[0])
    return found.format(**wrong.get("ctx", {})) if found else f"{wrong['msg']}."


def is_this_machine(url: str) -> bool:
    """Whether nothing but this machine is behind an address."""
    return urlsplit(url).hostname in _THIS_MACHINE


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:  # half an IPv6 address, or a port that is no number
        whole = False
    if not whole or not _WEB_ADDRESS.fullmatch(value):
        raise ValueError("is no address; write one like https://host.example/mcp.")
    return value


def is_safe(url: str) -> bool:
    """Whether nobody on the way reads or changes what is said to an address."""
    try:
        _web_address(url)
    except ValueError:
        return False
    return url.startswith("https://") or is_this_machine(url)


def _safe_address(value: str) -> str:
    if not is_safe(value):
        raise ValueError(
            "would carry tokens, keys or customers' data in plain sight; write an address with"
            " https."
        )
    return value


def _bearer_token(value: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("is no access token; write it without Bearer, spaces and line ends.")
    return value


def _origin(value: str) -> str:
    """The address as browsers write it: they are compared letter by letter."""
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # half an IPv6 address, or a port that is no number
        parts, host, port = urlsplit(""), "", None
    plain = parts.scheme == "http" and host in {"127.0.0.1", "localhost"}
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
    if not (bare and host and (plain or parts.scheme == "https")):
        raise ValueError(
            "is no address of a console; write one like https://desk.example, with http for"
            " this machine only."
        )
    named = f"[{host}]" if ":" in host else host
    usual = 443 if parts.scheme == "https" else 80
    return f"{parts.scheme}://{named}" + ("" if port in (None, usual) else f":{port}")


def _long_enough(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < _LEAST_SECRET:
        raise ValueError(
            f"is too short to sign with; write {_LEAST_SECRET} random characters or more."
        )
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]
SafeAddress = Annotated[WebAddress, AfterValidator(_safe_address)]
BearerToken = Annotated[SecretStr, AfterValidator(_bearer_token)]
ConsoleOrigin = Annotated[str, AfterValidator(_origin)]
SigningSecret = Annotated[SecretStr, AfterValidator(_long_enough)]


def revealed(value: SecretStr | None) -> str | None:
    """The secret itself, for the one who has to present it."""
    return value.get_secret_value() if value is not None else None
